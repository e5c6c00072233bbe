//! The shape of the history file, as numbered migrations. Never change one that has been shipped: add another.

use std::path::Path;

use limerick_tasks::{Error, ErrorCode};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Stored;

/// What makes version n + 1 of version n.
const MIGRATIONS: &[&str] = &[
    include_str!("1_first.sql"),
    include_str!("2_exchanges.sql"),
    include_str!("3_pictures.sql"),
    include_str!("4_answers.sql"),
    include_str!("5_seeing.sql"),
];

/// Opens the file at the newest version.
pub(super) fn open(file: &Path) -> Stored<Connection> {
    open_with(file, MIGRATIONS)
}

/// Opens the file to read only, beside who writes it.
pub(super) fn read_only(file: &Path) -> Stored<Connection> {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    Ok(db)
}

fn open_with(file: &Path, migrations: &[&str]) -> Stored<Connection> {
    let mut db = Connection::open(file)?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if version(&db)? > known {
        return Err(newer().into());
    }
    // NORMAL: a commit survives kill -9, and costs no fsync; `runs::insert` asks for more.
    db.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on;
         pragma temp_store = memory;",
    )?;
    migrate(&mut db, file, migrations)?;
    Ok(db)
}

fn version(db: &Connection) -> Stored<i64> {
    Ok(db.query_row("pragma user_version", [], |row| row.get(0))?)
}

fn newer() -> Error {
    Error::new(
        ErrorCode::Internal,
        "Your history was written by a newer Limerick, and this one leaves it untouched. Start the newer one, \
         or choose another data folder.",
    )
}

/// Brings the file to the newest version, one transaction a step, after a copy of the whole file (a new one has
/// nothing to lose).
fn migrate(db: &mut Connection, file: &Path, migrations: &[&str]) -> Stored<()> {
    let is_new = version(db)? == 0;
    for (number, step) in (1_i64..).zip(migrations) {
        if version(db)? >= number {
            continue;
        }
        if !is_new {
            back_up(db, file, number)?;
        }
        let tx = db.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        // Another process may have been here while we waited for the lock.
        if tx.query_row("pragma user_version", [], |row| row.get::<_, i64>(0))? < number {
            tx.execute_batch(step)?;
            tx.pragma_update(None, "user_version", number)?;
        }
        tx.commit()?;
    }
    Ok(())
}

/// Copies the file as it is before it becomes version `number`.
fn back_up(db: &Connection, file: &Path, number: i64) -> Stored<()> {
    let copy = file.with_extension(format!("before-{number}.sqlite"));
    let _ = std::fs::remove_file(&copy);
    db.execute("vacuum into ?1", [copy.to_string_lossy()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const ONE: &str = "create table things (name text); insert into things values ('old')";
    const TWO: &str = "alter table things add column age integer default 7";

    #[test]
    fn a_migration_keeps_the_data_and_a_copy_of_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.sqlite");
        drop(open_with(&file, &[ONE]).unwrap());
        let db = open_with(&file, &[ONE, TWO]).unwrap();
        let row: (String, i64) =
            db.query_row("select name, age from things", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(row, ("old".into(), 7));
        assert!(!file.with_extension("before-1.sqlite").exists());
        let copy = Connection::open(folder.path().join("history.before-2.sqlite")).unwrap();
        assert_eq!(version(&copy).unwrap(), 1);
        assert_eq!(copy.query_row("select count(*) from things", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn pictures_of_earlier_versions_get_their_rows_and_their_runs_are_still_found() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.sqlite");
        let old = open_with(&file, &MIGRATIONS[..2]).unwrap();
        old.execute_batch(
            r#"insert into runs (id, task, state, created_at, instance, connection, connection_name, model, prompt,
                                 answer, input, output, figures)
               values ('a', 'text_to_image', 'done', 1, '', 'hf', 'Hugging Face', 'm', 'a fox', '', '{}',
                       '{"task": "text_to_image", "images": [{"$file": "0.png"}, {"$file": "1.png"}]}', '{}'),
                      ('b', 'chat_completion', 'done', 2, '', 'hf', 'Hugging Face', 'm', 'say', 'hi', '{}',
                       '{"task": "chat_completion", "text": "hi"}', '{}');
               insert into runs_text (rowid, prompt, answer, model) values (1, 'a fox', '', 'm'), (2, 'say', 'hi', 'm')"#,
        )
        .unwrap();
        drop(old);
        let db = open(&file).unwrap();
        let rows: Vec<(i64, i64, String)> = db
            .prepare("select run, place, file from pictures order by number")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        assert_eq!(rows, [(1, 0, "0.png".into()), (1, 1, "1.png".into())]);
        let found = "select rowid from runs_text where runs_text match 'fox'";
        assert_eq!(db.query_row(found, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        db.execute("delete from runs", []).unwrap();
        assert_eq!(db.query_row("select count(*) from pictures", [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    }

    #[test]
    fn a_failing_migration_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.sqlite");
        drop(open_with(&file, &[ONE]).unwrap());
        assert!(open_with(&file, &[ONE, "drop table things; nonsense"]).is_err());
        let db = open_with(&file, &[ONE]).unwrap();
        assert_eq!(db.query_row("select count(*) from things", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn a_newer_file_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.sqlite");
        drop(open_with(&file, &[ONE, TWO]).unwrap());
        let before = std::fs::read(&file).unwrap();
        let error = open_with(&file, &[ONE]).unwrap_err();
        assert!(error.to_string().contains("newer Limerick"), "{error}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}
