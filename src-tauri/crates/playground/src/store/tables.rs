//! Tables on disk: what is asked, and of each row its text or picture with what came. How a run ended is written
//! into its row together with the run itself, so that no answer is ever asked for twice.

use std::collections::HashSet;

use limerick_tasks::{Error, ErrorCode};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, named_params};
use serde_json::Value;

use super::{
    Fault, Store, Stored,
    files::each_name,
    now,
    runs::{RunEnd, from_json, from_word, json, packed, unpacked, word},
};
use crate::{
    EditRow, ListRows, MakeTable, Preparing, RowPage, RowState, RunInput, RunState, Table, TableRow, Which,
    media::address_of,
    tables::{Answered, Origin, labels_of, record},
};

/// Codes of what stopped a whole table: the row that met it is as open as those that never had their turn.
pub(crate) const STOPPED_ALL: &str =
    "'auth', 'gated', 'credits', 'model', 'offline', 'network', 'limit', 'loading'";

/// What asking a table's rows takes.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) number: i64,
    pub(crate) id: String,
    pub(crate) connection: String,
    pub(crate) provider: Option<String>,
    pub(crate) input: RunInput,
    pub(crate) preparing: Option<Preparing>,
    pub(crate) at_once: u32,
    pub(crate) pictures: bool,
    pub(crate) folder: Option<String>,
}

/// What a row brings, and whether it has an answer of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) item: String,
    pub(crate) answered: bool,
}

/// A row as it is exported.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    pub(crate) row: TableRow,
    pub(crate) item: String,
    /// Values of the other columns, in their order.
    pub(crate) fields: Vec<String>,
    pub(crate) labels: Vec<Value>,
    pub(crate) model: Option<String>,
}

/// What an export needs of a table beside its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heads {
    pub(crate) pictures: bool,
    pub(crate) folder: Option<String>,
    pub(crate) heading: String,
    pub(crate) fields: Vec<String>,
    pub(crate) task: &'static str,
}

impl Store {
    /// Makes this process the one that works on a table.
    pub(crate) async fn claim_table(&self, id: &str) -> limerick_tasks::Result<()> {
        let (instance, id) = (self.instance.clone(), id.to_owned());
        let claim = move |db: &mut Connection| {
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let others = instance.others().map_err(|cause| Error::internal("work on this table", cause))?;
            let claimed = tx.execute(
                "update tables set instance = ?2 where id = ?1 and deleted_at is null
                 and (instance is null or instance not in (select value from json_each(?3)))",
                (&id, instance.id(), json(&others)?),
            )?;
            tx.commit()?;
            if claimed == 1 {
                Ok(())
            } else {
                Err(refuse("Another Limerick works on this table. Wait for it."))
            }
        };
        self.ask("work on this table", claim).await
    }
}

/// Lets other processes work on a table.
pub(crate) fn let_go(db: &Connection, id: &str) -> Stored<()> {
    db.execute("update tables set instance = null where id = ?1", [id])?;
    Ok(())
}

/// Writes a table with all its rows.
pub(crate) fn make(db: &mut Connection, wanted: &MakeTable, origin: &Origin) -> Stored<()> {
    let tx = db.transaction()?;
    let known = tx.query_row("select 1 from tables where id = ?1", [&wanted.id], |_| Ok(())).optional()?;
    if known.is_some() {
        return Err(refuse("This table is there already. Make another one under a new id."));
    }
    tx.execute(
        "insert into tables (id, title, created_at, connection, provider, request, preparing, at_once, pictures, folder,
                             heading, fields, left_out)
         values (:id, :title, :now, :connection, :provider, :request, :preparing, :at_once, :pictures, :folder,
                 :heading, :fields, :left_out)",
        named_params! {
            ":id": wanted.id, ":title": origin.title, ":now": now(), ":connection": wanted.connection,
            ":provider": wanted.provider, ":request": packed(&tx, &wanted.input)?,
            ":preparing": wanted.preparing.as_ref().map(json).transpose()?, ":at_once": wanted.at_once,
            ":pictures": origin.pictures, ":folder": origin.folder, ":heading": origin.heading,
            ":fields": json(&origin.fields)?, ":left_out": origin.left_out,
        },
    )?;
    let table = tx.last_insert_rowid();
    let add = "insert into table_rows (of_table, place, item, name, fields) values (?1, ?2, ?3, ?4, ?5)";
    let mut add = tx.prepare(add)?;
    for (place, row) in (0_u32..).zip(&origin.rows) {
        add.execute((table, place, &row.item, &row.name, json(&row.fields)?))?;
    }
    drop(add);
    tx.commit()?;
    Ok(())
}

const TABLE: &str = "
select id, title, created_at, connection, provider, request, preparing, at_once, pictures, fields, left_out,
       (select count(*) from table_rows where of_table = tables.number),
       (select count(*) from table_rows where of_table = tables.number and shown = 'done'),
       (select count(*) from table_rows where of_table = tables.number and shown = 'failed')
from tables where deleted_at is null";

fn read(db: &Connection, row: &Row<'_>) -> Stored<Table> {
    let input: RunInput = unpacked(db, &row.get::<_, String>(5)?)?;
    Ok(Table {
        id: row.get(0)?,
        title: row.get(1)?,
        created_at: row.get(2)?,
        task: input.task().to_owned(),
        connection: row.get(3)?,
        provider: row.get(4)?,
        input,
        preparing: row.get::<_, Option<String>>(6)?.as_deref().map(from_json).transpose()?,
        at_once: row.get(7)?,
        pictures: row.get(8)?,
        fields: from_json(&row.get::<_, String>(9)?)?,
        left_out: row.get(10)?,
        running: false,
        rows: row.get(11)?,
        done: row.get(12)?,
        failed: row.get(13)?,
    })
}

/// All, newest first.
pub(crate) fn list(db: &Connection) -> Stored<Vec<Table>> {
    let mut statement = db.prepare_cached(&format!("{TABLE} order by number desc"))?;
    let rows = statement.query_map([], |row| Ok(read(db, row)))?;
    rows.map(|row| row?).collect()
}

/// One table.
pub(crate) fn get(db: &Connection, id: &str) -> Stored<Table> {
    let mut statement = db.prepare_cached(&format!("{TABLE} and id = ?1"))?;
    statement.query_row([id], |row| Ok(read(db, row))).optional()?.ok_or_else(gone)?
}

/// What asking its rows takes.
pub(crate) fn asking(db: &Connection, id: &str) -> Stored<Asking> {
    let table = get(db, id)?;
    let (number, folder) = db.query_row("select number, folder from tables where id = ?1", [id], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(Asking {
        number,
        id: table.id,
        connection: table.connection,
        provider: table.provider,
        input: table.input,
        preparing: table.preparing,
        at_once: table.at_once,
        pictures: table.pictures,
        folder,
    })
}

/// The places of these rows, in order; of places that are named, those that are there.
pub(crate) fn places(db: &Connection, id: &str, which: &Which) -> Stored<Vec<u32>> {
    let (rule, named) = match which {
        Which::Open => (
            format!("shown = 'waiting' or (shown = 'failed' and error ->> '$.code' in ({STOPPED_ALL}))"),
            Vec::new(),
        ),
        Which::Failed => ("shown = 'failed'".into(), Vec::new()),
        Which::Places(places) => ("place in (select value from json_each(?2))".into(), places.clone()),
    };
    let sql = format!(
        "select place from table_rows r join tables t on t.number = r.of_table
         where t.id = ?1 and t.deleted_at is null and ?2 is not null and ({rule}) order by place"
    );
    let mut rows = db.prepare(&sql)?;
    let found = rows.query_map((id, json(&named)?), |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// What a row brings; nothing where the table is gone.
pub(crate) fn open(db: &Connection, table: i64, place: u32) -> Stored<Option<Open>> {
    let sql = "select item, state is 'done' from table_rows where of_table = ?1 and place = ?2";
    let read = |row: &Row<'_>| Ok(Open { item: row.get(0)?, answered: row.get(1)? });
    Ok(db.prepare_cached(sql)?.query_row((table, place), read).optional()?)
}

/// Notes which run a row is about to be asked in, and with which picture.
pub(crate) fn begin(db: &Connection, table: i64, place: u32, run: &str, picture: Option<&str>) -> Stored<()> {
    let sql =
        "update table_rows set run = ?3, picture = coalesce(?4, picture) where of_table = ?1 and place = ?2";
    db.prepare_cached(sql)?.execute((table, place, run, picture))?;
    Ok(())
}

/// Notes why a row could not be asked.
pub(crate) fn fail(db: &Connection, table: i64, place: u32, error: &Error) -> Stored<()> {
    let sql = "update table_rows set state = 'failed', error = ?3 where of_table = ?1 and place = ?2";
    db.prepare_cached(sql)?.execute((table, place, json(error)?))?;
    Ok(())
}

/// Writes how a run ended into its row, if it has one. One that was stopped leaves the row as it was.
pub(crate) fn settle(db: &Connection, run: &str, end: &RunEnd) -> Stored<()> {
    let failed = |error: &Error| -> Stored<()> {
        let sql = "update table_rows set state = 'failed', error = ?2 where run = ?1";
        db.prepare_cached(sql)?.execute((run, json(error)?))?;
        Ok(())
    };
    let answered = match (end.state, &end.error) {
        (RunState::Done, _) => Answered::of(&end.output),
        (RunState::Failed, Some(error)) => return failed(error),
        _ => return Ok(()),
    };
    let answered = match answered {
        Ok(answered) => answered,
        Err(error) => return failed(&error),
    };
    let sql = "update table_rows set state = 'done', error = null, answer = ?2, labels = ?3,
                      model = coalesce((select nullif(model, '') from runs where id = ?1), ?4)
               where run = ?1";
    db.prepare_cached(sql)?.execute((run, answered.answer, json(&answered.labels)?, &end.model))?;
    Ok(())
}

/// What is read of `table_rows r` of `tables t`; `?1` is JSON of the places that are under way.
const ROW: &str = "
select r.place, r.item, r.name, r.fields,
       case when r.place in (select value from json_each(?1)) then 'running' else r.shown end,
       coalesce(r.edited, r.answer), r.labels, r.edited is not null,
       case when r.shown = 'failed' then r.error end, r.run, r.picture, r.model, t.fields
from table_rows r join tables t on t.number = r.of_table
where t.deleted_at is null";

fn read_row(row: &Row<'_>) -> Stored<Written> {
    let (item, name): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let values: Vec<String> = from_json(&row.get::<_, String>(3)?)?;
    let columns: Vec<String> = from_json(&row.get::<_, String>(12)?)?;
    let labels: Vec<Value> = from_json(&row.get::<_, String>(6)?)?;
    let shown = TableRow {
        place: row.get(0)?,
        name: name.unwrap_or_else(|| item.clone()),
        fields: record(&columns, values.clone()),
        state: from_word(&row.get::<_, String>(4)?)?,
        answer: row.get(5)?,
        labels: labels_of(&labels),
        edited: row.get(7)?,
        error: row.get::<_, Option<String>>(8)?.as_deref().map(from_json).transpose()?,
        run: row.get(9)?,
        picture: row.get::<_, Option<String>>(10)?.as_deref().map(address_of),
    };
    Ok(Written { row: shown, item, fields: values, labels, model: row.get(11)? })
}

/// A piece of a table.
pub(crate) fn page(db: &Connection, wanted: &ListRows, running: &[u32]) -> Stored<RowPage> {
    get(db, &wanted.id)?;
    let running = json(&running)?;
    let rule = match wanted.state {
        None => String::new(),
        Some(RowState::Running) => "and r.place in (select value from json_each(?1))".into(),
        Some(state) => {
            format!("and r.shown = '{}' and r.place not in (select value from json_each(?1))", word(state)?)
        }
    };
    let from = "from table_rows r join tables t on t.number = r.of_table where ?1 is not null";
    let count = format!("select count(*) {from} and t.id = ?2 {rule}");
    let total = db.prepare_cached(&count)?.query_row([&running, &wanted.id], |row| row.get(0))?;
    let limit = if wanted.limit == 0 { 100 } else { wanted.limit.min(500) };
    let sql = format!("{ROW} and t.id = ?2 {rule} order by r.place limit ?3 offset ?4");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map((&running, &wanted.id, limit, wanted.offset), |row| Ok(read_row(row)))?;
    let rows = found.map(|row| Ok(row??.row)).collect::<Stored<_>>()?;
    Ok(RowPage { rows, total })
}

/// These rows, those that are there.
pub(crate) fn at(db: &Connection, id: &str, places: &[u32], running: &[u32]) -> Stored<Vec<TableRow>> {
    let sql =
        format!("{ROW} and t.id = ?2 and r.place in (select value from json_each(?3)) order by r.place");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map((json(&running)?, id, json(&places)?), |row| Ok(read_row(row)))?;
    found.map(|row| Ok(row??.row)).collect()
}

/// What an export needs beside the rows.
pub(crate) fn heads(db: &Connection, id: &str) -> Stored<Heads> {
    let task = get(db, id)?.input.task();
    let sql = "select pictures, folder, heading, fields from tables where id = ?1";
    let (pictures, folder, heading, fields) =
        db.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?)))?;
    Ok(Heads { pictures, folder, heading, fields: from_json(&fields)?, task })
}

/// So many rows from this place on, as they are exported.
pub(crate) fn written(db: &Connection, id: &str, from: u32, most: u32) -> Stored<Vec<Written>> {
    let sql = format!("{ROW} and t.id = ?2 and r.place >= ?3 order by r.place limit ?4");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map(("[]", id, from, most), |row| Ok(read_row(row)))?;
    found.map(|row| row?).collect()
}

/// Writes an answer in place of the model's, or takes the model's again.
pub(crate) fn edit(db: &Connection, edit: &EditRow) -> Stored<()> {
    let sql = "update table_rows set edited = ?3 where place = ?2
               and of_table = (select number from tables where id = ?1 and deleted_at is null)";
    match db.execute(sql, (&edit.id, edit.place, &edit.text))? {
        0 => Err(refuse("This row is no longer here. Open the table again.")),
        _ => Ok(()),
    }
}

/// Hides a table, or shows it again; it is dropped at the next start.
pub(crate) fn set_deleted(db: &Connection, id: &str, deleted: bool) -> Stored<()> {
    match db.execute("update tables set deleted_at = ?2 where id = ?1", (id, deleted.then(now)))? {
        0 => Err(gone()),
        _ => Ok(()),
    }
}

/// The files that tables name.
pub(super) fn named(db: &Connection) -> Stored<HashSet<String>> {
    let mut names = HashSet::new();
    let pictures = "select picture from table_rows where picture is not null
                    union select substr(item, 7) from table_rows where item like 'media:%'";
    for name in db.prepare(pictures)?.query_map([], |row| row.get(0))? {
        names.insert(name?);
    }
    let requests = "select request from tables where instr(request, '\"$file\"')";
    for request in db.prepare(requests)?.query_map([], |row| row.get::<_, String>(0))? {
        each_name(&from_json(&request?)?, &mut |name| {
            names.insert(name.to_owned());
        });
    }
    Ok(names)
}

fn gone() -> Fault {
    refuse("This table is no longer here. Choose another one, or make a new one.")
}

fn refuse(message: &str) -> Fault {
    Error::new(ErrorCode::Input, message).into()
}
