//! From what a person types to what `SQLite`'s full-text search takes: words, never its syntax.

/// How to find what the person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Search {
    /// Everything.
    All,
    /// An FTS5 expression: all words, the last one as a beginning.
    Words(String),
    /// A `like` pattern (escaped with `\`): for signs, and for writing without spaces between words.
    Part(String),
}

impl Search {
    pub(super) fn read(typed: &str) -> Self {
        let typed = typed.replace('\0', " ");
        let typed = typed.trim();
        if typed.is_empty() {
            return Self::All;
        }
        let words: Vec<&str> = typed.split_whitespace().collect();
        if !words.iter().all(|word| is_searchable(word)) {
            return Self::Part(format!("%{}%", escape(typed)));
        }
        let quoted: Vec<String> =
            words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
        Self::Words(format!("{}*", quoted.join(" ")))
    }
}

/// Whether the tokenizer finds a word in it, with borders where a person sees them.
fn is_searchable(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric) && !word.chars().any(is_written_without_spaces)
}

/// Thai to Khmer, kana, Han, Hangul and what lies between them.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_the_last_may_go_on() {
        assert_eq!(Search::read("  lim  erick "), Search::Words("\"lim\" \"erick\"*".into()));
        assert_eq!(Search::read("say \"hi\" OR"), Search::Words("\"say\" \"\"\"hi\"\"\" \"OR\"*".into()));
        assert_eq!(Search::read(" \0 "), Search::All);
    }

    #[test]
    fn signs_and_chinese_are_found_as_they_stand() {
        assert_eq!(Search::read("100 %"), Search::Part("%100 \\%%".into()));
        assert_eq!(Search::read("你好"), Search::Part("%你好%".into()));
    }
}
