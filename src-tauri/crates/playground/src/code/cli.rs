//! The command line of Limerick itself: the one way to a built-in model.

use serde_json::{Map, Value};

use super::Written;
use super::call::{Call, Place};
use super::values::{json, shell};

pub(super) fn write(call: &Call) -> Written {
    let mut words = vec![format!("limerick run {}", call.task)];
    match &call.place {
        Place::Builtin => {}
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
    if !call.answer.file.ends_with(".json") {
        words.push(format!("--out {}", call.answer.file));
    }
    Ok(format!("{}\n", words.join(" \\\n  ")))
}

/// The input, its files by their names.
fn named(call: &Call) -> Map<String, Value> {
    call.fields.iter().map(|(name, value)| (name.clone(), at_files(call, value))).collect()
}

fn at_files(call: &Call, value: &Value) -> Value {
    match value {
        Value::String(text) => match call.files.whole(text) {
            Some(file) => Value::String(format!("@{}", file.name)),
            None => value.clone(),
        },
        Value::Array(list) => list.iter().map(|one| at_files(call, one)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, one)| (name.clone(), at_files(call, one))).collect()
        }
        _ => value.clone(),
    }
}
