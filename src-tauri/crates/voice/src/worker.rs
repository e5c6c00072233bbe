//! The thread that owns the voice: takes one job after the other, keeps the voice warm, lets it go when idle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Receiver;

use limerick_tasks::{Ending, Result, Status};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::reading::Reader;
use crate::runtime::Stop;
use crate::speaker::{SpeakerOptions, Spoken};
use crate::voices::{VoiceFiles, Wish};

/// What the worker is told.
pub(crate) enum Order {
    /// Say this.
    Run(Box<Job>),
    /// Free the voice, then drop the sender.
    Unload(oneshot::Sender<()>),
}

/// One text to say.
pub(crate) struct Job {
    pub(crate) files: VoiceFiles,
    pub(crate) wish: Wish,
    pub(crate) text: String,
    pub(crate) stop: Arc<Stop>,
    pub(crate) events: UnboundedSender<Event>,
    pub(crate) _place: Place,
}

/// What the worker says about a job; nothing follows `Ended`.
pub(crate) enum Event {
    Status(Status),
    Spoken(Spoken),
    Ended(Box<Result<Ending<()>>>),
}

/// A place in the line; given up when the job ends.
#[derive(Debug)]
pub(crate) struct Place(pub(crate) Arc<AtomicU32>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Job {
    /// Tells whoever waits; when nobody does any more, that is fine.
    pub(crate) fn say(&self, event: Event) {
        let _ = self.events.send(event);
    }

    fn end(self, ending: Result<Ending<()>>) {
        let Self { events, _place: place, .. } = self;
        drop(place);
        let _ = events.send(Event::Ended(Box::new(ending)));
    }
}

/// Works until nobody can give orders any more.
pub(crate) fn work(orders: &Receiver<Order>, options: &SpeakerOptions) {
    let mut next = None;
    while let Some(order) = next.take().or_else(|| orders.recv().ok()) {
        match order {
            Order::Unload(done) => drop(done),
            Order::Run(job) if job.stop.is_stopped() => job.end(Ok(Ending::Cancelled)),
            Order::Run(job) => next = warm(*job, orders, options),
        }
    }
}

/// Loads a job's voice, says the job, and goes on with that voice until another one is wanted or none.
/// Returns the order that it could not carry out; by then the voice's memory is free.
fn warm(job: Job, orders: &Receiver<Order>, options: &SpeakerOptions) -> Option<Order> {
    job.say(Event::Status(Status::Loading { fraction: None, estimated_time: None }));
    let mut reader = match Reader::load(&job.files, options) {
        Ok(reader) => reader,
        Err(error) => {
            job.end(Err(error));
            return None;
        }
    };
    let files = job.files.clone();
    run(&mut reader, job);
    loop {
        match orders.recv_timeout(options.idle).ok()? {
            Order::Run(job) if job.files == files => run(&mut reader, *job),
            other => return Some(other),
        }
    }
}

fn run(reader: &mut Reader, job: Job) {
    let ending = if job.stop.is_stopped() { Ok(Ending::Cancelled) } else { reader.read(&job) };
    job.end(ending);
}
