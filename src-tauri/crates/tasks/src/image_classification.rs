//! `image_classification`: a picture in, labels with their scores out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Labels, Media, NoDelta, OutputTransform, Result, Task, check};

/// The task `image_classification`.
#[derive(Debug, Clone, Copy)]
pub struct ImageClassification;

impl Task for ImageClassification {
    type Input = ImageClassificationInput;
    type Delta = NoDelta;
    type Output = Labels;
    const NAME: &'static str = "image_classification";

    fn model(input: &ImageClassificationInput) -> &str {
        &input.model
    }

    fn check(input: &ImageClassificationInput) -> Result<()> {
        check::picture("image", &input.image)?;
        check::at_least("top_k", input.top_k, 1)
    }
}

/// A picture to put into classes. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImageClassificationInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The picture.
    #[ts(type = "string")]
    pub image: Media,
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
