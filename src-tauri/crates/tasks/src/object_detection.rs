//! `object_detection`: a picture in, boxes with labels and scores out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Media, NoDelta, Result, Task, check};

/// The task `object_detection`.
#[derive(Debug, Clone, Copy)]
pub struct ObjectDetection;

impl Task for ObjectDetection {
    type Input = ObjectDetectionInput;
    type Delta = NoDelta;
    type Output = ObjectDetectionOutput;
    const NAME: &'static str = "object_detection";

    fn model(input: &ObjectDetectionInput) -> &str {
        &input.model
    }

    fn check(input: &ObjectDetectionInput) -> Result<()> {
        check::picture("image", &input.image)?;
        check::within("threshold", input.threshold, 0.0..=1.0)
    }
}

/// A picture to find things on. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ObjectDetectionInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The picture.
    #[ts(type = "string")]
    pub image: Media,
    /// 0 to 1: how sure the model must be to name a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub threshold: Option<f64>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// Where a thing is, in pixels from the picture's top left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct BoundingBox {
    /// The left edge.
    pub xmin: f64,
    /// The upper edge.
    pub ymin: f64,
    /// The right edge.
    pub xmax: f64,
    /// The lower edge.
    pub ymax: f64,
}

/// A thing on a picture.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct DetectedObject {
    /// What it is.
    pub label: String,
    /// How sure the model is, 0 to 1.
    pub score: f64,
    /// Where it is.
    pub r#box: BoundingBox,
}

/// The things found, as the server orders them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ObjectDetectionOutput {
    /// The things.
    pub objects: Vec<DetectedObject>,
}
