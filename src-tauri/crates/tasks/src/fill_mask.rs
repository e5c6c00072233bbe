//! `fill_mask`: a text with a gap in, words that fit out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{NoDelta, Result, Task, check};

/// The task `fill_mask`.
#[derive(Debug, Clone, Copy)]
pub struct FillMask;

impl Task for FillMask {
    type Input = FillMaskInput;
    type Delta = NoDelta;
    type Output = FillMaskOutput;
    const NAME: &'static str = "fill_mask";

    fn model(input: &FillMaskInput) -> &str {
        &input.model
    }

    fn check(input: &FillMaskInput) -> Result<()> {
        check::filled("text", &input.text)?;
        check::listed("targets", &input.targets, 0)?;
        check::at_least("top_k", input.top_k, 1)
    }
}

/// A text with one gap or several. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FillMaskInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The text; a gap is written as the model's mask token (`[MASK]`, `<mask>`, …).
    pub text: String,
    /// Choose among these words only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// Words for each gap at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_k: Option<u32>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// A word that fits into a gap.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct MaskFilling {
    /// How sure the model is, 0 to 1.
    pub score: f64,
    /// The text with the gap filled.
    #[serde(default)]
    pub sequence: String,
    /// The token's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<u32>,
    /// The token's text.
    pub token_str: String,
}

/// What fits, gap by gap.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FillMaskOutput {
    /// For each gap in the order of the text: its words, the likeliest first.
    pub masks: Vec<Vec<MaskFilling>>,
}
