//! What the tasks that put something into classes have in common.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the scores are made of what the model gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutputTransform {
    /// Each label for itself, 0 to 1.
    Sigmoid,
    /// All labels together make 1.
    Softmax,
    /// The model's numbers as they are, of any size.
    None,
}

/// A label and its score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Label {
    /// The class's name.
    pub label: String,
    /// How sure the model is: 0 to 1, unless the transform is `none`.
    pub score: f64,
}

/// Labels, the surest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Labels {
    /// The labels.
    pub labels: Vec<Label>,
}
