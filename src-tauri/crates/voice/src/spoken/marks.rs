//! Takes away what is for the eye alone: marks of Markdown, HTML tags, the addresses of links.

/// How far apart the ends of a tag or an address may be; what is longer is text.
const REACH: usize = 2_000;

/// A text without its marks.
pub(crate) fn unmarked(text: &str) -> String {
    let lines = text.lines().filter(|line| !is_rule(line) && !line.trim_start().starts_with("```"));
    let lines: Vec<&str> = lines.map(unheaded).collect();
    let text = lines.join("\n");
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(end) = skipped(rest, letter, out.chars().last()) {
            at += end;
            continue;
        }
        at += letter.len_utf8();
        match letter {
            '—' | '―' => out.push_str(" — "),
            '…' => out.push_str("… "),
            '|' | '•' | '·' => out.push_str(", "),
            // Wide forms, which Chinese and Japanese texts have.
            '！'..='～' => out.extend(char::from_u32(u32::from(letter) - 0xFEE0)),
            '`' | '*' | '~' | '\u{AD}' | '\u{200B}' | '\u{FEFF}' if !is_operator(letter, rest, &out) => {}
            _ => out.push(letter),
        }
    }
    for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&quot;", "\""), ("&amp;", "&")] {
        if out.contains(entity) {
            out = out.replace(entity, sign);
        }
    }
    out
}

/// How much to skip here: a tag, the address behind a link's words, an emphasis with underscores.
fn skipped(rest: &str, letter: char, before: Option<char>) -> Option<usize> {
    let near = |sign: char| rest.bytes().take(REACH).position(|byte| u32::from(byte) == u32::from(sign));
    match letter {
        '<' if rest[1..]
            .starts_with(|next: char| next.is_ascii_alphabetic() || next == '/' || next == '!') =>
        {
            near('>').map(|end| end + 1)
        }
        ']' if rest.starts_with("](") => near(')').map(|end| end + 1),
        '!' if rest.starts_with("![") => Some(2),
        '[' | ']' => Some(1),
        '_' if before.is_none_or(|before| !before.is_alphanumeric()) => Some(1),
        '_' if !rest[1..].starts_with(char::is_alphanumeric) => Some(1),
        _ => None,
    }
}

/// Whether a star or a wave stands for an operation: `3 * 4`, `~5`.
fn is_operator(letter: char, rest: &str, before: &str) -> bool {
    let next = rest.chars().nth(1);
    match letter {
        '*' => before.ends_with(' ') && next == Some(' ') && !before.trim().is_empty(),
        '~' => next.is_some_and(|next| next.is_ascii_digit()) && !before.ends_with(char::is_alphanumeric),
        _ => false,
    }
}

/// `---`, `***`, `===` alone on a line, also between the columns of a table.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2 && line.chars().all(|sign| "-*_=|: ".contains(sign))
}

/// A line without the marks of a heading, a quotation or a list.
fn unheaded(line: &str) -> &str {
    let line = line.trim_start();
    let bare = line.trim_start_matches('#');
    if bare.len() < line.len() && bare.starts_with(' ') {
        return bare.trim();
    }
    let line = line.trim_start_matches("> ");
    for mark in ["- [ ] ", "- [x] ", "- ", "* ", "+ ", "• "] {
        if let Some(item) = line.strip_prefix(mark) {
            return item;
        }
    }
    line
}
