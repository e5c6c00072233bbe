//! `feature_extraction`: texts in, their embeddings out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{NoDelta, Result, Task, Usage, check};

/// The task `feature_extraction`.
#[derive(Debug, Clone, Copy)]
pub struct FeatureExtraction;

impl Task for FeatureExtraction {
    type Input = FeatureExtractionInput;
    type Delta = NoDelta;
    type Output = FeatureExtractionOutput;
    const NAME: &'static str = "feature_extraction";

    fn model(input: &FeatureExtractionInput) -> &str {
        &input.model
    }

    fn check(input: &FeatureExtractionInput) -> Result<()> {
        check::listed("text", input.text.all(), 1)?;
        check::at_least("dimensions", input.dimensions, 1)
    }
}

/// Texts to embed. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FeatureExtractionInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The text, or several.
    pub text: Texts,
    /// Whether embeddings have the length 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub normalize: Option<bool>,
    /// The name of the model's own prompt to put before each text (`query`, `document`, …).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub prompt_name: Option<String>,
    /// Whether a text that is too long is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub truncate: Option<bool>,
    /// The end that is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub truncation_direction: Option<TruncationDirection>,
    /// Numbers in an embedding, from 1; models that were trained for it only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub dimensions: Option<u32>,
    /// How the numbers come over the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub encoding_format: Option<EncodingFormat>,
    /// Any other key, merged into the root of the request.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// One text, or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Texts {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Texts {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self::One(String::new())
    }
}

/// Which end of a text that is too long is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TruncationDirection {
    /// Its beginning.
    Left,
    /// Its end.
    Right,
}

/// How numbers come over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EncodingFormat {
    /// As numbers.
    Float,
    /// As the bytes of 32-bit floats in base64; shorter.
    Base64,
}

/// The embeddings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FeatureExtractionOutput {
    /// For each text, in their order: its numbers.
    pub embeddings: Vec<Vec<f32>>,
    /// The server sent one embedding a token; each text has their average.
    pub averaged: bool,
    /// Tokens, where the server counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub usage: Option<Usage>,
}
