//! From named parameters to the positional `data` of a call, with the files that must be uploaded first.

use limerick_tasks::{Error, ErrorCode, Media, Result};
use serde_json::{Map, Value, json};

use super::form::{Endpoint, Parameter, ParameterKind};
use crate::wire::FormField;

/// How deep files are looked for in what is sent.
const DEEPEST: usize = 64;

/// What a call sends.
#[derive(Debug, Default)]
pub(crate) struct Data {
    /// One value an input on the wire; `null` where the server fills it in.
    pub(crate) values: Vec<Value>,
    /// Files to be uploaded, in order.
    pub(crate) uploads: Vec<Upload>,
}

/// A file to be uploaded, and where its object goes then.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The input, and the keys from there.
    place: Vec<Key>,
    name: String,
    media: Media,
}

#[derive(Debug, Clone)]
enum Key {
    At(usize),
    Of(String),
}

/// Puts named parameters in order; those that are left out take their defaults.
///
/// # Errors
/// `input` with the parameter's name: missing, unknown, a file that is no file or too large.
pub(crate) fn arrange(
    endpoint: &Endpoint,
    inputs: &Map<String, Value>,
    largest: Option<u64>,
) -> Result<Data> {
    check_names(endpoint, inputs)?;
    let mut data = Data::default();
    let mut parameters = endpoint.parameters.iter();
    for is_parameter in &endpoint.wire.inputs {
        let parameter = if *is_parameter { parameters.next() } else { None };
        let value = parameter.map(|parameter| value(parameter, inputs)).transpose()?.unwrap_or_default();
        let place = vec![Key::At(data.values.len())];
        let is_file = parameter.is_some_and(|parameter| parameter.kind == ParameterKind::File);
        let gathered = gather(value, is_file, place, &mut data.uploads, 0);
        data.values.push(gathered.map_err(|error| named(error, parameter))?);
    }
    let size = |upload: &Upload| upload.media.bytes.len() as u64;
    match data.uploads.iter().find(|upload| largest.is_some_and(|largest| size(upload) > largest)) {
        None => Ok(data),
        Some(upload) => {
            let limit = largest.unwrap_or_default().div_ceil(1 << 20);
            let message =
                format!("{} is too large: this Space takes files of up to {limit} MB.", upload.name);
            Err(Error::new(ErrorCode::Input, message))
        }
    }
}

fn named(error: Error, parameter: Option<&Parameter>) -> Error {
    Error { field: parameter.map(|parameter| parameter.name.clone()), ..error }
}

fn check_names(endpoint: &Endpoint, inputs: &Map<String, Value>) -> Result<()> {
    let known = |name: &String| endpoint.parameters.iter().any(|parameter| parameter.name == *name);
    let Some(unknown) = inputs.keys().find(|name| !known(name)) else { return Ok(()) };
    let names: Vec<_> = endpoint.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let all = if names.is_empty() { "no parameters".to_owned() } else { names.join(", ") };
    let message = format!("{} has no parameter {unknown}: it takes {all}.", endpoint.name);
    Err(Error { field: Some(unknown.clone()), ..Error::new(ErrorCode::Input, message) })
}

fn value(parameter: &Parameter, inputs: &Map<String, Value>) -> Result<Value> {
    let Some(given) = inputs.get(&parameter.name) else {
        if parameter.required {
            let message = format!("The parameter {} is missing: fill it in.", parameter.name);
            return Err(Error {
                field: Some(parameter.name.clone()),
                ..Error::new(ErrorCode::Input, message)
            });
        }
        return Ok(parameter.default.clone());
    };
    Ok(match (parameter.component.as_str(), given) {
        // One file where a list goes is a list of one.
        (_, one) if parameter.multiple && is_one_file(parameter, one) => {
            wrapped(&parameter.component, &json!([one]))
        }
        (component, given) => wrapped(component, given),
    })
}

fn is_one_file(parameter: &Parameter, value: &Value) -> bool {
    parameter.kind == ParameterKind::File && (value.is_string() || value.is_object())
}

/// Videos and galleries hold their files inside another object (Gradio's `VideoData`, `GalleryImage`).
fn wrapped(component: &str, value: &Value) -> Value {
    let bare = |value: &Value| value.is_string() || value.get("path").is_some();
    match (component, value) {
        ("video", video) if bare(video) => json!({"video": video, "subtitles": null}),
        ("gallery", Value::Array(items)) => {
            let wrap = |item: &Value| {
                if bare(item) { json!({"image": item, "caption": null}) } else { item.clone() }
            };
            Value::Array(items.iter().map(wrap).collect())
        }
        (_, value) => value.clone(),
    }
}

/// Takes the files out of a value; what stands there meanwhile is `null`.
fn gather(
    value: Value,
    is_file: bool,
    place: Vec<Key>,
    uploads: &mut Vec<Upload>,
    depth: usize,
) -> Result<Value> {
    if depth > DEEPEST {
        return Err(Error::new(ErrorCode::Input, "The input is nested too deep."));
    }
    let below = |key: Key| place.iter().cloned().chain([key]).collect::<Vec<_>>();
    match value {
        Value::String(text) if is_file => file(&text, None, place, uploads),
        Value::Object(fields) if is_file_object(&fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            let inside = text("path").or_else(|| text("url")).filter(|text| text.starts_with("data:"));
            match inside {
                Some(uri) => file(uri, text("orig_name"), place, uploads),
                None => Ok(Value::Object(fields)),
            }
        }
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (key, field) in fields {
                // What stands beside a file in its object (a caption) is text.
                let inside =
                    is_file && matches!(key.as_str(), "image" | "video" | "audio" | "file" | "files");
                let field = gather(field, inside, below(Key::Of(key.clone())), uploads, depth + 1)?;
                kept.insert(key, field);
            }
            Ok(Value::Object(kept))
        }
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            items.map(|(at, item)| gather(item, is_file, below(Key::At(at)), uploads, depth + 1)).collect()
        }
        other => Ok(other),
    }
}

fn is_file_object(fields: &Map<String, Value>) -> bool {
    let marked =
        fields.get("meta").and_then(|meta| meta.get("_type")).is_some_and(|kind| kind == "gradio.FileData");
    marked || (fields.get("path").is_some_and(Value::is_string) && !fields.contains_key("text"))
}

/// A `data:` URI is uploaded; an https address is the Space's to fetch.
fn file(text: &str, name: Option<&str>, place: Vec<Key>, uploads: &mut Vec<Upload>) -> Result<Value> {
    if text.starts_with("https://") || text.starts_with("http://") {
        let last = text.split(['?', '#']).next().unwrap_or(text).rsplit('/').next().unwrap_or_default();
        return Ok(
            json!({"path": text, "url": text, "orig_name": last, "meta": {"_type": "gradio.FileData"}}),
        );
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let media = Media::from_data_uri(text).map_err(|error| {
        let message = "A file goes in as a data: URI in base64, or as an https address.";
        Error { message: message.into(), ..error }
    })?;
    let name = name.map_or_else(|| format!("input.{}", media.extension()), str::to_owned);
    uploads.push(Upload { place, name, media });
    Ok(Value::Null)
}

impl Data {
    /// The form that carries the files.
    pub(crate) fn form(&self) -> Vec<FormField> {
        let field = |upload: &Upload| {
            let kind = &upload.media.media_type;
            let kind = if kind.contains('/') { kind.clone() } else { "application/octet-stream".to_owned() };
            FormField {
                name: "files".to_owned(),
                file: Some((upload.name.clone(), kind)),
                bytes: upload.media.bytes.clone(),
            }
        };
        self.uploads.iter().map(field).collect()
    }

    /// Puts the objects of the uploaded files in their places.
    ///
    /// # Errors
    /// `format` when the Space does not name a path for each.
    pub(crate) fn uploaded(mut self, answer: &Value) -> Result<Vec<Value>> {
        let paths: Vec<_> = answer.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if paths.len() != self.uploads.len() {
            return Err(Error::new(
                ErrorCode::Format,
                "The Space did not say where it put the files: try again.",
            ));
        }
        for (upload, path) in std::mem::take(&mut self.uploads).into_iter().zip(paths) {
            let size = upload.media.bytes.len();
            let object = json!({"path": path, "orig_name": upload.name, "mime_type": upload.media.media_type, "size": size, "meta": {"_type": "gradio.FileData"}});
            if let Some(place) = find(&mut self.values, &upload.place) {
                *place = object;
            }
        }
        Ok(self.values)
    }
}

fn find<'a>(values: &'a mut [Value], place: &[Key]) -> Option<&'a mut Value> {
    let (Key::At(first), rest) = place.split_first()? else { return None };
    rest.iter().try_fold(values.get_mut(*first)?, |value, key| match key {
        Key::At(at) => value.get_mut(*at),
        Key::Of(name) => value.get_mut(name.as_str()),
    })
}
