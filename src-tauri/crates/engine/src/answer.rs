//! What the engine hands back when an answer is written.

use limerick_tasks::{ChatOutput, FinishReason, TextOutput, Timings, Usage};

/// A whole answer, whichever task asked for it.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) finish: FinishReason,
    pub(crate) usage: Usage,
    pub(crate) timings: Timings,
    pub(crate) model: String,
}

impl Answer {
    pub(crate) fn into_chat(self) -> ChatOutput {
        ChatOutput {
            text: self.text,
            finish_reason: Some(self.finish),
            usage: Some(self.usage),
            timings: Some(self.timings),
            model: Some(self.model),
            ..ChatOutput::default()
        }
    }

    pub(crate) fn into_text(self) -> TextOutput {
        TextOutput {
            text: self.text,
            finish_reason: Some(self.finish),
            usage: Some(self.usage),
            timings: Some(self.timings),
            model: Some(self.model),
            ..TextOutput::default()
        }
    }
}
