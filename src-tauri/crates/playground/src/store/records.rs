//! Runs as they lie in the history, pictures and sounds as the names of their files: for what leaves Limerick.

use rusqlite::Connection;
use serde_json::Value;

use super::{
    Stored,
    files::{each_name, given},
    runs::{from_json, from_word},
};
use crate::{Marks, RunState};

/// One run.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) task: String,
    pub(crate) state: RunState,
    pub(crate) created_at: i64,
    pub(crate) connection_name: String,
    pub(crate) provider: Option<String>,
    pub(crate) model: String,
    pub(crate) input: Value,
    pub(crate) output: Value,
    pub(crate) error: Option<Value>,
    pub(crate) figures: Value,
    pub(crate) marks: Marks,
    pub(crate) repeats: Option<String>,
}

impl Record {
    /// The files of what came, in order.
    pub(crate) fn made(&self) -> Vec<String> {
        names(&self.output)
    }

    /// The files of what was asked.
    pub(crate) fn given(&self) -> Vec<String> {
        given(&self.input)
    }
}

/// How many sounds of runs the history shows.
pub(crate) fn sounds(db: &Connection) -> Stored<u32> {
    let sql = "select count(*) from runs
               where task = 'text_to_speech' and deleted_at is null and instr(output, '\"$file\"')";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

fn names(value: &Value) -> Vec<String> {
    let mut names = Vec::new();
    each_name(value, &mut |name| names.push(name.to_owned()));
    names
}

/// These runs, in this order; what is no longer there is left out.
pub(crate) fn of(db: &Connection, ids: &[String]) -> Stored<Vec<Record>> {
    let mut statement = db.prepare_cached(
        "select runs.id, task, state, created_at, connection_name, provider, model, input, output, error, figures,
                favourite, note, repeats,
                (select json_group_array(tag) from (select tag from tags where run = runs.id order by tag))
         from json_each(?1) wanted join runs on runs.id = wanted.value order by wanted.key",
    )?;
    let mut rows = statement.query([serde_json::to_string(ids)?])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let json = |column| -> Stored<Value> { from_json(&row.get::<_, String>(column)?) };
        records.push(Record {
            id: row.get(0)?,
            task: row.get(1)?,
            state: from_word(&row.get::<_, String>(2)?)?,
            created_at: row.get(3)?,
            connection_name: row.get(4)?,
            provider: row.get(5)?,
            model: row.get(6)?,
            input: json(7)?,
            output: json(8)?,
            error: row.get::<_, Option<String>>(9)?.as_deref().map(from_json).transpose()?,
            figures: json(10)?,
            repeats: row.get(13)?,
            marks: Marks {
                favourite: row.get(11)?,
                note: row.get(12)?,
                tags: from_json(&row.get::<_, String>(14)?)?,
            },
        });
    }
    Ok(records)
}
