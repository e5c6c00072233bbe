//! What the Hub and the router say about accounts, models and who serves them (hf-api 1.3 to 1.8, 5.3). Pure.

mod account;
mod card;
mod limits;
mod mapping;
mod offers;
mod refusal;
mod search;
mod sign_in;
mod template;

use limerick_tasks::{Error, ErrorCode};
use serde_json::Value;

pub(crate) use account::whoami;
pub use account::{Org, TokenScope, WhoAmI};
pub use card::ModelCard;
pub(crate) use card::{CARD_FIELDS, card};
pub use limits::RateLimit;
pub(crate) use limits::read as rate_limits;
pub(crate) use mapping::mapping;
pub use mapping::{Mapping, Serving, serving};
pub(crate) use offers::router_models;
pub use offers::{ModelProvider, RouterModel};
pub(crate) use refusal::{explain, page};
pub use search::{ModelHit, ModelPage, ModelQuery, SORTS};
pub(crate) use search::{hits, is_list, list_url, next_link};
pub use sign_in::{DeviceCode, Granted};
pub(crate) use sign_in::{Poll, begun, expired, granted, polled};
pub use template::{ChatTemplate, Templates};
pub(crate) use template::{
    TEMPLATE_FIELDS, add_file, extra_files, from_model, from_props, has_file, template_files,
};

fn unknown(what: &str) -> Error {
    Error::new(ErrorCode::Format, format!("Hugging Face did not say {what}."))
}

fn string(value: &Value, place: &str) -> Option<String> {
    value.pointer(place).and_then(Value::as_str).map(str::to_owned)
}

fn flag(value: &Value, place: &str) -> Option<bool> {
    value.pointer(place).and_then(Value::as_bool)
}

fn count(value: &Value, place: &str) -> Option<u64> {
    value.pointer(place).and_then(Value::as_u64)
}

fn list<'a>(value: &'a Value, place: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(place).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn strings(value: &Value, place: &str) -> Vec<String> {
    list(value, place).filter_map(Value::as_str).map(str::to_owned).collect()
}
