//! The line of jobs before a worker: who waits, what each is told, and the thread that takes one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Receiver;

use limerick_tasks::{Ending, Progress, Result, Status};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::stop::Stop;
use crate::worker::{Desk, Work, WorkerOptions};

/// What the thread is told.
pub(crate) enum Order<W: Work> {
    /// Do this.
    Run(Box<Job<W>>),
    /// Free the memory, then drop the sender.
    Unload(oneshot::Sender<()>),
}

/// One job.
pub(crate) struct Job<W: Work> {
    pub(crate) files: W::Files,
    pub(crate) ask: W::Ask,
    pub(crate) stop: Arc<Stop>,
    pub(crate) events: UnboundedSender<Event<W>>,
    pub(crate) place: Place,
}

/// What is said about a job; nothing follows `Ended`.
pub(crate) enum Event<W: Work> {
    Progress(Progress<W::Delta>),
    Ended(Box<Result<Ending<W::Output>>>),
}

/// A place in the line; given up when the job ends.
#[derive(Debug)]
pub(crate) struct Place(Arc<AtomicU32>);

impl Place {
    /// Takes a place in the line and says how many are before it.
    pub(crate) fn take(line: &Arc<AtomicU32>) -> (Self, u32) {
        let before = line.fetch_add(1, Ordering::Relaxed);
        (Self(Arc::clone(line)), before)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<W: Work> Job<W> {
    /// Does the job with `work`, and says how it ended.
    fn run(self, work: &mut W) {
        let Self { ask, stop, events, place, .. } = self;
        let desk = Desk { stop: &stop, events: &events };
        let ending = if stop.is_stopped() { Ok(Ending::Cancelled) } else { work.work(ask, &desk) };
        // The next one that comes is not told of a job that has ended.
        drop(place);
        end(&events, ending);
    }

    /// Ends a job that was not begun.
    fn give_up(self, ending: Result<Ending<W::Output>>) {
        drop(self.place);
        end(&self.events, ending);
    }
}

/// When nobody waits any more, that is fine.
fn end<W: Work>(events: &UnboundedSender<Event<W>>, ending: Result<Ending<W::Output>>) {
    let _ = events.send(Event::Ended(Box::new(ending)));
}

/// Works until nobody can give orders any more.
pub(crate) fn work<W: Work>(orders: &Receiver<Order<W>>, options: &WorkerOptions) {
    let mut next = None;
    while let Some(order) = next.take().or_else(|| orders.recv().ok()) {
        match order {
            Order::Unload(done) => drop(done),
            Order::Run(job) if job.stop.is_stopped() => job.give_up(Ok(Ending::Cancelled)),
            Order::Run(job) => next = warm(*job, orders, options),
        }
    }
}

/// Loads what a job needs, does the job, and goes on with the same until other files are wanted or none.
/// Returns the order that it could not carry out; by then the memory is free.
fn warm<W: Work>(job: Job<W>, orders: &Receiver<Order<W>>, options: &WorkerOptions) -> Option<Order<W>> {
    let loading = Status::Loading { fraction: None, estimated_time: None };
    let _ = job.events.send(Event::Progress(Progress::Status(loading)));
    let mut work = match W::load(&job.files, options) {
        Ok(work) => work,
        Err(error) => {
            job.give_up(Err(error));
            return None;
        }
    };
    let files = job.files.clone();
    job.run(&mut work);
    loop {
        match orders.recv_timeout(options.idle).ok()? {
            Order::Run(job) if job.files == files => job.run(&mut work),
            other => return Some(other),
        }
    }
}
