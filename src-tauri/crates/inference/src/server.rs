//! Tells from a server's answers what it is and which models it has (hf-api 8.1, 8.2). Pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::providers::Style;

/// What kind of server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ServerKind {
    /// `llama-server` of llama.cpp.
    LlamaCpp,
    /// Ollama.
    Ollama,
    /// LM Studio.
    LmStudio,
    /// vLLM.
    Vllm,
    /// Hugging Face's Text Generation Inference.
    Tgi,
    /// Another that speaks `OpenAI`'s protocol.
    OpenAi,
}

impl ServerKind {
    /// Its name on screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::LlamaCpp => "llama.cpp",
            Self::Ollama => "Ollama",
            Self::LmStudio => "LM Studio",
            Self::Vllm => "vLLM",
            Self::Tgi => "TGI",
            Self::OpenAi => "OpenAI-compatible",
        }
    }

    /// How to ask it.
    pub fn style(self) -> Style {
        if self == Self::Tgi { Style::Tgi } else { Style::OpenAi }
    }
}

/// A model that a server has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerModel {
    /// The id to ask for.
    pub id: String,
    /// Tokens of context, where the server says it.
    pub context_length: Option<u32>,
}

/// What was found at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerReport {
    /// The kind of server.
    pub kind: ServerKind,
    /// Its version, where it was cheap to learn.
    pub version: Option<String>,
    /// Its models; empty when it did not list any.
    pub models: Vec<ServerModel>,
}

/// Where to look, in order, and what a hit there tells (hf-api 8.1).
pub(crate) const PROBES: [(&str, ServerKind); 5] = [
    ("/models", ServerKind::OpenAi),
    ("/v1/models", ServerKind::OpenAi),
    ("/api/tags", ServerKind::Ollama),
    ("/info", ServerKind::Tgi),
    ("/props", ServerKind::LlamaCpp),
];

/// Reads a probe's answer; `None` when it is not what the probe looks for.
pub(crate) fn report(probed: ServerKind, value: &Value) -> Option<ServerReport> {
    let (kind, models) = match probed {
        ServerKind::Tgi => (probed, vec![tgi_model(value)?]),
        ServerKind::LlamaCpp => {
            (probed, vec![ServerModel { id: String::new(), context_length: slot_context(value) }])
        }
        _ => {
            let rows = model_rows(value)?;
            (kind_of(probed, rows), rows.iter().filter_map(server_model).collect())
        }
    };
    let known = probed != ServerKind::LlamaCpp || value.get("default_generation_settings").is_some();
    known.then_some(ServerReport { kind, version: None, models })
}

/// A list under `data` (`OpenAI`), under `models` (Ollama), or bare.
fn model_rows(value: &Value) -> Option<&[Value]> {
    let rows = value.get("data").or_else(|| value.get("models")).unwrap_or(value);
    rows.as_array().map(Vec::as_slice)
}

fn kind_of(probed: ServerKind, rows: &[Value]) -> ServerKind {
    let owner = rows.iter().find_map(|row| row.get("owned_by")?.as_str()).unwrap_or_default();
    match owner {
        "llamacpp" => ServerKind::LlamaCpp,
        "vllm" => ServerKind::Vllm,
        "library" => ServerKind::Ollama,
        "organization_owner" => ServerKind::LmStudio,
        _ if rows.iter().any(|row| row.pointer("/meta/n_ctx_train").is_some()) => ServerKind::LlamaCpp,
        _ if rows.iter().any(|row| row.get("max_model_len").is_some()) => ServerKind::Vllm,
        _ => probed,
    }
}

fn server_model(row: &Value) -> Option<ServerModel> {
    let id = ["id", "model", "name"].iter().find_map(|key| row.get(key)?.as_str())?;
    let places = [
        "/max_model_len",
        "/loaded_context_length",
        "/max_context_length",
        "/context_length",
        "/meta/n_ctx",
        "/meta/n_ctx_train",
    ];
    Some(ServerModel { id: id.to_owned(), context_length: number(row, &places) })
}

fn tgi_model(info: &Value) -> Option<ServerModel> {
    let id = info.get("model_id")?.as_str()?.to_owned();
    Some(ServerModel { id, context_length: number(info, &["/max_total_tokens"]) })
}

fn slot_context(props: &Value) -> Option<u32> {
    number(props, &["/default_generation_settings/n_ctx"])
}

fn number(value: &Value, places: &[&str]) -> Option<u32> {
    places.iter().find_map(|place| value.pointer(place)?.as_u64()).and_then(|n| u32::try_from(n).ok())
}

/// Where a second, cheap question tells more; a path below the server's root.
pub(crate) fn detail_path(kind: ServerKind) -> Option<&'static str> {
    match kind {
        ServerKind::LlamaCpp => Some("/props"),
        ServerKind::Ollama => Some("/api/version"),
        ServerKind::LmStudio => Some("/api/v0/models"),
        ServerKind::Vllm => Some("/version"),
        ServerKind::OpenAi => Some("/info"),
        ServerKind::Tgi => None,
    }
}

/// Adds what the second question told: version and the context that is really there.
pub(crate) fn add_detail(report: &mut ServerReport, value: &Value) {
    let version = ["version", "build_info"].iter().find_map(|key| value.get(key)?.as_str());
    match report.kind {
        ServerKind::OpenAi if value.get("max_total_tokens").is_some() => {
            report.kind = ServerKind::Tgi;
            let context = number(value, &["/max_total_tokens"]);
            report.models.iter_mut().for_each(|model| model.context_length = context);
        }
        ServerKind::OpenAi => return,
        ServerKind::LlamaCpp => {
            let context = slot_context(value);
            report
                .models
                .iter_mut()
                .for_each(|model| model.context_length = context.or(model.context_length));
        }
        ServerKind::LmStudio => {
            let detailed: Vec<_> =
                model_rows(value).unwrap_or_default().iter().filter_map(server_model).collect();
            for model in &mut report.models {
                let same = detailed.iter().find(|other| other.id == model.id);
                model.context_length = same.and_then(|other| other.context_length).or(model.context_length);
            }
        }
        _ => {}
    }
    report.version = version.map(str::to_owned).or(report.version.take());
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn servers_are_told_apart_by_their_model_list() {
        for (row, want) in [
            (json!({"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx_train": 8192}}), ServerKind::LlamaCpp),
            (json!({"id": "m", "owned_by": "library"}), ServerKind::Ollama),
            (json!({"id": "m", "owned_by": "organization_owner"}), ServerKind::LmStudio),
            (json!({"id": "m", "owned_by": "vllm", "max_model_len": 4096}), ServerKind::Vllm),
            (json!({"id": "m", "owned_by": "someone"}), ServerKind::OpenAi),
        ] {
            for list in [json!({"data": [row]}), json!([row])] {
                let report = report(ServerKind::OpenAi, &list).unwrap();
                assert_eq!((report.kind, report.models[0].id.as_str()), (want, "m"));
            }
        }
    }

    #[test]
    fn the_context_that_is_really_there_wins() {
        let list = json!({"data": [{"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx_train": 8192}}]});
        let mut found = report(ServerKind::OpenAi, &list).unwrap();
        assert_eq!(found.models[0].context_length, Some(8192));
        add_detail(&mut found, &json!({"default_generation_settings": {"n_ctx": 2048}, "build_info": "b1"}));
        assert_eq!((found.models[0].context_length, found.version.as_deref()), (Some(2048), Some("b1")));
    }

    #[test]
    fn tgi_is_known_by_its_info() {
        let info = json!({"model_id": "a/b", "max_total_tokens": 4096, "version": "3"});
        assert_eq!(report(ServerKind::Tgi, &info).unwrap().models[0].context_length, Some(4096));
        let mut found =
            report(ServerKind::OpenAi, &json!({"data": [{"id": "a/b", "owned_by": "a/b"}]})).unwrap();
        add_detail(&mut found, &info);
        assert_eq!((found.kind, found.kind.style()), (ServerKind::Tgi, Style::Tgi));
    }

    #[test]
    fn other_json_is_no_server() {
        for (kind, value) in [
            (ServerKind::OpenAi, json!({"ok": 1})),
            (ServerKind::Tgi, json!({})),
            (ServerKind::LlamaCpp, json!({})),
        ] {
            assert!(report(kind, &value).is_none());
        }
    }
}
