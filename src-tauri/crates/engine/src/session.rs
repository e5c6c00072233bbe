//! A model with its memory of what it read: reads prompts in pieces, writes answers token by token.

use std::num::NonZeroU32;
use std::time::Instant;

use limerick_tasks::{Ending, Error, ErrorCode, FinishReason, Media, Result, Status, Timings, Usage};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::token::LlamaToken;

use crate::answer::Answer;
use crate::ask::{Ask, Prompt};
use crate::choose::Chooser;
use crate::engine::EngineOptions;
use crate::held::Held;
use crate::load::{Loaded, backend};
use crate::prompt::{Manner, Written};
use crate::sight::{AT_ONCE, Sight};
use crate::units::{self, Seen, Unit, is_border, step};
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
    manner: Manner,
    sight: Option<Sight>,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
    /// What the context holds.
    kept: Vec<Unit>,
    /// Where the steps ended in which it was read from the start, so that reading it again would give exactly
    /// the same: rounding differs with the size of a batch, and with it, once in a while, the next word.
    steps: Vec<usize>,
    /// Prompt tokens in a piece; always the same, so that the same prompt is always read in the same pieces.
    piece: usize,
}

/// What the model is to read.
struct Reading {
    units: Vec<Unit>,
    /// The pictures among them, in order.
    pictures: Vec<Media>,
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
        let sight = loaded.projector.as_deref().map(|path| Sight::load(path, loaded, threads)).transpose()?;
        let both_ways = sight.as_ref().is_some_and(Sight::looks_both_ways);
        let batch = number(if both_ways { AT_ONCE } else { piece });
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(context))
            .with_n_batch(batch)
            .with_n_ubatch(batch)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = loaded.model.new_context(backend()?, params).map_err(|cause| {
            let message =
                "There is not enough memory to use this model; close something, or take a smaller one.";
            Error::new(ErrorCode::Internal, message).with_detail(cause)
        })?;
        Ok(Self {
            loaded,
            manner: Manner::of(&loaded.head, &loaded.model.vocab()),
            sight,
            context,
            batch: LlamaBatch::new(piece, 1),
            kept: Vec::new(),
            steps: Vec::new(),
            piece,
        })
    }

    /// Answers one job, from its prompt to its last token.
    pub(crate) fn answer(&mut self, job: &Job) -> Result<Ending<Answer>> {
        let ending = self.whole_answer(job);
        if let Some(sight) = &mut self.sight {
            sight.rest();
        }
        ending
    }

    fn whole_answer(&mut self, job: &Job) -> Result<Ending<Answer>> {
        for text in &job.ask.notes {
            job.status(Status::Note { text: text.clone() });
        }
        let Some(prompt) = self.prompt(job)? else { return Ok(Ending::Cancelled) };
        let most = self.room(&prompt, job)?;
        let choice = job.ask.choice.clone().advised(job.model.sampling);
        let (context, text) = (self.context.n_ctx(), units::text(&prompt.units));
        let schema = job.ask.schema.as_ref();
        let mut chooser = Chooser::new(&self.loaded.model, &choice, schema, &text, context)?;
        let Some(read) = self.read(&prompt, job)? else { return Ok(Ending::Cancelled) };
        let begun = Instant::now();
        let Some((text, finish, tokens)) = self.write(&mut chooser, most, job)? else {
            return Ok(Ending::Cancelled);
        };
        let written = begun.elapsed().as_secs_f64();
        let prompt_tokens = number(units::tokens(&prompt.units));
        Ok(Ending::Done(Answer {
            text,
            finish,
            usage: Usage { prompt_tokens, completion_tokens: number(tokens) },
            timings: Timings {
                prompt_per_second: per_second(read.tokens, read.seconds),
                predicted_per_second: per_second(tokens, written),
            },
            model: self.loaded.name.clone(),
        }))
    }

    /// What the model is to read, shortened where that was asked for. `None` when stopped.
    fn prompt(&mut self, job: &Job) -> Result<Option<Reading>> {
        let Written { pieces, pictures } = self.manner.write(&job.ask.prompt)?;
        let (context, letters) =
            (self.context.n_ctx() as usize, pieces.iter().map(String::len).sum::<usize>());
        if letters > context * LONG_TOKEN && job.ask.truncate.is_none() {
            return Err(too_long(&job.ask, letters / 4, 0, context - ROOM));
        }
        let mut units = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            units.extend(self.tokens(piece, at == 0).into_iter().map(Unit::Token));
            if job.stop.is_cancelled() {
                return Ok(None);
            }
            if let (Some(picture), Some(sight)) = (pictures.get(at), &mut self.sight) {
                units.push(Unit::Picture(sight.measure(picture)?));
            }
        }
        let bos = self.loaded.model.vocab().bos();
        if units.is_empty() && bos.0 >= 0 {
            units.push(Unit::Token(bos));
        }
        if let Some(last) = job.ask.truncate.map(|last| last as usize).filter(|last| *last < units.len()) {
            units.drain(..units.len() - last);
            let text = format!("The prompt was shortened to its last {} tokens.", grouped(last));
            job.status(Status::Note { text });
        }
        Ok(Some(Reading { units, pictures }))
    }

    /// The tokens of a piece of the prompt, with what a prompt begins with at the start of the first one.
    fn tokens(&self, piece: &str, first: bool) -> Vec<LlamaToken> {
        let vocab = self.loaded.model.vocab();
        let mut tokens = vocab.tokenize(piece.as_bytes(), first, true);
        if first && tokens.len() > 1 && tokens[0] == vocab.bos() && tokens[1] == vocab.bos() {
            tokens.remove(0);
        }
        tokens
    }

    /// How many tokens the answer may have.
    fn room(&self, prompt: &Reading, job: &Job) -> Result<usize> {
        let context = self.context.n_ctx() as usize;
        let taken = units::tokens(&prompt.units);
        let wanted = job.ask.max_tokens.map_or(usize::MAX, |most| most as usize);
        let readable = context - wanted.min(ROOM);
        if prompt.units.is_empty() {
            return Err(Error::new(ErrorCode::Input, "The prompt is empty; write something to go on from."));
        }
        if taken > readable {
            return Err(too_long(&job.ask, taken, prompt.pictures.len(), readable));
        }
        let room = context - taken;
        if job.ask.max_tokens.is_some() && wanted > room {
            let text =
                format!("The answer can have {} tokens at most; the prompt fills the rest.", grouped(room));
            job.status(Status::Note { text });
        }
        Ok(wanted.min(room))
    }

    /// Reads the prompt, but for the part that the context still holds. `None` when stopped.
    fn read(&mut self, prompt: &Reading, job: &Job) -> Result<Option<Read>> {
        let (units, piece) = (&prompt.units, self.piece);
        let same = self.kept.iter().zip(units).take_while(|(kept, unit)| kept == unit).count();
        let mut at = same.min(units.len() - 1);
        if job.ask.choice.repeatable() {
            let again = |end: &usize| *end <= at && is_border(units, *end, piece);
            at = self.steps.iter().rev().copied().find(again).unwrap_or(0);
        }
        at = self.forget_from(at);
        let (begun, total) = (Instant::now(), units::tokens(units));
        let reused = units::tokens(&units[..at]);
        while at < units.len() {
            job.status(Status::Reading { tokens: number(units::tokens(&units[..at])), total: number(total) });
            if job.stop.is_cancelled() {
                return Ok(None);
            }
            let end = step(units, at, piece);
            self.read_step(prompt, at, end)?;
            if at == self.steps.last().copied().unwrap_or(0) && is_border(units, end, piece) {
                self.steps.push(end);
            }
            at = end;
        }
        job.status(Status::Reading { tokens: number(total), total: number(total) });
        Ok(Some(Read { tokens: total - reused, seconds: begun.elapsed().as_secs_f64() }))
    }

    /// Reads one picture, or a piece of text.
    fn read_step(&mut self, prompt: &Reading, at: usize, end: usize) -> Result<()> {
        let Unit::Picture(seen) = prompt.units[at] else {
            return self.decode(&units::text(&prompt.units[at..end]), end == prompt.units.len());
        };
        let before = prompt.units[..at].iter().filter(|unit| unit.is_picture()).count();
        self.look(seen, &prompt.pictures[before])
    }

    /// Lets the model read a picture after what it holds.
    fn look(&mut self, seen: Seen, picture: &Media) -> Result<()> {
        let place = i32::try_from(units::place(&self.kept)).unwrap_or(i32::MAX);
        let batch = self.context.n_batch() as usize;
        let Some(sight) = &mut self.sight else {
            return Err(Error::internal("look at the picture", "there is no projector"));
        };
        if let Err(error) = sight.read((seen, picture), &mut self.context, place, batch) {
            self.forget_from(0);
            return Err(error);
        }
        self.kept.push(Unit::Picture(seen));
        Ok(())
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
        let place = units::place(&self.kept);
        for (index, token) in tokens.iter().enumerate() {
            let position = i32::try_from(place + index).unwrap_or(i32::MAX);
            let matters = last_matters && index + 1 == tokens.len();
            let added = self.batch.add(*token, position, &[0], matters);
            added.map_err(|cause| Error::internal("read the prompt", cause))?;
        }
        if let Err(cause) = self.context.decode(&mut self.batch) {
            self.forget_from(0);
            return Err(Error::internal("compute the answer", cause));
        }
        self.kept.extend(tokens.iter().copied().map(Unit::Token));
        Ok(())
    }

    /// Forgets what the context holds from a unit on; some kinds of model can only forget everything.
    /// Returns how many units are left.
    fn forget_from(&mut self, at: usize) -> usize {
        let place = units::place(&self.kept[..at]);
        let partly =
            matches!(self.context.clear_kv_cache_seq(Some(0), u32::try_from(place).ok(), None), Ok(true));
        let left = if partly { at } else { 0 };
        if !partly {
            self.context.clear_kv_cache();
        }
        self.kept.truncate(left);
        self.steps.retain(|end| *end <= left);
        left
    }
}

fn too_long(ask: &Ask, tokens: usize, pictures: usize, readable: usize) -> Error {
    let (what, advice) = match ask.prompt {
        Prompt::Chat(_) if pictures > 0 => ("conversation with its pictures", "take a picture out"),
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
