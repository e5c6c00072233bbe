//! Chat templates and special tokens of a model: where they lie, and in which order they count (hf-api 1.5, 6.1).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{list, string};

/// What is asked of a model to find its templates without fetching files.
pub(crate) const TEMPLATE_FIELDS: [&str; 3] = ["config", "gguf", "siblings"];

/// The files that may hold templates, the strongest first.
const FILES: [&str; 4] =
    ["chat_template.jinja", "chat_template.json", "processor_config.json", "tokenizer_config.json"];

/// Where further templates lie, a file each: `additional_chat_templates/tool_use.jinja`.
const EXTRAS: &str = "additional_chat_templates/";
/// The most of them that are fetched; nobody has more than a handful.
const MOST_EXTRAS: usize = 8;

/// The special tokens that templates use.
const TOKENS: [&str; 7] =
    ["bos_token", "eos_token", "pad_token", "unk_token", "sep_token", "cls_token", "mask_token"];

/// One chat template, as its author wrote it: untrusted text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChatTemplate {
    /// `default`, `tool_use`, `rag`, …
    pub name: String,
    /// The Jinja source.
    pub text: String,
}

/// The templates of a model and the special tokens that they use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Templates {
    /// The templates; empty when the model has none.
    pub templates: Vec<ChatTemplate>,
    /// Where they come from: `gguf`, `config`, or a file's name.
    pub source: Option<String>,
    /// `bos_token`, `eos_token`, … and what they are.
    pub special_tokens: Vec<(String, String)>,
}

impl Templates {
    /// The template of a name, or `default`, or the only one.
    pub fn named(&self, name: &str) -> Option<&ChatTemplate> {
        let find = |name: &str| self.templates.iter().find(|template| template.name == name);
        find(name).or_else(|| find("default")).or_else(|| self.templates.first())
    }

    /// What a special token is.
    pub fn token(&self, name: &str) -> Option<&str> {
        self.special_tokens.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// Takes templates from a place, unless a stronger one had some.
    fn offer(&mut self, source: &str, templates: Vec<ChatTemplate>) {
        if self.templates.is_empty() && !templates.is_empty() {
            self.templates = templates;
            self.source = Some(source.to_owned());
        }
    }

    /// Adds a template whose name no stronger place has.
    fn add(&mut self, source: &str, template: ChatTemplate) {
        if !self.templates.iter().any(|known| known.name == template.name) {
            self.source.get_or_insert_with(|| source.to_owned());
            self.templates.push(template);
        }
    }

    fn add_tokens(&mut self, from: &Value) {
        for name in TOKENS {
            let text = match from.get(name) {
                Some(Value::String(text)) => Some(text.clone()),
                Some(token) => string(token, "/content"),
                None => None,
            };
            if let (Some(text), None) = (text, self.token(name)) {
                self.special_tokens.push((name.to_owned(), text));
            }
        }
    }
}

/// Reads what the Hub tells with `expand[]=config` and `expand[]=gguf`, in its own order.
pub(crate) fn from_model(value: &Value) -> Templates {
    let mut found = Templates::default();
    let at = |place: &str| value.pointer(place).map(templates).unwrap_or_default();
    found.offer("gguf", at("/gguf/chat_template"));
    found.offer("config", at("/config/chat_template_jinja"));
    found.offer("config", at("/config/processor_config/chat_template"));
    found.offer("config", at("/config/tokenizer_config/chat_template"));
    for place in ["/config/tokenizer_config", "/gguf"] {
        if let Some(from) = value.pointer(place) {
            found.add_tokens(from);
        }
    }
    found
}

/// The files of this model that may hold templates, the strongest first.
pub(crate) fn template_files(value: &Value) -> impl Iterator<Item = &'static str> {
    FILES.into_iter().filter(|file| has_file(value, file))
}

/// Whether the model's repository has a file; yes when the Hub does not list any.
pub(crate) fn has_file(value: &Value, file: &str) -> bool {
    value.get("siblings").is_none() || list(value, "/siblings").any(|row| row["rfilename"] == file)
}

/// The files of this model that hold a further template each.
pub(crate) fn extra_files(value: &Value) -> impl Iterator<Item = &str> {
    let files = list(value, "/siblings").filter_map(|row| row["rfilename"].as_str());
    files.filter(|file| extra_name(file).is_some()).take(MOST_EXTRAS)
}

/// The name of the template that a file holds.
fn extra_name(file: &str) -> Option<&str> {
    let plain = |name: &&str| name.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_".contains(sign));
    file.strip_prefix(EXTRAS)?.strip_suffix(".jinja").filter(plain).filter(|name| !name.is_empty())
}

/// Reads what llama.cpp's server tells of the model that it has loaded (`/props`, hf-api 8.5).
pub(crate) fn from_props(value: &Value) -> Templates {
    let mut found = Templates::default();
    let mut rows = value.get("chat_template").map(templates).unwrap_or_default();
    let with_tools = string(value, "/chat_template_tool_use").filter(|text| !text.is_empty());
    rows.extend(with_tools.map(|text| ChatTemplate { name: "tool_use".into(), text }));
    found.offer("gguf", rows);
    found.add_tokens(value);
    found
}

/// Adds what a file holds. A file that cannot be read adds nothing.
pub(crate) fn add_file(found: &mut Templates, file: &str, text: &str) {
    if let Some(name) = extra_name(file) {
        return found.add(file, ChatTemplate { name: name.to_owned(), text: text.to_owned() });
    }
    if file == FILES[0] {
        return found.offer(file, vec![ChatTemplate { name: "default".into(), text: text.to_owned() }]);
    }
    let Ok(value) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else { return };
    found.offer(file, value.get("chat_template").map(templates).unwrap_or_default());
    found.add_tokens(&value);
}

/// A text, a list of `{name, template}`, or an object by name.
fn templates(value: &Value) -> Vec<ChatTemplate> {
    let one = |name: &str, text: &str| ChatTemplate { name: name.to_owned(), text: text.to_owned() };
    match value {
        Value::String(text) if !text.is_empty() => vec![one("default", text)],
        Value::Array(rows) => rows
            .iter()
            .filter_map(|row| Some(one(row.get("name")?.as_str()?, row.get("template")?.as_str()?)))
            .collect(),
        Value::Object(rows) => {
            rows.iter().filter_map(|(name, text)| Some(one(name, text.as_str()?))).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn gguf_comes_before_the_jinja_file_and_that_before_the_tokenizer() {
        let config = json!({
            "chat_template_jinja": "jinja",
            "tokenizer_config": {"chat_template": "old", "bos_token": "<s>", "eos_token": {"content": "</s>"}},
        });
        let all = json!({"gguf": {"chat_template": "gguf", "bos_token": "<other>"}, "config": config});
        let found = from_model(&all);
        assert_eq!((found.templates[0].text.as_str(), found.source.as_deref()), ("gguf", Some("gguf")));
        assert_eq!((found.token("bos_token"), found.token("eos_token")), (Some("<s>"), Some("</s>")));
        assert_eq!(from_model(&json!({ "config": config })).templates[0].text, "jinja");
        let old = json!({"config": {"tokenizer_config": {"chat_template": "old"}}});
        assert_eq!(from_model(&old).templates[0].text, "old");
        assert_eq!(from_model(&json!({"config": null})), Templates::default());
    }

    #[test]
    fn a_list_of_templates_is_chosen_from_by_name() {
        let rows =
            json!([{"name": "default", "template": "d"}, {"name": "tool_use", "template": "t"}, {"name": 1}]);
        let found = from_model(&json!({"config": {"tokenizer_config": {"chat_template": rows}}}));
        let text = |name: &str| found.named(name).map(|template| template.text.as_str());
        assert_eq!((text("tool_use"), text("rag")), (Some("t"), Some("d")));
        assert_eq!(Templates::default().named("default"), None);
    }

    #[test]
    fn files_of_their_own_add_named_templates_and_never_take_a_place() {
        let names = ["tool_use.jinja", "rag.jinja", "a b.jinja", "../x.jinja", "rag.txt", ".jinja"];
        let rows: Vec<_> = names.iter().map(|name| json!({"rfilename": format!("{EXTRAS}{name}")})).collect();
        let model = json!({"siblings": rows});
        let files: Vec<_> = extra_files(&model).collect();
        assert_eq!(
            files,
            ["additional_chat_templates/tool_use.jinja", "additional_chat_templates/rag.jinja"]
        );
        let mut found = from_model(&json!({"config": {"chat_template_jinja": "d"}}));
        add_file(&mut found, files[0], "t");
        add_file(&mut found, files[0], "other");
        let text = |name: &str| found.named(name).map(|template| template.text.as_str());
        assert_eq!(
            (text("tool_use"), text("default"), found.source.as_deref()),
            (Some("t"), Some("d"), Some("config"))
        );
    }

    #[test]
    fn a_server_tells_its_template_and_its_tokens() {
        let props = json!({"chat_template": "d", "chat_template_tool_use": "t", "bos_token": "<s>", "build_info": "b1"});
        let found = from_props(&props);
        assert_eq!((found.templates.len(), found.token("bos_token")), (2, Some("<s>")));
        assert_eq!(from_props(&json!({"chat_template": ""})), Templates::default());
    }

    #[test]
    fn files_add_what_is_missing_and_broken_ones_nothing() {
        let mut found = Templates::default();
        add_file(&mut found, "chat_template.json", "{broken");
        add_file(&mut found, "chat_template.jinja", "{{ messages }}");
        add_file(
            &mut found,
            "tokenizer_config.json",
            "\u{feff}{\"chat_template\": \"old\", \"bos_token\": \"<s>\"}",
        );
        assert_eq!(found.source.as_deref(), Some("chat_template.jinja"));
        assert_eq!((found.templates.len(), found.token("bos_token")), (1, Some("<s>")));
    }
}
