//! Every request that we send equals one of the two official clients' for the same call, or stands in
//! [`DIFFERENCES`] with the reason why ours is better. The counts are printed; nothing is skipped in silence.

#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use limerick_inference::{
    Client, ClientConfig, Ending, ErrorCode, Key, Result, Retries, Route, Server, Style, Task, WireTask,
};
use limerick_tasks as tasks;
use limerick_tests::{
    peers::{self, Case},
    recorder::Recorder,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Calls that are refused before anything is sent, with the code and a word of the sentence.
const REFUSED: [(&str, ErrorCode, &str); 7] = [
    ("client.auto-direct-key.basic.own", ErrorCode::Auth, "hf_"),
    ("client.no-token.basic.own", ErrorCode::Auth, "token"),
    ("client.no-token-provider.basic.own", ErrorCode::Auth, "token"),
    ("client.token-unicode.basic.own", ErrorCode::Auth, "character"),
    ("client.unknown-model.basic.own", ErrorCode::Model, "acme/missing"),
    ("client.unknown-provider.basic.own", ErrorCode::Model, "nope"),
    ("openai.conversational.variant-staging.routed", ErrorCode::Auth, "own"),
];

/// Where we differ on purpose: the start of the case's name, and why ours is better.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "groq.text-generation.",
        "Groq has no completions; the peer posts a prompt to its chat route, which Groq refuses.",
    ),
    ("featherless-ai.text-generation.details.routed", A_NULL),
    ("featherless-ai.text-generation.stream-details.routed", A_NULL),
    (
        "client.recommended-model.basic.own",
        "We never choose a model behind the person's back: we ask for one.",
    ),
    (
        "client.wrong-task-hf.basic.own",
        "The peer looks the model's tag up before each call; we ask once, and the server says that it cannot.",
    ),
    (
        "hf-inference.visual-question-answering.params.",
        "Python writes the question beside the inputs; the specification and JavaScript put it into them.",
    ),
    ("fal-ai.automatic-speech-recognition.extra.", TYPE_BY_BYTES),
    ("replicate.image-to-image.variant-image-to-image-kontext.", TYPE_BY_BYTES),
    (
        "wavespeed.image-to-image.variant-image-to-image-kontext.",
        "As JavaScript does for every model of this provider: plain base64, and also as a list.",
    ),
    (
        "fal-ai.text-to-image.variant-text-to-image-lora.",
        "The peer leaves a space in the address of the weights; an address has none.",
    ),
    ("hf-inference.text-to-image.data-url.", ASKED_FOR_A_URL),
    ("hf-inference.text-to-image.json.", ASKED_FOR_A_URL),
    ("deepinfra.text-to-image.url.", ASKED_FOR_A_URL),
    ("fal-ai.text-to-image.json.", ASKED_FOR_A_URL),
    ("nscale.text-to-image.url.", ASKED_FOR_A_URL),
    ("replicate.text-to-image.url.", ASKED_FOR_A_URL),
    ("wavespeed.text-to-image.json.", ASKED_FOR_A_URL),
    ("wavespeed.text-to-image.url.", ASKED_FOR_A_URL),
    ("zai-org.text-to-image.url.", ASKED_FOR_A_URL),
];
const A_NULL: &str = "The peer sends max_tokens: null; strict servers refuse nulls.";
const ASKED_FOR_A_URL: &str = "The caller wanted an address or bare JSON (outputType); our task gives the picture itself, so we fetch it.";
const TYPE_BY_BYTES: &str =
    "Python names every sound audio/mpeg and every picture image/jpeg; we say what the bytes are.";

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Outcome {
    Equal,
    Different,
    Refused,
    OutOfScope,
}

fn client(recorder: &Recorder) -> Client {
    let proxy = Some(recorder.base().to_string());
    let retries = Retries { max: 0, ..Retries::default() };
    Client::new(ClientConfig { proxy, ca_file: Some(recorder.ca()), retries, ..ClientConfig::default() })
        .unwrap()
}

fn route(client: &Client, case: &Case, recorder: &Recorder) -> Result<Route> {
    let key = case.key.as_deref().map(secrecy::SecretString::from);
    if let Some(server) = &case.server {
        let mut url = server.clone();
        url.set_host(recorder.base().host_str()).unwrap();
        url.set_port(recorder.base().port()).unwrap();
        let key = key.map(|key| Key::new(&key, &url)).transpose()?;
        return Ok(Route::Server(Server { url, key, headers: Vec::new(), style: Style::Auto }));
    }
    client.route(case.provider.as_deref(), key.as_ref(), case.bill_to.as_deref())
}

/// Runs the case's task; `None` when it is none of ours. The answer as JSON.
async fn call(client: &Client, case: &Case, recorder: &Recorder) -> Option<Result<Value>> {
    macro_rules! each {
        ($($name:ident: $task:ident;)+) => {
            match case.method.as_str() {
                $(stringify!($name) => Some(run::<tasks::$task>(client, case, recorder).await),)+
                _ => None,
            }
        };
    }
    tasks::for_each_task!(each)
}

async fn run<T: WireTask>(client: &Client, case: &Case, recorder: &Recorder) -> Result<Value> {
    let input: <T as Task>::Input =
        serde_json::from_value(case.input.clone()).unwrap_or_else(|cause| panic!("{}: {cause}", case.name));
    let route = route(client, case, recorder)?;
    match client.run::<T>(&route, &input, &CancellationToken::new(), &mut |_| {}).await? {
        Ending::Done(output) => Ok(serde_json::to_value(output).unwrap()),
        Ending::Cancelled => panic!("{}: nobody cancelled", case.name),
    }
}

/// What was sent beside the questions to the Hub.
async fn exchanges(recorder: &Recorder) -> Vec<Value> {
    let hub = |record: &Value| record["host"] == "huggingface.co";
    recorder.take().await.iter().filter(|record| !hub(record)).map(peers::sent).collect()
}

fn reason(name: &str) -> Option<&'static str> {
    DIFFERENCES.iter().find(|(start, _)| name.starts_with(start)).map(|(_, why)| *why)
}

async fn judge(client: &Client, case: &Case, recorder: &Recorder) -> (Outcome, Option<String>) {
    let Some(done) = call(client, case, recorder).await else { return (Outcome::OutOfScope, None) };
    let ours = exchanges(recorder).await;
    if let Some((_, code, word)) = REFUSED.iter().find(|(name, ..)| *name == case.name) {
        let error = done.unwrap_err();
        let plain = error.code == *code && error.message.contains(word) && ours.is_empty();
        return (Outcome::Refused, (!plain).then(|| format!("{error:?}, sent {ours:?}")));
    }
    let equal = case.wanted.iter().any(|wanted| same(&json!(wanted), &json!(ours)));
    match (equal, reason(&case.name)) {
        (true, None) => (Outcome::Equal, empty(&done, case)),
        (false, Some(_)) => (Outcome::Different, None),
        (true, Some(_)) => {
            (Outcome::Different, Some("stands in the list of differences, but is equal".into()))
        }
        (false, None) => {
            let wanted = json!(case.wanted);
            (Outcome::Different, Some(format!("{done:?}\n  ours {}\n  want one of {wanted}", json!(ours))))
        }
    }
}

/// Equal as JSON: 2 and 2.0 are one number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

/// An answer must have been understood. The recorder knows none to an address with a query.
fn empty(done: &Result<Value>, case: &Case) -> Option<String> {
    match done {
        Err(error) if !case.name.contains("base-url-query") => Some(format!("{error:?}")),
        Ok(Value::Object(fields)) if fields.values().all(nothing) => Some("an empty success".into()),
        _ => None,
    }
}

fn nothing(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.is_empty(),
        Value::String(text) => text.is_empty(),
        other => other.is_null() || *other == json!(false),
    }
}

/// One provider's cases, one after another, behind a recorder of their own.
async fn provider(cases: Vec<Case>) -> Vec<(String, Outcome, Option<String>)> {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let client = client(&recorder);
    let mut judged = Vec::new();
    for case in &cases {
        let (outcome, complaint) = judge(&client, case, &recorder).await;
        judged.push((case.name.clone(), outcome, complaint));
    }
    judged
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_equals_one_of_the_two_clients() {
    let mut by_provider: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in peers::cases() {
        let provider = case.name.split('.').next().unwrap().to_owned();
        by_provider.entry(provider).or_default().push(case);
    }
    let running: Vec<_> = by_provider.into_values().map(|cases| tokio::spawn(provider(cases))).collect();
    let (mut counts, mut complaints) = (BTreeMap::new(), String::new());
    for one in running {
        for (name, outcome, complaint) in one.await.unwrap() {
            *counts.entry(outcome).or_insert(0_usize) += 1;
            complaints.extend(complaint.map(|complaint| format!("\n{name}: {complaint}")));
        }
    }
    println!("{counts:?}; different on purpose:");
    for (start, why) in DIFFERENCES {
        println!("  {start}*: {why}");
    }
    assert!(complaints.is_empty(), "{complaints}");
    let total: usize = counts.values().sum();
    assert_eq!(counts[&Outcome::Refused], REFUSED.len());
    assert_eq!(total, TOTAL, "{counts:?}");
}

/// The cases that were recorded of both clients together.
const TOTAL: usize = 375;
