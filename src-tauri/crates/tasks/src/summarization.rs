//! `summarization`: a long text in, a short one out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{NoDelta, Result, Task, check};

/// The task `summarization`.
#[derive(Debug, Clone, Copy)]
pub struct Summarization;

impl Task for Summarization {
    type Input = SummarizationInput;
    type Delta = NoDelta;
    type Output = SummarizationOutput;
    const NAME: &'static str = "summarization";

    fn model(input: &SummarizationInput) -> &str {
        &input.model
    }

    fn check(input: &SummarizationInput) -> Result<()> {
        check::filled("text", &input.text)
    }
}

/// A text to shorten. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SummarizationInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The text.
    pub text: String,
    /// Whether to take out the spaces that tokens leave behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub clean_up_tokenization_spaces: Option<bool>,
    /// How the text is generated: `max_length`, `num_beams`, … as the model's library names them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub generate_parameters: Map<String, Value>,
    /// What happens to a text that is too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub truncation: Option<Truncation>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// What happens to a text that is too long for the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Truncation {
    /// It is refused.
    DoNotTruncate,
    /// The longer part is cut first.
    LongestFirst,
    /// The first part is cut.
    OnlyFirst,
    /// The second part is cut.
    OnlySecond,
}

/// A short text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SummarizationOutput {
    /// The summary.
    pub summary_text: String,
}
