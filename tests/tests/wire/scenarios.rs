//! Every scenario of the recorder, streamed and not, ends with the right code, in time, what came kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use limerick_inference::{
    ChatCompletion, ChatInput, ChatOutput, Ending, ErrorCode, FinishReason, Message, Progress, Result, Role,
    Route, Status, Style, TextGeneration, TextInput,
};
use limerick_tests::recorder::{Recorder, scenarios};
use limerick_tests::scenarios::{HEAVY, SLACK, TOTAL, client, sensible, server};
use tokio_util::sync::CancellationToken;

/// How a scenario must end.
#[derive(Clone, Copy)]
enum Want {
    /// With this answer.
    Text(&'static str),
    /// With this code, after this text was told.
    Fails(ErrorCode, &'static str),
}
use ErrorCode::{Auth, Credits, Format, Gated, Incomplete, Input, Limit, Network, Provider, Timeout};
use Want::{Fails, Text};

const HELLO: &str = "Hello, world!";
const CANNED: &str = "Hello from the canned model.";
const UNICODE: &str = "Grüße – 日本語 👩‍👩‍👧‍👦 e\u{301} \u{1d11e} ع";

/// The same whether a stream was asked for or not: what comes decides how it is read.
const WANTED: &[(&str, Want)] = &[
    ("chat-ok", Text(CANNED)),
    ("chat-stream", Text(HELLO)),
    ("chat-stream-usage", Text(HELLO)),
    ("chat-unicode", Text(UNICODE)),
    ("image-png", Fails(Format, "")),
    ("image-json-b64", Fails(Format, "")),
    ("image-json-url", Fails(Format, "")),
    ("audio-wav", Fails(Format, "")),
    ("sse-crlf", Text(HELLO)),
    ("sse-cr", Text(HELLO)),
    ("sse-nospace", Text(HELLO)),
    ("sse-bom", Text(HELLO)),
    ("sse-comments", Text(HELLO)),
    ("sse-multi-data", Text("two lines")),
    ("sse-event-id", Text("named")),
    ("sse-last-line-unended", Text("ab")),
    ("sse-no-done", Text(HELLO)),
    ("sse-after-done", Text(HELLO)),
    ("sse-reasoning", Text("Answer")),
    ("sse-tool-calls", Text("")),
    ("sse-length", Text("cut of")),
    ("sse-gzip", Text(HELLO)),
    ("sse-no-ctype", Text(HELLO)),
    ("sse-bytes", Text(UNICODE)),
    ("sse-utf8-split", Text(UNICODE)),
    ("sse-line-split", Text(UNICODE)),
    ("sse-one-write", Text(UNICODE)),
    ("sse-huge-line", Text("xxxxx…")),
    ("sse-many", Text("tok0 …")),
    ("sse-error-first", Fails(Provider, "")),
    ("sse-error-mid", Fails(Provider, "partial")),
    ("sse-truncated", Fails(Incomplete, "Hello")),
    ("sse-stall", Fails(Timeout, "waiting …")),
    ("sse-html", Fails(Format, "")),
    ("503-then-ok", Text("Loaded.")),
    ("503-then-image", Fails(Format, "")),
    ("503-html", Fails(Provider, "")),
    ("429-seconds", Text("After the limit.")),
    ("429-date", Fails(Limit, "")),
    ("429-bare", Fails(Limit, "")),
    ("401", Fails(Auth, "")),
    ("402", Fails(Credits, "")),
    ("403", Fails(Auth, "")),
    ("403-gated", Fails(Gated, "")),
    ("400-openai", Fails(Input, "")),
    ("400-list", Fails(Input, "")),
    ("422-tgi", Fails(Input, "")),
    ("422-fastapi", Fails(Input, "")),
    ("413", Fails(Input, "")),
    ("424-tgi", Fails(Provider, "")),
    ("500-empty", Fails(Provider, "")),
    ("500-json", Fails(Provider, "")),
    ("502-html", Fails(Provider, "")),
    ("504", Fails(Provider, "")),
    ("fal-422", Fails(Input, "")),
    ("replicate-failed", Fails(Provider, "")),
    ("204", Fails(Format, "")),
    ("json-deep", Fails(Format, "")),
    ("json-dup-keys", Text("last wins")),
    ("json-huge", Fails(Format, "")),
    ("json-invalid-utf8", Fails(Provider, "")),
    ("json-latin1", Fails(Input, "")),
    ("image-garbage", Fails(Format, "")),
    ("image-short-body", Fails(Incomplete, "")),
    ("image-svg", Fails(Format, "")),
    ("image-empty-list", Fails(Format, "")),
    ("audio-garbage", Fails(Format, "")),
    ("zeros-512m", Fails(Format, "")),
    ("gzip-bomb", Fails(Format, "")),
    ("slow-loris-head", Fails(Timeout, "")),
    ("slow-loris-body", Fails(Timeout, "")),
    ("late-3s", Fails(Timeout, "")),
    ("drop", Fails(Network, "")),
    ("drop-then-ok", Text("second try")),
    ("garbage", Fails(Format, "")),
    ("garbage-status", Fails(Format, "")),
    ("http09", Fails(Format, "")),
    ("ssh-banner", Fails(Format, "")),
    ("length-too-long", Fails(Incomplete, CANNED)),
    ("length-too-short", Fails(Format, "")),
    ("chunk-garbage", Fails(Format, "")),
    ("huge-header", Text(CANNED)),
    ("many-headers", Text(CANNED)),
    ("redirect-ok", Text(CANNED)),
    ("redirect-other-origin", Fails(Format, "")),
    ("redirect-303", Text(CANNED)),
];

/// What one call told and how it ended.
struct Told {
    text: String,
    reasoning: String,
    statuses: Vec<Status>,
    took: Duration,
    ending: Result<Ending<ChatOutput>>,
}

fn at(recorder: &Recorder, scenario: &str) -> Route {
    server(recorder, &format!("/s/{scenario}/v1"), Style::Auto)
}

async fn chat(recorder: &Recorder, scenario: &str, stream: bool) -> Told {
    let messages = vec![Message::new(Role::User, "hi")];
    let input = ChatInput { messages, stream: Some(stream), ..ChatInput::default() };
    let (mut text, mut reasoning, mut statuses) = (String::new(), String::new(), Vec::new());
    let began = Instant::now();
    let mut on = |progress| match progress {
        Progress::Status(status) => statuses.push(status),
        Progress::Delta(delta) => {
            let delta: limerick_inference::ChatDelta = delta;
            text.push_str(&delta.text);
            reasoning.push_str(&delta.reasoning);
        }
    };
    let cancel = CancellationToken::new();
    let ending = client().run::<ChatCompletion>(&at(recorder, scenario), &input, &cancel, &mut on).await;
    Told { text, reasoning, statuses, took: began.elapsed(), ending }
}

/// Long texts are compared by their beginning and length elsewhere.
fn short(text: &str) -> String {
    if text.len() < 1_000 { text.to_owned() } else { text.chars().take(5).collect::<String>() + "…" }
}

fn judge(scenario: &str, want: Want, told: &Told) -> std::result::Result<(), String> {
    if told.took > TOTAL + SLACK {
        return Err(format!("took {:?}", told.took));
    }
    match (want, &told.ending) {
        (Text(text), Ok(Ending::Done(output))) if short(&output.text) == text && told.text == output.text => {
            Ok(())
        }
        (Fails(code, text), Err(error)) if error.code == code && told.text == text => sensible(error),
        (_, ending) => Err(format!(
            "{scenario} told {:?} and ended with {:?}",
            short(&told.text),
            ending.as_ref().map(|_| "an answer")
        ) + &ending.as_ref().err().map(|error| format!(" {error:?}")).unwrap_or_default()),
    }
}

/// Runs scenarios, all at once or one after the other, and gives what went wrong.
async fn play(stream: bool, heavy: bool) -> Vec<String> {
    let recorder = Recorder::start();
    let chosen = WANTED.iter().filter(|(name, _)| HEAVY.contains(name) == heavy);
    let mut wrong = Vec::new();
    let one = async |&(name, want): &(&str, Want)| {
        let told = chat(&recorder, name, stream).await;
        judge(name, want, &told).err().map(|why| format!("{name} (stream: {stream}): {why}"))
    };
    if heavy {
        for scenario in chosen {
            wrong.extend(one(scenario).await);
        }
    } else {
        wrong.extend(futures_util::future::join_all(chosen.map(one)).await.into_iter().flatten());
    }
    wrong
}

#[test]
fn every_scenario_has_its_wanted_ending() {
    let wanted: BTreeSet<_> = WANTED.iter().map(|(name, _)| *name).collect();
    assert_eq!(wanted.len(), WANTED.len(), "a scenario is named twice");
    let unnamed: Vec<_> = scenarios().into_iter().filter(|name| !wanted.contains(name.as_str())).collect();
    assert!(unnamed.is_empty(), "without a wanted ending: {unnamed:?}");
    assert_eq!(scenarios().len(), WANTED.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streamed_chats_end_as_they_should() {
    assert_eq!(play(true, false).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_chats_end_as_they_should() {
    assert_eq!(play(false, false).await, Vec::<String>::new());
}

#[tokio::test]
async fn huge_answers_end_as_they_should() {
    assert_eq!(play(true, true).await, Vec::<String>::new());
    assert_eq!(play(false, true).await, Vec::<String>::new());
}

fn done(told: Told) -> ChatOutput {
    match told.ending.unwrap() {
        Ending::Done(output) => output,
        Ending::Cancelled => ChatOutput::default(),
    }
}

#[tokio::test]
async fn reasoning_tools_usage_and_the_reason_to_stop_are_kept() {
    let recorder = Recorder::start();
    let told = chat(&recorder, "sse-reasoning", true).await;
    assert_eq!(told.reasoning, "Let me think. (other field)");
    assert_eq!(done(told).reasoning, "Let me think. (other field)");
    let tools = done(chat(&recorder, "sse-tool-calls", true).await);
    assert_eq!(tools.finish_reason, Some(FinishReason::ToolCalls));
    let call = &tools.tool_calls[0];
    assert_eq!((call.id.as_str(), call.function.name.as_str()), ("call_1", "weather"));
    assert_eq!(call.function.arguments, "{\"city\":\"Köln\"}");
    assert_eq!(done(chat(&recorder, "sse-length", true).await).finish_reason, Some(FinishReason::Length));
    let usage = done(chat(&recorder, "chat-stream-usage", true).await).usage.unwrap();
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (11, 7));
    assert_eq!(done(chat(&recorder, "sse-huge-line", true).await).text.len(), 2 << 20);
    assert_eq!(done(chat(&recorder, "sse-many", true).await).text.split_whitespace().count(), 5_000);
}

#[tokio::test]
async fn every_retry_is_told_and_counted() {
    let recorder = Recorder::start();
    let told = chat(&recorder, "503-then-ok", true).await;
    let loading = |status: &&Status| matches!(status, Status::Loading { .. });
    let attempts = |told: &Told| -> Vec<u32> {
        let attempt = |status: &Status| match status {
            Status::Retrying { attempt, .. } => Some(*attempt),
            _ => None,
        };
        told.statuses.iter().filter_map(attempt).collect()
    };
    assert_eq!(told.statuses.iter().filter(loading).count(), 2);
    assert_eq!(attempts(&told), [2, 3]);
    let limited = chat(&recorder, "429-seconds", true).await;
    assert!(limited.took >= Duration::from_secs(2), "Retry-After was not honoured: {:?}", limited.took);
    assert_eq!(attempts(&chat(&recorder, "502-html", true).await), [2, 3, 4]);
    let far = chat(&recorder, "429-date", true).await;
    assert!(attempts(&far).is_empty());
    assert!(far.ending.unwrap_err().retry_after.unwrap() > 60.0);
    for never in ["400-openai", "401", "402", "403", "413", "422-tgi", "424-tgi", "500-json"] {
        assert!(attempts(&chat(&recorder, never, true).await).is_empty(), "{never}");
    }
}

#[tokio::test]
async fn errors_carry_what_helps() {
    let recorder = Recorder::start();
    let error = async |scenario| chat(&recorder, scenario, true).await.ending.unwrap_err();
    assert_eq!(error("400-openai").await.field.as_deref(), Some("max_tokens"));
    assert_eq!(error("422-fastapi").await.field.as_deref(), Some("prompt"));
    let gated = error("403-gated").await;
    assert_eq!((gated.status, gated.page), (Some(403), None), "a server of one's own has no page on the Hub");
    assert!(gated.request_id.unwrap().starts_with("canned-"));
    assert!(error("json-latin1").await.message.contains("Größe"));
    assert!(error("502-html").await.message.contains("502 Bad Gateway"));
    assert!(error("redirect-other-origin").await.message.contains("localhost"));
}

#[tokio::test]
async fn text_generation_ends_as_chat_does() {
    let recorder = Recorder::start();
    for (scenario, want) in [
        ("chat-stream", Text(HELLO)),
        ("chat-ok", Text(CANNED)),
        ("sse-error-mid", Fails(Provider, "partial")),
        ("sse-truncated", Fails(Incomplete, "Hello")),
        ("sse-html", Fails(Format, "")),
        ("204", Fails(Format, "")),
        ("422-tgi", Fails(Input, "")),
    ] {
        let mut text = String::new();
        let input = TextInput { prompt: "Once".into(), ..TextInput::default() };
        let mut on = |progress| {
            if let Progress::Delta(delta) = progress {
                let delta: limerick_inference::TextDelta = delta;
                text.push_str(&delta.text);
            }
        };
        let cancel = CancellationToken::new();
        let ending = client().run::<TextGeneration>(&at(&recorder, scenario), &input, &cancel, &mut on).await;
        match (want, ending) {
            (Text(want), Ok(Ending::Done(output))) => {
                assert_eq!((output.text.as_str(), text.as_str()), (want, want));
            }
            (Fails(code, partial), Err(error)) => {
                assert_eq!((error.code, text.as_str()), (code, partial));
            }
            (_, ending) => assert!(ending.is_err() && ending.is_ok(), "{scenario}: {ending:?}"),
        }
    }
}
