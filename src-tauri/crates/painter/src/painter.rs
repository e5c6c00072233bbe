//! The painter as the rest of the app sees it: a handle that can be cloned, `paint` and `unload`.
//! One worker thread behind it owns the model; nothing here computes, so nothing here blocks.

use std::path::PathBuf;

use limerick_onnx::{Worker, WorkerOptions};
use limerick_tasks::{Ending, Progress, Result};
use tokio_util::sync::CancellationToken;

use crate::sampler::{Asked, Painted, Sampler};

/// How the painter uses the machine.
pub type PainterOptions = WorkerOptions;

/// The files of the model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PainterFiles {
    /// What turns noise into a picture's latents, step by step.
    pub painter: PathBuf,
    /// What turns latents into pixels.
    pub decoder: PathBuf,
}

/// Paints pictures. Cheap to clone; the model leaves memory when it was not used for a while, or when the last clone is
/// dropped.
#[derive(Debug, Clone)]
pub struct Painter {
    worker: Worker<Sampler>,
}

impl Painter {
    /// A painter that loads nothing until it is asked something.
    pub fn new(options: PainterOptions) -> Self {
        Self { worker: Worker::new(options) }
    }

    /// Paints a picture: `on` hears every step, and every few steps what the picture looks like so far, the last of
    /// them the picture itself. The same seed gives the same picture.
    ///
    /// Cancelling returns at once, with `Cancelled`; a step that is being computed is given up.
    ///
    /// # Errors
    /// `Model` or `Internal` where the model or the library cannot be loaded, or the words are not what it reads.
    pub async fn paint(
        &self,
        files: PainterFiles,
        asked: Asked,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<Painted>) + Send),
    ) -> Result<Ending<Painted>> {
        self.worker.ask(files, asked, cancel, on).await
    }

    /// Frees the model's memory and returns when it is free. What is being painted is finished first.
    pub async fn unload(&self) {
        self.worker.unload().await;
    }
}
