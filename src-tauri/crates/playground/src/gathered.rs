//! What has come of a run so far: the text, the piece that waits to be shown, and the figures.

use std::time::Instant;

use limerick_tasks::{ChatDelta, ChatOutput, TextDelta, TextOutput, Timings, Usage};

use crate::{Figures, RunDelta, RunEvent, RunInput, RunOutput};

impl RunInput {
    /// `huggingface_hub`'s name of the task.
    pub fn task(&self) -> &'static str {
        match self {
            Self::ChatCompletion(_) => "chat_completion",
            Self::TextGeneration(_) => "text_generation",
        }
    }

    /// The model as the person picked it.
    pub fn model(&self) -> &str {
        match self {
            Self::ChatCompletion(input) => &input.model,
            Self::TextGeneration(input) => &input.model,
        }
    }

    pub(crate) fn nothing_yet(&self) -> RunOutput {
        match self {
            Self::ChatCompletion(_) => RunOutput::ChatCompletion(ChatOutput::default()),
            Self::TextGeneration(_) => RunOutput::TextGeneration(TextOutput::default()),
        }
    }
}

impl RunOutput {
    /// The answer.
    pub fn text(&self) -> &str {
        match self {
            Self::ChatCompletion(output) => &output.text,
            Self::TextGeneration(output) => &output.text,
        }
    }

    /// Tokens, where the server counts them.
    pub fn usage(&self) -> Option<Usage> {
        match self {
            Self::ChatCompletion(output) => output.usage,
            Self::TextGeneration(output) => output.usage,
        }
    }

    fn timings(&self) -> Option<Timings> {
        match self {
            Self::ChatCompletion(output) => output.timings,
            Self::TextGeneration(output) => output.timings,
        }
    }

    /// The model that answered, where that is known.
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::ChatCompletion(output) => output.model.as_deref(),
            Self::TextGeneration(output) => output.model.as_deref(),
        }
    }

    /// The provider that answered, where that is known.
    pub fn provider(&self) -> Option<&str> {
        match self {
            Self::ChatCompletion(output) => output.provider.as_deref(),
            Self::TextGeneration(output) => output.provider.as_deref(),
        }
    }

    fn push(&mut self, delta: &RunDelta) {
        match (self, delta) {
            (Self::ChatCompletion(output), RunDelta::ChatCompletion(delta)) => {
                output.text.push_str(&delta.text);
                output.reasoning.push_str(&delta.reasoning);
            }
            (Self::TextGeneration(output), RunDelta::TextGeneration(delta)) => {
                output.text.push_str(&delta.text);
            }
            _ => tracing::error!("a delta of another task was dropped"),
        }
    }

    /// All of it as one delta.
    fn as_delta(&self) -> RunDelta {
        match self {
            Self::ChatCompletion(output) => RunDelta::ChatCompletion(ChatDelta {
                text: output.text.clone(),
                reasoning: output.reasoning.clone(),
            }),
            Self::TextGeneration(output) => RunDelta::TextGeneration(TextDelta { text: output.text.clone() }),
        }
    }
}

impl RunDelta {
    /// The next words of the answer.
    pub fn text(&self) -> &str {
        match self {
            Self::ChatCompletion(delta) => &delta.text,
            Self::TextGeneration(delta) => &delta.text,
        }
    }
}

/// The run's answer while it comes.
pub(crate) struct Gathered {
    output: RunOutput,
    waiting: RunOutput,
    shown: usize,
    started: Instant,
    first: Option<Instant>,
    deltas: u32,
}

impl Gathered {
    pub(crate) fn new(input: &RunInput) -> Self {
        Self {
            output: input.nothing_yet(),
            waiting: input.nothing_yet(),
            shown: 0,
            started: Instant::now(),
            first: None,
            deltas: 0,
        }
    }

    pub(crate) fn push(&mut self, delta: &RunDelta) {
        self.first.get_or_insert_with(Instant::now);
        self.deltas = self.deltas.saturating_add(1);
        self.output.push(delta);
        self.waiting.push(delta);
    }

    pub(crate) fn output(&self) -> &RunOutput {
        &self.output
    }

    /// The event for what waits to be shown, if anything does.
    pub(crate) fn flush(&mut self) -> Option<RunEvent> {
        let empty = match &self.output {
            RunOutput::ChatCompletion(_) => RunOutput::ChatCompletion(ChatOutput::default()),
            RunOutput::TextGeneration(_) => RunOutput::TextGeneration(TextOutput::default()),
        };
        let waiting = std::mem::replace(&mut self.waiting, empty);
        if waiting == self.waiting {
            return None;
        }
        let offset = self.shown;
        self.shown += waiting.text().len();
        Some(RunEvent::Delta { delta: waiting.as_delta(), offset, figures: self.figures() })
    }

    /// One event with all that was shown so far, for a watcher that comes late.
    pub(crate) fn so_far(&self) -> Option<RunEvent> {
        self.first?;
        Some(RunEvent::Delta { delta: self.output.as_delta(), offset: 0, figures: self.figures() })
    }

    /// Figures by our own clock and count.
    pub(crate) fn figures(&self) -> Figures {
        let count = self.first.map(|_| self.deltas);
        Figures {
            first_token_ms: self.first.map(|first| (first - self.started).as_secs_f64() * 1e3),
            tokens_per_second: self.speed(f64::from(self.deltas)),
            completion_tokens: count,
            estimated: count.is_some(),
            ..Figures::default()
        }
    }

    /// Figures at the ending, with what the server itself counted and measured.
    pub(crate) fn final_figures(&self, output: &RunOutput) -> Figures {
        let mut figures = self.figures();
        figures.total_ms = Some(self.started.elapsed().as_secs_f64() * 1e3);
        if let Some(usage) = output.usage() {
            figures.prompt_tokens = Some(usage.prompt_tokens);
            figures.completion_tokens = Some(usage.completion_tokens);
            figures.estimated = false;
            figures.tokens_per_second = self.speed(f64::from(usage.completion_tokens));
        }
        let measured = output.timings().and_then(|timings| timings.predicted_per_second);
        figures.tokens_per_second = measured.or(figures.tokens_per_second);
        figures
    }

    /// Tokens a second after the first; unknown for an answer that came in one piece.
    fn speed(&self, tokens: f64) -> Option<f64> {
        let seconds = self.first?.elapsed().as_secs_f64();
        (self.deltas > 1 && seconds > 0.01).then(|| (tokens - 1.0).max(0.0) / seconds)
    }
}
