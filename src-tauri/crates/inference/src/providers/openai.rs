//! `OpenAI`'s chat protocol, which most providers share; their differences are fields.

use limerick_tasks::{ChatCompletion, ChatInput, ChatOutput, Error, ErrorCode, Message, Result, Role};
use serde_json::{Map, Value, json};

use super::chat_reader::{self, ChatReader};
use super::{Adapter, Place, Reader, Target};
use crate::address;
use crate::wire::{Head, Reply, Request, Response, Written};

/// What a lone server is told when no model was named; `huggingface_hub` sends the same.
pub(super) const ANY_MODEL: &str = "dummy";

/// Chat in `OpenAI`'s protocol.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chat {
    /// The path below the provider's base.
    pub(crate) route: &'static str,
    /// How a JSON schema for the answer is written.
    pub(crate) schema: Schema,
    /// Headers that this provider wants beside the usual ones.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// TGI's narrower ranges: 0 < `top_p` < 1.
    pub(crate) tgi: bool,
    /// Whether a stream is asked for its token counts unless the input says otherwise.
    pub(crate) usage: bool,
}

/// How `response_format` of type `json_schema` is rewritten (hf-api 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// As `OpenAI` has it.
    Keep,
    /// `{type: "json_object", schema}`: Cohere, Fireworks.
    InObject,
    /// `{type: "json_object", value}`: hf-inference.
    ObjectValue,
    /// `{type: "json_schema", schema}`: Together.
    Flat,
    /// The schema alone, as `guided_json`: Nebius.
    Guided,
}

impl Adapter<ChatCompletion> for Chat {
    fn request(&self, target: &Target, input: &ChatInput) -> Result<Written> {
        let url = match &target.place {
            Place::Base(base) => address::join(base, self.route),
            Place::Given(url) => address::chat(url),
        };
        let mut notes = Vec::new();
        let mut request = Request::post(url, self.body(&target.model, input, &mut notes)?);
        request.headers = self.headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Ok(Written { request, notes })
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<ChatOutput>> {
        chat_reader::read(response)
    }

    fn reader(&self, head: &Head) -> Option<Box<dyn Reader<ChatCompletion>>> {
        Some(Box::new(ChatReader::new(head)))
    }
}

impl Chat {
    /// The body as `huggingface_hub` writes it: `model` first, `stream` always, never a null.
    fn body(&self, model: &str, input: &ChatInput, notes: &mut Vec<String>) -> Result<Value> {
        let mut body = Map::new();
        body.insert("model".into(), json!(if model.is_empty() { ANY_MODEL } else { model }));
        body.insert("messages".into(), messages(&input.messages)?);
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value.filter(|value| !value.is_null()) {
                body.insert(name.to_owned(), value);
            }
        };
        put("frequency_penalty", input.frequency_penalty.map(Value::from));
        put("logit_bias", input.logit_bias.clone());
        put("logprobs", input.logprobs.map(Value::from));
        put("max_tokens", input.max_tokens.map(Value::from));
        put("n", input.n.map(Value::from));
        put("presence_penalty", input.presence_penalty.map(Value::from));
        put(
            self.schema.field(input),
            input.response_format.as_ref().map(|format| self.schema.rewrite(format)),
        );
        put("seed", input.seed.map(Value::from));
        put("stop", (!input.stop.is_empty()).then(|| json!(input.stop)));
        put("temperature", input.temperature.map(Value::from));
        put("top_logprobs", input.top_logprobs.map(Value::from));
        put("top_p", self.top_p(input, notes));
        put("top_k", input.top_k.map(Value::from));
        put("repetition_penalty", input.repetition_penalty.map(Value::from));
        put("tool_choice", input.tool_choice.clone());
        put("tool_prompt", input.tool_prompt.clone().map(Value::from));
        put("tools", input.tools.clone());
        let stream = input.stream.unwrap_or(true);
        put("stream", Some(Value::from(stream)));
        let usual = || self.usage.then(|| json!({"include_usage": true}));
        // vLLM refuses stream_options without a stream.
        put("stream_options", input.stream_options.clone().or_else(usual).filter(|_| stream));
        body.extend(input.extra_body.clone());
        Ok(Value::Object(body))
    }

    fn top_p(&self, input: &ChatInput, notes: &mut Vec<String>) -> Option<Value> {
        let top_p = input.top_p?;
        if self.tgi && !(top_p > 0.0 && top_p < 1.0) {
            notes.push(format!(
                "top_p = {top_p} was left out: this server takes only what lies between 0 and 1."
            ));
            return None;
        }
        Some(Value::from(top_p))
    }
}

impl Schema {
    /// The key under which the answer's form is asked for.
    fn field(self, input: &ChatInput) -> &'static str {
        let schema = input.response_format.as_ref().is_some_and(|format| format["type"] == "json_schema");
        if self == Self::Guided && schema { "guided_json" } else { "response_format" }
    }

    fn rewrite(self, format: &Value) -> Value {
        let schema = format.pointer("/json_schema/schema").filter(|_| format["type"] == "json_schema");
        match (self, schema) {
            (Self::Keep, _) | (_, None) => format.clone(),
            (Self::InObject, Some(schema)) => json!({"type": "json_object", "schema": schema}),
            (Self::ObjectValue, Some(schema)) => json!({"type": "json_object", "value": schema}),
            (Self::Guided, Some(schema)) => schema.clone(),
            (Self::Flat, Some(schema)) => json!({"type": "json_schema", "schema": schema}),
        }
    }
}

/// The conversation without empty turns of the assistant, which make models write line ends.
fn messages(messages: &[Message]) -> Result<Value> {
    let said = |message: &&Message| {
        message.role != Role::Assistant || message.content != limerick_tasks::Content::Text(String::new())
    };
    let kept: Vec<_> = messages.iter().filter(said).collect();
    if kept.is_empty() {
        return Err(Error::new(ErrorCode::Input, "There is no message to answer: write one first."));
    }
    serde_json::to_value(kept).map_err(|cause| Error::internal("write the messages", cause))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use limerick_tasks::Message;
    use url::Url;

    use super::*;
    use crate::providers::{CHAT, TGI_CHAT};

    fn input() -> ChatInput {
        ChatInput { messages: vec![Message::new(Role::User, "hi")], ..ChatInput::default() }
    }

    fn written(chat: Chat, input: &ChatInput) -> Written {
        let place = Place::Base(Url::parse("https://p.test").unwrap());
        chat.request(&Target { place, model: "m".into(), routed: false, lora: None }, input).unwrap()
    }

    #[test]
    fn the_model_is_the_first_key_and_nothing_is_null_or_empty() {
        let body = written(CHAT, &input()).request.body.json().unwrap().clone();
        assert_eq!(
            body.to_string(),
            r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#
        );
    }

    #[test]
    fn what_tgi_refuses_is_left_out_with_a_word_about_it() {
        let input = ChatInput { top_p: Some(1.0), ..input() };
        let tgi = written(TGI_CHAT, &input);
        assert_eq!(tgi.request.body.json().unwrap().clone().get("top_p"), None);
        assert!(tgi.notes[0].contains("top_p = 1"));
        let other = written(CHAT, &input);
        assert_eq!(other.request.body.json().unwrap().clone()["top_p"], 1.0);
        assert!(other.notes.is_empty());
    }

    #[test]
    fn a_schema_is_written_as_its_provider_wants_it() {
        let schema = json!({"type": "object"});
        let format = json!({"type": "json_schema", "json_schema": {"name": "x", "schema": schema}});
        for (kind, field, want) in [
            (Schema::Keep, "response_format", format.clone()),
            (Schema::Flat, "response_format", json!({"type": "json_schema", "schema": schema})),
            (Schema::Guided, "guided_json", schema.clone()),
        ] {
            let input = ChatInput { response_format: Some(format.clone()), ..input() };
            let body = written(Chat { schema: kind, ..CHAT }, &input).request.body.json().unwrap().clone();
            assert_eq!(body[field], want);
            assert_eq!(body.get("response_format").is_some(), field == "response_format");
        }
    }

    #[test]
    fn stream_options_go_with_a_stream_only() {
        let options = json!({"include_usage": true});
        let counting = Chat { usage: true, ..CHAT };
        let asked = ChatInput { stream_options: Some(options.clone()), ..input() };
        for (chat, input, want) in [
            (CHAT, input(), None),
            (CHAT, asked.clone(), Some(&options)),
            (counting, input(), Some(&options)),
            (counting, ChatInput { stream: Some(false), ..asked }, None),
        ] {
            let body = written(chat, &input).request.body.json().unwrap().clone();
            assert_eq!(body.get("stream_options"), want);
        }
    }

    #[test]
    fn empty_assistant_turns_are_not_sent_and_no_message_is_refused() {
        let mut spoken = input();
        spoken.messages.push(Message::new(Role::Assistant, ""));
        assert_eq!(
            written(CHAT, &spoken).request.body.json().unwrap().clone()["messages"].as_array().unwrap().len(),
            1
        );
        let place = Place::Base(Url::parse("https://p.test").unwrap());
        let error = CHAT
            .request(&Target { place, model: "m".into(), routed: false, lora: None }, &ChatInput::default())
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Input);
    }
}
