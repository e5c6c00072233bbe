//! What the person made of runs: stars, tags and notes, each found by search.

use limerick_tasks::{Error, ErrorCode, Result};
use rusqlite::Connection;

use super::Stored;
use crate::commands::MarkRuns;

/// Characters of a tag.
const TAG: usize = 60;
/// Characters of a note.
const NOTE: usize = 10_000;
/// Tags of one run.
const TAGS: i64 = 100;

/// Marks runs, all or none.
pub(crate) fn mark(db: &mut Connection, marks: &MarkRuns) -> Stored<()> {
    let add = tags(&marks.add_tags)?;
    if marks.note.as_ref().is_some_and(|note| note.chars().count() > NOTE) {
        return Err(refuse("A note has at most 10,000 characters. Make it shorter.").into());
    }
    let ids = serde_json::to_string(&marks.ids)?;
    let tx = db.transaction()?;
    tx.execute(
        "update runs set favourite = coalesce(?2, favourite), note = coalesce(?3, note)
         where id in (select value from json_each(?1))",
        (&ids, marks.favourite, marks.note.as_deref().map(str::trim)),
    )?;
    tx.execute(
        "delete from tags where run in (select value from json_each(?1))
                            and tag in (select trim(value) from json_each(?2))",
        (&ids, serde_json::to_string(&marks.remove_tags)?),
    )?;
    tx.execute(
        "insert or ignore into tags (run, tag)
         select runs.id, tag.value from json_each(?1) id join runs on runs.id = id.value, json_each(?2) tag",
        (&ids, serde_json::to_string(&add)?),
    )?;
    if !add.is_empty() && most_tags(&tx, &ids)? > TAGS {
        return Err(refuse("A run has at most 100 tags. Take some away first.").into());
    }
    tx.execute(
        "update runs_text set note = (select r.note || ' ' || coalesce((select group_concat(tag, ' ') from tags
                                                                       where run = r.id), '')
                                      from runs r where r.number = runs_text.rowid)
         where rowid in (select number from runs where id in (select value from json_each(?1)))",
        [&ids],
    )?;
    tx.commit()?;
    Ok(())
}

fn most_tags(db: &Connection, ids: &str) -> Stored<i64> {
    Ok(db.query_row(
        "select coalesce(max(held), 0) from (select count(*) held from tags
         where run in (select value from json_each(?1)) group by run)",
        [ids],
        |row| row.get(0),
    )?)
}

/// Tags as they are kept: one line each, without spaces around.
fn tags(typed: &[String]) -> Result<Vec<String>> {
    typed.iter().map(|tag| read_tag(tag)).collect()
}

fn read_tag(typed: &str) -> Result<String> {
    let tag = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=TAG).contains(&tag.chars().count()) && !tag.chars().any(char::is_control);
    if fits { Ok(tag) } else { Err(refuse("A tag has 1 to 60 characters. Write another one.")) }
}

fn refuse(message: &str) -> Error {
    Error::new(ErrorCode::Input, message)
}
