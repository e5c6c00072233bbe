//! Conversations: a tree of messages, of which one path is open. Nothing in it is ever overwritten:
//! an edit, a new answer and a continuation are siblings of what they replace.

use limerick_tasks::{Error, Media, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Figures, RunState};

/// What a conversation is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Words alone: the Text tab.
    #[default]
    Text,
    /// Pictures: the Vision tab.
    Vision,
}

/// Which conversations to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListConversations {
    /// Of which kind.
    pub kind: ConversationKind,
}

/// Where a run's answer belongs in a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Turn {
    /// The conversation; `None` begins a new one.
    #[ts(optional)]
    pub conversation: Option<String>,
    /// System prompt of a new conversation (an existing one is changed by `set_system`).
    #[ts(optional)]
    pub system: Option<String>,
    /// The message that this turn follows; `None` for the first of the conversation.
    #[ts(optional)]
    pub parent: Option<String>,
    /// What the person says. `None` asks for another answer to `parent`, which is then a user's message
    /// (regenerate), or for more of `parent`, which is then an assistant's message (continue).
    #[ts(optional)]
    pub text: Option<String>,
    /// Pictures that the person shows with `text`, as they are to be sent (see `prepare_picture`); at most 20.
    #[ts(optional, as = "Option<Vec<String>>")]
    pub pictures: Vec<Media>,
    /// What a new conversation is about.
    #[ts(optional)]
    pub kind: Option<ConversationKind>,
}

/// One message on the open path of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TurnMessage {
    /// Its UUID.
    pub id: String,
    /// The message before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub parent: Option<String>,
    /// `user` or `assistant`.
    pub role: Role,
    /// What is said.
    pub text: String,
    /// Addresses of the pictures that are shown with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub pictures: Vec<String>,
    /// The model's reasoning.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasoning: String,
    /// Milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub created_at: i64,
    /// Ids of the messages with the same parent and role, itself included, oldest first.
    pub siblings: Vec<String>,
    /// The run that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub run: Option<String>,
    /// Where that run stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub state: Option<RunState>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<Error>,
    /// The model that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub model: Option<String>,
    /// The provider that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
    /// The connection's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub connection_name: Option<String>,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub figures: Option<Figures>,
}

/// A conversation with its open path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Conversation {
    /// Its UUID.
    pub id: String,
    /// Its name: the first words, until the person gives one.
    pub title: String,
    /// Its system prompt; empty for none.
    pub system: String,
    /// The open path, first message first.
    pub messages: Vec<TurnMessage>,
}

/// A conversation as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConversationSummary {
    /// Its UUID.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Last change, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub updated_at: i64,
    /// Messages in it, all branches.
    pub messages: u32,
    /// Its first picture, as a `media:` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub picture: Option<String>,
}
