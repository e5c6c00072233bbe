//! `text_classification`: a text in, labels with their scores out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Labels, NoDelta, OutputTransform, Result, Task, check};

/// The task `text_classification`.
#[derive(Debug, Clone, Copy)]
pub struct TextClassification;

impl Task for TextClassification {
    type Input = TextClassificationInput;
    type Delta = NoDelta;
    type Output = Labels;
    const NAME: &'static str = "text_classification";

    fn model(input: &TextClassificationInput) -> &str {
        &input.model
    }

    fn check(input: &TextClassificationInput) -> Result<()> {
        check::filled("text", &input.text)?;
        check::at_least("top_k", input.top_k, 1)
    }
}

/// A text to put into classes. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TextClassificationInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The text.
    pub text: String,
    /// How the scores are made of what the model gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub function_to_apply: Option<OutputTransform>,
    /// Labels at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_k: Option<u32>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}
