//! The form of a Space: its endpoints with their parameters, from `/info` and the components of `/config`
//! (hf-api 7.2).

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use super::config::{Component, Config, Dependency};

/// Something that a Space can be asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct Endpoint {
    /// `/infer`; the number of a nameless one.
    pub name: String,
    /// What its author says of it; often nothing.
    pub description: String,
    /// What it takes, in order.
    pub parameters: Vec<Parameter>,
    /// What it gives, in order.
    pub returns: Vec<Returned>,
    /// Whether the answer comes in pieces.
    pub streams: bool,
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) wire: Wiring,
}

/// What the wire needs beside the form.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Wiring {
    pub(crate) fn_index: u64,
    /// Waits in the queue; the others are called at once.
    pub(crate) queued: bool,
    /// One an input on the wire: whether it is a parameter; the others are filled by the server.
    pub(crate) inputs: Vec<bool>,
    /// One an output on the wire: whether it is shown.
    pub(crate) outputs: Vec<bool>,
}

/// One field of the form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct Parameter {
    /// Its name in a call.
    pub name: String,
    /// Its name on screen.
    pub label: String,
    /// Gradio's component, in lower case: `textbox`, `slider`, `image`, …
    pub component: String,
    /// Which field fits.
    pub kind: ParameterKind,
    /// Python's type, as `gradio_client` shows it.
    pub python_type: String,
    /// Whether a call must have it.
    pub required: bool,
    /// What stands there when a call has it not.
    pub default: Value,
    /// What there is to choose from; empty for other fields.
    pub choices: Vec<Choice>,
    /// Takes a list: several files, several choices.
    pub multiple: bool,
    /// The smallest number.
    pub minimum: Option<f64>,
    /// The largest number.
    pub maximum: Option<f64>,
    /// From one number to the next.
    pub step: Option<f64>,
    /// A line of help.
    pub info: Option<String>,
    /// Whether the Space's own page shows it.
    pub visible: bool,
}

/// Which field fits a parameter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of the choices.
    Choice,
    /// A file: a `data:` URI, an https URL, or a file object of Gradio's.
    File,
    /// Anything else: JSON.
    #[default]
    Json,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Choice {
    /// Its name on screen.
    pub label: String,
    /// What is sent.
    pub value: Value,
}

/// One thing that an endpoint gives.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct Returned {
    /// Its name on screen.
    pub label: String,
    /// Gradio's component, in lower case.
    pub component: String,
    /// Python's type.
    pub python_type: String,
}

/// Reads the form; endpoints that nothing in `/config` stands behind are left out.
pub(crate) fn read(config: &Config, info: &Value) -> Vec<Endpoint> {
    let named = info.get("named_endpoints").and_then(Value::as_object).into_iter().flatten();
    let named = named.filter_map(|(name, row)| {
        let bare = name.trim_start_matches('/');
        let found = config.dependencies.iter().find(|one| one.api_name.as_deref() == Some(bare))?;
        Some(endpoint(config, found, name, row))
    });
    let unnamed = info.get("unnamed_endpoints").and_then(Value::as_object).into_iter().flatten();
    let unnamed = unnamed.filter_map(|(number, row)| {
        let id: u64 = number.parse().ok()?;
        let found = config.dependencies.iter().find(|one| one.id == id)?;
        Some(endpoint(config, found, number, row))
    });
    named.chain(unnamed).collect()
}

fn endpoint(config: &Config, dependency: &Dependency, name: &str, row: &Value) -> Endpoint {
    let list = |key: &str| row.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (inputs, taken) = layout(config, &dependency.inputs, list("parameters").len());
    let (outputs, given) = layout(config, &dependency.outputs, list("returns").len());
    let parameters = list("parameters").iter().enumerate();
    let returns = list("returns").iter().enumerate();
    Endpoint {
        name: name.to_owned(),
        description: text(row, "description"),
        parameters: parameters
            .map(|(at, row)| parameter(at, row, taken.get(at).copied().flatten()))
            .collect(),
        returns: returns.map(|(at, row)| returned(row, given.get(at).copied().flatten())).collect(),
        streams: dependency.streams,
        wire: Wiring { fn_index: dependency.id, queued: dependency.queued, inputs, outputs },
    }
}

/// Which places on the wire belong to the form, and the components behind those.
fn layout<'a>(config: &'a Config, ids: &[u64], told: usize) -> (Vec<bool>, Vec<Option<&'a Component>>) {
    let found: Vec<_> = ids.iter().map(|id| config.components.get(id)).collect();
    let shown: Vec<bool> = found.iter().map(|one| one.is_none_or(|one| !one.skipped)).collect();
    if shown.iter().filter(|shown| **shown).count() != told {
        // The form and the page disagree: the form alone is followed.
        return (vec![true; told], vec![None; told]);
    }
    let behind = found.into_iter().zip(&shown).filter(|(_, shown)| **shown).map(|(one, _)| one).collect();
    (shown, behind)
}

fn text(row: &Value, key: &str) -> String {
    row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn component_name(row: &Value, behind: Option<&Component>) -> String {
    behind.map_or_else(|| text(row, "component").to_lowercase(), |one| one.kind.clone())
}

fn returned(row: &Value, behind: Option<&Component>) -> Returned {
    let python_type = row.pointer("/python_type/type").and_then(Value::as_str).unwrap_or_default();
    Returned {
        label: text(row, "label"),
        component: component_name(row, behind),
        python_type: python_type.to_owned(),
    }
}

fn parameter(at: usize, row: &Value, behind: Option<&Component>) -> Parameter {
    let prop = |key: &str| behind.and_then(|one| one.props.get(key)).filter(|value| !value.is_null());
    let schema = row.get("type").unwrap_or(&Value::Null);
    let component = component_name(row, behind);
    let choices = choices(prop("choices"), schema);
    let (kind, multiple) = kind(&component, schema, !choices.is_empty());
    let (low, high) = range(schema);
    let has_default = row.get("parameter_has_default").and_then(Value::as_bool);
    let default = row.get("parameter_default").cloned().filter(|value| !value.is_null());
    let name = row.get("parameter_name").and_then(Value::as_str).map(str::to_owned);
    Parameter {
        // Versions before names call them like this (gradio_client).
        name: name.unwrap_or_else(|| format!("param_{at}")),
        label: text(row, "label"),
        kind,
        python_type: row.pointer("/python_type/type").and_then(Value::as_str).unwrap_or_default().to_owned(),
        required: !has_default.unwrap_or_else(|| prop("value").is_some()),
        default: default.or_else(|| prop("value").cloned()).unwrap_or_default(),
        choices,
        multiple,
        minimum: prop("minimum").and_then(Value::as_f64).or(low),
        maximum: prop("maximum").and_then(Value::as_f64).or(high),
        step: prop("step").and_then(Value::as_f64),
        info: prop("info").and_then(Value::as_str).map(str::to_owned),
        visible: prop("visible").and_then(Value::as_bool).unwrap_or(true),
        component,
    }
}

/// Components whose value is a file, whatever their schema looks like.
const FILES: [&str; 6] = ["image", "audio", "video", "file", "model3d", "gallery"];

fn kind(component: &str, schema: &Value, choices: bool) -> (ParameterKind, bool) {
    let word = schema.get("type").and_then(Value::as_str).unwrap_or_default();
    let multiple = word == "array";
    let kind = match word {
        _ if FILES.contains(&component) || is_file(schema) => ParameterKind::File,
        _ if choices => ParameterKind::Choice,
        "string" => ParameterKind::Text,
        "number" | "integer" => ParameterKind::Number,
        "boolean" => ParameterKind::Boolean,
        _ => ParameterKind::Json,
    };
    (kind, multiple)
}

/// Whether a schema is that of a file object.
fn is_file(schema: &Value) -> bool {
    let has = |key: &str| schema.get("properties").is_some_and(|fields| fields.get(key).is_some());
    has("path") && has("orig_name")
}

/// What there is to choose: pairs of label and value, or bare values; else the schema's `enum`.
fn choices(listed: Option<&Value>, schema: &Value) -> Vec<Choice> {
    let of_schema = schema.get("enum").or_else(|| schema.pointer("/items/enum"));
    let rows = listed.or(of_schema).and_then(Value::as_array);
    let named = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let choice = |row: &Value| match row.as_array().map(Vec::as_slice) {
        Some([label, value]) => Choice { label: named(label), value: value.clone() },
        _ => Choice { label: named(row), value: row.clone() },
    };
    rows.into_iter().flatten().map(choice).collect()
}

/// A slider's ends, where only its description tells them: `numeric value between 64 and 1440`.
fn range(schema: &Value) -> (Option<f64>, Option<f64>) {
    let said = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let ends = said.strip_prefix("numeric value between ").and_then(|rest| rest.split_once(" and "));
    ends.map_or((None, None), |(low, high)| (low.parse().ok(), high.parse().ok()))
}
