//! From `--input` to what a run asks for. Nothing that a person typed is dropped in silence.

use std::io::Read;

use limerick_tasks::{Media, Message, Role};
use serde_json::{Map, Value};

use crate::{
    Stop, media,
    tasks::{self, Row},
};

/// What stands behind `--input`.
pub(crate) enum Given {
    /// Plain text or JSON.
    Text(String),
    /// A picture or a sound.
    Media(Media),
}

/// What stands behind `--input`: itself, a file's content, or stdin's.
pub(crate) fn given(typed: &str) -> Result<Given, Stop> {
    let bytes = match typed.strip_prefix('@') {
        Some(file) => media::file(file)?,
        None if typed == "-" => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|cause| Stop::Usage(format!("stdin cannot be read: {cause}.")))?;
            bytes
        }
        None => typed.as_bytes().to_vec(),
    };
    let media = Media::new(bytes, "");
    if media.is_image() || media.is_audio() {
        return Ok(Given::Media(media));
    }
    String::from_utf8(media.bytes.into()).map(Given::Text).map_err(|_| {
        Stop::Usage("the input is not UTF-8 text, a picture or a sound. Convert it, then try again.".into())
    })
}

/// The fields of a task's input: a JSON object's, or the one that a file or plain text goes to.
pub(crate) fn fields(row: &Row, given: Given, model: Option<&str>) -> Result<Map<String, Value>, Stop> {
    let task = row.name;
    let mut fields = match given {
        Given::Media(media) if row.media.is_empty() => {
            let kind = media.media_type;
            return Err(Stop::Usage(format!("{task} takes no file of type {kind}. Give it text or JSON.")));
        }
        Given::Media(media) => Map::from_iter([(row.media.to_owned(), media.data_uri().into())]),
        Given::Text(text) if text.trim().is_empty() => {
            return Err(Stop::Usage("the input is empty. Say what to ask with --input.".into()));
        }
        Given::Text(text) => match object(&text)? {
            Some(fields) => fields,
            None => plain(row, &text)?,
        },
    };
    // In huggingface_hub, None is a parameter that is left out.
    fields.retain(|_, value| !value.is_null());
    if let Some(model) = model {
        fields.insert("model".into(), model.into());
    }
    if let (Some(prompt), "text_generation") = (fields.get("inputs").cloned(), task) {
        fields.shift_remove("inputs");
        fields.entry("prompt").or_insert(prompt);
    }
    tasks::check_names(task, &fields)?;
    needed(task, &fields)?;
    Ok(fields)
}

/// The two tasks that nearly everybody begins with get an example along with the refusal.
fn needed(task: &str, fields: &Map<String, Value>) -> Result<(), Stop> {
    let (name, example) = match task {
        "chat_completion" => ("messages", r#"{"messages": [{"role": "user", "content": "Hello"}]}"#),
        "text_generation" => ("prompt", r#"{"prompt": "Once upon a time"}"#),
        _ => return Ok(()),
    };
    let empty = |value: &Value| value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty);
    if fields.get(name).is_some_and(|value| !empty(value)) {
        return Ok(());
    }
    Err(Stop::Usage(format!("the input needs the field {name}, such as {example}.")))
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

fn plain(row: &Row, text: &str) -> Result<Map<String, Value>, Stop> {
    let address = ["https://", "data:"].iter().any(|scheme| text.trim_start().starts_with(scheme));
    if address && !row.media.is_empty() {
        return Ok(Map::from_iter([(row.media.to_owned(), text.trim().into())]));
    }
    let value = match row.text {
        "" => {
            let name = row.name;
            return Err(Stop::Usage(format!("{name} needs several fields. Give it a JSON object.")));
        }
        "messages" => {
            let message = Message::new(Role::User, text.trim_end_matches(['\r', '\n']));
            serde_json::json!([message])
        }
        _ => text.into(),
    };
    Ok(Map::from_iter([(row.text.to_owned(), value)]))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

    use limerick_playground::RunInput;

    use super::*;

    fn read(task: &str, given: Given, model: Option<&str>) -> Result<RunInput, Stop> {
        tasks::read(task, fields(tasks::named(task)?, given, model)?)
    }

    fn refused(task: &str, text: &str) -> String {
        match read(task, Given::Text(text.into()), None) {
            Err(Stop::Usage(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn plain_text_is_the_persons_message_or_the_prompt() {
        let RunInput::ChatCompletion(chat) =
            read("chat_completion", Given::Text("Hello\n".into()), Some("m")).unwrap()
        else {
            panic!("not a chat")
        };
        assert_eq!((chat.messages, chat.model.as_str()), (vec![Message::new(Role::User, "Hello")], "m"));
        let RunInput::TextGeneration(text) =
            read("text_generation", Given::Text("[1, 2,\n".into()), None).unwrap()
        else {
            panic!("not a completion")
        };
        assert_eq!(text.prompt, "[1, 2,\n");
    }

    #[test]
    fn both_names_of_a_prompt_are_taken_and_none_is_left_out() {
        let text = r#"{"inputs": "Once", "max_new_tokens": 4, "stop": null, "extra_body": {"mirostat": 1}}"#;
        let RunInput::TextGeneration(input) =
            read("text_generation", Given::Text(text.into()), None).unwrap()
        else {
            panic!("not a completion")
        };
        assert_eq!((input.prompt.as_str(), input.max_new_tokens), ("Once", Some(4)));
        assert_eq!(input.extra_body["mirostat"], 1);
    }

    #[test]
    fn a_bare_picture_goes_where_the_task_wants_one() {
        let picture = || Media::new(&b"\x89PNG\r\n\x1a\nrest"[..], "");
        let read = |task| read(task, Given::Media(picture()), None);
        let RunInput::ImageClassification(input) = read("image_classification").unwrap() else {
            panic!("not a classification")
        };
        assert_eq!(input.image, picture());
        assert!(matches!(read("translation"), Err(Stop::Usage(message)) if message.contains("image/png")));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_name() {
        let chat = |text: &str| refused("chat_completion", text);
        let typo = chat(r#"{"messages": [], "temprature": 1}"#);
        assert!(typo.contains("temprature") && typo.contains("Did you mean temperature?"), "{typo}");
        assert!(typo.contains("extra_body"), "{typo}");
        assert!(chat(r#"{"messages": [{"role": "user", "content": "a"}], "seed": "one"}"#).contains("seed"));
        assert!(chat("{}").contains("messages") && chat(" \n").contains("empty"));
        assert!(chat(r#"{"messages": ["#).contains("JSON"));
        assert!(refused("text_generation", r#"{"prompt": ""}"#).contains("prompt"));
    }
}
