//! The filter `tojson` as transformers has it: Python's `json.dumps`, which escapes nothing for HTML.
//! Source: `render_jinja_template` in transformers' `utils/chat_template_utils.py`, and Python's `json/encoder.py`.

use std::fmt::Write as _;

use minijinja::value::{Kwargs, Value, ValueKind, from_args};
use minijinja::{Error, ErrorKind};

use crate::meter::{Meter, too_much};
use crate::operators::integer;
use crate::written::written;

/// Widest indent.
const WIDEST: usize = 64;

/// How it is written.
struct Style {
    ensure_ascii: bool,
    indent: Option<String>,
    comma: String,
    colon: String,
    sort_keys: bool,
}

/// `value|tojson(ensure_ascii=False, indent=None, separators=None, sort_keys=False)`.
pub(crate) fn tojson(meter: &Meter, arguments: &[Value]) -> Result<Value, Error> {
    let (value, ensure_ascii, indent, separators, named): (
        &Value,
        Option<bool>,
        Option<Value>,
        Option<Value>,
        Kwargs,
    ) = from_args(arguments)?;
    let ensure_ascii = ensure_ascii.or(named.get("ensure_ascii")?).unwrap_or(false);
    let indent = indent.or(named.get("indent")?).filter(|indent| !indent.is_none());
    let separators = separators.or(named.get("separators")?).filter(|separators| !separators.is_none());
    let sort_keys = named.get::<Option<bool>>("sort_keys")?.unwrap_or(false);
    named.assert_all_used()?;
    let indent = indent.as_ref().map(indent_of).transpose()?;
    let (comma, colon) = match &separators {
        None if indent.is_some() => (",".to_owned(), ": ".to_owned()),
        None => (", ".to_owned(), ": ".to_owned()),
        Some(pair) => {
            let text = |at| pair.get_item_by_index(at).map(|part| part.to_string());
            (text(0)?, text(1)?)
        }
    };
    let style = Style { ensure_ascii, indent, comma, colon, sort_keys };
    let mut out = Writer { style, out: String::new(), meter };
    out.value(value, 0)?;
    meter.take(out.out.len())?;
    Ok(Value::from(out.out))
}

fn indent_of(indent: &Value) -> Result<String, Error> {
    match indent.as_str() {
        Some(text) if text.len() <= WIDEST => Ok(text.to_owned()),
        Some(_) => Err(too_much()),
        None => {
            let width = integer(indent).ok_or_else(|| wrong("an indent is a number or a text"))?;
            let width = usize::try_from(width.max(0)).ok().filter(|width| *width <= WIDEST);
            Ok(" ".repeat(width.ok_or_else(too_much)?))
        }
    }
}

struct Writer<'m> {
    style: Style,
    out: String,
    meter: &'m Meter,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        // What one value adds is at most its letters, six times each, and the indent of its depth.
        self.meter.take(16 + depth * self.style.indent.as_ref().map_or(0, String::len))?;
        match value.kind() {
            ValueKind::None => self.out.push_str("null"),
            ValueKind::Bool => self.out.push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => self.number(value),
            ValueKind::String => self.text(value.as_str().unwrap_or_default()),
            ValueKind::Seq => self.list(value, depth)?,
            ValueKind::Map => self.object(value, depth)?,
            other => return Err(wrong(&format!("an object of type {other} is not JSON"))),
        }
        Ok(())
    }

    fn number(&mut self, value: &Value) {
        // Python's names of what JSON has no number for.
        self.out.push_str(match written(value).as_str() {
            "nan" => "NaN",
            "inf" => "Infinity",
            "-inf" => "-Infinity",
            other => other,
        });
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                letter if letter < ' ' || (self.style.ensure_ascii && !(' '..='~').contains(&letter)) => {
                    self.escaped(letter);
                }
                letter => self.out.push(letter),
            }
        }
        self.out.push('"');
    }

    fn escaped(&mut self, letter: char) {
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(self.out, "\\u{unit:04x}");
        }
    }

    fn list(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        self.out.push('[');
        let mut empty = true;
        for item in value.try_iter()? {
            self.between(empty, depth + 1);
            self.value(&item, depth + 1)?;
            empty = false;
        }
        self.close(']', empty, depth);
        Ok(())
    }

    fn object(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        let mut keys: Vec<Value> = value.try_iter()?.collect();
        if self.style.sort_keys {
            keys.sort();
        }
        self.out.push('{');
        let mut empty = true;
        for key in keys {
            self.between(empty, depth + 1);
            self.key(&key)?;
            self.out.push_str(&self.style.colon);
            self.value(&value.get_item(&key)?, depth + 1)?;
            empty = false;
        }
        self.close('}', empty, depth);
        Ok(())
    }

    fn key(&mut self, key: &Value) -> Result<(), Error> {
        match key.kind() {
            ValueKind::String => self.text(key.as_str().unwrap_or_default()),
            ValueKind::Bool | ValueKind::None | ValueKind::Number => {
                self.out.push('"');
                self.value(key, 0)?;
                self.out.push('"');
            }
            other => return Err(wrong(&format!("a key of type {other} is not JSON"))),
        }
        Ok(())
    }

    fn between(&mut self, first: bool, depth: usize) {
        if !first {
            self.out.push_str(&self.style.comma);
        }
        self.line(depth);
    }

    fn close(&mut self, bracket: char, empty: bool, depth: usize) {
        if !empty {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = &self.style.indent {
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str(indent);
            }
        }
    }
}

fn wrong(why: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, why.to_owned())
}
