//! Raw text from a server whose kind nobody has named: asked in `OpenAI`'s form, and, where that route is missing,
//! in TGI's, which is then remembered.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use limerick_playground::{Playground, RunEvent, RunInput, StartRun, commands::Id, unsaved_server};
use limerick_tasks::{ErrorCode, TextInput};
use limerick_tests::{front::open, recorder::Recorder};
use serde_json::{Value, json};

/// A TGI server's stream of `Once upon`.
fn tgi() -> Value {
    let token = |at: u32, text: &str| json!({"index": at, "token": {"id": at, "text": text, "logprob": -0.5, "special": false}, "generated_text": null, "details": null});
    let mut last = token(2, "</s>");
    last["token"]["special"] = json!(true);
    last["generated_text"] = json!("Once upon");
    last["details"] = json!({"finish_reason": "eos_token", "generated_tokens": 3, "seed": 3});
    let events: Vec<_> =
        [token(0, "Once"), token(1, " upon"), last].into_iter().map(|event| json!({"json": event})).collect();
    json!({"match": {"path": "^/generate_stream$"}, "respond": {"sse": events}})
}

/// A server with `OpenAI`'s completions.
fn openai() -> Value {
    let event = |text: &str, finish: Value| json!({"json": {"id": "c", "object": "text_completion", "choices": [{"index": 0, "text": text, "finish_reason": finish}]}});
    let events = json!([event("Once", Value::Null), event(" more", json!("stop")), "[DONE]"]);
    json!({"match": {"path": "^/v1/completions$"}, "respond": {"sse": events}})
}

fn no(path: &str, status: u16, words: &str) -> Value {
    json!({"match": {"path": path}, "respond": {"status": status, "json": {"error": words}}})
}

/// Asks for a text and gives its ending.
async fn go_on(playground: &Playground, recorder: &Recorder) -> RunEvent {
    let connection = unsaved_server(recorder.base().as_str()).unwrap();
    let input = TextInput { prompt: "Say it".into(), ..TextInput::default() };
    let start =
        StartRun { deadline: Some(10.0), ..StartRun::new(connection, RunInput::TextGeneration(input)) };
    let (id, last) = (start.id.clone(), Arc::new(Mutex::new(None)));
    let told = last.clone();
    playground.start_run(start, move |event| *told.lock().unwrap() = Some(event)).await.unwrap();
    let last = last.lock().unwrap().take().unwrap();
    let kept = playground.run(Id { id }).await.unwrap();
    if let RunEvent::Done { output, .. } = &last {
        assert_eq!(&kept.output, output);
    }
    last
}

/// The text of a run that is done; anything else is a surprise.
fn text(ending: RunEvent) -> String {
    let RunEvent::Done { output, .. } = ending else { unreachable!("{ending:?}") };
    output.words()
}

/// The routes that were asked since the last look, in order, and the last body.
async fn asked(recorder: &Recorder, seen: &mut usize) -> (Vec<String>, Value) {
    let records = recorder.records().await;
    let new = &records[*seen..];
    *seen = records.len();
    let paths = new.iter().map(|record| record["path"].as_str().unwrap().to_owned()).collect();
    (paths, new.last().map(|record| record["json"].clone()).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_openais_route_is_asked_in_tgis_form_and_remembered() {
    let (recorder, mut seen) = (Recorder::start(), 0);
    for status in [404, 405] {
        let folder = tempfile::tempdir().unwrap();
        let playground = open(folder.path());
        recorder.rules(&json!([no("^/v1/completions$", status, "Not Found"), tgi()])).await;
        assert_eq!(text(go_on(&playground, &recorder).await), "Once upon");
        let (paths, body) = asked(&recorder, &mut seen).await;
        assert_eq!(paths, ["/v1/completions", "/generate_stream"]);
        assert_eq!(body, json!({"inputs": "Say it", "parameters": {}, "stream": true}));
        assert_eq!(text(go_on(&playground, &recorder).await), "Once upon");
        assert_eq!(asked(&recorder, &mut seen).await.0, ["/generate_stream"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tgi_server_that_has_given_way_to_another_is_asked_in_openais_form() {
    let (folder, recorder, mut seen) = (tempfile::tempdir().unwrap(), Recorder::start(), 0);
    let playground = open(folder.path());
    recorder.rules(&json!([tgi()])).await;
    assert_eq!(text(go_on(&playground, &recorder).await), "Once upon");
    recorder.rules(&json!([no("^/generate", 404, "File Not Found"), openai()])).await;
    asked(&recorder, &mut seen).await;
    for paths in [&["/generate_stream", "/v1/completions"][..], &["/v1/completions"]] {
        assert_eq!(text(go_on(&playground, &recorder).await), "Once more");
        assert_eq!(asked(&recorder, &mut seen).await.0, paths);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_model_is_not_mistaken_for_a_missing_route() {
    let (folder, recorder, mut seen) = (tempfile::tempdir().unwrap(), Recorder::start(), 0);
    let playground = open(folder.path());
    let unknown = no("^/v1/completions$", 404, "The model `x` does not exist");
    recorder.rules(&json!([unknown])).await;
    for _ in 0..2 {
        let ending = go_on(&playground, &recorder).await;
        let RunEvent::Failed { error, .. } = &ending else { unreachable!("{ending:?}") };
        assert_eq!((error.code, error.status), (ErrorCode::Model, Some(404)));
        assert!(error.message.contains("does not exist"), "{error}");
        assert_eq!(asked(&recorder, &mut seen).await.0, ["/v1/completions", "/generate_stream"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tgi_refuses_is_told_in_its_words_and_a_refusal_elsewhere_asks_nothing_twice() {
    let (folder, recorder, mut seen) = (tempfile::tempdir().unwrap(), Recorder::start(), 0);
    let playground = open(folder.path());
    let long = no("^/generate_stream$", 422, "Input validation error: `inputs` must have less than 9 tokens");
    recorder.rules(&json!([no("^/v1/completions$", 404, "Not Found"), long])).await;
    let ending = go_on(&playground, &recorder).await;
    let RunEvent::Failed { error, .. } = &ending else { unreachable!("{ending:?}") };
    assert_eq!(error.code, ErrorCode::Input);
    assert!(error.message.contains("less than 9 tokens"), "{error}");
    recorder.rules(&json!([no("^/v1/completions$", 401, "No such key"), tgi()])).await;
    asked(&recorder, &mut seen).await;
    let ending = go_on(&playground, &recorder).await;
    let RunEvent::Failed { error, .. } = &ending else { unreachable!("{ending:?}") };
    assert_eq!(error.code, ErrorCode::Auth);
    assert_eq!(asked(&recorder, &mut seen).await.0, ["/v1/completions"]);
}
