//! Takes runs out of Limerick: pictures with their parameters in a folder or a zip, and one line of JSON a run.

mod bundle;
mod names;
#[cfg(test)]
mod tests;

use std::{io, path::PathBuf};

use limerick_pictures::{Settings, with_settings};
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use crate::{
    Playground,
    keys::off_thread,
    made_with::{made_with, without_secrets},
    said,
    saving::unwritable,
    store::{
        files::{Files, name_of},
        records::{self, Record},
    },
};
use bundle::Bundle;
use names::Names;

/// How the files of an export lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportForm {
    /// In a new folder.
    Folder,
    /// In one zip file.
    Zip,
}

/// Exports runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportRuns {
    /// Which, in the order of the JSONL.
    pub ids: Vec<String>,
    /// Where to, as picked in a dialog: the parent of the folder, or the zip file.
    pub path: String,
    /// How.
    pub form: ExportForm,
}

/// What an export wrote.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The folder or file that was written.
    pub path: String,
    /// Runs in it.
    pub runs: u32,
    /// Pictures and sounds in it.
    pub files: u32,
    /// Pictures and sounds whose file was gone.
    pub missing: u32,
}

/// Runs that are read from the history at once.
const PIECE: usize = 64;
/// What an export says of itself.
const LINES: &str = "runs.jsonl";

impl Playground {
    /// Exports runs with their pictures and parameters, whole or not at all.
    pub async fn export_runs(&self, wanted: ExportRuns) -> Result<Exported> {
        if wanted.ids.is_empty() {
            return Err(Error::new(ErrorCode::Input, "Nothing is selected. Pick the runs to export first."));
        }
        let path = PathBuf::from(&wanted.path);
        let begin = move || Bundle::begin(&path, wanted.form).map_err(|cause| refused(&cause));
        let mut export = off_thread("export these runs", begin).await.map(Export::new)?;
        for ids in wanted.ids.chunks(PIECE).map(<[String]>::to_vec) {
            let records = self.inner.store.ask("read these runs", move |db| records::of(db, &ids)).await?;
            let files = self.inner.files.clone();
            let write = move || {
                records
                    .iter()
                    .try_for_each(|run| export.add(run, &files))
                    .map_err(|cause| refused(&cause))?;
                Ok(export)
            };
            export = off_thread("export these runs", write).await?;
        }
        off_thread("export these runs", move || export.finish().map_err(|cause| refused(&cause))).await
    }
}

fn refused(cause: &io::Error) -> Error {
    unwritable("the export", cause)
}

/// An export under way.
struct Export {
    bundle: Bundle,
    names: Names,
    lines: Vec<u8>,
    done: Exported,
}

impl Export {
    fn new(bundle: Bundle) -> Self {
        // Its own name is taken.
        Self { bundle, names: Names::taken([LINES]), lines: Vec::new(), done: Exported::default() }
    }

    /// Writes a run's pictures and sounds, and its line.
    fn add(&mut self, run: &Record, files: &Files) -> io::Result<()> {
        let settings = made_with(run);
        let mut written = Vec::new();
        for (place, file) in run.made().iter().enumerate() {
            let name = self.names.for_output(run, place, file);
            written.push(self.put(files, file, &name, settings.as_ref())?);
        }
        let mut given = Vec::new();
        for file in &run.given() {
            let name = self.names.for_input(run, file);
            given.push((file.clone(), self.put(files, file, &name, None)?));
        }
        serde_json::to_writer(&mut self.lines, &line(run, &written, &given))?;
        self.lines.push(b'\n');
        self.done.runs += 1;
        Ok(())
    }

    /// The name of the file in the export; none where it was removed.
    fn put(
        &mut self,
        files: &Files,
        file: &str,
        name: &str,
        settings: Option<&Settings>,
    ) -> io::Result<Option<String>> {
        let bytes = match files.read(file) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                self.done.missing += 1;
                return Ok(None);
            }
            Err(cause) => return Err(cause),
        };
        let told = settings.and_then(|settings| with_settings(&bytes, settings).ok());
        self.bundle.put(name, &told.unwrap_or(bytes))?;
        self.done.files += 1;
        Ok(Some(name.to_owned()))
    }

    fn finish(mut self) -> io::Result<Exported> {
        self.bundle.put(LINES, &self.lines)?;
        self.done.path = self.bundle.finish()?.display().to_string();
        Ok(self.done)
    }
}

/// One run as JSON. What it was asked with stands under its name in the export; keys and headers are nowhere.
fn line(run: &Record, written: &[Option<String>], given: &[(String, Option<String>)]) -> Value {
    json!({
        "id": run.id,
        "task": run.task,
        "state": run.state,
        "model": run.model,
        "provider": run.provider,
        "connection_name": run.connection_name,
        "created_at": run.created_at,
        "input": with_names(&without_secrets(&run.input), given),
        "output": text_of(&run.output),
        "error": run.error,
        "figures": run.figures,
        "files": written,
        "marks": run.marks,
        "repeats": run.repeats,
    })
}

/// The input with the exported files' names in place of our own.
fn with_names(value: &Value, given: &[(String, Option<String>)]) -> Value {
    if let Some(name) = name_of(value) {
        return given.iter().find(|(file, _)| file == name).map_or(Value::Null, |(_, name)| json!(name));
    }
    match value {
        Value::String(text) => Value::String(given.iter().fold(text.clone(), |text, (file, name)| {
            said::with_name(&text, file, name.as_deref().unwrap_or_default())
        })),
        Value::Array(list) => list.iter().map(|one| with_names(one, given)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, one)| (key.clone(), with_names(one, given))).collect())
        }
        other => other.clone(),
    }
}

/// The output without its pictures and sounds, which stand under `files`.
fn text_of(output: &Value) -> Value {
    match output {
        Value::Object(fields) => {
            let holds_file = |value: &Value| name_of(value).is_some();
            let is_media = |value: &Value| {
                holds_file(value) || value.as_array().is_some_and(|list| list.iter().any(holds_file))
            };
            let kept = fields.iter().filter(|(_, value)| !is_media(value));
            Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        other => other.clone(),
    }
}
