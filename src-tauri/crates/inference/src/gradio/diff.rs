//! The edits that a Space sends instead of whole outputs while it works (protocols `sse_v2` to `sse_v3`).
//!
//! An edit is `[action, path, value]`, as `gradio_client.utils.apply_diff` reads it. What a hostile server could
//! do with them (endless nesting, shifting a long list a million times) is bounded here.

use limerick_tasks::{Error, ErrorCode, Result};
use serde_json::Value;

/// Values cannot be nested deeper by edits than by JSON itself, give or take this.
const DEEPEST: usize = 64;
/// How many items may be shifted in all by insertions and deletions in one call.
const MOST_SHIFTS: usize = 50_000_000;

/// Applies edits, and keeps count of what they cost.
#[derive(Debug, Default)]
pub(crate) struct Patcher {
    shifts: usize,
}

/// What a list of edits did to an output.
#[derive(Debug, PartialEq)]
pub(crate) enum Patched {
    /// Nothing.
    Same,
    /// A text at the top went on by this.
    Longer(String),
    /// Something else.
    Changed,
}

impl Patcher {
    /// Applies a list of edits to one output.
    pub(crate) fn apply(&mut self, output: &mut Value, edits: &Value) -> Result<Patched> {
        let edits = edits.as_array().ok_or_else(|| bad("no list of edits"))?;
        if let [edit] = edits.as_slice()
            && let Some(more) = longer(output, edit)
        {
            return Ok(Patched::Longer(more));
        }
        for edit in edits {
            self.apply_one(output, edit)?;
        }
        Ok(if edits.is_empty() { Patched::Same } else { Patched::Changed })
    }

    fn apply_one(&mut self, output: &mut Value, edit: &Value) -> Result<()> {
        let (action, path) = (edit.get(0).and_then(Value::as_str), edit.get(1).and_then(Value::as_array));
        let (Some(action), Some(path)) = (action, path) else { return Err(bad("an edit without its parts")) };
        if path.len() > DEEPEST {
            return Err(bad("a path that is too deep"));
        }
        let value = edit.get(2).cloned().unwrap_or_default();
        let Some((last, before)) = path.split_last() else { return at_top(output, action, value) };
        let mut place = output;
        for key in before {
            place = step(place, key).ok_or_else(|| bad("a path to nowhere"))?;
        }
        match action {
            "replace" => put(place, last, value),
            "append" => append(step(place, last).ok_or_else(|| bad("a path to nowhere"))?, value),
            "add" => self.add(place, last, value),
            "delete" => self.delete(place, last),
            _ => Err(bad("an unknown action")),
        }
    }

    fn add(&mut self, place: &mut Value, key: &Value, value: Value) -> Result<()> {
        let Value::Array(items) = place else { return put(place, key, value) };
        // Python inserts at the end where the place is beyond it.
        let at = index(key).ok_or_else(|| bad("no place in a list"))?.min(items.len());
        self.count(items.len() - at)?;
        items.insert(at, value);
        Ok(())
    }

    fn delete(&mut self, place: &mut Value, key: &Value) -> Result<()> {
        let gone = match place {
            Value::Array(items) => {
                let at =
                    index(key).filter(|at| *at < items.len()).ok_or_else(|| bad("no place in a list"))?;
                self.count(items.len() - at)?;
                Some(items.remove(at))
            }
            Value::Object(fields) => {
                let key = key.as_str().unwrap_or_default();
                self.count(fields.len())?;
                fields.shift_remove(key)
            }
            _ => None,
        };
        gone.map(drop).ok_or_else(|| bad("nothing to delete"))
    }

    fn count(&mut self, shifted: usize) -> Result<()> {
        self.shifts = self.shifts.saturating_add(shifted);
        if self.shifts > MOST_SHIFTS { Err(bad("too many edits")) } else { Ok(()) }
    }
}

/// The usual edit of a streamed text, done in place.
fn longer(output: &mut Value, edit: &Value) -> Option<String> {
    let (Value::String(text), Some(more)) = (output, edit.get(2).and_then(Value::as_str)) else {
        return None;
    };
    let at_top = edit.get(1)?.as_array()?.is_empty() && edit.get(0)?.as_str()? == "append";
    at_top.then(|| {
        text.push_str(more);
        more.to_owned()
    })
}

fn at_top(output: &mut Value, action: &str, value: Value) -> Result<()> {
    match action {
        "replace" => *output = value,
        "append" => return append(output, value),
        _ => return Err(bad("an action without a path")),
    }
    Ok(())
}

/// Python's `+=`: texts, lists and numbers.
fn append(target: &mut Value, value: Value) -> Result<()> {
    match (target, value) {
        (Value::String(text), Value::String(more)) => text.push_str(&more),
        (Value::Array(items), Value::Array(more)) => items.extend(more),
        _ => return Err(bad("an append to something else")),
    }
    Ok(())
}

fn put(place: &mut Value, key: &Value, value: Value) -> Result<()> {
    match place {
        Value::Object(fields) => {
            let key = key.as_str().ok_or_else(|| bad("a field without a name"))?;
            fields.insert(key.to_owned(), value);
        }
        other => *step(other, key).ok_or_else(|| bad("a path to nowhere"))? = value,
    }
    Ok(())
}

fn step<'a>(place: &'a mut Value, key: &Value) -> Option<&'a mut Value> {
    match place {
        Value::Array(items) => items.get_mut(index(key)?),
        Value::Object(fields) => fields.get_mut(key.as_str()?),
        _ => None,
    }
}

fn index(key: &Value) -> Option<usize> {
    let number = key.as_u64().or_else(|| key.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}

fn bad(what: &str) -> Error {
    Error::new(ErrorCode::Format, "The Space's answer came in a form that cannot be put together.")
        .with_detail(what)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn patched(mut value: Value, edits: &Value) -> Result<Value> {
        Patcher::default().apply(&mut value, edits).map(|_| value)
    }

    #[test]
    fn every_action_does_what_gradio_means() {
        for (old, edits, new) in [
            (json!("Hel"), json!([["append", [], "lo"]]), json!("Hello")),
            (json!("x"), json!([["replace", [], {"a": 1}]]), json!({"a": 1})),
            (json!("x"), json!([]), json!("x")),
            (json!([1]), json!([["append", [], [2]]]), json!([1, 2])),
            (json!([["a", "b"]]), json!([["append", [0, 1], "!"]]), json!([["a", "b!"]])),
            (
                json!([["a", null]]),
                json!([["replace", [0, 1], ""], ["add", [1], ["c", "d"]]]),
                json!([["a", ""], ["c", "d"]]),
            ),
            (json!([1, 2, 3]), json!([["delete", [1], null], ["delete", [1], null]]), json!([1])),
            (json!([1, 3]), json!([["add", [1], 2], ["add", [9], 4]]), json!([1, 2, 3, 4])),
            (
                json!({"a": {"b": "x"}}),
                json!([["append", ["a", "b"], "y"], ["add", ["c"], 1]]),
                json!({"a": {"b": "xy"}, "c": 1}),
            ),
            (
                json!({"a": 1, "b": 2}),
                json!([["delete", ["a"], null], ["replace", ["b"], 3]]),
                json!({"b": 3}),
            ),
            (json!([{"content": "H"}]), json!([["append", [0, "content"], "i"]]), json!([{"content": "Hi"}])),
        ] {
            assert_eq!(patched(old.clone(), &edits).unwrap(), new, "{old} {edits}");
        }
    }

    #[test]
    fn a_streamed_text_tells_its_next_piece_only() {
        let mut text = json!("a");
        let told = Patcher::default().apply(&mut text, &json!([["append", [], "b"]])).unwrap();
        assert_eq!((told, text), (Patched::Longer("b".into()), json!("ab")));
    }

    #[test]
    fn edits_that_make_no_sense_are_an_error_and_never_a_panic() {
        for edits in [
            json!(null),
            json!("append"),
            json!([[]]),
            json!([["append"]]),
            json!([["append", [], 1]]),
            json!([["shout", [0], 1]]),
            json!([["delete", [], null]]),
            json!([["delete", [7], null]]),
            json!([["replace", [-1], 1]]),
            json!([["replace", [99], 1]]),
            json!([["append", ["a", "b", "c"], "x"]]),
            json!([["add", [1.5], "x"]]),
            json!([["replace", [{"x": 1}], 1]]),
        ] {
            for value in [json!([1]), json!({"a": "x"}), json!(null), json!(3)] {
                let text = patched(value.clone(), &edits);
                assert!(text.is_err() || value.is_object() || text.unwrap() != value, "{value} {edits}");
            }
        }
    }

    #[test]
    fn a_server_can_neither_nest_without_end_nor_shift_without_end() {
        let deep: Vec<Value> = vec![json!(0); DEEPEST + 1];
        assert_eq!(patched(json!([]), &json!([["add", deep, 1]])).unwrap_err().code, ErrorCode::Format);
        let mut list = Value::Array(vec![json!(1); 1_000_000]);
        let mut patcher = Patcher::default();
        let edits = json!([["add", [0], 1]]);
        let stopped = (0..100).find(|_| patcher.apply(&mut list, &edits).is_err());
        assert!(stopped.is_some());
    }
}
