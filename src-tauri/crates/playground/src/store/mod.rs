//! The history on disk: one `SQLite` file, and one thread that owns it, so that no async thread ever waits for
//! the disk. Several processes may share the file (the app and the command line).

pub(crate) mod answers;
pub(crate) mod connections;
pub(crate) mod conversations;
pub(crate) mod exchanges;
pub(crate) mod files;
mod instances;
pub(crate) mod marks;
pub(crate) mod meanings;
pub(crate) mod pictures;
pub(crate) mod queue;
pub(crate) mod records;
pub(crate) mod runs;
mod schema;
mod search;
pub(crate) mod tables;

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, mpsc},
    thread,
};

use limerick_tasks::{Error, ErrorCode, Result};
use rusqlite::{Connection, ErrorCode as Sqlite};
use tokio::sync::oneshot;

use instances::Instance;

/// Why work in the store failed: `SQLite`'s reason, or a sentence that is already ours.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Said(#[from] Error),
}

pub(crate) type Stored<T> = std::result::Result<T, Fault>;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle on the store; the thread ends with it, after the work that was already asked for.
pub(crate) struct Store {
    jobs: mpsc::Sender<Job>,
    instance: Arc<Instance>,
}

impl Store {
    /// Opens or makes the history in `folder`, brings its schema up to date, and marks the runs of processes
    /// that are gone as interrupted.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let unusable = |cause: std::io::Error| folder_unusable(folder, &cause);
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let instance = Instance::enter(&folder.join("instances")).map_err(unusable)?;
        let file = folder.join("history.sqlite");
        let opened =
            schema::open(&file).and_then(|mut db| instances::settle(&mut db, &instance).map(|()| db));
        let mut db = opened.map_err(|fault| explain("open your history", fault))?;
        let (jobs, inbox) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("history".into())
            .spawn(move || {
                while let Ok(job) = inbox.recv() {
                    job(&mut db);
                }
            })
            .map_err(|cause| Error::internal("open your history", cause))?;
        Ok(Self { jobs, instance: Arc::new(instance) })
    }

    /// Whether no other process shares the history.
    pub(crate) fn is_alone(&self) -> bool {
        self.instance.others().is_ok_and(|others| others.is_empty())
    }

    /// The id of this process among those that share the file.
    pub(crate) fn instance(&self) -> &str {
        self.instance.id()
    }

    /// Does `work` on the store's thread, after all work asked for before. `doing` completes "Limerick could
    /// not …".
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection) -> Stored<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            let _ = reply.send(work(db));
        });
        self.jobs.send(job).map_err(|_| gone(doing))?;
        answer.await.map_err(|_| gone(doing))?.map_err(|fault| explain(doing, fault))
    }

    /// The same for a thread that may block.
    pub(crate) fn ask_now<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection) -> Stored<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |db| {
            let _ = reply.send(work(db));
        });
        self.jobs.send(job).map_err(|_| gone(doing))?;
        answer.recv().map_err(|_| gone(doing))?.map_err(|fault| explain(doing, fault))
    }
}

fn gone(doing: &'static str) -> Error {
    Error::internal(doing, "the history's thread is gone")
}

/// The files that the history in `folder` names; read beside the store's thread, which goes on meanwhile.
pub(crate) fn names_in_use(folder: &Path) -> Result<HashSet<String>> {
    read_beside(folder, |db| {
        let mut names = files::named(db)?;
        names.extend(tables::named(db)?);
        Ok(names)
    })
}

/// Reads the history in `folder` beside the store's thread, which goes on meanwhile. Blocks.
pub(crate) fn read_beside<T>(folder: &Path, work: impl FnOnce(&Connection) -> Stored<T>) -> Result<T> {
    let read = || work(&schema::read_only(&folder.join("history.sqlite"))?);
    read().map_err(|fault| explain("read your history", fault))
}

fn folder_unusable(folder: &Path, cause: &std::io::Error) -> Error {
    let message = format!(
        "Limerick cannot write to its folder {}. Check that the disk has room and that the folder is yours.",
        folder.display()
    );
    Error::new(ErrorCode::Internal, message).with_detail(cause)
}

/// `SQLite`'s reason in plain words with one next step.
fn explain(doing: &str, fault: Fault) -> Error {
    let cause = match fault {
        Fault::Said(error) => return error,
        Fault::Json(cause) => return Error::internal(doing, cause),
        Fault::Sql(cause) => cause,
    };
    let why = cause.sqlite_error_code();
    let sentence = match why {
        Some(Sqlite::DiskFull) => "the disk is full. Free some space and try again.",
        Some(Sqlite::ReadOnly | Sqlite::CannotOpen | Sqlite::PermissionDenied) => {
            "the history file cannot be written. Check that its folder is yours and not read-only."
        }
        Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => {
            "the history file history.sqlite is damaged. Move it out of the data folder and start Limerick again."
        }
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => {
            "another program holds the history file. Close it and try again."
        }
        Some(Sqlite::SystemIoFailure) => "the disk does not work as it should. Check it and try again.",
        _ => return Error::internal(doing, cause),
    };
    let code = if why == Some(Sqlite::DiskFull) { ErrorCode::Disk } else { ErrorCode::Internal };
    Error::new(code, format!("Limerick could not {doing}: {sentence}")).with_detail(cause)
}

/// Milliseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
