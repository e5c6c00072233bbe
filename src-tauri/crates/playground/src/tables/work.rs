//! Tables that are being worked on in this process: which rows wait, which are under way, and who watches. What this
//! forgets when the process ends, the history knows: rows that have no answer are open.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::playground::lock;

/// Who may watch at once: a window needs one or two, and a page that was reloaded leaves its old ones behind.
const WATCHERS: usize = 8;

/// All tables at work, and those who watch tables.
#[derive(Default)]
pub(crate) struct Works {
    at_work: Mutex<AtWork>,
    watchers: Mutex<VecDeque<Arc<Watcher>>>,
    /// Held while a work begins or ends, so that the history and this agree on who works.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct AtWork {
    works: HashMap<String, Arc<Work>>,
    closed: bool,
}

/// One table at work.
#[derive(Default)]
pub(super) struct Work {
    /// Cancelled when the table is to rest.
    pub(super) stop: CancellationToken,
    pub(super) ended: CancellationToken,
    places: Mutex<Places>,
    /// Before this nothing is asked: somebody wants us to wait.
    calm: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Places {
    waiting: VecDeque<u32>,
    /// Rows under way, with their runs.
    running: BTreeMap<u32, String>,
    /// How many ask.
    askers: usize,
    /// Refusals for asking too much since the last answer.
    refusals: u32,
}

/// Somebody who watches a table.
#[derive(Default)]
pub(super) struct Watcher {
    table: String,
    changed: Mutex<BTreeSet<u32>>,
    pub(super) gone: CancellationToken,
    /// Its place was needed for another.
    pub(super) left: CancellationToken,
    told: Notify,
}

/// What came of asking for a table to be worked on.
pub(super) enum Joined {
    /// A new work, to be done.
    New(Arc<Work>),
    /// One that is under way does these rows, too.
    Same,
    /// One that is about to rest, to be waited for.
    Resting(Arc<Work>),
}

impl Works {
    /// Whether a table is being worked on.
    pub(crate) fn is_at_work(&self, table: &str) -> bool {
        lock(&self.at_work).works.contains_key(table)
    }

    /// The rows of a table that are under way.
    pub(crate) fn under_way(&self, table: &str) -> Vec<u32> {
        self.find(table).map(|work| lock(&work.places).running.keys().copied().collect()).unwrap_or_default()
    }

    pub(super) fn find(&self, table: &str) -> Option<Arc<Work>> {
        lock(&self.at_work).works.get(table).cloned()
    }

    /// Adds rows to a table's work, or begins one.
    pub(super) fn join(&self, table: &str, places: Vec<u32>) -> Joined {
        let mut at_work = lock(&self.at_work);
        match at_work.works.get(table) {
            Some(work) if work.stop.is_cancelled() => Joined::Resting(work.clone()),
            Some(work) => {
                work.add(places);
                Joined::Same
            }
            None => {
                let work = Arc::new(Work::default());
                work.add(places);
                at_work.works.insert(table.to_owned(), work.clone());
                Joined::New(work)
            }
        }
    }

    /// Ends a work; not one that got more to do meanwhile.
    pub(super) fn end(&self, table: &str, work: &Work) -> bool {
        let mut at_work = lock(&self.at_work);
        if !work.stop.is_cancelled() && !lock(&work.places).waiting.is_empty() {
            return false;
        }
        at_work.works.remove(table);
        true
    }

    /// Whether the app closes.
    pub(super) fn is_closed(&self) -> bool {
        lock(&self.at_work).closed
    }

    /// Begins no more work; what is under way is given back.
    pub(super) fn close(&self) -> Vec<Arc<Work>> {
        let mut at_work = lock(&self.at_work);
        at_work.closed = true;
        at_work.works.values().cloned().collect()
    }

    /// A row is no longer as it was.
    pub(super) fn changed(&self, table: &str, place: u32) {
        self.tell(table, |watcher| {
            lock(&watcher.changed).insert(place);
        });
    }

    /// The table is no longer as it was.
    pub(super) fn stirred(&self, table: &str) {
        self.tell(table, |_| ());
    }

    /// A table is gone.
    pub(super) fn gone(&self, table: &str) {
        self.tell(table, |watcher| watcher.gone.cancel());
    }

    fn tell(&self, table: &str, tell: impl Fn(&Watcher)) {
        for watcher in lock(&self.watchers).iter().filter(|watcher| watcher.table == table) {
            tell(watcher);
            watcher.told.notify_one();
        }
    }

    /// Lets one more watch.
    pub(super) fn watch(&self, table: &str) -> Arc<Watcher> {
        let watcher = Arc::new(Watcher { table: table.to_owned(), ..Watcher::default() });
        let mut watchers = lock(&self.watchers);
        watchers.push_back(watcher.clone());
        if watchers.len() > WATCHERS
            && let Some(oldest) = watchers.pop_front()
        {
            oldest.left.cancel();
        }
        watcher
    }

    pub(super) fn leave(&self, watcher: &Arc<Watcher>) {
        lock(&self.watchers).retain(|one| !Arc::ptr_eq(one, watcher));
    }
}

impl Watcher {
    /// Waits for something new.
    pub(super) async fn told(&self) {
        self.told.notified().await;
    }

    /// Up to `most` rows that changed; the others stay for the next time.
    pub(super) fn take(&self, most: usize) -> Vec<u32> {
        let mut changed = lock(&self.changed);
        let mut now = std::mem::take(&mut *changed);
        if let Some(next) = now.iter().nth(most).copied() {
            *changed = now.split_off(&next);
            self.told.notify_one();
        }
        now.into_iter().collect()
    }
}

impl Work {
    fn add(&self, more: Vec<u32>) {
        let mut places = lock(&self.places);
        let known: HashSet<u32> = places.waiting.iter().chain(places.running.keys()).copied().collect();
        places.waiting.extend(more.into_iter().filter(|place| !known.contains(place)));
    }

    /// So many ask from now on.
    pub(super) fn begin(&self, askers: usize) {
        lock(&self.places).askers = askers;
    }

    /// The next row, once it may be asked; under way from now on in this run. None when there is none or the table
    /// is to rest.
    pub(super) async fn next(&self, run: &str) -> Option<u32> {
        loop {
            let calm = lock(&self.calm).filter(|until| *until > Instant::now());
            if let Some(until) = calm {
                tokio::select! {
                    () = self.stop.cancelled() => return None,
                    () = sleep_until(until) => continue,
                }
            }
            let mut places = lock(&self.places);
            // Under the lock that `rest` takes next: a run that is noted here is stopped there.
            if self.stop.is_cancelled() {
                return None;
            }
            let place = places.waiting.pop_front()?;
            places.running.insert(place, run.to_owned());
            return Some(place);
        }
    }

    /// A row is no longer under way.
    pub(super) fn done(&self, place: u32) {
        let mut places = lock(&self.places);
        places.running.remove(&place);
    }

    /// An answer came: who refused before does so no longer.
    pub(super) fn answered(&self) {
        lock(&self.places).refusals = 0;
    }

    /// Puts a row back that was refused for asking too much; which refusal in a row it is.
    pub(super) fn put_back(&self, place: u32) -> u32 {
        let mut places = lock(&self.places);
        places.waiting.push_front(place);
        places.refusals += 1;
        places.refusals
    }

    /// One asks less, so that fewer ask at once; not the last one.
    pub(super) fn asks_less(&self) -> bool {
        let mut places = lock(&self.places);
        let others = places.askers > 1;
        places.askers -= usize::from(others);
        others
    }

    /// Asks nothing for so many seconds.
    pub(super) fn hold(&self, seconds: f64) {
        let Ok(wait) = Duration::try_from_secs_f64(seconds) else { return };
        let Some(until) = Instant::now().checked_add(wait) else { return };
        let mut calm = lock(&self.calm);
        *calm = Some(calm.map_or(until, |known| known.max(until)));
    }

    /// Lets the table rest; the runs that are under way, to be stopped.
    pub(super) fn rest(&self) -> Vec<String> {
        self.stop.cancel();
        lock(&self.places).running.values().cloned().collect()
    }
}
