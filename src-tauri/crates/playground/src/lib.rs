//! Knows what the app does: runs, history, conversations, settings, keys, connections, models.
//! Does not know that there is a window: a front brings a `Host` and calls the rows of `commands`.
#![expect(clippy::unused_async, reason = "every command is async, so that all rows are called alike")]

#[cfg(test)]
mod bindings;
mod builtin;
mod catalogue;
pub mod commands;
mod connections;
mod conversations;
mod folders;
mod gathered;
mod history;
mod host;
mod keys;
#[cfg(test)]
mod laws;
mod models;
mod network;
mod playground;
mod reach;
mod running;
mod runs;
mod settings;
mod starting;
mod store;
mod testing;

pub use connections::{
    Connection, ConnectionKind, Header, KeyStorage, ModelRow, ProviderRow, SaveConnection, SetKey, TestReport,
};
pub use conversations::{Conversation, ConversationSummary, Turn, TurnMessage};
pub use folders::Folders;
pub use host::Host;
pub use models::{BuiltinModel, FetchEvent, ModelState};
pub use playground::Playground;
pub use reach::unsaved_server;
pub use runs::{
    Figures, ListRuns, Run, RunDelta, RunEvent, RunInput, RunOutput, RunPage, RunState, RunSummary, StartRun,
};
pub use settings::{Announce, AppInfo, Settings, Theme};
