//! A model with its memory of what it read: reads prompts in pieces, writes answers token by token.

use std::num::NonZeroU32;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use limerick_tasks::{Ending, Error, ErrorCode, FinishReason, Message, Result, Status, Timings, Usage};
use limerick_templates::{Conversation, render};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;

use crate::answer::Answer;
use crate::ask::{Ask, Prompt};
use crate::choose::Chooser;
use crate::engine::EngineOptions;
use crate::held::Held;
use crate::load::{Loaded, backend};
use crate::worker::{Event, Job};

/// Prompt tokens that one thread reads between two looks at Stop. Measured on one core: 16 take 0.1 s on the quick model
/// and 0.4 s on the good one; 8 are read a tenth slower each, and more than 16 no faster.
const PIECE: usize = 16;
/// Tokens of the context that a prompt leaves free for the answer, unless fewer are wanted.
const ROOM: usize = 64;
/// Bytes that a token stands for at most, in any text that people write; longer prompts are not even counted.
const LONG_TOKEN: usize = 64;

/// A loaded model, ready to answer.
pub(crate) struct Session<'m> {
    loaded: &'m Loaded,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
    /// The tokens that the context holds.
    kept: Vec<LlamaToken>,
    /// How many of them were read in whole pieces from the start, so that reading them again would give exactly
    /// the same: rounding differs with the size of a batch, and with it, once in a while, the next word.
    exact: usize,
    /// Prompt tokens in a piece; always the same, so that the same prompt is always read in the same pieces.
    piece: usize,
}

/// How a prompt was read.
struct Read {
    tokens: usize,
    seconds: f64,
}

impl<'m> Session<'m> {
    pub(crate) fn new(loaded: &'m Loaded, options: &EngineOptions) -> Result<Self> {
        let context = options.context.min(loaded.model.n_ctx_train().max(1));
        let threads = i32::try_from(options.threads()).unwrap_or(1);
        let piece = PIECE * options.threads().clamp(1, 16) as usize;
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(context))
            .with_n_batch(number(piece))
            .with_n_ubatch(number(piece))
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = loaded.model.new_context(backend()?, params).map_err(|cause| {
            let message =
                "There is not enough memory to use this model; close something, or take a smaller one.";
            Error::new(ErrorCode::Internal, message).with_detail(cause)
        })?;
        Ok(Self { loaded, context, batch: LlamaBatch::new(piece, 1), kept: Vec::new(), exact: 0, piece })
    }

    /// Answers one job, from its prompt to its last token.
    pub(crate) fn answer(&mut self, job: &Job) -> Result<Ending<Answer>> {
        for text in &job.ask.notes {
            job.status(Status::Note { text: text.clone() });
        }
        let prompt = self.prompt(job)?;
        let most = self.room(&prompt, job)?;
        let choice = job.ask.choice.clone().advised(job.model.sampling);
        let context = self.context.n_ctx();
        let schema = job.ask.schema.as_ref();
        let mut chooser = Chooser::new(&self.loaded.model, &choice, schema, &prompt, context)?;
        let Some(read) = self.read(&prompt, job)? else { return Ok(Ending::Cancelled) };
        let begun = Instant::now();
        let Some((text, finish, tokens)) = self.write(&mut chooser, most, job)? else {
            return Ok(Ending::Cancelled);
        };
        let written = begun.elapsed().as_secs_f64();
        Ok(Ending::Done(Answer {
            text,
            finish,
            usage: Usage { prompt_tokens: number(prompt.len()), completion_tokens: number(tokens) },
            timings: Timings {
                prompt_per_second: per_second(read.tokens, read.seconds),
                predicted_per_second: per_second(tokens, written),
            },
            model: self.loaded.name.clone(),
        }))
    }

    /// The prompt's tokens, shortened where that was asked for.
    fn prompt(&self, job: &Job) -> Result<Vec<LlamaToken>> {
        let vocab = self.loaded.model.vocab();
        let text = match &job.ask.prompt {
            Prompt::Raw(text) => text.clone(),
            Prompt::Chat(messages) => {
                let template = self.loaded.head.template(false).ok_or_else(|| {
                    let message = "This model has no chat template, so it cannot chat; try it in Completion.";
                    Error::new(ErrorCode::Model, message)
                })?;
                let template = template
                    .with_token("bos_token", word(&vocab, vocab.bos()))
                    .with_token("eos_token", word(&vocab, vocab.eos()));
                render(&template, &conversation(messages)?)?
            }
        };
        let context = self.context.n_ctx() as usize;
        if text.len() > context * LONG_TOKEN && job.ask.truncate.is_none() {
            return Err(too_long(&job.ask, text.len() / 4, context - ROOM));
        }
        let mut tokens = vocab.tokenize(text.as_bytes(), true, true);
        if tokens.len() > 1 && tokens[0] == vocab.bos() && tokens[1] == vocab.bos() {
            tokens.remove(0);
        }
        if tokens.is_empty() && vocab.bos().0 >= 0 {
            tokens.push(vocab.bos());
        }
        if let Some(last) = job.ask.truncate.map(|last| last as usize).filter(|last| *last < tokens.len()) {
            tokens.drain(..tokens.len() - last);
            let text = format!("The prompt was shortened to its last {} tokens.", grouped(last));
            job.status(Status::Note { text });
        }
        Ok(tokens)
    }

    /// How many tokens the answer may have.
    fn room(&self, prompt: &[LlamaToken], job: &Job) -> Result<usize> {
        let context = self.context.n_ctx() as usize;
        let wanted = job.ask.max_tokens.map_or(usize::MAX, |most| most as usize);
        let readable = context - wanted.min(ROOM);
        if prompt.is_empty() {
            return Err(Error::new(ErrorCode::Input, "The prompt is empty; write something to go on from."));
        }
        if prompt.len() > readable {
            return Err(too_long(&job.ask, prompt.len(), readable));
        }
        let room = context - prompt.len();
        if job.ask.max_tokens.is_some() && wanted > room {
            let text =
                format!("The answer can have {} tokens at most; the prompt fills the rest.", grouped(room));
            job.status(Status::Note { text });
        }
        Ok(wanted.min(room))
    }

    /// Reads the prompt, but for the part that the context still holds. `None` when stopped.
    fn read(&mut self, prompt: &[LlamaToken], job: &Job) -> Result<Option<Read>> {
        let same = self.kept.iter().zip(prompt).take_while(|(kept, token)| kept == token).count();
        let mut at = same.min(prompt.len() - 1);
        if job.ask.choice.repeatable() {
            at = at.min(self.exact) / self.piece * self.piece;
        }
        at = self.forget_from(at);
        let (begun, start) = (Instant::now(), at);
        while at < prompt.len() {
            job.status(Status::Reading { tokens: number(at), total: number(prompt.len()) });
            if job.stop.is_cancelled() {
                return Ok(None);
            }
            let end = prompt.len().min((at / self.piece + 1) * self.piece);
            self.decode(&prompt[at..end], end == prompt.len())?;
            if at == self.exact && end - at == self.piece {
                self.exact = end;
            }
            at = end;
        }
        job.status(Status::Reading { tokens: number(at), total: number(prompt.len()) });
        Ok(Some(Read { tokens: at - start, seconds: begun.elapsed().as_secs_f64() }))
    }

    /// Writes token by token, at most `most`. `None` when stopped.
    fn write(
        &mut self,
        chooser: &mut Chooser,
        most: usize,
        job: &Job,
    ) -> Result<Option<(String, FinishReason, usize)>> {
        let vocab = self.loaded.model.vocab();
        let mut held = Held::new(&job.ask.stop);
        let mut text = String::new();
        let mut show = |piece: String| {
            if !piece.is_empty() {
                text.push_str(&piece);
                job.say(Event::Text(piece));
            }
        };
        let mut tokens = 0;
        let finish = loop {
            if job.stop.is_cancelled() {
                return Ok(None);
            }
            let token = chooser.choose(&self.context)?;
            if vocab.is_eog(token) {
                break FinishReason::Stop;
            }
            tokens += 1;
            show(held.push(&vocab.token_to_piece(token, false, None)));
            if held.stopped {
                break FinishReason::Stop;
            }
            if tokens == most {
                break FinishReason::Length;
            }
            self.decode(&[token], true)?;
        };
        show(held.rest());
        Ok(Some((text, finish, tokens)))
    }

    /// Lets the model read tokens after those that it holds.
    fn decode(&mut self, tokens: &[LlamaToken], last_matters: bool) -> Result<()> {
        self.batch.clear();
        for (index, token) in tokens.iter().enumerate() {
            let position = i32::try_from(self.kept.len() + index).unwrap_or(i32::MAX);
            let matters = last_matters && index + 1 == tokens.len();
            let added = self.batch.add(*token, position, &[0], matters);
            added.map_err(|cause| Error::internal("read the prompt", cause))?;
        }
        if let Err(cause) = self.context.decode(&mut self.batch) {
            self.forget_from(0);
            return Err(Error::internal("compute the answer", cause));
        }
        self.kept.extend_from_slice(tokens);
        Ok(())
    }

    /// Forgets what the context holds from a position on; some kinds of model can only forget everything.
    /// Returns how many tokens are left.
    fn forget_from(&mut self, at: usize) -> usize {
        let partly =
            matches!(self.context.clear_kv_cache_seq(Some(0), u32::try_from(at).ok(), None), Ok(true));
        let left = if partly { at } else { 0 };
        if !partly {
            self.context.clear_kv_cache();
        }
        self.kept.truncate(left);
        self.exact = self.exact.min(left / self.piece * self.piece);
        left
    }
}

/// The messages as a template takes them; the engine reads text only.
fn conversation(messages: &[Message]) -> Result<Conversation> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let conversation = Conversation::of_messages(messages).at(i64::try_from(now).unwrap_or_default());
    if conversation.has_pictures() {
        let advice = "This model reads text only; take the picture out, or pick a model that sees.";
        return Err(Error::new(ErrorCode::Input, advice));
    }
    Ok(conversation.in_plain_text())
}

fn word(vocab: &LlamaVocab<'_>, token: LlamaToken) -> String {
    // A model without such a token says -1, and llama.cpp does not take that back kindly.
    let text = if token.0 < 0 { None } else { vocab.text(token) };
    text.map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

fn too_long(ask: &Ask, tokens: usize, readable: usize) -> Error {
    let (what, advice) = match ask.prompt {
        Prompt::Chat(_) => ("conversation", "shorten it or start a new one"),
        Prompt::Raw(_) => ("prompt", "shorten it"),
    };
    let (tokens, readable) = (grouped(tokens), grouped(readable));
    let message = format!("The {what} has {tokens} tokens and the model reads {readable} at most; {advice}.");
    Error::new(ErrorCode::Input, message)
}

/// A number with a comma at the thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a count of tokens is small")]
fn per_second(tokens: usize, seconds: f64) -> Option<f64> {
    // A handful of tokens says nothing about speed.
    (tokens >= 8 && seconds > 0.0).then(|| tokens as f64 / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([grouped(7), grouped(4096), grouped(1_234_567)], ["7", "4,096", "1,234,567"]);
    }
}
