//! Saved connections on disk: servers, and what the person set for Hugging Face. Never a key.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::{
    Stored,
    runs::{from_json, json},
};
use crate::Header;

/// What is kept of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SavedConnection {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) url: Option<String>,
    pub(crate) headers: Vec<Header>,
    pub(crate) bill_to: Option<String>,
    pub(crate) space: Option<String>,
}

const COLUMNS: &str = "select id, name, url, headers, bill_to, space from connections";

/// All, in the order they were made.
pub(crate) fn all(db: &Connection) -> Stored<Vec<SavedConnection>> {
    let mut statement = db.prepare_cached(&format!("{COLUMNS} order by number"))?;
    let rows = statement.query_map([], |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

/// One, where there is one.
pub(crate) fn get(db: &Connection, id: &str) -> Stored<Option<SavedConnection>> {
    let mut statement = db.prepare_cached(&format!("{COLUMNS} where id = ?1"))?;
    statement.query_row([id], |row| Ok(read(row))).optional()?.transpose()
}

/// Makes or replaces one. Answers from another address are no longer answers of this connection.
pub(crate) fn save(db: &Connection, saved: &SavedConnection) -> Stored<()> {
    let reached = |saved: &SavedConnection| (saved.url.clone(), saved.headers.clone(), saved.space.clone());
    if get(db, &saved.id)?.is_some_and(|before| reached(&before) != reached(saved)) {
        db.execute("update runs set digest = null where connection = ?1", [&saved.id])?;
    }
    db.execute(
        "insert into connections (id, name, url, headers, bill_to, space)
         values (:id, :name, :url, :headers, :bill_to, :space)
         on conflict (id) do update set name = :name, url = :url, headers = :headers, bill_to = :bill_to,
                                        space = :space",
        named_params! {
            ":id": saved.id, ":name": saved.name, ":url": saved.url, ":headers": json(&saved.headers)?,
            ":bill_to": saved.bill_to, ":space": saved.space,
        },
    )?;
    Ok(())
}

/// Forgets one.
pub(crate) fn remove(db: &Connection, id: &str) -> Stored<()> {
    db.execute("delete from connections where id = ?1", [id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Stored<SavedConnection> {
    Ok(SavedConnection {
        id: row.get(0)?,
        name: row.get(1)?,
        url: row.get(2)?,
        headers: from_json(&row.get::<_, String>(3)?)?,
        bill_to: row.get(4)?,
        space: row.get(5)?,
    })
}
