//! Words for a terminal: what a model or a server wrote must not move the cursor or change the title.

use std::{borrow::Cow, io::Write};

use limerick_tasks::Error;

/// The text without control characters, line breaks and tabs apart.
pub(crate) fn tame(text: &str) -> Cow<'_, str> {
    let wild = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if text.contains(wild) {
        return Cow::Owned(text.replace(wild, ""));
    }
    Cow::Borrowed(text)
}

/// The text in one line of at most `width` letters.
pub(crate) fn line(text: &str, width: usize) -> String {
    let words = tame(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= width {
        return words;
    }
    words.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// A line on stderr. Where nobody reads it, nothing is lost.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", tame(text));
}

/// What went wrong, and who else could be asked or where to go.
pub(crate) fn say_failure(error: &Error) {
    let message = &error.message;
    match (&error.next_provider, &error.page) {
        (Some(next), _) => say(&format!("{message} It is served by {next}, too: try --provider {next}.")),
        (None, Some(page)) if !message.contains(page) => say(&format!("{message} Its page: {page}")),
        _ => say(message),
    }
}

#[cfg(test)]
mod tests {
    use super::{line, tame};

    #[test]
    fn an_answer_cannot_steer_the_terminal() {
        assert_eq!(tame("a\u{1b}]0;title\u{7}b\u{9b}2Jc\r\n\td"), "a]0;titleb2Jc\n\td");
        assert_eq!(line("one\n two  three", 9), "one two …");
    }
}
