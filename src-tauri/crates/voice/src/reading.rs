//! Reads a text with a loaded voice: sentences, words, phonemes, samples; each sentence is told as soon as it is there.

use std::collections::BTreeSet;

use limerick_onnx::{Desk, Stop, Work, WorkerOptions, environment};
use limerick_tasks::{Caption, Ending, Error, ErrorCode, Progress, Result, Status};

use crate::kokoro::{self, Kokoro};
use crate::phonemes::English;
use crate::piper::Piper;
use crate::runtime::LIBRARY;
use crate::script::Script;
use crate::sentences::{Pause, Piece, pieces};
use crate::silence::{is_sound, shape};
use crate::speaker::Spoken;
use crate::spoken::spoken;
use crate::tongue::Tongue;
use crate::voices::{VoiceFiles, Wish, land};
use crate::words::Land;

/// A loaded voice with all that it needs to read.
pub(crate) struct Reader {
    files: VoiceFiles,
    tongue: Tongue,
    voice: Loaded,
}

enum Loaded {
    Kokoro(Kokoro),
    Piper(Piper),
}

/// A sentence that is ready to be said.
struct Line<'a> {
    written: &'a str,
    words: String,
    pause: Pause,
}

/// How a text's sentences are said.
struct Manner<'a> {
    voice: &'a str,
    speed: f32,
    land: Land,
    stop: &'a Stop,
}

/// A text to say.
pub(crate) struct Saying {
    pub(crate) wish: Wish,
    pub(crate) text: String,
}

impl Work for Reader {
    type Files = VoiceFiles;
    type Ask = Saying;
    type Delta = Spoken;
    type Output = ();
    const NAME: &'static str = "speaker";

    /// # Errors
    /// `Internal` where the library cannot be used, `Model` where the voice cannot.
    fn load(files: &VoiceFiles, options: &WorkerOptions) -> Result<Self> {
        let environment = environment(&options.library, LIBRARY)?;
        let voice = match files {
            VoiceFiles::Kokoro { model, voices } => {
                Loaded::Kokoro(Kokoro::load(&environment, model, voices, options.threads())?)
            }
            VoiceFiles::Piper { model, config } => {
                Loaded::Piper(Piper::load(&environment, model, config, options.threads())?)
            }
        };
        let tongue = match &voice {
            Loaded::Kokoro(_) => Tongue::english(),
            Loaded::Piper(piper) => piper.tongue(),
        };
        Ok(Self { files: files.clone(), tongue: tongue?, voice })
    }

    /// Says a whole text.
    fn work(&mut self, ask: Saying, desk: &Desk<'_, Self>) -> Result<Ending<()>> {
        let voice = ask.wish.choose(&self.files.voices()?)?;
        let land = land(&voice).unwrap_or(Land::American);
        let manner = Manner { voice: &voice, speed: ask.wish.speed, land, stop: desk.stop() };
        let lines = lines(&ask.text, &self.tongue, desk)?;
        let mut said = 0;
        for line in &lines {
            let Some(spoken) = self.say(line, &manner, said)? else { return Ok(Ending::Cancelled) };
            said += spoken.samples.len();
            if !spoken.samples.is_empty() {
                desk.say(Progress::Delta(spoken));
            }
        }
        if said == 0 { Err(nothing_to_say(&self.tongue)) } else { Ok(Ending::Done(())) }
    }
}

impl Reader {
    /// Says one sentence that begins after `said` samples; nothing when it was stopped, no samples where it is silent.
    fn say(&mut self, line: &Line<'_>, manner: &Manner<'_>, said: usize) -> Result<Option<Spoken>> {
        let Some(phonemes) = self.tongue.sounds(&line.words, manner.land, manner.stop)? else {
            return Ok(None);
        };
        let mut samples = Vec::new();
        for part in parts(&phonemes, kokoro::LONGEST) {
            match self.checked(part, manner)? {
                Some(more) => samples.extend(more),
                None => return Ok(None),
            }
        }
        let sample_rate = self.sample_rate();
        let words =
            if samples.is_empty() { 0 } else { shape(&mut samples, sample_rate, line.pause.seconds()) };
        let caption = Caption {
            text: line.written.to_owned(),
            start: seconds(said, sample_rate),
            end: seconds(said + words, sample_rate),
        };
        Ok(Some(Spoken { caption, samples, sample_rate }))
    }

    /// Says phonemes.
    ///
    /// # Errors
    /// `Model` where the model computes no sound of them.
    fn checked(&mut self, phonemes: &str, manner: &Manner<'_>) -> Result<Option<Vec<f32>>> {
        let said = match &mut self.voice {
            Loaded::Kokoro(kokoro) => kokoro.say(phonemes, manner.voice, manner.speed, manner.stop),
            Loaded::Piper(piper) => piper.say(phonemes, manner.voice, manner.speed, manner.stop),
        }?;
        if said.as_ref().is_none_or(|samples| is_sound(samples)) {
            return Ok(said);
        }
        let message = "The voice made no sound of a sentence; word it differently or take another voice.";
        Err(Error::new(ErrorCode::Model, message).with_detail("samples that are not finite"))
    }

    fn sample_rate(&self) -> u32 {
        match &self.voice {
            Loaded::Kokoro(_) => kokoro::SAMPLE_RATE,
            Loaded::Piper(piper) => piper.sample_rate(),
        }
    }
}

/// The sentences of a text in words; tells once what no voice here can say.
fn lines<'a>(text: &'a str, tongue: &Tongue, desk: &Desk<'_, Reader>) -> Result<Vec<Line<'a>>> {
    let mut lines = Vec::new();
    let mut left_out = BTreeSet::new();
    for piece in pieces(text) {
        let written = &text[piece.range];
        let sayable = tongue.sayable(written);
        if sayable.any {
            lines.push(Line { written, words: sayable.words, pause: piece.pause });
        }
        left_out.extend(sayable.left_out);
    }
    if lines.is_empty() {
        return Err(nothing_to_say(tongue));
    }
    if !left_out.is_empty() {
        desk.say(Progress::Status(Status::Note { text: left_out_note(&left_out) }));
    }
    Ok(lines)
}

/// The numbers that Kokoro reads for a text in a voice, sentence by sentence: for measuring other runtimes of the
/// same model against this one.
///
/// # Errors
/// `Internal` where the list of words is damaged.
pub fn numbers(text: &str, voice: &str) -> Result<Vec<Vec<i64>>> {
    let english = English::load()?;
    let land = land(voice).unwrap_or(Land::American);
    let of = |piece: Piece| kokoro::numbers(&english.sounds(&spoken(&text[piece.range]), land).phonemes);
    Ok(pieces(text).into_iter().map(of).filter(|numbers| !numbers.is_empty()).collect())
}

fn left_out_note(scripts: &BTreeSet<Script>) -> String {
    let names: Vec<&str> = scripts.iter().map(|script| script.name()).collect();
    let names = match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    };
    format!("Left out: words in {names} script, which this voice cannot say.")
}

fn nothing_to_say(tongue: &Tongue) -> Error {
    let letters = tongue.letters();
    let message = format!("There is nothing here that this voice can say; write some words {letters}.");
    Error { field: Some("text".into()), ..Error::new(ErrorCode::Input, message) }
}

/// Parts of at most `limit` phonemes, cut between words where there are any.
fn parts(phonemes: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = phonemes.trim();
    while !rest.is_empty() {
        let end = rest.char_indices().nth(limit).map_or(rest.len(), |(at, _)| at);
        let cut =
            if end == rest.len() { end } else { rest[..end].rfind(' ').filter(|at| *at > 0).unwrap_or(end) };
        parts.push(rest[..cut].trim());
        rest = rest[cut..].trim_start();
    }
    parts
}

#[expect(clippy::cast_precision_loss, reason = "a sound has far fewer than 2^52 samples")]
fn seconds(samples: usize, sample_rate: u32) -> f64 {
    samples as f64 / f64::from(sample_rate.max(1))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn long_phonemes_are_cut_between_words_and_nothing_is_lost() {
        assert_eq!(parts("aa bb cc", 5), ["aa", "bb cc"]);
        assert_eq!(parts("aaaaaaa", 3), ["aaa", "aaa", "a"]);
        assert_eq!(parts("  ", 3), Vec::<&str>::new());
        let long = "wˈɜɹd ".repeat(400);
        assert!(parts(&long, 510).iter().all(|part| part.chars().count() <= 510 && !part.is_empty()));
    }

    #[test]
    fn what_is_left_out_is_told_in_one_sentence() {
        let note = left_out_note(&BTreeSet::from([Script::Chinese, Script::Arabic, Script::Greek]));
        assert_eq!(note, "Left out: words in Chinese, Arabic and Greek script, which this voice cannot say.");
    }

    #[test]
    fn any_text_becomes_phonemes_without_a_panic() {
        let english = English::load().unwrap();
        let mut random = fastrand::Rng::with_seed(9);
        let signs: Vec<char> =
            "0123456789.,:;/-–—+#@$€%°()[]<>*_`~'’\"“”!?…&=½²πéßñ你اन😀\u{200d}\u{301}\u{feff}aBcDz \n"
                .chars()
                .collect();
        for _ in 0..3_000 {
            let text: String = (0..random.usize(0..80))
                .map(|_| match random.u8(0..8) {
                    0 => random.char('\0'..'\u{10ffff}'),
                    1 | 2 => random.char(' '..'~'),
                    _ => random.choice(&signs).copied().unwrap_or(' '),
                })
                .collect();
            for piece in pieces(&text) {
                let words = spoken(&text[piece.range]);
                assert!(!words.chars().any(|letter| letter.is_ascii_digit()), "{text:?}: {words:?}");
                for land in [Land::American, Land::British] {
                    let phonemes = english.sounds(&words, land).phonemes;
                    assert!(
                        !phonemes.contains("  ") && parts(&phonemes, 510).iter().all(|part| !part.is_empty())
                    );
                }
            }
        }
    }

    #[test]
    fn a_hundred_kilobytes_become_phonemes_within_seconds() {
        let english = English::load().unwrap();
        for line in
            ["The 3 wugs of Dr. Snorgle cost $3.50, or 5–10% of 1/2. ", "blorp", "1", "[(", "<a", "]("]
        {
            let text = line.repeat(100_000 / line.len());
            let started = std::time::Instant::now();
            for piece in pieces(&text) {
                english.sounds(&spoken(&text[piece.range]), Land::American);
            }
            assert!(started.elapsed().as_secs() < 30, "{line:?}: {:?}", started.elapsed());
        }
    }
}
