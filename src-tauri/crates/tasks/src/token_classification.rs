//! `token_classification`: a text in, its names, places and other marked words out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{NoDelta, Result, Task, check};

/// The task `token_classification`.
#[derive(Debug, Clone, Copy)]
pub struct TokenClassification;

impl Task for TokenClassification {
    type Input = TokenClassificationInput;
    type Delta = NoDelta;
    type Output = TokenClassificationOutput;
    const NAME: &'static str = "token_classification";

    fn model(input: &TokenClassificationInput) -> &str {
        &input.model
    }

    fn check(input: &TokenClassificationInput) -> Result<()> {
        check::filled("text", &input.text)?;
        check::listed("ignore_labels", &input.ignore_labels, 0)
    }
}

/// A text to find names, places and the like in. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TokenClassificationInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The text.
    pub text: String,
    /// How the pieces of a word are put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub aggregation_strategy: Option<AggregationStrategy>,
    /// Labels that are of no interest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore_labels: Vec<String>,
    /// Tokens that the parts of a long text have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub stride: Option<u32>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// How the pieces of a word become one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AggregationStrategy {
    /// Not at all: one entity a token.
    None,
    /// Neighbours with the same label.
    Simple,
    /// As `simple`; a word has the label of its first token.
    First,
    /// As `simple`; a word has the label with the best average.
    Average,
    /// As `simple`; a word has the label of its surest token.
    Max,
}

/// A marked stretch of the text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Entity {
    /// The label of one token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub entity: Option<String>,
    /// The label of one or more tokens put together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub entity_group: Option<String>,
    /// How sure the model is, 0 to 1.
    pub score: f64,
    /// The text as the model's tokenizer writes it.
    pub word: String,
    /// Where it begins, in characters; slow tokenizers do not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub start: Option<u32>,
    /// Where it ends, in characters; slow tokenizers do not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub end: Option<u32>,
}

/// The entities in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TokenClassificationOutput {
    /// The entities.
    pub entities: Vec<Entity>,
}
