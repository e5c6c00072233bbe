//! Who serves a model (`inferenceProviderMapping`, hf-api 1.4), and what a picker shows of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{ModelProvider, RouterModel, flag, string};
use crate::providers::{PROVIDERS, mapping_name};

/// One row of a model's `inferenceProviderMapping`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Mapping {
    /// The provider's name.
    pub provider: String,
    /// The provider's own id of the model.
    pub provider_id: String,
    /// The task it serves: `conversational`, `text-generation`, …
    pub task: String,
    /// `live`, `staging` or `error`.
    pub status: String,
    /// The provider made the model itself.
    pub is_model_author: bool,
    /// `lora`: the model is put on a base model.
    pub adapter: Option<String>,
    /// The file of the adapter's weights in the model's repository.
    pub adapter_weights_path: Option<String>,
    /// `single-model` or `tag-filter` (the row holds for every model with certain tags).
    pub kind: Option<String>,
}

/// Two tasks that one kind of model serves; its row names only one of them.
const OF_SENTENCES: [&str; 2] = ["feature-extraction", "sentence-similarity"];

impl Mapping {
    /// Whether it serves a task, by the Hub's name for it.
    pub(crate) fn serves(&self, task: &str) -> bool {
        let of_sentences = |task: &str| OF_SENTENCES.contains(&task);
        self.task == task || (of_sentences(&self.task) && of_sentences(task))
    }

    /// Live before staging before failing.
    pub(crate) fn rank(&self) -> u8 {
        match self.status.as_str() {
            "live" => 0,
            "staging" => 1,
            _ => 2,
        }
    }
}

/// One provider's way to serve a model for one task: a row of a picker, in the order `auto` would choose.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Serving {
    /// The provider's name on the wire.
    pub provider: String,
    /// Its name on screen.
    pub title: String,
    /// `live`, `staging` or `error`.
    pub status: String,
    /// The provider's own id of the model; empty when only the router's list names it.
    pub provider_id: String,
    /// Limerick knows how to ask it for this task.
    pub known: bool,
    /// A Hugging Face token is enough; otherwise it wants a key of its own.
    pub routed: bool,
    /// The model is a LoRA here.
    pub lora: bool,
    /// Tokens of context.
    pub context_length: Option<u32>,
    /// US dollars for a million prompt tokens.
    pub input_price: Option<f64>,
    /// US dollars for a million answer tokens.
    pub output_price: Option<f64>,
    /// Takes tools.
    pub supports_tools: Option<bool>,
    /// Takes a JSON schema.
    pub supports_structured_output: Option<bool>,
    /// Milliseconds to the first token.
    pub first_token_latency_ms: Option<f64>,
    /// Tokens a second.
    pub throughput: Option<f64>,
}

/// Reads `inferenceProviderMapping`, an object by provider or an array, in the owner's order of preference.
pub(crate) fn mapping(model: &Value) -> Vec<Mapping> {
    match model.get("inferenceProviderMapping") {
        Some(Value::Object(rows)) => {
            rows.iter().filter_map(|(provider, row)| mapping_row(provider, row)).collect()
        }
        Some(Value::Array(rows)) => {
            rows.iter().filter_map(|row| mapping_row(row.get("provider")?.as_str()?, row)).collect()
        }
        _ => Vec::new(),
    }
}

fn mapping_row(provider: &str, row: &Value) -> Option<Mapping> {
    Some(Mapping {
        provider: provider.to_owned(),
        provider_id: string(row, "/providerId")?,
        task: string(row, "/task").unwrap_or_default(),
        status: string(row, "/status").unwrap_or_else(|| "live".into()),
        is_model_author: flag(row, "/isModelAuthor").unwrap_or(false),
        adapter: string(row, "/adapter"),
        adapter_weights_path: string(row, "/adapterWeightsPath"),
        kind: string(row, "/type"),
    })
}

/// Who serves a model for a task (under its name here, `text_to_image`), with status, price and context. What
/// the router says of chat joins the Hub's mapping.
pub fn serving(mapping: &[Mapping], offers: Option<&RouterModel>, task: &str) -> Vec<Serving> {
    let offers = offers.map(|model| model.providers.as_slice()).unwrap_or_default();
    let offers = if task == "chat_completion" { offers } else { &[] };
    let mut rows: Vec<(u8, Serving)> = mapping
        .iter()
        .filter(|one| mapping_name(task).is_some_and(|task| one.serves(task)))
        .map(|one| (one.rank(), mapped(one, offers, task)))
        .collect();
    let missing = offers.iter().filter(|offer| mapping.iter().all(|one| one.provider != offer.provider));
    rows.extend(missing.map(|offer| (if offer.status == "live" { 0 } else { 2 }, offered(offer, task))));
    rows.sort_by_key(|(rank, row)| (!row.known, *rank));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn mapped(one: &Mapping, offers: &[ModelProvider], task: &str) -> Serving {
    let offer = offers.iter().find(|offer| offer.provider == one.provider);
    let usual = ModelProvider { provider: one.provider.clone(), ..ModelProvider::default() };
    Serving {
        status: one.status.clone(),
        provider_id: one.provider_id.clone(),
        lora: one.adapter.as_deref() == Some("lora"),
        ..offered(offer.unwrap_or(&usual), task)
    }
}

fn offered(offer: &ModelProvider, task: &str) -> Serving {
    let row = PROVIDERS.iter().find(|row| row.name == offer.provider);
    Serving {
        provider: offer.provider.clone(),
        title: row.map_or_else(|| offer.provider.clone(), |row| row.title.to_owned()),
        status: offer.status.clone(),
        known: row.is_some_and(|row| row.tasks().contains(&task)),
        routed: row.is_some_and(|row| row.routed),
        context_length: offer.context_length,
        input_price: offer.input_price,
        output_price: offer.output_price,
        supports_tools: offer.supports_tools,
        supports_structured_output: offer.supports_structured_output,
        first_token_latency_ms: offer.first_token_latency_ms,
        throughput: offer.throughput,
        ..Serving::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mapping_may_be_an_object_or_an_array() {
        let row = json!({"providerId": "v/m", "task": "conversational", "status": "live"});
        let array = json!([{"provider": "together", "providerId": "v/m", "task": "conversational", "status": "live"}, {"x": 1}]);
        for rows in [json!({"together": row}), array] {
            let mapping = mapping(&json!({ "inferenceProviderMapping": rows }));
            assert_eq!(mapping.len(), 1);
            assert_eq!((mapping[0].provider.as_str(), mapping[0].provider_id.as_str()), ("together", "v/m"));
        }
        assert!(mapping(&json!({"id": "x"})).is_empty());
    }

    #[test]
    fn an_adapter_and_the_kind_of_row_are_read() {
        let rows = json!({"fal-ai": {
            "providerId": "fal-ai/flux-lora", "task": "text-to-image", "adapter": "lora",
            "adapterWeightsPath": "a b.safetensors", "type": "tag-filter", "isModelAuthor": true,
        }});
        let one = &mapping(&json!({ "inferenceProviderMapping": rows }))[0];
        assert_eq!((one.adapter.as_deref(), one.kind.as_deref()), (Some("lora"), Some("tag-filter")));
        assert_eq!(one.adapter_weights_path.as_deref(), Some("a b.safetensors"));
        assert!(one.is_model_author && one.status == "live");
    }

    #[test]
    fn a_model_of_sentences_serves_both_of_their_tasks() {
        let one = |task: &str| Mapping { task: task.into(), ..Mapping::default() };
        assert!(one("sentence-similarity").serves("feature-extraction"));
        assert!(one("feature-extraction").serves("sentence-similarity"));
        assert!(!one("conversational").serves("feature-extraction"));
        assert!(!one("feature-extraction").serves("conversational"));
    }

    #[test]
    fn a_picker_sees_live_providers_first_and_unknown_ones_last() {
        let row = |provider: &str, status: &str| Mapping {
            provider: provider.into(),
            provider_id: "v/m".into(),
            task: "conversational".into(),
            status: status.into(),
            ..Mapping::default()
        };
        let mapping =
            [row("nobody", "live"), row("novita", "error"), row("groq", "staging"), row("together", "live")];
        let offer = |provider: &str| ModelProvider {
            provider: provider.into(),
            status: "live".into(),
            input_price: Some(0.5),
            ..ModelProvider::default()
        };
        let offers =
            RouterModel { providers: vec![offer("together"), offer("cohere")], ..RouterModel::default() };
        let rows = serving(&mapping, Some(&offers), "chat_completion");
        let names: Vec<_> = rows.iter().map(|row| (row.provider.as_str(), row.known)).collect();
        assert_eq!(
            names,
            [("together", true), ("cohere", true), ("groq", true), ("novita", true), ("nobody", false)]
        );
        assert_eq!((rows[0].input_price, rows[2].input_price), (Some(0.5), None));
        assert!(serving(&mapping, Some(&offers), "text_generation").is_empty());
    }
}
