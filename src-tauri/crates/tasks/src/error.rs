//! The closed error code and the one error that leaves every crate.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The result of anything that can fail in front of a person.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, as far as the app behaves differently for it.
/// A code is added only when the UI does something different for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The key is missing, wrong, or lacks a right (401, 403).
    Auth,
    /// The model's owner wants its terms accepted first, by the account of the key (403).
    Gated,
    /// The account has no credit left (402).
    Credits,
    /// The model does not exist here, or not for this task or provider (400, 404, 410).
    Model,
    /// The input was refused: a parameter, its size, its form (400, 413, 415, 422).
    Input,
    /// Too many requests (429).
    Limit,
    /// The model or its server is still starting (503 with a loading body).
    Loading,
    /// No connection: DNS, refused, reset, TLS.
    Network,
    /// A deadline passed: connect, first byte, idle or total.
    Timeout,
    /// The provider failed on its side (5xx, 424, an error inside the stream).
    Provider,
    /// The answer is not what the protocol promises (HTML, broken JSON, too large, empty).
    Format,
    /// The answer ended before its end; what came of a text is kept.
    Incomplete,
    /// The provider declined the content.
    Refused,
    /// The offline switch is on, and this needs the network.
    Offline,
    /// A disk of this machine is full, or the person's share of it.
    Disk,
    /// A fault of ours or of this machine (memory, a broken disk, a built-in model file).
    Internal,
}

/// What a person, the log and the UI need to know of a failure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Error {
    /// What the UI acts on.
    pub code: ErrorCode,
    /// One sentence for the person at the screen, with the provider's own words where they help.
    pub message: String,
    /// HTTP status of the answer, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub status: Option<u16>,
    /// Seconds the provider asks to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after: Option<f64>,
    /// The provider's id of the request, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub request_id: Option<String>,
    /// The provider that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
    /// Another provider that serves the same model, for the person to choose; nothing was sent there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next_provider: Option<String>,
    /// The page on which the person can do what is missing, such as a gated model's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub page: Option<String>,
    /// The parameter or field that the provider complains about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
    /// The technical cause, at most 2,000 characters, never a key: for "copy details" and the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub detail: Option<String>,
}

impl Error {
    /// An error with a code and its sentence; the rest is added by the `with_…` methods.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            status: None,
            retry_after: None,
            request_id: None,
            provider: None,
            next_provider: None,
            page: None,
            field: None,
            detail: None,
        }
    }

    /// A fault of ours: says what we were doing, keeps the cause as detail.
    pub fn internal(doing: &str, cause: impl fmt::Display) -> Self {
        Self::new(ErrorCode::Internal, format!("Limerick could not {doing}.")).with_detail(cause)
    }

    /// Adds the technical cause, cut at 2,000 characters.
    #[must_use]
    pub fn with_detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string().chars().take(2_000).collect());
        self
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
