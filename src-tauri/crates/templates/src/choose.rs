//! Which template a model has, out of what someone else fetched (hf-api 6.1, in the order of its strength).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A template and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Template {
    /// The template, in Jinja.
    pub text: String,
    /// `default`, `tool_use`, `rag`, or the name of a built-in format.
    pub name: String,
    /// Where it was found.
    pub origin: Origin,
    /// Special tokens by their names, such as `bos_token`.
    pub tokens: BTreeMap<String, String>,
}

/// Where a template was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// `chat_template.jinja`, or one of `additional_chat_templates`.
    ChatTemplateJinja,
    /// `chat_template.json`.
    ChatTemplateJson,
    /// `processor_config.json`.
    ProcessorConfig,
    /// `tokenizer_config.json`.
    TokenizerConfig,
    /// The head of a GGUF file, from the file itself or from the server that has loaded it.
    Gguf,
    /// One of the formats that Limerick knows.
    BuiltIn,
}

impl Origin {
    /// The origin by the name of its file, or `gguf`.
    pub fn named(name: &str) -> Self {
        match name {
            "chat_template.jinja" => Self::ChatTemplateJinja,
            "chat_template.json" => Self::ChatTemplateJson,
            "processor_config.json" => Self::ProcessorConfig,
            "gguf" => Self::Gguf,
            _ => Self::TokenizerConfig,
        }
    }
}

/// Something that was fetched and may hold a template or special tokens.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// `chat_template.jinja` (no name) or `additional_chat_templates/<name>.jinja`.
    Jinja {
        /// The name of an additional template.
        name: Option<String>,
        /// The file.
        text: String,
    },
    /// `chat_template.json`.
    ChatTemplateJson(Value),
    /// `processor_config.json`.
    ProcessorConfig(Value),
    /// `tokenizer_config.json`, or the Hub's `config.tokenizer_config`.
    TokenizerConfig(Value),
    /// `special_tokens_map.json`.
    SpecialTokensMap(Value),
    /// The head of a GGUF file, or the Hub's `gguf`: `chat_template`, `bos_token`, `eos_token`.
    Gguf(Value),
    /// What someone else found at this place: `chat_template` in any form, and special tokens beside it.
    Found(Origin, Value),
}

/// A template that was found: its strength, its name, where, and its text.
type Found<'s> = (Origin, &'s str, &'s str);

/// Chooses a template: the wanted name, else `tool_use` when there are tools and it exists, else `default`.
/// `None` when nothing holds a template.
pub fn choose(sources: &[Source], wanted: Option<&str>, has_tools: bool) -> Option<Template> {
    let mut found: Vec<Found<'_>> = sources.iter().flat_map(templates).collect();
    found.sort_by_key(|(origin, _, _)| *origin as u8);
    // A stronger place is the only one that counts, but for names that it does not have.
    let named = |name: &str| found.iter().find(|(_, its, _)| *its == name);
    let chosen = match wanted {
        Some(name) => named(name),
        None => has_tools.then(|| named("tool_use")).flatten().or_else(|| named("default")).or(found.first()),
    };
    let (origin, name, text) = chosen?;
    let tokens = tokens(sources);
    Some(Template { text: (*text).to_owned(), name: (*name).to_owned(), origin: *origin, tokens })
}

fn templates(source: &Source) -> Vec<Found<'_>> {
    let under = |origin, value| listed(origin, value, "chat_template");
    match source {
        Source::Jinja { name, text } => {
            vec![(Origin::ChatTemplateJinja, name.as_deref().unwrap_or("default"), text)]
        }
        Source::ChatTemplateJson(value) => under(Origin::ChatTemplateJson, value),
        Source::ProcessorConfig(value) => under(Origin::ProcessorConfig, value),
        Source::TokenizerConfig(value) => under(Origin::TokenizerConfig, value),
        Source::Found(origin, value) => under(*origin, value),
        Source::SpecialTokensMap(_) => Vec::new(),
        Source::Gguf(value) => gguf(value),
    }
}

/// `chat_template`: a text, a list of `{name, template}`, or an object by name.
fn listed<'s>(origin: Origin, value: &'s Value, key: &str) -> Vec<Found<'s>> {
    match value.get(key) {
        Some(Value::String(text)) => vec![(origin, "default", text)],
        Some(Value::Array(rows)) => rows
            .iter()
            .filter_map(|row| Some((origin, row.get("name")?.as_str()?, row.get("template")?.as_str()?)))
            .collect(),
        Some(Value::Object(rows)) => {
            rows.iter().filter_map(|(name, text)| Some((origin, name.as_str(), text.as_str()?))).collect()
        }
        _ => Vec::new(),
    }
}

/// `chat_template`, and `chat_template.<name>` of the same head.
fn gguf(value: &Value) -> Vec<Found<'_>> {
    let named =
        value.as_object().into_iter().flatten().filter_map(|(key, text)| {
            Some((Origin::Gguf, key.strip_prefix("chat_template.")?, text.as_str()?))
        });
    listed(Origin::Gguf, value, "chat_template").into_iter().chain(named).collect()
}

/// Special tokens of all sources; the tokenizer's configuration wins.
fn tokens(sources: &[Source]) -> BTreeMap<String, String> {
    let strength = |source: &&Source| match source {
        Source::TokenizerConfig(_) => 0,
        Source::SpecialTokensMap(_) => 1,
        _ => 2,
    };
    let mut holders: Vec<&Source> = sources.iter().collect();
    holders.sort_by_key(strength);
    let mut found = BTreeMap::new();
    for holder in holders {
        if let Source::TokenizerConfig(value)
        | Source::SpecialTokensMap(value)
        | Source::Gguf(value)
        | Source::Found(_, value) = holder
        {
            for (name, token) in value.as_object().into_iter().flatten() {
                if let Some(token) = content(token).filter(|_| name.ends_with("_token")) {
                    found.entry(name.clone()).or_insert_with(|| token.to_owned());
                }
            }
        }
    }
    found
}

/// A token is a text, or an object whose `content` it is.
fn content(token: &Value) -> Option<&str> {
    token.as_str().or_else(|| token.get("content")?.as_str())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use serde_json::json;

    use super::*;

    fn tokenizer() -> Source {
        Source::TokenizerConfig(json!({
            "bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "pad_token": null,
            "add_bos_token": true,
            "chat_template": [{"name": "default", "template": "D"}, {"name": "tool_use", "template": "T"}, {"x": 1}],
        }))
    }

    #[test]
    fn the_stronger_place_wins_and_tokens_come_from_everywhere() {
        let sources = [
            Source::Gguf(json!({"chat_template": "G", "bos_token": "<g>", "unk_token": "?"})),
            tokenizer(),
            Source::SpecialTokensMap(json!({"eos_token": "</x>", "pad_token": {"content": "<pad>"}})),
            Source::Jinja { name: None, text: "J".into() },
        ];
        let chosen = choose(&sources, None, false).unwrap();
        assert_eq!((chosen.text.as_str(), chosen.origin), ("J", Origin::ChatTemplateJinja));
        let tokens: Vec<_> =
            chosen.tokens.iter().map(|(name, token)| (name.as_str(), token.as_str())).collect();
        assert_eq!(
            tokens,
            [("bos_token", "<s>"), ("eos_token", "</s>"), ("pad_token", "<pad>"), ("unk_token", "?")]
        );
    }

    #[test]
    fn tools_take_their_own_template_where_there_is_one() {
        assert_eq!(choose(&[tokenizer()], None, true).unwrap().text, "T");
        assert_eq!(choose(&[tokenizer()], None, false).unwrap().text, "D");
        assert_eq!(choose(&[tokenizer()], Some("tool_use"), false).unwrap().name, "tool_use");
        assert!(choose(&[tokenizer()], Some("rag"), false).is_none());
        let plain = Source::TokenizerConfig(json!({"chat_template": "P"}));
        assert_eq!(choose(&[plain], None, true).unwrap().text, "P");
    }

    #[test]
    fn additional_files_and_keys_of_a_gguf_have_names() {
        let sources = [
            Source::Jinja { name: None, text: "J".into() },
            Source::Jinja { name: Some("rag".into()), text: "R".into() },
            Source::Gguf(json!({"chat_template": "G", "chat_template.tool_use": "GT"})),
        ];
        assert_eq!(choose(&sources, Some("rag"), false).unwrap().text, "R");
        assert_eq!(choose(&sources, None, true).unwrap().text, "GT");
        assert!(choose(&[Source::ChatTemplateJson(json!([]))], None, false).is_none());
        let processor = Source::ProcessorConfig(json!({"chat_template": {"default": "V"}}));
        assert_eq!(choose(&[processor], None, false).unwrap().origin, Origin::ProcessorConfig);
        let fields = json!({"chat_template": "F", "bos_token": "<s>"});
        let found = choose(&[Source::Found(Origin::ChatTemplateJson, fields)], None, false).unwrap();
        assert_eq!((found.origin, found.tokens["bos_token"].as_str()), (Origin::ChatTemplateJson, "<s>"));
    }
}
