//! `translation`: a text in, the same in another language out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{NoDelta, Result, Task, Truncation, check};

/// The task `translation`.
#[derive(Debug, Clone, Copy)]
pub struct Translation;

impl Task for Translation {
    type Input = TranslationInput;
    type Delta = NoDelta;
    type Output = TranslationOutput;
    const NAME: &'static str = "translation";

    fn model(input: &TranslationInput) -> &str {
        &input.model
    }

    fn check(input: &TranslationInput) -> Result<()> {
        check::filled("text", &input.text)?;
        check::together(("src_lang", input.src_lang.is_some()), ("tgt_lang", input.tgt_lang.is_some()))
    }
}

/// A text to translate. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TranslationInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The text.
    pub text: String,
    /// The language of the text, as the model names it; goes with `tgt_lang`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub src_lang: Option<String>,
    /// The language to translate to, as the model names it; goes with `src_lang`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tgt_lang: Option<String>,
    /// Whether to take out the spaces that tokens leave behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub clean_up_tokenization_spaces: Option<bool>,
    /// What happens to a text that is too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub truncation: Option<Truncation>,
    /// How the text is generated: `max_length`, `num_beams`, … as the model's library names them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub generate_parameters: Map<String, Value>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// A translated text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TranslationOutput {
    /// The translation.
    pub translation_text: String,
}
