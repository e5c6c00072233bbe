//! Settings, and what the app says about itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::KeyStorage;

/// Colours of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What a screen reader is told while an answer streams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Announce {
    /// Nothing.
    Off,
    /// That it started and that it finished, with its length.
    #[default]
    Finish,
    /// The answer itself, in sentences.
    Sentences,
}

/// What the person has set. Missing fields take their defaults, unknown ones are kept by the store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Words for a screen reader.
    pub announce: Announce,
    /// No request leaves this machine; enforced in Rust. Servers on this machine (loopback) stay reachable.
    pub offline: bool,
    /// `http:`, `https:` or `socks5:` URL; `None` takes the environment's.
    #[ts(optional)]
    pub proxy: Option<String>,
    /// PEM file with further certificate authorities to trust.
    #[ts(optional)]
    pub ca_file: Option<String>,
    /// Show answers as formatted text.
    #[serde(default = "yes")]
    pub markdown: bool,
    /// What the UI itself remembers: open tab, sizes, drafts, parameters. Its shape is the UI's own.
    #[ts(type = "Record<string, unknown>")]
    pub ui: serde_json::Map<String, serde_json::Value>,
}

fn yes() -> bool {
    true
}

/// What the About page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppInfo {
    /// Version of the app.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub platform: String,
    /// Folder with the history and the settings.
    pub data_folder: String,
    /// Folder with the built-in models.
    pub models_folder: String,
    /// Where keys are kept.
    pub key_storage: KeyStorage,
}
