//! The queue on disk: runs in state `waiting`, each of one process, in the order of their turns.

use limerick_tasks::{Error, ErrorCode, Result};
use rusqlite::{Connection, TransactionBehavior};

use super::{
    Store, Stored,
    files::{Files, each_name},
    instances::Instance,
    runs::{self, from_json, word},
};
use crate::{Run, RunOutput, RunState, RunSummary};

/// A run that waits. What it asks stays on disk until its turn: many pictures may wait.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) id: String,
    pub(crate) connection: String,
    /// Nothing yet.
    pub(crate) output: RunOutput,
}

impl Store {
    /// Makes the runs that wait in dead processes wait in this one. All that wait in it now, the next one first.
    pub(crate) async fn take_up(&self) -> Result<Vec<Waiting>> {
        let instance = self.instance.clone();
        self.ask("read the queue", move |db| take_up(db, &instance)).await
    }
}

fn take_up(db: &mut Connection, instance: &Instance) -> Stored<Vec<Waiting>> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked with the write lock in hand: two processes that take up at once must not both have a run.
    let others = instance.others().map_err(|cause| Error::internal("read the queue", cause))?;
    let others = serde_json::to_string(&others)?;
    let left =
        "state = 'waiting' and deleted_at is null and instance not in (select value from json_each(?1))";
    let mut found =
        tx.prepare(&format!("select id, connection, output from runs where {left} order by turn"))?;
    let rows = found.query_map([&others], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))?;
    let mut waiting = Vec::new();
    for row in rows {
        let (id, connection, output) = row?;
        waiting.push(Waiting { id, connection, output: from_json(&output)? });
    }
    drop(found);
    tx.execute(&format!("update runs set instance = ?2 where {left}"), [others.as_str(), instance.id()])?;
    tx.commit()?;
    Ok(waiting)
}

/// Gives a waiting run of this process its turn; whether it still waited. The commit waits for the disk, as in
/// `runs::insert`: what comes next may cost money.
pub(crate) fn begin(db: &mut Connection, id: &str, instance: &str) -> Stored<bool> {
    let begin = "update runs set state = 'running', turn = null
                 where id = ?1 and instance = ?2 and state = 'waiting' and deleted_at is null";
    runs::durably(db, |db| Ok(db.execute(begin, [id, instance])? == 1))
}

/// A run with the seconds that it may take. One whose picture is gone is refused: it would ask for something else.
pub(crate) fn read(db: &Connection, id: &str) -> Stored<(Run, Option<f64>)> {
    let run = runs::get(db, id)?;
    let (input, deadline) = db.query_row("select input, deadline from runs where id = ?1", [id], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?))
    })?;
    let (files, mut gone) = (Files::beside(db), false);
    each_name(&from_json(&input)?, &mut |name| gone |= files.read(name).is_err());
    if gone {
        let message =
            "A picture of this run is no longer in Limerick's folder, so nothing was sent. Make it again.";
        return Err(Error::new(ErrorCode::Input, message).into());
    }
    Ok((run, deadline))
}

/// Lets the turns of these runs follow one another in this order; turns of other processes stay as they are.
pub(crate) fn reorder(db: &mut Connection, ids: &[String]) -> Stored<()> {
    let tx = db.transaction()?;
    let mut known: Vec<(&String, f64)> = Vec::new();
    for id in ids {
        let mut turn = tx.prepare_cached("select turn from runs where id = ?1 and turn is not null")?;
        let mut rows = turn.query([id])?;
        if let Some(row) = rows.next()? {
            known.push((id, row.get(0)?));
        }
    }
    let mut turns: Vec<f64> = known.iter().map(|(_, turn)| *turn).collect();
    turns.sort_by(f64::total_cmp);
    for ((id, before), turn) in known.into_iter().zip(turns) {
        if before.total_cmp(&turn).is_ne() {
            tx.prepare_cached("update runs set turn = ?2 where id = ?1")?.execute((id, turn))?;
        }
    }
    tx.commit()?;
    Ok(())
}

/// Those of `ids` that are in `state`, in the order of `ids`, as History shows them.
pub(crate) fn summaries(db: &Connection, ids: &[String], state: RunState) -> Stored<Vec<RunSummary>> {
    let sql = format!(
        "select {} from json_each(?1) wanted join runs r on r.id = wanted.value where r.state = ?2
         order by wanted.key",
        runs::columns("r.prompt, r.answer")
    );
    let mut rows = db.prepare_cached(&sql)?;
    let found = rows.query_map([serde_json::to_string(ids)?, word(state)?], |row| Ok(runs::summary(row)))?;
    found.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().collect()
}
