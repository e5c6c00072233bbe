//! Gradio Spaces: what they say of themselves, what they are sent, how their answers are read (hf-api 7). Pure.

mod config;
mod cookies;
mod data;
mod diff;
mod failure;
mod fields;
mod files;
mod form;
mod outputs;
mod picture;
mod place;
mod reader;
mod sight;
mod stage;
#[cfg(test)]
mod tests;
mod voice;

#[cfg(test)]
pub(crate) use diff::Patcher;

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;
use url::Url;

pub(crate) use config::{Config, Protocol};
pub(crate) use cookies::Cookies;
pub(crate) use data::{Data, arrange};
pub(crate) use failure::{from_answer, no_endpoint, undescribed};
pub use files::SpaceFile;
pub(crate) use files::{may_be_fetched, too_large};
pub(crate) use form::read as form;
pub use form::{Choice, Endpoint, Parameter, ParameterKind, Returned};
pub use place::space_address;
pub(crate) use place::{Place, by_hand, host_of, is_hugging_face, read as place};
pub(crate) use reader::Reading;
pub(crate) use stage::{Runtime, Stage, read as runtime};

use crate::key::Key;

/// A Space that was opened: its form, and the way in. Serialised, the way in (and the key) is left out.
#[derive(Clone, Serialize, TS)]
pub struct Space {
    /// `owner/name`, where it was opened by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<String>,
    /// Its address.
    #[ts(type = "string")]
    pub url: Url,
    /// What it calls itself.
    pub title: String,
    /// Gradio's version, such as `5.49.1`.
    pub version: String,
    /// The largest file in bytes that it takes, where it says so.
    #[ts(type = "number | null")]
    pub max_file_size: Option<u64>,
    /// Whether it runs on `ZeroGPU`, where every account has a number of minutes a day.
    pub zero_gpu: bool,
    /// What can be called.
    pub endpoints: Vec<Endpoint>,
    /// Where its routes begin: the address with the prefix.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) api: Url,
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) protocol: Protocol,
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) key: Option<Key>,
}

impl Space {
    /// The endpoint of this name, with or without its slash.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        let bare = name.trim_start_matches('/');
        self.endpoints.iter().find(|endpoint| endpoint.name.trim_start_matches('/') == bare)
    }

    /// What a person calls it: its id, else its host.
    pub fn name(&self) -> &str {
        self.id.as_deref().or(self.url.host_str()).unwrap_or_default()
    }
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Space");
        fields.field("url", &self.url.as_str()).field("version", &self.version);
        fields.field("endpoints", &self.endpoints.len()).finish_non_exhaustive()
    }
}

/// A change of one output while a Space works; joined, the deltas make [`SpaceOutput::data`].
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SpaceDelta {
    /// Which output, counted like [`Endpoint::returns`].
    pub output: usize,
    /// What happens to it.
    #[serde(flatten)]
    pub change: Change,
}

/// What happens to an output.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A text goes on.
    Append(String),
    /// Another value stands there now.
    Replace(Value),
}

/// What a Space answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct SpaceOutput {
    /// One value an output, in the order of [`Endpoint::returns`].
    pub data: Vec<Value>,
    /// The files among them that may be fetched; see [`crate::Client::space_file`].
    pub files: Vec<SpaceFile>,
    /// One sentence each about files that were left out, because they must not be fetched.
    pub left_out: Vec<String>,
    /// Seconds that the Space worked, where it says so.
    pub duration: Option<f64>,
}
