//! `chat_completion`: messages in, the next message out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{FinishReason, Result, Task, Timings, Usage, check};

/// The task `chat_completion`.
#[derive(Debug, Clone, Copy)]
pub struct ChatCompletion;

impl Task for ChatCompletion {
    type Input = ChatInput;
    type Delta = ChatDelta;
    type Output = ChatOutput;
    const NAME: &'static str = "chat_completion";

    fn model(input: &ChatInput) -> &str {
        &input.model
    }

    fn check(input: &ChatInput) -> Result<()> {
        if input.messages.is_empty() {
            return Err(check::refuse("messages", "messages is empty: write something first."));
        }
        check::at_least("max_tokens", input.max_tokens, 1)?;
        check::within("temperature", input.temperature, 0.0..=2.0)?;
        check::within("top_p", input.top_p, 0.0..=1.0)?;
        check::above("repetition_penalty", input.repetition_penalty, 0.0)?;
        check::within("frequency_penalty", input.frequency_penalty, -2.0..=2.0)?;
        check::within("presence_penalty", input.presence_penalty, -2.0..=2.0)?;
        check::at_least("n", input.n, 1)?;
        check::within("top_logprobs", input.top_logprobs, 0..=5)?;
        let biases = input.logit_bias.iter().filter_map(Value::as_object).flat_map(Map::values);
        biases.map(Value::as_f64).try_for_each(|bias| check::within("logit_bias", bias, -100.0..=100.0))
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets the tone for the whole conversation.
    System,
    /// Like `system`, at some providers.
    Developer,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool call.
    Tool,
}

/// The URL of a picture: `https:` or `data:`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImageUrl {
    /// `https:` or `data:image/…;base64,…`.
    pub url: String,
}

/// One part of a message that is more than text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A picture.
    ImageUrl {
        /// Where it is.
        image_url: ImageUrl,
    },
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Content {
    /// Plain text.
    Text(String),
    /// Text and pictures.
    Parts(Vec<Part>),
}

impl Content {
    /// The words alone, parts joined with nothing between them.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Parts(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Text { text } => Some(text.as_str()),
                    Part::ImageUrl { .. } => None,
                })
                .collect(),
        }
    }
}

/// The function that a tool call names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToolFunction {
    /// Name of the function.
    pub name: String,
    /// Its arguments as JSON text, as the model wrote them.
    pub arguments: String,
}

/// A tool that the model wants called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToolCall {
    /// The call's id, to be sent back with the result.
    pub id: String,
    /// The function and its arguments.
    pub function: ToolFunction,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Content,
    /// A name for the speaker, where the model tells several apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// For role `tool`: which call this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tool_call_id: Option<String>,
}

impl Message {
    /// A text message.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, content: Content::Text(text.into()), name: None, tool_call_id: None }
    }
}

/// What to say next, and how. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ChatInput {
    /// The model's id as the person picked it (`org/name`, with a `:suffix` for the router); empty means
    /// the connection's own choice.
    pub model: String,
    /// The conversation. A last message of role `assistant` is to be continued.
    pub messages: Vec<Message>,
    /// Tokens to write at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_tokens: Option<u32>,
    /// 0 (always the likeliest) to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub temperature: Option<f64>,
    /// 0 to 1: choose among the likeliest tokens that add up to this. TGI refuses 0 and 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_p: Option<f64>,
    /// Choose among this many of the likeliest tokens. Not of OpenAI's protocol: sent as an extra key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_k: Option<u32>,
    /// Over 1 makes repeated words less likely. Not of OpenAI's protocol: sent as an extra key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub repetition_penalty: Option<f64>,
    /// -2 to 2: makes frequent words less likely.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub frequency_penalty: Option<f64>,
    /// -2 to 2: makes words that occurred less likely.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub presence_penalty: Option<f64>,
    /// Equal seeds give equal text where the server honours it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub seed: Option<u64>,
    /// End before any of these; at most 4 at most servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// How many answers; patchy support.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub n: Option<u32>,
    /// Return log probabilities; patchy support.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub logprobs: Option<bool>,
    /// 0 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_logprobs: Option<u32>,
    /// Token id → bias, -100 to 100; patchy support.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub logit_bias: Option<Value>,
    /// `{type: "text" | "json_object" | "json_schema", json_schema?: {name, schema, strict?}}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub response_format: Option<Value>,
    /// `{type: "function", function: {name, description, parameters}}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tools: Option<Value>,
    /// `auto`, `none`, `required` or a function.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tool_choice: Option<Value>,
    /// TGI only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tool_prompt: Option<String>,
    /// Stream the answer; `None` means yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub stream: Option<bool>,
    /// `{include_usage: true}`; `None` means yes where the provider is known to take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub stream_options: Option<Value>,
    /// Any other key, merged into the root of the request.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// A piece of a chat answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ChatDelta {
    /// The next words of the answer.
    pub text: String,
    /// The next words of the model's reasoning.
    pub reasoning: String,
}

/// A whole chat answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ChatOutput {
    /// The answer.
    pub text: String,
    /// The model's reasoning, where it shows one.
    pub reasoning: String,
    /// Tools that the model wants called.
    pub tool_calls: Vec<ToolCall>,
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
