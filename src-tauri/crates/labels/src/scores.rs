//! Scores out of numbers.

use limerick_tasks::{Label, Labels, OutputTransform};

/// The scores of what a model gives, in its order.
pub(crate) fn scores(numbers: &[f64], transform: OutputTransform) -> Vec<f64> {
    match transform {
        OutputTransform::None => numbers.to_vec(),
        OutputTransform::Sigmoid => numbers.iter().map(|number| sigmoid(*number)).collect(),
        OutputTransform::Softmax => {
            let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let parts: Vec<f64> = numbers.iter().map(|number| (number - most).exp()).collect();
            let whole: f64 = parts.iter().sum();
            parts.iter().map(|part| part / whole).collect()
        }
    }
}

pub(crate) fn sigmoid(number: f64) -> f64 {
    1.0 / (1.0 + (-number).exp())
}

/// Labels with their scores, the surest first, `most` at most.
pub(crate) fn labelled<'a>(
    names: impl IntoIterator<Item = &'a str>,
    scores: Vec<f64>,
    most: Option<u32>,
) -> Labels {
    let named = |(name, score): (&str, f64)| Label { label: name.to_owned(), score };
    let mut labels: Vec<Label> = names.into_iter().zip(scores).map(named).collect();
    labels.sort_by(|one, two| two.score.total_cmp(&one.score));
    labels.truncate(most.map_or(usize::MAX, |most| most as usize));
    Labels { labels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(scores: &[f64], wanted: &[f64]) -> bool {
        scores.len() == wanted.len() && scores.iter().zip(wanted).all(|(one, two)| (one - two).abs() < 1e-3)
    }

    #[test]
    fn scores_are_made_as_asked() {
        let numbers = [2.0, 0.0, -1.0];
        assert!(near(&scores(&numbers, OutputTransform::Softmax), &[0.8438, 0.1142, 0.0420]));
        assert!(near(&scores(&numbers, OutputTransform::Sigmoid), &[0.8808, 0.5, 0.2689]));
        assert!(near(&scores(&numbers, OutputTransform::None), &numbers));
        assert!(near(&scores(&[1000.0, 0.0], OutputTransform::Softmax), &[1.0, 0.0]));
        assert!(scores(&[], OutputTransform::Softmax).is_empty());
    }

    #[test]
    fn the_surest_comes_first_and_no_more_than_asked() {
        let names = |most| {
            let labels = labelled(["a", "b", "c"], vec![0.1, 0.7, 0.2], most).labels;
            labels.iter().map(|label| label.label.clone()).collect::<String>()
        };
        assert_eq!((names(None).as_str(), names(Some(2)).as_str()), ("bca", "bc"));
    }
}
