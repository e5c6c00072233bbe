//! Takes a table out of Limerick: as CSV, as JSONL, or as a .txt beside each picture. Each file is written whole or
//! not at all.

use std::{
    borrow::Cow,
    collections::HashSet,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use csv::{QuoteStyle, Terminator, WriterBuilder};
use limerick_tasks::{Error, Result};
use serde_json::{Map, Value, json};

use super::{ExportTable, RowState, TableFile, TableForm, lines::distinct, refuse, sources::place_of};
use crate::{
    Playground,
    keys::off_thread,
    media::name_in,
    saving::unwritable,
    store::tables::{self, Heads, Written},
};

/// Rows that are read from the history at once.
const PIECE: u32 = 500;

impl Playground {
    /// Writes a table to a file, or beside its pictures.
    pub async fn export_table(&self, wanted: ExportTable) -> Result<TableFile> {
        let id = wanted.id.clone();
        let heads = self.inner.store.ask("read this table", move |db| tables::heads(db, &id)).await?;
        if wanted.form == TableForm::Sidecar {
            let beside = off_thread("write these files", move || Beside::new(wanted, heads)).await?;
            return self.write_rows(beside).await;
        }
        let sheet = off_thread("write this table", move || Sheet::new(wanted, heads)).await?;
        self.write_rows(sheet).await
    }

    async fn write_rows(&self, mut to: impl Rows) -> Result<TableFile> {
        let mut from = 0;
        loop {
            let id = to.id().to_owned();
            let read = move |db: &mut rusqlite::Connection| tables::written(db, &id, from, PIECE);
            let rows = self.inner.store.ask("read this table", read).await?;
            let Some(last) = rows.last() else { break };
            from = last.row.place + 1;
            to = off_thread("write this table", move || {
                rows.iter().try_for_each(|row| to.add(row)).map(|()| to)
            })
            .await?;
        }
        off_thread("write this table", move || to.finish()).await
    }
}

/// What rows are written to.
trait Rows: Send + Sized + 'static {
    fn id(&self) -> &str;
    fn add(&mut self, row: &Written) -> Result<()>;
    fn finish(self) -> Result<TableFile>;
}

/// A CSV or JSONL file under way.
struct Sheet {
    id: String,
    part: Part,
    form: TableForm,
    columns: Vec<String>,
    heads: Heads,
    done: TableFile,
}

impl Sheet {
    fn new(wanted: ExportTable, heads: Heads) -> Result<Self> {
        let path = wanted.path.ok_or_else(|| refuse("Say where the file goes. Pick a place first."))?;
        let part = Part::beside(Path::new(&path)).map_err(|cause| unsaved(&cause))?;
        let mut columns = vec![heads.heading.clone()];
        columns.extend(heads.fields.iter().cloned());
        let more = ["answer"].iter().chain(scored(&heads)).chain(&["state", "error", "model"]);
        columns.extend(more.map(|name| (*name).to_owned()));
        let columns = distinct(&columns);
        let mut sheet =
            Self { id: wanted.id, part, form: wanted.form, columns, heads, done: TableFile::default() };
        if sheet.form == TableForm::Csv {
            let head: Vec<String> = sheet.columns.iter().map(|name| harmless(name).into_owned()).collect();
            let line = csv_line(&head);
            sheet.write(&line)?;
        }
        Ok(sheet)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.part.file.write_all(bytes).map_err(|cause| unsaved(&cause))
    }

    /// A row's values in the order of the columns.
    fn values(&self, row: &Written) -> Vec<Value> {
        let shown = &row.row;
        let mut values = vec![json!(shown.name)];
        values.extend(
            (0..self.heads.fields.len()).map(|at| json!(row.fields.get(at).map_or("", String::as_str))),
        );
        values.push(if shown.state == RowState::Done { json!(shown.answer) } else { Value::Null });
        for name in scored(&self.heads) {
            values.push(if *name == "score" { json!(score(row)) } else { json!(row.labels) });
        }
        values.push(json!(shown.state));
        values.push(json!(shown.error.as_ref().map(|error| &error.message)));
        values.push(json!(row.model));
        values
    }
}

impl Rows for Sheet {
    fn id(&self) -> &str {
        &self.id
    }

    fn add(&mut self, row: &Written) -> Result<()> {
        let values = self.values(row);
        let line = if self.form == TableForm::Csv {
            let cells: Vec<String> = values.into_iter().map(cell).collect();
            csv_line(&cells)
        } else {
            let fields: Map<String, Value> = self.columns.iter().cloned().zip(values).collect();
            format!("{}\n", Value::Object(fields)).into_bytes()
        };
        self.write(&line)?;
        self.done.rows += 1;
        Ok(())
    }

    fn finish(self) -> Result<TableFile> {
        self.part.put().map_err(|cause| unsaved(&cause))?;
        Ok(self.done)
    }
}

fn unsaved(cause: &io::Error) -> Error {
    unwritable("the table", cause)
}

/// The columns of what came with scores.
fn scored(heads: &Heads) -> &'static [&'static str] {
    match heads.task {
        "image_classification"
        | "zero_shot_image_classification"
        | "text_classification"
        | "zero_shot_classification" => &["score", "labels"],
        "object_detection" | "token_classification" => &["labels"],
        _ => &[],
    }
}

/// The score of the label that is the answer; none where the person wrote another.
fn score(row: &Written) -> Option<f64> {
    row.row.labels.iter().find(|one| one.label == row.row.answer).map(|one| one.score)
}

/// A cell's text. Of texts those that a spreadsheet would run are made harmless; numbers and lists are ours.
fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(&text).into_owned(),
        other => other.to_string(),
    }
}

/// A text that a spreadsheet would take for a formula gets a `'` in front (OWASP, "CSV injection"): `=1+1`, `@SUM`,
/// `-cmd`. What is a number stays one.
fn harmless(text: &str) -> Cow<'_, str> {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if runs && text.parse::<f64>().is_err() { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn csv_line(cells: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new());
    // Into memory nothing fails.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

/// A file under way, beside the place where it goes; nothing of it stays unless it is put there.
struct Part {
    file: BufWriter<File>,
    beside: PathBuf,
    path: PathBuf,
}

impl Part {
    fn beside(path: &Path) -> io::Result<Self> {
        let beside = path.with_file_name(format!(".{}.part", uuid::Uuid::now_v7().simple()));
        let file = BufWriter::new(File::options().write(true).create_new(true).open(&beside)?);
        Ok(Self { file, beside, path: path.to_owned() })
    }

    /// Puts it where it goes, in place of what was there.
    fn put(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        fs::rename(&self.beside, &self.path)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // It is gone where it was put in its place.
        let _ = fs::remove_file(&self.beside);
    }
}

/// Text files beside pictures under way.
struct Beside {
    id: String,
    folder: Option<String>,
    /// Where may be written; each picture's own folder where pictures were picked one by one.
    allowed: Option<PathBuf>,
    replace: bool,
    taken: HashSet<PathBuf>,
    dropped: u32,
    done: TableFile,
}

impl Beside {
    fn new(wanted: ExportTable, heads: Heads) -> Result<Self> {
        if !heads.pictures {
            return Err(refuse("Only beside pictures a .txt can lie. Take CSV or JSONL."));
        }
        let gone =
            |cause| refuse("The folder of these pictures is gone. Put it back first.").with_detail(cause);
        let allowed = wanted.path.as_deref().or(heads.folder.as_deref());
        let allowed = allowed.map(|folder| Path::new(folder).canonicalize().map_err(gone)).transpose()?;
        let (taken, done) = (HashSet::new(), TableFile::default());
        let (id, folder, replace) = (wanted.id, heads.folder, wanted.replace);
        Ok(Self { id, folder, allowed, replace, taken, dropped: 0, done })
    }

    /// The row's picture, if it is there and beside it may be written.
    fn picture(&self, item: &str) -> Option<PathBuf> {
        let path = place_of(self.folder.as_deref(), item).ok()?;
        let folder = path.parent()?.canonicalize().ok()?;
        let may = self.allowed.as_ref().is_none_or(|allowed| folder.starts_with(allowed));
        (may && path.is_file()).then_some(path)
    }

    /// `cat.txt` for `cat.png`; where that is another picture's already, `cat.jpg.txt`.
    fn text_file(&mut self, picture: &Path) -> Option<PathBuf> {
        let mut whole = picture.file_name()?.to_owned();
        whole.push(".txt");
        let short = picture.with_extension("txt");
        let path = if self.taken.contains(&short) { picture.with_file_name(whole) } else { short };
        self.taken.insert(path.clone()).then_some(path)
    }

    fn write(&mut self, path: &Path, answer: &str, name: &str) -> Result<()> {
        let there = path.symlink_metadata();
        if there.is_ok_and(|about| !self.replace || about.is_dir()) {
            self.done.kept += 1;
            return Ok(());
        }
        let written = Part::beside(path).and_then(|mut part| {
            part.file.write_all(answer.as_bytes())?;
            part.put()
        });
        written.map_err(|cause| unwritable(&format!("the text for {name}"), &cause))?;
        self.done.rows += 1;
        Ok(())
    }
}

impl Rows for Beside {
    fn id(&self) -> &str {
        &self.id
    }

    fn add(&mut self, row: &Written) -> Result<()> {
        if name_in(&row.item).is_ok() {
            self.dropped += 1;
            return Ok(());
        }
        // The names of those without an answer are taken, too, so that they stay the same from export to export.
        let picture = self.picture(&row.item);
        let text = picture.and_then(|picture| self.text_file(&picture));
        let shown = &row.row;
        match text {
            _ if shown.state != RowState::Done || shown.answer.trim().is_empty() => Ok(()),
            Some(text) => self.write(&text, &shown.answer, &shown.name),
            None => {
                self.done.left_out += 1;
                Ok(())
            }
        }
    }

    fn finish(mut self) -> Result<TableFile> {
        if self.dropped > 0 && self.done == TableFile::default() {
            return Err(refuse(
                "These pictures were dropped here and lie in no folder of yours. Take CSV or JSONL.",
            ));
        }
        self.done.left_out += self.dropped;
        Ok(self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_made_harmless_and_numbers_stay() {
        for text in ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["-5", "+1.5", "a=b", "", "'=1", "-1e5", " a"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn a_line_of_csv_is_quoted_where_it_must_be() {
        assert_eq!(csv_line(&["a", "b,c", "say \"hi\"\nyou", ""]), b"a,\"b,c\",\"say \"\"hi\"\"\nyou\",\r\n");
        assert_eq!(csv_line(&[""]), b"\"\"\r\n");
    }
}
