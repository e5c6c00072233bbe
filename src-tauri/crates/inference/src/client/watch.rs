//! The wire view: what went out and what came back, told to whoever watches a client. Secrets are masked here,
//! and files are named by their size: nothing that leaves this file can be used to call a provider.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use limerick_tasks::Error;
use reqwest::header::{HeaderMap, HeaderName};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use url::Url;

use super::{Client, answer::Answer, send::Credentials};
use crate::key::Key;
use crate::wire::{Body, Head, Request, decode};

/// The most of an answer's text that is kept, in bytes.
const KEPT: usize = 256 << 10;
/// A text in JSON that is longer than this and has no spaces is a file.
const LONG: usize = 1_000;
/// How a picture begins in the prompt of a TGI server (hf-api 6.4).
const SHOWN: &str = "](data:";
/// What stands in the place of a secret.
const MASK: &str = "•••";
/// Parts of the names of headers and query parameters that hold secrets.
const SECRET_NAMES: [&str; 7] =
    ["authorization", "key", "token", "cookie", "secret", "signature", "credential"];

/// One request and its answer, with all secrets masked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Exchange {
    /// `GET`, `POST`, `PUT`.
    pub method: String,
    /// The address; secrets in its query are masked.
    pub url: String,
    /// What went out.
    pub request: Sheet,
    /// The status of the answer; `None` when none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub status: Option<u16>,
    /// What came back.
    pub response: Sheet,
    /// Milliseconds from sending to the head of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub head_ms: Option<f64>,
    /// Milliseconds from sending to the end of the answer.
    pub total_ms: f64,
    /// Why no answer came, or why it broke off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<String>,
}

/// Headers and body of a request or an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Sheet {
    /// Names in lower case, in the order in which they stand.
    pub headers: Vec<(String, String)>,
    /// The body as text; a file in it is named by its size.
    pub body: String,
    /// Bytes of the body, as they went over the wire (after decompression).
    pub size: usize,
}

/// Who watches a client.
pub(super) type Watcher = Arc<dyn Fn(Exchange) + Send + Sync>;

impl Client {
    /// The same client, which tells each exchange that it makes once it is over.
    #[must_use]
    pub fn watched(&self, watcher: impl Fn(Exchange) + Send + Sync + 'static) -> Self {
        Self { watcher: Some(Arc::new(watcher)), ..self.clone() }
    }

    /// Begins to write an exchange down, when somebody watches.
    pub(super) fn record(
        &self,
        request: &Request,
        headers: &HeaderMap,
        credentials: &Credentials,
    ) -> Option<Recording> {
        let watcher = self.watcher.clone()?;
        let (body, size) = sent(&request.body);
        let exchange = Exchange {
            method: format!("{:?}", request.method).to_uppercase(),
            url: masked(&request.url),
            request: Sheet { headers: shown(headers), body, size },
            ..Exchange::default()
        };
        let (kept, head, key) = (Vec::new(), Head::default(), credentials.key.clone());
        Some(Recording { watcher, since: Instant::now(), exchange, kept, head, key })
    }
}

/// An exchange that is under way; it is told when this is dropped.
pub(super) struct Recording {
    watcher: Watcher,
    since: Instant,
    exchange: Exchange,
    kept: Vec<u8>,
    head: Head,
    /// A server may send the key back.
    key: Option<Key>,
}

impl Recording {
    pub(super) fn head(&mut self, head: &Head) {
        self.exchange.status = Some(head.status);
        self.exchange.head_ms = Some(self.elapsed());
        self.exchange.response.headers = shown(&head.headers);
        self.head = head.clone();
    }

    pub(super) fn piece(&mut self, piece: &Bytes) {
        self.exchange.response.size += piece.len();
        let room = KEPT.saturating_sub(self.kept.len()).min(piece.len());
        self.kept.extend_from_slice(&piece[..room]);
    }

    pub(super) fn failed(&mut self, error: &Error) {
        self.exchange.error = Some(error.message.clone());
    }

    fn elapsed(&self) -> f64 {
        self.since.elapsed().as_secs_f64() * 1e3
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let mut exchange = std::mem::take(&mut self.exchange);
        exchange.total_ms = self.elapsed();
        exchange.response.body = received(&self.head, &self.kept, exchange.response.size);
        if let Some(key) = &self.key {
            let texts = exchange.response.headers.iter_mut().map(|(_, value)| value);
            for text in texts.chain([&mut exchange.response.body, &mut exchange.request.body]) {
                *text = key.scrub(text);
            }
        }
        (self.watcher)(exchange);
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").field("url", &self.exchange.url).finish_non_exhaustive()
    }
}

impl Answer {
    /// Writes the rest of this answer down, too.
    pub(super) fn recorded(mut self, recording: Option<Recording>) -> Self {
        self.body.recording = recording.map(|mut recording| {
            recording.head(&self.head);
            recording
        });
        self
    }
}

fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let value = |name: &HeaderName, value: &reqwest::header::HeaderValue| {
        if value.is_sensitive() || is_secret(name.as_str()) {
            return MASK.to_owned();
        }
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    };
    headers.iter().map(|(name, held)| (name.as_str().to_owned(), value(name, held))).collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// The address without a password and without what its query keeps secret.
fn masked(url: &Url) -> String {
    let mut url = url.clone();
    // An address that can have none needs none taken away.
    let _ = url.set_password(None);
    if !url.query_pairs().any(|(name, _)| is_secret(&name)) {
        return url.into();
    }
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(pairs.iter().map(|(name, value)| (name, if is_secret(name) { MASK } else { value })));
    url.into()
}

/// A request's body as text, and its size.
fn sent(body: &Body) -> (String, usize) {
    match body {
        Body::None => (String::new(), 0),
        Body::Json(value) => {
            let size = value.to_string().len();
            (pretty(value.clone()), size)
        }
        Body::Bytes { media_type, bytes } if media_type.starts_with("application/x-www-form-urlencoded") => {
            // A form of ours carries sign-in codes.
            (MASK.to_owned(), bytes.len())
        }
        Body::Bytes { media_type, bytes } => (file(media_type, bytes.len()), bytes.len()),
        Body::Multipart(fields) => {
            let line = |field: &crate::wire::FormField| match &field.file {
                Some((name, kind)) => format!("{}: {name}, {}", field.name, file(kind, field.bytes.len())),
                None => format!("{}: {}", field.name, String::from_utf8_lossy(&field.bytes)),
            };
            let size = fields.iter().map(|field| field.bytes.len()).sum();
            (fields.iter().map(line).collect::<Vec<_>>().join("\n"), size)
        }
    }
}

fn file(kind: &str, size: usize) -> String {
    format!("({kind}, {size} bytes)")
}

/// An answer's body as text.
fn received(head: &Head, kept: &[u8], size: usize) -> String {
    if kept.is_empty() {
        return String::new();
    }
    let kind = head.media_type();
    let words = kind.starts_with("text/") || kind.contains("json") || kind.contains("xml") || kind.is_empty();
    if !words {
        return file(&kind, size);
    }
    match serde_json::from_slice(kept) {
        Ok(value) if size == kept.len() => pretty(value),
        _ if size > kept.len() => format!("{}\n… ({size} bytes in all)", decode(head, kept)),
        _ => decode(head, kept).into_owned(),
    }
}

/// Indented, files named by their size, secrets masked.
fn pretty(mut value: Value) -> String {
    tidy(&mut value);
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn tidy(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONG && !text.contains(char::is_whitespace) => {
            let kind = text.strip_prefix("data:").and_then(|rest| rest.split_once([';', ',']));
            *text = file(kind.map_or("base64", |(kind, _)| kind), text.len());
        }
        Value::String(text) if text.contains(SHOWN) => *text = without_files(text),
        Value::Array(list) => list.iter_mut().for_each(tidy),
        Value::Object(fields) => {
            for (name, value) in fields {
                if value.is_string() && hides(name) {
                    *value = MASK.into();
                }
                tidy(value);
            }
        }
        _ => {}
    }
}

/// A prompt whose pictures are named by their size.
fn without_files(prompt: &str) -> String {
    let mut parts = prompt.split(SHOWN);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let long = part.split_once(')').filter(|(uri, _)| uri.len() > LONG);
        match long.and_then(|(uri, rest)| Some((uri.split_once([';', ','])?.0, uri.len(), rest))) {
            Some((kind, size, rest)) => text.extend(["](", &file(kind, size)[1..], rest]),
            None => text.extend([SHOWN, part]),
        }
    }
    text
}

/// Names in JSON that hold secrets; `max_tokens` and `token` of a tokenizer do not.
fn hides(name: &str) -> bool {
    [
        "api_key",
        "apikey",
        "access_token",
        "refresh_token",
        "id_token",
        "authorization",
        "password",
        "device_code",
    ]
    .contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use reqwest::header::HeaderValue;
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let url = Url::parse("https://me:pass@a.test/x?api_key=s3cret&page=2").unwrap();
        let masked = masked(&url);
        assert!(
            !masked.contains("s3cret") && !masked.contains("pass") && masked.contains("page=2"),
            "{masked}"
        );
        let mut headers = HeaderMap::new();
        headers.insert("x-key", HeaderValue::from_static("s3cret"));
        headers.insert("accept", HeaderValue::from_static("*/*"));
        assert_eq!(shown(&headers), [("x-key".into(), MASK.into()), ("accept".into(), "*/*".into())]);
        let body = pretty(json!({"access_token": "s3cret", "max_tokens": 4, "token": "the"}));
        assert!(!body.contains("s3cret") && body.contains("max_tokens") && body.contains("the"), "{body}");
    }

    #[test]
    fn files_are_named_by_their_size() {
        let picture = format!("data:image/png;base64,{}", "A".repeat(4_000));
        let body =
            Body::Json(json!({"inputs": "A".repeat(2_000), "image": picture, "prompt": "a ".repeat(2_000)}));
        let (text, size) = sent(&body);
        assert!(text.contains("(base64, 2000 bytes)") && text.contains("(image/png, 4022 bytes)"), "{text}");
        assert!(size > 10_000 && text.contains("a a a"));
        let prompt = format!("User:![]({picture})What is this?![](data:,short)");
        let (text, _) = sent(&Body::Json(json!({ "inputs": prompt })));
        assert!(text.contains("User:![](image/png, 4017 bytes)What is this?![](data:,short)"), "{text}");
        let mut head = Head::default();
        head.headers.insert("content-type", HeaderValue::from_static("image/png"));
        assert_eq!(received(&head, b"\x89PNG", 4), "(image/png, 4 bytes)");
    }

    #[test]
    fn a_long_answer_says_how_long_it_was() {
        assert_eq!(received(&Head::default(), b"abc", 900), "abc\n… (900 bytes in all)");
        assert_eq!(received(&Head::default(), b"{\"a\":1}", 7), "{\n  \"a\": 1\n}");
    }
}
