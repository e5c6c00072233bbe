//! `zero_shot_classification`: a text and labels of one's own in, their scores out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Labels, NoDelta, Result, Task, check};

/// The task `zero_shot_classification`.
#[derive(Debug, Clone, Copy)]
pub struct ZeroShotClassification;

impl Task for ZeroShotClassification {
    type Input = ZeroShotClassificationInput;
    type Delta = NoDelta;
    type Output = Labels;
    const NAME: &'static str = "zero_shot_classification";

    fn model(input: &ZeroShotClassificationInput) -> &str {
        &input.model
    }

    fn check(input: &ZeroShotClassificationInput) -> Result<()> {
        check::filled("text", &input.text)?;
        check::listed("candidate_labels", &input.candidate_labels, 1)?;
        check::template("hypothesis_template", input.hypothesis_template.as_deref())
    }
}

/// A text, and the classes to choose from. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ZeroShotClassificationInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The text.
    pub text: String,
    /// The labels to choose from, at least 1.
    pub candidate_labels: Vec<String>,
    /// Whether several labels can be true at once; otherwise the scores add up to 1. `None` means no.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub multi_label: Option<bool>,
    /// The sentence that each label is put into, in place of its `{}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hypothesis_template: Option<String>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}
