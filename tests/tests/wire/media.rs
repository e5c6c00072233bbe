//! Pictures and sounds on the wire: queues, positions, calling off, jobs that fail or never end, and keys.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use limerick_inference::{
    Client, ClientConfig, Deadlines, Ending, ErrorCode, Media, Progress, Result, Retries, Route, Server,
    Status, Style, WireTask,
};
use limerick_tasks::{
    AutomaticSpeechRecognition, ImageOutput, SpeechRecognitionInput, TextToImage, TextToImageInput,
};
use limerick_tests::recorder::Recorder;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// The promise of the law of runs.
const AT_ONCE: Duration = Duration::from_millis(100);
/// A key that is no Hugging Face token.
const KEY: &str = "key_of_a_provider";
/// A whole PNG of one pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn client(recorder: &Recorder, deadlines: Deadlines) -> Client {
    let retries = Retries { base: Duration::from_millis(10), ..Retries::default() };
    let proxy = Some(recorder.base().to_string());
    let ca_file = Some(recorder.ca());
    Client::new(ClientConfig { proxy, ca_file, retries, deadlines, ..ClientConfig::default() }).unwrap()
}

/// To a provider itself, with a key of its own.
fn direct(client: &Client, provider: &str) -> Route {
    client.route(Some(provider), Some(&KEY.into()), None).unwrap()
}

fn server(recorder: &Recorder, path: &str) -> Route {
    let url = recorder.at(path);
    Route::Server(Server { url, key: None, headers: Vec::new(), style: Style::Auto })
}

fn cat(model: &str) -> TextToImageInput {
    TextToImageInput { model: model.into(), prompt: "a cat".into(), ..TextToImageInput::default() }
}

/// Runs a task to its end; gives what was told on the way along with it.
async fn run<T: WireTask>(
    client: &Client,
    route: &Route,
    input: &T::Input,
) -> (Result<Ending<T::Output>>, Vec<Status>) {
    let mut told = Vec::new();
    let mut on = |progress| {
        if let Progress::Status(status) = progress {
            told.push(status);
        }
    };
    let ending = client.run::<T>(route, input, &CancellationToken::new(), &mut on).await;
    (ending, told)
}

async fn picture(client: &Client, provider: &str, model: &str) -> Result<Ending<ImageOutput>> {
    run::<TextToImage>(client, &direct(client, provider), &cat(model)).await.0
}

/// The records of the answers to `method`, without the Hub's.
async fn sent(recorder: &Recorder, method: &str) -> Vec<Value> {
    let ours = |record: &Value| {
        record["method"] == method && !record["url"].as_str().unwrap().contains("//huggingface.co/")
    };
    recorder.records().await.into_iter().filter(ours).collect()
}

fn urls(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["url"].as_str().unwrap()).collect()
}

fn rule(url: &str, method: &str, respond: &Value) -> Value {
    json!({"name": url, "match": {"url": url, "method": format!("^{method}$")}, "respond": respond})
}

/// fal's queue, whose jobs go through `states`.
fn fal(states: &Value) -> Value {
    let job = "https://queue.fal.run/fal-ai/flux/requests/R";
    let ticket =
        json!({"json": {"request_id": "R", "status": "IN_QUEUE", "queue_position": 3, "response_url": job}});
    json!([
        rule("fal.run/fal-ai/flux/requests/R/status", "GET", states),
        rule("fal.run/fal-ai/flux/requests/R/cancel", "PUT", &json!({"status": 202, "json": {}})),
        rule(
            "fal.run/fal-ai/flux/requests/R$",
            "GET",
            &json!({"json": {"images": [{"url": format!("data:image/png;base64,{PNG}")}], "seed": 7, "has_nsfw_concepts": [true]}})
        ),
        rule("fal.run/fal-ai/flux/dev$", "POST", &ticket),
    ])
}

fn replicate(first: &Value, then: &Value) -> Value {
    let mut first = first.clone();
    first["urls"] = json!({"get": "https://api.replicate.com/v1/predictions/P", "cancel": "https://api.replicate.com/v1/predictions/P/cancel"});
    json!([
        rule("replicate.com/v1/predictions/P/cancel", "POST", &json!({"json": {}})),
        rule("replicate.com/v1/predictions/P$", "GET", then),
        rule("replicate.com/v1/models/", "POST", &json!({"status": 201, "json": first})),
    ])
}

#[tokio::test]
async fn positions_in_the_queue_are_told_and_the_file_is_fetched_without_the_key() {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let client = client(&recorder, Deadlines::default());
    let route = client.route(Some("fal-ai"), Some(&"hf_test".into()), None).unwrap();
    let (ending, told) = run::<TextToImage>(&client, &route, &cat("acme/text-to-image")).await;
    let Ok(Ending::Done(output)) = ending else { panic!("{ending:?}") };
    assert_eq!((output.images.len(), output.seed, output.filtered), (1, Some(1234), false));
    assert_eq!(told.iter().filter(|status| **status == Status::Queued { position: Some(1) }).count(), 1);
    let records = sent(&recorder, "GET").await;
    let (file, polls) = records.split_last().unwrap();
    assert_eq!(file["url"], "https://files.canned.test/image.png");
    assert_eq!(Recorder::header(file, "authorization"), None);
    for poll in polls {
        assert!(poll["url"].as_str().unwrap().starts_with("https://router.huggingface.co/fal-ai/"), "{poll}");
        assert_eq!(Recorder::header(poll, "authorization").unwrap(), "Bearer hf_test");
    }
}

#[tokio::test]
async fn a_key_is_written_as_its_provider_wants_it() {
    let recorder = Recorder::start();
    let client = client(&recorder, Deadlines::default());
    recorder.rules(&fal(&json!({"json": {"status": "COMPLETED"}}))).await;
    let Ok(Ending::Done(output)) = picture(&client, "fal-ai", "fal-ai/flux/dev").await else {
        panic!("no picture")
    };
    assert!(output.filtered && output.seed == Some(7));
    let result =
        json!({"json": {"status": "Ready", "result": {"sample": format!("data:image/png;base64,{PNG}")}}});
    let ticket = json!({"json": {"id": "b", "polling_url": "https://api.us1.bfl.ai/v1/get_result?id=b"}});
    recorder
        .rules(&json!([
            rule("bfl.ai/v1/get_result\\?id=b$", "GET", &result),
            rule("bfl.ai/v1/flux-pro$", "POST", &ticket)
        ]))
        .await;
    picture(&client, "black-forest-labs", "flux-pro").await.unwrap();
    for record in recorder.records().await {
        let url = record["url"].as_str().unwrap();
        let (own, other) =
            if url.contains("bfl.ai") { ("x-key", "authorization") } else { ("authorization", "x-key") };
        let want = match url {
            _ if url.contains("huggingface.co") => None,
            _ if url.contains("bfl.ai") => Some(KEY.to_owned()),
            _ => Some(format!("Key {KEY}")),
        };
        assert_eq!((Recorder::header(&record, own), Recorder::header(&record, other)), (want, None), "{url}");
    }
}

/// Cancels a job as soon as it stands in the queue, and gives what was sent to call it off.
async fn called_off(recorder: &Recorder, provider: &str, model: &str, method: &str) -> Vec<Value> {
    let client = client(recorder, Deadlines::default());
    let cancel = CancellationToken::new();
    let mut at = None;
    let mut on = |progress| {
        if matches!(progress, Progress::Status(Status::Queued { .. } | Status::Loading { .. })) {
            at.get_or_insert_with(Instant::now);
            cancel.cancel();
        }
    };
    let ending = client.run::<TextToImage>(&direct(&client, provider), &cat(model), &cancel, &mut on).await;
    assert_eq!(ending.unwrap(), Ending::Cancelled);
    let took = at.unwrap().elapsed();
    assert!(took < AT_ONCE, "{took:?}");
    client.farewells().await;
    let records = sent(recorder, method).await;
    records.into_iter().filter(|record| record["url"].as_str().unwrap().ends_with("/cancel")).collect()
}

#[tokio::test]
async fn a_cancelled_job_is_called_off_at_its_provider() {
    let recorder = Recorder::start();
    recorder.rules(&fal(&json!({"json": {"status": "IN_QUEUE"}}))).await;
    let calls = called_off(&recorder, "fal-ai", "fal-ai/flux/dev", "PUT").await;
    assert_eq!(urls(&calls), ["https://queue.fal.run/fal-ai/flux/requests/R/cancel"]);
    assert_eq!(Recorder::header(&calls[0], "authorization").unwrap(), format!("Key {KEY}"));
    let starting = json!({"id": "P", "status": "starting", "output": null});
    recorder.rules(&replicate(&starting, &json!({"json": starting}))).await;
    let calls = called_off(&recorder, "replicate", "acme/flux", "POST").await;
    assert_eq!(urls(&calls), ["https://api.replicate.com/v1/predictions/P/cancel"]);
    assert_eq!(Recorder::header(&calls[0], "authorization").unwrap(), format!("Bearer {KEY}"));
}

#[tokio::test]
async fn a_queue_without_an_end_ends_at_the_deadline_and_is_called_off() {
    let recorder = Recorder::start();
    recorder.rules(&fal(&json!({"json": {"status": "IN_QUEUE"}}))).await;
    let deadlines = Deadlines { total: Some(Duration::from_millis(1_200)), ..Deadlines::default() };
    let client = client(&recorder, deadlines);
    let error = picture(&client, "fal-ai", "fal-ai/flux/dev").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Timeout, "{error}");
    client.farewells().await;
    assert_eq!(sent(&recorder, "PUT").await.len(), 1);
}

#[tokio::test]
async fn a_job_is_handed_in_once_however_often_it_is_asked_after() {
    let recorder = Recorder::start();
    let states = json!([
        {"status": 503, "json": {"error": "busy"}},
        {"json": {"status": "IN_PROGRESS", "logs": [{"message": " 36%|### | 10/28 [00:01<00:02"}]}},
        {"action": "drop"},
        {"json": {"status": "COMPLETED"}},
    ]);
    recorder.rules(&fal(&states)).await;
    let client = client(&recorder, Deadlines::default());
    let (ending, told) =
        run::<TextToImage>(&client, &direct(&client, "fal-ai"), &cat("fal-ai/flux/dev")).await;
    assert!(matches!(ending, Ok(Ending::Done(_))), "{ending:?}");
    assert!(told.contains(&Status::Queued { position: Some(3) }));
    assert!(told.contains(&Status::Step { step: 10, total: 28 }));
    assert_eq!(told.iter().filter(|status| matches!(status, Status::Retrying { .. })).count(), 2);
    assert_eq!(sent(&recorder, "POST").await.len(), 1);
    client.farewells().await;
    assert!(sent(&recorder, "PUT").await.is_empty());
}

#[tokio::test]
async fn failed_and_moderated_jobs_are_final() {
    let recorder = Recorder::start();
    let client = client(&recorder, Deadlines::default());
    let running = json!({"status": "processing", "output": null});
    let bfl = |state: &str| {
        let ticket = json!({"json": {"id": "b", "polling_url": "https://api.us1.bfl.ai/v1/get_result?id=b"}});
        json!([
            rule("get_result", "GET", &json!({"json": {"status": state}})),
            rule("bfl.ai/v1/flux", "POST", &ticket)
        ])
    };
    let wavespeed = |state: Value| {
        let job = json!({"json": {"code": 200, "data": {"status": "created", "urls": {"get": "https://api.wavespeed.ai/api/v3/predictions/w/result"}}}});
        json!([
            rule("predictions/w/result", "GET", &json!({"json": state})),
            rule("wavespeed.ai/api/v3/flux", "POST", &job)
        ])
    };
    for (provider, model, rules, want) in [
        (
            "fal-ai",
            "fal-ai/flux/dev",
            fal(&json!({"json": {"status": "FAILED", "error": "out of memory"}})),
            ErrorCode::Provider,
        ),
        ("fal-ai", "fal-ai/flux/dev", fal(&json!({"json": {"status": "CANCELED"}})), ErrorCode::Provider),
        (
            "replicate",
            "a/b",
            replicate(&running, &json!({"json": {"status": "failed", "error": "NSFW content detected"}})),
            ErrorCode::Refused,
        ),
        (
            "replicate",
            "a/b",
            replicate(&running, &json!({"json": {"status": "canceled"}})),
            ErrorCode::Provider,
        ),
        ("black-forest-labs", "flux", bfl("Content Moderated"), ErrorCode::Refused),
        ("black-forest-labs", "flux", bfl("Task not found"), ErrorCode::Provider),
        (
            "wavespeed",
            "flux",
            wavespeed(json!({"data": {"status": "failed", "error": "boom"}})),
            ErrorCode::Provider,
        ),
        ("wavespeed", "flux", wavespeed(json!({"code": 400, "message": "bad key"})), ErrorCode::Provider),
    ] {
        recorder.rules(&rules).await;
        let error = picture(&client, provider, model).await.unwrap_err();
        assert_eq!(error.code, want, "{rules} {error:?}");
        assert_eq!(error.provider.as_deref(), Some(provider));
    }
}

#[tokio::test]
async fn a_job_on_another_server_is_not_asked_after() {
    let recorder = Recorder::start();
    let client = client(&recorder, Deadlines::default());
    let mut rules = replicate(&json!({"status": "starting", "output": null}), &json!({"json": {}}));
    rules[2]["respond"]["json"]["urls"]["get"] = json!("https://evil.test/v1/predictions/P");
    recorder.rules(&rules).await;
    let error = picture(&client, "replicate", "a/b").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Format, "{error}");
    assert!(sent(&recorder, "GET").await.is_empty());
}

#[tokio::test]
async fn a_sound_goes_to_a_server_as_a_form() {
    let recorder = Recorder::start();
    recorder
        .rules(&json!([rule(
            "/v1/audio/transcriptions$",
            "POST",
            &json!({"json": {"text": "hello", "segments": [{"start": 0, "end": 1.5, "text": "hello"}]}})
        )]))
        .await;
    let client = client(&recorder, Deadlines::default());
    let audio = Media::new(&b"fLaC\0\0"[..], "");
    let input =
        SpeechRecognitionInput { audio, return_timestamps: Some(true), ..SpeechRecognitionInput::default() };
    let got = run::<AutomaticSpeechRecognition>(&client, &server(&recorder, "/v1"), &input).await.0;
    let Ok(Ending::Done(heard)) = got else { panic!("{got:?}") };
    assert_eq!((heard.text.as_str(), heard.chunks[0].timestamp), ("hello", [Some(0.0), Some(1.5)]));
    let body = recorder.records().await[0].to_string();
    for part in ["audio.flac", "audio/flac", "verbose_json"] {
        assert!(body.contains(part), "{part}: {body}");
    }
}
