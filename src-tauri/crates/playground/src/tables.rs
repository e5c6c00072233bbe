//! Tables: one question to many texts or pictures, each row an ordinary run, with what came of it beside the row.

mod asking;
#[cfg(test)]
mod fuzz;
mod lines;
mod reading;
mod sources;
mod watching;
mod work;
mod working;
mod writing;

use limerick_tasks::{Error, ErrorCode, Label, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;
use uuid::Uuid;

pub(crate) use asking::{Answered, labels_of};
pub(crate) use sources::{Origin, record};
pub(crate) use work::Works;

use crate::{
    Playground, Preparing, RunInput,
    commands::{File, Id, Nothing},
    keys::off_thread,
    store::tables,
};

/// Rows of a table at most: more is a matter for a program.
pub(crate) const MOST_ROWS: usize = 100_000;

/// Where a table's rows come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TableSource {
    /// Pictures.
    Pictures {
        /// A folder (its pictures, in natural order, without those in folders below), or files, or `media:`
        /// addresses of dropped pictures.
        paths: Vec<String>,
        /// Names of `paths` that are `media:` addresses, one each.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<String>>")]
        names: Vec<String>,
    },
    /// Texts.
    Texts {
        /// One text a row.
        texts: Vec<String>,
    },
    /// A file with one line a row.
    File {
        /// A CSV (with a head) or JSONL file.
        path: String,
        /// The column that holds the text, or the path of the picture.
        column: String,
        /// Whether `column` holds paths of pictures.
        pictures: bool,
    },
}

/// What a CSV or JSONL file holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Columns {
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Lines that hold something.
    pub rows: u32,
    /// Its first three lines, as they stand.
    #[ts(type = "Array<Record<string, string>>")]
    pub sample: Vec<Map<String, Value>>,
}

/// Makes a table; nothing runs yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MakeTable {
    /// A fresh UUID, made by the caller.
    pub id: String,
    /// Where the rows come from.
    pub source: TableSource,
    /// Which connection answers.
    pub connection: String,
    /// Which provider.
    #[serde(default)]
    #[ts(optional)]
    pub provider: Option<String>,
    /// What is asked of each row; the row's picture is put into it (the last message of a chat, `image`), or its text
    /// (the last message of a chat, `prompt`, `text`): in place of `{text}` where that stands there, else behind the
    /// words.
    pub input: RunInput,
    /// How pictures are made ready.
    #[serde(default)]
    #[ts(optional)]
    pub preparing: Option<Preparing>,
    /// Rows under way at the same time, 1 to 16.
    pub at_once: u32,
}

/// A table as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Table {
    /// Its UUID.
    pub id: String,
    /// The folder's or file's name, or the first words.
    pub title: String,
    /// Milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub created_at: i64,
    /// `huggingface_hub`'s name of the task.
    pub task: String,
    /// Which connection answers.
    pub connection: String,
    /// Which provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
    /// What is asked of each row.
    pub input: RunInput,
    /// How pictures are made ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub preparing: Option<Preparing>,
    /// Rows under way at the same time.
    pub at_once: u32,
    /// Whether its rows are pictures.
    pub pictures: bool,
    /// Names of the other columns of its file.
    pub fields: Vec<String>,
    /// What its folder or file held that is no row: hidden files, links out of the folder, what is no picture, lines
    /// without a text.
    pub left_out: u32,
    /// It is being worked on now.
    pub running: bool,
    /// All rows.
    pub rows: u32,
    /// Rows that have an answer.
    pub done: u32,
    /// Rows whose last try failed.
    pub failed: u32,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// It was not asked yet.
    Waiting,
    /// It is under way.
    Running,
    /// It has an answer.
    Done,
    /// Its last try failed.
    Failed,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TableRow {
    /// Its place, from 0.
    pub place: u32,
    /// The text, or the name of the picture's file.
    pub name: String,
    /// The other columns of its line.
    #[ts(type = "Record<string, string>")]
    pub fields: Map<String, Value>,
    /// Where it stands.
    pub state: RowState,
    /// What the model answered, or what the person wrote in its place. Of labels: the best one's name.
    pub answer: String,
    /// Labels with their scores, the best ten first, where the task gives labels.
    pub labels: Vec<Label>,
    /// The person wrote the answer.
    pub edited: bool,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<Error>,
    /// Its newest run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub run: Option<String>,
    /// The prepared picture of that run, as a `media:` address; none before it was made ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub picture: Option<String>,
}

/// Which rows to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListRows {
    /// Of which table.
    pub id: String,
    /// How many to pass over.
    pub offset: u32,
    /// 1 to 500; 0 means 100.
    pub limit: u32,
    /// Only rows that stand so.
    #[serde(default)]
    #[ts(optional)]
    pub state: Option<RowState>,
}

/// A piece of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RowPage {
    /// In their order.
    pub rows: Vec<TableRow>,
    /// All that match.
    pub total: u32,
}

/// Rows to work on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those without an answer, and those whose table rested over what stopped them.
    Open,
    /// Those that failed.
    Failed,
    /// These, anew.
    Places(Vec<u32>),
}

/// Works on a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunTable {
    /// Which.
    pub id: String,
    /// Which rows: those without an answer, those that failed, or these.
    #[ts(inline)]
    pub which: Which,
}

/// Writes an answer in place of the model's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditRow {
    /// The table.
    pub id: String,
    /// The row.
    pub place: u32,
    /// What it says; null takes the model's answer again.
    pub text: Option<String>,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TableForm {
    /// RFC 4180 in UTF-8, for a spreadsheet: a cell that one would take for a formula gets a `'` in front.
    Csv,
    /// One object a line, every text as it is.
    Jsonl,
    /// A .txt beside each picture that has an answer.
    Sidecar,
}

/// Writes a table to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportTable {
    /// Which.
    pub id: String,
    /// A CSV, a JSONL, or a .txt beside each picture.
    #[ts(inline)]
    pub form: TableForm,
    /// Where to, as picked in a dialog: the file; for .txt files the folder that they may be written in (without it,
    /// the table's own).
    #[serde(default)]
    #[ts(optional)]
    pub path: Option<String>,
    /// Whether .txt files that are there already are replaced; otherwise they are left and counted.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub replace: bool,
}

/// What was written of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableFile {
    /// Rows written.
    pub rows: u32,
    /// Files that were there already and were left as they are.
    pub kept: u32,
    /// Pictures that are gone or lie outside the folder: nothing was written for them.
    pub left_out: u32,
}

/// What happens to a table while it is watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one of it at a time, and it is never in a list")]
pub enum TableEvent {
    /// Rows changed; the first of these tells no row, only how the table stands.
    Rows {
        /// As they are now.
        rows: Vec<TableRow>,
        /// The table as it is now.
        table: Table,
    },
    /// It was deleted.
    Gone,
}

impl Playground {
    /// All tables, newest first.
    pub async fn tables(&self, _: Nothing) -> Result<Vec<Table>> {
        let mut all = self.inner.store.ask("read your tables", |db| tables::list(db)).await?;
        for table in &mut all {
            table.running = self.inner.tables.is_at_work(&table.id);
        }
        Ok(all)
    }

    /// Makes a table of many rows; nothing runs yet.
    pub async fn make_table(&self, wanted: MakeTable) -> Result<Table> {
        Uuid::parse_str(&wanted.id).map_err(|_| refuse("A table's id is a UUID. Make a fresh one."))?;
        if !(1..=16).contains(&wanted.at_once) {
            return Err(refuse("Of a table 1 to 16 rows run at the same time. Pick a number between."));
        }
        self.find_connection(&wanted.connection).await?;
        let (id, source, files) = (wanted.id.clone(), wanted.source.clone(), self.inner.files.clone());
        let origin =
            off_thread("read what the table is made of", move || sources::read(source, &files)).await?;
        asking::check(&wanted.input, origin.pictures)?;
        let make = move |db: &mut rusqlite::Connection| tables::make(db, &wanted, &origin);
        self.inner.store.ask("keep this table", make).await?;
        self.table(&id).await
    }

    /// Looks into a CSV or JSONL file.
    pub async fn columns(&self, File { path }: File) -> Result<Columns> {
        off_thread("read this file", move || sources::columns(path.as_ref())).await
    }

    /// A piece of a table.
    pub async fn table_rows(&self, wanted: ListRows) -> Result<RowPage> {
        let running = self.inner.tables.under_way(&wanted.id);
        self.inner.store.ask("read this table", move |db| tables::page(db, &wanted, &running)).await
    }

    /// Writes an answer in place of the model's, or takes the model's again.
    pub async fn edit_row(&self, edit: EditRow) -> Result<TableRow> {
        let (id, place) = (edit.id.clone(), edit.place);
        self.inner.store.ask("keep this answer", move |db| tables::edit(db, &edit)).await?;
        self.inner.tables.changed(&id, place);
        let row = self.rows_at(&id, vec![place]).await?.pop();
        row.ok_or_else(|| refuse("This row is no longer here. Open the table again."))
    }

    /// Deletes a table; its runs stay in History. `restore_table` undoes it until the app closes.
    pub async fn delete_table(&self, Id { id }: Id) -> Result<Nothing> {
        self.rest(&id).await;
        let deleted = id.clone();
        self.inner.store.ask("delete this table", move |db| tables::set_deleted(db, &deleted, true)).await?;
        self.inner.tables.gone(&id);
        Ok(Nothing {})
    }

    /// Undoes `delete_table`.
    pub async fn restore_table(&self, Id { id }: Id) -> Result<Nothing> {
        let doing = "bring this table back";
        self.inner.store.ask(doing, move |db| tables::set_deleted(db, &id, false)).await?;
        Ok(Nothing {})
    }

    /// One table as it is now.
    pub(crate) async fn table(&self, id: &str) -> Result<Table> {
        let wanted = id.to_owned();
        let mut table = self.inner.store.ask("read this table", move |db| tables::get(db, &wanted)).await?;
        table.running = self.inner.tables.is_at_work(id);
        Ok(table)
    }

    /// Rows as they are now; those that are not there are missing.
    async fn rows_at(&self, id: &str, places: Vec<u32>) -> Result<Vec<TableRow>> {
        let (id, running) = (id.to_owned(), self.inner.tables.under_way(id));
        self.inner.store.ask("read this table", move |db| tables::at(db, &id, &places, &running)).await
    }
}

fn refuse(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Input, message)
}
