//! The built-in painter with the real model, for the tests that ask it.

use std::time::Duration;

use limerick_engine::{Brushes, Models};
use limerick_painter::{Painter, PainterFiles, PainterOptions};

use crate::engine::{folder, library};

/// The files of the model.
///
/// # Panics
/// Where they are not on this machine: the tests need them.
pub fn painter_files() -> PainterFiles {
    let Ok(Brushes { painter, decoder }) = Models::new(folder()).brushes() else {
        unreachable!("These tests need the painter: run `cargo xtask models --small` once.")
    };
    PainterFiles { painter, decoder }
}

/// A painter that keeps its model for this long, with this many threads or as many as the app has it with.
///
/// # Panics
/// Where the library is not on this machine: the tests need it.
pub fn painter(threads: Option<usize>, idle: Duration) -> Painter {
    Painter::new(PainterOptions { library: library(), threads, idle })
}
