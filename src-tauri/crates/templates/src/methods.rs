//! The methods of Python's `str`, `dict` and `list` that templates call, each weighed.
//! `guard` writes `value.name(…)` as a call of `call`, because a dictionary may hold a key of a method's name:
//! JSON schemas hold `items`, and Python looks for the method first.

use minijinja::formatting::FormatStyle;
use minijinja::value::{Kwargs, Tuple, Value, ValueKind, from_args};
use minijinja::{Error, ErrorKind, State};

use crate::meter::Meter;
use crate::operators::{filled, integer};

/// Calls `name` of `value`.
pub(crate) fn call(
    meter: &Meter,
    state: &mut State<'_, '_>,
    value: &Value,
    name: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    let done = match value.kind() {
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            meter.take(text.len())?;
            of_text(meter, text, name, arguments)?
        }
        ValueKind::Map if !crate::meter::is_namespace(value) => of_dictionary(value, name, arguments)?,
        ValueKind::Seq => of_list(meter, value, name, arguments)?,
        _ => None,
    };
    match done {
        // minijinja 3.0.5 divides by the number of arguments.
        None if name == "cycle" && arguments.is_empty() => Err(Error::from(ErrorKind::MissingArgument)),
        Some(done) => {
            meter.take(done.as_str().map_or(0, str::len))?;
            Ok(done)
        }
        None => value.call_method(state, name, arguments),
    }
}

fn of_text(meter: &Meter, text: &str, name: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    let side = |from_start, from_end| -> Result<Value, Error> {
        let (letters,): (Option<&str>,) = from_args(arguments)?;
        Ok(Value::from(strip(text, letters, from_start, from_end)))
    };
    Ok(Some(match name {
        "strip" => side(true, true)?,
        "lstrip" => side(true, false)?,
        "rstrip" => side(false, true)?,
        "split" => split(meter, text, arguments, false)?,
        "rsplit" => split(meter, text, arguments, true)?,
        "splitlines" => lines(meter, text, arguments)?,
        "replace" => replace(meter, text, arguments)?,
        "removeprefix" => {
            let (start,): (&str,) = from_args(arguments)?;
            Value::from(text.strip_prefix(start).unwrap_or(text))
        }
        "removesuffix" => {
            let (end,): (&str,) = from_args(arguments)?;
            Value::from(text.strip_suffix(end).unwrap_or(text))
        }
        "partition" | "rpartition" => partition(text, arguments, name == "rpartition")?,
        "index" | "rindex" => index(text, name, arguments)?,
        "title" => Value::from(title(text)),
        "capitalize" => Value::from(capitalize(text)),
        "join" => {
            let (items,): (&Value,) = from_args(arguments)?;
            join(meter, text, items)?
        }
        "format" => {
            if arguments.iter().any(Value::is_kwargs) {
                meter.weighed(Value::from(arguments.to_vec()))?;
            }
            filled(meter, FormatStyle::StrFormat, text, arguments)?
        }
        "zfill" | "ljust" | "rjust" | "center" => return Err(unknown(name)),
        _ => return Ok(None),
    }))
}

/// Python's white space: Unicode's, and the four separators of ASCII.
pub(crate) fn is_space(letter: char) -> bool {
    letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter)
}

/// Takes letters off either end; white space where none are named.
pub(crate) fn strip<'t>(text: &'t str, letters: Option<&str>, from_start: bool, from_end: bool) -> &'t str {
    let goes = |letter: char| letters.map_or_else(|| is_space(letter), |letters| letters.contains(letter));
    let text = if from_start { text.trim_start_matches(goes) } else { text };
    if from_end { text.trim_end_matches(goes) } else { text }
}

fn split(meter: &Meter, text: &str, arguments: &[Value], from_end: bool) -> Result<Value, Error> {
    let (separator, most, named): (Option<Value>, Option<i64>, Kwargs) = from_args(arguments)?;
    let separator = separator.or(named.get("sep")?).filter(|separator| !separator.is_none());
    let most = most.or(named.get("maxsplit")?).and_then(|most| usize::try_from(most).ok());
    named.assert_all_used()?;
    let parts: Vec<&str> = match separator.as_ref().map(|separator| separator.as_str().unwrap_or_default()) {
        Some("") => return Err(Error::new(ErrorKind::InvalidOperation, "empty separator")),
        Some(separator) => match (most, from_end) {
            (None, _) => text.split(separator).collect(),
            (Some(most), false) => text.splitn(most.saturating_add(1), separator).collect(),
            (Some(most), true) => {
                let mut parts: Vec<&str> = text.rsplitn(most.saturating_add(1), separator).collect();
                parts.reverse();
                parts
            }
        },
        None => words(text, most, from_end),
    };
    meter.take(parts.len().saturating_mul(16))?;
    Ok(Value::from_iter(parts))
}

/// The words of a text; what is left behind the last cut keeps its white space at the other end.
fn words(text: &str, most: Option<usize>, from_end: bool) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), strip(text, None, !from_end, from_end));
    while !rest.is_empty() {
        let cut = if from_end { rest.rfind(is_space) } else { rest.find(is_space) };
        let Some(at) = cut.filter(|_| most.is_none_or(|most| found.len() < most)) else {
            found.push(rest);
            break;
        };
        let (start, end) = rest.split_at(at);
        let (word, left) = if from_end { (strip(end, None, true, false), start) } else { (start, end) };
        found.push(word);
        rest = strip(left, None, !from_end, from_end);
    }
    if from_end {
        found.reverse();
    }
    found
}

fn lines(meter: &Meter, text: &str, arguments: &[Value]) -> Result<Value, Error> {
    let (keep, named): (Option<bool>, Kwargs) = from_args(arguments)?;
    let keep = keep.or(named.get("keepends")?).unwrap_or(false);
    let ends = |letter: char| {
        matches!(
            letter,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(ends) {
        let end = if rest[at..].starts_with("\r\n") {
            2
        } else {
            rest[at..].chars().next().map_or(1, char::len_utf8)
        };
        found.push(&rest[..if keep { at + end } else { at }]);
        rest = &rest[at + end..];
    }
    found.extend(Some(rest).filter(|rest| !rest.is_empty()));
    meter.take(found.len().saturating_mul(16))?;
    Ok(Value::from_iter(found))
}

fn replace(meter: &Meter, text: &str, arguments: &[Value]) -> Result<Value, Error> {
    let (old, new, most): (&str, &str, Option<i64>) = from_args(arguments)?;
    replaced(meter, text, old, new, most)
}

/// `text` with `old` replaced, weighed before it is written.
pub(crate) fn replaced(
    meter: &Meter,
    text: &str,
    old: &str,
    new: &str,
    most: Option<i64>,
) -> Result<Value, Error> {
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let count = text.matches(old).take(most).count();
    meter.take(text.len() + count.saturating_mul(new.len()))?;
    Ok(Value::from(text.replacen(old, new, most)))
}

fn partition(text: &str, arguments: &[Value], from_end: bool) -> Result<Value, Error> {
    let (separator,): (&str,) = from_args(arguments)?;
    let cut = if from_end { text.rsplit_once(separator) } else { text.split_once(separator) };
    let parts = match cut {
        Some((before, after)) => [before, separator, after],
        None if from_end => ["", "", text],
        None => [text, "", ""],
    };
    Ok(Value::from(Tuple::from(parts.map(Value::from))))
}

/// Where a text begins in another, counted in letters.
fn index(text: &str, name: &str, arguments: &[Value]) -> Result<Value, Error> {
    let (wanted,): (&str,) = from_args(arguments)?;
    let at = if name == "index" { text.find(wanted) } else { text.rfind(wanted) };
    let at = at.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "substring not found"))?;
    Ok(Value::from(text[..at].chars().count()))
}

/// Every word with a capital, words being runs of letters.
fn title(text: &str) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if inside {
            out.extend(letter.to_lowercase());
        } else {
            out.extend(letter.to_uppercase());
        }
        inside = letter.is_alphabetic();
    }
    out
}

fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
        .unwrap_or_default()
}

/// The items with `separator` between them, weighed while it is written.
pub(crate) fn join(meter: &Meter, separator: &str, items: &Value) -> Result<Value, Error> {
    let mut joined = String::new();
    for (at, item) in items.try_iter()?.enumerate() {
        let text = item.as_str().ok_or_else(|| {
            Error::new(ErrorKind::InvalidOperation, format!("a {} cannot be joined as text", item.kind()))
        })?;
        meter.take(separator.len() + text.len() + 1)?;
        if at > 0 {
            joined.push_str(separator);
        }
        joined.push_str(text);
    }
    Ok(Value::from(joined))
}

fn of_dictionary(value: &Value, name: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    let pairs = || -> Result<Vec<(Value, Value)>, Error> {
        value.try_iter()?.map(|key| value.get_item(&key).map(|item| (key, item))).collect()
    };
    Ok(Some(match name {
        "get" => {
            let (key, default): (&Value, Option<Value>) = from_args(arguments)?;
            let found = value.get_item(key)?;
            if found.is_undefined() { default.unwrap_or_else(|| Value::from(())) } else { found }
        }
        "items" => {
            let () = from_args(arguments)?;
            pairs()?.into_iter().map(|(key, item)| Value::from(Tuple::from([key, item]))).collect()
        }
        "keys" => {
            let () = from_args(arguments)?;
            pairs()?.into_iter().map(|(key, _)| key).collect()
        }
        "values" => {
            let () = from_args(arguments)?;
            pairs()?.into_iter().map(|(_, item)| item).collect()
        }
        "copy" => value.clone(),
        _ => return Ok(None),
    }))
}

fn of_list(meter: &Meter, value: &Value, name: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    meter.take_reading(value)?;
    Ok(Some(match name {
        "index" => {
            let (wanted,): (&Value,) = from_args(arguments)?;
            let at = value.try_iter()?.position(|item| item == *wanted);
            Value::from(at.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "it is not in the list"))?)
        }
        "copy" => value.clone(),
        // A list that changes under its own loop: transformers' sandbox refuses these, too.
        "append" | "extend" | "insert" | "pop" | "remove" | "reverse" | "sort" | "clear" => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                format!("a template may not call {name} of a list"),
            ));
        }
        _ => return Ok(None),
    }))
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorKind::UnknownMethod, format!("a text has no method {name} here"))
}

/// A width or count that a filter may take.
pub(crate) fn small(value: &Value) -> bool {
    integer(value).is_none_or(|number| number.unsigned_abs() <= 100_000)
}
