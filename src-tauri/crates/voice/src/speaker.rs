//! The speaker as the rest of the app sees it: a handle that can be cloned, `speak` and `unload`.
//! One worker thread behind it owns the voice; nothing here computes, so nothing here blocks.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use limerick_tasks::{
    Caption, Ending, Error, Progress, Result, Status, Task, TextToSpeech, TextToSpeechInput,
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::runtime::Stop;
use crate::voices::{VoiceFiles, Wish};
use crate::worker::{Event, Job, Order, Place, work};

/// How the speaker uses the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeakerOptions {
    /// The library of the ONNX Runtime, 1.17 or later; looked at when a voice is first used.
    pub library: PathBuf,
    /// Threads that compute; `None` means all that the machine has, at most 4.
    pub threads: Option<usize>,
    /// How long a voice stays in memory unused.
    pub idle: Duration,
}

impl SpeakerOptions {
    /// The number of threads that compute.
    pub fn threads(&self) -> usize {
        let machine = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.unwrap_or(machine).clamp(1, 4)
    }
}

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
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: SpeakerOptions,
    orders: Mutex<Option<Sender<Order>>>,
    waiting: Arc<AtomicU32>,
}

impl Speaker {
    /// A speaker that loads nothing until it is asked something.
    pub fn new(options: SpeakerOptions) -> Self {
        Self { shared: Arc::new(Shared { options, orders: Mutex::new(None), waiting: Arc::default() }) }
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
        let wish = Wish::of(input)?;
        let stop = Arc::new(Stop::default());
        let _stops_when_dropped = StopWhenDropped(Arc::clone(&stop));
        let (events, mut heard) = mpsc::unbounded_channel();
        let (place, before) = Place::take(&self.shared.waiting);
        if before > 0 {
            on(Progress::Status(Status::Queued { position: Some(before) }));
        }
        let text = input.text.clone();
        self.submit(Order::Run(Box::new(Job { files, wish, text, stop, events, _place: place })))?;
        loop {
            let event = tokio::select! {
                biased;
                () = cancel.cancelled() => match heard.try_recv() {
                    Ok(event) => Some(event),
                    Err(_) => return Ok(Ending::Cancelled),
                },
                event = heard.recv() => event,
            };
            match event {
                Some(Event::Status(status)) => on(Progress::Status(status)),
                Some(Event::Spoken(spoken)) => on(Progress::Delta(spoken)),
                Some(Event::Ended(ending)) => return *ending,
                None => return Err(Error::internal("finish speaking", "the speaker's thread ended")),
            }
        }
    }

    /// Frees the voice's memory and returns when it is free. What is being said is finished first.
    pub async fn unload(&self) {
        let (done, freed) = oneshot::channel();
        let orders = self.shared.orders.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(orders) = orders {
            let _ = orders.send(Order::Unload(done));
            let _ = freed.await;
        }
    }

    /// Hands an order to the worker; starts one where there is none, or where the last one fell.
    fn submit(&self, order: Order) -> Result<()> {
        let mut orders = self.shared.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let order = match &*orders {
            Some(running) => match running.send(order) {
                Ok(()) => return Ok(()),
                Err(returned) => returned.0,
            },
            None => order,
        };
        let (sender, receiver) = channel();
        let options = self.shared.options.clone();
        std::thread::Builder::new()
            .name("speaker".into())
            .spawn(move || work(&receiver, &options))
            .map_err(|cause| Error::internal("start the speaker", cause))?;
        let _ = sender.send(order);
        *orders = Some(sender);
        Ok(())
    }
}

/// Stops a job when the one who waits for it is gone.
struct StopWhenDropped(Arc<Stop>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Place {
    /// Takes a place in the line and says how many are before it.
    fn take(line: &Arc<AtomicU32>) -> (Self, u32) {
        let before = line.fetch_add(1, Ordering::Relaxed);
        (Self(Arc::clone(line)), before)
    }
}
