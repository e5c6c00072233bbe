//! A sentence in tokens: its words and punctuation marks, and what each word is in it.

use crate::script::script;
use crate::words::Use;

/// A piece of text: a word or one punctuation mark.
pub(crate) struct Token<'a> {
    pub(crate) text: &'a str,
    pub(crate) is_word: bool,
    /// Whether white space stands before it.
    pub(crate) apart: bool,
}

/// Words and punctuation marks; everything else parts them.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut apart = false;
    let mut start = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let inner = start.is_some() && "'’-_".contains(letter) && next.is_some_and(char::is_alphanumeric);
        let leading = start.is_none() && "'’".contains(letter) && next.is_some_and(char::is_alphabetic);
        let trailing = start.is_some() && "'’".contains(letter) && text[..at].ends_with('s');
        let mark = start.is_some() && script(letter).is_mark();
        if letter.is_alphabetic() || mark || inner || leading || trailing {
            start.get_or_insert(at);
        } else {
            if let Some(from) = start.take() {
                tokens.push(Token { text: &text[from..at], is_word: true, apart });
                apart = false;
            }
            if ";:,.!?—…\"()“”".contains(letter) {
                tokens.push(Token { text: &text[at..at + letter.len_utf8()], is_word: false, apart });
                apart = false;
            } else {
                apart = true;
            }
        }
    }
    if let Some(from) = start {
        tokens.push(Token { text: &text[from..], is_word: true, apart });
    }
    tokens
}

/// One line of phonemes; what had no sound leaves no gap.
pub(crate) fn join(tokens: &[Token<'_>], sounds: &[String]) -> String {
    let mut out = String::new();
    let mut apart = false;
    for (token, sound) in tokens.iter().zip(sounds) {
        apart |= token.apart;
        if sound.is_empty() {
            continue;
        }
        let glued = !token.is_word && !"(“\"—".contains(token.text);
        let after_word = token.is_word && out.chars().last().is_some_and(|last| !"(“ ".contains(last));
        if !out.is_empty() && !glued && (apart || after_word) {
            out.push(' ');
        }
        out.push_str(sound);
        apart = false;
    }
    out
}

/// What the word at `at` probably is, from the words around it.
pub(crate) fn used(tokens: &[Token<'_>], at: usize) -> Use {
    const BEFORE_VERBS: &[&str] = &[
        "to", "will", "would", "can", "could", "shall", "should", "may", "might", "must", "i", "you", "we",
        "they", "who", "not", "don't", "didn't", "doesn't", "won't", "can't", "please", "let's", "cannot",
        "i'll", "you'll", "we'll", "they'll", "do", "did", "does", "us", "and",
    ];
    const BEFORE_NOUNS: &[&str] = &[
        "the", "a", "an", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our",
        "their", "no", "any", "some", "every", "each", "of", "in", "for", "with", "new", "first", "last",
    ];
    const HAVE: &[&str] = &["have", "has", "had", "having", "was", "were", "been", "be", "is", "are", "i've"];
    let before = |steps: usize| {
        let token = at.checked_sub(steps).and_then(|at| tokens.get(at)).filter(|token| token.is_word);
        token.map(|token| token.text.to_lowercase().replace('’', "'")).unwrap_or_default()
    };
    let (one, two) = (before(1), before(2));
    let is = |list: &[&str], word: &str| list.contains(&word);
    if is(HAVE, &one) || (is(HAVE, &two) && !is(BEFORE_NOUNS, &one) && one != "to") {
        return Use::Past;
    }
    let past = ["yesterday", "ago"];
    let told = |token: &Token<'_>| past.contains(&token.text.to_lowercase().as_str());
    if is(BEFORE_NOUNS, &one) {
        Use::Noun
    } else if tokens.iter().any(told) && tokens[at].text.eq_ignore_ascii_case("read") {
        Use::Past
    } else if is(BEFORE_VERBS, &one) || at == 0 {
        Use::Verb
    } else {
        Use::Any
    }
}

/// Whether everything is in capitals, so that they say nothing about a single word.
pub(crate) fn is_shouted(tokens: &[Token<'_>]) -> bool {
    let words: Vec<&Token<'_>> = tokens.iter().filter(|token| token.is_word).collect();
    words.len() > 2 && words.iter().all(|token| token.text.to_uppercase() == token.text)
}
