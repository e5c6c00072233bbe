//! Built-in models: which there are, which are here, getting, checking and removing them.

use limerick_tasks::Error;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether a built-in model can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ModelState {
    /// Not on this machine.
    Absent,
    /// A part of it has been fetched.
    Partial {
        /// Bytes that are here.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// Here and of the right size.
    Present,
    /// Here, but not what it should be.
    Broken {
        /// One sentence.
        reason: String,
    },
}

/// A model that runs inside the app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BuiltinModel {
    /// `quick`, `good`, `kokoro`, or `file:` and a path for a file of the person's own.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One plain sentence.
    pub about: String,
    /// What it can do: `chat_completion`, `text_generation`, `text_to_speech`.
    pub tasks: Vec<String>,
    /// Its licence, or empty for a file of the person's own.
    pub licence: String,
    /// Bytes on disk, all its files together.
    #[ts(type = "number")]
    pub size: u64,
    /// Tokens of context; a voice has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub context_length: Option<u32>,
    /// The person's own file: it can be taken off the list, never deleted.
    pub own: bool,
    /// Whether it can be used.
    #[serde(flatten)]
    pub state: ModelState,
}

/// What happens while a model is fetched or verified. `done`, `failed` or `cancelled` ends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FetchEvent {
    /// How far it is.
    Progress {
        /// Bytes that are here (or checked).
        #[ts(type = "number")]
        bytes: u64,
        /// Bytes in all.
        #[ts(type = "number")]
        total: u64,
    },
    /// It is here and its hash is right.
    Done,
    /// It failed; what was fetched is kept for the next try, unless its hash was wrong.
    Failed {
        /// Why.
        #[serde(flatten)]
        error: Error,
    },
    /// The person stopped it.
    Cancelled,
}
