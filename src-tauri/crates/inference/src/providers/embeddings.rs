//! Embeddings: OpenAI's form of asking, and every form that embeddings come in.

use limerick_tasks::{
    Error, FeatureExtraction, FeatureExtractionInput, FeatureExtractionOutput, Media, Result,
};
use serde_json::{Map, Value, json};
use url::Url;

use super::chat_reader::usage;
use super::hf_inference::{self, Pipeline, answers::unknown};
use super::openai::ANY_MODEL;
use super::{Adapter, Place, Target};
use crate::address;
use crate::error;
use crate::wire::{Reply, Request, Response, Written};

/// Embeddings in `OpenAI`'s form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Embeddings {
    /// The path below the provider's base.
    pub(crate) route: &'static str,
}

/// A server by address, in the form that the address tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EmbeddingsByAddress;

/// The form at servers whose style is `OpenAI`'s.
pub(crate) const OPEN_EMBEDDINGS: Embeddings = Embeddings { route: "/v1/embeddings" };

impl Adapter<FeatureExtraction> for Embeddings {
    fn request(&self, target: &Target, input: &FeatureExtractionInput) -> Result<Written> {
        let url = match &target.place {
            Place::Base(base) => address::join(base, self.route),
            Place::Given(url) => address::embeddings(url),
        };
        let model = if target.model.is_empty() { ANY_MODEL } else { &target.model };
        let mut body = Map::new();
        body.insert("model".into(), json!(model));
        body.insert("input".into(), json!(input.text));
        body.extend(parameters(input));
        Ok(Written { request: Request::post(url, Value::Object(body)), notes: Vec::new() })
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<FeatureExtractionOutput>> {
        let answer = response.json()?;
        error::from_value(&answer).map_or_else(|| read(&answer).map(Reply::Done), Err)
    }
}

impl Adapter<FeatureExtraction> for EmbeddingsByAddress {
    fn request(&self, target: &Target, input: &FeatureExtractionInput) -> Result<Written> {
        if is_openai(target.url()) {
            OPEN_EMBEDDINGS.request(target, input)
        } else {
            Adapter::<FeatureExtraction>::request(&Pipeline, target, input)
        }
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<FeatureExtractionOutput>> {
        OPEN_EMBEDDINGS.read(target, response)
    }
}

/// `OpenAI`'s form is asked for by an address that ends as it does, and by one without a path, which all kinds
/// of servers take it at; Inference Endpoints and other paths are asked in a pipeline's form.
fn is_openai(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/');
    let endpoint = url.host_str().is_some_and(|host| host.ends_with(".endpoints.huggingface.cloud"));
    path.ends_with("/v1") || path.ends_with("/embeddings") || (path.is_empty() && !endpoint)
}

/// The parameters of embeddings; OpenAI's form has them too, in the same place.
pub(super) fn parameters(input: &FeatureExtractionInput) -> Map<String, Value> {
    let given = [
        ("normalize", json!(input.normalize)),
        ("prompt_name", json!(input.prompt_name)),
        ("truncate", json!(input.truncate)),
        ("truncation_direction", json!(input.truncation_direction)),
        ("dimensions", json!(input.dimensions)),
        ("encoding_format", json!(input.encoding_format)),
    ];
    hf_inference::parameters(given, &input.extra_body)
}

/// Reads embeddings as pipelines (`[[…]]`, `[…]`, one for each token, or packed in base64), `OpenAI`'s servers
/// (`{data: [{embedding}]}`), llama.cpp (`[{embedding}]`) and Ollama (`{embeddings: [[…]]}`) send them.
///
/// # Errors
/// `format` when the answer has none of these forms.
pub(super) fn read(answer: &Value) -> Result<FeatureExtractionOutput> {
    let inside = ["data", "embeddings", "embedding"].iter().find_map(|name| answer.get(name));
    let list = inside.unwrap_or(answer).as_array().ok_or_else(|| bad(answer))?;
    let mut output = FeatureExtractionOutput { usage: usage(answer), ..Default::default() };
    output.embeddings = match list.first().ok_or_else(|| bad(answer))? {
        Value::Number(_) => vec![numbers(list)?],
        Value::Array(_) | Value::String(_) => {
            list.iter().map(|one| vector(one, &mut output.averaged)).collect::<Result<_>>()?
        }
        _ => in_order(list).map(|one| vector(one?, &mut output.averaged)).collect::<Result<_>>()?,
    };
    Ok(output)
}

/// The embeddings of `{index, embedding}` objects in the order of their numbers.
fn in_order(list: &[Value]) -> impl Iterator<Item = Result<&Value>> {
    let mut list: Vec<&Value> = list.iter().collect();
    list.sort_by_key(|one| one.get("index").and_then(Value::as_u64));
    list.into_iter().map(|one| one.get("embedding").ok_or_else(|| bad(one)))
}

/// One text's embedding; the average where there is one for each token.
fn vector(value: &Value, averaged: &mut bool) -> Result<Vec<f32>> {
    match value {
        Value::String(packed) => unpack(packed),
        Value::Array(list) if list.first().is_some_and(Value::is_array) => {
            let tokens = list.iter().map(|one| vector(one, averaged)).collect::<Result<Vec<_>>>()?;
            *averaged |= tokens.len() > 1;
            average(&tokens)
        }
        Value::Array(list) => numbers(list),
        other => Err(bad(other)),
    }
}

fn numbers(list: &[Value]) -> Result<Vec<f32>> {
    #[expect(clippy::cast_possible_truncation, reason = "embeddings are 32-bit numbers")]
    let number = |value: &Value| value.as_f64().map(|number| number as f32);
    let numbers = list.iter().map(number).collect::<Option<Vec<_>>>();
    checked(numbers.unwrap_or_default())
}

/// Reads the bytes of 32-bit floats in base64 (`encoding_format: base64`).
fn unpack(packed: &str) -> Result<Vec<f32>> {
    let bytes = Media::from_base64(packed, "").map_err(unknown)?.bytes;
    let (fours, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(unknown("an embedding in base64 that does not divide into numbers"));
    }
    checked(fours.iter().map(|four| f32::from_le_bytes(*four)).collect())
}

fn checked(numbers: Vec<f32>) -> Result<Vec<f32>> {
    if numbers.is_empty() || !numbers.iter().all(|number| number.is_finite()) {
        return Err(unknown("an embedding that is empty or holds more than numbers"));
    }
    Ok(numbers)
}

fn average(vectors: &[Vec<f32>]) -> Result<Vec<f32>> {
    let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
    for vector in vectors {
        if vector.len() != sum.len() {
            return Err(unknown("embeddings of different lengths"));
        }
        sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += f64::from(*number));
    }
    #[expect(clippy::cast_precision_loss, reason = "no text has 2^52 tokens")]
    let count = vectors.len() as f64;
    #[expect(clippy::cast_possible_truncation, reason = "embeddings are 32-bit numbers")]
    let mean = sum.into_iter().map(|sum| (sum / count) as f32).collect();
    Ok(mean)
}

fn bad(what: &Value) -> Error {
    unknown(what)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use limerick_tasks::{ErrorCode, Texts};

    use super::*;

    fn read_text(answer: &str) -> Result<FeatureExtractionOutput> {
        read(&serde_json::from_str(answer).unwrap())
    }

    #[test]
    fn every_form_gives_one_embedding_a_text() {
        for (answer, texts) in [
            ("[0.25,-0.5]", 1),
            ("[[0.25,-0.5]]", 1),
            ("[[0.25,-0.5],[0.25,-0.5]]", 2),
            ("[[[0.25,-0.5]],[[0.25,-0.5]]]", 2),
            (r#"{"embeddings":[[0.25,-0.5]]}"#, 1),
            (r#"[{"index":0,"embedding":[[0.25,-0.5]]}]"#, 1),
            (r#"{"object":"list","data":[{"index":0,"embedding":[0.25,-0.5]}]}"#, 1),
            (r#"{"data":[{"embedding":"AACAPgAAAL8="}]}"#, 1),
            (r#"["AACAPgAAAL8="]"#, 1),
        ] {
            let output = read_text(answer).unwrap();
            assert_eq!(output.embeddings, vec![vec![0.25, -0.5]; texts], "{answer}");
            assert!(!output.averaged, "{answer}");
        }
    }

    #[test]
    fn one_embedding_a_token_becomes_their_average() {
        for answer in ["[[[1,2],[3,4]]]", "[[[[1,2],[3,4]]]]", r#"[{"index":0,"embedding":[[1,2],[3,4]]}]"#] {
            let output = read_text(answer).unwrap();
            assert_eq!((output.embeddings, output.averaged), (vec![vec![2.0, 3.0]], true), "{answer}");
        }
    }

    #[test]
    fn numbered_embeddings_come_in_their_order_with_the_tokens_counted() {
        let answer = r#"{"data":[{"index":1,"embedding":[1]},{"index":0,"embedding":[0]}],"usage":{"prompt_tokens":3}}"#;
        let output = read_text(answer).unwrap();
        assert_eq!(output.embeddings, [[0.0], [1.0]]);
        assert_eq!(output.usage.unwrap().prompt_tokens, 3);
    }

    #[test]
    fn what_are_no_numbers_is_a_format_error() {
        for answer in [
            "[]",
            "[[]]",
            "null",
            "{}",
            r#"{"data":[]}"#,
            "[null]",
            "[[null]]",
            r#"["a"]"#,
            "[1e300]",
            "[[1],2]",
            "[[[1],[1,2]]]",
            r#"[[1,"2"]]"#,
            r#"{"data":[{"index":0}]}"#,
            r#"{"data":[{"embedding":"%%%%"}]}"#,
            r#"{"data":[{"embedding":"AACA"}]}"#,
            r#"{"data":[{"embedding":"AADAfw=="}]}"#,
        ] {
            assert_eq!(read_text(answer).unwrap_err().code, ErrorCode::Format, "{answer}");
        }
    }

    #[test]
    fn an_address_says_how_it_is_asked() {
        for (given, url, body) in [
            ("http://h/v1", "http://h/v1/embeddings", r#"{"model":"dummy","input":"a"}"#),
            ("http://h/v1/embeddings", "http://h/v1/embeddings", r#"{"model":"dummy","input":"a"}"#),
            ("http://h/", "http://h/v1/embeddings", r#"{"model":"dummy","input":"a"}"#),
            (
                "https://x.endpoints.huggingface.cloud",
                "https://x.endpoints.huggingface.cloud/",
                r#"{"inputs":"a"}"#,
            ),
            ("http://h/embed?x=1", "http://h/embed?x=1", r#"{"inputs":"a"}"#),
        ] {
            let place = Place::Given(Url::parse(given).unwrap());
            let target = Target { place, model: String::new(), routed: false, lora: None };
            let input = FeatureExtractionInput { text: Texts::One("a".into()), ..Default::default() };
            let request = EmbeddingsByAddress.request(&target, &input).unwrap().request;
            assert_eq!(
                (request.url.as_str(), request.body.json().unwrap().to_string().as_str()),
                (url, body)
            );
        }
    }
}
