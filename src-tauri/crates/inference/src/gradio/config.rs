//! What a Space says at `/config`: its version, its protocol, its components and what calls what (hf-api 7.2).

use std::collections::HashMap;

use limerick_tasks::{Error, ErrorCode, Result};
use serde_json::{Map, Value};
use url::Url;

use crate::address;

/// How its queue is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Protocol {
    /// `sse_v1`: whole outputs while it works.
    Whole,
    /// `sse_v2` to `sse_v3`: edits after the first output.
    #[default]
    Edits,
    /// The queue is switched off: the simple `/call` route.
    NoQueue,
}

/// A component: what a person would see.
#[derive(Debug, Clone, Default)]
pub(crate) struct Component {
    /// `slider`, `image`, …
    pub(crate) kind: String,
    /// Filled by the server (a state) or no value at all (a button).
    pub(crate) skipped: bool,
    pub(crate) props: Map<String, Value>,
}

/// Which function an event calls, with which components.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    pub(crate) id: u64,
    /// `None` for a nameless one.
    pub(crate) api_name: Option<String>,
    pub(crate) inputs: Vec<u64>,
    pub(crate) outputs: Vec<u64>,
    pub(crate) queued: bool,
    pub(crate) streams: bool,
}

/// `/config`, as far as it matters here.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) protocol: Protocol,
    pub(crate) prefix: String,
    pub(crate) max_file_size: Option<u64>,
    pub(crate) components: HashMap<u64, Component>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// Components without a value, for versions that do not say `skip_api` (`gradio_client` `SKIP_COMPONENTS`).
const NO_VALUE: [&str; 14] = [
    "state",
    "row",
    "column",
    "tabs",
    "tab",
    "tabitem",
    "box",
    "form",
    "accordion",
    "group",
    "interpretation",
    "dataset",
    "button",
    "uploadbutton",
];

impl Config {
    /// Reads `/config`.
    ///
    /// # Errors
    /// `model` when it is no Gradio app or one before version 4; `auth` when it wants a password.
    pub(crate) fn read(value: &Value) -> Result<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        if value.get("auth_required").and_then(Value::as_bool) == Some(true) {
            return Err(wants_password());
        }
        let version = text("version").to_owned();
        let (Some(dependencies), Some(components)) = (rows(value, "dependencies"), rows(value, "components"))
        else {
            return Err(no_gradio());
        };
        let enabled = value.get("enable_queue").and_then(Value::as_bool).unwrap_or(true);
        Ok(Self {
            protocol: protocol(text("protocol"), &version, enabled)?,
            version,
            title: text("title").chars().take(200).collect(),
            prefix: prefix(text("api_prefix"))?,
            max_file_size: value.get("max_file_size").and_then(Value::as_u64),
            components: components.iter().filter_map(component).collect(),
            dependencies: dependencies
                .iter()
                .enumerate()
                .filter_map(|(at, row)| dependency(at, row, enabled))
                .collect(),
        })
    }

    /// Where the routes begin, below the address that was opened; what the Space says of its own address is
    /// not followed.
    pub(crate) fn api(&self, opened: &Url) -> Url {
        address::join(opened, &self.prefix)
    }

    /// Whether `/cancel` is there (4.29), or only `/reset`.
    pub(crate) fn cancels(version: &str) -> bool {
        number(version, 0) > 4 || (number(version, 0) == 4 && number(version, 1) >= 29)
    }
}

fn rows<'a>(value: &'a Value, key: &str) -> Option<&'a Vec<Value>> {
    value.get(key)?.as_array()
}

fn number(version: &str, at: usize) -> u32 {
    let part = version.split('.').nth(at).unwrap_or_default();
    part.parse().unwrap_or(0)
}

fn protocol(word: &str, version: &str, enabled: bool) -> Result<Protocol> {
    let old = || {
        let message =
            format!("This Space runs Gradio {version}, which is too old to be called: choose another one.");
        Error::new(ErrorCode::Model, message)
    };
    match word {
        _ if number(version, 0) < 4 => Err(old()),
        "sse" | "ws" => Err(old()),
        _ if !enabled => Ok(Protocol::NoQueue),
        "sse_v1" => Ok(Protocol::Whole),
        _ => Ok(Protocol::Edits),
    }
}

/// The prefix of the routes; a server could write anything there.
fn prefix(text: &str) -> Result<String> {
    let text = text.trim_end_matches('/');
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/_-".contains(letter);
    if text.is_empty() || (text.starts_with('/') && !text.contains("//") && text.chars().all(plain)) {
        return Ok(text.to_owned());
    }
    Err(no_gradio())
}

fn component(row: &Value) -> Option<(u64, Component)> {
    let kind = row.get("type")?.as_str()?.to_lowercase();
    let skipped = row.get("skip_api").and_then(Value::as_bool).unwrap_or(NO_VALUE.contains(&kind.as_str()));
    let props = row.get("props").and_then(Value::as_object).cloned().unwrap_or_default();
    Some((row.get("id")?.as_u64()?, Component { kind, skipped, props }))
}

fn dependency(at: usize, row: &Value, enabled: bool) -> Option<Dependency> {
    let ids = |key: &str| -> Vec<u64> {
        // A row is an id; very old ones write it as `[id, "value"]`.
        let id = |one: &Value| one.as_u64().or_else(|| one.get(0)?.as_u64());
        row.get(key)
            .and_then(Value::as_array)
            .map(|ids| ids.iter().filter_map(id).collect())
            .unwrap_or_default()
    };
    Some(Dependency {
        id: row.get("id").and_then(Value::as_u64).unwrap_or(at as u64),
        api_name: row.get("api_name").and_then(Value::as_str).map(str::to_owned),
        inputs: ids("inputs"),
        outputs: ids("outputs"),
        queued: row.get("queue").and_then(Value::as_bool).unwrap_or(enabled),
        streams: row.pointer("/types/generator").and_then(Value::as_bool).unwrap_or(false),
    })
    .filter(|_| row.is_object())
}

/// What to say of anything that is no Gradio app.
pub(super) fn no_gradio() -> Error {
    let message = "That is no Gradio Space, so Limerick cannot call it: open it in the browser.";
    Error::new(ErrorCode::Model, message)
}

/// What to say of a Space behind a log-in page.
pub(super) fn wants_password() -> Error {
    let message = "This Space has a log-in page of its own: open it in the browser.";
    Error::new(ErrorCode::Auth, message)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn with(version: &str, protocol: &str, prefix: &str) -> Result<Config> {
        Config::read(
            &json!({"version": version, "protocol": protocol, "api_prefix": prefix, "components": [], "dependencies": []}),
        )
    }

    #[test]
    fn the_protocol_follows_the_version() {
        for (version, word, want) in [
            ("6.31.0", "sse_v3", Protocol::Edits),
            ("5.49.1", "sse_v3", Protocol::Edits),
            ("4.44.1", "sse_v2.1", Protocol::Edits),
            ("4.10.0", "sse_v1", Protocol::Whole),
        ] {
            assert_eq!(with(version, word, "").unwrap().protocol, want, "{version}");
        }
        for (version, word) in [("3.50.2", "ws"), ("4.0.0", "sse"), ("", "sse_v3")] {
            assert_eq!(with(version, word, "").unwrap_err().code, ErrorCode::Model, "{version}");
        }
        assert!(Config::cancels("4.29.0") && Config::cancels("6.0") && !Config::cancels("4.28.3"));
    }

    #[test]
    fn the_prefix_stays_below_the_address_that_was_opened() {
        let opened = Url::parse("https://a-b.hf.space/app/").unwrap();
        for (prefix, want) in
            [("/gradio_api", "/app/gradio_api"), ("", "/app"), ("/gradio_api/", "/app/gradio_api")]
        {
            assert_eq!(with("5.0", "sse_v3", prefix).unwrap().api(&opened).path(), want);
        }
        for bad in ["//evil.test", "https://evil.test", "/../x", "/a?b", "x"] {
            assert!(with("5.0", "sse_v3", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_log_in_page_and_other_pages_are_told_apart() {
        assert_eq!(Config::read(&json!({"auth_required": true})).unwrap_err().code, ErrorCode::Auth);
        for other in [json!({}), json!([1]), json!(null), json!({"version": "6.0"})] {
            assert_eq!(Config::read(&other).unwrap_err().code, ErrorCode::Model);
        }
    }
}
