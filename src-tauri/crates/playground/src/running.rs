//! Runs that are under way: the law of runs is kept here and nowhere else. Whatever the work behind a run does
//! (fails, falls, ignores a Stop), those who listen hear deltas and statuses, then exactly one ending, then
//! nothing; and the history holds the same.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use futures_util::FutureExt;
use limerick_tasks::{Ending, Error, Progress, Result, Status};
use tokio::{
    sync::mpsc,
    time::{sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Figures, RunDelta, RunEvent, RunOutput, RunState,
    gathered::Gathered,
    pace::Pace,
    playground::lock,
    sounding::Sounding,
    store::{
        Store,
        runs::{self, RunEnd},
    },
    wire::Wire,
};

/// How long work may take to stop by itself before it is dropped.
const GRACE: Duration = Duration::from_millis(60);
/// Time between two tries to store an answer that could not be stored (a full disk).
const AGAIN: Duration = Duration::from_secs(2);
/// Stops that came before their start and are still remembered: more than a person asks for in one go.
const EARLY_STOPS: usize = 1024;

/// Who listens to a run.
pub(crate) type Listener = Box<dyn Fn(RunEvent) + Send + Sync>;
/// What the work behind a run tells.
pub(crate) type Told = Progress<RunDelta>;

/// All runs of this process that have not ended.
#[derive(Default)]
pub(crate) struct Running {
    live: Mutex<Lives>,
}

#[derive(Default)]
struct Lives {
    runs: HashMap<String, Arc<Live>>,
    stopped_early: VecDeque<String>,
}

/// One run under way, or waiting for its turn.
pub(crate) struct Live {
    pub(crate) id: String,
    /// Cancelled by Stop.
    pub(crate) stop: CancellationToken,
    ended: CancellationToken,
    /// What goes over the wire.
    pub(crate) wire: Wire,
    /// What can be heard of it.
    pub(crate) sound: Sounding,
    tape: Mutex<Tape>,
}

struct Tape {
    gathered: Gathered,
    status: Option<Status>,
    listeners: Vec<Listener>,
}

impl Running {
    /// Begins a run; a Stop that came before counts. `None` when it is under way already.
    pub(crate) fn begin(&self, id: &str, empty: RunOutput, listener: Listener) -> Option<Arc<Live>> {
        let mut lives = lock(&self.live);
        if lives.runs.contains_key(id) {
            return None;
        }
        let tape = Tape { gathered: Gathered::new(empty), status: None, listeners: vec![listener] };
        let live = Arc::new(Live {
            id: id.to_owned(),
            stop: CancellationToken::new(),
            ended: CancellationToken::new(),
            wire: Wire::default(),
            sound: Sounding::default(),
            tape: Mutex::new(tape),
        });
        if let Some(at) = lives.stopped_early.iter().position(|early| early == id) {
            lives.stopped_early.remove(at);
            live.stop.cancel();
        }
        lives.runs.insert(id.to_owned(), live.clone());
        Some(live)
    }

    /// Stops a run, or remembers to stop it when it begins.
    pub(crate) fn stop(&self, id: &str) {
        let mut lives = lock(&self.live);
        if let Some(live) = lives.runs.get(id) {
            live.stop.cancel();
            return;
        }
        if lives.stopped_early.len() == EARLY_STOPS {
            lives.stopped_early.pop_front();
        }
        lives.stopped_early.push_back(id.to_owned());
    }

    /// All runs that have not ended.
    pub(crate) fn all(&self) -> Vec<Arc<Live>> {
        lock(&self.live).runs.values().cloned().collect()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Live>> {
        lock(&self.live).runs.get(id).cloned()
    }

    /// Ends a run that could not be stored (so that nothing was sent), or whose task fell.
    pub(crate) fn refuse(&self, live: &Live, error: Error) {
        self.forget(&live.id);
        if !live.ended.is_cancelled() {
            let output = lock(&live.tape).gathered.output().clone();
            live.tell_last(&RunEvent::Failed { error, output, figures: Figures::default() });
        }
    }

    fn forget(&self, id: &str) {
        lock(&self.live).runs.remove(id);
    }

    /// Lets go of a run that waits on in the history, whose ending the next start of the app will tell.
    pub(crate) fn let_go(&self, live: &Live) {
        self.forget(&live.id);
        live.sound.close();
        live.ended.cancel();
        lock(&live.tape).listeners.clear();
    }

    /// Ends a run that was stored and never sent: stopped, or with an error.
    pub(crate) async fn end_unsent(&self, live: &Live, store: &Arc<Store>, error: Option<Error>) {
        let end = live.ending(error.map_or(Ok(Ending::Cancelled), Err));
        self.end(live, store, end).await;
    }

    /// Follows `work` to the run's one ending, which is stored before it is told.
    pub(crate) async fn play(
        &self,
        live: &Live,
        store: &Arc<Store>,
        heard: mpsc::UnboundedReceiver<Told>,
        work: impl Future<Output = Result<Ending<RunOutput>>>,
        finish: impl FnOnce(&mut RunEnd),
    ) {
        let ending = live.follow(store, heard, work).await;
        let mut end = live.ending(ending);
        finish(&mut end);
        self.end(live, store, end).await;
    }

    async fn end(&self, live: &Live, store: &Arc<Store>, end: RunEnd) {
        if let Err(error) = write_ending(store, &live.id, &end).await {
            tracing::error!(run = live.id, detail = error.detail, "an answer was not stored: {error}");
            live.tell(&RunEvent::Status { status: Status::Note { text: error.message } });
            tokio::spawn(write_ending_later(Arc::downgrade(store), live.id.clone(), end.clone()));
        }
        self.forget(&live.id);
        live.tell_last(&match (end.state, end.error) {
            (RunState::Done, _) => RunEvent::Done { output: end.output, figures: end.figures },
            (_, Some(error)) => RunEvent::Failed { error, output: end.output, figures: end.figures },
            (_, None) => RunEvent::Cancelled { output: end.output, figures: end.figures },
        });
    }
}

async fn write_ending(store: &Store, id: &str, end: &RunEnd) -> Result<bool> {
    let (id, end) = (id.to_owned(), end.clone());
    store.ask("keep this answer", move |db| runs::end(db, &id, &end)).await
}

/// Tries until there is room again, as long as the history is open.
async fn write_ending_later(store: Weak<Store>, id: String, end: RunEnd) {
    loop {
        sleep(AGAIN).await;
        let Some(store) = store.upgrade() else { return };
        if write_ending(&store, &id, &end).await.is_ok() {
            return;
        }
    }
}

impl Live {
    /// Waits for the run's ending.
    pub(crate) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Lets one more listen: first all that came, then what comes. Whether the run was still under way.
    pub(crate) fn watch(&self, listener: Listener) -> bool {
        let mut tape = lock(&self.tape);
        if self.ended.is_cancelled() {
            return false;
        }
        if let Some(waiting) = tape.gathered.flush() {
            tape.tell(&waiting);
        }
        let status = tape.status.clone().map(|status| RunEvent::Status { status });
        if let Some(event) = tape.gathered.so_far().or(status) {
            listener(event);
        }
        tape.listeners.push(listener);
        true
    }

    pub(crate) fn tell(&self, event: &RunEvent) {
        lock(&self.tape).tell(event);
    }

    /// It waits for its turn: its time does not count yet.
    pub(crate) fn wait(&self) {
        lock(&self.tape).gathered.wait();
    }

    /// The next piece of its answer is none of the model's own tokens.
    pub(crate) fn expect_aside(&self) {
        lock(&self.tape).gathered.expect_aside();
    }

    /// Tells how many wait before it, where that is new.
    pub(crate) fn stand_at(&self, position: u32) {
        let status = Status::Queued { position: Some(position) };
        let mut tape = lock(&self.tape);
        if tape.status.as_ref() != Some(&status) {
            tape.status = Some(status.clone());
            tape.tell(&RunEvent::Status { status });
        }
    }

    /// Its turn has come.
    pub(crate) fn start(&self) {
        let mut tape = lock(&self.tape);
        tape.gathered.begin();
        tape.status = None;
    }

    fn tell_last(&self, event: &RunEvent) {
        self.sound.close();
        let mut tape = lock(&self.tape);
        self.ended.cancel();
        if let Some(waiting) = tape.gathered.flush() {
            tape.tell(&waiting);
        }
        tape.tell(event);
        tape.listeners.clear();
    }

    /// Passes on what the work tells until it ends, falls, or has had its grace after a Stop.
    async fn follow(
        &self,
        store: &Arc<Store>,
        mut heard: mpsc::UnboundedReceiver<Told>,
        work: impl Future<Output = Result<Ending<RunOutput>>>,
    ) -> Result<Ending<RunOutput>> {
        let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
        let mut out_of_patience = pin!(async {
            self.stop.cancelled().await;
            sleep(GRACE).await;
        });
        let mut pace = Pace::new(store.clone());
        loop {
            tokio::select! {
                biased;
                () = &mut out_of_patience => break Ok(Ending::Cancelled),
                told = heard.recv(), if !heard.is_closed() || !heard.is_empty() => {
                    if let Some(told) = told { self.hear(told, &mut pace); }
                }
                ending = &mut work => {
                    while let Ok(told) = heard.try_recv() {
                        self.hear(told, &mut pace);
                    }
                    break ending.unwrap_or_else(|_| Err(Error::internal("finish this answer", "the task fell")));
                }
                () = sleep_until(pace.next()), if pace.waits() => self.beat(&mut pace),
            }
        }
    }

    fn hear(&self, told: Told, pace: &mut Pace) {
        let mut tape = lock(&self.tape);
        match told {
            Progress::Delta(delta) => {
                tape.gathered.push(&delta);
                pace.wants_flush = true;
            }
            Progress::Status(status) => {
                if let Some(waiting) = tape.gathered.flush() {
                    tape.tell(&waiting);
                }
                tape.status = Some(status.clone());
                tape.tell(&RunEvent::Status { status });
            }
        }
    }

    /// Shows and stores what is due.
    fn beat(&self, pace: &mut Pace) {
        let mut tape = lock(&self.tape);
        if pace.flushes()
            && let Some(waiting) = tape.gathered.flush()
        {
            tape.tell(&waiting);
        }
        if pace.keeps() {
            pace.keep(&self.id, &tape.gathered);
        }
    }

    fn ending(&self, ending: Result<Ending<RunOutput>>) -> RunEnd {
        let sound = self.sound.finish();
        let tape = lock(&self.tape);
        let so_far = || tape.gathered.output().clone();
        let (state, mut output, error) = match ending {
            Ok(Ending::Done(output)) => (RunState::Done, output, None),
            Ok(Ending::Cancelled) => (RunState::Cancelled, so_far(), None),
            Err(error) => (RunState::Failed, so_far(), Some(error)),
        };
        output.take_sound(sound);
        RunEnd {
            state,
            figures: tape.gathered.final_figures(&output),
            provider: output.provider().map(str::to_owned),
            model: None,
            exchanges: self.wire.take(),
            output,
            error,
        }
    }
}

impl Tape {
    fn tell(&mut self, event: &RunEvent) {
        for listener in &self.listeners {
            listener(event.clone());
        }
    }
}
