//! Runs as History lists them: which are meant, what a row shows, and a page of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::RunState;

/// A run as the History list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RunSummary {
    /// Its UUID.
    pub id: String,
    /// `huggingface_hub`'s name of the task.
    pub task: String,
    /// Where it stands.
    pub state: RunState,
    /// Milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub created_at: i64,
    /// The connection's name.
    pub connection_name: String,
    /// The provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
    /// The model.
    pub model: String,
    /// The prompt, at most 200 characters.
    pub prompt: String,
    /// The answer, at most 200 characters; with a search, the part around the hit.
    pub answer: String,
    /// The error's sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<String>,
    /// The conversation it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub conversation: Option<String>,
    /// Starred.
    pub favourite: bool,
    /// The first picture that it made, else the first that it was asked about, as a `media:` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub picture: Option<String>,
    /// How many pictures it made.
    pub pictures: u32,
    /// 0 to 1: how near its words are to the question; only of a search by meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub nearness: Option<f64>,
}

/// Which runs are meant; what is not set leaves nothing out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RunFilter {
    /// Words to find in prompts, answers, models and notes; empty lists all.
    pub query: String,
    /// `query` is compared by its meaning, not by its words: nearest first, at most 100, no further page.
    #[ts(optional, as = "Option<bool>")]
    pub by_meaning: bool,
    /// Only this task.
    #[ts(optional)]
    pub task: Option<String>,
    /// Only runs that were asked about a picture, or only the others.
    #[ts(optional)]
    pub sees: Option<bool>,
    /// Only this state.
    #[ts(optional)]
    pub state: Option<RunState>,
    /// Only this model, as a person knows it.
    #[ts(optional)]
    pub model: Option<String>,
    /// Only this provider; for a run that has none, its connection's name.
    #[ts(optional)]
    pub provider: Option<String>,
    /// Not before, milliseconds since 1970 UTC.
    #[ts(optional, type = "number")]
    pub since: Option<i64>,
    /// Before, milliseconds since 1970 UTC.
    #[ts(optional, type = "number")]
    pub until: Option<i64>,
    /// Only with this tag.
    #[ts(optional)]
    pub tag: Option<String>,
    /// Only what was asked for together.
    #[ts(optional)]
    pub batch: Option<String>,
    /// Only starred ones.
    #[ts(optional, as = "Option<bool>")]
    pub favourite: bool,
}

/// Which runs to list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListRuns {
    /// Which.
    #[serde(flatten)]
    pub filter: RunFilter,
    /// `next` of the page before.
    #[ts(optional)]
    pub cursor: Option<String>,
    /// 1 to 200; 0 means 50.
    pub limit: u32,
}

/// A page of History.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RunPage {
    /// Newest first.
    pub runs: Vec<RunSummary>,
    /// All runs that match.
    pub total: u32,
    /// Cursor of the next page; `None` at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next: Option<String>,
}
