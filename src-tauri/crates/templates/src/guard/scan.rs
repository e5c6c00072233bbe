//! Cuts a template into text and tags, and a tag into words: the letters of Jinja, as Jinja2 reads them.

use super::{Broken, broken};

/// A piece of a template.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'s> {
    /// What is written as it stands.
    Text(&'s str),
    /// `{# … #}`: written as it stands, for its marks trim the text beside it.
    Comment(&'s str),
    /// `{% raw %}`, what stands inside, `{% endraw %}`.
    Raw(&'s str, &'s str, &'s str),
    /// `{{ … }}` or `{% … %}`: how it opens, its words, how it closes.
    Tag(&'s str, Vec<Word<'s>>, &'s str),
}

/// A word inside a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word<'s> {
    /// A name.
    Name(&'s str),
    /// A number.
    Number(&'s str),
    /// A string with its quotes.
    Text(&'s str),
    /// A mark such as `+` or `==`.
    Mark(&'s str),
}

/// Longest first, so that `**` is not read as `*` twice.
const MARKS: [&str; 27] = [
    "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "|", ".", ",", ":", "(", ")", "[", "]",
    "{", "}", "<", ">", "=", ";", "@",
];

/// The pieces of a template, in order.
pub(super) fn pieces(source: &str) -> Result<Vec<Piece<'_>>, Broken> {
    let (mut found, mut rest) = (Vec::new(), source);
    while let Some(at) = next_tag(rest) {
        if at > 0 {
            found.push(Piece::Text(&rest[..at]));
        }
        let (piece, length) = match &rest[at..at + 2] {
            "{#" => comment(&rest[at..])?,
            "{%" => raw(&rest[at..])?.map_or_else(|| tag(&rest[at..]), Ok)?,
            _ => tag(&rest[at..])?,
        };
        found.push(piece);
        rest = &rest[at + length..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    Ok(found)
}

fn next_tag(text: &str) -> Option<usize> {
    let opens = |at: &usize| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
    text.match_indices('{').map(|(at, _)| at).find(opens)
}

fn comment(text: &str) -> Result<(Piece<'_>, usize), Broken> {
    let end = text.find("#}").ok_or_else(|| broken("a comment does not end"))? + 2;
    Ok((Piece::Comment(&text[..end]), end))
}

/// A raw block from its start; `None` where another tag begins.
fn raw(text: &str) -> Result<Option<(Piece<'_>, usize)>, Broken> {
    let Some(open) = plain_tag(text, "raw") else { return Ok(None) };
    let ends = |(at, _): (usize, &str)| {
        plain_tag(&text[open + at..], "endraw").map(|length| (open + at, open + at + length))
    };
    let (close, end) =
        text[open..].match_indices("{%").find_map(ends).ok_or_else(|| broken("a raw block does not end"))?;
    Ok(Some((Piece::Raw(&text[..open], &text[open..close], &text[close..end]), end)))
}

/// The length of a tag that holds this one name.
fn plain_tag(text: &str, name: &str) -> Option<usize> {
    let inside = text[2..].trim_start_matches(['-', '+']).trim_ascii_start();
    let inside = inside.strip_prefix(name)?.trim_ascii_start().trim_start_matches(['-', '+']);
    Some(text.len() - inside.strip_prefix("%}")?.len())
}

fn tag(text: &str) -> Result<(Piece<'_>, usize), Broken> {
    let close = if text.starts_with("{{") { "}}" } else { "%}" };
    let start = if matches!(text.as_bytes().get(2), Some(b'-' | b'+')) { 3 } else { 2 };
    let (mut words, mut open, mut at) = (Vec::new(), 0_usize, start);
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        if open == 0
            && let Some(length) = closing(rest, close)
        {
            return Ok((Piece::Tag(&text[..start], words, &rest[..length]), at + length));
        }
        let word = word(rest)?;
        match word {
            Word::Mark("(" | "[" | "{") => open += 1,
            Word::Mark(")" | "]" | "}") => {
                open = open.checked_sub(1).ok_or_else(|| broken("a bracket closes too often"))?;
            }
            _ => {}
        }
        at += word.text().len();
        words.push(word);
    }
}

fn closing(rest: &str, close: &str) -> Option<usize> {
    let bare = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    bare.starts_with(close).then(|| rest.len() - bare.len() + close.len())
}

fn word(rest: &str) -> Result<Word<'_>, Broken> {
    match rest.bytes().next() {
        None => Err(broken("a tag does not end")),
        Some(quote @ (b'"' | b'\'')) => text(rest, quote).map(Word::Text),
        Some(b'0'..=b'9') => Ok(Word::Number(number(rest))),
        Some(letter) if letter.is_ascii_alphabetic() || letter == b'_' => {
            let length =
                rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            Ok(Word::Name(&rest[..length]))
        }
        _ => MARKS
            .iter()
            .find(|mark| rest.starts_with(**mark))
            .map(|mark| Word::Mark(mark))
            .ok_or_else(|| broken("a tag has a letter that Jinja does not know")),
    }
}

fn text(rest: &str, quote: u8) -> Result<&str, Broken> {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return Ok(&rest[..=at]),
            _ => {}
        }
    }
    Err(broken("a string does not end"))
}

/// `12`, `1_000`, `0x1f`, `1.5`, `1e-3`; the dot of `1.name` is none of it.
fn number(rest: &str) -> &str {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let next_is_digit = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let exponent = at > 0 && matches!(bytes[at - 1], b'e' | b'E') && !rest.starts_with("0x");
        let fits = byte.is_ascii_alphanumeric()
            || *byte == b'_'
            || (*byte == b'.' && next_is_digit)
            || (matches!(byte, b'+' | b'-') && exponent && next_is_digit);
        if !fits {
            break;
        }
        at += 1;
    }
    &rest[..at]
}

impl<'s> Word<'s> {
    /// The word as it stands in the template.
    pub(super) fn text(self) -> &'s str {
        match self {
            Self::Name(text) | Self::Number(text) | Self::Text(text) | Self::Mark(text) => text,
        }
    }
}
