//! From a template and a conversation to the exact prompt (transformers' `render_jinja_template`).

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use limerick_tasks::{Error, ErrorCode, Result};
use minijinja::ErrorKind;
use minijinja::value::{Serde, Value};
use serde_json::{Value as Json, json};

use crate::conversation::Conversation;
use crate::environment::environment;
use crate::guard::{Broken, guard};
use crate::{Template, choose};

/// Stands behind the words of an answer that is to be continued, as in transformers.
const TAG: &str = "CONTINUE_FINAL_MESSAGE_TAG ";

/// Renders a conversation by a template.
///
/// # Errors
/// `Input` with one sentence: the template's own words when it refuses the conversation, and what is wrong with
/// it when it cannot be read, takes too much time or memory, or cannot continue an answer.
pub fn render(template: &Template, conversation: &Conversation) -> Result<String> {
    let source = guard(&template.text).map_err(unreadable)?;
    let mut messages = conversation.messages.clone();
    let continued = if conversation.continue_final_message { Some(open_last(&mut messages)?) } else { None };
    let environment = environment(conversation.now);
    let context = context(template, conversation, &messages);
    // A fault of minijinja that nobody knows yet must not take the app down with it.
    let rendering = catch_unwind(AssertUnwindSafe(|| environment.render_str(&source, context)));
    let broken = |_| unreadable(Broken("it makes the renderer stumble".into()));
    let rendered = rendering.map_err(broken)?.map_err(|cause| refused(&cause))?;
    match continued {
        Some(words) => cut(&rendered, &words),
        None => Ok(rendered),
    }
}

/// What the template sees, by name. What was given by name wins over the special tokens.
fn context(template: &Template, conversation: &Conversation, messages: &[Json]) -> Value {
    let mut known: BTreeMap<&str, Value> = BTreeMap::new();
    for (name, token) in &template.tokens {
        known.insert(name, Value::from(token));
    }
    for (name, value) in &conversation.extra {
        known.insert(name, Value::from(Serde(value)));
    }
    known.insert("messages", Value::from(Serde(messages)));
    known.insert(
        "tools",
        conversation.tools.as_ref().map_or_else(|| Value::from(()), |tools| Value::from(Serde(tools))),
    );
    let documents = conversation.documents.as_ref();
    known.insert("documents", documents.map_or_else(|| Value::from(()), |all| Value::from(Serde(all))));
    known.insert("add_generation_prompt", Value::from(conversation.add_generation_prompt));
    Value::from_pairs(known)
}

/// Puts the tag behind the last words of the last message, and returns the words.
fn open_last(messages: &mut [Json]) -> Result<String> {
    let nothing = || Error::new(ErrorCode::Input, "The last message has no words that could be continued.");
    let content = messages.last_mut().and_then(|last| last.get_mut("content")).ok_or_else(nothing)?;
    let words = match content {
        Json::String(_) => content,
        Json::Array(parts) => {
            parts.iter_mut().rev().find_map(|part| part.get_mut("text")).ok_or_else(nothing)?
        }
        _ => return Err(nothing()),
    };
    let text = words.as_str().ok_or_else(nothing)?.to_owned();
    *words = json!(format!("{text}{TAG}"));
    Ok(text)
}

/// Cuts the prompt behind the words that are to be continued.
fn cut(rendered: &str, words: &str) -> Result<String> {
    let found = rendered.rfind(TAG.trim_end()).filter(|_| rendered.contains(words.trim()));
    let Some(at) = found else {
        let message = "This model's chat template cannot continue an answer; ask again instead.";
        return Err(Error::new(ErrorCode::Input, message));
    };
    let before = &rendered[..at];
    // Where the template trims its messages, the words are trimmed, too.
    let kept = if rendered[at..].starts_with(TAG) { before } else { before.trim_end() };
    Ok(kept.to_owned())
}

fn unreadable(Broken(why): Broken) -> Error {
    let why = on_one_line(&why);
    Error::new(
        ErrorCode::Input,
        format!("The model's chat template cannot be used: {why}. Try it in Completion."),
    )
}

/// A reason may quote half the template: its first 300 characters, on one line, without control characters.
fn on_one_line(words: &str) -> String {
    let words =
        words.split(|sign: char| sign.is_whitespace() || sign.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

fn refused(cause: &minijinja::Error) -> Error {
    let words = cause.detail().unwrap_or("it cannot be read").to_owned();
    let deep = words.contains("recursion limit");
    if cause.kind() == ErrorKind::OutOfFuel || deep {
        let message = "The model's chat template takes too much time or memory, so it was stopped. Try it in Completion.";
        return Error::new(ErrorCode::Input, message);
    }
    if cause.kind() == ErrorKind::SyntaxError {
        return unreadable(Broken(words));
    }
    let words = on_one_line(&words);
    let words = words.trim_end_matches('.');
    Error::new(ErrorCode::Input, format!("The model's chat template refused this conversation: {words}."))
        .with_detail(cause)
}

impl Template {
    /// A template by its text alone.
    pub fn new(text: impl Into<String>, origin: choose::Origin) -> Self {
        Self { text: text.into(), name: "default".into(), origin, tokens: BTreeMap::new() }
    }

    /// With a special token, such as `bos_token`.
    #[must_use]
    pub fn with_token(mut self, name: &str, token: impl Into<String>) -> Self {
        self.tokens.insert(name.to_owned(), token.into());
        self
    }
}
