//! How a scenario of the recorder is played: with short deadlines, through any task, to what was told and how it ended.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use limerick_inference::{
    Client, ClientConfig, Deadlines, Ending, Error, Key, Progress, Result, Retries, Route, Server, Status,
    Style, Task, WireTask,
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::recorder::Recorder;

/// The whole call must be over by then, whatever the other side does.
pub const TOTAL: Duration = Duration::from_secs(8);
/// What the recorder's machine may be late when everything runs at once.
pub const SLACK: Duration = Duration::from_secs(3);
/// Scenarios whose bodies are so large that they would delay the others.
pub const HEAVY: [&str; 6] =
    ["json-huge", "json-deep", "zeros-512m", "gzip-bomb", "sse-huge-line", "sse-many"];
/// What goes along with every call, and must never come back in an error.
const KEY: &str = "key_peer_test";

/// What one call told and how it ended; deltas and output as JSON.
pub struct Told {
    /// The deltas' `text`, one after the other.
    pub text: String,
    /// Whether it was tried again.
    pub retried: bool,
    /// From the start to the ending.
    pub took: Duration,
    /// The output.
    pub ending: Result<Value>,
}

/// A client that gives up soon.
pub fn client() -> Client {
    let deadlines = Deadlines {
        connect: Duration::from_secs(2),
        first_byte: Duration::from_millis(2_500),
        idle: Duration::from_secs(2),
        total: Some(TOTAL),
    };
    let retries = Retries { base: Duration::from_millis(20), ..Retries::default() };
    Client::new(ClientConfig { deadlines, retries, body_cap: 8 << 20, ..ClientConfig::default() }).unwrap()
}

/// To a path of the recorder, with a key.
pub fn server(recorder: &Recorder, path: &str, style: Style) -> Route {
    let url = recorder.at(path);
    let key = Key::new(&KEY.into(), &url).unwrap();
    Route::Server(Server { url, key: Some(key), headers: Vec::new(), style })
}

/// Runs a task; its input as JSON.
pub async fn play<T: WireTask>(client: &Client, route: &Route, input: &Value) -> Told {
    let input: <T as Task>::Input = serde_json::from_value(input.clone()).unwrap();
    let (mut text, mut retried) = (String::new(), false);
    let began = Instant::now();
    let mut on = |progress| match progress {
        Progress::Status(status) => retried |= matches!(status, Status::Retrying { .. }),
        Progress::Delta(delta) => {
            let delta = serde_json::to_value::<T::Delta>(delta).unwrap();
            text.push_str(delta["text"].as_str().unwrap_or_default());
        }
    };
    let ending = client.run::<T>(route, &input, &CancellationToken::new(), &mut on).await;
    let ending = ending.map(|ending| match ending {
        Ending::Done(output) => serde_json::to_value(output).unwrap(),
        Ending::Cancelled => Value::Null,
    });
    Told { text, retried, took: began.elapsed(), ending }
}

/// A sentence for a person, no page, no key; else what is wrong with it.
///
/// # Errors
/// The error itself.
pub fn sensible(error: &Error) -> std::result::Result<(), String> {
    let message = &error.message;
    let page = message.contains("</") || message.contains("<html") || message.contains('\n');
    let fine = message.ends_with('.') && message.len() < 600 && !page;
    let secret = format!("{error:?}").contains(KEY);
    if fine && !secret { Ok(()) } else { Err(format!("no sentence for a person: {error:?}")) }
}
