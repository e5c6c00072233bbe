//! What the Hub says of one model (hf-api 1.4, 1.5).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use url::Url;

use super::{Mapping, count, flag, mapping, page, search::gated, string, strings};

/// What is asked for a model's card.
pub(crate) const CARD_FIELDS: [&str; 14] = [
    "config",
    "gated",
    "gguf",
    "pipeline_tag",
    "tags",
    "library_name",
    "mask_token",
    "likes",
    "downloads",
    "inference",
    "inferenceProviderMapping",
    "lastModified",
    "private",
    "siblings",
];

/// The most tags and files of a model that are kept.
const MOST: usize = 200;

/// A model of the Hub.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ModelCard {
    /// `org/name`.
    pub id: String,
    /// Its page on the Hub, where the terms of a gated model are accepted.
    pub page: String,
    /// The Hub's own task name: `text-to-image`, …
    pub pipeline_tag: Option<String>,
    /// `transformers`, `diffusers`, …
    pub library: Option<String>,
    /// Its terms must be accepted first: `auto` at once, `manual` by its owner.
    pub gated: Option<String>,
    /// Only some may see it.
    pub private: bool,
    /// Warm on hf-inference.
    pub warm: bool,
    /// Likes.
    #[ts(type = "number")]
    pub likes: u64,
    /// Downloads of the last month.
    #[ts(type = "number")]
    pub downloads: u64,
    /// When it was changed last, as the Hub writes it.
    pub last_modified: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The word that stands for the gap (`fill_mask`).
    pub mask_token: Option<String>,
    /// Tokens of context, as the model's own files say.
    pub context_length: Option<u32>,
    /// The model's family: `llama`, `qwen3`, …
    pub architecture: Option<String>,
    /// The files of its repository.
    pub files: Vec<String>,
    /// Whether a chat template is known of; files of templates count.
    pub has_template: bool,
    /// Who serves it.
    pub mapping: Vec<Mapping>,
}

/// Reads `/api/models/{id}` with the fields above.
pub(crate) fn card(value: &Value, asked: &str, hub: &Url) -> ModelCard {
    let id = string(value, "/id").unwrap_or_else(|| asked.to_owned());
    let files = files(value);
    let in_files =
        files.iter().any(|file| file.ends_with("chat_template.jinja") || file == "chat_template.json");
    ModelCard {
        page: page(hub, &id).to_string(),
        pipeline_tag: string(value, "/pipeline_tag"),
        library: string(value, "/library_name"),
        gated: gated(value),
        private: flag(value, "/private").unwrap_or(false),
        warm: string(value, "/inference").as_deref() == Some("warm"),
        likes: count(value, "/likes").unwrap_or_default(),
        downloads: count(value, "/downloads").unwrap_or_default(),
        last_modified: string(value, "/lastModified"),
        tags: strings(value, "/tags").into_iter().take(MOST).collect(),
        mask_token: string(value, "/mask_token"),
        context_length: context(value),
        architecture: string(value, "/gguf/architecture").or_else(|| string(value, "/config/model_type")),
        has_template: in_files || !super::from_model(value).templates.is_empty(),
        files,
        mapping: mapping(value),
        id,
    }
}

pub(super) fn files(value: &Value) -> Vec<String> {
    let rows = super::list(value, "/siblings").filter_map(|row| string(row, "/rfilename"));
    rows.take(MOST).collect()
}

/// GGUF says it plainly; a configuration under one of several names.
fn context(value: &Value) -> Option<u32> {
    [
        "/gguf/context_length",
        "/config/max_position_embeddings",
        "/config/text_config/max_position_embeddings",
        "/config/n_positions",
        "/config/n_ctx",
        "/config/tokenizer_config/model_max_length",
    ]
    .iter()
    .filter_map(|place| u32::try_from(count(value, place)?).ok())
    // Tokenizers without a limit name 10^30, and older ones a billion.
    .find(|tokens| (1..1_000_000_000).contains(tokens))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> ModelCard {
        card(value, "a/b", &Url::parse("https://huggingface.co").unwrap())
    }

    #[test]
    fn the_context_is_found_under_each_of_its_names() {
        for (value, want) in [
            (json!({"gguf": {"context_length": 4096}, "config": {"max_position_embeddings": 1}}), Some(4096)),
            (json!({"config": {"max_position_embeddings": 8192}}), Some(8192)),
            (json!({"config": {"text_config": {"max_position_embeddings": 512}}}), Some(512)),
            (json!({"config": {"tokenizer_config": {"model_max_length": 1e30}}}), None),
            (json!({"config": {"n_ctx": 0, "tokenizer_config": {"model_max_length": 77}}}), Some(77)),
            (json!({}), None),
        ] {
            assert_eq!(read(&value).context_length, want, "{value}");
        }
    }

    #[test]
    fn a_gated_model_has_its_page_and_a_masked_one_its_token() {
        let card = read(&json!({
            "id": "a/b", "gated": "manual", "mask_token": "[MASK]", "inference": "warm",
            "siblings": [{"rfilename": "chat_template.jinja"}, {}], "tags": ["x", 3],
        }));
        assert_eq!(
            (card.page.as_str(), card.gated.as_deref()),
            ("https://huggingface.co/a/b", Some("manual"))
        );
        assert_eq!((card.mask_token.as_deref(), card.warm, card.has_template), (Some("[MASK]"), true, true));
        assert_eq!(card.tags, ["x"]);
        let template = json!({"config": {"tokenizer_config": {"chat_template": "t"}}});
        assert!(read(&template).has_template && !read(&json!({})).has_template);
    }
}
