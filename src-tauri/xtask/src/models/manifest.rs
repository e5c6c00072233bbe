//! The engine's manifest of built-in models, as far as fetching needs it.

use std::env::consts::{ARCH, OS};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Outcome;

/// The model that tests and small machines do without.
const LARGE: &str = "good";

#[derive(Deserialize)]
pub(crate) struct Manifest {
    models: Vec<Model>,
    libraries: Vec<Library>,
}

/// One built-in model, or what such a model runs on.
#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) files: Vec<ModelFile>,
}

impl Model {
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    fn is_only_on_the_hub(&self) -> bool {
        self.files.iter().flat_map(|file| &file.sources).all(|source| matches!(source, Source::Hub(_)))
    }
}

/// ONNX Runtime for one system: the library, then the texts of its licence.
#[derive(Deserialize)]
struct Library {
    os: String,
    arch: String,
    files: Vec<ModelFile>,
}

/// One file of a model.
#[derive(Deserialize)]
pub(crate) struct ModelFile {
    /// Its path in the models folder.
    pub(crate) file: String,
    pub(crate) bytes: u64,
    /// Lower-case hexadecimal.
    pub(crate) sha256: String,
    /// In the order to try them.
    pub(crate) sources: Vec<Source>,
}

impl ModelFile {
    /// Its file on the Hub, where it has one.
    pub(crate) fn hub(&self) -> Option<&HubFile> {
        self.sources.iter().find_map(|source| match source {
            Source::Hub(file) => Some(file),
            Source::Packages(_) | Source::Project(_) => None,
        })
    }

    /// The packages that carry it.
    pub(crate) fn packages(&self) -> Option<&Packages> {
        self.sources.iter().find_map(|source| match source {
            Source::Packages(packages) => Some(packages),
            Source::Hub(_) | Source::Project(_) => None,
        })
    }

    /// The file of this project that it is a copy of.
    pub(crate) fn project(&self) -> Option<&ProjectFile> {
        self.sources.iter().find_map(|source| match source {
            Source::Project(file) => Some(file),
            Source::Hub(_) | Source::Packages(_) => None,
        })
    }

    /// Its path as one plain name.
    pub(crate) fn flat_name(&self) -> String {
        self.file.replace('/', "-")
    }
}

/// Where a file can be had.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    /// A file of a repository on the Hugging Face Hub.
    Hub(HubFile),
    /// Packages of a registry, each holding the whole file or a part of it.
    Packages(Packages),
    /// A file of this project, which packages carry beside the program.
    Project(ProjectFile),
}

#[derive(Deserialize)]
pub(crate) struct ProjectFile {
    /// Its path from the project's root.
    pub(crate) file: PathBuf,
}

#[derive(Deserialize)]
pub(crate) struct HubFile {
    pub(crate) repo: String,
    pub(crate) revision: String,
    pub(crate) file: String,
}

#[derive(Deserialize)]
pub(crate) struct Packages {
    pub(crate) registry: Registry,
    /// Concatenated in this order.
    pub(crate) parts: Vec<Part>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Registry {
    Pypi,
    Npm,
}

#[derive(Deserialize)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Which wheel of several: `cp311-cp311-win_amd64`. Without it the one for this system.
    pub(crate) tags: Option<String>,
    /// The file inside the package.
    pub(crate) member: String,
}

/// Reads the manifest.
pub(crate) fn read(file: &Path) -> Outcome<Manifest> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}.", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}.", file.display()))
}

impl Manifest {
    /// What belongs on this machine; with `small`, all but the large language model. What only the Hub has is fetched
    /// in the app, by a click.
    pub(crate) fn wanted(self, small: bool) -> Vec<Model> {
        let library = library(self.libraries);
        let belongs = |model: &Model| !model.is_only_on_the_hub() && (!small || model.id != LARGE);
        self.models.into_iter().filter(belongs).chain(library).collect()
    }

    /// The files of this project that packages carry beside the program, each with its place there.
    pub(crate) fn of_project(&self) -> impl Iterator<Item = (&ProjectFile, &str)> {
        let files = self.models.iter().flat_map(|model| &model.files);
        files.filter_map(|file| Some((file.project()?, file.file.as_str())))
    }

    /// ONNX Runtime for this system, the library first; `None` where there is none.
    pub(crate) fn library(self) -> Option<Model> {
        library(self.libraries)
    }
}

fn library(libraries: Vec<Library>) -> Option<Model> {
    let ours = libraries.into_iter().find(|library| library.os == OS && library.arch == ARCH)?;
    Some(Model { id: "onnxruntime".to_owned(), name: "ONNX Runtime".to_owned(), files: ours.files })
}
