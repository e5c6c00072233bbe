//! What the Hub and the router say about accounts, models and who serves them (hf-api 1.3 to 1.6). Pure.

use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// The owner of a token (`/api/whoami-v2`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct WhoAmI {
    /// User name.
    pub name: String,
    /// Full name; empty when there is none.
    pub fullname: String,
    /// Has a PRO subscription.
    pub is_pro: bool,
    /// Has a means of payment.
    pub can_pay: bool,
    /// Organisations, for `X-HF-Bill-To`.
    pub orgs: Vec<Org>,
    /// The token's name, where the Hub says it.
    pub token_name: Option<String>,
    /// `read`, `write`, `fineGrained`, …
    pub token_role: Option<String>,
    /// Whether the token may call Inference Providers; `None` when the Hub does not say.
    pub may_infer: Option<bool>,
}

/// An organisation of the token's owner.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Org {
    /// The name to bill.
    pub name: String,
    /// Its name on screen.
    pub fullname: String,
    /// Has a means of payment.
    pub can_pay: bool,
}

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

/// One row of a model's `inferenceProviderMapping`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mapping {
    /// The provider's name.
    pub provider: String,
    /// The provider's own id of the model.
    pub provider_id: String,
    /// The task it serves: `conversational`, `text-generation`, …
    pub task: String,
    /// `live`, `staging` or `error`.
    pub status: String,
}

/// Reads `/api/whoami-v2`.
pub(crate) fn whoami(value: &Value) -> Result<WhoAmI> {
    let name = string(value, "/name").ok_or_else(|| unknown("who the token belongs to"))?;
    let orgs = list(value, "/orgs").filter_map(|org| {
        let name = string(org, "/name")?;
        let fullname = string(org, "/fullname").unwrap_or_else(|| name.clone());
        Some(Org { fullname, can_pay: flag(org, "/canPay").unwrap_or(false), name })
    });
    let token_role = string(value, "/auth/accessToken/role");
    Ok(WhoAmI {
        fullname: string(value, "/fullname").unwrap_or_default(),
        is_pro: flag(value, "/isPro").unwrap_or(false),
        can_pay: flag(value, "/canPay").unwrap_or(false),
        orgs: orgs.collect(),
        token_name: string(value, "/auth/accessToken/displayName"),
        may_infer: token_role.as_deref().map(|role| role != "fineGrained" || has_inference_right(value)),
        token_role,
        name,
    })
}

/// Fine-grained tokens name the right `inference.serverless.write`, for all or for a scope.
fn has_inference_right(value: &Value) -> bool {
    let rights = value.pointer("/auth/accessToken/fineGrained").map(Value::to_string).unwrap_or_default();
    rights.contains("inference.serverless.write")
}

/// Reads the router's `/v1/models`; rows that cannot be read are left out.
pub(crate) fn router_models(value: &Value) -> Result<Vec<RouterModel>> {
    if !value.get("data").is_some_and(Value::is_array) {
        return Err(unknown("which models there are"));
    }
    Ok(list(value, "/data").filter_map(router_model).collect())
}

fn router_model(row: &Value) -> Option<RouterModel> {
    let modalities = list(row, "/architecture/input_modalities").filter_map(Value::as_str).map(str::to_owned);
    Some(RouterModel {
        id: string(row, "/id")?,
        created: row.get("created").and_then(Value::as_u64),
        input_modalities: modalities.collect(),
        providers: list(row, "/providers").filter_map(model_provider).collect(),
    })
}

fn model_provider(row: &Value) -> Option<ModelProvider> {
    let number = |place: &str| row.pointer(place).and_then(Value::as_f64);
    Some(ModelProvider {
        provider: string(row, "/provider")?,
        status: string(row, "/status").unwrap_or_else(|| "live".into()),
        context_length: row.get("context_length").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()),
        input_price: number("/pricing/input"),
        output_price: number("/pricing/output"),
        supports_tools: flag(row, "/supports_tools"),
        supports_structured_output: flag(row, "/supports_structured_output"),
        first_token_latency_ms: number("/first_token_latency_ms"),
        throughput: number("/throughput"),
    })
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
    })
}

fn unknown(what: &str) -> Error {
    Error::new(ErrorCode::Format, format!("Hugging Face did not say {what}."))
}

fn string(value: &Value, place: &str) -> Option<String> {
    value.pointer(place).and_then(Value::as_str).map(str::to_owned)
}

fn flag(value: &Value, place: &str) -> Option<bool> {
    value.pointer(place).and_then(Value::as_bool)
}

fn list<'a>(value: &'a Value, place: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(place).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
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
    fn broken_rows_of_the_model_list_are_left_out() {
        let models = router_models(
            &json!({"data": [{"id": "a/b", "providers": [{"provider": "p", "pricing": {"input": 0.1}}, {}]}, {}, null]}),
        );
        let models = models.unwrap();
        assert_eq!((models.len(), models[0].providers.len()), (1, 1));
        assert_eq!(models[0].providers[0].input_price, Some(0.1));
        assert_eq!(router_models(&json!({"error": "x"})).unwrap_err().code, ErrorCode::Format);
    }

    #[test]
    fn the_right_to_infer_is_read_from_a_fine_grained_token() {
        let with =
            |auth: Value| whoami(&json!({"name": "n", "auth": {"accessToken": auth}})).unwrap().may_infer;
        assert_eq!(with(json!({"role": "read"})), Some(true));
        assert_eq!(with(json!({"role": "fineGrained", "fineGrained": {"global": []}})), Some(false));
        let granted =
            json!({"role": "fineGrained", "fineGrained": {"global": ["inference.serverless.write"]}});
        assert_eq!(with(granted), Some(true));
    }
}
