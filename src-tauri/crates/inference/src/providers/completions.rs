//! `OpenAI`'s completions: a raw prompt to providers and servers that do not speak TGI's form.

use limerick_tasks::{Result, TextGeneration, TextInput, TextOutput};
use serde_json::{Map, Value, json};

use super::text_reader::{self, TextReader};
use super::{Adapter, Place, Reader, Target, tgi};
use crate::address;
use crate::wire::{Head, Reply, Request, Response, Written};

/// What a lone server is told when no model was named.
const ANY_MODEL: &str = "dummy";

/// A continuation in `OpenAI`'s protocol.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Completions {
    /// The path below the provider's base.
    pub(crate) route: &'static str,
    /// How the parameters are called and where they stand.
    pub(crate) words: Words,
    /// Whether a stream is asked for its token counts.
    pub(crate) usage: bool,
}

/// How the official clients write the parameters for a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// `max_tokens` at the root.
    OpenAi,
    /// TGI's `max_new_tokens` at the root, as `huggingface_hub` does for Novita and Together.
    Tgi,
    /// Below `parameters`, the prompt twice, as `@huggingface/inference` does for Scaleway.
    Nested,
}

impl Adapter<TextGeneration> for Completions {
    fn request(&self, target: &Target, input: &TextInput) -> Result<Written> {
        let url = match &target.place {
            Place::Base(base) => address::join(base, self.route),
            Place::Given(url) => address::completions(url),
        };
        let body = self.body(&target.model, input);
        Ok(Written { request: Request::post(url, body), notes: Vec::new() })
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<TextOutput>> {
        text_reader::read(response)
    }

    fn reader(&self, head: &Head) -> Option<Box<dyn Reader<TextGeneration>>> {
        Some(Box::new(TextReader::new(head)))
    }
}

impl Completions {
    fn body(&self, model: &str, input: &TextInput) -> Value {
        let mut body = Map::new();
        body.insert("model".into(), json!(if model.is_empty() { ANY_MODEL } else { model }));
        let mut parameters = tgi::parameters(input);
        if self.words == Words::OpenAi
            && let Some(limit) = parameters.shift_remove("max_new_tokens")
        {
            parameters.insert("max_tokens".into(), limit);
        }
        if self.words == Words::Nested {
            body.insert("inputs".into(), json!(input.prompt));
            if !parameters.is_empty() {
                body.insert("parameters".into(), Value::Object(parameters));
            }
        } else {
            body.extend(parameters);
        }
        body.insert("prompt".into(), json!(input.prompt));
        if input.stream.unwrap_or(true) {
            body.insert("stream".into(), json!(true));
            if self.usage {
                body.insert("stream_options".into(), json!({"include_usage": true}));
            }
        }
        Value::Object(body)
    }
}
