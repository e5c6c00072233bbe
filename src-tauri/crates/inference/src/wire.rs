//! What adapters write and read: requests, responses, replies. Pure data; keys are not in it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use limerick_tasks::{Error, ErrorCode, Media, Result, Status};
use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks for something.
    Get,
    /// Sends a body.
    Post,
    /// Changes something that is there (fal's way to cancel).
    Put,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON; `model` is its first key.
    Json(Value),
    /// A file as it is, or a form that is written already, with its media type.
    Bytes {
        /// `Content-Type`.
        media_type: String,
        /// The bytes.
        bytes: Bytes,
    },
    /// `multipart/form-data`.
    Multipart(Vec<FormField>),
}

impl Body {
    /// The JSON, where it is JSON.
    pub fn json(&self) -> Option<&Value> {
        if let Self::Json(value) = self { Some(value) } else { None }
    }
}

/// One field of a multipart form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormField {
    /// The field's name.
    pub name: String,
    /// For a file: its name and its media type.
    pub file: Option<(String, String)>,
    /// The value.
    pub bytes: Bytes,
}

impl FormField {
    /// A file under a name with the ending that its type has, by which servers tell it.
    pub(crate) fn file(field: &str, name: &str, media: &Media) -> Self {
        let unknown = media.media_type.is_empty();
        let media_type = if unknown { "application/octet-stream" } else { &media.media_type };
        let file = Some((format!("{name}.{}", media.extension()), media_type.to_owned()));
        Self { name: field.to_owned(), file, bytes: media.bytes.clone() }
    }

    /// A value: text as it is, anything else as JSON.
    pub(crate) fn value(field: String, value: &Value) -> Self {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self { name: field, file: None, bytes: text.into() }
    }
}

/// A request as an adapter writes it; the client adds the key.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// GET or POST.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Headers beside those that every request has.
    pub headers: Vec<(&'static str, String)>,
    /// What it carries.
    pub body: Body,
    /// Sent without the key, even to the key's own origin: a result file.
    pub keyless: bool,
}

impl Request {
    /// A request without a body.
    pub fn get(url: Url) -> Self {
        Self { method: Method::Get, url, headers: Vec::new(), body: Body::None, keyless: false }
    }

    /// A result file, which is fetched without the key.
    pub fn file(url: Url) -> Self {
        Self { keyless: true, ..Self::get(url) }
    }

    /// A request with a JSON body.
    pub fn post(url: Url, body: Value) -> Self {
        Self { method: Method::Post, body: Body::Json(body), ..Self::get(url) }
    }

    /// A request with a body of bytes.
    pub fn post_bytes(url: Url, media_type: impl Into<String>, bytes: Bytes) -> Self {
        let body = Body::Bytes { media_type: media_type.into(), bytes };
        Self { method: Method::Post, body, ..Self::get(url) }
    }
}

/// A request, and what the person should know about how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// What to send.
    pub request: Request,
    /// One sentence each: a parameter that was left out, a setting that the server may ignore.
    pub notes: Vec<String>,
}

/// The head of an answer.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: HeaderMap,
}

impl Head {
    /// A header's text, where it is there and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The media type without its parameters, in lower case; empty when there is none.
    pub fn media_type(&self) -> String {
        let whole = self.header("content-type").unwrap_or_default();
        whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// Status and headers.
    pub head: Head,
    /// The body, decompressed.
    pub body: Bytes,
}

impl Response {
    /// The body as JSON.
    ///
    /// # Errors
    /// `format`, with a sentence that fits what came instead: nothing, a web page, broken JSON.
    pub fn json(&self) -> Result<Value> {
        let text = decode(&self.head, &self.body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(Error::new(ErrorCode::Format, "The server answered with nothing."));
        }
        serde_json::from_str(text).map_err(|cause| not_json(text, &cause))
    }
}

fn not_json(text: &str, cause: &serde_json::Error) -> Error {
    let message = if text.starts_with('<') {
        "The server answered with a web page instead of a model's answer: check the address, or sign in to this network."
    } else {
        "The server's answer is not in a form that Limerick knows."
    };
    let start: String = text.chars().take(300).collect();
    Error::new(ErrorCode::Format, message).with_detail(format!("{cause}: {start}"))
}

/// Bytes to text: UTF-8, or Latin-1 where the header says so and UTF-8 does not fit.
pub(crate) fn decode<'a>(head: &Head, body: &'a [u8]) -> Cow<'a, str> {
    match std::str::from_utf8(body) {
        Ok(text) => text.into(),
        Err(_) if is_latin1(head) => body.iter().copied().map(char::from).collect(),
        Err(_) => String::from_utf8_lossy(body),
    }
}

fn is_latin1(head: &Head) -> bool {
    let kind = head.header("content-type").unwrap_or_default().to_ascii_lowercase();
    ["iso-8859-1", "latin1", "latin-1", "windows-1252"].iter().any(|name| kind.contains(name))
}

/// What an adapter makes of a whole answer.
#[derive(Debug)]
pub enum Reply<O> {
    /// The task is done.
    Done(O),
    /// Ask on: a job that is still running, or a result file to fetch.
    Next(Box<Next<O>>),
}

/// The next request of an exchange that takes several.
pub struct Next<O> {
    /// What to send.
    pub request: Request,
    /// How long to wait before.
    pub wait: Duration,
    /// What to tell meanwhile.
    pub status: Option<Status>,
    /// How the provider is told that nobody waits any more; sent when the task is cancelled here.
    pub cancel: Option<Request>,
    /// Reads the answer. Pure, like the adapter that made it.
    pub read: ReadNext<O>,
}

/// Reads the answer to a [`Next`] request.
pub type ReadNext<O> = Box<dyn FnOnce(&Response) -> Result<Reply<O>> + Send>;

impl<O> fmt::Debug for Next<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Next");
        fields.field("request", &self.request).field("wait", &self.wait).field("status", &self.status);
        fields.field("cancel", &self.cancel).finish_non_exhaustive()
    }
}
