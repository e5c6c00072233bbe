//! What the official clients send for the classic tasks, and that we send the same.
//! Recorded from `huggingface_hub` 2.4.0 (Python) and @huggingface/inference 4.13.30 (JavaScript).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use limerick_tasks::{
    FeatureExtraction, FillMask, ImageClassification, ImageToText, ObjectDetection, QuestionAnswering,
    SentenceSimilarity, Summarization, TextClassification, TokenClassification, Translation,
    VisualQuestionAnswering, ZeroShotClassification, ZeroShotImageClassification,
};
use serde_json::{Value, json};
use url::Url;

use super::super::{Place, Target, WireTask, provider};
use crate::wire::Body;

const PICTURE: &str = "data:image/png;base64,iVBORw0KGgo=";

/// The path and what goes there: JSON, or the type of the file that goes as it is.
fn sent<T: WireTask>(name: &str, input: Value) -> (String, Value) {
    let input: T::Input = serde_json::from_value(input).unwrap();
    T::check(&input).unwrap();
    let place = Place::Base(Url::parse("http://h").unwrap());
    let target = Target { place, model: "a/m".into(), routed: true, lora: None };
    let adapter = T::column(provider(name).unwrap()).unwrap();
    let written = adapter.request(&target, &input).unwrap();
    assert_eq!(written.notes, Vec::<String>::new());
    let body = match written.request.body {
        Body::Json(body) => body,
        Body::Bytes { media_type, .. } => Value::String(media_type),
        other => panic!("{other:?}"),
    };
    (written.request.url.path().to_owned(), body)
}

fn to_model<T: WireTask>(input: Value, body: Value) {
    assert_eq!(sent::<T>("hf-inference", input), ("/models/a/m".to_owned(), body));
}

#[test]
fn pictures_are_sent_as_both_clients_send_them() {
    let image = || json!({ "image": PICTURE });
    to_model::<ImageClassification>(image(), json!("image/png"));
    to_model::<ObjectDetection>(image(), json!("image/png"));
    to_model::<ImageToText>(image(), json!("image/png"));
}

#[test]
fn pictures_with_parameters_are_sent_as_python_sends_them() {
    to_model::<ImageClassification>(
        json!({ "image": PICTURE, "top_k": 3, "function_to_apply": "softmax" }),
        json!({ "inputs": "iVBORw0KGgo=", "parameters": { "function_to_apply": "softmax", "top_k": 3 } }),
    );
    to_model::<ObjectDetection>(
        json!({ "image": PICTURE, "threshold": 0.5 }),
        json!({ "inputs": "iVBORw0KGgo=", "parameters": { "threshold": 0.5 } }),
    );
    to_model::<ZeroShotImageClassification>(
        json!({ "image": PICTURE, "candidate_labels": ["cat", "dog"] }),
        json!({ "inputs": "iVBORw0KGgo=", "parameters": { "candidate_labels": ["cat", "dog"] } }),
    );
}

#[test]
fn a_question_about_a_picture_is_sent_as_javascript_sends_it() {
    to_model::<VisualQuestionAnswering>(
        json!({ "image": PICTURE, "question": "How many?" }),
        json!({ "inputs": { "question": "How many?", "image": "iVBORw0KGgo=" } }),
    );
}

#[test]
fn texts_are_sent_as_python_sends_them() {
    to_model::<TextClassification>(
        json!({ "text": "I like you" }),
        json!({ "inputs": "I like you", "parameters": {} }),
    );
    to_model::<TextClassification>(
        json!({ "text": "I like you", "top_k": 2, "function_to_apply": "sigmoid" }),
        json!({ "inputs": "I like you", "parameters": { "function_to_apply": "sigmoid", "top_k": 2 } }),
    );
    to_model::<FillMask>(
        json!({ "text": "the <mask> sat", "top_k": 1, "targets": ["cat"] }),
        json!({ "inputs": "the <mask> sat", "parameters": { "targets": ["cat"], "top_k": 1 } }),
    );
    to_model::<QuestionAnswering>(
        json!({ "question": "Who?", "context": "My name is Clara." }),
        json!({ "inputs": { "question": "Who?", "context": "My name is Clara." }, "parameters": {} }),
    );
    to_model::<Translation>(
        json!({ "text": "hello", "src_lang": "en_XX", "tgt_lang": "fr_XX" }),
        json!({ "inputs": "hello", "parameters": { "src_lang": "en_XX", "tgt_lang": "fr_XX" } }),
    );
    to_model::<TokenClassification>(
        json!({ "text": "I am Sarah", "aggregation_strategy": "simple", "ignore_labels": ["O"], "stride": 1 }),
        json!({ "inputs": "I am Sarah", "parameters":
            { "aggregation_strategy": "simple", "ignore_labels": ["O"], "stride": 1 } }),
    );
}

#[test]
fn both_ways_to_shorten_a_summary_arrive() {
    to_model::<Summarization>(
        json!({ "text": "A long text.", "generate_parameters": { "max_length": 10 } }),
        json!({ "inputs": "A long text.", "parameters": { "generate_parameters": { "max_length": 10 } } }),
    );
    to_model::<Summarization>(
        json!({ "text": "A long text.", "extra_body": { "max_length": 10 } }),
        json!({ "inputs": "A long text.", "parameters": { "max_length": 10 } }),
    );
}

#[test]
fn labels_of_ones_own_are_sent_as_both_clients_send_them() {
    to_model::<ZeroShotClassification>(
        json!({ "text": "t", "candidate_labels": ["a", "b"], "multi_label": true }),
        json!({ "inputs": "t", "parameters": { "candidate_labels": ["a", "b"], "multi_label": true } }),
    );
}

#[test]
fn models_that_serve_two_tasks_are_told_which() {
    let input = json!({ "sentence": "a", "other_sentences": ["b", "c"] });
    let body = json!({ "inputs": { "source_sentence": "a", "sentences": ["b", "c"] }, "parameters": {} });
    let path = "/models/a/m/pipeline/sentence-similarity".to_owned();
    assert_eq!(sent::<SentenceSimilarity>("hf-inference", input), (path, body));
    let path = "/models/a/m/pipeline/feature-extraction".to_owned();
    let (input, body) = (json!({ "text": "Hi" }), json!({ "inputs": "Hi" }));
    assert_eq!(sent::<FeatureExtraction>("hf-inference", input), (path, body));
}

#[test]
fn embeddings_elsewhere_are_asked_in_openais_form() {
    for (name, path) in [
        ("together", "/v1/embeddings"),
        ("scaleway", "/v1/embeddings"),
        ("deepinfra", "/v1/openai/embeddings"),
    ] {
        let input = json!({ "text": "Hi", "normalize": true, "truncate": true });
        let body = json!({ "model": "a/m", "input": "Hi", "normalize": true, "truncate": true });
        assert_eq!(sent::<FeatureExtraction>(name, input), (path.to_owned(), body));
    }
}
