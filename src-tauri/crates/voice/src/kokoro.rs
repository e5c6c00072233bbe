//! Kokoro-82M: phonemes, a voice's vector and a speed in, 24,000 samples a second out.
//! Symbols and lengths are those of the model's `config.json`.

use std::fs;
use std::path::{Path, PathBuf};

use limerick_onnx::{Environment, Model, Stop, tensor};
use limerick_tasks::{Error, ErrorCode, Result};

use crate::runtime::recipe;
use crate::silence::is_sound;

/// Samples a second.
pub(crate) const SAMPLE_RATE: u32 = 24_000;
/// Phonemes in one computation at most; two of the model's 512 places are its marks of start and end.
pub(crate) const LONGEST: usize = 510;
/// Numbers in one row of a voice.
const STYLE: usize = 256;

/// Every symbol that the model knows, and its number.
const SYMBOLS: &[(char, i64)] = &[
    (';', 1),
    (':', 2),
    (',', 3),
    ('.', 4),
    ('!', 5),
    ('?', 6),
    ('—', 9),
    ('…', 10),
    ('"', 11),
    ('(', 12),
    (')', 13),
    ('“', 14),
    ('”', 15),
    (' ', 16),
    ('\u{303}', 17),
    ('ʣ', 18),
    ('ʥ', 19),
    ('ʦ', 20),
    ('ʨ', 21),
    ('ᵝ', 22),
    ('ꭧ', 23),
    ('A', 24),
    ('I', 25),
    ('O', 31),
    ('Q', 33),
    ('S', 35),
    ('T', 36),
    ('W', 39),
    ('Y', 41),
    ('ᵊ', 42),
    ('a', 43),
    ('b', 44),
    ('c', 45),
    ('d', 46),
    ('e', 47),
    ('f', 48),
    ('h', 50),
    ('i', 51),
    ('j', 52),
    ('k', 53),
    ('l', 54),
    ('m', 55),
    ('n', 56),
    ('o', 57),
    ('p', 58),
    ('q', 59),
    ('r', 60),
    ('s', 61),
    ('t', 62),
    ('u', 63),
    ('v', 64),
    ('w', 65),
    ('x', 66),
    ('y', 67),
    ('z', 68),
    ('ɑ', 69),
    ('ɐ', 70),
    ('ɒ', 71),
    ('æ', 72),
    ('β', 75),
    ('ɔ', 76),
    ('ɕ', 77),
    ('ç', 78),
    ('ɖ', 80),
    ('ð', 81),
    ('ʤ', 82),
    ('ə', 83),
    ('ɚ', 85),
    ('ɛ', 86),
    ('ɜ', 87),
    ('ɟ', 90),
    ('ɡ', 92),
    ('ɥ', 99),
    ('ɨ', 101),
    ('ɪ', 102),
    ('ʝ', 103),
    ('ɯ', 110),
    ('ɰ', 111),
    ('ŋ', 112),
    ('ɳ', 113),
    ('ɲ', 114),
    ('ɴ', 115),
    ('ø', 116),
    ('ɸ', 118),
    ('θ', 119),
    ('œ', 120),
    ('ɹ', 123),
    ('ɾ', 125),
    ('ɻ', 126),
    ('ʁ', 128),
    ('ɽ', 129),
    ('ʂ', 130),
    ('ʃ', 131),
    ('ʈ', 132),
    ('ʧ', 133),
    ('ʊ', 135),
    ('ʋ', 136),
    ('ʌ', 138),
    ('ɣ', 139),
    ('ɤ', 140),
    ('χ', 142),
    ('ʎ', 143),
    ('ʒ', 147),
    ('ʔ', 148),
    ('ˈ', 156),
    ('ˌ', 157),
    ('ː', 158),
    ('ʰ', 162),
    ('ʲ', 164),
    ('↓', 169),
    ('→', 171),
    ('↗', 172),
    ('↘', 173),
    ('ᵻ', 177),
];

/// The number of a symbol; `None` for one that the model does not know.
fn number(symbol: char) -> Option<i64> {
    SYMBOLS.iter().find(|(known, _)| *known == symbol).map(|(_, number)| *number)
}

/// What the model reads: the numbers of phonemes between its marks of start and end; nothing for none.
pub(crate) fn numbers(phonemes: &str) -> Vec<i64> {
    let known: Vec<i64> = phonemes.chars().filter_map(number).take(LONGEST).collect();
    if known.is_empty() { known } else { [&[0], &known[..], &[0]].concat() }
}

/// The model with its voices.
pub(crate) struct Kokoro {
    model: Model,
    voices: PathBuf,
    /// The voice of the last sentence, and its rows.
    style: Option<(String, Vec<f32>)>,
}

/// What a style is multiplied by, one after the other, until there is a sound; a hundredth is not heard.
const NUDGES: [f32; 4] = [1.0, 1.01, 0.99, 1.003];

impl Kokoro {
    pub(crate) fn load(
        environment: &Environment,
        model: &Path,
        voices: &Path,
        threads: usize,
    ) -> Result<Self> {
        let model = Model::load(environment, model, &recipe(threads))?;
        Ok(Self { model, voices: voices.to_owned(), style: None })
    }

    /// Speaks phonemes, at most `LONGEST` of them; nothing when it was stopped.
    ///
    /// The model divides parts of a spectrum by each other; where half precision has made nothing of both, the whole
    /// sentence is not a number. So it is with 3 of 56 sentences on ONNX Runtime 1.28, and other ones elsewhere: then
    /// the style is nudged.
    ///
    /// # Errors
    /// `Model` where the voice's file cannot be used.
    pub(crate) fn say(
        &mut self,
        phonemes: &str,
        voice: &str,
        speed: f32,
        stop: &Stop,
    ) -> Result<Option<Vec<f32>>> {
        let ids = numbers(phonemes);
        if ids.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let style = self.style(voice, ids.len() - 2)?;
        let mut said = None;
        for nudge in NUDGES {
            let style = style.iter().map(|number| number * nudge).collect();
            said = self.once(ids.clone(), style, speed, stop)?;
            if said.as_ref().is_none_or(|samples| is_sound(samples)) {
                break;
            }
        }
        Ok(said)
    }

    fn once(&mut self, ids: Vec<i64>, style: Vec<f32>, speed: f32, stop: &Stop) -> Result<Option<Vec<f32>>> {
        let tokens = if self.model.wants("input_ids") { "input_ids" } else { "tokens" };
        let inputs = vec![
            tensor(tokens, &[1, ids.len()], ids)?,
            tensor("style", &[1, STYLE], style)?,
            tensor("speed", &[1], vec![speed])?,
        ];
        self.model.run(inputs, stop)
    }

    /// The row of a voice for this many phonemes.
    fn style(&mut self, voice: &str, phonemes: usize) -> Result<Vec<f32>> {
        if self.style.as_ref().is_none_or(|(kept, _)| kept != voice) {
            let rows = read_style(&self.voices.join(format!("{voice}.bin")))?;
            self.style = Some((voice.to_owned(), rows));
        }
        let rows = self.style.as_ref().map_or(&[][..], |(_, rows)| rows);
        let at = phonemes.clamp(1, LONGEST) - 1;
        Ok(rows.chunks_exact(STYLE).nth(at).map(<[f32]>::to_vec).unwrap_or_default())
    }
}

/// A voice's rows: one for every number of phonemes, 256 numbers each.
fn read_style(path: &Path) -> Result<Vec<f32>> {
    let refused = |cause: &dyn std::fmt::Display| {
        let message = "The voice's file cannot be used; fetch the built-in voice again in Settings.";
        Error::new(ErrorCode::Model, message).with_detail(cause)
    };
    let bytes = fs::read(path).map_err(|cause| refused(&cause))?;
    let (numbers, rest) = bytes.as_chunks::<4>();
    let rows: Vec<f32> = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
    if rows.len() != LONGEST * STYLE || !rest.is_empty() || !rows.iter().all(|number| number.is_finite()) {
        return Err(refused(&format!("{} is no voice of Kokoro", path.display())));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_stands_once_with_a_number_of_its_own() {
        for (at, (symbol, id)) in SYMBOLS.iter().enumerate() {
            assert_eq!(number(*symbol), Some(*id));
            assert!(SYMBOLS[..at].iter().all(|(_, before)| before < id), "{symbol}");
        }
        assert_eq!(number('❓'), None);
    }
}
