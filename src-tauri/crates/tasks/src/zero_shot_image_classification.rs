//! `zero_shot_image_classification`: a picture and labels of one's own in, their scores out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Labels, Media, NoDelta, Result, Task, check};

/// The task `zero_shot_image_classification`.
#[derive(Debug, Clone, Copy)]
pub struct ZeroShotImageClassification;

impl Task for ZeroShotImageClassification {
    type Input = ZeroShotImageClassificationInput;
    type Delta = NoDelta;
    type Output = Labels;
    const NAME: &'static str = "zero_shot_image_classification";

    fn model(input: &ZeroShotImageClassificationInput) -> &str {
        &input.model
    }

    fn check(input: &ZeroShotImageClassificationInput) -> Result<()> {
        check::picture("image", &input.image)?;
        check::listed("candidate_labels", &input.candidate_labels, 2)?;
        check::template("hypothesis_template", input.hypothesis_template.as_deref())
    }
}

/// A picture, and the classes to choose from. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ZeroShotImageClassificationInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The picture.
    #[ts(type = "string")]
    pub image: Media,
    /// The labels to choose from, at least 2.
    pub candidate_labels: Vec<String>,
    /// The sentence that each label is put into, in place of its `{}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hypothesis_template: Option<String>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}
