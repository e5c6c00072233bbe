//! The thread that owns the model: takes one job after the other, keeps the model warm, lets it go when idle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Receiver;

use limerick_tasks::{Ending, Result, Status};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::answer::Answer;
use crate::ask::Ask;
use crate::engine::EngineOptions;
use crate::load::load;
use crate::models::ModelRef;
use crate::session::Session;

/// What the worker is told.
pub(crate) enum Order {
    /// Answer this.
    Run(Box<Job>),
    /// Free the model, then drop the sender.
    Unload(oneshot::Sender<()>),
}

/// One answer to write.
pub(crate) struct Job {
    pub(crate) model: ModelRef,
    pub(crate) ask: Ask,
    pub(crate) stop: CancellationToken,
    pub(crate) events: UnboundedSender<Event>,
    pub(crate) _place: Place,
}

/// What the worker says about a job; nothing follows `Ended`.
pub(crate) enum Event {
    Status(Status),
    Text(String),
    Ended(Box<Result<Ending<Answer>>>),
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

    pub(crate) fn status(&self, status: Status) {
        self.say(Event::Status(status));
    }

    fn end(self, ending: Result<Ending<Answer>>) {
        let Self { events, _place: place, .. } = self;
        drop(place);
        let _ = events.send(Event::Ended(Box::new(ending)));
    }
}

/// Works until nobody can give orders any more.
pub(crate) fn work(orders: &Receiver<Order>, options: &EngineOptions) {
    let mut next = None;
    while let Some(order) = next.take().or_else(|| orders.recv().ok()) {
        match order {
            Order::Unload(done) => drop(done),
            Order::Run(job) if job.stop.is_cancelled() => job.end(Ok(Ending::Cancelled)),
            Order::Run(job) => next = warm(*job, orders, options),
        }
    }
}

/// Loads a job's model, runs the job, and goes on with that model until another one is wanted or none.
/// Returns the order that it could not carry out; by then the model's memory is free.
fn warm(job: Job, orders: &Receiver<Order>, options: &EngineOptions) -> Option<Order> {
    let loaded = match load(&job) {
        Ok(Ending::Done(loaded)) => loaded,
        Ok(Ending::Cancelled) => {
            job.end(Ok(Ending::Cancelled));
            return None;
        }
        Err(error) => {
            job.end(Err(error));
            return None;
        }
    };
    let mut session = match Session::new(&loaded, options) {
        Ok(session) => session,
        Err(error) => {
            job.end(Err(error));
            return None;
        }
    };
    let path = job.model.path.clone();
    run(&mut session, job);
    loop {
        match orders.recv_timeout(options.idle).ok()? {
            Order::Run(job) if job.model.path == path && loaded.can_see_for(&job) => {
                run(&mut session, *job);
            }
            other => return Some(other),
        }
    }
}

fn run(session: &mut Session<'_>, job: Job) {
    let ending = if job.stop.is_cancelled() { Ok(Ending::Cancelled) } else { session.answer(&job) };
    job.end(ending);
}
