//! What runs mean: for each the direction that its words point in. Reading takes no turn at the history's thread.

use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};

use super::{
    Stored,
    runs::{Filter, columns, json, summary},
};
use crate::{Meanings, RunFilter, RunPage, RunSummary};

/// Letters of a prompt, and of an answer, that are read: the model takes about 1,200 in all.
const READ: usize = 700;
/// Runs that a search finds at most.
const MOST: usize = 100;
/// What is farther away than this is not found: of texts about different things 9 in 10 are.
const FARTHEST: f32 = 0.12;

/// The runs that have words and have ended.
const WITH_WORDS: &str = "r.deleted_at is null and r.state not in ('running', 'waiting') and (trim(r.prompt) <> '' or trim(r.answer) <> '')";

/// A run whose words nobody has read yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) run: i64,
    pub(crate) words: String,
}

/// The newest runs that nobody has read yet.
pub(crate) fn unread(db: &Connection, most: usize) -> Stored<Vec<Unread>> {
    let sql = format!(
        "select r.number, t.prompt, t.answer from runs r join runs_text t on t.rowid = r.number
         where {WITH_WORDS} and not exists (select 1 from meanings where run = r.number)
         order by r.number desc limit {most}"
    );
    let mut statement = db.prepare(&sql)?;
    let rows = statement.query_map([], |row| {
        let part =
            |at| Ok::<_, rusqlite::Error>(row.get::<_, String>(at)?.chars().take(READ).collect::<String>());
        Ok(Unread { run: row.get(0)?, words: format!("{}\n{}", part(1)?, part(2)?) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Keeps directions; a run that was dropped meanwhile needs none.
pub(crate) fn keep(db: &mut Connection, learned: &[(i64, Vec<f32>)]) -> Stored<()> {
    let tx = db.transaction()?;
    {
        let mut insert = tx.prepare_cached(
            "insert or ignore into meanings (run, vector) select number, ?2 from runs where number = ?1",
        )?;
        for (run, vector) in learned {
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            insert.execute((run, bytes))?;
        }
    }
    Ok(tx.commit()?)
}

/// How many runs have words, and how many of them are known.
pub(crate) fn counted(db: &Connection) -> Stored<Meanings> {
    let sql = format!(
        "select count(m.run), count(*) from runs r left join meanings m on m.run = r.number where {WITH_WORDS}"
    );
    Ok(db.query_row(&sql, [], |row| Ok(Meanings { ready: true, known: row.get(0)?, total: row.get(1)? }))?)
}

/// The runs whose words point nearest to a direction, nearest first.
pub(crate) fn nearest(db: &Connection, wanted: &RunFilter, direction: &[f32]) -> Stored<RunPage> {
    // The words are not looked for.
    let filter = Filter::new(&RunFilter { query: String::new(), ..wanted.clone() })?;
    let sql = format!(
        "select m.run, m.vector from meanings m join runs r on r.number = m.run where {}",
        filter.rules
    );
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(&filter.values))?;
    let mut near: Vec<(f32, i64)> = Vec::new();
    while let Some(row) = rows.next()? {
        let nearness = nearness(direction, row.get_ref(1)?.as_blob().unwrap_or_default());
        if nearness >= FARTHEST {
            near.push((nearness, row.get(0)?));
        }
    }
    near.sort_unstable_by(|one, two| two.0.total_cmp(&one.0).then(two.1.cmp(&one.1)));
    near.truncate(MOST);
    let runs = shown(db, &near)?;
    Ok(RunPage { total: u32::try_from(runs.len()).unwrap_or(u32::MAX), runs, next: None })
}

/// Both are of length 1.
fn nearness(direction: &[f32], stored: &[u8]) -> f32 {
    let numbers = stored.as_chunks::<4>().0;
    if numbers.len() != direction.len() {
        return 0.0;
    }
    // Eight sums, so that the processor adds eight numbers at once.
    let mut sums = [0.0_f32; 8];
    for (ours, theirs) in direction.chunks_exact(8).zip(numbers.chunks_exact(8)) {
        for at in 0..8 {
            sums[at] += ours[at] * f32::from_le_bytes(theirs[at]);
        }
    }
    sums.iter().sum()
}

/// The rows of these runs in this order.
fn shown(db: &Connection, near: &[(f32, i64)]) -> Stored<Vec<RunSummary>> {
    let numbers: Vec<i64> = near.iter().map(|(_, run)| *run).collect();
    let sql = format!(
        "select {} from runs r where r.number in (select value from json_each(?1))",
        columns("r.prompt, r.answer")
    );
    let mut statement = db.prepare(&sql)?;
    let rows = statement.query_map([json(&numbers)?], |row| Ok((row.get::<_, i64>(0)?, summary(row))))?;
    let mut found = rows.collect::<rusqlite::Result<HashMap<_, _>>>()?;
    let ordered = near.iter().filter_map(|(nearness, run)| Some((nearness, found.remove(run)?)));
    ordered
        .map(|(nearness, run)| Ok(RunSummary { nearness: Some(f64::from(nearness.min(1.0))), ..run? }))
        .collect()
}
