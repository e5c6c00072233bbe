//! `sentence_similarity`: a sentence and others in, how alike they are out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{NoDelta, Result, Task, check};

/// The task `sentence_similarity`.
#[derive(Debug, Clone, Copy)]
pub struct SentenceSimilarity;

impl Task for SentenceSimilarity {
    type Input = SentenceSimilarityInput;
    type Delta = NoDelta;
    type Output = SentenceSimilarityOutput;
    const NAME: &'static str = "sentence_similarity";

    fn model(input: &SentenceSimilarityInput) -> &str {
        &input.model
    }

    fn check(input: &SentenceSimilarityInput) -> Result<()> {
        check::filled("sentence", &input.sentence)?;
        check::listed("other_sentences", &input.other_sentences, 1)
    }
}

/// A sentence, and others to compare it with. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SentenceSimilarityInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The sentence.
    pub sentence: String,
    /// The others, at least 1.
    pub other_sentences: Vec<String>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// How alike the sentences are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SentenceSimilarityOutput {
    /// For each of the others, in their order: 1 means the same.
    pub scores: Vec<f64>,
}
