//! `text_to_speech`: words in, a sound out.
//! Field names are those of `huggingface_hub` 2.4.0; ranges are those of the task's specification.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Media, Result, Task, check};

/// The task `text_to_speech`.
#[derive(Debug, Clone, Copy)]
pub struct TextToSpeech;

impl Task for TextToSpeech {
    type Input = TextToSpeechInput;
    type Delta = SpeechDelta;
    type Output = AudioOutput;
    const NAME: &'static str = "text_to_speech";

    fn model(input: &TextToSpeechInput) -> &str {
        &input.model
    }

    fn check(input: &TextToSpeechInput) -> Result<()> {
        check::filled("text", &input.text)?;
        for (name, value) in input.fractions() {
            check::within(name, value, 0.0..=1.0)?;
        }
        for (name, value) in input.counts() {
            check::at_least(name, value, 1)?;
        }
        check::at_least("penalty_alpha", input.penalty_alpha, 0.0)?;
        check::at_least("temperature", input.temperature, 0.0)
    }
}

/// What to say, and how. A parameter that is `None` is left out of the request; a voice goes into
/// `extra_body`, as every provider names its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TextToSpeechInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// What to say.
    pub text: String,
    /// Draw tokens by chance, rather than always the likeliest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub do_sample: Option<bool>,
    /// When a search in beams stops: `true`, `false` or `"never"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "boolean | \"never\"")]
    pub early_stopping: Option<Value>,
    /// 0 to 1: only tokens that are likelier than this are drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub epsilon_cutoff: Option<f64>,
    /// 0 to 1: a bound of locally typical and epsilon sampling together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub eta_cutoff: Option<f64>,
    /// Tokens at most, those of the text included, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_length: Option<u32>,
    /// Tokens to write at most, from 1; goes before `max_length`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_new_tokens: Option<u32>,
    /// Tokens at least, those of the text included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub min_length: Option<u32>,
    /// Tokens to write at least; goes before `min_length`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub min_new_tokens: Option<u32>,
    /// Groups of beams, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub num_beam_groups: Option<u32>,
    /// Beams, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub num_beams: Option<u32>,
    /// From 0: weighs confidence against repetition in a contrastive search.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub penalty_alpha: Option<f64>,
    /// From 0 (always the likeliest).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub temperature: Option<f64>,
    /// Choose among this many of the likeliest tokens, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_k: Option<u32>,
    /// 0 to 1: choose among the likeliest tokens that add up to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_p: Option<f64>,
    /// 0 to 1: choose among the most typical tokens that add up to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub typical_p: Option<f64>,
    /// Keep what was computed for the tokens before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub use_cache: Option<bool>,
    /// Any other parameter of the provider, such as `voice`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

impl TextToSpeechInput {
    /// The parameters that lie between 0 and 1.
    fn fractions(&self) -> [(&'static str, Option<f64>); 4] {
        [
            ("epsilon_cutoff", self.epsilon_cutoff),
            ("eta_cutoff", self.eta_cutoff),
            ("top_p", self.top_p),
            ("typical_p", self.typical_p),
        ]
    }

    /// The parameters that count something and begin at 1.
    fn counts(&self) -> [(&'static str, Option<u32>); 5] {
        [
            ("max_length", self.max_length),
            ("max_new_tokens", self.max_new_tokens),
            ("num_beam_groups", self.num_beam_groups),
            ("num_beams", self.num_beams),
            ("top_k", self.top_k),
        ]
    }
}

/// Sentences that can be heard already, while the rest is still being spoken.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SpeechDelta {
    /// In the order in which they are heard.
    pub captions: Vec<Caption>,
}

/// One sentence and where it lies in the sound.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Caption {
    /// What is said, as it was written.
    pub text: String,
    /// Seconds from the start of the sound.
    pub start: f64,
    /// Seconds from the start of the sound, its closing pause left out.
    pub end: f64,
}

/// A voice that a model speaks with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Voice {
    /// What the model calls it, as it goes on the wire (`af_heart`, `v2/en_speaker_6`).
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// Its language as a BCP 47 tag (`en-US`), where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub language: Option<String>,
    /// A few words (`woman`, `deep`), where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<String>,
}

/// The sound that came.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AudioOutput {
    /// The sound as the server made it; in JSON a `data:` URI, for a window the `media:` address of a file.
    #[ts(type = "string")]
    pub audio: Media,
    /// What is said when, where the voice tells: the built-in ones do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Caption>>")]
    pub captions: Vec<Caption>,
}
