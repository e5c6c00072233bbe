//! TGI's own form for raw text: `{inputs, parameters, stream}` to `/generate` and its kin.

use limerick_tasks::{Result, TextGeneration, TextInput, TextOutput};
use serde_json::{Map, Value, json};
use url::Url;

use super::text_reader::{self, TextReader};
use super::{Adapter, Place, Reader, Target};
use crate::address;
use crate::wire::{Head, Reply, Request, Response, Written};

/// A continuation from a TGI server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Generate;

impl Adapter<TextGeneration> for Generate {
    fn request(&self, target: &Target, input: &TextInput) -> Result<Written> {
        let (Place::Base(url) | Place::Given(url)) = &target.place;
        Ok(write(address::generate(url, input.stream.unwrap_or(true)), input))
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<TextOutput>> {
        text_reader::read(response)
    }

    fn reader(&self, head: &Head) -> Option<Box<dyn Reader<TextGeneration>>> {
        Some(Box::new(TextReader::new(head)))
    }
}

/// The request in TGI's form; values that its validation refuses are left out with a note.
pub(crate) fn write(url: Url, input: &TextInput) -> Written {
    let mut parameters = parameters(input);
    let mut notes = Vec::new();
    for name in ["top_p", "typical_p"] {
        drop_unless(
            &mut parameters,
            name,
            |p| p > 0.0 && p < 1.0,
            "only what lies between 0 and 1",
            &mut notes,
        );
    }
    if input.temperature == Some(0.0) {
        parameters.shift_remove("temperature");
        parameters.insert("do_sample".into(), json!(false));
        notes.push(
            "temperature = 0 was sent as \"no sampling\": this server takes only more than 0.".to_owned(),
        );
    }
    drop_unless(&mut parameters, "top_k", |k| k > 0.0, "only 1 and more", &mut notes);
    let mut body = Map::new();
    body.insert("inputs".into(), json!(input.prompt));
    body.insert("parameters".into(), Value::Object(parameters));
    if input.stream.unwrap_or(true) {
        body.insert("stream".into(), json!(true));
    }
    Written { request: Request::post(url, Value::Object(body)), notes }
}

fn drop_unless(
    parameters: &mut Map<String, Value>,
    name: &str,
    fits: impl Fn(f64) -> bool,
    takes: &str,
    notes: &mut Vec<String>,
) {
    let Some(value) = parameters.get(name).and_then(Value::as_f64).filter(|value| !fits(*value)) else {
        return;
    };
    parameters.shift_remove(name);
    notes.push(format!("{name} = {value} was left out: this server takes {takes}."));
}

/// The parameters that are set, by TGI's names; `extra_body` last.
pub(crate) fn parameters(input: &TextInput) -> Map<String, Value> {
    let mut parameters = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value.filter(|value| !value.is_null()) {
            parameters.insert(name.to_owned(), value);
        }
    };
    put("adapter_id", input.adapter_id.clone().map(Value::from));
    put("best_of", input.best_of.map(Value::from));
    put("decoder_input_details", input.decoder_input_details.map(Value::from));
    put("details", input.details.map(Value::from));
    put("do_sample", input.do_sample.map(Value::from));
    put("frequency_penalty", input.frequency_penalty.map(Value::from));
    put("grammar", input.grammar.clone());
    put("max_new_tokens", input.max_new_tokens.map(Value::from));
    put("repetition_penalty", input.repetition_penalty.map(Value::from));
    put("return_full_text", input.return_full_text.map(Value::from));
    put("seed", input.seed.map(Value::from));
    put("stop", (!input.stop.is_empty()).then(|| json!(input.stop)));
    put("temperature", input.temperature.map(Value::from));
    put("top_k", input.top_k.map(Value::from));
    put("top_n_tokens", input.top_n_tokens.map(Value::from));
    put("top_p", input.top_p.map(Value::from));
    put("truncate", input.truncate.map(Value::from));
    put("typical_p", input.typical_p.map(Value::from));
    put("watermark", input.watermark.map(Value::from));
    parameters.extend(input.extra_body.clone());
    parameters
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_tgi_refuses_is_left_out_with_a_word_about_each() {
        let input = TextInput {
            prompt: "Once".into(),
            temperature: Some(0.0),
            top_p: Some(1.0),
            typical_p: Some(1.0),
            top_k: Some(0),
            ..TextInput::default()
        };
        let written = write(Url::parse("http://h/generate_stream").unwrap(), &input);
        let body = written.request.body.json().unwrap().to_string();
        assert_eq!(body, r#"{"inputs":"Once","parameters":{"do_sample":false},"stream":true}"#);
        assert_eq!(written.notes.len(), 4);
    }
}
