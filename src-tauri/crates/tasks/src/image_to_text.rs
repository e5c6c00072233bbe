//! `image_to_text`: a picture in, its description or the text on it out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Media, NoDelta, Result, Task, check};

/// The task `image_to_text`.
#[derive(Debug, Clone, Copy)]
pub struct ImageToText;

impl Task for ImageToText {
    type Input = ImageToTextInput;
    type Delta = NoDelta;
    type Output = ImageToTextOutput;
    const NAME: &'static str = "image_to_text";

    fn model(input: &ImageToTextInput) -> &str {
        &input.model
    }

    fn check(input: &ImageToTextInput) -> Result<()> {
        check::picture("image", &input.image)?;
        check::at_least("max_new_tokens", input.max_new_tokens, 1)
    }
}

/// A picture to describe or read. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImageToTextInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The picture.
    #[ts(type = "string")]
    pub image: Media,
    /// Tokens to write at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_new_tokens: Option<u32>,
    /// How the text is generated: `temperature`, `top_p`, `num_beams`, … as the model's library names them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub generation_parameters: Map<String, Value>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// What the model read or saw.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImageToTextOutput {
    /// The description, or the text on the picture; often Markdown.
    pub generated_text: String,
}
