//! What the two official clients sent for the same calls (`huggingface_hub` 2.4.0, @huggingface/inference
//! 4.13.30), recorded behind the same counterparty: calls by our names, exchanges in one form.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use limerick_inference::Media;
use serde_json::{Map, Value, json};
use url::{Position, Url};

const PYTHON: &str = include_str!("../peers/huggingface_hub.jsonl");
const JAVASCRIPT: &str = include_str!("../peers/huggingface_inference_js.jsonl");
/// The picture and the sound of all calls; in the recordings their base64 is `{png8x8}` and `{wav440}`.
pub const FILES: [(&str, &[u8]); 2] =
    [("png8x8", include_bytes!("../peers/png8x8.png")), ("wav440", include_bytes!("../peers/wav440.wav"))];

/// One call, with what each client sent for it.
pub struct Case {
    /// `provider.task.case.way`.
    pub name: String,
    /// `huggingface_hub`'s name of the method.
    pub method: String,
    /// The provider that the caller named.
    pub provider: Option<String>,
    /// The caller's key.
    pub key: Option<String>,
    /// The organisation to bill.
    pub bill_to: Option<String>,
    /// The address of a lone server.
    pub server: Option<Url>,
    /// The arguments by `huggingface_hub`'s names, which are ours.
    pub input: Value,
    /// The exchanges of each client that sent anything.
    pub wanted: Vec<Vec<Value>>,
}

/// All calls, in the order of their names; where both clients made one, with Python's arguments.
pub fn cases() -> Vec<Case> {
    let mut all: BTreeMap<String, Case> = BTreeMap::new();
    for row in PYTHON.lines().chain(JAVASCRIPT.lines()) {
        let row: Value = serde_json::from_str(row).unwrap();
        let name = row["name"].as_str().unwrap().to_owned();
        let case = all.entry(name.clone()).or_insert_with(|| case(name, &row["call"]));
        let exchanges: Vec<Value> = row["exchanges"].as_array().unwrap().iter().map(wanted).collect();
        if !exchanges.is_empty() {
            case.wanted.push(exchanges);
        }
    }
    all.into_values().collect()
}

fn case(name: String, call: &Value) -> Case {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let (client, arguments) = (&call["client"], &call["arguments"]);
    let server = text(&client["base_url"]).or(text(&arguments["endpointUrl"]));
    Case {
        name,
        method: snake(call["method"].as_str().unwrap()),
        provider: text(&client["provider"]).or(text(&arguments["provider"])),
        key: text(&client["token"]).or(text(&client["api_key"])),
        bill_to: text(&client["bill_to"]).or(text(&call["options"]["billTo"])),
        server: server.map(|url| Url::parse(&url).unwrap()),
        input: input(call),
        wanted: Vec::new(),
    }
}

/// `textToImage` → `text_to_image`; a stream is the same method.
fn snake(method: &str) -> String {
    let mut name = String::new();
    for letter in method.trim_end_matches("Stream").chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// The call's arguments by our names.
fn input(call: &Value) -> Value {
    let method = call["method"].as_str().unwrap();
    let mut fields = filled(&call["arguments"]).as_object().unwrap().clone();
    fields.retain(|name, _| !matches!(name.as_str(), "provider" | "endpointUrl"));
    if let Some(Value::Object(parameters)) = fields.remove("parameters") {
        fields.extend(parameters);
    }
    let task = snake(method);
    if let Some(inputs) = fields.remove("inputs").or_else(|| fields.remove("data")) {
        put_inputs(&mut fields, &task, inputs);
    }
    if task == "text_to_speech" {
        extra(&mut fields, &["voice", "speed"]);
    }
    if let Some(Value::Object(generation)) =
        fields.remove("generation_parameters").filter(|_| task == "text_to_speech")
    {
        fields.extend(generation);
    }
    if let Some(Value::Object(generation)) =
        fields.remove("max_length").map(|length| json!({"max_length": length}))
    {
        fields.insert("generate_parameters".into(), Value::Object(generation));
    }
    if matches!(task.as_str(), "chat_completion" | "text_generation") {
        let stream = method.ends_with("Stream") || fields.get("stream").is_some_and(|stream| stream == true);
        fields.insert("stream".into(), json!(stream));
    }
    Value::Object(fields)
}

/// JavaScript's `inputs` by Python's names.
fn put_inputs(fields: &mut Map<String, Value>, task: &str, inputs: Value) {
    let name = match task {
        "text_generation" | "text_to_image" | "text_to_video" => "prompt",
        "automatic_speech_recognition" | "audio_classification" | "audio_to_audio" => "audio",
        "image_classification"
        | "image_segmentation"
        | "object_detection"
        | "image_to_text"
        | "image_to_image" => "image",
        "sentence_similarity" => {
            fields.insert("sentence".into(), inputs["source_sentence"].clone());
            fields.insert("other_sentences".into(), inputs["sentences"].clone());
            return;
        }
        _ => "text",
    };
    match inputs {
        Value::Object(several) => fields.extend(several),
        one => {
            fields.insert(name.into(), one);
        }
    }
}

/// What only some providers know goes into `extra_body`.
fn extra(fields: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        if let Some(value) = fields.remove(*name) {
            fields.entry("extra_body").or_insert(json!({}))[*name] = value;
        }
    }
}

/// Files in the place of their names: data URIs in arguments, base64 in texts.
fn filled(value: &Value) -> Value {
    match value {
        Value::Object(fields) if fields.contains_key("$fixture") => {
            json!(Media::new(file(fields["$fixture"].as_str().unwrap()), "").data_uri())
        }
        Value::Object(fields) => fields.iter().map(|(name, one)| (name.clone(), filled(one))).collect(),
        Value::Array(list) => list.iter().map(filled).collect(),
        Value::String(text) => FILES
            .iter()
            .fold(text.clone(), |text, (name, bytes)| {
                text.replace(&format!("{{{name}}}"), &BASE64.encode(bytes))
            })
            .into(),
        other => other.clone(),
    }
}

fn file(name: &str) -> &'static [u8] {
    FILES.iter().find(|(known, _)| *known == name).unwrap().1
}

/// A client's exchange in the form that [`sent`] gives ours.
fn wanted(exchange: &Value) -> Value {
    let body = match (exchange.get("json"), exchange.get("body"), exchange.get("multipart")) {
        (Some(json), ..) => filled(json),
        (_, Some(file), _) => filled(file),
        (.., Some(parts)) => parts.as_array().unwrap().iter().map(part).collect(),
        _ => Value::Null,
    };
    let kind =
        exchange["type"].as_str().filter(|_| !body.is_null()).map(|kind| kind.split(';').next().unwrap());
    json!({
        "method": exchange["method"],
        "url": place(exchange["url"].as_str().unwrap()),
        "auth": exchange["auth"],
        "key": exchange["x-key"],
        "bill_to": exchange["bill_to"],
        "prefer": exchange["prefer"],
        "type": kind,
        "body": body,
    })
}

/// One field of a form: its name, whether it is a file, and its content.
fn part(part: &Value) -> Value {
    let head = part["head"].to_string();
    let name = head.split("name=\\\"").nth(1).unwrap().split('\\').next().unwrap().to_owned();
    json!({"name": name, "file": head.contains("filename"), "content": filled(&part["body"])})
}

/// What the recorder saw of us, in the form of a peer's exchange.
pub fn sent(record: &Value) -> Value {
    let header = |name: &str| crate::recorder::Recorder::header(record, name);
    let kind = header("content-type").map(|kind| kind.split(';').next().unwrap().to_owned());
    json!({
        "method": record["method"],
        "url": place(record["url"].as_str().unwrap()),
        "auth": header("authorization"),
        "key": header("x-key"),
        "bill_to": header("x-hf-bill-to"),
        "prefer": header("prefer"),
        "type": kind,
        "body": body(record, header("content-type").as_deref()),
    })
}

fn body(record: &Value, kind: Option<&str>) -> Value {
    if let Some(json) = record.get("json") {
        return json.clone();
    }
    let bytes = match (record["body_b64"].as_str(), record["body_text"].as_str()) {
        (Some(base64), _) => BASE64.decode(base64).unwrap(),
        (_, Some(text)) => text.as_bytes().to_vec(),
        _ => return Value::Null,
    };
    match kind.and_then(|kind| kind.split_once("boundary=")) {
        Some((_, boundary)) => form(&bytes, boundary.trim_matches('"')),
        None => json!(Media::new(bytes, kind.unwrap_or_default()).data_uri()),
    }
}

/// The fields of a multipart form.
fn form(bytes: &[u8], boundary: &str) -> Value {
    let line = format!("--{boundary}");
    let parts = split(bytes, line.as_bytes());
    let fields = parts.iter().filter(|part| part.starts_with(b"\r\n")).map(|part| {
        let at = find(part, b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&part[..at]).into_owned();
        let content = &part[at + 4..part.len() - 2];
        let name = head.split("name=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let is_file = head.contains("filename");
        let content = if is_file {
            json!(Media::new(content.to_vec(), "").data_uri())
        } else {
            json!(String::from_utf8_lossy(content))
        };
        json!({"name": name, "file": is_file, "content": content})
    });
    fields.collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn split<'a>(mut bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = find(bytes, by) {
        parts.push(&bytes[..at]);
        bytes = &bytes[at + by.len()..];
    }
    parts.push(bytes);
    parts
}

/// The address; of a lone server only its path and query, as its port differs from run to run.
fn place(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    if url.scheme() == "https" { url.to_string() } else { url[Position::BeforePath..].to_owned() }
}
