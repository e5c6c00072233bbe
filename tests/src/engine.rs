//! The built-in engine with the real quick model, for the tests that ask it something.

use std::path::PathBuf;

use limerick_engine::{Engine, EngineOptions, ModelRef, Models};
use limerick_tasks::{
    ChatDelta, ChatInput, ChatOutput, Ending, Message, Progress, Result, Role, Status, TextDelta, TextInput,
    TextOutput,
};
use tokio_util::sync::CancellationToken;

/// The models folder, as the app, the command line and set-up find it.
pub fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("LIMERICK_MODELS").filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache");
    cache.unwrap_or_else(home).join("limerick/models")
}

/// The ONNX Runtime, which voices, labels and pictures are made with.
///
/// # Panics
/// Where it is not on this machine: the tests need it.
pub fn library() -> PathBuf {
    Models::new(folder()).library().unwrap_or_else(|| {
        unreachable!("These tests need the ONNX Runtime: run `cargo xtask models --small` once.")
    })
}

/// The quick built-in model.
///
/// # Panics
/// Where it is not on this machine: the tests need it.
pub fn quick() -> ModelRef {
    let found = Models::new(folder()).find("quick");
    found.unwrap_or_else(|_| {
        unreachable!("These tests need the quick model: run `cargo xtask models --small` once.")
    })
}

/// An engine as the app has it.
pub fn engine() -> Engine {
    Engine::new(EngineOptions::default())
}

/// A greedy chat of one message and a short answer.
pub fn say(text: &str) -> ChatInput {
    ChatInput {
        messages: vec![Message::new(Role::User, text)],
        temperature: Some(0.0),
        max_tokens: Some(24),
        ..ChatInput::default()
    }
}

/// A greedy completion of a prompt by a few words.
pub fn go_on(prompt: &str) -> TextInput {
    TextInput {
        prompt: prompt.into(),
        temperature: Some(0.0),
        max_new_tokens: Some(24),
        ..TextInput::default()
    }
}

/// A whole answer with what came on the way.
#[derive(Debug)]
pub struct Heard<O> {
    /// The ending.
    pub output: O,
    /// All deltas, joined.
    pub text: String,
    /// What was said on the way.
    pub statuses: Vec<Status>,
}

impl<O> Heard<O> {
    /// What the person was told.
    pub fn notes(&self) -> Vec<&str> {
        let mut notes = Vec::new();
        for status in &self.statuses {
            if let Status::Note { text } = status {
                notes.push(text.as_str());
            }
        }
        notes
    }

    /// Tokens of the prompt that were there before the reading began.
    pub fn remembered(&self) -> Option<u32> {
        let reading = |status: &Status| match status {
            Status::Reading { tokens, .. } => Some(*tokens),
            _ => None,
        };
        self.statuses.iter().find_map(reading)
    }
}

/// Runs a chat with the quick model to its end.
pub async fn chat(engine: &Engine, input: &ChatInput) -> Result<Heard<ChatOutput>> {
    chat_by(&quick(), engine, input).await
}

/// Runs a chat with any model to its end.
pub async fn chat_by(model: &ModelRef, engine: &Engine, input: &ChatInput) -> Result<Heard<ChatOutput>> {
    let (mut text, mut statuses) = (String::new(), Vec::new());
    let mut on = |progress: Progress<ChatDelta>| match progress {
        Progress::Delta(delta) => text.push_str(&delta.text),
        Progress::Status(status) => statuses.push(status),
    };
    match engine.chat(model.clone(), input, &CancellationToken::new(), &mut on).await? {
        Ending::Done(output) => Ok(Heard { output, text, statuses }),
        Ending::Cancelled => unreachable!("nobody cancelled"),
    }
}

/// Runs a completion to its end.
pub async fn text(engine: &Engine, input: &TextInput) -> Result<Heard<TextOutput>> {
    let (mut text, mut statuses) = (String::new(), Vec::new());
    let mut on = |progress: Progress<TextDelta>| match progress {
        Progress::Delta(delta) => text.push_str(&delta.text),
        Progress::Status(status) => statuses.push(status),
    };
    match engine.text(quick(), input, &CancellationToken::new(), &mut on).await? {
        Ending::Done(output) => Ok(Heard { output, text, statuses }),
        Ending::Cancelled => unreachable!("nobody cancelled"),
    }
}
