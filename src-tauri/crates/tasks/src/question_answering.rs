//! `question_answering`: a question and a text in, the place in the text that answers it out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{NoDelta, Result, Task, check};

/// The task `question_answering`.
#[derive(Debug, Clone, Copy)]
pub struct QuestionAnswering;

impl Task for QuestionAnswering {
    type Input = QuestionAnsweringInput;
    type Delta = NoDelta;
    type Output = QuestionAnsweringOutput;
    const NAME: &'static str = "question_answering";

    fn model(input: &QuestionAnsweringInput) -> &str {
        &input.model
    }

    fn check(input: &QuestionAnsweringInput) -> Result<()> {
        check::filled("question", &input.question)?;
        check::filled("context", &input.context)?;
        check::at_least("max_answer_len", input.max_answer_len, 1)?;
        check::at_least("max_question_len", input.max_question_len, 1)?;
        check::at_least("max_seq_len", input.max_seq_len, 1)?;
        check::at_least("top_k", input.top_k, 1)
    }
}

/// A question, and the text that holds its answer. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct QuestionAnsweringInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The question.
    pub question: String,
    /// The text to find the answer in.
    pub context: String,
    /// Whether answers end where words end; does not suit languages without spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub align_to_words: Option<bool>,
    /// Tokens that the parts of a long text have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub doc_stride: Option<u32>,
    /// Whether "there is no answer" is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub handle_impossible_answer: Option<bool>,
    /// Length of an answer at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_answer_len: Option<u32>,
    /// Length of the question at most, from 1; what is longer is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_question_len: Option<u32>,
    /// Length of question and text together in one part, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_seq_len: Option<u32>,
    /// Answers at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_k: Option<u32>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// A place in the text that answers the question.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TextAnswer {
    /// The answer; empty when there is none.
    pub answer: String,
    /// How sure the model is, 0 to 1.
    pub score: f64,
    /// Where it begins, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub start: Option<u32>,
    /// Where it ends, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub end: Option<u32>,
}

/// The answers, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct QuestionAnsweringOutput {
    /// The answers.
    pub answers: Vec<TextAnswer>,
}
