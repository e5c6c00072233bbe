//! Piper voices: a model and its `.onnx.json`, which says what phonemes it knows and how it likes to be asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use limerick_onnx::{Environment, Model, Stop, tensor};
use limerick_tasks::{Error, ErrorCode, Result, Voice};
use serde::Deserialize;

use crate::espeak;
use crate::runtime::recipe;
use crate::script::script;
use crate::tongue::Tongue;

/// A configuration is a few kilobytes; what is larger is none.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Phonemes in one computation at most, so that memory stays bounded.
const LONGEST: usize = 2_000;

/// What the `.onnx.json` says.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    audio: Audio,
    #[serde(default)]
    espeak: Espeak,
    #[serde(default)]
    inference: Inference,
    #[serde(default)]
    phoneme_type: String,
    phoneme_id_map: BTreeMap<String, Vec<i64>>,
    #[serde(default)]
    num_speakers: u32,
    #[serde(default)]
    speaker_id_map: BTreeMap<String, i64>,
    #[serde(default)]
    language: Language,
    #[serde(default)]
    dataset: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Audio {
    sample_rate: u32,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Espeak {
    #[serde(default)]
    voice: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Language {
    code: String,
    name_english: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
struct Inference {
    noise_scale: f32,
    length_scale: f32,
    noise_w: f32,
}

impl Default for Inference {
    fn default() -> Self {
        Self { noise_scale: 0.667, length_scale: 1.0, noise_w: 0.8 }
    }
}

impl Config {
    /// # Errors
    /// `Model` where the file is no configuration of a Piper voice.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let refused = |cause: &dyn std::fmt::Display| {
            let message =
                "The voice's .json file cannot be read; a Piper voice needs its .onnx.json beside it.";
            Error::new(ErrorCode::Model, message).with_detail(cause)
        };
        let size = fs::metadata(path).map_err(|cause| refused(&cause))?.len();
        if size > LARGEST {
            return Err(refused(&format!("{size} bytes")));
        }
        let text = fs::read(path).map_err(|cause| refused(&cause))?;
        let config: Self = serde_json::from_slice(&text).map_err(|cause| refused(&cause))?;
        if !(4_000..=192_000).contains(&config.audio.sample_rate) || config.phoneme_id_map.is_empty() {
            return Err(refused(&"a sample rate or a list of phonemes that cannot be"));
        }
        Ok(config)
    }

    /// One voice for every speaker in the model.
    pub(crate) fn voices(&self) -> Vec<Voice> {
        let named = if self.dataset.is_empty() { "piper" } else { self.dataset.as_str() };
        let language = Some(self.language.code.replace('_', "-")).filter(|code| !code.is_empty());
        let voice = |id: String| Voice { name: spaced(&id), id, language: language.clone(), about: None };
        if self.num_speakers < 2 {
            return vec![voice(named.to_owned())];
        }
        if self.speaker_id_map.is_empty() {
            return (0..self.num_speakers.min(2_000))
                .map(|speaker| voice(format!("{named} {speaker}")))
                .collect();
        }
        let mut speakers: Vec<(&String, &i64)> = self.speaker_id_map.iter().collect();
        speakers.sort_by_key(|(_, number)| **number);
        speakers.into_iter().map(|(name, _)| voice(name.clone())).collect()
    }

    /// Whether our own English phonemes are what the voice learnt.
    fn is_english(&self) -> bool {
        let code = if self.language.code.is_empty() { &self.espeak.voice } else { &self.language.code };
        code.starts_with("en") && self.phoneme_type != "text"
    }

    /// How the voice comes from words to phonemes.
    ///
    /// # Errors
    /// `Model` for a language without a name, and for phonemes that are not espeak-ng's.
    pub(crate) fn tongue(&self) -> Result<Tongue> {
        match self.phoneme_type.as_str() {
            "text" => {
                let letters = self.phoneme_id_map.keys().flat_map(|key| key.chars().take(1));
                Ok(Tongue::Letters(letters.filter(|letter| letter.is_alphabetic()).map(script).collect()))
            }
            _ if self.is_english() => Tongue::english(),
            "" | "espeak" => {
                Ok(Tongue::Espeak(Box::new(espeak::Espeak::new(&self.spoken(), self.language.name())?)))
            }
            other => {
                let message = "This Piper voice reads phonemes that are not known here; add another one.";
                let shown: String = other.chars().take(40).collect();
                Err(Error::new(ErrorCode::Model, message).with_detail(format!("phoneme_type {shown:?}")))
            }
        }
    }

    /// The language in espeak-ng's words; that of the country code where the file does not say.
    fn spoken(&self) -> String {
        let family = self.language.code.split(['_', '-']).next().unwrap_or_default();
        let voice = if self.espeak.voice.is_empty() { family } else { self.espeak.voice.as_str() };
        voice.to_lowercase()
    }

    /// The number of a voice's speaker.
    fn speaker(&self, voice: &str) -> i64 {
        let numbered = || voice.rsplit(' ').next().and_then(|number| number.parse().ok());
        self.speaker_id_map.get(voice).copied().or_else(numbered).unwrap_or(0)
    }

    /// The numbers of phonemes, with the marks of start, end and between that Piper puts there.
    fn ids(&self, phonemes: &str) -> Vec<i64> {
        let of = |phoneme: &str| self.phoneme_id_map.get(phoneme).map(Vec::as_slice).unwrap_or_default();
        let mut ids = [of("^"), of("_")].concat();
        let start = ids.len();
        let mut letter = [0; 4];
        // The marks themselves stand in no text.
        for phoneme in phonemes.chars().filter(|phoneme| !"^_$".contains(*phoneme)).take(LONGEST) {
            // A file may give a phoneme any number of them.
            if ids.len() > 4 * LONGEST {
                break;
            }
            let known = of(phoneme.encode_utf8(&mut letter));
            if !known.is_empty() {
                ids.extend_from_slice(known);
                ids.extend_from_slice(of("_"));
            }
        }
        if ids.len() == start {
            return Vec::new();
        }
        ids.extend_from_slice(of("$"));
        ids
    }
}

impl Language {
    /// The language in English, where it looks like one.
    fn name(&self) -> Option<String> {
        let plain = |letter: char| letter.is_alphabetic() || " -".contains(letter);
        let name = self.name_english.trim();
        let fits = (1..=30).contains(&name.chars().count()) && name.chars().all(plain);
        fits.then(|| name.to_owned())
    }
}

/// A name as people write it: `southern_english_female` with spaces and a capital.
fn spaced(id: &str) -> String {
    let mut letters = id.chars().take(60).map(|letter| if "_-".contains(letter) { ' ' } else { letter });
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A loaded Piper voice.
pub(crate) struct Piper {
    model: Model,
    config: Config,
}

impl Piper {
    pub(crate) fn load(
        environment: &Environment,
        model: &Path,
        config: &Path,
        threads: usize,
    ) -> Result<Self> {
        let config = Config::read(config)?;
        Ok(Self { model: Model::load(environment, model, &recipe(threads))?, config })
    }

    /// How this voice comes from words to phonemes.
    pub(crate) fn tongue(&self) -> Result<Tongue> {
        self.config.tongue()
    }

    pub(crate) fn sample_rate(&self) -> u32 {
        self.config.audio.sample_rate
    }

    /// Speaks phonemes of the voice's `Tongue`; nothing when it was stopped.
    pub(crate) fn say(
        &mut self,
        phonemes: &str,
        voice: &str,
        speed: f32,
        stop: &Stop,
    ) -> Result<Option<Vec<f32>>> {
        let english = self.config.is_english().then(|| as_espeak(phonemes));
        let ids = self.config.ids(english.as_deref().unwrap_or(phonemes));
        if ids.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let Inference { noise_scale, length_scale, noise_w } = self.config.inference;
        let scales = vec![noise_scale, length_scale / speed, noise_w];
        let length = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let mut inputs = vec![
            tensor("input_lengths", &[1], vec![length])?,
            tensor("scales", &[3], scales)?,
            tensor("input", &[1, ids.len()], ids)?,
        ];
        if self.model.wants("sid") {
            let speaker = vec![self.config.speaker(voice)];
            inputs.push(tensor("sid", &[1], speaker)?);
        }
        self.model.run(inputs, stop)
    }
}

/// Kokoro's phonemes as espeak-ng writes them, which is what Piper's English voices learnt.
fn as_espeak(phonemes: &str) -> String {
    let letters: Vec<char> = phonemes.chars().collect();
    let mut out = String::with_capacity(phonemes.len() + 8);
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        let long = next == Some('ː');
        match (letter, next) {
            ('ɜ', Some('ɹ')) => {
                out.push_str("ɜː");
                at += 1;
            }
            ('ə', Some('ɹ')) => {
                out.push('ɚ');
                at += 1;
            }
            ('i' | 'u' | 'ɑ' | 'ɔ', _) if !long && stressed(&letters[..at]) => {
                out.push(*letter);
                out.push('ː');
            }
            ('A', _) => out.push_str("eɪ"),
            ('I', _) => out.push_str("aɪ"),
            ('O', _) => out.push_str("oʊ"),
            ('Q', _) => out.push_str("əʊ"),
            ('W', _) => out.push_str("aʊ"),
            ('Y', _) => out.push_str("ɔɪ"),
            ('ʤ', _) => out.push_str("dʒ"),
            ('ʧ', _) => out.push_str("tʃ"),
            ('T', _) => out.push('ɾ'),
            ('ᵊ', _) => out.push('ə'),
            ('“' | '”', _) => out.push('"'),
            ('—', _) => out.push(','),
            ('…', _) => out.push('.'),
            (other, _) => out.push(*other),
        }
        at += 1;
    }
    out
}

/// Whether the phoneme that comes next bears a stress.
fn stressed(before: &[char]) -> bool {
    before.last().is_some_and(|mark| "ˈˌ".contains(*mark))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn config(more: &str) -> Config {
        let text = format!(
            r#"{{"audio": {{"sample_rate": 22050}}, "espeak": {{"voice": "en-us"}}, "dataset": "joe",
                "phoneme_id_map": {{"_": [0], "^": [1], "$": [2], "h": [20], "ə": [59], "l": [24], "o": [27], "ʊ": [100], "ˈ": [120]}}{more}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn phonemes_are_written_as_espeak_writes_them() {
        for (ours, theirs) in [
            ("həlˈO wˈɜɹld", "həlˈoʊ wˈɜːld"),
            ("ʤˈʌmps ˈOvəɹ", "dʒˈʌmps ˈoʊvɚ"),
            ("fˈɑks, lˈAzi", "fˈɑːks, lˈeɪzi"),
            ("kˈɑː", "kˈɑː"),
        ] {
            assert_eq!(as_espeak(ours), theirs);
        }
    }

    #[test]
    fn ids_stand_between_marks_and_unknown_phonemes_are_left_out() {
        let config = config("");
        assert_eq!(config.ids("həlˈo☃"), [1, 0, 20, 0, 59, 0, 24, 0, 120, 0, 27, 0, 2]);
        assert_eq!(config.ids("☃_^$"), Vec::<i64>::new());
    }

    #[test]
    fn a_model_has_a_voice_for_every_speaker() {
        let named = |config: &Config| config.voices().into_iter().map(|voice| voice.id).collect::<Vec<_>>();
        assert_eq!(named(&config("")), ["joe"]);
        let two = config(
            r#", "num_speakers": 2, "speaker_id_map": {"zoe_b": 0, "abe": 1}, "language": {"code": "en_GB"}"#,
        );
        assert_eq!(named(&two), ["zoe_b", "abe"]);
        assert_eq!(
            (two.voices()[0].name.as_str(), two.voices()[0].language.as_deref()),
            ("Zoe b", Some("en-GB"))
        );
        assert_eq!((two.speaker("abe"), two.speaker("nobody")), (1, 0));
        assert_eq!(named(&config(r#", "num_speakers": 2"#)), ["joe 0", "joe 1"]);
    }

    #[test]
    fn a_voice_reads_as_its_file_says() {
        assert!(matches!(config("").tongue().unwrap(), Tongue::English(_)));
        assert!(matches!(config(r#", "phoneme_type": "text""#).tongue().unwrap(), Tongue::Letters(_)));
        let german = r#", "language": {"code": "de_DE", "name_english": "German"}"#;
        assert!(matches!(config(german).tongue().unwrap(), Tongue::Espeak(_)));
        assert_eq!(config(german).language.name().as_deref(), Some("German"));
        let pinyin = r#", "phoneme_type": "pinyin", "language": {"code": "zh_CN"}"#;
        assert_eq!(config(pinyin).tongue().err().unwrap().code, ErrorCode::Model);
    }

    #[test]
    fn the_language_is_named_as_espeak_names_it() {
        let spoken = |text: &str| serde_json::from_str::<Config>(text).unwrap().spoken();
        let rest = r#""audio": {"sample_rate": 22050}, "phoneme_id_map": {}"#;
        assert_eq!(spoken(&format!(r#"{{{rest}, "espeak": {{"voice": "pt-BR"}}}}"#)), "pt-br");
        assert_eq!(spoken(&format!(r#"{{{rest}, "language": {{"code": "de_DE"}}}}"#)), "de");
        let odd = Language { code: String::new(), name_english: "<b>Install this</b>".into() };
        assert_eq!(odd.name(), None);
    }
}
