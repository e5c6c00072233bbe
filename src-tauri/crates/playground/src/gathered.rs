//! What has come of a run so far: the text, the piece that waits to be shown, and the figures.

use std::time::{Duration, Instant};

use limerick_tasks::{ChatDelta, SpeechDelta, TextDelta, Timings, Usage};

use crate::{Figures, RunDelta, RunEvent, RunOutput};

impl RunOutput {
    /// Tokens, where the server counts them.
    pub fn usage(&self) -> Option<Usage> {
        match self {
            Self::ChatCompletion(output) => output.usage,
            Self::TextGeneration(output) => output.usage,
            Self::FeatureExtraction(output) => output.usage,
            _ => None,
        }
    }

    fn timings(&self) -> Option<Timings> {
        match self {
            Self::ChatCompletion(output) => output.timings,
            Self::TextGeneration(output) => output.timings,
            _ => None,
        }
    }

    /// The model that answered, where that is known.
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::ChatCompletion(output) => output.model.as_deref(),
            Self::TextGeneration(output) => output.model.as_deref(),
            _ => None,
        }
    }

    /// The provider that answered, where the answer says so.
    pub fn provider(&self) -> Option<&str> {
        match self {
            Self::ChatCompletion(output) => output.provider.as_deref(),
            Self::TextGeneration(output) => output.provider.as_deref(),
            _ => None,
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
            (Self::TextToSpeech(output), RunDelta::TextToSpeech(delta)) => {
                output.captions.extend_from_slice(&delta.captions);
            }
            // What a picture looks like on the way is no part of the answer.
            (Self::TextToImage(_), RunDelta::TextToImage(_)) => {}
            _ => tracing::error!("a delta of another task was dropped"),
        }
    }

    /// All of it as one delta; `None` for a task that answers in one piece.
    pub(crate) fn as_delta(&self) -> Option<RunDelta> {
        match self {
            Self::ChatCompletion(output) => Some(RunDelta::ChatCompletion(ChatDelta {
                text: output.text.clone(),
                reasoning: output.reasoning.clone(),
            })),
            Self::TextGeneration(output) => {
                Some(RunDelta::TextGeneration(TextDelta { text: output.text.clone() }))
            }
            Self::TextToSpeech(output) => {
                Some(RunDelta::TextToSpeech(SpeechDelta { captions: output.captions.clone() }))
            }
            _ => None,
        }
    }
}

impl RunDelta {
    /// The next words of the answer; none of a voice or a picture.
    pub fn text(&self) -> &str {
        match self {
            Self::ChatCompletion(delta) => &delta.text,
            Self::TextGeneration(delta) => &delta.text,
            Self::TextToSpeech(_) | Self::TextToImage(_) => "",
        }
    }

    /// Adds what came after it.
    fn join(&mut self, next: &Self) {
        match (self, next) {
            (Self::ChatCompletion(delta), Self::ChatCompletion(next)) => {
                delta.text.push_str(&next.text);
                delta.reasoning.push_str(&next.reasoning);
            }
            (Self::TextGeneration(delta), Self::TextGeneration(next)) => delta.text.push_str(&next.text),
            (Self::TextToSpeech(delta), Self::TextToSpeech(next)) => {
                delta.captions.extend_from_slice(&next.captions);
            }
            (Self::TextToImage(delta), Self::TextToImage(next)) => delta.clone_from(next),
            _ => tracing::error!("a delta of another task was dropped"),
        }
    }
}

/// The run's answer while it comes.
pub(crate) struct Gathered {
    output: RunOutput,
    waiting: Option<RunDelta>,
    shown: usize,
    /// The next piece is none of the model's own.
    aside: bool,
    begun: bool,
    /// Not while it waits for its turn.
    started: Option<Instant>,
    first: Option<Instant>,
    deltas: u32,
}

impl Gathered {
    /// `output` holds nothing yet.
    pub(crate) fn new(output: RunOutput) -> Self {
        let started = Some(Instant::now());
        Self { output, waiting: None, shown: 0, aside: false, begun: false, started, first: None, deltas: 0 }
    }

    /// The next piece was not written token by token: neither it nor the time until the one after it is part of the
    /// speed.
    pub(crate) fn expect_aside(&mut self) {
        self.aside = true;
    }

    /// Stops the clock until `begin`: waiting for a turn is no part of the figures.
    pub(crate) fn wait(&mut self) {
        self.started = None;
    }

    pub(crate) fn begin(&mut self) {
        self.started = Some(Instant::now());
    }

    pub(crate) fn push(&mut self, delta: &RunDelta) {
        self.begun = true;
        let aside = std::mem::take(&mut self.aside);
        if !aside && !matches!(delta, RunDelta::TextToImage(_)) {
            self.first.get_or_insert_with(Instant::now);
            self.deltas = self.deltas.saturating_add(1);
        }
        self.output.push(delta);
        match &mut self.waiting {
            Some(waiting) => waiting.join(delta),
            None => self.waiting = Some(delta.clone()),
        }
    }

    pub(crate) fn output(&self) -> &RunOutput {
        &self.output
    }

    /// The event for what waits to be shown, if anything does.
    pub(crate) fn flush(&mut self) -> Option<RunEvent> {
        let delta = self.waiting.take()?;
        let offset = self.shown;
        self.shown += delta.text().len();
        Some(RunEvent::Delta { delta, offset, figures: self.figures() })
    }

    /// One event with all that was shown so far, for a watcher that comes late.
    pub(crate) fn so_far(&self) -> Option<RunEvent> {
        let delta = self.output.as_delta().filter(|_| self.begun)?;
        Some(RunEvent::Delta { delta, offset: 0, figures: self.figures() })
    }

    /// Figures by our own clock and count.
    pub(crate) fn figures(&self) -> Figures {
        // A voice is heard in sentences, which are no tokens.
        let counts = !matches!(self.output, RunOutput::TextToSpeech(_));
        let count = self.first.filter(|_| counts).map(|_| self.deltas);
        Figures {
            first_token_ms: self.first.zip(self.started).map(|(first, start)| milliseconds(first - start)),
            tokens_per_second: self.speed(f64::from(self.deltas)).filter(|_| counts),
            completion_tokens: count,
            estimated: count.is_some(),
            ..Figures::default()
        }
    }

    /// Figures at the ending, with what the server itself counted and measured.
    pub(crate) fn final_figures(&self, output: &RunOutput) -> Figures {
        let mut figures = self.figures();
        figures.total_ms = self.started.map(|start| milliseconds(start.elapsed()));
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

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use limerick_tasks::ChatOutput;

    use super::*;

    fn piece(reasoning: &str, text: &str) -> RunDelta {
        RunDelta::ChatCompletion(ChatDelta { reasoning: reasoning.into(), text: text.into() })
    }

    #[test]
    fn what_another_model_said_first_is_shown_and_is_no_token() {
        let mut gathered = Gathered::new(RunOutput::ChatCompletion(ChatOutput::default()));
        assert!(gathered.so_far().is_none());
        gathered.expect_aside();
        gathered.push(&piece("The classifier saw: a cat.", ""));
        let figures = gathered.figures();
        assert_eq!(
            (figures.first_token_ms, figures.completion_tokens, figures.estimated),
            (None, None, false)
        );
        assert!(gathered.so_far().is_some(), "who comes late sees it");
        gathered.push(&piece("", "A"));
        let begun = gathered.first;
        gathered.push(&piece("", " cat."));
        let figures = gathered.figures();
        assert_eq!((figures.completion_tokens, figures.estimated), (Some(2), true));
        assert!(begun.is_some() && gathered.first == begun && figures.first_token_ms.is_some());
    }
}
