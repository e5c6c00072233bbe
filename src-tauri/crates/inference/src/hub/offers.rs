//! The router's list of models for chat, with prices and context (`/v1/models`, hf-api 1.3).

use limerick_tasks::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{count, flag, list, string, strings, unknown};

/// A model that the router serves for chat (`/v1/models`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RouterModel {
    /// `org/name`.
    pub id: String,
    /// Unix seconds.
    #[ts(type = "number | null")]
    pub created: Option<u64>,
    /// `text`, `image`, …
    pub input_modalities: Vec<String>,
    /// Who serves it.
    pub providers: Vec<ModelProvider>,
}

/// One provider's offer of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelProvider {
    /// The provider's name.
    pub provider: String,
    /// `live` or `error`.
    pub status: String,
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

/// Reads the router's `/v1/models`; rows that cannot be read are left out.
pub(crate) fn router_models(value: &Value) -> Result<Vec<RouterModel>> {
    if !value.get("data").is_some_and(Value::is_array) {
        return Err(unknown("which models there are"));
    }
    Ok(list(value, "/data").filter_map(router_model).collect())
}

fn router_model(row: &Value) -> Option<RouterModel> {
    Some(RouterModel {
        id: string(row, "/id")?,
        created: count(row, "/created"),
        input_modalities: strings(row, "/architecture/input_modalities"),
        providers: list(row, "/providers").filter_map(model_provider).collect(),
    })
}

fn model_provider(row: &Value) -> Option<ModelProvider> {
    let number = |place: &str| row.pointer(place).and_then(Value::as_f64);
    Some(ModelProvider {
        provider: string(row, "/provider")?,
        status: string(row, "/status").unwrap_or_else(|| "live".into()),
        context_length: count(row, "/context_length").and_then(|n| u32::try_from(n).ok()),
        input_price: number("/pricing/input"),
        output_price: number("/pricing/output"),
        supports_tools: flag(row, "/supports_tools"),
        supports_structured_output: flag(row, "/supports_structured_output"),
        first_token_latency_ms: number("/first_token_latency_ms"),
        throughput: number("/throughput"),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use limerick_tasks::ErrorCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn broken_rows_of_the_model_list_are_left_out() {
        let models = router_models(
            &json!({"data": [{"id": "a/b", "providers": [{"provider": "p", "pricing": {"input": 0.1}}, {}]}, {}, null]}),
        );
        let models = models.unwrap();
        assert_eq!((models.len(), models[0].providers.len()), (1, 1));
        assert_eq!(models[0].providers[0].input_price, Some(0.1));
        assert_eq!(router_models(&json!({"error": "x"})).unwrap_err().code, ErrorCode::Format);
    }
}
