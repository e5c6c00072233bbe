//! The speaker as the rest of the app sees it: a handle that can be cloned, `speak` and `unload`.
//! One worker thread behind it owns the voice; nothing here computes, so nothing here blocks.

use limerick_onnx::{Worker, WorkerOptions};
use limerick_tasks::{Caption, Ending, Progress, Result, Task, TextToSpeech, TextToSpeechInput};
use tokio_util::sync::CancellationToken;

use crate::reading::{Reader, Saying};
use crate::voices::{VoiceFiles, Wish};

/// How the speaker uses the machine.
pub type SpeakerOptions = WorkerOptions;

/// One sentence, or a part of a long one, as it is heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// What is said, as it was written, and where it lies in the whole sound.
    pub caption: Caption,
    /// One channel, −1 to 1, its closing pause included.
    pub samples: Vec<f32>,
    /// Samples a second; the same for every sentence of one run.
    pub sample_rate: u32,
}

/// Reads text aloud. Cheap to clone; the voice leaves memory when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Speaker {
    worker: Worker<Reader>,
}

impl Speaker {
    /// A speaker that loads nothing until it is asked something.
    pub fn new(options: SpeakerOptions) -> Self {
        Self { worker: Worker::new(options) }
    }

    /// Says a text sentence by sentence: `on` hears status and sentences in order.
    /// `extra_body` takes `voice` (an id of `VoiceFiles::voices`; the best one without) and `speed` (0.5 to 2).
    ///
    /// Cancelling returns at once, with `Cancelled`; a sentence that is being computed is given up.
    ///
    /// # Errors
    /// `Input` for a text that cannot be said, a voice that is not there or a speed out of its range,
    /// `Model` or `Internal` where the voice or the library cannot be loaded.
    pub async fn speak(
        &self,
        files: VoiceFiles,
        input: &TextToSpeechInput,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<Spoken>) + Send),
    ) -> Result<Ending<()>> {
        TextToSpeech::check(input)?;
        let saying = Saying { wish: Wish::of(input)?, text: input.text.clone() };
        self.worker.ask(files, saying, cancel, on).await
    }

    /// Frees the voice's memory and returns when it is free. What is being said is finished first.
    pub async fn unload(&self) {
        self.worker.unload().await;
    }
}
