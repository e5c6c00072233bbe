//! Pictures that somebody had already: the history, which sends nothing then, or hf-inference, which says so and can
//! be asked for a new one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use limerick_playground::{
    Answers, Cached, Playground, Run, RunInput, RunOutput, RunState, SetKey, Settings, StartRun, commands::Id,
};
use limerick_tasks::TextToImageInput;
use limerick_tests::{front, recorder::Recorder};
use serde_json::{Value, json};

/// A whole PNG of one pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const POSTED: &str = "^https://router\\.huggingface\\.co/hf-inference/models/acme/painter$";

async fn connected(folder: &Path, recorder: &Recorder, answers: Answers) -> Playground {
    let playground = front::open(folder);
    let settings = Settings {
        answers,
        proxy: Some(recorder.base().to_string()),
        ca_file: Some(recorder.ca().display().to_string()),
        ..Settings::default()
    };
    playground.set_settings(settings).await.unwrap();
    let key = SetKey { connection: "hf".into(), key: "hf_peer_test_token".into(), allow_file: false };
    playground.set_key(key).await.unwrap();
    playground
}

/// hf-inference paints, and says with what.
async fn paints(recorder: &Recorder, with: &str) {
    let headers = json!({"Content-Type": "image/png", "x-compute-type": with});
    let answer = json!({"b64": PNG, "headers": headers});
    recorder.rules(&json!([{"match": {"url": POSTED, "method": "^POST$"}, "respond": answer}])).await;
}

fn fox() -> StartRun {
    let input = TextToImageInput {
        model: "acme/painter".into(),
        prompt: "a fox".into(),
        ..TextToImageInput::default()
    };
    StartRun { provider: Some("hf-inference".into()), ..StartRun::new("hf", RunInput::TextToImage(input)) }
}

async fn painted(playground: &Playground, start: StartRun) -> Run {
    let id = start.id.clone();
    playground.start_run(start, |_| {}).await.unwrap();
    let run = playground.run(Id { id }).await.unwrap();
    assert_eq!(run.state, RunState::Done, "{:?}", run.error);
    run
}

async fn posts(recorder: &Recorder) -> Vec<Value> {
    recorder.records().await.into_iter().filter(|record| record["method"] == "POST").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_kept_is_not_painted_again_until_its_file_is_gone() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    paints(&recorder, "gpu").await;
    let playground = connected(folder.path(), &recorder, Answers::Keep).await;
    let first = painted(&playground, fox()).await;
    let again = painted(&playground, StartRun { queued: true, ..fox() }).await;
    assert_eq!(again.figures.cached, Some(Cached::History { run: first.id.parse().unwrap() }));
    assert_eq!((&again.output, &again.provider), (&first.output, &first.provider));
    let RunOutput::TextToImage(output) = &again.output else { unreachable!("{:?}", again.output) };
    assert_eq!((output.images.len(), posts(&recorder).await.len()), (1, 1));
    std::fs::remove_dir_all(folder.path().join("data/files")).unwrap();
    let anew = painted(&playground, fox()).await;
    assert_eq!((anew.figures.cached, posts(&recorder).await.len()), (None, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_the_server_kept_is_said_to_be_one_and_a_new_one_can_be_had() {
    let recorder = Recorder::start();
    paints(&recorder, "cache").await;
    for (answers, anew, header) in
        [(Answers::Ask, false, None), (Answers::Ask, true, Some("0")), (Answers::New, false, Some("0"))]
    {
        let folder = tempfile::tempdir().unwrap();
        let playground = connected(folder.path(), &recorder, answers).await;
        let run = painted(&playground, StartRun { anew, ..fox() }).await;
        assert_eq!((run.figures.cached, run.anew), (Some(Cached::Server), anew));
        let posts = posts(&recorder).await;
        let sent = Recorder::header(posts.last().unwrap(), "x-use-cache");
        assert_eq!(sent.as_deref(), header, "{answers:?} {anew}");
    }
}
