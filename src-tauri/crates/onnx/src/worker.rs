//! A worker as the rest of the app sees it: a handle that can be cloned, `ask` and `unload`.
//! One thread behind it owns what is loaded; nothing here computes, so nothing here blocks.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use limerick_tasks::{Ending, Error, Progress, Result, Status};
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::line::{Event, Job, Order, Place, work};
use crate::stop::Stop;

/// What a worker loads, and how it does a job with it; it lives on the worker's thread alone.
pub trait Work: Sized + 'static {
    /// What is loaded; a job with other files has them loaded in their place.
    type Files: Clone + PartialEq + Send + 'static;
    /// One job.
    type Ask: Send + 'static;
    /// A piece of a job's answer, told while it is done.
    type Delta: Send + 'static;
    /// What a job ends with.
    type Output: Send + 'static;
    /// The thread's name.
    const NAME: &'static str;

    /// Loads the files.
    ///
    /// # Errors
    /// As the work has them; the job that wanted the files ends with it.
    fn load(files: &Self::Files, options: &WorkerOptions) -> Result<Self>;

    /// Does one job; looks at the desk's `stop` often.
    ///
    /// # Errors
    /// As the work has them.
    fn work(&mut self, ask: Self::Ask, desk: &Desk<'_, Self>) -> Result<Ending<Self::Output>>;
}

/// How a worker uses the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerOptions {
    /// The library of the ONNX Runtime, 1.17 or later; looked at when a model is first used.
    pub library: PathBuf,
    /// Threads that compute; `None` means all that the machine has, at most 4.
    pub threads: Option<usize>,
    /// How long a model stays in memory unused.
    pub idle: Duration,
}

impl WorkerOptions {
    /// The number of threads that compute.
    pub fn threads(&self) -> usize {
        let machine = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.unwrap_or(machine).clamp(1, 4)
    }
}

/// Where a job is done: how it hears that it is stopped, and whom it tells how it goes.
pub struct Desk<'a, W: Work> {
    pub(crate) stop: &'a Stop,
    pub(crate) events: &'a UnboundedSender<Event<W>>,
}

impl<W: Work> Desk<'_, W> {
    /// Whether and when the job is stopped.
    pub fn stop(&self) -> &Stop {
        self.stop
    }

    /// Tells whoever waits; when nobody does any more, that is fine.
    pub fn say(&self, progress: Progress<W::Delta>) {
        let _ = self.events.send(Event::Progress(progress));
    }
}

/// Does one job after the other. Cheap to clone; what is loaded leaves memory when the last clone is dropped.
pub struct Worker<W: Work> {
    shared: Arc<Shared<W>>,
}

struct Shared<W: Work> {
    options: WorkerOptions,
    orders: Mutex<Option<Sender<Order<W>>>>,
    waiting: Arc<AtomicU32>,
}

impl<W: Work> Clone for Worker<W> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<W: Work> fmt::Debug for Worker<W> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Worker").field("name", &W::NAME).field("options", &self.shared.options).finish()
    }
}

impl<W: Work> Worker<W> {
    /// A worker that loads nothing until it is asked something.
    pub fn new(options: WorkerOptions) -> Self {
        Self { shared: Arc::new(Shared { options, orders: Mutex::new(None), waiting: Arc::default() }) }
    }

    /// Has a job done: `on` hears status and deltas in order.
    ///
    /// Cancelling returns at once, with `Cancelled`; what is being computed is given up.
    ///
    /// # Errors
    /// As `Work::load` and `Work::work`.
    pub async fn ask(
        &self,
        files: W::Files,
        ask: W::Ask,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<W::Delta>) + Send),
    ) -> Result<Ending<W::Output>> {
        let stop = Arc::new(Stop::default());
        let _stops_when_dropped = StopWhenDropped(Arc::clone(&stop));
        let (events, mut heard) = mpsc::unbounded_channel();
        let (place, before) = Place::take(&self.shared.waiting);
        if before > 0 {
            on(Progress::Status(Status::Queued { position: Some(before) }));
        }
        self.submit(Order::Run(Box::new(Job { files, ask, stop, events, place })))?;
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
                Some(Event::Progress(progress)) => on(progress),
                Some(Event::Ended(ending)) => return *ending,
                None => {
                    return Err(Error::internal("finish this", format!("the {}'s thread ended", W::NAME)));
                }
            }
        }
    }

    /// Frees the memory of what is loaded and returns when it is free. The job that is being done is finished first.
    pub async fn unload(&self) {
        let (done, freed) = oneshot::channel();
        let orders = self.shared.orders.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(orders) = orders {
            let _ = orders.send(Order::Unload(done));
            let _ = freed.await;
        }
    }

    /// Hands an order to the thread; starts one where there is none, or where the last one fell.
    fn submit(&self, order: Order<W>) -> Result<()> {
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
            .name(W::NAME.into())
            .spawn(move || work(&receiver, &options))
            .map_err(|cause| Error::internal(&format!("start the {}", W::NAME), cause))?;
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
