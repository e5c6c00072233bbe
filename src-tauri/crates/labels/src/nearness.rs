//! How near meanings are to each other, and what labels follow from that.

use limerick_tasks::{Labels, OutputTransform};

use crate::scores::{labelled, scores, sigmoid};

/// The sentence that a label is put into where nobody asks for another one; that of transformers' pipeline.
const TEMPLATE: &str = "This example is {}.";
/// How far apart nearnesses stand before they become parts of 1; measured on `tests/labels/topics.txt`.
const SHARPNESS: f64 = 20.0;
/// How near a label is that is as likely true as not, where several can be.
const HALF: f64 = 0.16;

/// How near two directions of length 1 are: 1 is the same, 0 has nothing in common.
pub fn cosine(one: &[f32], two: &[f32]) -> f32 {
    one.iter().zip(two).map(|(a, b)| a * b).sum()
}

fn nearness(one: &[f32], two: &[f32]) -> f64 {
    f64::from(cosine(one, two))
}

/// What is compared with a text for each label.
pub(crate) fn hypotheses(labels: &[String], template: Option<&str>) -> Vec<String> {
    let template = template.unwrap_or(TEMPLATE);
    labels.iter().map(|label| template.replacen("{}", label, 1)).collect()
}

/// The labels of a text, by the directions of the text and of each label's sentence.
pub(crate) fn zero_shot(text: &[f32], labels: &[String], sentences: &[Vec<f32>], several: bool) -> Labels {
    let near = sentences.iter().map(|sentence| nearness(text, sentence));
    let found = if several {
        near.map(|near| sigmoid(SHARPNESS * (near - HALF))).collect()
    } else {
        scores(&near.map(|near| SHARPNESS * near).collect::<Vec<_>>(), OutputTransform::Softmax)
    };
    labelled(labels.iter().map(String::as_str), found, None)
}

/// The labels of a picture: each class that it may show (its likelihood, the direction of its name) gives its
/// likelihood to the labels that are near to it.
pub(crate) fn zero_shot_image(
    classes: &[(f64, Vec<f32>)],
    labels: &[String],
    sentences: &[Vec<f32>],
) -> Labels {
    let whole: f64 = classes.iter().map(|(likelihood, _)| likelihood).sum();
    let mut found = vec![0.0; labels.len()];
    for (likelihood, class) in classes {
        let near: Vec<f64> = sentences.iter().map(|sentence| SHARPNESS * nearness(class, sentence)).collect();
        for (sum, part) in found.iter_mut().zip(scores(&near, OutputTransform::Softmax)) {
            *sum += likelihood / whole * part;
        }
    }
    labelled(labels.iter().map(String::as_str), found, None)
}
