//! Whole sounds in memory, and sounds that are decoded while they play.

use std::sync::{Arc, Weak};
use std::thread;

use bytes::Bytes;
use limerick_tasks::{Error, Result};

use crate::Clip;
use crate::reader::Reader;

/// Samples that a sound may have in memory, of all channels together: 400 MB, or 69 minutes of a voice.
pub(crate) const MOST: usize = 100_000_000;

/// A sound in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Hertz.
    pub sample_rate: u32,
    /// From 1.
    pub channels: u16,
    /// Those of the channels take turns; each nominally within -1 to 1.
    pub samples: Vec<f32>,
    /// False where it ends before its time: the file is cut short or damaged, or all of it would take up too much
    /// memory.
    pub whole: bool,
}

impl Sound {
    /// What a clip holds now.
    pub fn of_clip(clip: &Clip) -> Self {
        let whole = clip.is_whole();
        let mut samples = vec![0.0; clip.len()];
        let count = clip.read(0, &mut samples);
        samples.truncate(count);
        Self { sample_rate: clip.sample_rate(), channels: clip.channels(), samples, whole }
    }

    /// Its length.
    #[expect(clippy::cast_precision_loss, reason = "a sound of 2^52 samples does not fit in memory")]
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.channels.max(1)) / f64::from(self.sample_rate.max(1))
    }
}

/// Decodes a sound; one that is cut short as far as it goes, and none further than 400 MB of samples.
///
/// # Errors
/// `input` in one sentence and a next step: no sound, none that can be played, or nothing in it.
pub fn decode(bytes: &[u8]) -> Result<Sound> {
    let mut reader = Reader::open(bytes)?;
    let (sample_rate, channels) = (reader.sample_rate, reader.channels);
    let (mut samples, mut piece) = (Vec::new(), Vec::new());
    while reader.next(&mut piece) {
        if samples.len() + piece.len() > MOST {
            return Ok(Sound { sample_rate, channels, samples, whole: false });
        }
        samples.extend_from_slice(&piece);
    }
    Ok(Sound { sample_rate, channels, samples, whole: reader.is_whole() })
}

/// Begins to decode a sound, and gives what fills up with it on a thread of its own: as far as the file goes, and no
/// further than 400 MB of samples. The thread ends as soon as nobody holds the clip.
///
/// # Errors
/// `input` at once, as from [`decode`]; `internal` where the system gives no thread.
pub fn open(bytes: Bytes) -> Result<Arc<Clip>> {
    let reader = Reader::open(&bytes)?;
    let clip = Clip::new(reader.sample_rate, reader.channels);
    drop(reader);
    let ending = Ending(Arc::downgrade(&clip));
    let decoding = thread::Builder::new().name("sound".into()).spawn(move || fill(&bytes, &ending));
    decoding.map_err(|error| Error::internal("decode this sound", error))?;
    Ok(clip)
}

/// Says that no more comes, however the thread ends.
struct Ending(Weak<Clip>);

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(clip) = self.0.upgrade() {
            clip.finish();
        }
    }
}

fn fill(bytes: &[u8], Ending(into): &Ending) {
    let Ok(mut reader) = Reader::open(bytes) else { return };
    let mut piece = Vec::new();
    while reader.next(&mut piece) {
        match into.upgrade() {
            Some(clip) if clip.len() + piece.len() <= MOST => clip.push(&piece),
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::fixtures::{FIXTURES, fixture};
    use crate::{from_bare, look, peaks};

    /// Name, type, hertz, channels, seconds, and whether it is whole.
    const KNOWN: &[(&str, &str, u32, u16, f64, bool)] = &[
        ("16bit.wav", "audio/wav", 24_000, 1, 0.5, true),
        ("24bit.stereo.wav", "audio/wav", 44_100, 2, 0.1, true),
        ("8bit.wav", "audio/wav", 24_000, 1, 0.5, true),
        ("cut.flac", "audio/flac", 24_000, 1, 0.341, false),
        ("cut.wav", "audio/wav", 24_000, 1, 0.124, false),
        ("float.wav", "audio/wav", 24_000, 1, 0.25, true),
        ("mulaw.wav", "audio/wav", 8_000, 1, 1.0, true),
        ("streamed.wav", "audio/wav", 24_000, 1, 0.25, true),
        ("streamed.zero.wav", "audio/wav", 24_000, 1, 0.25, true),
        ("vbr.id3.mp3", "audio/mpeg", 22_050, 1, 4.028, true),
        ("voice.aac", "audio/aac", 24_000, 1, 4.075, true),
        ("voice.flac", "audio/flac", 24_000, 1, 1.024, true),
        ("voice.m4a", "audio/mp4", 24_000, 1, 4.028, true),
        ("voice.mp3", "audio/mpeg", 24_000, 1, 4.028, true),
        ("voice.ogg", "audio/ogg", 24_000, 1, 4.028, true),
    ];
    /// Name, and what is said of it.
    const REFUSED: &[(&str, &str)] = &[
        ("bare.raw", "This file is no sound that Limerick knows. Use WAV, FLAC, MP3, OGG, AAC or M4A."),
        (
            "voice.opus",
            "This sound is in Opus, which Limerick cannot play yet. Convert it to WAV, FLAC or MP3 and try again.",
        ),
        (
            "voice.webm",
            "This sound is a WebM file, which Limerick cannot play yet. Convert it to WAV, FLAC or MP3 and try again.",
        ),
    ];

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() <= 0.03 * other
    }

    fn wait(clip: &Clip) {
        while !clip.is_whole() {
            thread::yield_now();
        }
    }

    #[test]
    fn every_sound_is_what_it_is() {
        assert_eq!(KNOWN.len() + REFUSED.len(), FIXTURES.len(), "each is in one table");
        for (name, media_type, sample_rate, channels, seconds, whole) in KNOWN {
            let facts = look(fixture(name)).unwrap();
            let told = (facts.media_type.as_str(), facts.sample_rate, facts.channels, facts.whole);
            assert_eq!(told, (*media_type, *sample_rate, *channels, *whole), "{name}");
            assert!(near(facts.seconds, *seconds), "{name}: {} s", facts.seconds);
            assert_eq!(facts.bytes, fixture(name).len() as u64);
        }
    }

    #[test]
    fn every_sound_is_decoded_as_far_as_it_goes() {
        for (name, _, sample_rate, channels, seconds, whole) in KNOWN {
            let sound = decode(fixture(name)).unwrap();
            let told = (sound.sample_rate, sound.channels, sound.whole);
            assert_eq!(told, (*sample_rate, *channels, *whole), "{name}");
            assert!(near(sound.seconds(), *seconds), "{name}: {} s", sound.seconds());
            // The same voice at the same level in all of them.
            let loudest = sound.samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!((0.4..0.8).contains(&loudest), "{name}: {loudest}");
        }
    }

    #[test]
    fn every_sound_opens_as_a_clip_that_fills_up() {
        for (name, ..) in KNOWN {
            let clip = open(Bytes::from_static(fixture(name))).unwrap();
            wait(&clip);
            let (of_clip, decoded) = (Sound::of_clip(&clip), decode(fixture(name)).unwrap());
            assert_eq!(of_clip.samples, decoded.samples, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_played_is_refused_in_plain_words() {
        for (name, words) in REFUSED {
            let bytes = fixture(name);
            assert_eq!(look(bytes).unwrap_err().message, *words);
            assert_eq!(open(Bytes::from_static(bytes)).unwrap_err().message, *words);
            assert_eq!(peaks(bytes, 10).unwrap_err().message, *words);
        }
        let words = |bytes: &[u8]| decode(bytes).unwrap_err().message;
        assert!(words(b"").starts_with("This file is empty."));
        assert!(words(b"{\"error\":\"no\"}").starts_with("This file is no sound"));
        assert!(words(b"\x89PNG\r\n\x1a\n").starts_with("This file is no sound"));
        assert!(words(b"FORM\0\0\0\0AIFFCOMM").starts_with("This sound is an AIFF file"));
        assert!(words(b"ID3\x04\0\0\0\0\0\0").starts_with("This MP3 file is damaged or has no sound in it."));
        assert!(words(b"fLaC\0\0\0\x22").starts_with("This FLAC file is damaged or has no sound in it."));
    }

    #[test]
    fn bare_samples_play_once_they_have_a_head() {
        let bare = look(&from_bare(fixture("bare.raw"))).unwrap();
        assert_eq!((bare.sample_rate, bare.channels, bare.seconds), (24_000, 1, 0.25));
        // A byte that is no whole sample is left out.
        assert_eq!(from_bare(&fixture("bare.raw")[..11_999]).len(), 44 + 11_998);
    }

    #[test]
    fn the_same_samples_come_out_of_every_lossless_form() {
        let sound = decode(fixture("16bit.wav")).unwrap().samples;
        for name in ["cut.wav", "streamed.wav", "streamed.zero.wav", "voice.flac", "cut.flac", "float.wav"] {
            let other = decode(fixture(name)).unwrap().samples;
            let count = sound.len().min(other.len());
            assert_eq!(sound[..count], other[..count], "{name}");
        }
        // Fewer bits, and the same but for their coarseness.
        let coarse = decode(fixture("8bit.wav")).unwrap().samples;
        assert!(coarse.iter().zip(&sound).all(|(one, other)| (one - other).abs() < 0.02));
    }

    #[test]
    fn a_sound_that_is_cut_anywhere_plays_as_far_as_it_goes() {
        for (name, ..) in KNOWN.iter().filter(|(name, ..)| name.starts_with("voice")) {
            let (bytes, all) = (fixture(name), decode(fixture(name)).unwrap());
            for part in [4, 6, 8] {
                // The table of an M4A comes last, and without it nothing is found.
                let Ok(some) = decode(&bytes[..bytes.len() * part / 9]) else {
                    assert_eq!(*name, "voice.m4a");
                    continue;
                };
                let share = some.seconds() / all.seconds() * 9.0;
                let least = f64::from(u32::try_from(part).unwrap()) - 2.5;
                assert!(share > least && share < 9.0, "{name}: {share} of 9 parts for {part}");
            }
        }
    }

    #[test]
    fn several_files_in_a_row_are_one_sound() {
        // As servers send them that speak sentence by sentence.
        for name in ["voice.mp3", "voice.aac", "voice.ogg"] {
            let (once, thrice) = (fixture(name), fixture(name).repeat(3));
            let (seconds, sound) = (3.0 * look(once).unwrap().seconds, decode(&thrice).unwrap());
            assert!(near(sound.seconds(), seconds) && sound.whole, "{name}: {} s", sound.seconds());
            assert!(near(look(&thrice).unwrap().seconds, seconds), "{name}");
        }
    }

    #[test]
    fn a_clip_that_nobody_holds_is_given_up() {
        let long = crate::to_wav(&Sound {
            sample_rate: 8_000,
            channels: 1,
            samples: vec![0.1; 40_000_000],
            whole: true,
        });
        let (clip, began) = (open(Bytes::from(long)).unwrap(), std::time::Instant::now());
        let weak = Arc::downgrade(&clip);
        drop(clip);
        while weak.strong_count() > 0 {
            assert!(began.elapsed().as_secs() < 5, "the thread lets go of it");
            thread::yield_now();
        }
    }

    #[test]
    fn odd_rates_and_channels_are_refused() {
        let wav = |sample_rate: u32, channels: u16| {
            let mut file = fixture("16bit.wav").to_vec();
            file[22..24].copy_from_slice(&channels.to_le_bytes());
            file[24..28].copy_from_slice(&sample_rate.to_le_bytes());
            file[32..34].copy_from_slice(&(channels * 2).to_le_bytes());
            decode(&file)
        };
        assert!(wav(24_000, 8).is_ok() && wav(384_000, 1).is_ok());
        for (sample_rate, channels) in [(24_000, 9), (24_000, 0), (0, 1), (4_000_000_000, 1)] {
            let words = wav(sample_rate, channels).unwrap_err().message;
            assert!(words.ends_with("try again."), "{words}");
        }
    }
}
