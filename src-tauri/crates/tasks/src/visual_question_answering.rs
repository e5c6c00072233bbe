//! `visual_question_answering`: a picture and a question in, answers with their scores out.
//! Field names and ranges are those of `huggingface_hub` 2.4.0.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Media, NoDelta, Result, Task, check};

/// The task `visual_question_answering`.
#[derive(Debug, Clone, Copy)]
pub struct VisualQuestionAnswering;

impl Task for VisualQuestionAnswering {
    type Input = VisualQuestionAnsweringInput;
    type Delta = NoDelta;
    type Output = VisualQuestionAnsweringOutput;
    const NAME: &'static str = "visual_question_answering";

    fn model(input: &VisualQuestionAnsweringInput) -> &str {
        &input.model
    }

    fn check(input: &VisualQuestionAnsweringInput) -> Result<()> {
        check::picture("image", &input.image)?;
        check::filled("question", &input.question)?;
        check::at_least("top_k", input.top_k, 1)
    }
}

/// A picture and a question about it. A parameter that is `None` is left out of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct VisualQuestionAnsweringInput {
    /// The model's id as the person picked it; empty means the connection's own choice.
    pub model: String,
    /// The picture.
    #[ts(type = "string")]
    pub image: Media,
    /// The question.
    pub question: String,
    /// Answers at most, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub top_k: Option<u32>,
    /// Any other key, merged into `parameters`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra_body: Map<String, Value>,
}

/// One answer about a picture.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct VisualAnswer {
    /// The answer.
    pub answer: String,
    /// How sure the model is, 0 to 1; models that write their answers say nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub score: Option<f64>,
}

/// The answers, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct VisualQuestionAnsweringOutput {
    /// The answers.
    pub answers: Vec<VisualAnswer>,
}
