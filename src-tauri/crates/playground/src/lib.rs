//! Knows what the app does: runs, history, conversations, settings, keys, connections, models.
//! Does not know that there is a window: a front brings a `Host` and calls the rows of `commands`.

#[cfg(test)]
mod bindings;
pub mod commands;
mod connections;
mod conversations;
mod models;
mod runs;
mod settings;

pub use connections::{
    Connection, ConnectionKind, Header, KeyStorage, ModelRow, ProviderRow, SaveConnection, SetKey, TestReport,
};
pub use conversations::{Conversation, ConversationSummary, Turn, TurnMessage};
pub use models::{BuiltinModel, FetchEvent, ModelState};
pub use runs::{
    Figures, ListRuns, Run, RunDelta, RunEvent, RunInput, RunOutput, RunPage, RunState, RunSummary, StartRun,
};
pub use settings::{Announce, AppInfo, Settings, Theme};
