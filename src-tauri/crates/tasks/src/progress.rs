//! What a running task says before it ends, and the figures it ends with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that happened while a task runs; its ending is the `Result` of the call.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress<D> {
    /// Where the task stands.
    Status(Status),
    /// The next piece of the answer.
    Delta(D),
}

/// How a task ended when nothing failed. Cancelling is not an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending<O> {
    /// The whole answer.
    Done(O),
    /// The person stopped it; what came before went out as deltas.
    Cancelled,
}

/// Where a task stands before or between its deltas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Status {
    /// Waits for its turn.
    Queued {
        /// Tasks before this one, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        position: Option<u32>,
    },
    /// The model is being loaded or its server is waking.
    Loading {
        /// The part that is done, 0 to 1, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        fraction: Option<f32>,
        /// The server's own guess in seconds; unreliable.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        estimated_time: Option<f64>,
    },
    /// The prompt is being read.
    Reading {
        /// Tokens of the prompt that are read.
        tokens: u32,
        /// Tokens of the prompt.
        total: u32,
    },
    /// The request has been sent; nothing has come back yet.
    Sent {
        /// Which provider was asked, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        provider: Option<String>,
    },
    /// Step `step` of `total`.
    Step {
        /// Steps done.
        step: u32,
        /// Steps in all.
        total: u32,
    },
    /// A try failed; the next one starts by itself.
    Retrying {
        /// Seconds until the next try.
        after: f64,
        /// The number of the coming try, from 2.
        attempt: u32,
        /// Why the last try failed, one sentence.
        reason: String,
    },
    /// Something the person should know that is no failure (a prompt was shortened, a parameter ignored).
    Note {
        /// One sentence.
        text: String,
    },
}

/// Why the model stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model ended its answer, or met a stop sequence.
    Stop,
    /// The token limit was reached.
    Length,
    /// The model asks for a tool.
    ToolCalls,
    /// The provider's filter cut the answer.
    ContentFilter,
    /// The provider's own word, when it is none of these.
    #[serde(untagged)]
    Other(String),
}

impl FinishReason {
    /// Reads the words of OpenAI, TGI and llama.cpp (`eos_token`, `stop_sequence`, …).
    pub fn from_wire(word: &str) -> Self {
        match word {
            "stop" | "eos_token" | "stop_sequence" | "eos" | "end_turn" => Self::Stop,
            "length" | "max_tokens" => Self::Length,
            "tool_calls" | "function_call" => Self::ToolCalls,
            "content_filter" => Self::ContentFilter,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Tokens counted by the model's server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Usage {
    /// Tokens of the prompt.
    #[serde(default)]
    pub prompt_tokens: u32,
    /// Tokens of the answer.
    #[serde(default)]
    pub completion_tokens: u32,
}

/// Speed as the engine itself measured it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Timings {
    /// Prompt tokens read in a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub prompt_per_second: Option<f64>,
    /// Answer tokens written in a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub predicted_per_second: Option<f64>,
}
