//! Takes runs out of Limerick: pictures with their parameters in a folder or a zip, and one line of JSON a run.

use limerick_tasks::{Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Playground;

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

impl Playground {
    /// Exports runs with their pictures and parameters.
    pub async fn export_runs(&self, _: ExportRuns) -> Result<Exported> {
        Err(Error::internal("export these runs", "not built"))
    }
}
