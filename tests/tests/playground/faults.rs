//! What happens when nothing more can be written: a disk that is full, a folder that is read-only or none at all.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::Path,
    process::{Command, Output},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use limerick_inference::{Client, ClientConfig, Download};
use limerick_playground::{
    FetchEvent, Playground, RunEvent, RunInput, RunState, Settings, StartRun, commands::Id, unsaved_server,
};
use limerick_tasks::{ChatInput, ErrorCode, Message, Role, Status};
use limerick_tests::{
    disk::Disk,
    front::{limerick, open, try_open},
    recorder::Recorder,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

fn chat(recorder: &Recorder, path: &str) -> StartRun {
    let connection = unsaved_server(recorder.at(path).as_str()).unwrap();
    let input = ChatInput { messages: vec![Message::new(Role::User, "hi")], ..ChatInput::default() };
    StartRun { deadline: Some(10.0), ..StartRun::new(connection, RunInput::ChatCompletion(input)) }
}

/// Runs to the end and gives all events; `at` sees each as it comes.
async fn events(
    playground: &Playground,
    start: StartRun,
    at: impl Fn(&RunEvent) + Send + Sync + 'static,
) -> Vec<RunEvent> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let tell = heard.clone();
    let on = move |event| {
        at(&event);
        tell.lock().unwrap().push(event);
    };
    playground.start_run(start, on).await.unwrap();
    std::mem::take(&mut heard.lock().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_cannot_be_stored_is_not_sent_and_says_so() {
    let Some(disk) = Disk::mount("size=2m") else { return };
    let (recorder, playground) = (Recorder::start(), open(disk.path()));
    let filler = disk.fill();
    let told = events(&playground, chat(&recorder, "/s/chat-ok/v1"), |_| {}).await;
    let [RunEvent::Failed { error, .. }] = told.as_slice() else { unreachable!("{told:?}") };
    assert_eq!(error.code, ErrorCode::Disk);
    assert_eq!(
        error.message,
        "Limerick could not store this run, so nothing was sent: the disk is full. Free some space and try again."
    );
    assert!(recorder.records().await.is_empty());
    std::fs::remove_file(filler).unwrap();
    let told = events(&playground, chat(&recorder, "/s/chat-ok/v1"), |_| {}).await;
    assert!(matches!(told.last(), Some(RunEvent::Done { .. })), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_kept_says_so_still_shows_and_is_kept_once_there_is_room() {
    let Some(disk) = Disk::mount("size=2m") else { return };
    let (recorder, playground) = (Recorder::start(), open(disk.path()));
    let piece = |delta: Value, finish: Value| json!({"json": {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}});
    let answer = json!([
        piece(json!({"content": "Once "}), Value::Null),
        {"sleep_ms": 700},
        piece(json!({"content": "upon"}), json!("stop")),
        "[DONE]",
    ]);
    recorder.rules(&json!([{"match": {"path": "completions$"}, "respond": {"sse": answer}}])).await;
    let (disk, start) = (Arc::new(disk), chat(&recorder, "/v1"));
    let (id, full) = (start.id.clone(), disk.clone());
    let told = events(&playground, start, move |event| {
        if matches!(event, RunEvent::Delta { offset: 0, .. }) {
            full.fill();
        }
    })
    .await;
    let says = "Limerick could not keep this answer: the disk is full. Free some space and try again.";
    let is_note = |event: &RunEvent| matches!(event, RunEvent::Status { status: Status::Note { text } } if text == says);
    assert_eq!(told.iter().filter(|event| is_note(event)).count(), 1, "{told:?}");
    let Some(RunEvent::Done { output, .. }) = told.last() else { unreachable!("{told:?}") };
    assert_eq!(output.words(), "Once upon");
    std::fs::remove_file(disk.path().join("filler")).unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let kept = playground.run(Id { id: id.clone() }).await.unwrap();
        if kept.state == RunState::Done {
            assert_eq!(kept.output.words(), "Once upon");
            break;
        }
        assert!(Instant::now() < until, "{kept:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_does_not_fit_is_refused_before_anything_is_asked() {
    let Some(disk) = Disk::mount("size=4m") else { return };
    let playground = open(disk.path());
    playground.set_settings(Settings { offline: true, ..Settings::default() }).await.unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let tell = heard.clone();
    let on = move |event| tell.lock().unwrap().push(event);
    playground.fetch_model(Id { id: "quick".into() }, on).await.unwrap();
    let heard = heard.lock().unwrap();
    let [FetchEvent::Failed { error }] = heard.as_slice() else { unreachable!("{heard:?}") };
    assert!(error.message.contains("needs 309 MB more on the disk of"), "{error}");
    assert_eq!(std::fs::read_dir(disk.path().join("models")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_that_fills_the_disk_says_so_and_never_gets_its_name() {
    let Some(disk) = Disk::mount("size=128k") else { return };
    let recorder = Recorder::start();
    let body = json!({"repeat": {"text": "0123456789", "times": 40_000}});
    recorder.rules(&json!([{"match": {"path": "^/model$"}, "respond": body}])).await;
    let (dest, client) = (disk.path().join("toy.gguf"), Client::new(ClientConfig::default()).unwrap());
    let what = Download { url: recorder.at("/model"), dest: dest.clone(), limit: 400_000, key: None };
    let error = client.download(&what, &mut |_| {}, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.message, "The disk is full. Free some space and try again; what came is kept.");
    assert!(!dest.exists());
    let part = disk.path().join("toy.gguf.part");
    assert!((1..400_000).contains(&part.metadata().unwrap().len()));
}

/// `limerick` on this data folder.
fn ask(data: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(limerick());
    command.args(words).env("LIMERICK_DATA", data).env_remove("LIMERICK_LOG").env_remove("HF_TOKEN");
    command.output().unwrap()
}

fn check_that_it_says_so(data: &Path, recorder: &Recorder) {
    let sentence = format!(
        "Limerick cannot write to its folder {}. Check that the disk has room and that the folder is yours.",
        data.display()
    );
    let history = ask(data, &["history"]);
    let said = (history.status.code(), String::from_utf8(history.stdout).unwrap());
    assert_eq!(
        (said, String::from_utf8(history.stderr).unwrap()),
        ((Some(1), String::new()), sentence.clone() + "\n")
    );
    let url = recorder.at("/s/chat-ok/v1");
    let run = ["run", "chat_completion", "--input", "hi", "--events", "--url", url.as_str()];
    let run = ask(data, &run);
    let event: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(
        (run.status.code(), &event["kind"], &event["code"]),
        (Some(1), &json!("failed"), &json!("internal"))
    );
    assert_eq!(event["message"], sentence);
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written_is_told_in_one_sentence_and_nothing_is_sent() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    let file = folder.path().join("data");
    std::fs::write(&file, "no folder").unwrap();
    check_that_it_says_so(&file, &recorder);
    if let Some(disk) = Disk::mount("ro") {
        check_that_it_says_so(disk.path(), &recorder);
        let error = try_open(disk.path()).err().unwrap();
        assert!(error.message.contains("Limerick cannot write to its folder"), "{error}");
    }
    assert!(recorder.records().await.is_empty());
}
