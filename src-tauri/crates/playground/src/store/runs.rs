//! Runs on disk: one row each, written before the run is sent, ended exactly once.

use limerick_inference::Exchange;
use limerick_tasks::{Error, ErrorCode};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params, params_from_iter};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Fault, Stored, answers, exchanges,
    files::{self, Files},
    now, pictures,
    search::Search,
    tables,
};
use crate::{Figures, ListRuns, Marks, Run, RunFilter, RunOutput, RunPage, RunState, RunSummary};

const SHOWN: usize = 200;

/// How a run ended, to be written once.
#[derive(Debug, Clone)]
pub(crate) struct RunEnd {
    pub(crate) state: RunState,
    pub(crate) output: RunOutput,
    pub(crate) error: Option<Error>,
    pub(crate) figures: Figures,
    pub(crate) provider: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) exchanges: Vec<Exchange>,
}

/// Writes a run before it is sent, together with what `also` writes (its place in a conversation).
///
/// The commit waits for the disk (`synchronous = full`): what comes next may cost money, and must be known even
/// after a power failure. Partial answers do not wait.
pub(crate) fn insert<T>(
    db: &mut Connection,
    run: &mut Run,
    deadline: Option<f64>,
    instance: &str,
    also: impl FnOnce(&Connection, &mut Run) -> Stored<T>,
) -> Stored<T> {
    durably(db, |db| insert_now(db, run, deadline, instance, also))
}

/// Does `work` so that its commit outlives a power failure.
pub(super) fn durably<T>(db: &mut Connection, work: impl FnOnce(&mut Connection) -> Stored<T>) -> Stored<T> {
    db.pragma_update(None, "synchronous", "full")?;
    let done = work(db);
    db.pragma_update(None, "synchronous", "normal")?;
    done
}

fn insert_now<T>(
    db: &mut Connection,
    run: &mut Run,
    deadline: Option<f64>,
    instance: &str,
    also: impl FnOnce(&Connection, &mut Run) -> Stored<T>,
) -> Stored<T> {
    let tx = db.transaction()?;
    let known = tx.query_row("select 1 from runs where id = ?1", [&run.id], |_| Ok(())).optional()?;
    if known.is_some() {
        return Err(Error::new(
            ErrorCode::Input,
            "This run was started before. Start it again under a new id.",
        )
        .into());
    }
    let also = also(&tx, run)?;
    let (prompt, input) = (run.input.words(), packed(&tx, &run.input)?);
    tx.execute(
        "insert into runs (id, task, state, created_at, instance, connection, connection_name, provider, model,
                           prompt, answer, input, output, figures, conversation, batch, repeats, deadline, digest, anew,
                           shown, turn)
         values (:id, :task, :state, :created_at, :instance, :connection, :connection_name, :provider, :model,
                 :prompt, '', :input, :output, :figures, :conversation, :batch, :repeats, :deadline, :digest, :anew,
                 :shown, case :state when 'waiting'
                     then (select coalesce(max(turn), 0) + 1 from runs where state = 'waiting') end)",
        named_params! {
            ":id": run.id, ":task": run.input.task(), ":state": word(run.state)?, ":created_at": run.created_at,
            ":instance": instance,
            ":connection": run.connection, ":connection_name": run.connection_name, ":provider": run.provider,
            ":model": run.model, ":prompt": shown(&prompt), ":input": input,
            ":output": packed(&tx, &run.output)?, ":figures": json(&run.figures)?, ":conversation": run.conversation,
            ":batch": run.batch, ":repeats": run.repeats, ":deadline": deadline,
            ":digest": answers::digest(run, &input), ":anew": run.anew, ":shown": files::shown_in(&from_json(&input)?),
        },
    )?;
    tx.execute(
        "insert into runs_text (rowid, prompt, answer, model) values (last_insert_rowid(), ?1, '', ?2)",
        [&prompt, &run.model],
    )?;
    tx.commit()?;
    Ok(also)
}

/// Keeps what has come so far.
pub(crate) fn keep(db: &Connection, id: &str, output: &RunOutput, figures: &Figures) -> Stored<()> {
    db.prepare_cached(
        "update runs set output = ?2, answer = ?3, figures = ?4 where id = ?1 and state = 'running'",
    )?
    .execute((id, packed(db, output)?, shown(&output.words()), json(figures)?))?;
    Ok(())
}

/// Ends a run; whether it still ran or waited. A run that has ended stays as it is.
pub(crate) fn end(db: &mut Connection, id: &str, end: &RunEnd) -> Stored<bool> {
    let tx = db.transaction()?;
    let output = packed(&tx, &end.output)?;
    let changed = tx.execute(
        "update runs set state = :state, output = :output, answer = :answer, error = :error, figures = :figures,
                provider = coalesce(:provider, provider), model = coalesce(:model, model), turn = null
         where id = :id and state in ('running', 'waiting')",
        named_params! {
            ":id": id, ":state": word(end.state)?, ":output": output,
            ":answer": shown(&end.output.words()), ":error": end.error.as_ref().map(json).transpose()?,
            ":figures": json(&end.figures)?, ":provider": end.provider, ":model": end.model,
        },
    )?;
    if changed == 1 {
        exchanges::add(&tx, id, &end.exchanges)?;
        tables::settle(&tx, id, end)?;
        pictures::add(&tx, id, &end.output, &output)?;
        tx.execute(
            "update runs_text set answer = ?2, model = coalesce(?3, model)
             where rowid = (select number from runs where id = ?1)",
            (id, end.output.words(), &end.model),
        )?;
        tx.execute(
            "update conversations set updated_at = ?2 where id = (select conversation from runs where id = ?1)",
            (id, now()),
        )?;
    }
    tx.commit()?;
    Ok(changed == 1)
}

/// One run.
pub(crate) fn get(db: &Connection, id: &str) -> Stored<Run> {
    let row = db
        .prepare_cached(
            "select id, state, created_at, connection, connection_name, provider, model, input, output, error,
                    figures, conversation, (select id from messages where run = runs.id), batch, repeats, favourite, note,
                    (select json_group_array(tag) from (select tag from tags where run = runs.id order by tag)), anew
             from runs where id = ?1",
        )?
        .query_row([id], |row| Ok(read(db, row)))
        .optional()?;
    row.ok_or_else(gone)?
}

fn gone() -> Fault {
    Error::new(ErrorCode::Input, "This run is no longer in your history. Go back to the list.").into()
}

fn read(db: &Connection, row: &Row<'_>) -> Stored<Run> {
    Ok(Run {
        id: row.get(0)?,
        state: from_word(&row.get::<_, String>(1)?)?,
        created_at: row.get(2)?,
        connection: row.get(3)?,
        connection_name: row.get(4)?,
        provider: row.get(5)?,
        model: row.get(6)?,
        input: unpacked(db, &row.get::<_, String>(7)?)?,
        output: unpacked(db, &row.get::<_, String>(8)?)?,
        error: row.get::<_, Option<String>>(9)?.as_deref().map(from_json).transpose()?,
        figures: from_json(&row.get::<_, String>(10)?)?,
        conversation: row.get(11)?,
        assistant_message: row.get(12)?,
        batch: row.get(13)?,
        repeats: row.get(14)?,
        anew: row.get(18)?,
        marks: Marks {
            favourite: row.get(15)?,
            note: row.get(16)?,
            tags: from_json(&row.get::<_, String>(17)?)?,
        },
    })
}

/// Which rows a page shows: conditions on a run `r` and the values that they name.
pub(super) struct Filter {
    pub(super) rules: String,
    pub(super) values: Vec<Box<dyn ToSql>>,
    search: Search,
}

impl Filter {
    pub(super) fn new(wanted: &RunFilter) -> Stored<Self> {
        let search = Search::read(&wanted.query);
        let mut filter = Self { rules: "r.deleted_at is null".into(), values: Vec::new(), search };
        match filter.search.clone() {
            Search::All => {}
            Search::Words(words) => filter.add("runs_text match ?", words),
            Search::Part(part) => {
                let text = "(t.prompt like ? escape '\\' or t.answer like ? escape '\\'
                             or t.model like ? escape '\\' or t.note like ? escape '\\')";
                filter.add(text, part);
            }
        }
        let provider = "coalesce(r.provider, r.connection_name) = ?";
        let tagged = "exists (select 1 from tags where run = r.id and tag = ?)";
        filter.add_some("r.task = ?", wanted.task.clone());
        filter.add_some("(r.shown is not null) = ?", wanted.sees);
        filter.add_some("r.state = ?", wanted.state.map(word).transpose()?);
        filter.add_some("r.model = ?", wanted.model.clone());
        filter.add_some(provider, wanted.provider.clone());
        filter.add_some("r.created_at >= ?", wanted.since);
        filter.add_some("r.created_at < ?", wanted.until);
        filter.add_some(tagged, wanted.tag.clone());
        filter.add_some("r.batch = ?", wanted.batch.clone());
        filter.add_some("r.favourite = ?", wanted.favourite.then_some(true));
        Ok(filter)
    }

    /// Whether it leaves no run out.
    pub(super) fn is_bare(wanted: &RunFilter) -> bool {
        let query = wanted.query.clone();
        wanted.query.trim().is_empty() && *wanted == RunFilter { query, ..RunFilter::default() }
    }

    /// The searchable text beside each run, where it is searched.
    pub(super) fn join(&self) -> &'static str {
        if self.search == Search::All { "" } else { "join runs_text t on t.rowid = r.number" }
    }

    pub(super) fn add_some(&mut self, text: &str, value: Option<impl ToSql + 'static>) {
        if let Some(value) = value {
            self.add(text, value);
        }
    }

    /// Adds a condition; each `?` in it is `value`.
    fn add(&mut self, text: &str, value: impl ToSql + 'static) {
        self.values.push(Box::new(value));
        self.rules.push_str(" and ");
        self.rules.push_str(&text.replace('?', &format!("?{}", self.values.len())));
    }
}

/// A page of History, newest first.
pub(crate) fn list(db: &Connection, wanted: &ListRuns) -> Stored<RunPage> {
    let mut filter = Filter::new(&wanted.filter)?;
    let from = format!("from runs r {} where", filter.join());
    let total = db.query_row(
        &format!("select count(*) {from} {}", filter.rules),
        params_from_iter(&filter.values),
        |row| row.get(0),
    )?;
    if let Some(cursor) = &wanted.cursor {
        filter.add("r.number < ?", number(cursor)?);
    }
    let texts = match filter.search {
        Search::Words(_) => "snippet(runs_text, 0, '', '', '…', 24), snippet(runs_text, 1, '', '', '…', 24)",
        _ => "r.prompt, r.answer",
    };
    let limit = if wanted.limit == 0 { 50 } else { wanted.limit.min(200) } as usize;
    let columns = columns(texts);
    let sql = format!("select {columns} {from} {} order by r.number desc limit {}", filter.rules, limit + 1);
    let mut statement = db.prepare(&sql)?;
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, summary(row)));
    let rows = statement.query_map(params_from_iter(&filter.values), read)?;
    let mut found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(number, _)| number.to_string());
    let runs = found.into_iter().map(|(_, run)| run).collect::<Stored<Vec<_>>>()?;
    Ok(RunPage { runs, total, next })
}

/// What `summary` reads of `runs r`, with these columns for the prompt and the answer.
pub(super) fn columns(texts: &str) -> String {
    format!(
        "r.number, r.id, r.task, r.state, r.created_at, r.connection_name, r.provider, r.model, {texts},
         json_extract(r.error, '$.message'), r.conversation, r.favourite,
         'media:' || coalesce((select file from pictures where run = r.number and place = 0), r.shown),
         (select count(*) from pictures where run = r.number)"
    )
}

pub(super) fn summary(row: &Row<'_>) -> Stored<RunSummary> {
    Ok(RunSummary {
        id: row.get(1)?,
        task: row.get(2)?,
        state: from_word(&row.get::<_, String>(3)?)?,
        created_at: row.get(4)?,
        connection_name: row.get(5)?,
        provider: row.get(6)?,
        model: row.get(7)?,
        prompt: shown(&row.get::<_, String>(8)?),
        answer: shown(&row.get::<_, String>(9)?),
        error: row.get(10)?,
        conversation: row.get(11)?,
        favourite: row.get(12)?,
        picture: row.get(13)?,
        pictures: row.get(14)?,
        nearness: None,
    })
}

fn number(cursor: &str) -> Stored<i64> {
    cursor.parse().map_err(|_| {
        Error::new(ErrorCode::Input, "This page of the history does not exist. Reload the list.").into()
    })
}

/// Hides runs, or shows them again; they are dropped at the next start.
pub(crate) fn set_deleted(db: &mut Connection, ids: &[String], deleted: bool) -> Stored<()> {
    db.execute(
        "update runs set deleted_at = ?2 where id in (select value from json_each(?1))",
        (serde_json::to_string(ids)?, deleted.then(now)),
    )?;
    Ok(())
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// As JSON, its pictures and sounds in files.
pub(super) fn packed(db: &Connection, value: &impl Serialize) -> Stored<String> {
    let whole = json(value)?;
    if !whole.contains("\"data:") {
        return Ok(whole);
    }
    let mut value: Value = serde_json::from_str(&whole)?;
    Files::beside(db).take_out(&mut value)?;
    json(&value)
}

pub(super) fn unpacked<T: DeserializeOwned>(db: &Connection, text: &str) -> Stored<T> {
    if !text.contains("\"$file\"") {
        return from_json(text);
    }
    let mut value: Value = serde_json::from_str(text)?;
    Files::beside(db).put_back(&mut value)?;
    Ok(serde_json::from_value(value)?)
}

pub(super) fn json(value: &impl Serialize) -> Stored<String> {
    Ok(serde_json::to_string(value)?)
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Stored<T> {
    Ok(serde_json::from_str(text)?)
}

/// A unit enum as the bare word that its JSON is.
pub(super) fn word(value: impl Serialize) -> Stored<String> {
    Ok(json(&value)?.trim_matches('"').to_owned())
}

pub(super) fn from_word<T: DeserializeOwned>(word: &str) -> Stored<T> {
    Ok(serde_json::from_value(word.into())?)
}
