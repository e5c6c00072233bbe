//! The built-in labels with the real models, for the tests that ask them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use limerick_engine::{Models, TextVectors};
use limerick_labels::{Labeller, LabellerOptions, TextFiles};

use crate::engine::{folder, library};

/// The model that labels pictures.
///
/// # Panics
/// Where it is not on this machine: the tests need it.
pub fn photo_model() -> PathBuf {
    let found = Models::new(folder()).photo();
    found.unwrap_or_else(|_| {
        unreachable!("These tests need the labels: run `cargo xtask models --small` once.")
    })
}

/// The model that compares texts.
///
/// # Panics
/// As `photo_model`.
pub fn text_files() -> TextFiles {
    let found = Models::new(folder()).text_vectors();
    let Ok(TextVectors { weights, words }) = found else {
        unreachable!("These tests need the text model: run `cargo xtask models --small` once.")
    };
    TextFiles { weights, words }
}

/// A labeller that keeps its models for this long, with this many threads or as many as the app has it with.
///
/// # Panics
/// Where the library is not on this machine: the tests need it.
pub fn labeller(threads: Option<usize>, idle: Duration) -> Labeller {
    Labeller::new(LabellerOptions { library: library(), threads, idle })
}

/// A small picture of the tests.
pub fn picture(name: &str) -> bytes::Bytes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
    std::fs::read(folder.join(name)).unwrap_or_default().into()
}
