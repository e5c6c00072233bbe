//! Every chat and text-generation request equals one of the two official clients' for the same call.
//!
//! Where the two differ we follow `huggingface_hub`: `stream` is always said in chat, schemas are rewritten for
//! the provider, hf-inference gets TGI's form. Where only the other client makes a call we follow that.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use limerick_inference::{
    ChatCompletion, ChatInput, Client, ClientConfig, Ending, Error, ErrorCode, Result, Retries, Route,
    Server, Style, TextGeneration, TextInput,
};
use limerick_tests::recorder::Recorder;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;

const PYTHON: &str = include_str!("../peers/huggingface_hub.jsonl");
const JAVASCRIPT: &str = include_str!("../peers/huggingface_inference_js.jsonl");

/// Groq has no completions; the peer posts a prompt to its chat route, which Groq refuses.
const REFUSED: &str = "groq.text-generation.";
/// The peer sends `max_tokens: null` here, and never a call without it; we never send nulls.
const BUT_FOR_A_NULL: [&str; 2] =
    ["featherless-ai.text-generation.details.routed", "featherless-ai.text-generation.stream-details.routed"];

type Cases = BTreeMap<String, Value>;

fn cases(lines: &str) -> Cases {
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        (row["name"].as_str().unwrap().to_owned(), row)
    };
    lines.lines().map(row).collect()
}

fn client(recorder: &Recorder) -> Client {
    let proxy = Some(recorder.base().to_string());
    let retries = Retries { max: 0, ..Retries::default() };
    Client::new(ClientConfig { proxy, ca_file: Some(recorder.ca()), retries, ..ClientConfig::default() })
        .unwrap()
}

/// The call's arguments by our names, which are `huggingface_hub`'s.
fn arguments(call: &Value) -> Value {
    let mut arguments = call["arguments"].clone();
    let fields = arguments.as_object_mut().unwrap();
    if let Some(Value::Object(parameters)) = fields.remove("parameters") {
        fields.extend(parameters);
    }
    if let Some(prompt) = fields.remove("inputs") {
        fields.insert("prompt".into(), prompt);
    }
    let method = call["method"].as_str().unwrap();
    let stream = method.ends_with("Stream") || fields.get("stream").is_some_and(|stream| stream == true);
    fields.insert("stream".into(), json!(stream));
    arguments
}

/// Chat and text generation; the cases of pictures are another issue's.
fn is_ours(call: &Value) -> bool {
    let method = call["method"].as_str().unwrap();
    ["chat", "text_generation", "textGeneration"].iter().any(|ours| method.starts_with(ours))
}

fn provider_of(call: &Value) -> Option<String> {
    let named = call["client"]["provider"].as_str().or(call["arguments"]["provider"].as_str());
    named.map(str::to_owned)
}

/// The address of a lone server, moved to the recorder.
fn server_of(call: &Value, recorder: &Recorder) -> Option<Url> {
    let given = call["client"]["base_url"].as_str().or(call["arguments"]["endpointUrl"].as_str())?;
    let mut url = Url::parse(given).unwrap();
    url.set_host(recorder.base().host_str()).unwrap();
    url.set_port(recorder.base().port()).unwrap();
    Some(url)
}

fn route(client: &Client, call: &Value, recorder: &Recorder) -> Result<Route> {
    let key = call["client"]["token"].as_str().or(call["client"]["api_key"].as_str());
    let key = key.map(secrecy::SecretString::from);
    if let Some(url) = server_of(call, recorder) {
        let key = key.map(|key| limerick_inference::Key::new(&key, &url)).transpose()?;
        return Ok(Route::Server(Server { url, key, headers: Vec::new(), style: Style::Auto }));
    }
    let bill_to = call["client"]["bill_to"].as_str().or(call["options"]["billTo"].as_str());
    let provider = provider_of(call);
    client.route(provider.as_deref(), key.as_ref(), bill_to)
}

/// Makes the call; the answer's text or its tools say that it was understood.
async fn call(client: &Client, call: &Value, recorder: &Recorder) -> Result<()> {
    let (cancel, route) = (CancellationToken::new(), route(client, call, recorder)?);
    let arguments = arguments(call);
    let understood = if arguments.get("messages").is_some() {
        let input: ChatInput = serde_json::from_value(arguments).unwrap();
        match client.run::<ChatCompletion>(&route, &input, &cancel, &mut |_| {}).await? {
            Ending::Done(output) => !output.text.is_empty() || !output.tool_calls.is_empty(),
            Ending::Cancelled => false,
        }
    } else {
        let input: TextInput = serde_json::from_value(arguments).unwrap();
        match client.run::<TextGeneration>(&route, &input, &cancel, &mut |_| {}).await? {
            Ending::Done(output) => !output.text.is_empty(),
            Ending::Cancelled => false,
        }
    };
    assert!(understood, "an empty success");
    Ok(())
}

/// What was sent, in the form of a case.
fn sent(record: &Value) -> Value {
    json!({
        "url": place(record["url"].as_str().unwrap()),
        "auth": Recorder::header(record, "authorization"),
        "bill_to": Recorder::header(record, "x-hf-bill-to"),
        "json": record["json"],
    })
}

fn recorded(case: &Value) -> Value {
    let url = place(case["url"].as_str().unwrap());
    json!({"url": url, "auth": case["auth"], "bill_to": case["bill_to"], "json": case["json"]})
}

/// The address; of a lone server only its path and query, as its port differs from run to run.
fn place(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    if url.scheme() == "https" { url.to_string() } else { url[url::Position::BeforePath..].to_owned() }
}

fn without_nulls(mut case: Value) -> Value {
    case["json"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
    case
}

#[tokio::test]
async fn every_request_equals_one_of_the_two_clients() {
    let (python, javascript) = (cases(PYTHON), cases(JAVASCRIPT));
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let client = client(&recorder);
    let names: BTreeSet<&String> = python.keys().chain(javascript.keys()).collect();
    let (mut counts, mut made) = (BTreeMap::new(), Vec::new());
    for name in names {
        let both = [python.get(name), javascript.get(name)];
        let wanted: Vec<Value> =
            both.into_iter().flatten().filter(|case| case.get("url").is_some()).map(recorded).collect();
        let first = &both.into_iter().flatten().next().unwrap()["call"];
        if wanted.is_empty() || !is_ours(first) {
            continue; // Nothing was sent, or a picture was asked for: see the next test.
        }
        let done = call(&client, first, &recorder).await;
        if name.starts_with(REFUSED) {
            assert_eq!(done.unwrap_err().code, ErrorCode::Model, "{name}");
            *counts.entry("refused").or_insert(0) += 1;
            continue;
        }
        // The recorder knows no answer to an address with a query; what was sent counts.
        assert!(done.is_ok() || name.contains("base-url-query"), "{name}: {done:?}");
        made.push((name, wanted));
    }
    let records = recorder.records().await;
    let posts: Vec<_> = records.iter().filter(|record| record["method"] == "POST").map(sent).collect();
    assert_eq!(posts.len(), made.len());
    for ((name, wanted), ours) in made.iter().zip(&posts) {
        let null = BUT_FOR_A_NULL.contains(&name.as_str());
        let equal = wanted.iter().any(|want| want == ours || (null && without_nulls(want.clone()) == *ours));
        assert!(equal, "{name}\n  ours {ours}\n  want {wanted:?}");
        *counts.entry(if null { "but for a null" } else { "equal" }).or_insert(0) += 1;
    }
    assert_eq!(counts, BTreeMap::from([("equal", 177), ("but for a null", 2), ("refused", 6)]));
}

async fn refused(name: &str) -> Error {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let mut case = cases(PYTHON).remove(name).unwrap();
    let arguments = case["call"]["arguments"].as_object_mut().unwrap();
    // Some of these were recorded with a picture's call; who may call is the same for all tasks.
    arguments.entry("messages").or_insert_with(|| json!([{"role": "user", "content": "hi"}]));
    arguments.remove("prompt");
    let error = call(&client(&recorder), &case["call"], &recorder).await.unwrap_err();
    let posts = recorder.records().await.iter().filter(|record| record["method"] == "POST").count();
    assert_eq!(posts, 0, "{name} sent something");
    error
}

#[tokio::test]
async fn calls_that_cannot_work_are_refused_before_anything_is_sent() {
    for (name, code, word) in [
        ("client.auto-direct-key.basic.own", ErrorCode::Auth, "hf_"),
        ("client.no-token.basic.own", ErrorCode::Auth, "token"),
        ("client.no-token-provider.basic.own", ErrorCode::Auth, "token"),
        ("client.token-unicode.basic.own", ErrorCode::Auth, "character"),
        ("client.unknown-model.basic.own", ErrorCode::Model, "acme/missing"),
        ("client.unknown-provider.basic.own", ErrorCode::Model, "nope"),
        ("openai.conversational.variant-staging.routed", ErrorCode::Auth, "own"),
    ] {
        let error = refused(name).await;
        assert_eq!(error.code, code, "{name}: {error}");
        assert!(error.message.contains(word), "{name}: {error}");
    }
}
