//! What is left of a text beside its tags: `-` takes all white space, `trim_blocks` the line break behind a
//! block, `lstrip_blocks` the spaces before it. As in Jinja2's `lexer.py`.

use super::scan::Piece;

/// What a tag takes of the text beside it.
#[derive(Clone, Copy)]
enum Takes {
    /// All white space.
    All,
    /// A line break behind it, or the spaces of its line before it.
    Line,
    /// Nothing.
    Nothing,
}

/// What is written of a text between these pieces.
pub(super) fn trimmed<'s>(text: &'s str, before: Option<&Piece<'_>>, after: Option<&Piece<'_>>) -> &'s str {
    let first = before.is_none();
    let left = match before {
        None | Some(Piece::Text(_)) => Takes::Nothing,
        Some(Piece::Tag(open, _, close)) => {
            takes(close.starts_with('-'), close.starts_with('+') || open.starts_with("{{"))
        }
        Some(Piece::Comment(comment)) => takes(comment.ends_with("-#}"), comment.ends_with("+#}")),
        Some(Piece::Raw(_, _, close)) => takes(close.ends_with("-%}"), close.ends_with("+%}")),
    };
    let right = match after {
        None | Some(Piece::Text(_)) => Takes::Nothing,
        Some(Piece::Tag(open, _, _)) if *open == "{{" => Takes::Nothing,
        Some(Piece::Tag(open, _, _) | Piece::Comment(open) | Piece::Raw(open, _, _)) => opening(open),
    };
    // Jinja2 takes the last line break of a template away.
    let text = if after.is_none() { text.strip_suffix('\n').unwrap_or(text) } else { text };
    cut(text, left, right, first)
}

/// What is written of the inside of a raw block.
pub(super) fn inside_raw<'s>(open: &str, inside: &'s str, close: &str) -> &'s str {
    // Jinja2 leaves the line break behind `{% raw %}` alone.
    let left = if open.ends_with("-%}") { Takes::All } else { Takes::Nothing };
    cut(inside, left, opening(close), false)
}

fn opening(tag: &str) -> Takes {
    takes(tag[2..].starts_with('-'), tag[2..].starts_with('+'))
}

fn takes(all: bool, nothing: bool) -> Takes {
    match (all, nothing) {
        (true, _) => Takes::All,
        (_, true) => Takes::Nothing,
        _ => Takes::Line,
    }
}

fn cut(text: &str, left: Takes, right: Takes, first: bool) -> &str {
    let spaces =
        text.len() - text.trim_end_matches(|letter: char| letter.is_whitespace() && letter != '\n').len();
    let line = &text[..text.len() - spaces];
    let starts_a_line = line.ends_with('\n') || (line.is_empty() && first);
    let kept = match right {
        Takes::All => text.trim_end(),
        Takes::Line if starts_a_line => line,
        _ => text,
    };
    match left {
        Takes::All => kept.trim_start(),
        Takes::Line => kept.strip_prefix("\r\n").or_else(|| kept.strip_prefix('\n')).unwrap_or(kept),
        Takes::Nothing => kept,
    }
}
