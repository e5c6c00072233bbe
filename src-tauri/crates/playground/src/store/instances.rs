//! Which processes share the history right now. Each holds a lock on a file of its own; the system lets go of
//! it even after kill -9, so that a run left `running` by a dead process is told from one that still runs.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use super::Stored;

/// This process's place among those that share the history.
#[derive(Debug)]
pub(super) struct Instance {
    id: String,
    file: PathBuf,
    _lock: File,
}

impl Instance {
    /// Takes a place in `folder`. The file gets its real name only once it is locked, so that nobody can
    /// mistake it for a dead one.
    pub(super) fn enter(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let id = Uuid::now_v7().to_string();
        let (fresh, file) = (folder.join(format!("{id}.new")), folder.join(&id));
        let lock = File::create(&fresh)?;
        lock.try_lock().map_err(io::Error::from)?;
        fs::rename(&fresh, &file)?;
        Ok(Self { id, file, _lock: lock })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The ids of the other processes that are alive; the files of dead ones are removed.
    pub(super) fn others(&self) -> io::Result<Vec<String>> {
        let mut alive = Vec::new();
        for entry in fs::read_dir(self.file.parent().unwrap_or(Path::new(".")))? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name == self.id || path.extension().is_some_and(|extension| extension == "new") {
                continue;
            }
            match File::open(&path).map(|file| file.try_lock()) {
                Ok(Ok(())) => fs::remove_file(&path).unwrap_or_default(),
                Ok(Err(TryLockError::WouldBlock)) => alive.push(name.to_owned()),
                Ok(Err(TryLockError::Error(_))) | Err(_) => {}
            }
        }
        Ok(alive)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// Marks what dead processes left running as interrupted; when nobody else is alive, drops what was deleted
/// for good (until then a front can still undo it).
pub(super) fn settle(db: &mut Connection, instance: &Instance) -> Stored<()> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked with the write lock in hand: whoever has written anything by now has its place among them.
    let alive = instance.others().unwrap_or_default();
    let alive_json = serde_json::to_string(&alive)?;
    tx.execute(
        "update runs_text set answer = (select json_extract(output, '$.text') from runs where number = runs_text.rowid)
         where rowid in (select number from runs where state = 'running'
                         and instance not in (select value from json_each(?1)))",
        [&alive_json],
    )?;
    tx.execute(
        "update runs set state = 'interrupted'
         where state = 'running' and instance not in (select value from json_each(?1))",
        [&alive_json],
    )?;
    if alive.is_empty() {
        tx.execute_batch(PURGE)?;
    }
    tx.commit()?;
    Ok(())
}

/// Runs that a living conversation shows stay (out of History).
const PURGE: &str = "
delete from conversations where deleted_at is not null;
delete from tables where deleted_at is not null;
delete from runs_text where rowid in (select number from runs where deleted_at is not null
    and id not in (select run from messages where run is not null));
delete from runs where deleted_at is not null
    and id not in (select run from messages where run is not null);
delete from exchanges where run not in (select id from runs);
";
