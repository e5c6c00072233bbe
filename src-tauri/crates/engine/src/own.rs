//! Model files of the person's own, language models (GGUF, with the projector that lets one see) and voices (Piper's
//! ONNX): a list of paths, kept in `own.json` in the models folder. Never copies, changes or deletes such a file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use limerick_tasks::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::gguf::Gguf;
use crate::manifest::Advice;
use crate::models::{ModelRef, Models, VoiceFiles, VoiceRef, refuse, wrong_kind};
use crate::piper::Piper;
use crate::projector;

/// A model file of the person's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnModel {
    /// `file:` and the path.
    pub id: String,
    /// The name that the file gives, else its file name.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// The file that lets it see, where it has one that is still there.
    pub projector: Option<PathBuf>,
    /// What its head says, or one sentence why it cannot be used any more.
    pub head: std::result::Result<Head, String>,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Row {
    File(PathBuf),
    Seeing { path: PathBuf, projector: PathBuf },
}

impl Row {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Seeing { path, .. } => path,
        }
    }

    fn projector(&self) -> Option<&Path> {
        match self {
            Self::File(_) => None,
            Self::Seeing { projector, .. } => Some(projector),
        }
    }

    /// The row for a file that the person picked: a model, with the projector beside it, or a voice.
    fn of(path: &Path) -> Result<Self> {
        let projector = match Head::read(path)? {
            Head::Writes(head) => projector::beside(path, &head),
            Head::Speaks(_) => None,
        };
        Ok(Self::with(path, projector))
    }

    /// The row for a projector that the person picked, and its model beside it.
    fn of_projector(path: &Path) -> Result<Self> {
        Ok(Self::with(&projector::model_of(path)?, Some(path.to_owned())))
    }

    fn with(path: &Path, projector: Option<PathBuf>) -> Self {
        let path = path.to_owned();
        match projector {
            Some(projector) => Self::Seeing { path, projector },
            None => Self::File(path),
        }
    }
}

/// What the head of a file says, by the kind of model in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// A language model.
    Writes(Box<Gguf>),
    /// A voice.
    Speaks(Piper),
}

impl Head {
    fn read(path: &Path) -> Result<Self> {
        if Piper::is_meant(path) {
            Piper::read(path).map(Self::Speaks)
        } else {
            Gguf::read(path).map(|head| Self::Writes(Box::new(head)))
        }
    }
}

impl OwnModel {
    fn look(row: &Row) -> Self {
        let path = row.path();
        let head = Head::read(path);
        let projector = row.projector().filter(|path| Gguf::read_projector(path).is_ok());
        let named = match &head {
            Ok(Head::Writes(head)) => head.name.clone(),
            _ => None,
        };
        let file_name = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self {
            id: format!("file:{}", path.display()),
            name: named.unwrap_or_else(file_name),
            path: path.to_owned(),
            projector: projector.map(Path::to_owned),
            head: head.map_err(|error| error.message),
        }
    }

    /// What it can do, also when it is broken.
    pub fn tasks(&self) -> Vec<String> {
        let tasks: &[&str] = if Piper::is_meant(&self.path) {
            &["text_to_speech"]
        } else if self.projector.is_some() {
            &["chat_completion", "text_generation", "image_text_to_text"]
        } else {
            &["chat_completion", "text_generation"]
        };
        tasks.iter().map(|task| (*task).to_owned()).collect()
    }

    /// The language model in it, where it is one and can be used.
    pub(crate) fn writer(self) -> Option<ModelRef> {
        matches!(self.head, Ok(Head::Writes(_))).then(|| ModelRef {
            id: self.id,
            name: self.name,
            path: self.path,
            projector: self.projector,
            sampling: Advice::default(),
        })
    }

    /// Bytes of its files.
    pub fn bytes(&self) -> u64 {
        let files = [Some(&self.path), self.projector.as_ref()];
        files.into_iter().flatten().filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum()
    }

    /// Tokens that it was trained to read, where it says so.
    pub fn context_length(&self) -> Option<u32> {
        match &self.head {
            Ok(Head::Writes(head)) => head.context_length,
            _ => None,
        }
    }
}

impl Models {
    /// The person's own files, in the order they were added.
    ///
    /// # Errors
    /// `Internal` when the list cannot be read.
    pub fn own(&self) -> Result<Vec<OwnModel>> {
        Ok(self.own_rows()?.iter().map(OwnModel::look).collect())
    }

    /// Puts a file on the list, a model with the projector that lies beside it; a projector brings the model that
    /// lies beside it. Adding it again only looks for its projector again.
    ///
    /// # Errors
    /// `Model` with one sentence when it is neither a GGUF model that writes text, nor the projector of one, nor a
    /// Piper voice; `Internal` when the list cannot be kept.
    pub fn add_own(&self, path: &Path) -> Result<OwnModel> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let row = if Gguf::is_projector(&path) { Row::of_projector(&path)? } else { Row::of(&path)? };
        if row.path().to_str().is_none() {
            let message = "The path has letters that are not Unicode; rename the file or its folder.";
            return Err(refuse(message.into()));
        }
        let mut rows = self.own_rows()?;
        match rows.iter_mut().find(|there| there.path() == row.path()) {
            Some(there) => there.clone_from(&row),
            None => rows.push(row.clone()),
        }
        self.keep_own(&rows)?;
        Ok(OwnModel::look(&row))
    }

    /// Takes a file off the list by its id; the file stays.
    ///
    /// # Errors
    /// `Internal` when the list cannot be kept.
    pub fn remove_own(&self, id: &str) -> Result<()> {
        let mut rows = self.own_rows()?;
        rows.retain(|row| format!("file:{}", row.path().display()) != id);
        self.keep_own(&rows)
    }

    pub(crate) fn find_own(&self, path: &Path) -> Result<ModelRef> {
        let (own, _) = self.listed(path)?;
        let name = own.name.clone();
        own.writer().ok_or_else(|| wrong_kind(&name, "chat_completion"))
    }

    pub(crate) fn own_voice(&self, path: &Path) -> Result<VoiceRef> {
        let (own, head) = self.listed(path)?;
        match head {
            Head::Speaks(_) => {
                let files = VoiceFiles::Piper { config: Piper::config_path(&own.path), model: own.path };
                Ok(VoiceRef { id: own.id, name: own.name, files })
            }
            Head::Writes(_) => Err(wrong_kind(&own.name, "text_to_speech")),
        }
    }

    /// A file that is on the list, with its head.
    fn listed(&self, path: &Path) -> Result<(OwnModel, Head)> {
        let rows = self.own_rows()?;
        let row = rows
            .iter()
            .find(|row| row.path() == path)
            .ok_or_else(|| refuse("This model file is not on the list; add it in Settings.".into()))?;
        let own = OwnModel::look(row);
        let head = own.head.clone().map_err(refuse)?;
        Ok((own, head))
    }

    fn own_rows(&self) -> Result<Vec<Row>> {
        match fs::read(self.folder().join("own.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|cause| Error::internal("read the list of models", cause)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(Error::internal("read the list of models", cause)),
        }
    }

    fn keep_own(&self, rows: &[Row]) -> Result<()> {
        let write = || {
            fs::create_dir_all(self.folder())?;
            let fresh = self.folder().join("own.json.new");
            fs::write(&fresh, serde_json::to_vec(rows)?)?;
            fs::rename(fresh, self.folder().join("own.json"))
        };
        write().map_err(|cause: std::io::Error| Error::internal("keep the list of models", cause))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    #[test]
    fn a_piper_voice_is_listed_speaks_and_never_writes() {
        let folder = tempfile::tempdir().unwrap();
        let (models, path) = (Models::new(folder.path().join("models")), folder.path().join("joe.onnx"));
        fs::write(&path, b"\x08\x08more").unwrap();
        assert!(models.add_own(&path).unwrap_err().message.contains("two files"));
        let config = r#"{"audio": {"sample_rate": 22050}, "phoneme_id_map": {"_": [0]}}"#;
        fs::write(folder.path().join("joe.onnx.json"), config).unwrap();
        let own = models.add_own(&path).unwrap();
        assert_eq!((own.name.as_str(), own.tasks()), ("joe", vec!["text_to_speech".to_owned()]));
        let voice = models.voice(&own.id).unwrap();
        let config = folder.path().canonicalize().unwrap().join("joe.onnx.json");
        assert!(matches!(voice.files, VoiceFiles::Piper { config: found, .. } if found == config));
        assert!(models.find(&own.id).unwrap_err().message.contains("writes nothing"));
        fs::remove_file(config).unwrap();
        assert!(models.voice(&own.id).unwrap_err().message.contains("two files"));
        models.remove_own(&own.id).unwrap();
        assert!(models.voice(&own.id).unwrap_err().message.contains("not on the list") && path.exists());
    }
}
