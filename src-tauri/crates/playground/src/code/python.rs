//! Python with `huggingface_hub`: `InferenceClient`, whose methods and parameters bear the names of our tasks and
//! fields.

use serde_json::{Map, Value};

use super::Written;
use super::call::{Call, Place};
use super::clients::{HUGGINGFACE_HUB, offered};
use super::values::{Literals, Tongue};

/// Fields that the methods do not know, beside `extra_body`; where a method has an `extra_body`, they go there.
const UNKNOWN: [(&str, &[&str]); 3] = [
    ("chat_completion", &["top_k", "repetition_penalty"]),
    ("automatic_speech_recognition", &["return_timestamps", "generation_parameters"]),
    ("image_to_text", &["max_new_tokens", "generation_parameters"]),
];

/// Methods with an `extra_body`.
const OPEN: [&str; 4] =
    ["chat_completion", "text_to_image", "text_to_speech", "automatic_speech_recognition"];

pub(super) fn write(call: &Call) -> Written {
    let words = Literals { tongue: Tongue::Python, files: &call.files };
    let (client, model) = client(call, &words)?;
    let arguments = arguments(call, &words, model.as_deref())?;
    let inline = call.task == "chat_completion" && !call.files.0.is_empty();
    let mut head = vec![];
    if inline {
        head.push("import base64");
    }
    if call.variable().is_some() || !call.headers().is_empty() {
        head.push("import os");
    }
    if call.task == "text_to_speech" {
        head.push("from pathlib import Path");
    }
    let head: String = head.into_iter().flat_map(|line| [line, "\n"]).collect();
    let gap = if head.is_empty() { "" } else { "\n" };
    let files = if inline { read_files(call) } else { String::new() };
    let method = if call.task == "chat_completion" { "chat.completions.create" } else { call.task };
    let ask = words.group(&format!("client.{method}("), &arguments, ")", 0);
    Ok(format!(
        "{head}{gap}from huggingface_hub import InferenceClient\n\n{client}{files}\n{}",
        told(call, &ask)
    ))
}

/// The client, and the model for the method; a server's address takes the model's place.
fn client(call: &Call, words: &Literals<'_>) -> std::result::Result<(String, Option<String>), String> {
    let mut given = Vec::new();
    let mut model = Some(call.model.clone()).filter(|model| !model.is_empty());
    match &call.place {
        Place::Server { url, .. } => {
            let base = if call.task == "chat_completion" {
                url.to_string()
            } else {
                model = None;
                address(call)?
            };
            given.push(format!("base_url={}", words.text(&base)));
        }
        Place::HuggingFace { provider: Some(name), .. } => {
            if !offered(HUGGINGFACE_HUB, name, call.task) {
                return Err(format!("huggingface_hub cannot ask {name} for this: use cURL or JavaScript."));
            }
            given.push(format!("provider={}", words.text(name)));
        }
        _ => {}
    }
    given.push(match call.variable() {
        Some(name) => format!("api_key=os.environ[\"{name}\"]"),
        // Without one the client would look for a Hugging Face token and send it to this server.
        None => "api_key=\"none\"".to_owned(),
    });
    given.extend(call.bill_to().map(|org| format!("bill_to={}", words.text(org))));
    given.extend(headers(call, words));
    Ok((words.group("client = InferenceClient(", &given, ")", 0) + "\n", model))
}

/// The whole address of a task at a server; the client adds nothing to it and speaks Hugging Face's form there.
fn address(call: &Call) -> Written {
    let request = &call.sent.as_ref().map_err(Clone::clone)?.request;
    let own = request.body.json().is_none_or(|body| body.get("inputs").is_some());
    let form = matches!(request.body, limerick_inference::Body::Multipart(_));
    if !own || form {
        return Err("huggingface_hub does not speak this server's form: use openai or cURL.".to_owned());
    }
    Ok(request.url.to_string())
}

/// A server's further headers.
pub(super) fn headers(call: &Call, words: &Literals<'_>) -> Option<String> {
    let rows: Vec<String> = call
        .headers()
        .iter()
        .map(|(name, variable)| format!("{}: os.environ[\"{variable}\"]", words.key(name)))
        .collect();
    (!rows.is_empty()).then(|| format!("headers={}", words.group("{", &rows, "}", 4)))
}

/// What the method is given, by name.
fn arguments(
    call: &Call,
    words: &Literals<'_>,
    model: Option<&str>,
) -> std::result::Result<Vec<String>, String> {
    if call.task == "visual_question_answering" {
        return Err(
            "huggingface_hub puts the question where models do not look for it: use JavaScript.".to_owned()
        );
    }
    if call.task == "text_generation" && call.streams() && !tgi(call) {
        return Err("huggingface_hub cannot read this stream of text: use openai or cURL.".to_owned());
    }
    let unknown = UNKNOWN.iter().find(|(task, _)| *task == call.task).map_or(&[][..], |(_, names)| names);
    let mut arguments: Vec<String> =
        model.iter().map(|model| format!("model={}", words.text(model))).collect();
    let mut extra = Map::new();
    for (name, value) in &call.fields {
        if let ("extra_body", Value::Object(more)) = (name.as_str(), value) {
            extra.extend(more.clone());
        } else if unknown.contains(&name.as_str()) {
            extra.insert(name.clone(), value.clone());
        } else if !(name == "stream" && *value == Value::Bool(false)) {
            arguments.push(format!("{name}={}", argument(call, words, value)));
        }
    }
    if !extra.is_empty() && !OPEN.contains(&call.task) {
        let names: Vec<&str> = extra.keys().map(String::as_str).collect();
        return Err(format!("huggingface_hub cannot send {} for this task: use cURL.", names.join(", ")));
    }
    if !extra.is_empty() {
        arguments.push(format!("extra_body={}", words.value(&Value::Object(extra), 4)));
    }
    Ok(arguments)
}

/// Whether the request is in TGI's form, the one whose streams the client reads.
fn tgi(call: &Call) -> bool {
    let body = call.sent.as_ref().ok().and_then(|sent| sent.request.body.json());
    body.is_none_or(|body| body.get("inputs").is_some())
}

/// A value; a picture or a sound that is an argument of its own is named by its path.
fn argument(call: &Call, words: &Literals<'_>, value: &Value) -> String {
    let file = value.as_str().and_then(|text| call.files.whole(text));
    match file.filter(|_| call.task != "chat_completion") {
        Some(file) => format!("\"{}\"", file.name),
        None => words.value(value, 4),
    }
}

/// The files whose base64 stands in the request.
pub(super) fn read_files(call: &Call) -> String {
    let read = |file: &super::files::File| {
        format!(
            "\nwith open(\"{}\", \"rb\") as file:\n    {} = base64.b64encode(file.read()).decode()\n",
            file.name, file.variable
        )
    };
    call.files.0.iter().map(read).collect()
}

/// The call, and what is done with its answer.
fn told(call: &Call, ask: &str) -> String {
    let (details, tools) =
        (call.fields.get("details") == Some(&Value::Bool(true)), call.fields.contains_key("tools"));
    let piece = match call.task {
        "text_generation" if details => "chunk.token.text",
        "text_generation" => "chunk",
        _ => return if call.streams() { chat_stream(ask) } else { whole(call, ask, tools) },
    };
    if call.streams() {
        return format!("for chunk in {ask}:\n    print({piece}, end=\"\", flush=True)\n");
    }
    format!("answer = {ask}\nprint({})\n", if details { "answer.generated_text" } else { "answer" })
}

/// A chat's stream. The last chunk may hold figures alone.
pub(super) fn chat_stream(ask: &str) -> String {
    format!(
        "stream = {ask}\nfor chunk in stream:\n    if chunk.choices:\n        \
         print(chunk.choices[0].delta.content or \"\", end=\"\", flush=True)\n"
    )
}

fn whole(call: &Call, ask: &str, tools: bool) -> String {
    let file = &call.answer.file;
    let use_it = match call.task {
        "chat_completion" if tools => "print(answer.choices[0].message)".to_owned(),
        "chat_completion" => "print(answer.choices[0].message.content)".to_owned(),
        "text_to_image" | "image_to_image" => format!("answer.save(\"{file}\")"),
        "text_to_speech" => format!("Path(\"{file}\").write_bytes(answer)"),
        "automatic_speech_recognition" => "print(answer.text)".to_owned(),
        "image_to_text" => "print(answer.generated_text)".to_owned(),
        "summarization" => "print(answer.summary_text)".to_owned(),
        "translation" => "print(answer.translation_text)".to_owned(),
        _ => "print(answer)".to_owned(),
    };
    format!("answer = {ask}\n{use_it}\n")
}
