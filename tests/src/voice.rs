//! The built-in voice with the real Kokoro, for the tests that let it speak.

use std::time::Duration;

use limerick_engine::Models;
use limerick_tasks::{Ending, Progress, Result, Status, TextToSpeechInput};
use limerick_voice::{Speaker, SpeakerOptions, Spoken, VoiceFiles};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::engine::{folder, library};

/// Kokoro's files.
///
/// # Panics
/// Where they are not on this machine: the tests need them.
pub fn kokoro() -> VoiceFiles {
    let found = Models::new(folder()).voice("kokoro").map(|voice| voice.files);
    match found {
        Ok(limerick_engine::VoiceFiles::Kokoro { model, voices }) => VoiceFiles::Kokoro { model, voices },
        _ => unreachable!("These tests need the voice: run `cargo xtask models --small` once."),
    }
}

/// A speaker with this many threads, or as many as the app has it with.
///
/// # Panics
/// Where the library is not on this machine: the tests need it.
pub fn speaker(threads: Option<usize>) -> Speaker {
    Speaker::new(SpeakerOptions { library: library(), threads, idle: Duration::from_secs(60) })
}

/// A text for a voice at a speed.
pub fn say(text: &str, voice: &str, speed: f64) -> TextToSpeechInput {
    let extra_body = Map::from_iter([("voice".into(), voice.into()), ("speed".into(), Value::from(speed))]);
    TextToSpeechInput { text: text.into(), extra_body, ..TextToSpeechInput::default() }
}

/// Lets Kokoro speak a text to its end: its sentences, and what the person was told.
pub async fn speak(speaker: &Speaker, input: &TextToSpeechInput) -> Result<(Vec<Spoken>, Vec<String>)> {
    speak_with(speaker, kokoro(), input).await
}

/// Lets these files speak a text to its end, as `speak` does.
pub async fn speak_with(
    speaker: &Speaker,
    files: VoiceFiles,
    input: &TextToSpeechInput,
) -> Result<(Vec<Spoken>, Vec<String>)> {
    let (mut spoken, mut notes) = (Vec::new(), Vec::new());
    let mut on = |progress: Progress<Spoken>| match progress {
        Progress::Delta(sentence) => spoken.push(sentence),
        Progress::Status(Status::Note { text }) => notes.push(text),
        Progress::Status(_) => {}
    };
    match speaker.speak(files, input, &CancellationToken::new(), &mut on).await? {
        Ending::Done(()) => Ok((spoken, notes)),
        Ending::Cancelled => unreachable!("nobody cancelled"),
    }
}
