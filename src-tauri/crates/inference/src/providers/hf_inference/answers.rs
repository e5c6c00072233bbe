//! The forms that answers of pipelines come in: flat lists, nested ones, lone objects, and older ones.

use limerick_tasks::{Error, ErrorCode, Label, Labels, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The older form of a zero-shot answer: one list of names, one of numbers.
#[derive(Deserialize)]
struct Paired {
    labels: Vec<String>,
    scores: Vec<f64>,
}

/// An answer that has none of the known forms.
pub(crate) fn unknown(why: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Format, "The server's answer is not in a form that Limerick knows.")
        .with_detail(why)
}

/// The elements of an answer: of a list, of the first of several lists, or a lone object.
fn elements(answer: Value) -> Vec<Value> {
    match answer {
        Value::Array(mut lists) if lists.first().is_some_and(Value::is_array) => {
            elements(lists.swap_remove(0))
        }
        Value::Array(items) => items,
        alone => vec![alone],
    }
}

/// Elements of an answer that are kept: a hostile or strange one may hold millions.
const MOST: usize = 10_000;
/// Labels of an answer that are kept, the surest.
const LABELS: usize = 1_000;

/// The elements of an answer as what they should be, the first ten thousand.
pub(super) fn list<T: DeserializeOwned>(answer: Value) -> Result<Vec<T>> {
    let mut items = elements(answer);
    items.truncate(MOST);
    // A list would pass for an object with its fields in their order.
    if items.iter().any(Value::is_array) {
        return Err(unknown("a list among the elements"));
    }
    serde_json::from_value(Value::Array(items)).map_err(unknown)
}

/// One list for each list of the answer; a flat answer is one.
pub(super) fn lists<T: DeserializeOwned>(answer: Value) -> Result<Vec<Vec<T>>> {
    match answer {
        Value::Array(items) if items.first().is_some_and(Value::is_array) => {
            items.into_iter().map(list).collect()
        }
        flat => Ok(vec![list(flat)?]),
    }
}

/// Labels with their scores, the surest first, a thousand at most.
pub(super) fn labels(answer: Value) -> Result<Labels> {
    let items = elements(answer);
    let paired = items.first().is_some_and(|first| first.get("labels").is_some());
    let mut labels: Vec<Label> = if paired { unpaired(items)? } else { list(Value::Array(items))? };
    labels.sort_by(|one, other| other.score.total_cmp(&one.score));
    labels.truncate(LABELS);
    Ok(Labels { labels })
}

fn unpaired(items: Vec<Value>) -> Result<Vec<Label>> {
    let Some(Paired { labels, scores }) = list(Value::Array(items))?.into_iter().next() else {
        return Err(unknown("no labels"));
    };
    if labels.len() != scores.len() {
        return Err(unknown(format!("{} labels and {} scores", labels.len(), scores.len())));
    }
    Ok(labels.into_iter().zip(scores).map(|(label, score)| Label { label, score }).collect())
}

/// The text of the first element, under the first of these names that it has.
pub(super) fn text(answer: Value, names: &[&str]) -> Result<String> {
    let first = elements(answer).into_iter().next().unwrap_or_default();
    let text = names.iter().find_map(|name| first.get(name)).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| unknown(first))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn labels_of(answer: &str) -> Result<Vec<(String, f64)>> {
        let labels = labels(serde_json::from_str(answer).unwrap())?.labels;
        Ok(labels.into_iter().map(|one| (one.label, one.score)).collect())
    }

    #[test]
    fn labels_come_flat_nested_alone_or_paired() {
        for answer in [
            r#"[{"label":"a","score":0.9},{"label":"b","score":0.1}]"#,
            r#"[{"label":"b","score":0.1},{"label":"a","score":0.9}]"#,
            r#"[[{"label":"a","score":0.9},{"label":"b","score":0.1}]]"#,
            r#"[[[{"label":"a","score":0.9},{"label":"b","score":0.1}]]]"#,
            r#"{"sequence":"s","labels":["a","b"],"scores":[0.9,0.1]}"#,
            r#"[{"sequence":"s","labels":["b","a"],"scores":[0.1,0.9]}]"#,
        ] {
            assert_eq!(labels_of(answer).unwrap(), [("a".into(), 0.9), ("b".into(), 0.1)], "{answer}");
        }
        assert_eq!(labels_of(r#"{"label":"a","score":1}"#).unwrap(), [("a".into(), 1.0)]);
        assert!(labels_of("[]").unwrap().is_empty());
    }

    #[test]
    fn scores_of_every_size_are_kept_and_of_very_many_labels_the_surest() {
        let odd = r#"[{"label":"a","score":-7.5},{"label":"b","score":31.25},{"label":"","score":1e308}]"#;
        let found = labels_of(odd).unwrap();
        assert_eq!(found.iter().map(|(_, score)| *score).collect::<Vec<_>>(), [1e308, 31.25, -7.5]);
        let one = |n: usize| format!(r#"{{"label":"l{n}","score":{}}}"#, n % 5_000);
        let many = format!("[{}]", (0..10_000).map(one).collect::<Vec<_>>().join(","));
        let found = labels_of(&many).unwrap();
        assert_eq!((found.len(), found[0].1), (LABELS, 4_999.0));
    }

    #[test]
    fn what_are_no_labels_is_a_format_error() {
        for answer in [
            "null",
            "\"a\"",
            "3",
            "{}",
            r#"{"data":[]}"#,
            r#"{"choices":[{"message":{"content":"hi"}}]}"#,
            r#"[{"label":"a"}]"#,
            r#"[{"label":"a","score":null}]"#,
            r#"[{"label":"a","score":"0.9"}]"#,
            r#"[{"label":3,"score":0.9}]"#,
            r#"[{"label":"a","score":0.9},null]"#,
            r#"[{"label":"a","score":0.9},["b",0.1]]"#,
            r#"[["a",0.9]]"#,
            r#"{"labels":["a","b"],"scores":[0.9]}"#,
            r#"{"labels":["a"],"scores":null}"#,
        ] {
            assert_eq!(labels_of(answer).unwrap_err().code, ErrorCode::Format, "{answer}");
        }
    }

    #[test]
    fn a_text_has_one_of_several_names() {
        let read =
            |answer: &str| text(serde_json::from_str(answer).unwrap(), &["summary_text", "generated_text"]);
        for answer in [
            r#"[{"summary_text":"s"}]"#,
            r#"{"summary_text":"s"}"#,
            r#"[[{"generated_text":"s"}]]"#,
            r#"[{"generated_text":"g","summary_text":"s"},{"summary_text":"t"}]"#,
        ] {
            assert_eq!(read(answer).unwrap(), "s", "{answer}");
        }
        for answer in ["[]", "null", r#"["s"]"#, r#"[{"summary_text":null}]"#, r#"[{"text":"s"}]"#] {
            assert_eq!(read(answer).unwrap_err().code, ErrorCode::Format, "{answer}");
        }
    }
}
