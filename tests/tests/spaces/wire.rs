//! Gradio Spaces on the wire: opened by their id, real sessions of Gradio 4.10, 4.44, 5 and 6 replayed, cancels, cookies,
//! and files that a hostile Space names.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use limerick_inference::{
    Client, ClientConfig, Ending, ErrorCode, Progress, Result, Retries, Space, SpaceOutput, Status,
};
use limerick_tests::gradio::{fields, joined};
use limerick_tests::recorder::Recorder;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

const TOKEN: &str = "hf_secret_of_this_test";
const ID: &str = "acme/picture.maker";
const HOST: &str = "acme-picture-maker.hf.space";

/// Real sessions: what Gradio said of itself, and the streams of some calls (`peers/gradio.jsonl`).
fn sessions() -> Vec<Value> {
    let lines = include_str!("../../peers/gradio.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn client(recorder: &Recorder) -> Client {
    let proxy = Some(recorder.base().to_string());
    let retries = Retries { base: Duration::from_millis(10), ..Retries::default() };
    Client::new(ClientConfig { proxy, ca_file: Some(recorder.ca()), retries, ..ClientConfig::default() })
        .unwrap()
}

fn rule(method: &str, path: &str, respond: &Value) -> Value {
    json!({"name": format!("{method} {path}"), "match": {"method": method, "path": path}, "respond": respond})
}

/// The rules that make the recorder this Space.
fn described(session: &Value) -> Vec<Value> {
    let host = json!({"host": format!("https://{HOST}"), "subdomain": "acme-picture-maker"});
    let runtime = json!({"stage": "RUNNING", "hardware": {"current": "zero-a10g"}});
    let mut config = session["config"].clone();
    config["root"] = "https://evil.test".into();
    vec![
        rule("GET", "/api/spaces/acme/picture.maker/host$", &json!({ "json": host })),
        rule("GET", "/api/spaces/acme/picture.maker/runtime$", &json!({ "json": runtime })),
        rule("GET", "^/config$", &json!({"json": config, "headers": {"Set-Cookie": "stay=here; Path=/"}})),
        rule("GET", "/info$", &json!({"json": session["info"]})),
    ]
}

/// The rules that play a call: accepted, then its stream.
fn played(call: &Value) -> Vec<Value> {
    let stream =
        json!({"text": call["stream"], "split": "events", "headers": {"Content-Type": "text/event-stream"}});
    let accepted = json!({"json": call["accepted"], "headers": {"Set-Cookie": "replica=two; Path=/"}});
    let (join, listen) = match call["way"].as_str().unwrap() {
        "queue" => ("/queue/join$", "/queue/data$"),
        _ => ("/call/[a-z]+$", "/call/[a-z]+/[0-9a-f]+$"),
    };
    vec![
        rule("POST", join, &accepted),
        rule("GET", listen, &stream),
        rule("POST", "/(cancel|reset)$", &json!({"json": {"success": true}})),
    ]
}

async fn open(client: &Client) -> Space {
    let token = client.hugging_face_key(&TOKEN.into()).unwrap();
    let opened = client.space(ID, Some(&token), &CancellationToken::new(), &mut |_| {}).await;
    let Ending::Done(space) = opened.unwrap() else { panic!("nobody cancelled") };
    space
}

/// The named parameters behind the positional data of a recorded call.
fn named(space: &Space, call: &Value) -> Map<String, Value> {
    let endpoint = space.endpoint(call["endpoint"].as_str().unwrap()).unwrap();
    let names = endpoint.parameters.iter().map(|parameter| parameter.name.clone());
    names.zip(call["data"].as_array().unwrap().iter().cloned()).collect()
}

/// Calls to the end; the deltas must add up to the output.
async fn call(
    client: &Client,
    space: &Space,
    endpoint: &str,
    inputs: &Map<String, Value>,
) -> Result<(SpaceOutput, Vec<Status>)> {
    let (mut statuses, mut deltas) = (Vec::new(), Vec::new());
    let mut on = |progress| match progress {
        Progress::Status(status) => statuses.push(status),
        Progress::Delta(delta) => deltas.push(delta),
    };
    match client.call_space(space, endpoint, inputs, &CancellationToken::new(), &mut on).await? {
        Ending::Done(output) => {
            assert_eq!(joined(&deltas, output.data.len()), output.data, "the deltas add up to the output");
            Ok((output, statuses))
        }
        Ending::Cancelled => panic!("nobody cancelled"),
    }
}

/// The requests to a path, as it ends.
async fn sent(recorder: &Recorder, end: &str) -> Vec<Value> {
    let records = recorder.records().await;
    records.into_iter().filter(|record| record["path"].as_str().unwrap().ends_with(end)).collect()
}

#[tokio::test]
async fn a_space_is_opened_by_its_id_and_woken_with_the_token_for_hugging_face_alone() {
    let recorder = Recorder::start();
    let session = sessions().remove(2);
    let stage = |stage: &str| json!({"json": {"stage": stage, "hardware": {"requested": "zero-a10g"}}});
    let mut rules = described(&session);
    rules[1] = rule("GET", "/runtime$", &json!([stage("SLEEPING"), stage("APP_STARTING"), stage("RUNNING")]));
    recorder.rules(&json!(rules)).await;
    let client = client(&recorder);
    let token = client.hugging_face_key(&TOKEN.into()).unwrap();
    let mut told = Vec::new();
    let opened =
        client.space(ID, Some(&token), &CancellationToken::new(), &mut |status| told.push(status)).await;
    let Ending::Done(space) = opened.unwrap() else { panic!("nobody cancelled") };
    assert_eq!((space.id.as_deref(), space.zero_gpu, space.version.as_str()), (Some(ID), true, "6.31.0"));
    let loading = Status::Loading { fraction: None, estimated_time: None };
    assert_eq!(told, [loading.clone(), loading]);
    let visits: Vec<_> = recorder.records().await;
    let hosts: Vec<_> = visits
        .iter()
        .map(|record| (record["host"].as_str().unwrap(), record["path"].as_str().unwrap()))
        .collect();
    assert!(hosts.contains(&(HOST, "/")), "a visit wakes it: {hosts:?}");
    assert!(hosts.iter().all(|(host, _)| [HOST, "huggingface.co"].contains(host)), "{hosts:?}");
    for record in &visits {
        assert_eq!(Recorder::header(record, "authorization").unwrap(), format!("Bearer {TOKEN}"));
    }
}

#[tokio::test]
async fn spaces_that_will_not_come_are_told() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let opening = |id: &'static str| {
        let client = client.clone();
        async move { client.space(id, None, &CancellationToken::new(), &mut |_| {}).await.unwrap_err() }
    };
    let session = sessions().remove(1);
    let mut rules = described(&session);
    rules[1] = rule("GET", "/runtime$", &json!({"json": {"stage": "PAUSED"}}));
    recorder.rules(&json!(rules)).await;
    let error = opening(ID).await;
    assert!(error.code == ErrorCode::Provider && error.message.contains("paused"), "{error}");
    let error = opening("acme/missing").await;
    assert!(error.code == ErrorCode::Model && error.message.contains("acme/missing"), "{error}");
    let no_space = [
        (json!({"status": 404, "text": "<html>none</html>"}), ErrorCode::Model),
        (json!({"text": "<html>a page</html>"}), ErrorCode::Model),
        (
            json!({"json": {"version": "3.50.2", "protocol": "ws", "components": [], "dependencies": []}}),
            ErrorCode::Model,
        ),
        (json!({"status": 401, "json": {"detail": "Not authenticated"}}), ErrorCode::Auth),
    ];
    for (answer, code) in no_space {
        let mut rules = described(&session);
        rules[2] = rule("GET", "^/config$", &answer);
        recorder.rules(&json!(rules)).await;
        let error = opening(ID).await;
        assert_eq!(error.code, code, "{error}");
    }
}

#[tokio::test]
async fn real_sessions_of_four_versions_replay_alike() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    for session in sessions() {
        let version = session["version"].as_str().unwrap();
        let prefix = if version.starts_with('4') { "" } else { "/gradio_api" };
        for recorded in session["calls"].as_array().unwrap() {
            let by_queue = recorded["way"] == "queue";
            let mut described = described(&session);
            if !by_queue {
                described[2]["respond"]["json"]["enable_queue"] = false.into();
            }
            recorder.rules(&json!([described, played(recorded)].concat())).await;
            let space = open(&client).await;
            let endpoint = recorded["endpoint"].as_str().unwrap();
            let ended = call(&client, &space, endpoint, &named(&space, recorded)).await;
            check(version, endpoint, recorded, ended);
            let asked = sent(&recorder, if by_queue { "/queue/join" } else { endpoint }).await;
            let asked = asked.last().unwrap();
            let path = if by_queue { "/queue/join".to_owned() } else { format!("/call{endpoint}") };
            assert_eq!(
                (asked["host"].as_str(), asked["path"].as_str().unwrap()),
                (Some(HOST), format!("{prefix}{path}").as_str())
            );
            let body: Value = asked["json"].clone();
            assert_eq!(body["data"], recorded["data"], "{version} {endpoint}");
        }
    }
}

/// What a recorded call must come to.
fn check(version: &str, endpoint: &str, recorded: &Value, ended: Result<(SpaceOutput, Vec<Status>)>) {
    let prompt = recorded["data"][0].as_str().unwrap_or_default();
    match (endpoint, ended) {
        ("/infer", Err(error)) if prompt == "QUOTA" => {
            assert_eq!(
                (error.code, error.retry_after),
                (ErrorCode::Limit, Some(2_520.0)),
                "{version} {error}"
            );
        }
        ("/infer", Err(error)) if prompt.starts_with("ERROR") => {
            // Before version 6 this route hides why.
            let words = if version.starts_with('6') { "too dark" } else { "does not say why" };
            assert!(error.code == ErrorCode::Provider && error.message.contains(words), "{version} {error}");
        }
        ("/infer", Ok((output, statuses))) => {
            assert_eq!(output.files[0].url.host_str(), Some(HOST), "{version}");
            let careful = Status::Note { text: "Warning: careful".into() };
            assert!(statuses.contains(&careful), "{version} {statuses:?}");
        }
        ("/chat", Ok((output, _))) => {
            assert_eq!(output.data, [json!("You said: hi — und auf Wiedersehen \u{1f44b}.")]);
        }
        ("/talk", Ok((output, _))) => {
            assert!(output.data[0].to_string().contains("I heard you."), "{version}");
        }
        ("/album", Ok((output, _))) => {
            assert_eq!((output.data.len(), output.files.len()), (2, 2), "{version}");
        }
        (endpoint, ended) => panic!("{version} {endpoint}: {ended:?}"),
    }
}

#[tokio::test]
async fn a_cancelled_call_is_called_off_with_its_id_and_its_cookies() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    for (version, path) in [("6.31.0", "/cancel"), ("4.28.3", "/reset")] {
        let mut session = sessions().remove(2);
        session["config"]["version"] = version.into();
        let mut rules = described(&session);
        rules.extend(played(&session["calls"][0]));
        let first = session["calls"][0]["stream"]
            .as_str()
            .unwrap()
            .split_inclusive("\n\n")
            .take(4)
            .collect::<String>();
        let at = rules.len() - 2;
        rules[at]["respond"] = json!({"sse": [{"raw": first}, {"sleep_ms": 60_000}], "headers": {"Content-Type": "text/event-stream"}});
        recorder.rules(&json!(rules)).await;
        let space = open(&client).await;
        let cancel = CancellationToken::new();
        let mut on = |progress| {
            if let Progress::Delta(_) = progress {
                cancel.cancel();
            }
        };
        let ending =
            client.call_space(&space, "chat", &fields(&json!({"message": "hi"})), &cancel, &mut on).await;
        assert_eq!(ending.unwrap(), Ending::Cancelled);
        client.farewells().await;
        let said = sent(&recorder, path).await;
        let body: Value = said[0]["json"].clone();
        assert_eq!(body["event_id"], session["calls"][0]["accepted"]["event_id"], "{version}");
        assert_eq!(Recorder::header(&said[0], "cookie").unwrap(), "replica=two");
        assert_eq!(
            Recorder::header(&sent(&recorder, "/queue/data").await[0], "cookie").unwrap(),
            "replica=two"
        );
    }
}

#[tokio::test]
async fn a_hostile_space_gets_no_token_elsewhere_and_no_file_from_this_machine() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let mut session = sessions().remove(2);
    let file = |url: &str| json!({"path": "/tmp/x.png", "url": url, "orig_name": "../../x.png", "meta": {"_type": "gradio.FileData"}});
    let urls = [
        "https://cdn.acme.example/x.png",
        "file:///etc/passwd",
        "https://127.0.0.1/x",
        "http://acme.example/x",
        "{{origin}}/gradio_api/file=/tmp/../etc/passwd",
    ];
    let gallery: Vec<_> = urls.iter().map(|url| json!({"image": file(url), "caption": null})).collect();
    let done = json!({"msg": "process_completed", "event_id": "e1", "output": {"data": [gallery, null, 1]}, "success": true});
    let recorded =
        json!({"way": "queue", "accepted": {"event_id": "e1"}, "stream": format!("data: {done}\n\n")});
    session["calls"] = json!([recorded]);
    let mut rules = [described(&session), played(&recorded)].concat();
    rules.push(rule(
        "GET",
        "^/x.png$",
        &json!({"b64": "iVBORw0KGgo=", "headers": {"Content-Type": "text/html"}}),
    ));
    recorder.rules(&json!(rules)).await;
    let space = open(&client).await;
    let (output, _) = call(&client, &space, "album", &fields(&json!({}))).await.unwrap();
    assert_eq!((output.files.len(), output.left_out.len()), (1, 4), "{output:?}");
    assert_eq!(output.files[0].name, "x.png");
    let media = client.space_file(&space, &output.files[0], 1_000).await.unwrap();
    assert_eq!(media.media_type, "image/png");
    let fetched = sent(&recorder, "/x.png").await;
    assert_eq!(
        (fetched[0]["host"].as_str(), Recorder::header(&fetched[0], "authorization")),
        (Some("cdn.acme.example"), None)
    );
    assert_eq!(Recorder::header(&fetched[0], "cookie"), None);
}

#[tokio::test]
async fn a_stream_that_breaks_is_incomplete_and_the_call_is_called_off() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let session = sessions().remove(2);
    let mut rules = [described(&session), played(&session["calls"][0])].concat();
    let whole = session["calls"][0]["stream"].as_str().unwrap();
    let at = rules.len() - 2;
    rules[at]["respond"] = json!({"text": whole, "headers": {"Content-Type": "text/event-stream"}, "framing": "chunked", "truncate": whole.len() / 2});
    recorder.rules(&json!(rules)).await;
    let space = open(&client).await;
    let error = call(&client, &space, "chat", &fields(&json!({"message": "hi"}))).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Incomplete, "{error}");
    client.farewells().await;
    assert_eq!(sent(&recorder, "/cancel").await.len(), 1);
    // A full queue is tried again, and then told.
    let full = json!({"status": 503, "json": {"detail": "Queue is full. Max size is 8 and size is 8."}});
    rules[at - 1]["respond"] = full;
    recorder.rules(&json!(rules)).await;
    let error = call(&client, &space, "chat", &fields(&json!({"message": "hi"}))).await.unwrap_err();
    assert_eq!((error.code, sent(&recorder, "/queue/join").await.len()), (ErrorCode::Limit, 5), "{error}");
    assert!(!format!("{error:?}").contains(TOKEN));
}
