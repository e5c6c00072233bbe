//! `automatic_speech_recognition`: a sound in, its words out.
//! Field names are those of `huggingface_hub` 2.4.0 and of the task's specification.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Media, NoDelta, Result, Task, check};

/// The task `automatic_speech_recognition`.
#[derive(Debug, Clone, Copy)]
pub struct AutomaticSpeechRecognition;

impl Task for AutomaticSpeechRecognition {
    type Input = SpeechRecognitionInput;
    type Delta = NoDelta;
    type Output = SpeechRecognitionOutput;
    const NAME: &'static str = "automatic_speech_recognition";

    fn model(input: &SpeechRecognitionInput) -> &str {
        &input.model
    }

    fn check(input: &SpeechRecognitionInput) -> Result<()> {
        check::sound("audio", &input.audio)
    }
}

/// What to write down. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SpeechRecognitionInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The sound; a `data:` URI in JSON, or the `media:` address of a file.
    #[ts(type = "string")]
    pub audio: Media,
    /// Say when each piece was spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub return_timestamps: Option<bool>,
    /// How tokens are chosen: `{temperature, num_beams, max_new_tokens, …}`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub generation_parameters: Map<String, Value>,
    /// Any other parameter of the provider, such as `language`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// A piece of what was said, and when.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SpeechChunk {
    /// What was said.
    pub text: String,
    /// Start and end in seconds; an end is missing where the sound breaks off.
    pub timestamp: [Option<f64>; 2],
}

/// The words that were heard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SpeechRecognitionOutput {
    /// All that was said.
    pub text: String,
    /// The same in pieces, where the server says when each was spoken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chunks: Vec<SpeechChunk>,
}
