//! The models folder: which built-in models are on this machine, and the files to run each from.
//!
//! The folder is the same for the app, the command line and set-up: the environment's `LIMERICK_MODELS`, else
//! `limerick/models` in the person's cache folder. This crate takes it as an argument and reads no environment.

use std::path::{Path, PathBuf};

use limerick_tasks::{Ending, Error, ErrorCode, Result};
use tokio_util::sync::CancellationToken;

use crate::manifest::{Advice, Manifest, Model, ModelFile, manifest};
use crate::on_disk::OnDisk;
use crate::own::OwnModel;

const CHAT: &str = "chat_completion";
const SPEECH: &str = "text_to_speech";
const SIGHT: &str = "image_text_to_text";

/// Whether a built-in model, or one file of it, can be used.
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

/// A language model that the engine can load.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRef {
    /// `quick`, `good`, or `file:` and a path.
    pub id: String,
    /// What the answer says about who answered.
    pub name: String,
    /// The GGUF file.
    pub path: PathBuf,
    /// The GGUF file that lets it see, where it can.
    pub projector: Option<PathBuf>,
    /// What holds where the person sets nothing.
    pub sampling: Advice,
}

/// A voice that can be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceRef {
    /// `kokoro`, or `file:` and a path.
    pub id: String,
    /// What the answer says about who spoke.
    pub name: String,
    /// What it is made of.
    pub files: VoiceFiles,
}

/// What a voice is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoiceFiles {
    /// Kokoro: one model and a folder with a vector a voice, `<id>.bin`.
    Kokoro {
        /// The ONNX file.
        model: PathBuf,
        /// The folder.
        voices: PathBuf,
    },
    /// A Piper voice of the person's own.
    Piper {
        /// The ONNX file.
        model: PathBuf,
        /// The JSON file beside it.
        config: PathBuf,
    },
}

/// The models folder, and which models belong there.
#[derive(Debug, Clone)]
pub struct Models {
    folder: PathBuf,
    manifest: &'static Manifest,
    /// Where the program's own files lie.
    program: Vec<PathBuf>,
}

impl Models {
    /// The models in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self::of(folder, manifest())
    }

    /// The models of this manifest in this folder.
    pub fn of(folder: impl Into<PathBuf>, manifest: &'static Manifest) -> Self {
        Self { folder: folder.into(), manifest, program: beside_the_program() }
    }

    /// The models that belong there, the preferred one of each kind last.
    pub fn all(&self) -> &'static [Model] {
        &self.manifest.models
    }

    /// A built-in model by its id, whether or not it is here.
    ///
    /// # Errors
    /// `Model` when there is no such model.
    pub fn named(&self, id: &str) -> Result<&'static Model> {
        self.all()
            .iter()
            .find(|model| model.id == id)
            .ok_or_else(|| refuse(format!("There is no built-in model “{id}”; pick one from the list.")))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// One file of a model: with the program's own files where it is one of them, else in the models folder.
    pub fn on_disk<'a>(&'a self, model: &'a Model, file: &'a ModelFile) -> OnDisk<'a> {
        let folder = if file.is_ours() { self.beside(file) } else { None };
        OnDisk { folder: folder.unwrap_or(&self.folder), file, name: &model.name }
    }

    /// The folder of the program's own files in which this one lies, whole.
    fn beside(&self, file: &ModelFile) -> Option<&Path> {
        let whole = |folder: &&PathBuf| {
            folder.join(&file.file).metadata().is_ok_and(|found| found.len() == file.bytes)
        };
        self.program.iter().find(whole).map(PathBuf::as_path)
    }

    /// A model and those that it needs, itself first.
    pub fn with_needs<'a>(&self, model: &'a Model) -> impl Iterator<Item = &'a Model> {
        let needed = |other: &&Model| model.needs.contains(&other.id);
        std::iter::once(model).chain(self.all().iter().filter(needed))
    }

    /// Whether a model is a part of the program as it was installed, and cannot be removed.
    pub fn comes_with_the_program(&self, model: &Model) -> bool {
        model.files.iter().any(|file| file.is_ours() && self.beside(file).is_some())
    }

    /// The files of a model.
    pub fn files<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = OnDisk<'a>> {
        model.files.iter().map(|file| self.on_disk(model, file))
    }

    /// Whether a built-in model can be used: the sum of its files and of those of the models that it needs. Looks at
    /// sizes only; `verify` reads the files.
    pub fn state(&self, model: &Model) -> State {
        let alone = self.state_alone(model);
        let mut needed = self.with_needs(model).skip(1).map(|one| self.state_alone(one));
        match (alone, needed.find(|state| *state != State::Present)) {
            (State::Present, None) => State::Present,
            (State::Present, Some(State::Broken { reason })) => State::Broken { reason },
            (State::Present, Some(_)) => State::Partial { bytes: model.bytes() },
            (other, _) => other,
        }
    }

    /// The same, whatever it needs.
    fn state_alone(&self, model: &Model) -> State {
        let states: Vec<State> = self.files(model).map(|file| file.state()).collect();
        if states.iter().all(|state| *state == State::Present) {
            return State::Present;
        }
        if let Some(broken) = states.into_iter().find(|state| matches!(state, State::Broken { .. })) {
            return broken;
        }
        match self.files(model).map(|file| file.here()).sum() {
            0 => State::Absent,
            bytes => State::Partial { bytes },
        }
    }

    /// Finds the language model to use. An empty id means the best one that is here, of those that only read.
    ///
    /// # Errors
    /// `Model` when there is no such model, or it writes no text; `Internal` when a file is missing or not what it
    /// should be.
    pub fn find(&self, id: &str) -> Result<ModelRef> {
        if let Some(path) = id.strip_prefix("file:") {
            return self.find_own(Path::new(path));
        }
        let task = if self.named(id).is_ok_and(|model| model.does(SIGHT)) { SIGHT } else { CHAT };
        let model = self
            .pick(id, task)?
            .ok_or_else(|| refuse("No built-in model is on this machine yet; get one in Settings.".into()))?;
        Ok(self.writer(model))
    }

    /// The language models here that see pictures: the built-in ones, then the person's own.
    ///
    /// # Errors
    /// `Internal` when the person's list cannot be read.
    pub fn sees(&self) -> Result<Vec<ModelRef>> {
        let here = |model: &&Model| model.does(SIGHT) && self.state(model) == State::Present;
        let ours = self.all().iter().filter(here).map(|model| self.writer(model));
        let own = self.own()?.into_iter().filter_map(OwnModel::writer);
        Ok(ours.chain(own).filter(|model| model.projector.is_some()).collect())
    }

    fn writer(&self, model: &Model) -> ModelRef {
        let projector = model.files.iter().find(|file| file.file.contains("mmproj"));
        ModelRef {
            id: model.id.clone(),
            name: model.name.clone(),
            path: self.weights(model),
            projector: projector.map(|file| self.on_disk(model, file).path()),
            sampling: model.sampling,
        }
    }

    /// Finds the voice to use. An empty id means the best one that is here.
    ///
    /// # Errors
    /// As `find`.
    pub fn voice(&self, id: &str) -> Result<VoiceRef> {
        if let Some(path) = id.strip_prefix("file:") {
            return self.own_voice(Path::new(path));
        }
        let model = self
            .pick(id, SPEECH)?
            .ok_or_else(|| refuse("No built-in voice is on this machine yet; get one in Settings.".into()))?;
        let weights = self.weights(model);
        let voices = weights.with_file_name("voices");
        let files = VoiceFiles::Kokoro { model: weights, voices };
        Ok(VoiceRef { id: model.id.clone(), name: model.name.clone(), files })
    }

    /// The named model, which must be here and do the task; for an empty id the best one that does.
    pub(crate) fn pick(&self, id: &str, task: &str) -> Result<Option<&'static Model>> {
        if id.is_empty() {
            let mut able = self.all().iter().rev().filter(|model| model.does(task));
            return Ok(able.find(|model| self.state(model) == State::Present));
        }
        let model = self.named(id)?;
        if !model.does(task) {
            return Err(wrong_kind(&model.name, task));
        }
        self.must_be_here(model, ErrorCode::Internal).map(|()| Some(model))
    }

    pub(crate) fn weights(&self, model: &Model) -> PathBuf {
        model.files.first().map_or_else(PathBuf::new, |file| self.on_disk(model, file).path())
    }

    /// Refuses with `absent` what is not here, be it the model or one that it needs.
    pub(crate) fn must_be_here(&self, model: &Model, absent: ErrorCode) -> Result<()> {
        for one in self.with_needs(model) {
            let missing = match self.state_alone(one) {
                State::Present => continue,
                State::Broken { reason } => return Err(Error::new(ErrorCode::Internal, reason)),
                _ if one.id == model.id => format!("{} is", model.name),
                _ => format!("{} needs {}, which is", model.name, one.name),
            };
            let message = format!("{missing} not on this machine yet; get it in Settings.");
            return Err(Error::new(absent, message));
        }
        Ok(())
    }

    /// ONNX Runtime, which the voices and the labels run on: with the program's own files, else in the models folder.
    /// `None` where it is missing or this system has none.
    pub fn library(&self) -> Option<PathBuf> {
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        let ours = self.manifest.libraries.iter().find(|library| library.os == os && library.arch == arch)?;
        let file = ours.files.first()?;
        let in_folder = self.folder.join(&file.file);
        let whole = in_folder.metadata().is_ok_and(|found| found.len() == file.bytes);
        self.beside(file).map(|folder| folder.join(&file.file)).or(whole.then_some(in_folder))
    }

    /// Reads a model's files and compares their SHA-256. Blocks; `on` hears how many bytes are read.
    ///
    /// # Errors
    /// `Internal` when a file is missing, when its content is wrong (it is set aside and never loaded again) or
    /// when it cannot be read.
    pub fn verify(
        &self,
        model: &Model,
        on: &mut dyn FnMut(u64),
        cancel: &CancellationToken,
    ) -> Result<Ending<()>> {
        self.must_be_here(model, ErrorCode::Internal)?;
        let mut before = 0;
        for file in self.files(model) {
            if file.verify(&mut |bytes| on(before + bytes), cancel)? == Ending::Cancelled {
                return Ok(Ending::Cancelled);
            }
            before += file.file.bytes;
        }
        Ok(Ending::Done(()))
    }

    /// Deletes a model's files and what is left of fetching them. Unload it from the engine first.
    ///
    /// # Errors
    /// `Model` for one that is a part of the program, `Internal` when the system does not let go of a file.
    pub fn remove(&self, model: &Model) -> Result<()> {
        if self.comes_with_the_program(model) {
            return Err(refuse(format!("{} is a part of Limerick and stays.", model.name)));
        }
        self.files(model).try_for_each(|file| file.remove())
    }

    /// Deletes what can never be loaded: a file that failed its check, or of the wrong size. Unload it from the
    /// engine first.
    ///
    /// # Errors
    /// As `remove`.
    pub fn remove_broken(&self, model: &Model) -> Result<()> {
        self.files(model).try_for_each(|file| file.remove_broken())
    }
}

/// Folders that belong to this program: where it lies, and where its packages put its other files.
fn beside_the_program() -> Vec<PathBuf> {
    let program = std::env::current_exe().ok();
    let Some(folder) = program.as_deref().and_then(Path::parent) else { return Vec::new() };
    // Debian's packages, macOS's bundles; on Windows they lie beside the program.
    ["", "../lib/Limerick", "../Resources"].iter().map(|place| folder.join(place)).collect()
}

/// Why a model is not taken for this task, which is one of another kind.
pub(crate) fn wrong_kind(name: &str, task: &str) -> Error {
    refuse(if task == SPEECH {
        format!("{name} has no voice; pick a voice from the list.")
    } else {
        format!("{name} writes nothing; pick a language model from the list.")
    })
}

pub(crate) fn refuse(message: String) -> Error {
    Error::new(ErrorCode::Model, message)
}

#[cfg(test)]
mod tests;
