//! Knows what the app does: runs, history, conversations, settings, keys, connections, models.
//! Does not know that there is a window: a front brings a `Host` and calls the rows of `commands`.
#![expect(clippy::unused_async, reason = "every command is async, so that all rows are called alike")]

mod account;
mod bark;
#[cfg(test)]
mod bindings;
mod builtin;
mod cache;
mod catalogue;
mod code;
pub mod commands;
mod connections;
mod conversations;
mod export;
mod folders;
mod gathered;
#[cfg(test)]
mod getting;
mod history;
mod host;
mod hub;
mod inside;
mod kept;
#[cfg(test)]
mod kept_laws;
mod keys;
mod labelling;
mod labels_in_words;
#[cfg(test)]
mod laws;
mod listed;
#[cfg(test)]
mod listing;
mod looks;
mod made_with;
#[cfg(test)]
mod meaning_laws;
mod meanings;
mod media;
mod models;
mod network;
mod on_call;
mod pace;
mod painting;
#[cfg(test)]
mod picture_laws;
mod picture_tokens;
mod pictures;
mod playground;
mod preparing;
mod queue;
#[cfg(test)]
mod queue_laws;
mod reach;
mod repeated;
mod running;
mod runs;
mod said;
mod saving;
mod seeing;
#[cfg(test)]
mod seeing_laws;
mod settings;
mod sign_in;
#[cfg(test)]
mod sound_laws;
mod sounding;
mod sounds;
mod spaces;
mod speaking;
#[cfg(test)]
mod stand_in;
mod starting;
mod store;
#[cfg(test)]
mod table_laws;
mod tables;
mod template;
mod testing;
mod tidying;
mod tokens;
mod voices;
mod wire;

pub use account::{Account, Look, limit_line};
pub use bark::BarkRoute;
pub use cache::{Age, ago};
pub use code::{Language, Snippet};
pub use connections::{
    Connection, ConnectionKind, Header, KeyStorage, ModelRow, ProviderRow, SaveConnection, SetKey, TestReport,
};
pub use conversations::{
    Conversation, ConversationKind, ConversationSummary, ListConversations, Turn, TurnMessage,
};
pub use export::{ExportForm, ExportRuns, Exported};
pub use folders::Folders;
pub use host::Host;
pub use hub::{DescribeModel, FoundModels, ModelFacts, SearchModels, TaskServing};
pub use kept::Cached;
pub use limerick_inference::{
    Change, Endpoint, Parameter, ParameterKind, Space, SpaceDelta, SpaceFile, SpaceOutput,
};
pub use limerick_inference::{Exchange, RateLimit, Sheet};
pub use limerick_inference::{ModelHit, ModelQuery, SORTS, Serving};
pub use limerick_sound::{Clip, Peaks};
pub use limerick_tasks::Voice;
pub use listed::{ListRuns, RunFilter, RunPage, RunSummary};
pub use meanings::Meanings;
pub use models::{BuiltinModel, FetchEvent, ModelState};
pub use pictures::{
    Address, FilterChoices, ListPictures, Picture, PictureFacts, PicturePage, PictureSettings, Pixels,
    Storage,
};
pub use playground::Playground;
pub use preparing::{PreparePicture, PreparedPicture, Preparing, prepared};
pub use queue::{MoveRun, PauseQueue, Queue};
pub use reach::{unsaved_server, unsaved_space};
pub use repeated::{Repeated, Sameness};
pub use runs::{Figures, Marks, Run, RunDelta, RunEvent, RunInput, RunOutput, RunState, StartRun};
pub use saving::{PictureForm, SavePicture, save_bytes};
pub use settings::{Announce, Answers, AppInfo, Settings, Theme};
pub use sign_in::{SignIn, SignInEvent};
pub use sounds::{MakePeaks, SaveSound, SoundFile, SoundForm, in_form_of};
pub use tables::{
    Columns, EditRow, ExportTable, ListRows, MakeTable, RowPage, RowState, RunTable, Table, TableEvent,
    TableFile, TableForm, TableRow, TableSource, Which,
};
pub use template::{MakePrompt, Prompt, PromptInput};
pub use tokens::{FoundToken, UseToken};
pub use voices::{ListVoices, SplitText};
