//! What a sound file is, by its first bytes; and the words for what cannot be played.

use limerick_tasks::{Error, ErrorCode, Media, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::reader::Reader;

/// What a sound file is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SoundFacts {
    /// Its type by its own bytes: `audio/wav`, `audio/flac`, `audio/ogg`, `audio/mpeg`, `audio/aac`, `audio/mp4` or
    /// `audio/webm`.
    pub media_type: String,
    /// How long it is; of one that was cut short, how long that is which is there.
    pub seconds: f64,
    /// Hertz.
    pub sample_rate: u32,
    /// 1 to 8.
    pub channels: u16,
    /// Bytes of the file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// False where the file ends before its time; what is there plays.
    pub whole: bool,
}

/// Looks at a sound. Its packets are counted and only the first of them is decoded.
///
/// # Errors
/// `input` in one sentence and a next step, for what is no sound or none that can be played.
pub fn look(bytes: &[u8]) -> Result<SoundFacts> {
    let reader = Reader::open(bytes)?;
    let (media_type, sample_rate, channels) = (reader.kind().to_owned(), reader.sample_rate, reader.channels);
    let (seconds, whole) = reader.skim();
    Ok(SoundFacts { media_type, seconds, sample_rate, channels, bytes: bytes.len() as u64, whole })
}

/// Files that are known by their first bytes and cannot be played. `.` stands for any byte.
const CLOSED: &[(&str, &[u8])] = &[
    ("an AIFF file", b"FORM....AIF"),
    ("a WMA file", b"0&\xb2u\x8ef\xcf\x11"),
    ("a MIDI file", b"MThd"),
    ("an AMR file", b"#!AMR"),
    ("a WavPack file", b"wvpk"),
    ("a CAF file", b"caff"),
    ("an AU file", b".snd"),
    ("a Monkey's Audio file", b"MAC "),
];

/// The type by the first bytes, and the bytes from where the sound begins: behind the tag that some put in front.
///
/// # Errors
/// `input`, in words that name what it is instead, where that is known.
pub(crate) fn kind_of(bytes: &[u8]) -> Result<(&'static str, &[u8])> {
    let sound = &bytes[tag(bytes).min(bytes.len())..];
    match Media::kind_of(sound) {
        _ if bytes.is_empty() => Err(refused("This file is empty. Pick another sound.")),
        Some(kind) if kind.starts_with("audio/") => Ok((kind, sound)),
        // A tag and nothing that is known behind it.
        None if sound.len() < bytes.len() => Ok(("audio/mpeg", sound)),
        _ => Err(unknown(bytes)),
    }
}

/// The length of an `ID3v2` tag at the start (its specification, 3.1: seven bits a byte), 0 without one.
fn tag(bytes: &[u8]) -> usize {
    match bytes {
        [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] => {
            let size = [a, b, c, d].iter().fold(0, |size, byte| size << 7 | usize::from(**byte & 0x7f));
            10 + size + if flags & 0x10 == 0 { 0 } else { 10 }
        }
        _ => 0,
    }
}

fn unknown(bytes: &[u8]) -> Error {
    let starts = |magic: &[u8]| {
        bytes.len() >= magic.len() && magic.iter().zip(bytes).all(|(want, is)| *want == b'.' || want == is)
    };
    match CLOSED.iter().find(|(_, magic)| starts(magic)) {
        Some((name, _)) => closed(name),
        None => refused("This file is no sound that Limerick knows. Use WAV, FLAC, MP3, OGG, AAC or M4A."),
    }
}

/// A sound that is known and cannot be played; `name` with its article.
pub(crate) fn closed(name: &str) -> Error {
    refused(&format!(
        "This sound is {name}, which Limerick cannot play yet. Convert it to WAV, FLAC or MP3 and try again."
    ))
}

/// A file that starts well and does not go on so.
pub(crate) fn damaged(kind: &str) -> Error {
    let name = match kind {
        "audio/wav" => "WAV",
        "audio/flac" => "FLAC",
        "audio/ogg" => "OGG",
        "audio/mpeg" => "MP3",
        "audio/aac" => "AAC",
        "audio/mp4" => "M4A",
        _ => "sound",
    };
    refused(&format!("This {name} file is damaged or has no sound in it. Try another copy of it."))
}

pub(crate) fn refused(words: &str) -> Error {
    Error::new(ErrorCode::Input, words)
}
