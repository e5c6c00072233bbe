//! The command line of Limerick itself: the one way to a built-in model.

use serde_json::{Map, Value};

use super::Written;
use super::call::{Call, Place};
use super::values::{json, shell};

pub(super) fn write(call: &Call) -> Written {
    let mut words = vec![format!("limerick run {}", call.task)];
    match &call.place {
        Place::Builtin => {}
        Place::Space { place } => words.push(format!("--space {}", shell(place))),
        Place::Server { headers, .. } if !headers.is_empty() => {
            return Err("The command line sends no further headers to a server: use cURL.".to_owned());
        }
        Place::Server { url, .. } => words.push(format!("--url {}", shell(url.as_str()))),
        Place::HuggingFace { provider, .. } => {
            words.push("--connection hf".to_owned());
            words.extend(provider.iter().map(|name| format!("--provider {}", shell(name))));
        }
    }
    words.extend(call.variable().filter(|name| name != "HF_TOKEN").map(|name| format!("--key-env {name}")));
    if !call.model.is_empty() {
        words.push(format!("--model {}", shell(&call.model)));
    }
    words.push(format!("--input {}", shell(&json(&Value::Object(named(call)), false))));
    if call.makes_file() {
        words.push(format!("--out {}", call.answer.file));
    }
    Ok(format!("{}\n", words.join(" \\\n  ")))
}

/// The input, its files by their names.
fn named(call: &Call) -> Map<String, Value> {
    let mut fields = call.fields.clone();
    for name in ["image", "audio"] {
        fields.get_mut(name).into_iter().for_each(|value| at_file(call, value));
    }
    if let Some(Value::String(prompt)) = fields.get_mut("prompt") {
        for file in &call.files.0 {
            let uri = file.media.data_uri();
            *prompt = prompt.replace(&format!("]({uri})"), &format!("](@{})", file.name));
        }
    }
    let messages = fields.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten();
    let parts = messages.filter_map(|one| one.get_mut("content")?.as_array_mut()).flatten();
    parts.filter_map(|part| part.pointer_mut("/image_url/url")).for_each(|url| at_file(call, url));
    fields
}

fn at_file(call: &Call, value: &mut Value) {
    if let Some(file) = value.as_str().and_then(|text| call.files.whole(text)) {
        *value = Value::String(format!("@{}", file.name));
    }
}
