//! The classic tasks (hf-api 2): `{inputs, parameters}`, or a picture's bytes as they are, to the model's path
//! or to an address that serves one model.

use bytes::Bytes;
use limerick_tasks::{Media, Result, Task};
use serde_json::{Map, Value};

use super::super::{Adapter, Place, Target};
use super::model_url;
use crate::address;
use crate::error;
use crate::wire::{Body, Method, Reply, Request, Response, Written};

/// A task as a pipeline takes it.
pub(crate) trait PipelineTask: Task {
    /// What follows the model in the path; not empty where models serve several tasks.
    const ROUTE: &'static str = "";

    /// What is sent.
    fn body(input: &Self::Input) -> Body;

    /// Reads the answer, which is no error.
    ///
    /// # Errors
    /// `format` when it has none of the known forms.
    fn output(answer: Value) -> Result<Self::Output>;
}

/// Every classic task at hf-inference, and at a server that serves one model by its address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pipeline;

impl<T: PipelineTask> Adapter<T> for Pipeline {
    fn request(&self, target: &Target, input: &T::Input) -> Result<Written> {
        let url = match &target.place {
            Place::Base(_) => address::join(&model_url(target)?, T::ROUTE),
            Place::Given(url) => url.clone(),
        };
        let request = Request { method: Method::Post, body: T::body(input), ..Request::get(url) };
        Ok(Written { request, notes: Vec::new() })
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<T::Output>> {
        let answer = response.json()?;
        let first = answer.as_array().and_then(|list| list.first()).unwrap_or(&answer);
        match error::from_value(first) {
            Some(error) => Err(error),
            None => T::output(answer).map(Reply::Done),
        }
    }
}

/// The parameters that are set; `extra` comes last and wins.
pub(crate) fn parameters<const N: usize>(
    given: [(&str, Value); N],
    extra: &Map<String, Value>,
) -> Map<String, Value> {
    let set = given.into_iter().filter(|(_, value)| is_set(value));
    let mut parameters: Map<String, Value> = set.map(|(name, value)| (name.to_owned(), value)).collect();
    parameters.extend(extra.clone());
    parameters
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

/// `{inputs, parameters}`; as `huggingface_hub` has it, `parameters` is there even when there are none.
pub(super) fn json(inputs: Value, parameters: Map<String, Value>) -> Body {
    let mut body = Map::new();
    body.insert("inputs".into(), inputs);
    body.insert("parameters".into(), Value::Object(parameters));
    Body::Json(Value::Object(body))
}

/// A picture or a sound: its bytes when there are no parameters, else in base64 with them.
pub(super) fn file(media: &Media, parameters: Map<String, Value>) -> Body {
    if parameters.is_empty() {
        raw(&media.media_type, media.bytes.clone())
    } else {
        json(Value::String(media.base64()), parameters)
    }
}

fn raw(media_type: &str, bytes: Bytes) -> Body {
    let known = !media_type.is_empty();
    let media_type = if known { media_type } else { "application/octet-stream" }.to_owned();
    Body::Bytes { media_type, bytes }
}
