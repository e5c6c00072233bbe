//! What trying a task takes: questions, what answers look like, and what several tasks share.

use limerick_inference::{ErrorCode, WireTask};
use limerick_tasks::Labels;
use serde_json::Value;

/// What a pipeline says of a parameter that it does not know.
pub(crate) const UNKNOWN: &str = "got an unexpected keyword argument 'no_such'";
/// What a model says of one.
pub(crate) const UNUSED: &str = "`model_kwargs` are not used by the model: ['no_such']";

/// A model's name, and an input without one.
pub(crate) type Question = (&'static str, Value);

/// A task as this bench tries it.
pub(crate) trait Tried: WireTask {
    /// Questions that are answered.
    fn good() -> Vec<Question>;

    /// Whether an answer is one to this input.
    fn is_right(input: &Self::Input, output: &Self::Output) -> bool;

    /// A question that is refused, with which code, and some of the server's words.
    fn bad() -> (Question, ErrorCode, &'static str);

    /// A question whose answer takes seconds, and whose model stops when nobody waits any more.
    fn long() -> Option<Question> {
        None
    }
}

/// Labels with their parts of 1, the largest first.
pub(crate) fn all_parts(labels: &Labels) -> bool {
    let scores: Vec<f64> = labels.labels.iter().map(|label| label.score).collect();
    scores.is_sorted_by(|a, b| a >= b) && scores.iter().all(|score| (0.0..=1.0).contains(score))
}

/// All of these labels, and no other.
pub(crate) fn are(labels: &Labels, wanted: &[String]) -> bool {
    let there = |label: &String| labels.labels.iter().any(|one| one.label == *label);
    all_parts(labels) && labels.labels.len() == wanted.len() && wanted.iter().all(there)
}

/// Fields beside those that are there.
pub(crate) fn merge(into: &mut Value, more: &Value) {
    if let (Some(into), Some(more)) = (into.as_object_mut(), more.as_object()) {
        into.extend(more.clone());
    }
}
