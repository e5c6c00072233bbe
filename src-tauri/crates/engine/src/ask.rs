//! What the worker is asked to do: the inputs of all text tasks in one form, checked.

use limerick_tasks::{ChatInput, Content, Error, ErrorCode, Message, Part, Result, TextInput};
use serde_json::{Map, Value, json};

use crate::manifest::Advice;

/// One prompt and how to go on from it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) prompt: Prompt,
    pub(crate) choice: Choice,
    pub(crate) max_tokens: Option<u32>,
    pub(crate) stop: Vec<String>,
    /// Keep only this many tokens of the prompt's end.
    pub(crate) truncate: Option<u32>,
    /// The answer is to be JSON of this schema.
    pub(crate) schema: Option<Value>,
    /// What the person should know before the answer.
    pub(crate) notes: Vec<String>,
}

/// What the model is to go on from.
#[derive(Debug, Clone)]
pub(crate) enum Prompt {
    Chat(Vec<Message>),
    Raw(String),
}

/// How the next token is chosen. `None` is for the model's advice, else for llama.cpp's default.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    pub(crate) greedy: bool,
    pub(crate) temperature: Option<f64>,
    pub(crate) top_k: Option<u32>,
    pub(crate) top_p: Option<f64>,
    pub(crate) min_p: Option<f64>,
    pub(crate) typical_p: Option<f64>,
    pub(crate) repetition_penalty: Option<f64>,
    pub(crate) frequency_penalty: Option<f64>,
    pub(crate) presence_penalty: Option<f64>,
    pub(crate) seed: Option<u64>,
}

impl Ask {
    pub(crate) fn chat(input: &ChatInput) -> Result<Self> {
        if input.messages.is_empty() {
            return Err(refuse("messages", "There is nothing to answer; write a message first."));
        }
        if picture_urls(&input.messages).any(|url| !url.trim_start().starts_with("data:")) {
            let message = "The built-in engine fetches no pictures; save this one and add it as a file.";
            return Err(refuse("messages", message));
        }
        let (min_p, typical_p, unknown) = extras(&input.extra_body)?;
        let unused = [
            ("n", input.n.is_some_and(|n| n > 1)),
            ("logprobs", input.logprobs == Some(true)),
            ("logit_bias", input.logit_bias.is_some()),
            ("tools", input.tools.is_some()),
        ];
        let choice = Choice {
            greedy: input.temperature == Some(0.0),
            temperature: input.temperature,
            top_k: input.top_k,
            top_p: input.top_p,
            min_p,
            typical_p,
            repetition_penalty: input.repetition_penalty,
            frequency_penalty: input.frequency_penalty,
            presence_penalty: input.presence_penalty,
            seed: input.seed,
        };
        Self {
            prompt: Prompt::Chat(input.messages.clone()),
            choice,
            max_tokens: input.max_tokens,
            stop: input.stop.clone(),
            truncate: None,
            schema: input.response_format.as_ref().map(schema).transpose()?.flatten(),
            notes: note(&unused, unknown),
        }
        .checked()
    }

    pub(crate) fn text(input: &TextInput) -> Result<Self> {
        let (min_p, typical_p, unknown) = extras(&input.extra_body)?;
        let unused = [
            ("best_of", input.best_of.is_some_and(|best| best > 1)),
            ("watermark", input.watermark == Some(true)),
            ("decoder_input_details", input.decoder_input_details == Some(true)),
            ("top_n_tokens", input.top_n_tokens.is_some()),
            ("adapter_id", input.adapter_id.is_some()),
        ];
        let choice = Choice {
            greedy: input.do_sample == Some(false) || input.temperature == Some(0.0),
            temperature: input.temperature,
            top_k: input.top_k,
            top_p: input.top_p,
            min_p,
            typical_p: input.typical_p.or(typical_p),
            repetition_penalty: input.repetition_penalty,
            frequency_penalty: input.frequency_penalty,
            presence_penalty: None,
            seed: input.seed,
        };
        Self {
            prompt: Prompt::Raw(input.prompt.clone()),
            choice,
            max_tokens: input.max_new_tokens,
            stop: input.stop.clone(),
            truncate: input.truncate,
            schema: input.grammar.as_ref().map(schema).transpose()?.flatten(),
            notes: note(&unused, unknown),
        }
        .checked()
    }

    /// Whether it is about pictures.
    pub(crate) fn has_pictures(&self) -> bool {
        matches!(&self.prompt, Prompt::Chat(messages) if picture_urls(messages).next().is_some())
    }

    /// Refuses numbers that mean nothing, naming the parameter.
    fn checked(self) -> Result<Self> {
        let choice = &self.choice;
        within("temperature", choice.temperature, 0.0, 5.0)?;
        within("top_p", choice.top_p, 0.0, 1.0)?;
        within("min_p", choice.min_p, 0.0, 1.0)?;
        within("typical_p", choice.typical_p, 0.0, 1.0)?;
        within("repetition_penalty", choice.repetition_penalty, 0.1, 10.0)?;
        within("frequency_penalty", choice.frequency_penalty, -2.0, 2.0)?;
        within("presence_penalty", choice.presence_penalty, -2.0, 2.0)?;
        if self.max_tokens == Some(0) || self.truncate == Some(0) {
            return Err(refuse("max_tokens", "The number of tokens must be at least 1."));
        }
        Ok(self)
    }
}

impl Choice {
    /// Whether the person asked for something that must come out the same every time.
    pub(crate) fn repeatable(&self) -> bool {
        self.greedy || self.seed.is_some()
    }

    /// Fills what the person left open with what the model's makers advise.
    pub(crate) fn advised(mut self, advice: Advice) -> Self {
        self.temperature = self.temperature.or(advice.temperature);
        self.top_k = self.top_k.or(advice.top_k);
        self.top_p = self.top_p.or(advice.top_p);
        self
    }
}

/// The addresses of all pictures in messages.
fn picture_urls(messages: &[Message]) -> impl Iterator<Item = &str> {
    let parts = messages.iter().flat_map(|message| match &message.content {
        Content::Parts(parts) => parts.as_slice(),
        Content::Text(_) => &[],
    });
    parts.filter_map(|part| match part {
        Part::ImageUrl { image_url } => Some(image_url.url.as_str()),
        Part::Text { .. } => None,
    })
}

fn refuse(field: &str, message: &str) -> Error {
    let mut error = Error::new(ErrorCode::Input, message);
    error.field = Some(field.to_owned());
    error
}

fn within(field: &str, value: Option<f64>, low: f64, high: f64) -> Result<()> {
    match value {
        Some(value) if !(low..=high).contains(&value) => {
            Err(refuse(field, &format!("{field} is {value}; the built-in engine takes {low} to {high}.")))
        }
        _ => Ok(()),
    }
}

/// Takes `min_p` and `typical_p` from the extra keys; returns the names of those that nobody knows.
fn extras(extra: &Map<String, Value>) -> Result<(Option<f64>, Option<f64>, Vec<&str>)> {
    let number = |key: &str| match extra.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            value.as_f64().map(Some).ok_or_else(|| refuse(key, &format!("{key} must be a number.")))
        }
    };
    let unknown = extra.keys().map(String::as_str).filter(|key| !matches!(*key, "min_p" | "typical_p"));
    Ok((number("min_p")?, number("typical_p")?, unknown.collect()))
}

fn note(unused: &[(&str, bool)], unknown: Vec<&str>) -> Vec<String> {
    let mut names: Vec<&str> = unused.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect();
    names.extend(unknown);
    if names.is_empty() {
        return Vec::new();
    }
    vec![format!("The built-in engine does not use {}.", names.join(", "))]
}

/// Reads OpenAI's `response_format` and TGI's `grammar` (hf-api: `json` and `json_schema`).
fn schema(format: &Value) -> Result<Option<Value>> {
    match format["type"].as_str() {
        Some("text") => Ok(None),
        Some("json_object") => Ok(Some(json!({ "type": "object" }))),
        Some("json") => Ok(Some(format["value"].clone())),
        Some("json_schema") => {
            let named =
                format.get("json_schema").or_else(|| format.get("value")).cloned().unwrap_or_default();
            Ok(Some(named.get("schema").cloned().unwrap_or(named)))
        }
        _ => Err(refuse(
            "response_format",
            "The built-in engine writes text, a JSON object or JSON of a schema.",
        )),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use limerick_tasks::Role;

    use super::*;

    fn chat(change: impl FnOnce(&mut ChatInput)) -> Result<Ask> {
        let mut input = ChatInput { messages: vec![Message::new(Role::User, "Hi")], ..ChatInput::default() };
        change(&mut input);
        Ask::chat(&input)
    }

    #[test]
    fn nothing_set_leaves_everything_to_the_model() {
        let ask = chat(|_| {}).unwrap();
        assert!(ask.notes.is_empty() && !ask.choice.repeatable() && ask.choice.temperature.is_none());
        let advice = Advice { temperature: Some(0.2), ..Advice::default() };
        assert_eq!(ask.choice.advised(advice).temperature, Some(0.2));
    }

    #[test]
    fn parameters_that_are_not_used_are_named_once() {
        let ask = chat(|input| {
            input.n = Some(3);
            input.tools = Some(json!([]));
            input.extra_body.insert("foo".into(), json!(1));
            input.extra_body.insert("min_p".into(), json!(0.1));
        })
        .unwrap();
        assert_eq!(ask.notes, ["The built-in engine does not use n, tools, foo."]);
        assert_eq!(ask.choice.min_p, Some(0.1));
    }

    #[test]
    fn a_number_out_of_range_is_refused_with_its_name() {
        let error = chat(|input| input.top_p = Some(1.5)).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Input, Some("top_p")));
        assert!(chat(|input| input.temperature = Some(f64::NAN)).is_err());
        assert!(chat(|input| input.max_tokens = Some(0)).is_err());
        assert!(chat(|input| input.messages.clear()).is_err());
    }

    #[test]
    fn a_schema_is_found_in_either_protocols_form() {
        let openai =
            json!({"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "array"}}});
        let tgi = json!({"type": "json", "value": {"type": "array"}});
        for format in [openai, tgi] {
            assert_eq!(schema(&format).unwrap(), Some(json!({"type": "array"})));
        }
        assert!(schema(&json!({"type": "regex", "value": "a+"})).is_err());
    }
}
