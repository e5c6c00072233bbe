//! Values as literals of Python and JavaScript, and words quoted for a shell. Whatever a person, a model or a
//! server wrote stays data: no text in it can end the literal that it stands in.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::files::{Files, Piece};

/// The longest line that is written, unless one literal alone is longer.
const WIDE: usize = 88;

/// Whose literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue {
    /// Python's.
    Python,
    /// JavaScript's.
    JavaScript,
}

/// Writes literals; files in texts become the variables that hold their base64.
#[derive(Debug, Clone, Copy)]
pub(super) struct Literals<'a> {
    pub(super) tongue: Tongue,
    pub(super) files: &'a Files,
}

impl Literals<'_> {
    /// A value whose first line begins at `indent`; in one line where it fits.
    pub(super) fn value(&self, value: &Value, indent: usize) -> String {
        let entries: Vec<String> = match value {
            Value::Null => return self.word("None", "null"),
            Value::Bool(true) => return self.word("True", "true"),
            Value::Bool(false) => return self.word("False", "false"),
            Value::Number(number) => return number.to_string(),
            Value::String(text) => return self.text(text),
            Value::Array(list) => list.iter().map(|one| self.value(one, self.inner(indent))).collect(),
            Value::Object(fields) => self.entries(fields, indent),
        };
        let (open, close) = if value.is_array() { ("[", "]") } else { ("{", "}") };
        self.group(open, &entries, close, indent)
    }

    fn entries(&self, fields: &Map<String, Value>, indent: usize) -> Vec<String> {
        let entry = |(name, value): (&String, &Value)| {
            format!("{}: {}", self.key(name), self.value(value, self.inner(indent)))
        };
        fields.iter().map(entry).collect()
    }

    /// Entries between two signs: in one line where they fit, else one a line, with a comma after the last.
    pub(super) fn group(&self, open: &str, entries: &[String], close: &str, indent: usize) -> String {
        let pad = if open == "{" && self.tongue == Tongue::JavaScript { " " } else { "" };
        let line = format!("{open}{pad}{}{pad}{close}", entries.join(", "));
        if entries.is_empty() {
            return format!("{open}{close}");
        }
        if !line.contains('\n') && indent + line.chars().count() <= WIDE {
            return line;
        }
        let inner = " ".repeat(self.inner(indent));
        let rows: String = entries.iter().flat_map(|entry| [inner.as_str(), entry, ",\n"]).collect();
        format!("{open}\n{rows}{}{close}", " ".repeat(indent))
    }

    /// How deep the next level stands.
    pub(super) fn inner(&self, indent: usize) -> usize {
        indent + if self.tongue == Tongue::Python { 4 } else { 2 }
    }

    fn word(&self, python: &str, javascript: &str) -> String {
        if self.tongue == Tongue::Python { python } else { javascript }.to_owned()
    }

    /// A name in an object. `__proto__` in JavaScript is a name only in brackets.
    pub(super) fn key(&self, name: &str) -> String {
        let plain = |letter: char| letter.is_ascii_alphabetic() || letter == '_' || letter == '$';
        match self.tongue {
            Tongue::JavaScript if name == "__proto__" => "[\"__proto__\"]".to_owned(),
            Tongue::JavaScript
                if name.starts_with(plain) && name.chars().all(|c| plain(c) || c.is_ascii_digit()) =>
            {
                name.to_owned()
            }
            _ => quoted(name, '"', false),
        }
    }

    /// A text.
    pub(super) fn text(&self, text: &str) -> String {
        let pieces = self.files.pieces(text);
        if let [Piece::File(file)] = pieces.as_slice() {
            return file.variable.clone();
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::File(_))) {
            return quoted(text, '"', false);
        }
        let (open, close, sign) = match self.tongue {
            Tongue::Python => ("f\"", "\"", '"'),
            Tongue::JavaScript => ("`", "`", '`'),
        };
        let inside: String = pieces.iter().map(|piece| self.piece(piece, sign)).collect();
        format!("{open}{inside}{close}")
    }

    /// A part of a text with a file in it: Python's f-string or JavaScript's template.
    fn piece(&self, piece: &Piece<'_>, sign: char) -> String {
        match (piece, self.tongue) {
            (Piece::File(file), Tongue::Python) => format!("{{{}}}", file.variable),
            (Piece::File(file), Tongue::JavaScript) => format!("${{{}}}", file.variable),
            (Piece::Text(text), _) => {
                let quoted = quoted(text, sign, true);
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }
}

/// A text between two signs, in the escapes that both languages know. `filled` marks a text that values are put
/// into, where Python's braces and JavaScript's dollar have a meaning.
fn quoted(text: &str, sign: char, filled: bool) -> String {
    let mut out = String::from(sign);
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '{' | '}' if filled && sign == '"' => out.extend([letter, letter]),
            '$' if filled && sign == '`' => out.push_str("\\$"),
            _ if letter == sign => out.extend(['\\', letter]),
            _ if unseen(letter) => escape(&mut out, letter),
            _ => out.push(letter),
        }
    }
    out.push(sign);
    out
}

/// Signs that nobody sees: they end lines, turn the direction of what follows, or are nothing at all.
fn unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn escape(out: &mut String, letter: char) {
    // All of them are below U+10000. Writing to a String does not fail.
    let _ = write!(out, "\\u{:04x}", u32::from(letter));
}

/// JSON as text, in lines where that helps a reader.
pub(super) fn json(value: &Value, pretty: bool) -> String {
    let text = if pretty { format!("{value:#}") } else { value.to_string() };
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        // Outside its texts JSON holds none of them but line ends.
        if letter != '\n' && unseen(letter) { escape(&mut out, letter) } else { out.push(letter) }
    }
    out
}

/// A word for a POSIX shell.
pub(super) fn shell(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn both(value: &Value) -> [String; 2] {
        let files = Files::default();
        [Tongue::Python, Tongue::JavaScript].map(|tongue| Literals { tongue, files: &files }.value(value, 0))
    }

    #[test]
    fn literals_are_those_of_the_language() {
        let value = json!({"a": null, "b c": [true, 1.5], "__proto__": {}});
        let [python, javascript] = both(&value);
        assert_eq!(python, r#"{"a": None, "b c": [True, 1.5], "__proto__": {}}"#);
        assert_eq!(javascript, r#"{ a: null, "b c": [true, 1.5], ["__proto__"]: {} }"#);
    }

    #[test]
    fn what_is_too_wide_stands_in_lines() {
        let [python, _] = both(&json!(["x".repeat(60), "y".repeat(60)]));
        assert_eq!(python, format!("[\n    \"{}\",\n    \"{}\",\n]", "x".repeat(60), "y".repeat(60)));
    }

    #[test]
    fn nothing_ends_the_literal_that_it_stands_in() {
        let [python, javascript] = both(&json!("\"\\\n\r\0`${x}'\u{2028}\u{202e}</script>é"));
        assert_eq!(python, r#""\"\\\n\r\u0000`${x}'\u2028\u202e</script>é""#);
        assert_eq!(python, javascript);
        assert_eq!(shell("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(json(&json!("a\u{2028}\u{7f}"), false), r#""a\u2028\u007f""#);
    }

    #[test]
    fn a_file_in_a_text_is_a_variable() {
        let uri = "data:image/png;base64,iVBORw0KGgo=";
        let files = Files::of(&json!(uri));
        let write = |tongue, text: &str| Literals { tongue, files: &files }.text(text);
        assert_eq!(write(Tongue::Python, uri), "f\"data:image/png;base64,{image}\"");
        assert_eq!(
            write(Tongue::JavaScript, &format!("`${{{uri}")),
            "`\\`\\${data:image/png;base64,${image}`"
        );
        assert_eq!(write(Tongue::Python, "iVBORw0KGgo="), "image");
    }
}
