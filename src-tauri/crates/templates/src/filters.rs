//! The filters of Jinja2 that minijinja answers otherwise (`jinja2/filters.py`, `markupsafe`).

use std::sync::Arc;

use minijinja::value::{Kwargs, Rest, Value, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, ErrorKind};

use crate::json;
use crate::meter::{Meter, too_much};
use crate::methods::{replaced, strip};
use crate::operators::integer;
use crate::written::written;

/// Widest indent; no template needs three digits of it.
const WIDEST: i128 = 999;

type Filter = fn(&Meter, &[Value]) -> Result<Value, Error>;

/// Each takes what it needs from the meter.
const FILTERS: [(&str, Filter); 13] = [
    ("tojson", json::tojson),
    ("default", default),
    ("d", default),
    ("length", length),
    ("count", length),
    ("int", int),
    ("float", float),
    ("escape", escape),
    ("e", escape),
    ("indent", indent),
    ("trim", trim),
    ("replace", replace),
    ("string", string),
];

/// Puts them in the place of minijinja's.
pub(crate) fn add(environment: &mut Environment<'static>, meter: &Arc<Meter>) {
    for (name, filter) in FILTERS {
        let own = meter.clone();
        environment
            .add_filter(name, move |arguments: Rest<ValueOrKwargs>| filter(&own, &arguments.into_values()));
    }
}

/// The text of a value; nothing for what is not there.
fn text(meter: &Meter, value: &Value) -> Result<String, Error> {
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_undefined() => String::new(),
        None => written(&meter.weighed(value.clone())?),
    };
    meter.take(text.len())?;
    Ok(text)
}

fn default(_: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value, instead, also_false, named): (&Value, Option<Value>, Option<bool>, Kwargs) =
        from_args(arguments)?;
    let instead = instead.or(named.get("default_value")?).unwrap_or_else(|| Value::from(""));
    let also_false = also_false.or(named.get("boolean")?).unwrap_or(false);
    named.assert_all_used()?;
    let stays = !value.is_undefined() && (!also_false || value.is_true());
    Ok(if stays { value.clone() } else { instead })
}

fn length(meter: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value,): (&Value,) = from_args(arguments)?;
    meter.take_reading(value)?;
    let length = if value.is_undefined() { Some(0) } else { value.len() };
    let none = || Error::new(ErrorKind::InvalidOperation, format!("a {} has no length", value.kind()));
    length.map(Value::from).ok_or_else(none)
}

fn int(_: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value, instead, base, named): (&Value, Option<Value>, Option<u32>, Kwargs) = from_args(arguments)?;
    let instead = instead.or(named.get("default")?).unwrap_or_else(|| Value::from(0));
    let base = base.or(named.get("base")?).unwrap_or(10);
    let number = match value.as_str() {
        Some(_) if !(2..=36).contains(&base) => None,
        Some(text) => i64::from_str_radix(text.trim(), base)
            .ok()
            .map(i128::from)
            .or_else(|| whole(text.trim().parse().ok()?)),
        None => integer(value).or_else(|| whole(f64::try_from(value.clone()).ok()?)),
    };
    Ok(number.map_or(instead, Value::from))
}

#[expect(clippy::cast_possible_truncation, reason = "a number with a fraction loses it, as in Python")]
fn whole(number: f64) -> Option<i128> {
    number.is_finite().then_some(number.trunc() as i128)
}

fn float(_: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value, instead): (&Value, Option<Value>) = from_args(arguments)?;
    let number = match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => f64::try_from(value.clone()).ok(),
    };
    Ok(number.map_or_else(|| instead.unwrap_or_else(|| Value::from(0.0)), Value::from))
}

fn escape(meter: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value,): (&Value,) = from_args(arguments)?;
    let text = text(meter, value)?;
    meter.take(text.len().saturating_mul(5))?;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    Ok(Value::from(out))
}

fn indent(meter: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value, width, first, blank, named): (&Value, Option<Value>, Option<bool>, Option<bool>, Kwargs) =
        from_args(arguments)?;
    let width = width.or(named.get("width")?).unwrap_or_else(|| Value::from(4));
    let first = first.or(named.get("first")?).unwrap_or(false);
    let blank = blank.or(named.get("blank")?).unwrap_or(false);
    named.assert_all_used()?;
    let space = match width.as_str() {
        Some(text) => text.to_owned(),
        None => match integer(&width) {
            Some(width) if width <= WIDEST => " ".repeat(usize::try_from(width.max(0)).unwrap_or_default()),
            _ => return Err(too_much()),
        },
    };
    let text = text(meter, value)?;
    meter.take(text.len() + text.matches('\n').count().saturating_add(1).saturating_mul(space.len()))?;
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        if if at == 0 { first } else { blank || !line.is_empty() } {
            out.push_str(&space);
        }
        out.push_str(line);
    }
    Ok(Value::from(out))
}

fn trim(meter: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value, letters): (&Value, Option<&str>) = from_args(arguments)?;
    let text = text(meter, value)?;
    Ok(Value::from(strip(&text, letters, true, true)))
}

fn replace(meter: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value, old, new, most): (&Value, &Value, &Value, Option<i64>) = from_args(arguments)?;
    let (old, new) = (text(meter, old)?, text(meter, new)?);
    replaced(meter, &text(meter, value)?, &old, &new, most)
}

fn string(meter: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value,): (&Value,) = from_args(arguments)?;
    text(meter, value).map(Value::from)
}
