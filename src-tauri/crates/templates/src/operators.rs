//! The operators that make new values, as Python has them, each weighed before it makes one.
//! `guard` writes them into a template in place of the signs.

use std::cmp::Ordering;

use minijinja::formatting::{FormatStyle, format};
use minijinja::value::{Tuple, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::meter::Meter;
use crate::written::written;

/// `a + b + c`: numbers, texts, lists or tuples.
pub(crate) fn add(meter: &Meter, terms: &[Value]) -> Result<Value, Error> {
    if terms.iter().all(|term| term.kind() == ValueKind::String) {
        return join(meter, terms);
    }
    let (first, rest) = terms.split_first().ok_or_else(|| Error::from(ErrorKind::MissingArgument))?;
    rest.iter().try_fold(first.clone(), |sum, term| add_two(meter, &sum, term))
}

fn add_two(meter: &Meter, left: &Value, right: &Value) -> Result<Value, Error> {
    if let (Some(left), Some(right)) = (integer(left), integer(right)) {
        return left.checked_add(right).map(Value::from).ok_or_else(|| wrong("+"));
    }
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return Ok(Value::from(left + right));
    }
    match (left.kind(), right.kind()) {
        (ValueKind::String, ValueKind::String) => join(meter, &[left.clone(), right.clone()]),
        (ValueKind::Seq, ValueKind::Seq) if left.is_tuple() == right.is_tuple() => {
            let items: Vec<Value> = left.try_iter()?.chain(right.try_iter()?).collect();
            meter.weighed(if left.is_tuple() { Value::from(Tuple::from(items)) } else { Value::from(items) })
        }
        _ => Err(unsupported("+", left, right)),
    }
}

/// `a ~ b ~ c`: all as text.
pub(crate) fn join(meter: &Meter, terms: &[Value]) -> Result<Value, Error> {
    let mut joined = String::new();
    for term in terms {
        match term.as_str() {
            Some(text) => {
                meter.take(text.len())?;
                joined.push_str(text);
            }
            None => joined.push_str(&written(&meter.weighed(term.clone())?)),
        }
    }
    meter.take(joined.len())?;
    Ok(Value::from(joined))
}

/// `a * b`: numbers, or a text or list so many times.
pub(crate) fn times(meter: &Meter, left: &Value, right: &Value) -> Result<Value, Error> {
    let (what, count) = if integer(right).is_some() { (left, right) } else { (right, left) };
    let many = || integer(count).and_then(|count| usize::try_from(count.max(0)).ok());
    match (what.kind(), many()) {
        (ValueKind::String, Some(many)) => {
            let text = what.as_str().unwrap_or_default();
            meter.take(text.len().saturating_mul(many))?;
            Ok(Value::from(text.repeat(many)))
        }
        (ValueKind::Seq, Some(many)) => {
            let items: Vec<Value> = what.try_iter()?.collect();
            meter.take(items.len().saturating_mul(many).saturating_mul(16))?;
            let items: Vec<Value> = (0..many).flat_map(|_| items.iter().cloned()).collect();
            meter.weighed(if what.is_tuple() { Value::from(Tuple::from(items)) } else { Value::from(items) })
        }
        _ => multiply(left, right),
    }
}

fn multiply(left: &Value, right: &Value) -> Result<Value, Error> {
    if let (Some(left), Some(right)) = (integer(left), integer(right)) {
        return left.checked_mul(right).map(Value::from).ok_or_else(|| wrong("*"));
    }
    match (number(left), number(right)) {
        (Some(left), Some(right)) => Ok(Value::from(left * right)),
        _ => Err(unsupported("*", left, right)),
    }
}

/// `a % b`: what is left of a division, or a text with its places filled.
pub(crate) fn rest(meter: &Meter, left: &Value, right: &Value) -> Result<Value, Error> {
    if let Some(text) = left.as_str() {
        let arguments: Vec<Value> =
            if right.is_tuple() { right.try_iter()?.collect() } else { vec![right.clone()] };
        return filled(meter, FormatStyle::Printf, text, &arguments);
    }
    if let (Some(left), Some(right)) = (integer(left), integer(right)) {
        // The sign is the divisor's, as in Python.
        let rest = left.checked_rem(right).ok_or_else(|| wrong("%"))?;
        return Ok(Value::from(if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }));
    }
    match (number(left), number(right)) {
        (Some(left), Some(right)) if right != 0.0 => {
            let rest = left % right;
            let other_sign = rest != 0.0 && (rest < 0.0) != (right < 0.0);
            Ok(Value::from(if other_sign { rest + right } else { rest }))
        }
        _ => Err(unsupported("%", left, right)),
    }
}

/// Fills the places of a text, `%s` or `{}`.
pub(crate) fn filled(
    meter: &Meter,
    style: FormatStyle,
    text: &str,
    values: &[Value],
) -> Result<Value, Error> {
    // A width such as `%9999999d` asks for as many letters; no template needs three digits of it.
    let wide =
        text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit)) || text.contains('*');
    if wide {
        return Err(wrong("a format that is wider than 999 letters"));
    }
    for value in values {
        meter.weighed(value.clone())?;
    }
    let places = text.matches(['%', '{']).count();
    let most = values.iter().map(|value| value.to_string().len()).max().unwrap_or_default() + 999;
    meter.take(text.len() + places.saturating_mul(most))?;
    format(style, text, values).map(Value::from)
}

/// `a[start:stop:step]`.
pub(crate) fn slice(
    meter: &Meter,
    value: &Value,
    start: &Value,
    stop: &Value,
    step: &Value,
) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(unsupported("[:]", value, start));
    }
    if !matches!(value.kind(), ValueKind::String | ValueKind::Seq) {
        return Ok(Value::UNDEFINED);
    }
    let items: Vec<Value> = match value.as_str() {
        Some(text) => {
            meter.take(text.len())?;
            return Ok(Value::from(
                picked(&text.chars().collect::<Vec<_>>(), start, stop, step)?.into_iter().collect::<String>(),
            ));
        }
        None => value.try_iter()?.collect(),
    };
    meter.take(items.len().saturating_mul(16))?;
    let items = picked(&items, start, stop, step)?;
    Ok(if value.is_tuple() { Value::from(Tuple::from(items)) } else { Value::from(items) })
}

/// Python's rules for bounds (`PySlice_AdjustIndices`).
fn picked<T: Clone>(items: &[T], start: &Value, stop: &Value, step: &Value) -> Result<Vec<T>, Error> {
    let bound = |value: &Value| match (value.is_none(), integer(value)) {
        (true, _) => Ok(None),
        (false, Some(number)) => Ok(Some(i64::try_from(number).map_err(|_| wrong("a slice"))?)),
        (false, None) => Err(wrong("a slice with bounds that are no numbers")),
    };
    let (start, stop, step) = (bound(start)?, bound(stop)?, bound(step)?.unwrap_or(1));
    if step == 0 {
        return Err(wrong("a slice with a step of 0"));
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let (lowest, highest) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let clamp =
        |bound: i64| (if bound < 0 { bound.saturating_add(length) } else { bound }).clamp(lowest, highest);
    let (first, last) = if step < 0 { (highest, lowest) } else { (lowest, highest) };
    let (mut at, end) = (start.map_or(first, clamp), stop.map_or(last, clamp));
    let mut found = Vec::new();
    while if step < 0 { at > end } else { at < end } {
        found.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at = at.saturating_add(step);
    }
    Ok(found)
}

/// A whole number; `True` is 1, as in Python.
pub(crate) fn integer(value: &Value) -> Option<i128> {
    match value.kind() {
        ValueKind::Bool => Some(i128::from(value.is_true())),
        ValueKind::Number if value.is_integer() => i128::try_from(value.clone()).ok(),
        _ => None,
    }
}

/// `a < b` and its like: numbers, texts or lists among themselves.
pub(crate) fn order(meter: &Meter, left: &Value, sign: &str, right: &Value) -> Result<bool, Error> {
    meter.take_reading(left)?;
    let kind = |value: &Value| match value.kind() {
        ValueKind::Bool => ValueKind::Number,
        kind => kind,
    };
    let (ours, theirs) = (kind(left), kind(right));
    if ours != theirs || !matches!(ours, ValueKind::Number | ValueKind::String | ValueKind::Seq) {
        return Err(unsupported(sign, left, right));
    }
    let ordering = left.partial_cmp(right);
    Ok(match sign {
        "<" => ordering.is_some_and(Ordering::is_lt),
        "<=" => ordering.is_some_and(Ordering::is_le),
        ">" => ordering.is_some_and(Ordering::is_gt),
        _ => ordering.is_some_and(Ordering::is_ge),
    })
}

/// `item in all`.
pub(crate) fn is_in(meter: &Meter, item: &Value, all: &Value) -> Result<bool, Error> {
    meter.take_reading(all)?;
    match (all.kind(), item.as_str()) {
        (ValueKind::String, Some(item)) => Ok(all.as_str().unwrap_or_default().contains(item)),
        (ValueKind::Undefined, _) => Ok(false),
        (ValueKind::Map, _) => Ok(!all.get_item(item)?.is_undefined()),
        (ValueKind::Seq | ValueKind::Iterable, _) => Ok(all.try_iter()?.any(|one| one == *item)),
        _ => Err(unsupported("in", item, all)),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value.kind() {
        ValueKind::Bool | ValueKind::Number => f64::try_from(value.clone()).ok(),
        _ => None,
    }
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("{what} cannot be computed"))
}

fn unsupported(sign: &str, left: &Value, right: &Value) -> Error {
    let (left, right) = (left.kind(), right.kind());
    Error::new(ErrorKind::InvalidOperation, format!("{sign} does not go with {left} and {right}"))
}
