//! Search by meaning: what runs mean is learned behind them, and compared with a question. Nothing of it stands in the
//! way of a run: one thread of the processor, a few runs at a time, and pauses while something runs.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use limerick_labels::Labeller;
use limerick_tasks::{Ending, Result};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    ListRuns, Playground, RunPage,
    commands::Nothing,
    keys::off_thread,
    on_call::OnCall,
    playground::Inner,
    store::{self, meanings},
};

/// How long after a run it is learned: another one may follow at once.
const LATER: Duration = Duration::from_secs(3);
/// The pause between two pieces while something runs.
const PAUSE: Duration = Duration::from_secs(1);
/// Runs that are read at once; a question waits for them.
const PIECE: usize = 8;

/// What search by meaning can do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Meanings {
    /// The model for it is on this machine.
    pub ready: bool,
    /// Runs that it knows.
    pub known: u32,
    /// Runs that have words.
    pub total: u32,
}

/// Who learns what runs mean.
pub(crate) struct Learning {
    /// Its own, so that no run waits behind what is learned.
    pub(crate) labeller: OnCall<Labeller>,
    busy: AtomicBool,
    stop: CancellationToken,
}

impl Default for Learning {
    fn default() -> Self {
        let labeller = OnCall::behind("search by meaning");
        Self { labeller, busy: AtomicBool::default(), stop: CancellationToken::default() }
    }
}

impl Learning {
    /// Learns no more.
    pub(crate) fn close(&self) {
        self.stop.cancel();
    }
}

impl Playground {
    /// What search by meaning can do now.
    pub async fn meanings(&self, _: Nothing) -> Result<Meanings> {
        let ready = self.text_files().is_ok();
        let counted = self.read_meanings(meanings::counted).await?;
        Ok(Meanings { ready, ..counted })
    }

    /// A page of History by what its runs mean. Old runs that were never read are read behind it.
    ///
    /// # Errors
    /// `Model` where the model is not on this machine.
    pub(crate) async fn runs_by_meaning(&self, ListRuns { filter, .. }: ListRuns) -> Result<RunPage> {
        let mut directions = match self.directions(vec![filter.query.clone()]).await? {
            Ending::Done(directions) => directions,
            Ending::Cancelled => Vec::new(),
        };
        let direction = directions.pop().unwrap_or_default();
        self.learn_after(Duration::ZERO);
        self.read_meanings(move |db| meanings::nearest(db, &filter, &direction)).await
    }

    /// Learns what came a little later, where the model for it is here.
    pub(crate) fn learn_later(&self) {
        self.learn_after(LATER);
    }

    fn learn_after(&self, wait: Duration) {
        let learning = &self.inner.learning;
        if self.text_files().is_err() || learning.busy.swap(true, Ordering::Relaxed) {
            return;
        }
        let (stop, inner) = (learning.stop.clone(), Arc::downgrade(&self.inner));
        tokio::spawn(async move {
            let learned = stop.run_until_cancelled(async {
                tokio::time::sleep(wait).await;
                learn(&inner).await
            });
            if let Some(Err(error)) = learned.await {
                tracing::warn!(detail = error.detail, "what your runs mean was not learned: {error}");
            }
            if let Some(inner) = inner.upgrade() {
                inner.learning.busy.store(false, Ordering::Relaxed);
            }
        });
    }

    /// Learns some runs; whether there were any.
    async fn learn_piece(&self) -> Result<bool> {
        let unread = self.read_meanings(|db| meanings::unread(db, PIECE)).await?;
        if unread.is_empty() {
            return Ok(false);
        }
        let words = unread.iter().map(|run| run.words.clone()).collect();
        let Ending::Done(directions) = self.directions(words).await? else { return Ok(false) };
        let learned: Vec<_> = unread.into_iter().map(|run| run.run).zip(directions).collect();
        self.inner.store.ask("keep what your runs mean", move |db| meanings::keep(db, &learned)).await?;
        Ok(true)
    }

    async fn directions(&self, words: Vec<String>) -> Result<Ending<Vec<Vec<f32>>>> {
        let files = self.text_files()?;
        let labeller = self.inner.learning.labeller.get(&self.inner.models)?;
        labeller.embed(files, words, &self.inner.learning.stop).await
    }

    /// Reads beside the history's thread, which goes on meanwhile.
    async fn read_meanings<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> store::Stored<T> + Send + 'static,
    ) -> Result<T> {
        let data = self.inner.folders.data.clone();
        off_thread("read what your runs mean", move || store::read_beside(&data, work)).await
    }
}

/// Learns until nothing is left, as long as the playground is there.
async fn learn(inner: &Weak<Inner>) -> Result<()> {
    loop {
        let Some(inner) = inner.upgrade() else { return Ok(()) };
        let playground = Playground { inner };
        if !playground.learn_piece().await? {
            return Ok(());
        }
        let runs = !playground.inner.running.all().is_empty();
        drop(playground);
        if runs {
            tokio::time::sleep(PAUSE).await;
        }
    }
}
