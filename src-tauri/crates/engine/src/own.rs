//! GGUF files of the person's own: a list of paths, kept in `own.json` in the models folder.
//! Never copies, changes or deletes such a file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use limerick_tasks::{Error, ErrorCode, Result};

use crate::gguf::Gguf;
use crate::models::{Advice, ModelRef, Models};

/// A model file of the person's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnModel {
    /// `file:` and the path.
    pub id: String,
    /// The name that the file gives, else its file name.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// What its head says, or one sentence why it cannot be used any more.
    pub head: std::result::Result<Gguf, String>,
}

impl OwnModel {
    fn look(path: &Path) -> Self {
        let head = Gguf::read(path);
        let named = head.as_ref().ok().and_then(|head| head.name.clone());
        let file_name = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self {
            id: format!("file:{}", path.display()),
            name: named.unwrap_or_else(file_name),
            path: path.to_owned(),
            head: head.map_err(|error| error.message),
        }
    }
}

impl Models {
    /// The person's own files, in the order they were added.
    ///
    /// # Errors
    /// `Internal` when the list cannot be read.
    pub fn own(&self) -> Result<Vec<OwnModel>> {
        Ok(self.own_paths()?.iter().map(|path| OwnModel::look(path)).collect())
    }

    /// Puts a file on the list. Adding it twice changes nothing.
    ///
    /// # Errors
    /// `Model` with one sentence when it is no GGUF model that writes text; `Internal` when the list cannot be kept.
    pub fn add_own(&self, path: &Path) -> Result<OwnModel> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Gguf::read(&path)?;
        if path.to_str().is_none() {
            let message = "The path has letters that are not Unicode; rename the file or its folder.";
            return Err(Error::new(ErrorCode::Model, message));
        }
        let mut paths = self.own_paths()?;
        if !paths.contains(&path) {
            paths.push(path.clone());
            self.keep_own(&paths)?;
        }
        Ok(OwnModel::look(&path))
    }

    /// Takes a file off the list by its id; the file stays.
    ///
    /// # Errors
    /// `Internal` when the list cannot be kept.
    pub fn remove_own(&self, id: &str) -> Result<()> {
        let mut paths = self.own_paths()?;
        paths.retain(|path| format!("file:{}", path.display()) != id);
        self.keep_own(&paths)
    }

    pub(crate) fn find_own(&self, path: &Path) -> Result<ModelRef> {
        if !self.own_paths()?.iter().any(|own| own == path) {
            let message = "This model file is not on the list; add it in Settings.";
            return Err(Error::new(ErrorCode::Model, message));
        }
        let own = OwnModel::look(path);
        match own.head {
            Ok(_) => Ok(ModelRef { id: own.id, name: own.name, path: own.path, sampling: Advice::default() }),
            Err(reason) => Err(Error::new(ErrorCode::Model, reason)),
        }
    }

    fn own_paths(&self) -> Result<Vec<PathBuf>> {
        match fs::read(self.folder().join("own.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|cause| Error::internal("read the list of models", cause)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(Error::internal("read the list of models", cause)),
        }
    }

    fn keep_own(&self, paths: &[PathBuf]) -> Result<()> {
        let write = || {
            fs::create_dir_all(self.folder())?;
            let fresh = self.folder().join("own.json.new");
            fs::write(&fresh, serde_json::to_vec(paths)?)?;
            fs::rename(fresh, self.folder().join("own.json"))
        };
        write().map_err(|cause: std::io::Error| Error::internal("keep the list of models", cause))
    }
}
