//! Works on tables: several rows at a time, each an ordinary run. A row that fails is a row that failed, unless what
//! failed would fail all others, too: then the table rests.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex},
};

use futures_util::{FutureExt, future::join_all};
use limerick_tasks::{Error, ErrorCode, Result, Status};
use uuid::Uuid;

use super::{
    RunTable, Table, asking,
    asking::Brought,
    reading, refuse,
    work::{Joined, Work},
};
use crate::{
    Playground, RunEvent, RunInput, StartRun,
    commands::Id,
    keys::off_thread,
    playground::lock,
    store::tables::{self, Asking, Open},
};

/// The first wait after a refusal for asking too much, where the server names none; it doubles each time.
const FIRST_WAIT: f64 = 2.0;
/// Seconds that a table waits on its own; a server that asks for more is left to the person.
const LONGEST_WAIT: f64 = 900.0;
/// Refusals in a row, with no answer between them, after which a table rests.
const PATIENCE: u32 = 12;

/// What came of asking a row.
enum Asked {
    /// An answer, or a failure of this row alone; or it was stopped.
    Itself,
    /// Too much was asked: again, later.
    TooMuch(Error),
    /// What failed would fail all others.
    Stops,
}

impl Playground {
    /// Works on a table's rows, several at a time; returns when it has begun. A table at work takes the rows on, too.
    pub async fn run_table(&self, wanted: RunTable) -> Result<Table> {
        let (id, asked) = (wanted.id.clone(), wanted);
        let read = move |db: &mut rusqlite::Connection| {
            Ok((tables::asking(db, &asked.id)?, tables::places(db, &asked.id, &asked.which)?))
        };
        let (asking, places) = self.inner.store.ask("read this table", read).await?;
        if !places.is_empty() {
            self.join_work(asking, places).await?;
        }
        self.table(&id).await
    }

    /// Stops working on a table, the rows under way too; what has come is kept.
    pub async fn rest_table(&self, Id { id }: Id) -> Result<Table> {
        self.rest(&id).await;
        self.table(&id).await
    }

    pub(super) async fn rest(&self, id: &str) {
        if let Some(work) = self.inner.tables.find(id) {
            self.stop_work(&work).await;
        }
    }

    async fn stop_work(&self, work: &Work) {
        for run in work.rest() {
            self.inner.running.stop(&run);
        }
        work.ended.cancelled().await;
    }

    /// Lets all tables rest, for good.
    pub(crate) async fn close_tables(&self) {
        let works = {
            let _turn = self.inner.tables.turn.lock().await;
            self.inner.tables.close()
        };
        join_all(works.iter().map(|work| self.stop_work(work))).await;
    }

    async fn join_work(&self, asking: Asking, places: Vec<u32>) -> Result<()> {
        loop {
            let turn = self.inner.tables.turn.lock().await;
            if self.inner.tables.is_closed() {
                return Err(refuse("Limerick is closing. Open it again to go on."));
            }
            self.inner.store.claim_table(&asking.id).await?;
            match self.inner.tables.join(&asking.id, places.clone()) {
                Joined::Same => return Ok(()),
                Joined::New(work) => {
                    let this = self.clone();
                    // A task of its own, so that it goes on when nobody waits for it.
                    tokio::spawn(async move { this.work_on(asking, &work).await });
                    return Ok(());
                }
                Joined::Resting(work) => {
                    drop(turn);
                    work.ended.cancelled().await;
                }
            }
        }
    }

    async fn work_on(&self, asking: Asking, work: &Arc<Work>) {
        self.inner.tables.stirred(&asking.id);
        loop {
            work.begin(asking.at_once as usize);
            let askers = (0..asking.at_once).map(|_| self.ask_rows(&asking, work));
            if AssertUnwindSafe(join_all(askers)).catch_unwind().await.is_err() {
                tracing::error!(table = asking.id, "the work on a table fell");
                work.stop.cancel();
            }
            if self.end_work(&asking.id, work).await {
                break;
            }
        }
        work.ended.cancel();
        self.inner.tables.stirred(&asking.id);
    }

    async fn end_work(&self, id: &str, work: &Work) -> bool {
        let _turn = self.inner.tables.turn.lock().await;
        let ended = self.inner.tables.end(id, work);
        if ended {
            let id = id.to_owned();
            let let_go =
                self.inner.store.ask("let go of this table", move |db| tables::let_go(db, &id)).await;
            if let Err(error) = let_go {
                // The next start lets go of it.
                tracing::warn!(detail = error.detail, "{error}");
            }
        }
        ended
    }

    /// Asks one row after the other.
    async fn ask_rows(&self, asking: &Asking, work: &Arc<Work>) {
        loop {
            let run = Uuid::now_v7().to_string();
            let Some(place) = work.next(&run).await else { return };
            self.inner.tables.changed(&asking.id, place);
            let asked = self.ask_row(asking, work, place, run).await;
            let goes_on = match asked {
                Ok(Asked::Itself) => true,
                Ok(Asked::TooMuch(error)) => ask_less(work, place, &error),
                Ok(Asked::Stops) => {
                    work.stop.cancel();
                    false
                }
                // The history takes nothing: asking on would cost money for nothing.
                Err(error) => {
                    tracing::error!(table = asking.id, detail = error.detail, "the table rests: {error}");
                    work.stop.cancel();
                    false
                }
            };
            work.done(place);
            self.inner.tables.changed(&asking.id, place);
            if !goes_on {
                return;
            }
        }
    }

    async fn ask_row(&self, asking: &Asking, work: &Arc<Work>, place: u32, run: String) -> Result<Asked> {
        let number = asking.number;
        let open = self.inner.store.ask("read this row", move |db| tables::open(db, number, place)).await?;
        let Some(open) = open else { return Ok(Asked::Itself) };
        let answered = open.answered;
        let (input, picture) = match self.filled(asking, open).await {
            Ok(filled) => filled,
            Err(error) => {
                self.fail_row(number, place, error).await?;
                return Ok(Asked::Itself);
            }
        };
        let id = run.clone();
        let begin =
            move |db: &mut rusqlite::Connection| tables::begin(db, number, place, &id, picture.as_deref());
        self.inner.store.ask("keep this row", begin).await?;
        let start = StartRun {
            id: run,
            provider: asking.provider.clone(),
            batch: Some(asking.id.clone()),
            // Who asks a row again that has an answer wants another one.
            anew: answered,
            ..StartRun::new(&asking.connection, input)
        };
        if let Some(error) = self.ending(start, work).await? {
            self.fail_row(number, place, error.clone()).await?;
            return Ok(sort(error));
        }
        work.answered();
        Ok(Asked::Itself)
    }

    /// What a row asks, and the file of its picture.
    async fn filled(&self, asking: &Asking, open: Open) -> Result<(RunInput, Option<String>)> {
        if !asking.pictures {
            return Ok((asking::fill(asking.input.clone(), Brought::Text(open.item))?, None));
        }
        let (files, folder, preparing) = (self.inner.files.clone(), asking.folder.clone(), asking.preparing);
        let read = move || reading::picture(&files, folder.as_deref(), &open.item, preparing);
        let (media, file) = off_thread("make this picture ready", read).await?;
        let brought = Brought::Picture { media, file: file.clone() };
        Ok((asking::fill(asking.input.clone(), brought)?, Some(file)))
    }

    /// Notes why a row has no answer; its run, where it was stored, has done so already.
    async fn fail_row(&self, number: i64, place: u32, error: Error) -> Result<()> {
        self.inner.store.ask("keep this row", move |db| tables::fail(db, number, place, &error)).await
    }

    /// Does a run; why it failed, if it did. While it waits for a server that is asked too much, no other row begins.
    async fn ending(&self, start: StartRun, work: &Arc<Work>) -> Result<Option<Error>> {
        let failure = Arc::new(Mutex::new(None));
        let (heard, work) = (failure.clone(), work.clone());
        let listen = move |event| match event {
            RunEvent::Failed { error, .. } => *lock(&heard) = Some(error),
            RunEvent::Status { status: Status::Retrying { after, .. } } => work.hold(after),
            _ => {}
        };
        Box::pin(self.start_run(start, listen)).await?;
        let failed = lock(&failure).take();
        Ok(failed)
    }
}

/// Whether a failure is the row's own.
fn sort(error: Error) -> Asked {
    match error.code {
        ErrorCode::Limit | ErrorCode::Loading => Asked::TooMuch(error),
        ErrorCode::Auth
        | ErrorCode::Gated
        | ErrorCode::Credits
        | ErrorCode::Model
        | ErrorCode::Offline
        | ErrorCode::Network => Asked::Stops,
        _ => Asked::Itself,
    }
}

/// After a refusal for asking too much: waits, and fewer ask at once. Whether this one goes on.
fn ask_less(work: &Work, place: u32, error: &Error) -> bool {
    let refusals = work.put_back(place);
    let backoff = FIRST_WAIT * f64::from(1_u32 << refusals.saturating_sub(1).min(8));
    let wait = error.retry_after.unwrap_or(backoff);
    if refusals > PATIENCE || !(0.0..=LONGEST_WAIT).contains(&wait) {
        work.stop.cancel();
        return false;
    }
    work.hold(wait);
    !work.asks_less()
}
