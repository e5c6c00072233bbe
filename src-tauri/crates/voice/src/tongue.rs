//! How a voice comes from a written sentence to what its model reads: by our English, by espeak-ng for another
//! language, or by the letters as they are.

use std::collections::BTreeSet;

use limerick_onnx::Stop;
use limerick_tasks::Result;

use crate::espeak::Espeak;
use crate::phonemes::English;
use crate::script::{Script, decomposed, is_picture, script};
use crate::spoken::{spoken, unmarked};
use crate::words::Land;

/// The language that a voice reads.
pub(crate) enum Tongue {
    /// English, by our own words.
    English(Box<English>),
    /// Another language, by espeak-ng.
    Espeak(Box<Espeak>),
    /// A model that reads letters, of these scripts.
    Letters(BTreeSet<Script>),
}

/// A sentence as far as a voice can say it.
pub(crate) struct Sayable {
    pub(crate) words: String,
    /// Whether there is anything to say.
    pub(crate) any: bool,
    /// Scripts of the words that were left out.
    pub(crate) left_out: BTreeSet<Script>,
}

impl Tongue {
    pub(crate) fn english() -> Result<Self> {
        Ok(Self::English(Box::new(English::load()?)))
    }

    /// What this voice says of a sentence. Numbers and signs are made words of in English alone; espeak-ng does that
    /// itself for its languages.
    pub(crate) fn sayable(&self, written: &str) -> Sayable {
        let english = matches!(self, Self::English(_));
        let words = if english { spoken(written) } else { unmarked(written) };
        let scripts: BTreeSet<Script> = words.chars().map(script).collect();
        let said = self.scripts();
        let left_out = scripts.into_iter().filter(|script| !said.contains(script)).collect();
        if english {
            let any = words.chars().any(|letter| script(letter) == Script::Latin);
            return Sayable { words, any, left_out };
        }
        let words = kept(&words, &said);
        let any = words.chars().any(char::is_alphanumeric);
        Sayable { words, any, left_out }
    }

    /// What the model reads for the words of a sentence; nothing when it was stopped.
    pub(crate) fn sounds(&self, words: &str, land: Land, stop: &Stop) -> Result<Option<String>> {
        match self {
            Self::English(english) => Ok(Some(english.sounds(words, land).phonemes)),
            Self::Espeak(espeak) => espeak.phonemes(words, stop),
            Self::Letters(_) => Ok(Some(decomposed(&words.to_lowercase()))),
        }
    }

    /// What to write for this voice, in an error.
    pub(crate) fn letters(&self) -> &'static str {
        if matches!(self, Self::English(_)) { "in Latin letters" } else { "in its language" }
    }

    /// The scripts that the voice says, with what belongs to none.
    fn scripts(&self) -> BTreeSet<Script> {
        let mut scripts = BTreeSet::from([Script::None, Script::Mark]);
        match self {
            Self::English(_) => scripts.extend([Script::Latin]),
            // espeak-ng reads Latin words in other scripts as English ones.
            Self::Espeak(espeak) => {
                scripts.extend([Script::Latin]);
                scripts.extend(scripts_of(espeak.voice()));
            }
            Self::Letters(own) => scripts.extend(own),
        }
        scripts
    }
}

/// A text without letters of other scripts, pictures and control characters, each of them a space.
fn kept(text: &str, said: &BTreeSet<Script>) -> String {
    let mut before = true;
    let letters = text.chars().map(|letter| {
        let script = script(letter);
        // A mark goes with its letter.
        before = said.contains(&script) && !is_picture(letter) && (script != Script::Mark || before);
        if before && !letter.is_control() { letter } else { ' ' }
    });
    let letters: String = letters.collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The scripts of a language of espeak-ng, besides Latin.
fn scripts_of(voice: &str) -> &'static [Script] {
    match voice.split(['-', '+', '_']).next().unwrap_or_default() {
        "ba" | "be" | "bg" | "cv" | "kk" | "ky" | "mk" | "ru" | "sr" | "tt" | "uk" => &[Script::Cyrillic],
        "el" | "grc" => &[Script::Greek],
        "ar" | "fa" | "sd" | "ug" | "ur" => &[Script::Arabic],
        "he" => &[Script::Hebrew],
        "bpy" | "hi" | "kok" | "mr" | "ne" | "sa" => &[Script::Devanagari],
        "th" => &[Script::Thai],
        "ko" => &[Script::Korean],
        "ja" => &[Script::Japanese, Script::Chinese],
        "cmn" | "hak" | "yue" | "zh" => &[Script::Chinese],
        "am" | "as" | "bn" | "chr" | "gu" | "hy" | "hyw" | "ka" | "kn" | "lo" | "ml" | "my" | "or" | "pa"
        | "shn" | "si" | "ta" | "te" | "ti" => &[Script::Other],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn tongue(voice: &str) -> Tongue {
        Tongue::Espeak(Box::new(Espeak::new(voice, None).unwrap()))
    }

    #[test]
    fn another_language_goes_on_as_it_is_written_without_marks_for_the_eye() {
        let said =
            tongue("de").sayable("**Dr. Müller** zahlt 3,50 € 🙂 für [Käse](http://k.de) am 3. ❤️ Mai.\u{7}");
        assert_eq!(said.words, "Dr. Müller zahlt 3,50 € für Käse am 3. Mai.");
        assert!(said.any && said.left_out.is_empty());
        assert!(tongue("de").sayable("42").any && !tongue("de").sayable("… 🙂 —").any);
    }

    #[test]
    fn what_is_left_out_follows_the_scripts_of_the_voice() {
        let text = "Привет, OK 你好 σ!";
        let russian = tongue("ru").sayable(text);
        assert_eq!(russian.words, "Привет, OK !");
        assert_eq!(russian.left_out, BTreeSet::from([Script::Chinese, Script::Greek]));
        let german = tongue("de").sayable(text);
        assert_eq!(german.left_out, BTreeSet::from([Script::Chinese, Script::Cyrillic, Script::Greek]));
        assert!(tongue("ja").sayable("日本語です").left_out.is_empty());
        assert!(!tongue("de").sayable("Привет!").any);
    }

    #[test]
    fn a_voice_that_reads_letters_gets_them_small_and_apart_from_their_marks() {
        let letters = Tongue::Letters(BTreeSet::from([Script::Cyrillic]));
        let said = letters.sayable("Їжак і OK йде.");
        assert_eq!(said.left_out, BTreeSet::from([Script::Latin]));
        let sounds = letters.sounds(&said.words, Land::American, &Stop::default()).unwrap().unwrap();
        assert_eq!(sounds, "і\u{308}жак і и\u{306}де.");
    }

    #[test]
    fn any_text_is_made_sayable_without_a_panic() {
        let mut random = fastrand::Rng::with_seed(4);
        let letters = Tongue::Letters(BTreeSet::from([Script::Cyrillic]));
        for tongue in [tongue("de"), tongue("hi"), letters] {
            for _ in 0..1_000 {
                let text: String =
                    (0..random.usize(0..80)).map(|_| random.char('\0'..'\u{10ffff}')).collect();
                let said = tongue.sayable(&text);
                assert!(!said.words.chars().any(char::is_control), "{text:?}: {:?}", said.words);
                assert!(said.any || said.words.chars().all(|letter| !letter.is_alphanumeric()));
            }
        }
    }
}
