//! Sounds of strangers, changed at random: whatever a file is, nothing here falls, hangs, or says something that is
//! no sentence.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../../tests/src/mutate.rs"]
mod mutate;

use limerick_tasks::{Error, ErrorCode, Result};

use crate::fixtures::FIXTURES;
use crate::{decode, from_bare, join, look, peaks, to_flac, to_wav};
use mutate::{fuzz, is_a_sentence};

/// What was made of it, or nothing after a sentence for a person.
fn fine<T>(done: Result<T>) -> Option<T> {
    let check = |error: &Error| {
        is_a_sentence(&error.message, 400);
        assert_eq!(error.code, ErrorCode::Input, "{error:?}");
    };
    done.inspect_err(check).ok()
}

fn seeds() -> Vec<&'static [u8]> {
    FIXTURES.iter().map(|(_, bytes)| *bytes).collect()
}

#[test]
fn no_sound_makes_us_fall() {
    fuzz("sounds", &seeds(), |bytes| {
        let facts = fine(look(bytes));
        assert!(facts.is_none_or(|facts| facts.seconds >= 0.0 && facts.seconds < 1e9));
        let Some(sound) = fine(decode(bytes)) else { return };
        assert!(!sound.samples.is_empty() && sound.samples.iter().all(|sample| sample.is_finite()));
        assert!((1..=8).contains(&sound.channels) && sound.samples.len() % usize::from(sound.channels) == 0);
    });
}

#[test]
fn no_sound_has_a_shape_that_cannot_be_drawn() {
    fuzz("shapes of sounds", &seeds(), |bytes| {
        let Some(shape) = fine(peaks(bytes, 100)) else { return };
        assert!(shape.seconds >= 0.0 && shape.low.len() == 100 && shape.high.len() == 100);
        assert!(shape.low.iter().zip(&shape.high).all(|(low, high)| low <= high));
    });
}

#[test]
fn what_is_read_can_be_written_again() {
    fuzz("other forms of sounds", &seeds(), |bytes| {
        let Some(sound) = fine(decode(bytes)) else { return };
        let sound = join(&[sound], 0.0);
        let again = decode(&to_wav(&sound)).unwrap();
        assert_eq!((again.sample_rate, again.samples.len()), (sound.sample_rate, sound.samples.len()));
        if let Some(flac) = fine(to_flac(&sound)) {
            assert_eq!(decode(&flac).unwrap().samples, again.samples);
        }
        assert!(bytes.len() < 2 || look(&from_bare(bytes)).is_ok());
    });
}
