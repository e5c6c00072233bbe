//! The exact prompt that a model reads: finds its chat template (the Hub, a GGUF file, a server, a built-in
//! format) and renders it; or asks for what stands in a gap.

use limerick_engine::Gguf;
use limerick_inference::Templates;
use limerick_tasks::{ChatInput, Error, ErrorCode, Result};
use limerick_templates::{
    Conversation, FILLS, FORMATS, Fill, Format, Origin, Source, Template, choose, render,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;
use url::Url;

use crate::{
    Header, Playground,
    cache::Known,
    keys::off_thread,
    reach::{Found, Reach},
    store::now,
};

/// Templates change seldom: a repository's own history has a handful of them.
const FRESH: i64 = 60 * 60 * 1000;

/// Which prompt to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MakePrompt {
    /// The connection whose model it is.
    pub connection: String,
    /// The model; empty means the connection's own choice, or none where `format` is a built-in one.
    #[serde(default)]
    pub model: String,
    /// A built-in format (`chatml`, `starcoder`, …), or a named template of the model's own (`tool_use`, `rag`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub format: Option<String>,
    /// What is to be in it.
    pub input: PromptInput,
}

/// What a prompt is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum PromptInput {
    /// A conversation, with tools where there are some.
    Chat(ChatInput),
    /// A gap between two texts, for models that fill in the middle.
    Fill {
        /// What stands before the gap.
        prefix: String,
        /// What stands behind it.
        suffix: String,
    },
}

/// A prompt, to the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Prompt {
    /// What the model reads. It begins with its first special token where the template writes one.
    pub text: String,
    /// The template that made it; `None` for a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub template: Option<Template>,
    /// Texts that end the answer, where they are known.
    pub stop: Vec<String>,
}

impl Playground {
    /// The exact prompt that a model reads.
    ///
    /// # Errors
    /// `Model` when the model has no template and no format is named; `Input` with the template's own words when
    /// it refuses the conversation; the errors of the Hub.
    pub async fn template(&self, wanted: MakePrompt) -> Result<Prompt> {
        match &wanted.input {
            PromptInput::Fill { prefix, suffix } => fill(&wanted, prefix, suffix),
            PromptInput::Chat(input) => {
                let (template, stop) = self.template_for(&wanted, input.tools.is_some()).await?;
                let conversation = Conversation::of_input(input).at(now() / 1000).fit_for(&template.text);
                let text = render(&template, &conversation)?;
                Ok(Prompt { text, template: Some(template), stop })
            }
        }
    }

    async fn template_for(&self, wanted: &MakePrompt, has_tools: bool) -> Result<(Template, Vec<String>)> {
        if let Some(format) = wanted.format.as_deref().and_then(Format::named) {
            return Ok((format.template(), owned(format.stop)));
        }
        let found = self.find_connection(&wanted.connection).await?;
        let sources = match &found.reach {
            Reach::Builtin => vec![self.gguf_of(&wanted.model).await?],
            Reach::HuggingFace { .. } => self.sources_of(&wanted.model).await?,
            Reach::Server { url, headers } => vec![self.told_by(&found, url, headers).await?],
            Reach::Space { .. } => return Err(makes_its_own()),
        };
        let chosen = choose(&sources, wanted.format.as_deref(), has_tools);
        let template = chosen.ok_or_else(|| no_template(wanted.format.as_deref()))?;
        let stop = template.tokens.get("eos_token").filter(|token| !token.is_empty()).cloned();
        Ok((template, stop.into_iter().collect()))
    }

    /// What the head of a model's file says, without loading the model.
    async fn gguf_of(&self, model: &str) -> Result<Source> {
        let path = self.inner.models.find(if model == "auto" { "" } else { model })?.path;
        off_thread("read the model's file", move || Ok(Gguf::read(&path)?.source())).await
    }

    /// What a server says of the model that it has loaded.
    async fn told_by(&self, found: &Found, url: &Url, headers: &[Header]) -> Result<Source> {
        let client = self.inner.network.client_for(&self.settings_now(), &[url])?;
        let told = client.server_templates(&self.server(found, url, headers).await?).await?;
        if told.templates.is_empty() { Err(makes_its_own()) } else { Ok(source(told)) }
    }

    async fn sources_of(&self, model: &str) -> Result<Vec<Source>> {
        let model = model.split(':').next().unwrap_or_default().trim().to_owned();
        if model.is_empty() {
            return Err(Error::new(ErrorCode::Model, "Choose a model first: organisation/model."));
        }
        let question = format!("templates {} {model}", self.inner.network.hub);
        let ask = async {
            let (client, key) = self.hub_client().await?;
            client.templates(&model, key.as_ref()).await
        };
        let Known { answer, .. } = self.inner.cache.ask(&question, Some(FRESH), ask).await?;
        Ok(vec![source(answer)])
    }
}

/// What the client found, as a source of its origin.
fn source(found: Templates) -> Source {
    let rows = found.templates.into_iter().map(|row| json!({ "name": row.name, "template": row.text }));
    let mut fields = Map::from_iter([("chat_template".to_owned(), Value::Array(rows.collect()))]);
    fields.extend(found.special_tokens.into_iter().map(|(name, token)| (name, token.into())));
    let fields = Value::Object(fields);
    match Origin::named(found.source.as_deref().unwrap_or_default()) {
        Origin::Gguf => Source::Gguf(fields),
        origin => Source::Found(origin, fields),
    }
}

fn fill(wanted: &MakePrompt, prefix: &str, suffix: &str) -> Result<Prompt> {
    let named = wanted.format.as_deref().map(|name| Fill::named(name).ok_or_else(|| unknown_fill(name)));
    let fill = match named {
        Some(fill) => fill?,
        None => Fill::of_model(&wanted.model).ok_or_else(|| {
            let message = "This model is not known to fill gaps. Name one that is, or a format.";
            Error::new(ErrorCode::Model, message).with_detail(names(FILLS.iter().map(|fill| fill.name)))
        })?,
    };
    Ok(Prompt { text: fill.prompt(prefix, suffix), template: None, stop: owned(fill.stop) })
}

fn makes_its_own() -> Error {
    let message = "A server makes its prompts itself. Name the model on Hugging Face, or a format.";
    Error::new(ErrorCode::Input, message)
}

fn unknown_fill(name: &str) -> Error {
    let known = names(FILLS.iter().map(|fill| fill.name));
    Error::new(ErrorCode::Input, format!("There is no format {name} for gaps. Choose one of {known}."))
}

fn no_template(format: Option<&str>) -> Error {
    let known = names(FORMATS.iter().map(|format| format.name));
    match format {
        Some(name) => {
            Error::new(ErrorCode::Input, format!("There is no format {name}. Choose one of {known}."))
        }
        None => {
            Error::new(ErrorCode::Model, format!("This model has no chat template. Name a format: {known}."))
        }
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use limerick_inference::ChatTemplate;

    use super::*;

    fn gap(model: &str, format: Option<&str>) -> MakePrompt {
        let input = PromptInput::Fill { prefix: "a".into(), suffix: "b".into() };
        MakePrompt { connection: "hf".into(), model: model.into(), format: format.map(str::to_owned), input }
    }

    #[test]
    fn a_gap_is_filled_by_the_family_of_the_model_or_by_a_named_one() {
        let prompt = |model, format| fill(&gap(model, format), "a", "b").map(|prompt| prompt.text);
        assert_eq!(
            prompt("Qwen/Qwen2.5-Coder-7B", None).unwrap(),
            "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"
        );
        assert_eq!(prompt("x/y", Some("codestral")).unwrap(), "<s>[SUFFIX]b[PREFIX]a");
        assert_eq!(prompt("x/y", None).unwrap_err().code, ErrorCode::Model);
        assert!(prompt("x/y", Some("z")).unwrap_err().message.contains("starcoder"));
    }

    #[test]
    fn what_the_client_found_keeps_its_origin_and_its_tokens() {
        let row = |name: &str, text: &str| ChatTemplate { name: name.into(), text: text.into() };
        let found = Templates {
            templates: vec![row("default", "D"), row("tool_use", "T")],
            source: Some("chat_template.json".into()),
            special_tokens: vec![("bos_token".into(), "<s>".into())],
        };
        let template = choose(&[source(found)], None, true).unwrap();
        assert_eq!((template.text.as_str(), template.origin), ("T", Origin::ChatTemplateJson));
        assert_eq!(template.tokens["bos_token"], "<s>");
        assert!(choose(&[source(Templates::default())], None, false).is_none());
    }
}
