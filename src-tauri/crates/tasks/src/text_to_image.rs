//! `text_to_image`: words in, pictures out.
//! Field names are those of `huggingface_hub` 2.4.0; ranges are those of the task's specification.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Media, Result, Task, check};

/// The task `text_to_image`.
#[derive(Debug, Clone, Copy)]
pub struct TextToImage;

impl Task for TextToImage {
    type Input = TextToImageInput;
    type Delta = ImageDelta;
    type Output = ImageOutput;
    const NAME: &'static str = "text_to_image";

    fn model(input: &TextToImageInput) -> &str {
        &input.model
    }

    fn check(input: &TextToImageInput) -> Result<()> {
        check::filled("prompt", &input.prompt)?;
        check::at_least("height", input.height, 1)?;
        check::at_least("width", input.width, 1)?;
        check::at_least("num_inference_steps", input.num_inference_steps, 1)?;
        check::at_least("guidance_scale", input.guidance_scale, 0.0)
    }
}

/// What to paint, and how. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TextToImageInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// What the picture shows.
    pub prompt: String,
    /// What it must not show; without effect at models that were distilled (Flux, Turbo).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub negative_prompt: Option<String>,
    /// Pixels, from 1; most models want a multiple of 8 or 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub height: Option<u32>,
    /// Pixels, from 1; most models want a multiple of 8 or 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub width: Option<u32>,
    /// Steps of denoising, from 1: more is finer and slower.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub num_inference_steps: Option<u32>,
    /// From 0: how closely the picture follows the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub guidance_scale: Option<f64>,
    /// The name of a scheduler's class; at hf-inference and diffusers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scheduler: Option<String>,
    /// Equal seeds give equal pictures where the server honours it; up to 4294967295 is safe everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub seed: Option<u64>,
    /// Any other parameter of the provider.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// What a picture looks like so far: only of a model that shows it, and kept by nobody.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ImageDelta {
    /// A small picture in place of the one before, always as a `data:` URI.
    #[ts(type = "string")]
    pub preview: Media,
}

/// The pictures that came.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImageOutput {
    /// The pictures, at least one; in JSON as `data:` URIs, for a window as `media:` addresses of files.
    #[ts(type = "string[]")]
    pub images: Vec<Media>,
    /// The seed that was used, where the provider tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub seed: Option<u64>,
    /// Whether the provider's filter struck: such pictures come black or blurred.
    pub filtered: bool,
}
