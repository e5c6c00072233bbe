//! Keys go to their own origin and nowhere else; proxies and authorities come from settings or environment.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use limerick_inference::{
    ChatCompletion, ChatInput, Client, ClientConfig, Download, Ending, Error, ErrorCode, Key, Message,
    Result, Retries, Role, Route, Server, Style,
};
use limerick_tests::recorder::Recorder;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;

const SECRET: &str = "hf_secret_of_this_test";

fn client(recorder: &Recorder) -> Client {
    let proxy = Some(recorder.base().to_string());
    let retries = Retries { base: std::time::Duration::from_millis(10), ..Retries::default() };
    Client::new(ClientConfig { proxy, ca_file: Some(recorder.ca()), retries, ..ClientConfig::default() })
        .unwrap()
}

async fn chat(client: &Client, route: &Route) -> Result<String> {
    let messages = vec![Message::new(Role::User, "hi")];
    let input = ChatInput { model: "acme/conversational".into(), messages, ..ChatInput::default() };
    let cancel = CancellationToken::new();
    match client.run::<ChatCompletion>(route, &input, &cancel, &mut |_| {}).await? {
        Ending::Done(output) => Ok(output.text),
        Ending::Cancelled => Err(Error::new(ErrorCode::Internal, "cancelled")),
    }
}

fn server(url: Url, key_for: &Url) -> Route {
    let key = Key::new(&SECRET.into(), key_for).unwrap();
    let headers = vec![("X-Extra".to_owned(), "extra_secret".into())];
    Route::Server(Server { url, key: Some(key), headers, style: Style::Auto })
}

fn bears_the_key(record: &Value) -> bool {
    record.to_string().contains(SECRET)
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_with_body_and_key() {
    let recorder = Recorder::start();
    let url = recorder.at("/s/redirect-ok/v1");
    chat(&client(&recorder), &server(url.clone(), &url)).await.unwrap();
    let records = recorder.records().await;
    assert_eq!(records.len(), 2);
    for record in &records {
        assert_eq!(record["method"], "POST");
        assert_eq!(record["json"]["messages"][0]["content"], "hi");
        assert!(bears_the_key(record));
        assert_eq!(Recorder::header(record, "x-extra").unwrap(), "extra_secret");
    }
}

#[tokio::test]
async fn a_redirect_to_another_origin_gets_neither_key_nor_body() {
    let recorder = Recorder::start();
    let url = recorder.at("/s/redirect-other-origin/v1");
    let error = chat(&client(&recorder), &server(url.clone(), &url)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Format);
    let records = recorder.records().await;
    assert_eq!(records.len(), 1, "the other origin was asked");
    assert!(!format!("{error:?}").contains(SECRET));
}

#[tokio::test]
async fn a_key_for_another_origin_is_not_sent() {
    let recorder = Recorder::start();
    let elsewhere = Url::parse("https://elsewhere.test").unwrap();
    chat(&client(&recorder), &server(recorder.at("/s/chat-ok/v1"), &elsewhere)).await.unwrap();
    assert!(!bears_the_key(&recorder.records().await[0]));
}

#[tokio::test]
async fn a_key_that_a_server_repeats_is_taken_out_of_its_words() {
    let recorder = Recorder::start();
    let words = json!({"error": {"message": format!("Incorrect API key provided: {SECRET}")}});
    recorder.rules(&json!([{"match": {}, "respond": {"status": 401, "json": words}}])).await;
    let url = recorder.at("/v1");
    let error = chat(&client(&recorder), &server(url.clone(), &url)).await.unwrap_err();
    assert_eq!(error.message, "The key was not accepted: Incorrect API key provided: •••.");
    assert!(!format!("{error:?}").contains(SECRET));
}

#[tokio::test]
async fn a_providers_own_key_is_not_shown_to_the_hub() {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let client = client(&recorder);
    let key = secrecy::SecretString::from("key_of_together");
    let route = client.route(Some("together"), Some(&key), None).unwrap();
    assert!(!format!("{route:?}").contains("key_of_together"));
    chat(&client, &route).await.unwrap();
    for record in recorder.records().await {
        let seen = record.to_string().contains("key_of_together");
        assert_eq!(seen, record["host"] == "api.together.xyz", "{}", record["url"]);
    }
}

#[tokio::test]
async fn a_download_goes_on_where_it_broke_and_hides_the_key_from_the_files_host() {
    let recorder = Recorder::start();
    let file = "0123456789abcdef";
    recorder
        .rules(&json!([
            {"match": {"host": "^huggingface.co$"}, "respond": {"status": 302, "headers": {"Location": "https://cdn.canned.test/file"}}},
            {"match": {"host": "cdn", "header": {"range": "^bytes=5-$"}},
             "respond": {"status": 206, "headers": {"Content-Range": "bytes 5-15/16"}, "text": &file[5..]}},
            {"match": {"host": "cdn"}, "respond": {"text": file, "truncate": 5, "end": "fin"}},
        ]))
        .await;
    let client = client(&recorder);
    let folder = tempfile::tempdir().unwrap();
    let what = Download {
        url: Url::parse("https://huggingface.co/a/b/resolve/main/file.gguf").unwrap(),
        dest: folder.path().join("file.gguf"),
        limit: 16,
        key: Some(client.hugging_face_key(&SECRET.into()).unwrap()),
    };
    let mut seen = Vec::new();
    let ending = client.download(&what, &mut |received| seen.push(received), &CancellationToken::new()).await;
    assert_eq!(ending.unwrap(), Ending::Done(16));
    assert_eq!(std::fs::read_to_string(&what.dest).unwrap(), file);
    assert_eq!((seen.last().unwrap().done, seen.last().unwrap().total), (16, Some(16)));
    for record in recorder.records().await {
        assert_eq!(bears_the_key(&record), record["host"] == "huggingface.co", "{}", record["url"]);
    }
    let small = Download { limit: 15, dest: folder.path().join("other"), ..what };
    let error = client.download(&small, &mut |_| {}, &CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Format);
}

/// Set for the child process below.
const CHILD: &str = "LIMERICK_WIRE_CHILD";

/// Runs itself again with the environment set, as it cannot be changed in a running program.
#[tokio::test]
async fn proxy_and_authorities_come_from_the_environment() {
    if std::env::var_os(CHILD).is_some() {
        let client = Client::new(ClientConfig::default()).unwrap();
        let token = client.hugging_face_key(&SECRET.into()).unwrap();
        let route = Route::HuggingFace { provider: None, token: Some(token), bill_to: None };
        assert_eq!(chat(&client, &route).await.unwrap(), "Grüße – 日本語 👩‍👩‍👧‍👦 e\u{301} \u{1d11e} ع");
        return;
    }
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "keys::proxy_and_authorities_come_from_the_environment"])
        .env(CHILD, "1")
        .env("HTTPS_PROXY", recorder.base().as_str())
        .env("SSL_CERT_FILE", recorder.ca())
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("https_proxy")
        .output();
    let child = child.unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(recorder.records().await[0]["host"], "router.huggingface.co");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_at_once() {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let proxy = Some(recorder.base().to_string());
    let client = Client::new(ClientConfig { proxy, ..ClientConfig::default() }).unwrap();
    let error = client.router_models().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Network);
    assert!(error.message.contains("certificate"), "{error}");
}

#[test]
fn a_proxy_or_authority_that_cannot_be_used_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    for config in [
        ClientConfig { proxy: Some("no address at all".into()), ..ClientConfig::default() },
        ClientConfig { ca_file: Some(empty), ..ClientConfig::default() },
        ClientConfig { ca_file: Some(folder.path().join("missing.pem")), ..ClientConfig::default() },
    ] {
        assert_eq!(Client::new(config).unwrap_err().code, ErrorCode::Input);
    }
}
