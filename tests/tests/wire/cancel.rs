//! Cancelling ends a call at once, is no error, keeps what came, and the other side sees us leave.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use limerick_inference::{
    ChatCompletion, ChatInput, Client, ClientConfig, Ending, Message, Progress, Role, Route, Server, Status,
    Style,
};
use limerick_tests::recorder::Recorder;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

/// The promise of the law of runs.
const AT_ONCE: Duration = Duration::from_millis(100);

/// When a call is to be cancelled.
#[derive(Clone, Copy)]
enum When {
    /// At the first piece of the answer.
    Delta,
    /// When the next try is being waited for.
    Retrying,
    /// This long after the start.
    After(Duration),
}

/// Calls a scenario, cancels, and gives what came and how long the ending took from there.
async fn cancelled(recorder: &Recorder, scenario: &str, when: When) -> (String, Duration) {
    let cancel = CancellationToken::new();
    let url = recorder.at(&format!("/s/{scenario}/v1"));
    let route = Route::Server(Server { url, key: None, headers: Vec::new(), style: Style::Auto });
    let input = ChatInput { messages: vec![Message::new(Role::User, "hi")], ..ChatInput::default() };
    let (mut text, mut at) = (String::new(), None);
    let mut on = |progress| match progress {
        Progress::Delta(delta) => {
            let delta: limerick_inference::ChatDelta = delta;
            text.push_str(&delta.text);
            if let When::Delta = when {
                at.get_or_insert_with(Instant::now);
                cancel.cancel();
            }
        }
        Progress::Status(Status::Retrying { .. }) if matches!(when, When::Retrying) => {
            at.get_or_insert_with(Instant::now);
            cancel.cancel();
        }
        Progress::Status(_) => {}
    };
    let client = Client::new(ClientConfig::default()).unwrap();
    let later = async {
        if let When::After(wait) = when {
            tokio::time::sleep(wait).await;
            cancel.cancel();
            return Some(Instant::now());
        }
        None
    };
    let (ending, timed) = tokio::join!(client.run::<ChatCompletion>(&route, &input, &cancel, &mut on), later);
    let took = at.or(timed).unwrap().elapsed();
    assert_eq!(ending.unwrap(), Ending::Cancelled, "{scenario}");
    (text, took)
}

/// Waits until the recorder has noticed that we left.
async fn left(recorder: &Recorder) -> Value {
    for _ in 0..100 {
        let records = recorder.records().await;
        let gone = records.iter().find(|record| record["answer"].get("client_left").is_some());
        if let Some(record) = gone {
            return record.clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Value::Null
}

#[tokio::test]
async fn a_cancelled_stream_keeps_its_text_and_the_server_sees_us_leave() {
    let recorder = Recorder::start();
    let began = Instant::now();
    let (text, took) = cancelled(&recorder, "sse-stall", When::Delta).await;
    assert!(took < AT_ONCE, "{took:?}");
    assert!("waiting …".starts_with(&text) && !text.is_empty(), "{text:?}");
    let record = left(&recorder).await;
    let after = record["answer"]["client_left_after_ms"].as_u64().unwrap();
    // The recorder looks every 50 ms; starting up is not ours.
    assert!(u128::from(after) <= began.elapsed().as_millis() + 250, "{record}");
}

#[tokio::test]
async fn a_wait_for_the_next_try_is_cancelled_at_once() {
    let recorder = Recorder::start();
    let (_, took) = cancelled(&recorder, "429-seconds", When::Retrying).await;
    assert!(took < AT_ONCE, "{took:?}");
    assert_eq!(recorder.records().await.len(), 1);
}

#[tokio::test]
async fn a_call_without_an_answer_yet_is_cancelled_at_once() {
    let recorder = Recorder::start();
    for scenario in ["late-3s", "slow-loris-head", "slow-loris-body"] {
        let (_, took) = cancelled(&recorder, scenario, When::After(Duration::from_millis(200))).await;
        assert!(took < AT_ONCE, "{scenario}: {took:?}");
    }
    assert_ne!(left(&recorder).await, Value::Null);
}

#[tokio::test]
async fn a_call_that_is_cancelled_before_it_begins_sends_nothing() {
    let recorder = Recorder::start();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let url = recorder.at("/s/chat-ok/v1");
    let route = Route::Server(Server { url, key: None, headers: Vec::new(), style: Style::Auto });
    let input = ChatInput { messages: vec![Message::new(Role::User, "hi")], ..ChatInput::default() };
    let client = Client::new(ClientConfig::default()).unwrap();
    let ending = client.run::<ChatCompletion>(&route, &input, &cancel, &mut |_| {}).await;
    assert_eq!(ending.unwrap(), Ending::Cancelled);
    assert!(recorder.records().await.is_empty());
}
