//! The labeller as the rest of the app sees it: a handle that can be cloned, one method a kind of answer, `unload`.
//! Two worker threads behind it own the models, one each; nothing here computes, so nothing here blocks.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use limerick_onnx::{Worker, WorkerOptions};
use limerick_tasks::{Ending, Label, OutputTransform, Result};
use tokio_util::sync::CancellationToken;

use crate::photo::{NAMES, Photo};
use crate::scores::{labelled, scores};
use crate::texts::{Meaning, Reading, TextFiles};
use crate::tone::Tones;

/// What people know the library by.
pub(crate) const LIBRARY: &str = "The library for labels";

/// How the labeller uses the machine.
pub type LabellerOptions = WorkerOptions;

/// Says what a picture shows and what a text means. Cheap to clone; the models leave memory when they were not used
/// for a while, or when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Labeller {
    photos: Worker<Photo>,
    meanings: Worker<Meaning>,
    tones: Arc<Mutex<Option<Arc<Tones>>>>,
}

impl Labeller {
    /// A labeller that loads nothing until it is asked something.
    pub fn new(options: LabellerOptions) -> Self {
        let (photos, meanings) = (Worker::new(options.clone()), Worker::new(options));
        Self { photos, meanings, tones: Arc::default() }
    }

    /// What a photograph shows: all of `ImageNet`'s 1,000 classes, the surest first; their scores make 1.
    ///
    /// # Errors
    /// `Input` for a picture that cannot be opened, `Model` or `Internal` where the model or the library cannot be
    /// loaded.
    pub async fn photo(
        &self,
        model: PathBuf,
        picture: Bytes,
        cancel: &CancellationToken,
    ) -> Result<Ending<Vec<Label>>> {
        let Ending::Done(numbers) = self.numbers(model, picture, cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        let likely = scores(&numbers, OutputTransform::Softmax);
        Ok(Ending::Done(labelled(NAMES.iter().copied(), likely, None).labels))
    }

    /// What the model says of each class, in its order.
    pub(crate) async fn numbers(
        &self,
        model: PathBuf,
        picture: Bytes,
        cancel: &CancellationToken,
    ) -> Result<Ending<Vec<f64>>> {
        Ok(match self.photos.ask(model, picture, cancel, &mut |_| {}).await? {
            Ending::Done(numbers) => Ending::Done(numbers.into_iter().map(f64::from).collect()),
            Ending::Cancelled => Ending::Cancelled,
        })
    }

    /// The direction that each text's meaning points in: 384 numbers of length 1 together. What lies behind a text's
    /// 254th piece of a word is not read.
    ///
    /// # Errors
    /// `Model` or `Internal` where the model or the library cannot be loaded.
    pub async fn embed(
        &self,
        files: TextFiles,
        texts: Vec<String>,
        cancel: &CancellationToken,
    ) -> Result<Ending<Vec<Vec<f32>>>> {
        self.meanings.ask(files, Reading::directions(texts), cancel, &mut |_| {}).await
    }

    /// The model's last hidden states of every piece of a word of each text, 384 numbers a piece, the marks of start
    /// and end among them: neither averaged nor brought to one length. `most` pieces of a text are read, 256 at most.
    ///
    /// # Errors
    /// As `embed`.
    pub async fn token_states(
        &self,
        files: TextFiles,
        texts: Vec<String>,
        most: usize,
        cancel: &CancellationToken,
    ) -> Result<Ending<Vec<Vec<f32>>>> {
        self.meanings.ask(files, Reading::states(texts, most), cancel, &mut |_| {}).await
    }

    /// Where the tones lie for these files; worked out once.
    pub(crate) async fn tones(
        &self,
        files: &TextFiles,
        cancel: &CancellationToken,
    ) -> Result<Ending<Arc<Tones>>> {
        let known = self.tones.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(tones) = known.filter(|tones| tones.are_of(files)) {
            return Ok(Ending::Done(tones));
        }
        let Ending::Done(vectors) = self.embed(files.clone(), Tones::sentences(), cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        let tones = Arc::new(Tones::of(files, &vectors));
        *self.tones.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&tones));
        Ok(Ending::Done(tones))
    }

    /// Frees the models' memory and returns when it is free. What is being worked on is finished first.
    pub async fn unload(&self) {
        tokio::join!(self.photos.unload(), self.meanings.unload());
    }
}
