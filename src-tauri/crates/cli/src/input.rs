//! From `--input` to what a run asks for. Nothing that a person typed is dropped in silence.

use std::io::Read;

use limerick_playground::RunInput;
use limerick_tasks::{ChatInput, Message, Role, TextInput};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Stop, args::TaskName, fields};

/// The text behind `--input`: itself, a file's, or stdin's.
pub(crate) fn text(typed: &str) -> Result<String, Stop> {
    let bytes = match typed.strip_prefix('@') {
        Some(file) => std::fs::read(file)
            .map_err(|cause| Stop::Usage(format!("the file {file} cannot be read: {cause}.")))?,
        None if typed == "-" => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|cause| Stop::Usage(format!("stdin cannot be read: {cause}.")))?;
            bytes
        }
        None => typed.as_bytes().to_vec(),
    };
    String::from_utf8(bytes)
        .map_err(|_| Stop::Usage("the input is not UTF-8 text. Convert it, then try again.".into()))
}

/// Reads the input of a task: a JSON object, else plain text.
pub(crate) fn read(task: TaskName, text: &str, model: Option<&str>) -> Result<RunInput, Stop> {
    if text.trim().is_empty() {
        return Err(Stop::Usage("the input is empty. Say what to ask with --input.".into()));
    }
    let mut fields = match object(text)? {
        Some(fields) => fields,
        None => plain(task, text),
    };
    // In huggingface_hub, None is a parameter that is left out.
    fields.retain(|_, value| !value.is_null());
    if let Some(model) = model {
        fields.insert("model".into(), model.into());
    }
    match task {
        TaskName::ChatCompletion => {
            let input: ChatInput = typed(fields)?;
            if input.messages.is_empty() {
                return Err(missing("messages", r#"{"messages": [{"role": "user", "content": "Hello"}]}"#));
            }
            Ok(RunInput::ChatCompletion(input))
        }
        TaskName::TextGeneration => {
            if let Some(prompt) = fields.remove("inputs") {
                fields.entry("prompt").or_insert(prompt);
            }
            let input: TextInput = typed(fields)?;
            if input.prompt.is_empty() {
                return Err(missing("prompt", r#"{"prompt": "Once upon a time"}"#));
            }
            Ok(RunInput::TextGeneration(input))
        }
    }
}

/// A JSON object; `None` for plain text. Text that begins like an object must be one.
fn object(text: &str) -> Result<Option<Map<String, Value>>, Stop> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return Ok(None);
    }
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map(Some).map_err(|cause| {
        Stop::Usage(format!(
            "the input begins like a JSON object but is none: {cause}. Correct it, or put plain text into a field."
        ))
    })
}

fn plain(task: TaskName, text: &str) -> Map<String, Value> {
    let field = match task {
        TaskName::ChatCompletion => {
            let message = Message::new(Role::User, text.trim_end_matches(['\r', '\n']));
            ("messages".to_owned(), serde_json::json!([message]))
        }
        TaskName::TextGeneration => ("prompt".to_owned(), text.into()),
    };
    Map::from_iter([field])
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Stop> {
    let known = fields::names::<T>();
    if let Some(unknown) = fields.keys().find(|name| !known.contains(&name.as_str())) {
        let meant = fields::nearest(unknown, known).map(|name| format!(" Did you mean {name}?"));
        return Err(Stop::Usage(format!(
            "the input has no field {unknown}.{} A key that only your server knows goes in extra_body.",
            meant.unwrap_or_default()
        )));
    }
    for (name, value) in &fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if let Err(cause) = serde_json::from_value::<T>(Value::Object(alone)) {
            return Err(Stop::Usage(format!("the field {name} has another form: {cause}.")));
        }
    }
    serde_json::from_value(Value::Object(fields))
        .map_err(|cause| Stop::Usage(format!("the input has another form: {cause}.")))
}

fn missing(name: &str, example: &str) -> Stop {
    Stop::Usage(format!("the input needs the field {name}, such as {example}."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

    use super::*;

    fn refused(task: TaskName, text: &str) -> String {
        match read(task, text, None) {
            Err(Stop::Usage(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn plain_text_is_the_persons_message_or_the_prompt() {
        let RunInput::ChatCompletion(chat) = read(TaskName::ChatCompletion, "Hello\n", Some("m")).unwrap()
        else {
            panic!("not a chat")
        };
        assert_eq!((chat.messages, chat.model.as_str()), (vec![Message::new(Role::User, "Hello")], "m"));
        let RunInput::TextGeneration(text) = read(TaskName::TextGeneration, "[1, 2,\n", None).unwrap() else {
            panic!("not a completion")
        };
        assert_eq!(text.prompt, "[1, 2,\n");
    }

    #[test]
    fn both_names_of_a_prompt_are_taken_and_none_is_left_out() {
        let text = r#"{"inputs": "Once", "max_new_tokens": 4, "stop": null, "extra_body": {"mirostat": 1}}"#;
        let RunInput::TextGeneration(input) = read(TaskName::TextGeneration, text, None).unwrap() else {
            panic!("not a completion")
        };
        assert_eq!((input.prompt.as_str(), input.max_new_tokens), ("Once", Some(4)));
        assert_eq!(input.extra_body["mirostat"], 1);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_name() {
        let chat = |text: &str| refused(TaskName::ChatCompletion, text);
        let typo = chat(r#"{"messages": [], "temprature": 1}"#);
        assert!(typo.contains("temprature") && typo.contains("Did you mean temperature?"), "{typo}");
        assert!(typo.contains("extra_body"), "{typo}");
        assert!(chat(r#"{"messages": [], "seed": "one"}"#).contains("seed"));
        assert!(chat("{}").contains("messages") && chat(" \n").contains("empty"));
        assert!(chat(r#"{"messages": ["#).contains("JSON"));
        assert!(refused(TaskName::TextGeneration, r#"{"prompt": ""}"#).contains("prompt"));
    }
}
