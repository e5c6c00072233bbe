//! The Hub as the app knows it: kept on disk with its age, asked through the commands of the contract.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use limerick_inference::{Client, ClientConfig, Retries};
use limerick_playground::{
    DescribeModel, Look, Playground, SearchModels, SetKey, Settings, SignIn, SignInEvent,
    commands::{Id, ListModels, Nothing},
};
use limerick_tasks::{Ending, Error, ErrorCode};
use limerick_tests::{
    front::{self, open},
    recorder::Recorder,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// A client that reaches the Hub through the recorder.
fn client(recorder: &Recorder) -> Client {
    let proxy = Some(recorder.base().to_string());
    let retries = Retries { base: std::time::Duration::from_millis(10), ..Retries::default() };
    Client::new(ClientConfig { proxy, ca_file: Some(recorder.ca()), retries, ..ClientConfig::default() })
        .unwrap()
}

/// A rule for one address of the Hub.
fn hub(path: &str, respond: &Value) -> Value {
    json!({"match": {"url": format!("^https://huggingface\\.co{path}")}, "respond": respond})
}

/// A playground that reaches the Hub through the recorder, with a token.
async fn connected(folder: &Path, recorder: &Recorder) -> Playground {
    let playground = open(folder);
    playground.set_settings(settings(recorder, false)).await.unwrap();
    let key = SetKey { connection: "hf".into(), key: "hf_peer_test_token".into(), allow_file: false };
    playground.set_key(key).await.unwrap();
    playground
}

fn settings(recorder: &Recorder, offline: bool) -> Settings {
    Settings {
        proxy: Some(recorder.base().to_string()),
        ca_file: Some(recorder.ca().display().to_string()),
        sign_in_client: Some("client".into()),
        offline,
        ..Settings::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_once_is_there_offline_with_its_age() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    recorder.play_peers().await;
    let playground = connected(folder.path(), &recorder).await;
    let card = || DescribeModel { model: "acme/conversational".into(), refresh: false };
    let online = playground.model_card(card()).await.unwrap();
    assert_eq!(online.serving[0].task, "chat_completion");
    assert_eq!(online.context_length, Some(32_768), "from the router's list");
    assert!(online.serving[0].providers.iter().any(|one| one.input_price == Some(0.1)));
    let found = playground.search_models(SearchModels::default()).await.unwrap();
    assert_eq!((found.models.len(), found.next.is_some()), (5, true));
    let open: Vec<_> = playground.bark_routes(Nothing {}).await.unwrap();
    let open: Vec<_> =
        open.iter().filter(|route| route.available).map(|route| route.route.as_str()).collect();
    assert_eq!(open, ["space"], "the Hub knows no provider for Bark, and the person has no key or server");
    let account = playground.whoami(Look::default()).await.unwrap();
    assert_eq!((account.who.name.as_str(), account.who.plan()), ("canned-user", "free"));
    let asked = recorder.records().await.len();
    playground.whoami(Look::default()).await.unwrap();
    assert_eq!(recorder.records().await.len(), asked, "an account is asked for once");

    playground.set_settings(settings(&recorder, true)).await.unwrap();
    let offline = playground.model_card(DescribeModel { refresh: true, ..card() }).await.unwrap();
    assert_eq!(offline.card, online.card);
    assert_eq!(
        offline.age.note.as_deref(),
        Some("You are offline by choice. What you see is from just now.")
    );
    let again = playground.search_models(SearchModels { refresh: true, ..SearchModels::default() }).await;
    assert!(again.unwrap().age.note.is_some());
    let unknown = DescribeModel { model: "acme/vlm".into(), refresh: false };
    assert_eq!(playground.model_card(unknown).await.unwrap_err().code, ErrorCode::Offline);
    assert_eq!(recorder.records().await.len(), asked, "offline asks nobody");
    let routes = playground.bark_routes(Nothing {}).await.unwrap();
    assert!(routes.iter().all(|route| !route.available && route.next_step.is_some()), "{routes:#?}");

    assert!(!everything_below(folder.path()).contains("hf_peer_test_token"), "no key on disk");
    playground.forget_key(Id { id: "hf".into() }).await.unwrap();
    assert_eq!(playground.model_card(card()).await.unwrap_err().code, ErrorCode::Offline);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picker_lists_who_serves_each_task() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    recorder.play_peers().await;
    let playground = connected(folder.path(), &recorder).await;
    let list = |task: &str| {
        let wanted = ListModels { connection: "hf".into(), task: task.into(), refresh: false };
        playground.models(wanted)
    };
    assert_eq!(list("chat_completion").await.unwrap()[0].id, "acme/conversational");
    let rows = list("text_generation").await.unwrap();
    assert_eq!(rows[0].id, "acme/text-generation");
    assert_eq!(rows[0].providers[0].name, "together", "fal-ai writes no text");
    assert!(rows[0].as_of.is_some());
    assert_eq!(list("dancing").await.unwrap_err().code, ErrorCode::Input);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_a_code_and_the_token_is_renewed_in_time() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    let page = "https://huggingface.co/device";
    let begun = json!({"device_code": "proof", "user_code": "AB-CD", "verification_uri": page, "interval": 0, "expires_in": 60});
    // Over before it is used, so that the first use renews it.
    let first = json!({"access_token": "hf_oauth_first", "refresh_token": "refresh_secret", "expires_in": 0});
    let second = json!({"access_token": "hf_oauth_second", "expires_in": 360_000});
    let rules = json!([
        hub("/oauth/device", &json!({ "json": begun })),
        hub("/oauth/token", &json!([{ "json": first }, { "json": second }])),
        hub("/api/whoami-v2", &json!({"json": {"name": "someone"}})),
    ]);
    recorder.rules(&rules).await;
    let playground = open(folder.path());
    playground.set_settings(settings(&recorder, false)).await.unwrap();
    let (heard, events) = (Arc::new(Mutex::new(Vec::new())), Mutex::new(Vec::new()));
    let tell = heard.clone();
    playground.sign_in(SignIn::default(), move |event| tell.lock().unwrap().push(event)).await.unwrap();
    events.lock().unwrap().append(&mut heard.lock().unwrap());
    let events = events.into_inner().unwrap();
    assert!(matches!(&events[0], SignInEvent::Code { code, .. } if code == "AB-CD"), "{events:?}");
    assert!(matches!(&events[1], SignInEvent::Done { connection } if connection.has_key), "{events:?}");
    assert_eq!(playground.whoami(Look::default()).await.unwrap().who.name, "someone");
    let records = recorder.records().await;
    let who = records.iter().find(|record| record["path"] == "/api/whoami-v2").unwrap();
    assert_eq!(Recorder::header(who, "authorization").as_deref(), Some("Bearer hf_oauth_second"));
    assert_eq!(records.iter().filter(|record| record["path"] == "/oauth/token").count(), 2);
    assert!(!everything_below(folder.path()).contains("refresh_secret"), "no secret on disk");
}

const CODE: &str = "https://huggingface.co/device";

/// Signs in where the Hub answers the questions for the token in this order.
async fn sign_in(recorder: &Recorder, answers: Value) -> (Result<Ending<String>, Error>, Vec<Value>) {
    let begun = json!({"json": {"device_code": "proof", "user_code": "AB-CD", "verification_uri": CODE,
        "verification_uri_complete": format!("{CODE}?code=AB-CD"), "interval": 0.01, "expires_in": 0.4}});
    recorder.rules(&json!([hub("/oauth/device", &begun), hub("/oauth/token", &answers)])).await;
    let client = client(recorder);
    let code = client.begin_sign_in("client", "inference-api").await.unwrap();
    assert_eq!((code.user_code.as_str(), code.page_with_code.query()), ("AB-CD", Some("code=AB-CD")));
    let done = client.finish_sign_in("client", &code, &CancellationToken::new()).await;
    let told = done.map(|ending| match ending {
        Ending::Done(granted) => Ending::Done(granted.token.expose_secret().to_owned()),
        Ending::Cancelled => Ending::Cancelled,
    });
    (told, recorder.records().await)
}

#[tokio::test]
async fn a_device_code_is_waited_for_through_everything_that_may_pass() {
    let recorder = Recorder::start();
    let refused = |word: &str| json!({"status": 400, "json": {"error": word}});
    let granted = json!({"json": {"access_token": "hf_oauth_x", "refresh_token": "r", "expires_in": 3600}});
    let trouble = json!({"status": 502, "text": "<html>"});
    let waits =
        json!([refused("authorization_pending"), trouble, refused("slow_down"), {"action": "drop"}, granted]);
    let (done, records) = sign_in(&recorder, waits).await;
    assert_eq!(done.unwrap(), Ending::Done("hf_oauth_x".to_owned()));
    let polls: Vec<&Value> = records.iter().filter(|record| record["path"] == "/oauth/token").collect();
    assert_eq!(polls.len(), 5);
    let body = polls[0]["body_text"].as_str().unwrap_or_default();
    assert!(
        body.contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=proof"),
        "{}",
        polls[0]
    );
    assert_eq!(
        Recorder::header(polls[0], "content-type").as_deref(),
        Some("application/x-www-form-urlencoded")
    );
    for (word, words) in [
        ("access_denied", "declined"),
        ("expired_token", "in time"),
        ("invalid_client", "client id"),
        ("authorization_pending", "in time"),
    ] {
        let (done, _) = sign_in(&recorder, refused(word)).await;
        let error = done.unwrap_err();
        assert!(error.message.contains(words), "{word}: {error}");
    }
}

#[tokio::test]
async fn a_sign_in_is_renewed_or_has_ended() {
    let recorder = Recorder::start();
    let granted = json!({"json": {"access_token": "hf_oauth_y", "expires_in": 3600}});
    let ended = json!({"status": 400, "json": {"error": "invalid_grant"}});
    recorder
        .rules(&json!([hub("/oauth/token", &json!([granted, ended, {"status": 503, "text": "x"}]))]))
        .await;
    let client = client(&recorder);
    let renewed = client.renew_sign_in("client", &"r".into()).await.unwrap();
    assert_eq!(renewed.token.expose_secret(), "hf_oauth_y");
    let error = client.renew_sign_in("client", &"r".into()).await.unwrap_err();
    assert!(error.code == ErrorCode::Auth && error.message.contains("sign in again"), "{error}");
    assert_eq!(client.renew_sign_in("client", &"r".into()).await.unwrap_err().code, ErrorCode::Provider);
}

/// What the command line says to these words, with a token and the recorder for a network.
fn limerick(folder: &Path, recorder: &Recorder, words: &[&str]) -> Output {
    let mut command = Command::new(front::limerick());
    for name in ["HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "LIMERICK_ROUTER", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    let proxy = recorder.base().as_str();
    command.env("HTTPS_PROXY", proxy).env("https_proxy", proxy).env("SSL_CERT_FILE", recorder.ca());
    command.env("LIMERICK_DATA", folder).env("HF_HOME", folder).env("HF_TOKEN_PATH", "");
    command.env("HF_TOKEN", "hf_peer_test_token").args(words).stdin(Stdio::null()).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_finds_and_describes_models_and_accounts() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    recorder.play_peers().await;
    let say = |words: &[&str]| {
        let output = limerick(folder.path(), &recorder, words);
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let found =
        say(&["models", "--provider", "fal-ai", "--search", "conv", "--sort", "likes", "--limit", "3"]);
    assert!(found.starts_with("acme/conversational"), "{found}");
    assert!(found.contains("42 downloads, 7 likes, live at fal-ai together"), "{found}");
    let query = recorder.records().await.pop().unwrap()["query"].as_str().unwrap().to_owned();
    assert!(query.starts_with("inference_provider=fal-ai&search=conv&sort=likes&limit=3&"), "{query}");
    let json: Value = serde_json::from_str(&say(&["models", "--search", "x", "--json"])).unwrap();
    assert_eq!(json["models"][1]["id"], "acme/text-generation");
    assert!(say(&["models", "--connection", "hf", "--task", "text_generation"]).contains("together"));
    let card = say(&["model", "acme/conversational"]);
    for words in
        ["32768 tokens of context", "together  live, $0.1/$0.2 a million tokens", "Chat template: none"]
    {
        assert!(card.contains(words), "{words} in {card}");
    }
    let who = say(&["whoami"]);
    assert!(who.starts_with("canned-user, free plan\n"), "{who}");
    for words in ["Rights, everywhere: inference.serverless.write", "canned-org (enterprise, admin)"] {
        assert!(who.contains(words), "{words} in {who}");
    }
    let usage = limerick(folder.path(), &recorder, &["models", "--sort", "beauty"]);
    assert_eq!(usage.status.code(), Some(2));
}

/// All files below a folder, as one text.
fn everything_below(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text += &everything_below(&path);
        } else {
            text += &String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default());
        }
    }
    text
}
