//! The voices that are there, best ones first, and what a run asks of them.

use std::fs;
use std::path::{Path, PathBuf};

use limerick_tasks::{Error, ErrorCode, Result, TextToSpeechInput, Voice};
use serde_json::Value;

use crate::piper::Config;
use crate::words::Land;

/// The files of a built-in voice, or of a voice of the person's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VoiceFiles {
    /// Kokoro-82M.
    Kokoro {
        /// The model, in ONNX form.
        model: PathBuf,
        /// The folder with a file `<id>.bin` for every voice.
        voices: PathBuf,
    },
    /// A Piper voice.
    Piper {
        /// The model, in ONNX form.
        model: PathBuf,
        /// Its `.onnx.json`.
        config: PathBuf,
    },
}

impl VoiceFiles {
    /// The voices that can be asked for, best ones first.
    ///
    /// # Errors
    /// `Model` where the folder or the file cannot be read.
    pub fn voices(&self) -> Result<Vec<Voice>> {
        match self {
            Self::Kokoro { voices, .. } => in_folder(voices),
            Self::Piper { config, .. } => Ok(Config::read(config)?.voices()),
        }
    }
}

/// Kokoro's English voices, best ones first: the order of the grades in its `VOICES.md`.
const BEST_FIRST: &[&str] = &[
    "af_heart",
    "af_bella",
    "bf_emma",
    "af_nicole",
    "am_michael",
    "am_fenrir",
    "am_puck",
    "af_aoede",
    "af_kore",
    "af_sarah",
    "bm_george",
    "bm_fable",
    "bf_isabella",
    "af_nova",
    "af_alloy",
    "af_sky",
    "bm_lewis",
    "bf_alice",
    "bf_lily",
    "bm_daniel",
    "am_echo",
    "am_eric",
    "am_liam",
    "am_onyx",
    "af_jessica",
    "af_river",
    "am_santa",
    "am_adam",
];

fn in_folder(folder: &Path) -> Result<Vec<Voice>> {
    let refused = |cause: std::io::Error| {
        let message = "The voices cannot be read; fetch the built-in voice again in Settings.";
        Error::new(ErrorCode::Model, message).with_detail(cause)
    };
    let mut ids = Vec::new();
    for file in fs::read_dir(folder).map_err(refused)? {
        let path = file.map_err(refused)?.path();
        let id = path.file_stem().and_then(|name| name.to_str()).filter(|id| land(id).is_some());
        if let Some(id) = id.filter(|_| path.extension().is_some_and(|form| form == "bin")) {
            ids.push(id.to_owned());
        }
    }
    let place = |id: &String| BEST_FIRST.iter().position(|known| known == id).unwrap_or(BEST_FIRST.len());
    ids.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    Ok(ids.iter().map(|id| described(id)).collect())
}

/// The English of a Kokoro voice; `None` for other languages and for names that are none.
pub(crate) fn land(id: &str) -> Option<Land> {
    let (kind, name) = id.split_once('_')?;
    let plain = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric());
    match kind {
        "af" | "am" if plain => Some(Land::American),
        "bf" | "bm" if plain => Some(Land::British),
        _ => None,
    }
}

fn described(id: &str) -> Voice {
    let (kind, name) = id.split_once('_').unwrap_or(("", id));
    let mut letters = name.chars();
    let name = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    let language = if land(id) == Some(Land::British) { "en-GB" } else { "en-US" };
    let about = if kind.ends_with('m') { "man" } else { "woman" };
    Voice { id: id.to_owned(), name, language: Some(language.to_owned()), about: Some(about.to_owned()) }
}

/// What a run asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wish {
    /// The voice's id; `None` for the best one.
    pub(crate) voice: Option<String>,
    /// How quickly it speaks, 0.5 to 2.
    pub(crate) speed: f32,
}

impl Wish {
    /// # Errors
    /// `Input` for a speed out of its range and for fields of a wrong form.
    pub(crate) fn of(input: &TextToSpeechInput) -> Result<Self> {
        let voice = match input.extra_body.get("voice") {
            None | Some(Value::Null) => None,
            Some(Value::String(id)) if id.is_empty() => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(refused("voice", "voice must be the name of a voice.")),
        };
        let speed = match input.extra_body.get("speed") {
            None | Some(Value::Null) => 1.0,
            Some(speed) => speed.as_f64().unwrap_or(f64::NAN),
        };
        if !(0.5..=2.0).contains(&speed) {
            return Err(refused("speed", "speed must be between 0.5 and 2."));
        }
        #[expect(clippy::cast_possible_truncation, reason = "a speed needs few digits")]
        let speed = speed as f32;
        Ok(Self { voice, speed })
    }

    /// The voice to speak with, of those that are there.
    ///
    /// # Errors
    /// `Input` for a voice that is not there, `Model` where there is none.
    pub(crate) fn choose(&self, there: &[Voice]) -> Result<String> {
        let Some(best) = there.first() else {
            let message = "There is no voice; fetch the built-in voice again in Settings.";
            return Err(Error::new(ErrorCode::Model, message));
        };
        match &self.voice {
            None => Ok(best.id.clone()),
            Some(id) if there.iter().any(|voice| voice.id == *id) => Ok(id.clone()),
            Some(id) => {
                let shown: String = id.chars().take(40).collect();
                Err(refused("voice", &format!("The voice “{shown}” is not here; choose another one.")))
            }
        }
    }
}

fn refused(field: &str, message: &str) -> Error {
    Error { field: Some(field.to_owned()), ..Error::new(ErrorCode::Input, message) }
}
