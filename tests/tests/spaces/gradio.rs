//! Gradio Spaces: the real server, over all its endpoints, failures and cancels.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use limerick_inference::{
    Change, Client, ClientConfig, Ending, Error, ErrorCode, Media, ParameterKind, Progress, Result, Retries,
    Space, SpaceDelta, SpaceOutput, Status,
};
use limerick_tests::gradio::{Gradio, fields, joined, server};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// The promise of the law of runs.
const AT_ONCE: Duration = Duration::from_millis(100);
const LIMIT: u64 = 8 << 20;

fn client() -> Client {
    let retries = Retries { base: Duration::from_millis(10), ..Retries::default() };
    Client::new(ClientConfig { retries, ..ClientConfig::default() }).unwrap()
}

async fn open(server: &Gradio) -> Space {
    let opened = client().space(server.url(), None, &CancellationToken::new(), &mut |_| {}).await;
    let Ending::Done(space) = opened.unwrap() else { panic!("nobody cancelled") };
    space
}

/// What a call told and gave.
struct Heard {
    statuses: Vec<Status>,
    deltas: Vec<SpaceDelta>,
    output: SpaceOutput,
}

impl Heard {
    fn notes(&self) -> Vec<&str> {
        fn text(status: &Status) -> Option<&str> {
            if let Status::Note { text } = status { Some(text) } else { None }
        }
        self.statuses.iter().filter_map(text).collect()
    }
}

/// Calls an endpoint to its end, which must obey the law of runs.
async fn call(space: &Space, endpoint: &str, inputs: &Value) -> Result<Heard> {
    let (mut statuses, mut deltas) = (Vec::new(), Vec::new());
    let mut on = |progress| match progress {
        Progress::Status(status) => statuses.push(status),
        Progress::Delta(delta) => deltas.push(delta),
    };
    let never = CancellationToken::new();
    match client().call_space(space, endpoint, &fields(inputs), &never, &mut on).await? {
        Ending::Done(output) => {
            assert_eq!(joined(&deltas, output.data.len()), output.data, "the deltas add up to the output");
            Ok(Heard { statuses, deltas, output })
        }
        Ending::Cancelled => panic!("nobody cancelled"),
    }
}

async fn fails(space: &Space, endpoint: &str, inputs: &Value) -> Error {
    match call(space, endpoint, inputs).await {
        Err(error) => error,
        Ok(heard) => panic!("no failure but {:?}", heard.output),
    }
}

/// Small settings of the picture maker.
fn picture(prompt: &str, steps: u32) -> Value {
    json!({"prompt": prompt, "negative_prompt": "", "seed": 7, "randomize_seed": false, "width": 96, "height": 64, "num_inference_steps": steps})
}

#[tokio::test]
async fn a_space_describes_every_endpoint_with_its_form() {
    let space = open(server()).await;
    assert_eq!((space.title.as_str(), space.version.as_str()), ("Image Space", server().version()));
    assert_eq!(space.max_file_size, Some(20 << 20));
    let names: Vec<_> = space.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    let want = "/infer /chat /caption /ask /speak /bark /two_files /no_queue /talk /same /album /seen";
    assert_eq!(names.join(" "), want);
    let infer = space.endpoint("infer").unwrap();
    let names: Vec<_> = infer.parameters.iter().map(|one| (one.name.as_str(), one.required)).collect();
    assert_eq!(names[..3], [("prompt", true), ("negative_prompt", true), ("seed", false)]);
    let width = &infer.parameters[4];
    assert_eq!(
        (width.label.as_str(), width.component.as_str(), width.kind),
        ("Width", "slider", ParameterKind::Number)
    );
    assert_eq!(
        (width.minimum, width.maximum, width.step, &width.default),
        (Some(64.0), Some(1440.0), Some(32.0), &json!(1024))
    );
    assert!(!infer.parameters[1].visible);
    assert_eq!(
        infer.returns.iter().map(|one| one.component.as_str()).collect::<Vec<_>>(),
        ["image", "slider"]
    );
    let file = |name: &str| {
        (
            space.endpoint(name).unwrap().parameters[0].kind,
            space.endpoint(name).unwrap().parameters[0].multiple,
        )
    };
    assert_eq!(
        (file("caption"), file("two_files")),
        ((ParameterKind::File, false), (ParameterKind::File, true))
    );
    let style = &space.endpoint("album").unwrap().parameters[1];
    let choices: Vec<_> = style.choices.iter().map(|one| (one.label.as_str(), &one.value)).collect();
    assert_eq!(
        (choices, style.kind),
        (vec![("Oil", &json!("oil")), ("Ink", &json!("ink"))], ParameterKind::Choice)
    );
    assert!(space.endpoint("/chat").unwrap().streams && !infer.streams);
}

#[tokio::test]
async fn a_picture_is_made_step_by_step_and_fetched() {
    let space = open(server()).await;
    let heard = call(&space, "/infer", &picture("a lighthouse", 4)).await.unwrap();
    assert_eq!(heard.output.data[1], 7);
    let [file] = heard.output.files.as_slice() else { panic!("{:?}", heard.output) };
    assert_eq!((file.output, file.name.as_str()), (0, "image.png"));
    let image = client().space_file(&space, file, LIMIT).await.unwrap();
    assert_eq!(
        (image.media_type.as_str(), &image.bytes[16..24]),
        ("image/png", &[0, 0, 0, 96, 0, 0, 0, 64][..])
    );
    let again = call(&space, "/infer", &picture("a lighthouse", 4)).await.unwrap();
    let same = client().space_file(&space, &again.output.files[0], LIMIT).await.unwrap();
    assert_eq!(same, image, "the picture is a function of prompt and seed");
    let large = client().space_file(&space, file, 10).await.unwrap_err();
    assert_eq!(large.code, ErrorCode::Format);
    assert!(heard.statuses.contains(&Status::Queued { position: Some(0) }), "{:?}", heard.statuses);
}

#[tokio::test]
async fn steps_warnings_and_notes_are_told() {
    let space = open(server()).await;
    // Slow enough for the server to tell each step.
    let heard = call(&space, "/infer", &picture("SLOW 1.5", 3)).await.unwrap();
    let steps: Vec<_> =
        heard.statuses.iter().filter(|status| matches!(status, Status::Step { .. })).collect();
    assert!(
        steps.len() > 1 && steps.iter().all(|step| matches!(step, Status::Step { total: 3, .. })),
        "{steps:?}"
    );
    assert_eq!(heard.notes(), ["Denoising"]);
    let heard = call(&space, "/infer", &picture("WARN: careful", 1)).await.unwrap();
    assert_eq!(heard.notes()[..2], ["Warning: careful", "and a note"]);
}

#[tokio::test]
async fn a_streamed_answer_comes_word_by_word() {
    let space = open(server()).await;
    let heard = call(&space, "chat", &json!({"message": "hi"})).await.unwrap();
    assert_eq!(heard.output.data, [json!("You said: hi — und auf Wiedersehen \u{1f44b}.")]);
    let appended = heard.deltas.iter().filter(|delta| matches!(delta.change, Change::Append(_))).count();
    assert_eq!((heard.deltas.len(), appended), (8, 7), "{:?}", heard.deltas);
}

#[tokio::test]
async fn edits_below_the_top_are_put_together() {
    let space = open(server()).await;
    let heard = call(&space, "talk", &json!({"message": "you", "history": []})).await.unwrap();
    let said = heard.output.data[0].to_string();
    assert!(said.contains("\"I heard you.\"") && said.contains("\"Bye.\""), "{said}");
    assert!(heard.deltas.len() > 3, "{:?}", heard.deltas);
}

#[tokio::test]
async fn files_go_there_and_come_back_byte_for_byte() {
    let space = open(server()).await;
    let made = call(&space, "/infer", &picture("a cat", 1)).await.unwrap();
    let png = client().space_file(&space, &made.output.files[0], LIMIT).await.unwrap();
    let words = call(&space, "/caption", &json!({"image": png.data_uri()})).await.unwrap();
    assert_eq!(words.output.data, [json!("a 96x64 picture")]);
    let noise = Media::new(
        (0..5_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>(),
        "application/octet-stream",
    );
    for media in [png.clone(), noise] {
        let named = json!({"path": media.data_uri(), "orig_name": "my file (1).bin", "meta": {"_type": "gradio.FileData"}});
        let endpoint = space.endpoint("same").unwrap();
        let heard =
            call(&space, "same", &json!({endpoint.parameters[0].name.as_str(): named})).await.unwrap();
        let back = client().space_file(&space, &heard.output.files[0], LIMIT).await.unwrap();
        assert_eq!(back.bytes, media.bytes);
    }
    let files = json!({"files": [png.data_uri(), "data:text/plain;base64,aGVsbG8="]});
    let heard = call(&space, "two_files", &files).await.unwrap();
    let facts = heard.output.data[0]["files"].as_array().unwrap().clone();
    assert_eq!((&facts[0][1], &facts[1][1]), (&json!(png.bytes.len()), &json!(5)));
    assert_eq!(facts[1][2], "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
}

#[tokio::test]
async fn sounds_and_albums_come_as_files_and_the_state_stays_there() {
    let space = open(server()).await;
    let heard = call(&space, "speak", &json!({"text": "hello"})).await.unwrap();
    let sound = client().space_file(&space, &heard.output.files[0], LIMIT).await.unwrap();
    assert_eq!(sound.media_type, "audio/wav");
    let heard = call(&space, "album", &json!({"style": "ink"})).await.unwrap();
    assert_eq!((heard.output.data.len(), &heard.output.data[1]), (2, &json!(1)), "gallery and number");
    assert_eq!((heard.output.files.len(), heard.output.files[0].output), (2, 0));
    let one = client().space_file(&space, &heard.output.files[1], LIMIT).await.unwrap();
    assert!(one.is_image());
}

#[tokio::test]
async fn endpoints_outside_the_queue_answer_and_fail_at_once() {
    let space = open(server()).await;
    let name = space.endpoint("no_queue").unwrap().parameters[0].name.clone();
    let heard = call(&space, "no_queue", &json!({name.as_str(): "abc"})).await.unwrap();
    assert_eq!(heard.output.data, [json!("ABC")]);
    let error = fails(&space, "no_queue", &json!({name.as_str(): null})).await;
    assert_eq!((error.code, error.status), (ErrorCode::Provider, Some(500)), "{error}");
    assert!(error.message.contains("NoneType"), "{error}");
}

#[tokio::test]
async fn every_failure_has_its_words_and_its_code() {
    let space = open(server()).await;
    let error = fails(&space, "infer", &picture("ERROR: too dark", 1)).await;
    assert_eq!(
        (error.code, error.message.ends_with("says: too dark.")),
        (ErrorCode::Provider, true),
        "{error}"
    );
    let error = fails(&space, "infer", &picture("CRASH", 1)).await;
    assert!(error.code == ErrorCode::Provider && error.message.contains("CUDA out of memory"), "{error}");
    let error = fails(&space, "infer", &picture("QUOTA", 1)).await;
    assert_eq!((error.code, error.retry_after), (ErrorCode::Limit, Some(2_520.0)), "{error}");
    assert!(error.message.contains("12 are left") && error.message.contains("in 42 minutes"), "{error}");
    let error = fails(&space, "caption", &json!({"image": null})).await;
    assert!(error.message.contains("No image given"), "{error}");
    for (endpoint, inputs, field) in [
        ("nowhere", json!({}), "endpoint"),
        ("infer", json!({"promt": "x"}), "promt"),
        ("infer", json!({}), "prompt"),
        ("caption", json!({"image": "data:image/png;base64,AAAA", "x": 1}), "x"),
    ] {
        let error = fails(&space, endpoint, &inputs).await;
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Input, Some(field)), "{error}");
    }
    let large = Media::new(vec![0; (20 << 20) + 1], "image/png").data_uri();
    let error = fails(&space, "caption", &json!({ "image": large })).await;
    assert!(error.code == ErrorCode::Input && error.message.contains("20 MB"), "{error}");
}

/// Calls, cancels at the first sign that fits, and says how long the ending took from there.
async fn cancelled(
    space: &Space,
    endpoint: &str,
    inputs: &Value,
    at: fn(&Progress<SpaceDelta>) -> bool,
) -> (Vec<SpaceDelta>, Duration) {
    let cancel = CancellationToken::new();
    let (mut deltas, mut since) = (Vec::new(), None);
    let mut on = |progress: Progress<SpaceDelta>| {
        if at(&progress) && since.is_none() {
            since = Some(Instant::now());
            cancel.cancel();
        }
        if let Progress::Delta(delta) = progress {
            deltas.push(delta);
        }
    };
    let client = client();
    let ending = client.call_space(space, endpoint, &fields(inputs), &cancel, &mut on).await.unwrap();
    let took = since.unwrap().elapsed();
    assert_eq!(ending, Ending::Cancelled);
    client.farewells().await;
    (deltas, took)
}

/// How many words the server has said in `/chat`.
async fn words(space: &Space) -> u64 {
    let heard = call(space, "seen", &json!({})).await.unwrap();
    let seen: Value = serde_json::from_str(heard.output.data[0].as_str().unwrap()).unwrap();
    seen["words"].as_u64().unwrap()
}

fn is_delta(progress: &Progress<SpaceDelta>) -> bool {
    matches!(progress, Progress::Delta(SpaceDelta { change: Change::Append(_), .. }))
}

fn is_step(progress: &Progress<SpaceDelta>) -> bool {
    matches!(progress, Progress::Status(Status::Step { .. }))
}

fn waits_behind_one(progress: &Progress<SpaceDelta>) -> bool {
    matches!(progress, Progress::Status(Status::Queued { position: Some(0..) }))
}

#[tokio::test]
async fn a_cancelled_stream_keeps_what_came_and_is_stopped_on_the_server() {
    // A server of its own: what it counts is counted here alone.
    let server = Gradio::start(&[]);
    let space = open(&server).await;
    let (deltas, took) = cancelled(&space, "chat", &json!({"message": "LONG 400"}), is_delta).await;
    assert!(took < AT_ONCE, "{took:?}");
    assert!(joined(&deltas, 1)[0].as_str().unwrap().starts_with("word0 word1"), "{deltas:?}");
    // One word may be on its way; a second later there would be twenty.
    let said = words(&space).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(words(&space).await <= said + 1, "the server says no more words");
    let since = Instant::now();
    call(&space, "chat", &json!({"message": "hi"})).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(5), "the place in the queue is free again");
}

#[tokio::test]
async fn the_queue_is_told_left_and_full() {
    let server = Gradio::start(&["--queue", "1"]);
    let space = &open(&server).await;
    let (first_runs, first_is_running) = tokio::sync::oneshot::channel();
    let first = async {
        let mut runs = Some(first_runs);
        let cancel = CancellationToken::new();
        let mut on = |progress| {
            if is_step(&progress)
                && let Some(runs) = runs.take()
            {
                runs.send(()).unwrap();
            }
        };
        client().call_space(space, "infer", &fields(&picture("SLOW 4", 8)), &cancel, &mut on).await.unwrap()
    };
    let others = async {
        first_is_running.await.unwrap();
        let (_, took) = cancelled(space, "infer", &picture("never", 1), waits_behind_one).await;
        assert!(took < AT_ONCE, "{took:?}");
        let inputs = picture("second", 1);
        let second = call(space, "infer", &inputs);
        let third = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            fails(space, "infer", &picture("third", 1)).await
        };
        tokio::join!(second, third)
    };
    let (first, (second, third)) = tokio::join!(first, others);
    assert!(matches!(first, Ending::Done(_)));
    let second = second.unwrap();
    let waited = second.statuses.iter().filter(|status| matches!(status, Status::Queued { .. })).count();
    assert!(waited > 0, "{:?}", second.statuses);
    assert_eq!((third.code, third.status), (ErrorCode::Limit, Some(503)), "{third}");
}

#[tokio::test]
async fn a_cancelled_picture_frees_the_queue() {
    let server = Gradio::start(&["--silent"]);
    let space = open(&server).await;
    let (_, took) = cancelled(&space, "infer", &picture("SLOW 30", 30), is_step).await;
    assert!(took < AT_ONCE, "{took:?}");
    let since = Instant::now();
    call(&space, "infer", &picture("next", 1)).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(10), "the next one waited {:?}", since.elapsed());
    let error = fails(&space, "infer", &picture("CRASH", 1)).await;
    assert!(error.code == ErrorCode::Provider && error.message.contains("does not say why"), "{error}");
}

#[tokio::test]
async fn a_space_behind_a_log_in_page_is_told() {
    let server = Gradio::start(&["--auth", "me:secret"]);
    let opened = client().space(server.url(), None, &CancellationToken::new(), &mut |_| {}).await;
    let error = opened.unwrap_err();
    assert_eq!(error.code, ErrorCode::Auth, "{error}");
}
