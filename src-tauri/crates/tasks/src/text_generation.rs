//! `text_generation`: a raw prompt in, its continuation out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0 and TGI's validation.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{FinishReason, Result, Task, Timings, Usage, check};

/// The task `text_generation`.
#[derive(Debug, Clone, Copy)]
pub struct TextGeneration;

impl Task for TextGeneration {
    type Input = TextInput;
    type Delta = TextDelta;
    type Output = TextOutput;
    const NAME: &'static str = "text_generation";

    fn model(input: &TextInput) -> &str {
        &input.model
    }

    fn check(input: &TextInput) -> Result<()> {
        check::at_least("max_new_tokens", input.max_new_tokens, 1)?;
        check::at_least("temperature", input.temperature, 0.0)?;
        check::within("top_p", input.top_p, 0.0..=1.0)?;
        check::within("typical_p", input.typical_p, 0.0..=1.0)?;
        check::above("repetition_penalty", input.repetition_penalty, 0.0)?;
        check::within("frequency_penalty", input.frequency_penalty, -2.0..=2.0)?;
        check::at_least("best_of", input.best_of, 1)?;
        check::at_least("truncate", input.truncate, 1)
    }
}

/// A prompt and how to go on from it. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TextInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The raw prompt; no chat template is applied.
    pub prompt: String,
    /// Tokens to write at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_new_tokens: Option<u32>,
    /// TGI wants over 0; 0 is sent as "no sampling" where that exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub temperature: Option<f64>,
    /// 0 < p < 1 at TGI.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_p: Option<f64>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_k: Option<u32>,
    /// 0 < p < 1 at TGI.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub typical_p: Option<f64>,
    /// Over 1 makes repeated words less likely.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub repetition_penalty: Option<f64>,
    /// -2 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub frequency_penalty: Option<f64>,
    /// Off: always the likeliest token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub do_sample: Option<bool>,
    /// Best of this many; needs sampling, never with streaming.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub best_of: Option<u32>,
    /// Equal seeds give equal text where the server honours it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub seed: Option<u64>,
    /// End before any of these; at most 4 at most servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// Answer with the prompt before the continuation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub return_full_text: Option<bool>,
    /// Keep only this many tokens of the prompt's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub truncate: Option<u32>,
    /// TGI's watermark.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub watermark: Option<bool>,
    /// TGI: send token details.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub details: Option<bool>,
    /// TGI: details of the prompt's tokens; never with streaming.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub decoder_input_details: Option<bool>,
    /// TGI: the likeliest alternatives per token, at most 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_n_tokens: Option<u32>,
    /// TGI: `{type: "json" | "regex" | "json_schema", value}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub grammar: Option<Value>,
    /// TGI: a LoRA adapter's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub adapter_id: Option<String>,
    /// Stream the answer; `None` means yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub stream: Option<bool>,
    /// Any other key: into `parameters` of the TGI form, into the root of the OpenAI form.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// A piece of a continuation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TextDelta {
    /// The next words.
    pub text: String,
}

/// A whole continuation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TextOutput {
    /// The continuation, after the prompt where `return_full_text` asked for that.
    pub text: String,
    /// Why it stopped; `None` when the server did not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub finish_reason: Option<FinishReason>,
    /// Tokens, where the server counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub usage: Option<Usage>,
    /// Speed as the server measured it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub timings: Option<Timings>,
    /// The model that the server says answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub model: Option<String>,
    /// The provider that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
}
