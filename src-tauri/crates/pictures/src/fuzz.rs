//! Pictures of strangers, changed at random: whatever a file is, nothing here falls, hangs, or says something that
//! is no sentence.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../../tests/src/mutate.rs"]
mod mutate;

use limerick_tasks::{Error, ErrorCode, Result};

use crate::fixtures::FIXTURES;
use crate::{Limits, decode};
use crate::{Settings, look, look_of, prepare, read_settings, with_settings};
use mutate::{fuzz, is_a_sentence};

/// What was made of it, or nothing after a sentence for a person.
fn fine<T>(done: Result<T>) -> Option<T> {
    let check = |error: &Error| {
        is_a_sentence(&error.message, 400);
        assert_eq!(error.code, ErrorCode::Input, "{error:?}");
    };
    done.inspect_err(check).ok()
}

fn settings() -> Settings {
    let prompt = "a fox, in: the \"snow\" 🦊".into();
    let (num_inference_steps, seed, width) = (Some(28), Some(7), Some(64));
    Settings { prompt, num_inference_steps, seed, width, height: width, ..Settings::default() }
}

/// The small pictures, and those of them that can with settings in them.
fn seeds() -> Vec<Vec<u8>> {
    let plain = FIXTURES.iter().map(|(_, bytes)| bytes.to_vec());
    let set = FIXTURES.iter().filter_map(|(_, bytes)| with_settings(bytes, &settings()).ok());
    plain.chain(set).collect()
}

#[test]
fn no_picture_makes_us_fall() {
    let seeds = seeds();
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    fuzz("pictures", &seeds, |bytes| {
        fine(look(bytes));
        let Some(picture) = fine(decode(bytes, &Limits::default())) else { return };
        look_of(&picture);
        assert_eq!(picture.square(16, 0.875).unwrap().len(), 16 * 16 * 3);
        let small = picture.thumbnail().unwrap();
        assert!(small.bytes.len() <= 40_000 && small.width.max(small.height) <= 384);
        let ready = fine(prepare(bytes, 64, 85)).unwrap();
        assert!(ready.width.max(ready.height) <= 64 && look(&ready.bytes).is_ok());
    });
}

#[test]
fn no_metadata_makes_us_fall_and_ours_is_read_again() {
    let seeds = seeds();
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    fuzz("settings of pictures", &seeds, |bytes| {
        read_settings(bytes);
        if let Some(file) = fine(with_settings(bytes, &settings())) {
            assert_eq!(read_settings(&file), Some(settings()));
        }
    });
}

#[test]
fn a_picture_without_pixels_is_refused() {
    // Found by fuzzing: a GIF of 36 × 0.
    let gif = FIXTURES.iter().map(|(_, bytes)| *bytes).find(|bytes| bytes.starts_with(b"GIF")).unwrap();
    let mut flat = gif.to_vec();
    flat[8..10].fill(0);
    let error = look(&flat).unwrap_err();
    assert_eq!(error.code, limerick_tasks::ErrorCode::Input, "{error:?}");
    assert!(decode(&flat, &Limits::default()).is_err());
}
