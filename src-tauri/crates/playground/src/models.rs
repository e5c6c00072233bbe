//! Built-in models: which there are, which are here, getting, checking and removing them.

use limerick_engine::{Model, OwnModel, State};
use limerick_tasks::Error;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Playground,
    builtin::{fetched, here},
};

/// Whether a built-in model can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ModelState {
    /// Not on this machine.
    Absent,
    /// A part of it has been fetched.
    Partial {
        /// Bytes that are here.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// Here and of the right size.
    Present,
    /// Here, but not what it should be.
    Broken {
        /// One sentence.
        reason: String,
    },
}

/// A model that runs inside the app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BuiltinModel {
    /// `quick`, `good`, `kokoro`, or `file:` and a path for a file of the person's own.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One plain sentence.
    pub about: String,
    /// What it can do: `chat_completion`, `text_generation`, `text_to_speech`.
    pub tasks: Vec<String>,
    /// Its licence, or empty for a file of the person's own.
    pub licence: String,
    /// Bytes on disk, all its files together, with those of the models that it needs and that are not here.
    #[ts(type = "number")]
    pub size: u64,
    /// Tokens of context; a voice has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub context_length: Option<u32>,
    /// The person's own file: it can be taken off the list, never deleted.
    pub own: bool,
    /// Whether it can be removed (or taken off the list): not what was installed with Limerick.
    pub removable: bool,
    /// Whether it can be used.
    #[serde(flatten)]
    pub state: ModelState,
}

/// What happens while a model is fetched or verified. `done`, `failed` or `cancelled` ends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FetchEvent {
    /// How far it is.
    Progress {
        /// Bytes that are here (or checked).
        #[ts(type = "number")]
        bytes: u64,
        /// Bytes in all.
        #[ts(type = "number")]
        total: u64,
    },
    /// It is here and its hash is right.
    Done,
    /// It failed; what was fetched is kept for the next try, unless its hash was wrong.
    Failed {
        /// Why.
        #[serde(flatten)]
        error: Error,
    },
    /// The person stopped it.
    Cancelled,
}

impl Playground {
    pub(crate) fn as_builtin(&self, model: &Model) -> BuiltinModel {
        BuiltinModel {
            id: model.id.clone(),
            name: model.name.clone(),
            about: model.about.clone(),
            tasks: model.tasks.clone(),
            licence: model.licence.clone(),
            size: self.missing_with(model).map(Model::bytes).sum(),
            context_length: model.context_length,
            own: false,
            removable: !self.inner.models.comes_with_the_program(model),
            state: self.state_of(model),
        }
    }

    /// A model, and those that it needs and that are not here.
    pub(crate) fn missing_with<'a>(&self, model: &'a Model) -> impl Iterator<Item = &'a Model> {
        let models = &self.inner.models;
        models.with_needs(model).filter(|one| one.id == model.id || models.state(one) != State::Present)
    }

    /// A model's state, with what is being fetched of it. A broken file that is being fetched again is half here.
    fn state_of(&self, model: &Model) -> ModelState {
        let models = &self.inner.models;
        let files = || self.missing_with(model).flat_map(|one| models.files(one));
        match models.state(model) {
            State::Present => return ModelState::Present,
            State::Broken { reason } if files().all(|file| fetched(file) == 0) => {
                return ModelState::Broken { reason };
            }
            _ => {}
        }
        match files().map(here).sum() {
            0 => ModelState::Absent,
            bytes => ModelState::Partial { bytes },
        }
    }
}

/// A file of the person's own in the list.
pub(crate) fn own_as_builtin(own: OwnModel) -> BuiltinModel {
    BuiltinModel {
        about: own.path.display().to_string(),
        tasks: own.tasks(),
        size: own.bytes(),
        context_length: own.context_length(),
        id: own.id,
        name: own.name,
        licence: String::new(),
        own: true,
        removable: true,
        state: match own.head {
            Ok(_) => ModelState::Present,
            Err(reason) => ModelState::Broken { reason },
        },
    }
}
