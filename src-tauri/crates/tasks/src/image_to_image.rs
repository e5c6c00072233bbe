//! `image_to_image`: a picture and words in, pictures out.
//! Field names are those of `huggingface_hub` 2.4.0; ranges are those of the task's specification.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{ImageOutput, Media, NoDelta, Result, Task, check};

/// The task `image_to_image`.
#[derive(Debug, Clone, Copy)]
pub struct ImageToImage;

impl Task for ImageToImage {
    type Input = ImageToImageInput;
    type Delta = NoDelta;
    type Output = ImageOutput;
    const NAME: &'static str = "image_to_image";

    fn model(input: &ImageToImageInput) -> &str {
        &input.model
    }

    fn check(input: &ImageToImageInput) -> Result<()> {
        check::picture("image", &input.image)?;
        check::at_least("num_inference_steps", input.num_inference_steps, 1)?;
        check::at_least("guidance_scale", input.guidance_scale, 0.0)?;
        check::at_least("target_size.height", input.target_size.map(|size| size.height), 1)?;
        check::at_least("target_size.width", input.target_size.map(|size| size.width), 1)
    }
}

/// The size that a picture shall have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TargetSize {
    /// Pixels, from 1.
    pub height: u32,
    /// Pixels, from 1.
    pub width: u32,
}

/// What to change, and how. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImageToImageInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The picture to begin with; a `data:` URI in JSON, or the `media:` address of a file.
    #[ts(type = "string")]
    pub image: Media,
    /// What to make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub prompt: Option<String>,
    /// What the picture must not show.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub negative_prompt: Option<String>,
    /// Steps of denoising, from 1: more is finer and slower.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub num_inference_steps: Option<u32>,
    /// From 0: how closely the picture follows the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub guidance_scale: Option<f64>,
    /// The size of the new picture; at some providers and models only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub target_size: Option<TargetSize>,
    /// Any other parameter of the provider, such as `strength` and `seed`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}
