//! When what comes of a run is shown, and when it is stored.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    gathered::Gathered,
    store::{Store, runs},
};

/// Time between two events with text.
const FLUSH: Duration = Duration::from_millis(24);
/// Time between two writes of a partial answer.
const KEEP: Duration = Duration::from_millis(250);

/// When to show and when to store.
pub(crate) struct Pace {
    store: Arc<Store>,
    keeping: Arc<AtomicBool>,
    pub(crate) wants_flush: bool,
    wants_keep: bool,
    flush_at: Instant,
    keep_at: Instant,
}

impl Pace {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        let now = Instant::now();
        Self {
            store,
            keeping: Arc::default(),
            wants_flush: false,
            wants_keep: false,
            flush_at: now,
            keep_at: now,
        }
    }

    pub(crate) fn waits(&self) -> bool {
        self.wants_flush || self.wants_keep
    }

    pub(crate) fn next(&self) -> Instant {
        match (self.wants_flush, self.wants_keep) {
            (true, true) => self.flush_at.min(self.keep_at),
            (true, false) => self.flush_at,
            _ => self.keep_at,
        }
    }

    /// Whether it is time to show; then what was shown is to be stored.
    pub(crate) fn flushes(&mut self) -> bool {
        let now = Instant::now();
        let due = self.wants_flush && now >= self.flush_at;
        if due {
            (self.wants_flush, self.wants_keep, self.flush_at) = (false, true, now + FLUSH);
        }
        due
    }

    /// Whether it is time to store.
    pub(crate) fn keeps(&mut self) -> bool {
        let now = Instant::now();
        let due = self.wants_keep && now >= self.keep_at;
        if due {
            (self.wants_keep, self.keep_at) = (false, now + KEEP);
        }
        due
    }

    /// Stores what has come, unless the write before is still under way (a slow disk).
    pub(crate) fn keep(&mut self, id: &str, gathered: &Gathered) {
        if self.keeping.swap(true, Ordering::AcqRel) {
            self.wants_keep = true;
            return;
        }
        let (id, output, figures) = (id.to_owned(), gathered.output().clone(), gathered.figures());
        let (store, keeping) = (self.store.clone(), self.keeping.clone());
        tokio::spawn(async move {
            let kept = store.ask("keep this answer", move |db| runs::keep(db, &id, &output, &figures)).await;
            if let Err(error) = kept {
                tracing::warn!(detail = error.detail, "a partial answer was not stored: {error}");
            }
            keeping.store(false, Ordering::Release);
        });
    }
}
