//! Text into sentences, and long ones into pieces that a voice can say in one go. Every piece is a part of the
//! text as it was written, so that captions show it unchanged.

use std::ops::Range;

/// How long to be silent after a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    /// The sentence goes on.
    Clause,
    Sentence,
    Paragraph,
}

impl Pause {
    /// In seconds.
    pub(crate) fn seconds(self) -> f64 {
        match self {
            Self::Clause => 0.1,
            Self::Sentence => 0.25,
            Self::Paragraph => 0.5,
        }
    }
}

/// A piece to say in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Where it lies in the text, without white space around it.
    pub(crate) range: Range<usize>,
    pub(crate) pause: Pause,
}

/// Characters in one piece at most; 510 phonemes are about 450 characters of plain English.
const LONGEST: usize = 300;
/// A first sentence longer than this is said up to its first comma first, so that sound starts early.
const LONG_START: usize = 60;
/// Characters that a voice says in a second, about.
const A_SECOND: f64 = 14.0;

/// Words before whose full stop a sentence goes on.
const ABBREVIATIONS: &[&str] = &[
    "dr", "mr", "mrs", "ms", "prof", "rev", "hon", "gen", "col", "capt", "lt", "sgt", "gov", "sen", "rep",
    "st", "mt", "ave", "blvd", "rd", "vs", "cf", "e.g", "i.e", "eg", "ie", "no", "nos", "vol", "fig", "figs",
    "eq", "sec", "ch", "pp", "p", "ed", "eds", "approx", "dept", "est", "jan", "feb", "mar", "apr", "jun",
    "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
];

/// The pieces of a text, in order; nothing for a text of white space.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (range, pause) in sentences(text) {
        let limit = if pieces.is_empty() { first_limit(text, &range) } else { LONGEST };
        let mut parts = split(text, range, limit, LONGEST).into_iter().peekable();
        while let Some(range) = parts.next() {
            let pause = if parts.peek().is_some() { Pause::Clause } else { pause };
            pieces.push(Piece { range, pause });
        }
    }
    pieces
}

/// Parts of a text that take about `seconds` each to say: cut at sentences, where one is too long at clauses,
/// then at words.
pub fn takes(text: &str, seconds: f64) -> Vec<String> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept in a small range")]
    let limit = if seconds.is_nan() { 20 } else { (seconds * A_SECOND).clamp(20.0, 100_000.0) as usize };
    let mut takes: Vec<Range<usize>> = Vec::new();
    let mut length = 0;
    for (range, _) in sentences(text) {
        for range in split(text, range, limit, limit) {
            let more = text[range.clone()].chars().count() + 1;
            match takes.last_mut() {
                Some(last) if length + more <= limit + 1 => {
                    last.end = range.end;
                    length += more;
                }
                _ => {
                    takes.push(range);
                    length = more;
                }
            }
        }
    }
    takes.into_iter().map(|range| text[range].to_owned()).collect()
}

/// Where to cut the first sentence: after its first clause, where it is long and has one.
fn first_limit(text: &str, range: &Range<usize>) -> usize {
    let sentence = &text[range.clone()];
    if sentence.chars().count() <= LONG_START {
        return LONGEST;
    }
    let mut lengths = clause_ends(sentence).map(|end| sentence[..end].chars().count());
    lengths.find(|length| (25..LONG_START * 2).contains(length)).unwrap_or(LONGEST)
}

/// Where the sentences lie, without white space around them.
fn sentences(text: &str) -> Vec<(Range<usize>, Pause)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let after = at + letter.len_utf8();
        if letter == '\n' {
            if ends_line(&text[start..at], &text[after..]) {
                let blank = text[after..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
                keep(text, start..at, if blank { Pause::Paragraph } else { Pause::Sentence }, &mut found);
                start = after;
            }
        } else if is_stop(letter) && letters.peek().is_none_or(|(_, next)| !is_stop(*next)) {
            let end = closed(text, after);
            if ends_sentence(&text[start..after], letter, &text[end..]) {
                let mut rest = text[end..].chars().take_while(|next| next.is_whitespace());
                let blank = rest.by_ref().filter(|next| *next == '\n').count() > 1;
                keep(text, start..end, if blank { Pause::Paragraph } else { Pause::Sentence }, &mut found);
                start = end;
                while letters.peek().is_some_and(|(at, _)| *at < end) {
                    letters.next();
                }
            }
        }
    }
    keep(text, start..text.len(), Pause::Sentence, &mut found);
    found
}

fn keep(text: &str, range: Range<usize>, pause: Pause, found: &mut Vec<(Range<usize>, Pause)>) {
    let range = trimmed(text, range);
    if !range.is_empty() {
        found.push((range, pause));
    } else if pause == Pause::Paragraph
        && let Some((_, before)) = found.last_mut()
    {
        *before = pause;
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let end = range.start + part.trim_end().len();
    let start = end - text[range.start..end].trim_start().len();
    start..end
}

fn is_stop(letter: char) -> bool {
    ".!?…。！？｡．।॥؟۔".contains(letter)
}

/// The end of the closing quotes and brackets after a stop.
fn closed(text: &str, at: usize) -> usize {
    let closing = |letter: char| "\"'”’»)]}」』）".contains(letter);
    let rest = &text[at..];
    at + rest.find(|letter| !closing(letter)).unwrap_or(rest.len())
}

/// Whether a stop ends the sentence `so_far` that it stands at the end of.
fn ends_sentence(so_far: &str, stop: char, rest: &str) -> bool {
    if !".!?…".contains(stop) {
        return true;
    }
    if rest.chars().next().is_some_and(|next| !next.is_whitespace()) {
        return false;
    }
    let next = rest.trim_start().chars().next();
    let goes_on = next.is_some_and(|next| next.is_lowercase() || ",;:".contains(next));
    if stop == '!' || stop == '?' {
        return true;
    }
    if goes_on {
        return false;
    }
    stop != '.' || next.is_none() || !is_abbreviation(so_far, next)
}

/// Whether the text ends with a word whose full stop is a part of it.
fn is_abbreviation(so_far: &str, next: Option<char>) -> bool {
    // A word longer than any abbreviation need not be looked at to its beginning.
    let tail = so_far.trim_end_matches('.');
    let from = tail.char_indices().rev().nth(12).map_or(0, |(at, _)| at);
    let word = tail[from..].rsplit(|letter: char| letter.is_whitespace() || "([\"“'".contains(letter)).next();
    let word = word.unwrap_or_default();
    let low = word.to_lowercase();
    if ["no", "p", "fig", "ch", "sec", "vol", "nos", "pp"].contains(&low.as_str()) {
        return next.is_some_and(|next| next.is_ascii_digit());
    }
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    // The number of an item of a list.
    let item =
        so_far.trim_start().len() == word.len() + 1 && word.chars().all(|digit| digit.is_ascii_digit());
    initial || item || ABBREVIATIONS.contains(&low.as_str())
}

/// Whether a line break ends the sentence; in text that was broken at a width it does not.
fn ends_line(line: &str, rest: &str) -> bool {
    let line = line.rsplit('\n').next().unwrap_or_default().trim();
    let next = rest.trim_start_matches([' ', '\t', '\r']).chars().next();
    let wrapped = line.chars().count() >= 45 && next.is_some_and(char::is_lowercase);
    !wrapped
}

/// Parts of at most `first` characters, then of at most `limit`: at clauses, then at words, then anywhere.
fn split(text: &str, range: Range<usize>, first: usize, limit: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut rest = range;
    loop {
        let limit = if parts.is_empty() { first } else { limit }.max(1);
        let part = &text[rest.clone()];
        let Some((end, _)) = part.char_indices().nth(limit) else {
            parts.push(rest);
            return parts;
        };
        let window = &part[..end];
        let clause = clause_ends(part).take_while(|at| *at <= end).filter(|at| *at > end / 3).last();
        let cut = clause.or_else(|| window.rfind(char::is_whitespace).filter(|at| *at > 0)).unwrap_or(end);
        parts.push(trimmed(text, rest.start..rest.start + cut));
        rest = trimmed(text, rest.start + cut..rest.end);
        if rest.is_empty() {
            return parts;
        }
    }
}

/// Where the clauses of a sentence end: after a comma and the like.
fn clause_ends(sentence: &str) -> impl Iterator<Item = usize> + '_ {
    sentence.char_indices().filter_map(|(at, letter)| {
        let after = at + letter.len_utf8();
        let apart = sentence[after..].starts_with(char::is_whitespace);
        let clause = (",;:—–)".contains(letter) && apart) || "，、；：".contains(letter);
        clause.then_some(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        pieces(text).into_iter().map(|piece| &text[piece.range]).collect()
    }

    #[test]
    fn text_is_cut_where_sentences_end_and_nowhere_else() {
        for whole in [
            "Dr. Smith met Mr. Jones at 3.14 p.m. on St. Mary's Rd. near No. 7.",
            "It costs $3.50, e.g. at example.com or v1.2.3.",
            "J. R. R. Tolkien wrote it.",
            "Wait... what is this?",
            "He said “Really?” and left.",
            "1. The first item",
            "A line that was broken at a width of some columns\ngoes on in the next one.",
        ] {
            assert_eq!(
                of(whole),
                if whole.contains("Really") {
                    vec!["He said “Really?”", "and left."]
                } else {
                    vec![whole]
                }
            );
        }
        assert_eq!(of("One. Two! Three? Four…"), ["One.", "Two!", "Three?", "Four…"]);
        assert_eq!(of("He said “No.” She left. (Fine.)"), ["He said “No.”", "She left.", "(Fine.)"]);
        assert_eq!(of("Really?! Yes!!! No..."), ["Really?!", "Yes!!!", "No..."]);
        assert_eq!(of("你好。世界！好吗？"), ["你好。", "世界！", "好吗？"]);
        assert_eq!(of("नमस्ते। दुनिया।"), ["नमस्ते।", "दुनिया।"]);
        assert_eq!(of("A title\nA line\n- an item"), ["A title", "A line", "- an item"]);
        assert_eq!(of(" \n\t "), Vec::<&str>::new());
    }

    #[test]
    fn pauses_are_longer_between_paragraphs() {
        let pauses: Vec<Pause> = pieces("One. Two.\n\nThree.").into_iter().map(|piece| piece.pause).collect();
        assert_eq!(pauses, [Pause::Sentence, Pause::Paragraph, Pause::Sentence]);
        let titled: Vec<Pause> = pieces("Title\n\nText.").into_iter().map(|piece| piece.pause).collect();
        assert_eq!(titled, [Pause::Paragraph, Pause::Sentence]);
    }

    #[test]
    fn a_long_sentence_is_cut_at_clauses_then_at_words_then_anywhere() {
        let clauses = "and then it went on, ".repeat(60);
        let cut = of(&clauses);
        assert!(cut.iter().all(|part| part.chars().count() <= 300 && part.ends_with(',')), "{cut:?}");
        let words = "word ".repeat(200);
        assert!(of(&words).iter().all(|part| part.chars().count() <= 300 && part.ends_with("word")));
        assert!(of(&"é".repeat(1000)).iter().all(|part| part.chars().count() <= 300));
    }

    #[test]
    fn a_long_first_sentence_begins_with_its_first_clause() {
        let text = "When the first sentence is as long as this one is, it would take a while until anything at all is heard.";
        assert_eq!(of(text)[0], "When the first sentence is as long as this one is,");
    }

    #[test]
    fn takes_hold_whole_sentences_of_about_the_length_asked_for() {
        let text = "This is a sentence of forty characters. ".repeat(20);
        let takes = takes(&text, 13.0);
        assert_eq!(takes.len(), 5);
        assert!(takes.iter().all(|take| take.chars().count() <= 182 && take.ends_with('.')), "{takes:?}");
        assert_eq!(super::takes("Short.", 13.0), ["Short."]);
        assert_eq!(super::takes("", 13.0), Vec::<String>::new());
        assert_eq!(super::takes("[laughs] ♪ La ♪", f64::NAN), ["[laughs] ♪ La ♪"]);
    }

    #[test]
    fn nothing_of_a_text_is_lost() {
        let text =
            "One (two). Three, four; “five.” Six\n\nseven! 你好。Eight".to_owned() + &" nine, ten".repeat(90);
        let plain = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
        assert_eq!(plain(&of(&text).concat()), plain(&text));
        assert_eq!(plain(&takes(&text, 4.0).concat()), plain(&text));
    }
}
