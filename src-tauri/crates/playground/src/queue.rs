//! The queue: runs that wait for their turn, stored like every other run, so that they outlive a crash.

use std::sync::Arc;

use limerick_tasks::{Error, ErrorCode, Result, Status};
use serde::{Deserialize, Serialize};
use tokio::sync::{MutexGuard, oneshot};
use ts_rs::TS;

use crate::{
    Playground, RunEvent, RunState, RunSummary, StartRun,
    commands::{Ids, Nothing},
    running::Live,
    starting::started,
    store::{Stored, queue},
};

/// Queued runs under way at once, over all connections: one can paint here while another is painted elsewhere.
/// More would compete for this machine's memory and network, and be harder to follow than to wait for.
const AT_ONCE: usize = 2;
/// Queued runs under way at once on one connection: providers answer a crowd with "too many requests", and a model
/// on the person's own machine has room for one.
const OF_A_CONNECTION: usize = 1;

/// The queue as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Queue {
    /// Runs of the queue that are under way.
    pub running: Vec<RunSummary>,
    /// Runs that wait, the next one first.
    pub waiting: Vec<RunSummary>,
    /// Whether none is started by itself: so it is after a start of the app, until the person says go on.
    pub paused: bool,
}

/// Whether the queue rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PauseQueue {
    /// `true` starts no more runs; those under way go on.
    pub paused: bool,
}

/// Gives a waiting run another place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoveRun {
    /// The run.
    pub id: String,
    /// The waiting run that it goes before; `None` puts it last.
    #[serde(default)]
    #[ts(optional)]
    pub before: Option<String>,
}

/// The runs of this process that take turns, as the history holds them.
#[derive(Default)]
pub(crate) struct Line {
    waiting: Vec<Standing>,
    running: Vec<Going>,
    rest: Rest,
    taken_up: bool,
    closed: bool,
}

/// Why no run is started, if none is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Rest {
    /// Runs are started.
    #[default]
    None,
    /// An app that is gone has left runs that may cost money, and nobody may be looking.
    LeftOver,
    /// The person, or a disk that refuses, has paused it.
    Paused,
}

/// A run that waits. Dropping `go` sends it away without an ending.
struct Standing {
    live: Arc<Live>,
    connection: String,
    go: oneshot::Sender<()>,
}

/// A run of the queue under way.
struct Going {
    id: String,
    connection: String,
}

impl Playground {
    /// The queue as it stands; takes up what waited in an app that is gone.
    pub async fn queue(&self, _: Nothing) -> Result<Queue> {
        let line = self.line().await?;
        self.queue_of(&line).await
    }

    /// Lets the queue rest or go on.
    pub async fn pause_queue(&self, PauseQueue { paused }: PauseQueue) -> Result<Queue> {
        let mut line = self.line().await?;
        line.rest = if paused { Rest::Paused } else { Rest::None };
        self.go_on(&mut line).await;
        self.queue_of(&line).await
    }

    /// Gives a waiting run another place.
    pub async fn move_run(&self, wanted: MoveRun) -> Result<Queue> {
        let mut line = self.line().await?;
        let (from, to) = line.way(&wanted)?;
        let mut ids = line.ids();
        shift(&mut ids, from, to);
        self.inner.store.ask("move this run", move |db| queue::reorder(db, &ids)).await?;
        shift(&mut line.waiting, from, to);
        line.tell_positions();
        self.queue_of(&line).await
    }

    /// Stops several runs, waiting or under way. Never an error.
    pub async fn stop_runs(&self, Ids { ids }: Ids) -> Result<Nothing> {
        for id in &ids {
            self.inner.running.stop(id);
        }
        Ok(Nothing {})
    }

    /// Starts no more runs and lets go of those that wait: they stay in the history as they are.
    pub(crate) async fn close_queue(&self) {
        let mut line = self.inner.queue.lock().await;
        line.closed = true;
        line.waiting.clear();
    }

    /// A run's way through the queue: stored behind all that wait, then sent in its turn.
    pub(crate) async fn take_turns(&self, args: StartRun, live: &Arc<Live>) {
        // On its own, so that nothing of what it asks stays in memory while it waits.
        if let Some(go) = self.join_queue(args, live).await {
            self.wait_for_turn(live, go).await;
        }
    }

    /// `None` when it could not be stored, which is its ending.
    async fn join_queue(&self, args: StartRun, live: &Arc<Live>) -> Option<oneshot::Receiver<()>> {
        live.wait();
        // First of all: runs that are started together stand in the order in which they were.
        let mut line = self.inner.queue.lock().await;
        let found = self.find_connection(&args.connection).await;
        let placed = match self.store_run(&args, found.as_ref().ok()).await {
            Ok((_, placed)) => placed,
            Err(error) => {
                self.inner.running.refuse(live, error);
                return None;
            }
        };
        live.tell(&started(placed));
        let go = line.join(live.clone(), args.connection);
        self.go_on(&mut line).await;
        Some(go)
    }

    async fn wait_for_turn(&self, live: &Live, go: oneshot::Receiver<()>) {
        let (running, store) = (&self.inner.running, &self.inner.store);
        tokio::select! {
            biased;
            came = go => match came {
                Ok(()) => self.send_stored(live).await,
                Err(_) => running.let_go(live),
            },
            () = live.stop.cancelled() => running.end_unsent(live, store, None).await,
        }
    }

    async fn send_stored(&self, live: &Live) {
        let id = live.id.clone();
        match self.inner.store.ask("read this run, so nothing was sent", move |db| queue::read(db, &id)).await
        {
            Ok((run, deadline)) => {
                let found = self.find_connection(&run.connection).await;
                self.send(live, found, run, deadline).await;
            }
            Err(error) => self.inner.running.end_unsent(live, &self.inner.store, Some(error)).await,
        }
    }

    /// Makes room for the next one.
    pub(crate) async fn leave_queue(&self, live: &Live) {
        let mut line = self.inner.queue.lock().await;
        line.waiting.retain(|standing| standing.live.id != live.id);
        line.running.retain(|going| going.id != live.id);
        // Nothing is left that the person was to decide about.
        if line.rest == Rest::LeftOver && line.waiting.is_empty() {
            line.rest = Rest::None;
        }
        self.go_on(&mut line).await;
    }

    /// Starts all that may start now, and tells the others where they stand.
    async fn go_on(&self, line: &mut Line) {
        while let Some(at) = line.next() {
            let (id, instance) = (line.waiting[at].live.id.clone(), self.inner.store.instance().to_owned());
            let begin =
                move |db: &mut rusqlite::Connection| -> Stored<bool> { queue::begin(db, &id, &instance) };
            match self.inner.store.ask("start the next run", begin).await {
                Ok(begun) => line.start(at, begun),
                Err(error) => {
                    line.rest = Rest::Paused;
                    line.waiting[at]
                        .live
                        .tell(&RunEvent::Status { status: Status::Note { text: error.message } });
                }
            }
        }
        line.tell_positions();
    }

    /// The queue, to read or change; the first time, with what waited in an app that is gone. That rests until the
    /// person says go on.
    async fn line(&self) -> Result<MutexGuard<'_, Line>> {
        let mut line = self.inner.queue.lock().await;
        if line.taken_up || line.closed {
            return Ok(line);
        }
        let left = self.inner.store.take_up().await?;
        line.taken_up = true;
        let behind = std::mem::take(&mut line.waiting);
        for run in left {
            // What was put into this queue already is under way here.
            let Some(live) = self.inner.running.begin(&run.id, run.output, Box::new(|_| {})) else {
                continue;
            };
            line.rest = Rest::LeftOver;
            live.wait();
            let go = line.join(live.clone(), run.connection);
            let this = self.clone();
            tokio::spawn(async move {
                Box::pin(this.see_through(&live, this.wait_for_turn(&live, go))).await;
                this.leave_queue(&live).await;
            });
        }
        line.waiting.extend(behind);
        line.tell_positions();
        Ok(line)
    }

    async fn queue_of(&self, line: &Line) -> Result<Queue> {
        let going: Vec<String> = line.running.iter().map(|going| going.id.clone()).collect();
        let (waiting, paused) = (line.ids(), line.rest != Rest::None);
        let read = move |db: &mut rusqlite::Connection| {
            let running = queue::summaries(db, &going, RunState::Running)?;
            Ok(Queue { running, waiting: queue::summaries(db, &waiting, RunState::Waiting)?, paused })
        };
        self.inner.store.ask("read the queue", read).await
    }
}

impl Line {
    /// Puts a run behind all others; what is returned tells when its turn has come.
    fn join(&mut self, live: Arc<Live>, connection: String) -> oneshot::Receiver<()> {
        let (go, came) = oneshot::channel();
        if !self.closed {
            self.waiting.push(Standing { live, connection, go });
        }
        came
    }

    /// The first one that may start now.
    fn next(&self) -> Option<usize> {
        if self.rest != Rest::None || self.closed || self.running.len() >= AT_ONCE {
            return None;
        }
        self.waiting.iter().position(|standing| !standing.live.stop.is_cancelled() && self.has_room(standing))
    }

    fn has_room(&self, standing: &Standing) -> bool {
        self.running.iter().filter(|going| going.connection == standing.connection).count() < OF_A_CONNECTION
    }

    /// Sends one off. One that had not `begun` was deleted by another process that shares the history.
    fn start(&mut self, at: usize, begun: bool) {
        let Standing { live, connection, go } = self.waiting.remove(at);
        if !begun {
            return live.stop.cancel();
        }
        live.start();
        self.running.push(Going { id: live.id.clone(), connection });
        // One that was stopped meanwhile does not listen, and leaves by itself.
        let _ = go.send(());
    }

    fn ids(&self) -> Vec<String> {
        self.waiting.iter().map(|standing| standing.live.id.clone()).collect()
    }

    /// From where to where a run is to move, as indices for `shift`.
    fn way(&self, wanted: &MoveRun) -> Result<(usize, usize)> {
        let place = |id: &String| self.waiting.iter().position(|standing| standing.live.id == *id);
        let from = place(&wanted.id).ok_or_else(no_longer_waits)?;
        let to = match &wanted.before {
            Some(before) => place(before).ok_or_else(no_longer_waits)?,
            None => self.waiting.len(),
        };
        Ok((from, to))
    }

    /// Tells each that waits how many wait before it.
    fn tell_positions(&self) {
        let waiting = self.waiting.iter().filter(|standing| !standing.live.stop.is_cancelled());
        for (position, standing) in (0..).zip(waiting) {
            standing.live.stand_at(position);
        }
    }
}

/// Moves what is at `from` before what is at `to` (which may be the end).
fn shift<T>(list: &mut [T], from: usize, to: usize) {
    if from < to {
        list[from..to].rotate_left(1);
    } else {
        list[to..=from].rotate_right(1);
    }
}

fn no_longer_waits() -> Error {
    Error::new(ErrorCode::Input, "This run does not wait any more. Look at the queue again.")
}
