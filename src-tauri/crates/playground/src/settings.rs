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

/// What happens where an answer may be there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// Every run asks.
    #[default]
    Ask,
    /// What was asked before in the very same way is answered from the history, and nothing is sent.
    Keep,
    /// Every run asks, and servers that keep answers are told to make a new one.
    New,
}

/// What the person has set. Missing fields take their defaults, unknown ones are kept by the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// How large everything in the window is drawn, percent: 50 to 300.
    pub zoom: u16,
    /// Words for a screen reader.
    pub announce: Announce,
    /// No request leaves this machine; enforced in Rust. Servers on this machine (loopback) stay reachable.
    pub offline: bool,
    /// `http:`, `https:` or `socks5:` URL; `None` takes the environment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub proxy: Option<String>,
    /// PEM file with further certificate authorities to trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ca_file: Option<String>,
    /// Client id of an OAuth app at Hugging Face: with it, one can sign in with a code instead of pasting a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sign_in_client: Option<String>,
    /// Show answers as formatted text.
    pub markdown: bool,
    /// Whether what was asked before is asked again.
    pub answers: Answers,
    /// Play what a voice says as soon as it can be heard.
    pub autoplay: bool,
    /// Where sound is heard; `None` is the system's own choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sound_device: Option<String>,
    /// How loud sound is: 0 (silent) to 1 (as recorded).
    pub volume: f32,
    /// What the UI itself remembers: open tab, sizes, drafts, parameters. Its shape is the UI's own.
    #[ts(type = "Record<string, unknown>")]
    pub ui: serde_json::Map<String, serde_json::Value>,
}

impl Settings {
    /// Reads what was saved; a field that cannot be read takes its default, and every number is within its range.
    pub fn lenient(saved: &serde_json::Map<String, serde_json::Value>) -> Self {
        let whole: std::result::Result<Self, _> =
            serde_json::from_value(serde_json::Value::Object(saved.clone()));
        let read = whole.unwrap_or_else(|_| {
            let readable = saved.iter().filter(|(name, value)| {
                let alone = serde_json::Map::from_iter([((*name).clone(), (*value).clone())]);
                serde_json::from_value::<Self>(serde_json::Value::Object(alone)).is_ok()
            });
            let readable = readable.map(|(name, value)| (name.clone(), value.clone())).collect();
            serde_json::from_value(serde_json::Value::Object(readable)).unwrap_or_default()
        });
        read.within_range()
    }

    /// The same with every number within its range.
    pub(crate) fn within_range(mut self) -> Self {
        self.zoom = self.zoom.clamp(50, 300);
        self.volume = if self.volume.is_finite() { self.volume.clamp(0.0, 1.0) } else { 1.0 };
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            zoom: 100,
            announce: Announce::default(),
            offline: false,
            proxy: None,
            ca_file: None,
            sign_in_client: None,
            markdown: true,
            answers: Answers::default(),
            autoplay: true,
            sound_device: None,
            volume: 1.0,
            ui: serde_json::Map::new(),
        }
    }
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_broken_field_costs_only_itself() {
        let saved = serde_json::json!({"theme": "dark", "offline": "perhaps", "later": {"x": 1}});
        let settings = Settings::lenient(saved.as_object().unwrap());
        assert_eq!((settings.theme, settings.offline, settings.markdown), (Theme::Dark, false, true));
        assert!(settings.autoplay && settings.volume.to_bits() == 1.0_f32.to_bits());
    }

    #[test]
    fn a_zoom_leaves_something_to_see() {
        for (said, is) in [(0, 50), (125, 125), (u16::MAX, 300)] {
            assert_eq!(Settings { zoom: said, ..Settings::default() }.within_range().zoom, is);
        }
    }

    #[test]
    fn a_volume_is_from_silent_to_as_recorded() {
        for (said, is) in [(-1.0, 0.0), (0.5, 0.5), (7.0, 1.0), (f32::NAN, 1.0)] {
            let settings = Settings { volume: said, ..Settings::default() }.within_range();
            assert_eq!(settings.volume.to_bits(), f32::to_bits(is), "{said}");
        }
    }
}
