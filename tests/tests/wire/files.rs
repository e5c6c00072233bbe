//! The files of an answer: what counts as one, and from where it is fetched. What a server names is hostile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use limerick_inference::{Client, ClientConfig, Ending, ErrorCode, Result, Retries, Route, Server, Style};
use limerick_tasks::{ImageOutput, TextToImage, TextToImageInput, TextToSpeech, TextToSpeechInput};
use limerick_tests::recorder::Recorder;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// A whole PNG of one pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn client(recorder: &Recorder) -> Client {
    let retries = Retries { base: Duration::from_millis(10), ..Retries::default() };
    let (proxy, ca_file) = (Some(recorder.base().to_string()), Some(recorder.ca()));
    Client::new(ClientConfig { proxy, ca_file, retries, ..ClientConfig::default() }).unwrap()
}

fn server(recorder: &Recorder, path: &str) -> Route {
    let url = recorder.at(path);
    Route::Server(Server { url, key: None, headers: Vec::new(), style: Style::Auto })
}

async fn painted(client: &Client, route: &Route) -> Result<Ending<ImageOutput>> {
    let input =
        TextToImageInput { model: "flux".into(), prompt: "a cat".into(), ..TextToImageInput::default() };
    client.run::<TextToImage>(route, &input, &CancellationToken::new(), &mut |_| {}).await
}

/// From Together, with a key of its own.
async fn picture(client: &Client) -> Result<Ending<ImageOutput>> {
    let route = client.route(Some("together"), Some(&"key_of_a_provider".into()), None).unwrap();
    painted(client, &route).await
}

async fn gets(recorder: &Recorder) -> Vec<Value> {
    recorder.records().await.into_iter().filter(|record| record["method"] == "GET").collect()
}

fn rule(url: &str, method: &str, respond: &Value) -> Value {
    json!({"name": url, "match": {"url": url, "method": format!("^{method}$")}, "respond": respond})
}

/// Together answers with the address of a file.
fn names(file: &str) -> Value {
    rule("together.xyz/v1/images/generations", "POST", &json!({"json": {"data": [{"url": file}]}}))
}

#[tokio::test]
async fn files_are_fetched_from_the_open_network_only() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let home = recorder.at("/s/image-png/x").to_string();
    for file in [
        "http://files.test/x.png",
        "https://localhost/x.png",
        "https://127.0.0.1/x.png",
        "https://[::1]/x.png",
        "https://10.0.0.1/x.png",
        "https://169.254.169.254/latest/meta-data",
        "https://printer/x.png",
        "https://user:word@files.test/x.png",
        "file:///etc/passwd",
        "ftp://files.test/x.png",
        home.as_str(),
    ] {
        recorder.rules(&json!([names(file), rule("x.png|latest|passwd", "GET", &json!({"b64": PNG}))])).await;
        let error = picture(&client).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Format, "{file}: {error}");
    }
    assert!(gets(&recorder).await.is_empty());
}

#[tokio::test]
async fn a_files_redirects_are_checked_and_followed_without_the_key() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let moved = |to: &str| json!({"status": 302, "headers": {"Location": to}});
    let file = rule("store.test/x.png", "GET", &json!({"b64": PNG}));
    let start =
        |to: &str| json!([names("https://files.test/x"), rule("files.test/x$", "GET", &moved(to)), file]);
    recorder.rules(&start("https://store.test/x.png")).await;
    picture(&client).await.unwrap();
    for to in
        ["http://store.test/x.png", "https://127.0.0.1/x.png", "https://files.test/x", "file:///etc/passwd"]
    {
        recorder.rules(&start(to)).await;
        let error = picture(&client).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Format, "{to}: {error}");
    }
    for get in gets(&recorder).await {
        assert_eq!(Recorder::header(&get, "authorization"), None, "{get}");
        assert!(get["url"].as_str().unwrap().starts_with("https://"), "{get}");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_is_neither_the_keys_nor_the_models_fault() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    for status in [401, 403, 404, 410, 500] {
        let gone = json!({"status": status, "text": "<Error>expired</Error>"});
        recorder.rules(&json!([names("https://files.test/x"), rule("files.test/x$", "GET", &gone)])).await;
        let error = picture(&client).await.unwrap_err();
        assert_eq!((error.code, error.next_provider.as_deref()), (ErrorCode::Provider, None), "{error:?}");
    }
}

#[tokio::test]
async fn the_bytes_decide_what_came() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    for (scenario, want) in [
        ("image-png", Ok(())),
        ("image-json-b64", Ok(())),
        ("image-json-url", Ok(())),
        ("image-garbage", Err(ErrorCode::Format)),
        ("image-svg", Err(ErrorCode::Format)),
        ("image-empty-list", Err(ErrorCode::Format)),
        ("audio-wav", Err(ErrorCode::Format)),
        ("chat-ok", Err(ErrorCode::Format)),
        ("204", Err(ErrorCode::Format)),
        ("sse-html", Err(ErrorCode::Format)),
        ("replicate-failed", Err(ErrorCode::Refused)),
        ("zeros-512m", Err(ErrorCode::Format)),
        ("image-short-body", Err(ErrorCode::Incomplete)),
    ] {
        let route = server(&recorder, &format!("/s/{scenario}/v1"));
        let got = painted(&client, &route).await;
        assert_eq!(got.as_ref().map(|_| ()).map_err(|error| error.code), want, "{scenario}: {got:?}");
    }
    for (scenario, want) in [
        ("audio-wav", Ok(())),
        ("audio-garbage", Err(ErrorCode::Format)),
        ("image-png", Err(ErrorCode::Format)),
    ] {
        let route = server(&recorder, &format!("/s/{scenario}/v1"));
        let input = TextToSpeechInput { text: "hello".into(), ..TextToSpeechInput::default() };
        let got = client.run::<TextToSpeech>(&route, &input, &CancellationToken::new(), &mut |_| {}).await;
        assert_eq!(got.as_ref().map(|_| ()).map_err(|error| error.code), want, "{scenario}: {got:?}");
    }
}

#[tokio::test]
async fn an_error_with_a_good_status_is_that_error() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    for (answer, want) in [
        (json!({"json": {"error": "CUDA out of memory"}}), ErrorCode::Provider),
        (json!({"json": {"error": "overloaded", "error_type": "overloaded"}}), ErrorCode::Limit),
        (json!({"json": {"detail": [{"msg": "bad"}]}}), ErrorCode::Provider),
        (json!({"text": "<html><title>Sign in</title></html>"}), ErrorCode::Format),
        (json!({"b64": &PNG[..64], "headers": {"Content-Type": "image/png"}}), ErrorCode::Format),
    ] {
        let file = rule("files.test/x.png", "GET", &answer);
        recorder.rules(&json!([rule("together.xyz", "POST", &answer)])).await;
        let error = picture(&client).await.unwrap_err();
        assert_eq!(error.code, want, "{answer}: {error:?}");
        recorder.rules(&json!([names("https://files.test/x.png"), file])).await;
        let error = picture(&client).await.unwrap_err();
        assert_eq!(error.code, want, "{answer} as a file: {error:?}");
    }
}
