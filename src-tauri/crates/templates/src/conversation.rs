//! What is to be rendered, in the form that templates expect.

use limerick_tasks::{ChatInput, Message};
use serde_json::{Map, Value, json};

/// Names that a message's reasoning is passed under; templates read the first, gpt-oss's the second
/// (transformers' `_alias_reasoning_fields`).
const REASONING: [&str; 3] = ["reasoning_content", "thinking", "reasoning"];

/// What a template says that looks at the parts of a content (hf-api 6.2).
const PARTS: [&str; 8] = [
    "['type']",
    "[\"type\"]",
    ".type ",
    ".type=",
    "get('type'",
    "content is string",
    "content is not string",
    "content'] is ",
];

/// A conversation with all that a template may ask for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversation {
    /// The messages, each an object with `role` and `content`.
    pub messages: Vec<Value>,
    /// Tools as JSON schemas.
    pub tools: Option<Value>,
    /// Documents to answer from, each with `title` and `text`.
    pub documents: Option<Value>,
    /// Ends with the beginning of an answer.
    pub add_generation_prompt: bool,
    /// Ends inside the last message, so that the model goes on with it.
    pub continue_final_message: bool,
    /// What else the template is told, such as `enable_thinking`.
    pub extra: Map<String, Value>,
    /// What time it is, in seconds since 1970.
    pub now: i64,
}

impl Conversation {
    /// Of plain objects, with the beginning of an answer at the end; a last message of role `assistant` is
    /// continued instead.
    pub fn new(messages: Vec<Value>) -> Self {
        let continued =
            messages.last().is_some_and(|last| last["role"] == "assistant" && says_something(last));
        let messages = messages.into_iter().map(with_reasoning).collect();
        Self {
            messages,
            add_generation_prompt: !continued,
            continue_final_message: continued,
            ..Self::default()
        }
    }

    /// Of the messages of a task. Calls have their arguments as objects and pictures are `{"type": "image"}`, as
    /// templates expect them.
    pub fn of_messages(messages: &[Message]) -> Self {
        Self::new(messages.iter().map(plain).collect())
    }

    /// Of the input of `chat_completion`, with its tools, and with `chat_template_kwargs` of its extra keys.
    pub fn of_input(input: &ChatInput) -> Self {
        let mut conversation = Self::of_messages(&input.messages);
        conversation.tools = input.tools.clone().filter(|tools| !tools.is_null());
        if let Some(Value::Object(extra)) = input.extra_body.get("chat_template_kwargs") {
            conversation.extra.clone_from(extra);
        }
        conversation
    }

    /// The same with every content as one text: for templates that know no parts.
    #[must_use]
    pub fn in_plain_text(mut self) -> Self {
        for message in &mut self.messages {
            if let Some(parts) = message.get("content").and_then(Value::as_array) {
                let text: String = parts.iter().filter_map(|part| part["text"].as_str()).collect();
                message["content"] = json!(text);
            }
        }
        self
    }

    /// The same with every content in parts: for templates that know nothing else.
    #[must_use]
    pub fn in_parts(mut self) -> Self {
        for message in &mut self.messages {
            if let Some(text) = message.get("content").and_then(Value::as_str) {
                message["content"] = json!([{ "type": "text", "text": text }]);
            }
        }
        self
    }

    /// Whether a picture is in it.
    pub fn has_pictures(&self) -> bool {
        let parts = self.messages.iter().filter_map(|message| message["content"].as_array()).flatten();
        parts.into_iter().any(|part| part["type"] == "image")
    }

    /// Whether a content has parts.
    pub fn has_parts(&self) -> bool {
        self.messages.iter().any(|message| message["content"].is_array())
    }

    /// The same in the form that a template takes: with parts where it looks at parts, else as plain text.
    #[must_use]
    pub fn fit_for(self, template: &str) -> Self {
        if !self.has_parts() || PARTS.iter().any(|sign| template.contains(sign)) {
            return self;
        }
        self.in_plain_text()
    }

    /// At this time, in seconds since 1970.
    #[must_use]
    pub fn at(mut self, now: i64) -> Self {
        self.now = now;
        self
    }
}

fn says_something(message: &Value) -> bool {
    let calls = message.get("tool_calls").and_then(Value::as_array).is_some_and(|calls| !calls.is_empty());
    !calls && (message["content"].is_string() || message["content"].is_array())
}

fn with_reasoning(mut message: Value) -> Value {
    let found =
        REASONING.iter().find_map(|name| message.get(*name).filter(|value| !value.is_null()).cloned());
    if let (Some(reasoning), Some(fields)) = (found, message.as_object_mut()) {
        fields.entry("thinking").or_insert_with(|| reasoning.clone());
        fields.insert("reasoning_content".into(), reasoning);
    }
    message
}

/// A message as templates expect it.
fn plain(message: &Message) -> Value {
    let mut plain = serde_json::to_value(message).unwrap_or_default();
    if plain["role"] == "developer" {
        plain["role"] = json!("system");
    }
    for part in plain.get_mut("content").and_then(Value::as_array_mut).into_iter().flatten() {
        if part["type"] == "image_url" {
            *part = json!({ "type": "image" });
        }
    }
    for call in plain.get_mut("tool_calls").and_then(Value::as_array_mut).into_iter().flatten() {
        open_arguments(call);
    }
    plain
}

/// On the wire the arguments of a call are JSON text; templates write them out of an object.
fn open_arguments(call: &mut Value) {
    if let Some(fields) = call.as_object_mut() {
        fields.entry("type").or_insert_with(|| json!("function"));
    }
    let arguments = &mut call["function"]["arguments"];
    let object = arguments.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let Some(object) = object.filter(Value::is_object) {
        *arguments = object;
    }
}

#[cfg(test)]
mod tests {
    use limerick_tasks::{Content, ImageUrl, Part, Role};

    use super::*;

    #[test]
    fn a_last_answer_is_continued_and_a_question_is_answered() {
        let ask = Conversation::of_messages(&[Message::new(Role::User, "Hi")]);
        assert!(ask.add_generation_prompt && !ask.continue_final_message);
        let go_on = Conversation::of_messages(&[
            Message::new(Role::User, "Hi"),
            Message::new(Role::Assistant, "Hel"),
        ]);
        assert!(!go_on.add_generation_prompt && go_on.continue_final_message);
    }

    #[test]
    fn pictures_calls_and_developers_take_the_form_of_templates() {
        let mut message = Message::new(Role::Developer, "");
        let picture = Part::ImageUrl { image_url: ImageUrl { url: "data:x".into() } };
        message.content = Content::Parts(vec![picture, Part::Text { text: "What?".into() }]);
        let conversation = Conversation::of_messages(&[message]);
        let wanted = json!([{ "type": "image" }, { "type": "text", "text": "What?" }]);
        assert_eq!(conversation.messages[0]["content"], wanted);
        assert_eq!(conversation.messages[0]["role"], "system");
        let plain = conversation.in_plain_text();
        assert_eq!(plain.messages[0]["content"], "What?");
        assert_eq!(plain.in_parts().messages[0]["content"], json!([{ "type": "text", "text": "What?" }]));
        let mut call = json!({"function": {"name": "f", "arguments": "{\"a\": 1}"}});
        open_arguments(&mut call);
        assert_eq!(call, json!({"function": {"name": "f", "arguments": {"a": 1}}, "type": "function"}));
    }

    #[test]
    fn reasoning_is_found_under_each_of_its_names() {
        let message = with_reasoning(json!({"role": "assistant", "content": "", "reasoning": "hm"}));
        assert_eq!((&message["thinking"], &message["reasoning_content"]), (&json!("hm"), &json!("hm")));
    }
}
