//! A sentence as it is written into the words that are said: no digits, no signs, no marks are left.
//! What is no number, sign or shortened word goes on as it is.

mod amounts;
mod dates;
mod marks;
mod numbers;
mod signs;
#[cfg(test)]
mod tests;

use self::amounts::{amount, unit};
use self::dates::{date, numeric_date, time};
pub(crate) use self::marks::unmarked;
use self::numbers::{digits, number, year};
use self::signs::{address, shortened, sign};

/// Signs that may stand before and behind a word without being a part of it.
const OPENING: &str = "([{\"“‘'«¿¡";
const CLOSING: &str = ")]}\"”’'».,;:!?…";

/// A sentence in words and punctuation.
pub(crate) fn spoken(text: &str) -> String {
    let text = unmarked(text);
    let chunks: Vec<&str> = text.split_whitespace().collect();
    let mut out: Vec<String> = Vec::with_capacity(chunks.len());
    let mut at = 0;
    while at < chunks.len() {
        let (said, used) = chunk(&chunks, at);
        if !said.is_empty() {
            out.push(said);
        }
        at += used.max(1);
    }
    out.join(" ")
}

/// What is said from the chunk at `at` on, and how many chunks that is.
fn chunk(chunks: &[&str], at: usize) -> (String, usize) {
    let whole = chunks[at];
    let core = whole.trim_start_matches(|letter| OPENING.contains(letter));
    let before = &whole[..whole.len() - core.len()];
    let mut from_here = chunks[at..chunks.len().min(at + 3)].to_vec();
    from_here[0] = core;
    if let Some((said, used)) = date(&from_here) {
        return (format!("{before}{said}{}", closing(chunks[at + used - 1])), used);
    }
    let previous = at.checked_sub(1).map(|at| chunks[at]);
    let next = chunks.get(at + 1).copied();
    if let Some(dash) = dash(core, previous, next) {
        return (dash.to_owned(), 1);
    }
    if let Some((said, ends)) = shortened(core, previous, next) {
        let rest = if ends { closing(core).trim_start_matches('.') } else { "" };
        return (format!("{before}{said}{rest}"), 1);
    }
    let bare = core.trim_end_matches(|letter| CLOSING.contains(letter));
    let mut after = &core[bare.len()..];
    let beside = next.filter(|_| after.is_empty());
    if let Some((said, joined)) = quantity(bare, beside) {
        if joined {
            let beside = beside.unwrap_or_default();
            let stop = if beside.contains(".m.") && at + 2 < chunks.len() { "." } else { "" };
            return (format!("{before}{said}{}", closing(beside).trim_start_matches(stop)), 2);
        }
        return (format!("{before}{said}{after}"), 1);
    }
    if is_initials(bare) && next.is_some() {
        after = after.strip_prefix('.').unwrap_or(after);
    }
    (format!("{before}{}{after}", word(bare)), 1)
}

/// A dash that stands by itself: a pause, between numbers a minus.
fn dash(core: &str, previous: Option<&str>, next: Option<&str>) -> Option<&'static str> {
    let digit =
        |word: Option<&str>| word.is_some_and(|word| word.contains(|letter: char| letter.is_ascii_digit()));
    match core {
        "-" | "–" if digit(previous) && digit(next) => Some("minus"),
        "-" | "–" | "--" | "—" => Some("—"),
        _ => None,
    }
}

/// `U.S`, `a.m`: letters with full stops between them.
fn is_initials(bare: &str) -> bool {
    let mut letters = bare.split('.');
    bare.contains('.')
        && letters.all(|part| part.chars().count() < 2 && part.chars().all(char::is_alphabetic))
}

/// A telephone number: groups of digits that are read one by one.
fn telephone(bare: &str) -> Option<String> {
    let plain = bare.trim_start_matches('+');
    let groups: Vec<&str> = plain.split(['-', '.']).collect();
    let all_digits = |group: &&str| group.len() > 1 && group.bytes().all(|digit| digit.is_ascii_digit());
    let count: usize = groups.iter().map(|group| group.len()).sum();
    let known = groups.len() > 1 && groups.last()?.len() == 4 && groups.iter().all(all_digits) && count >= 7;
    (known && groups[0].len() < 4)
        .then(|| groups.iter().map(|group| digits(group)).collect::<Vec<_>>().join(", "))
}

/// The punctuation at the end of a chunk.
fn closing(chunk: &str) -> &str {
    &chunk[chunk.trim_end_matches(|letter| CLOSING.contains(letter)).len()..]
}

/// A date, a time or an amount; whether the chunk beside it belongs to it.
fn quantity(bare: &str, beside: Option<&str>) -> Option<(String, bool)> {
    if !bare.contains(|letter: char| letter.is_ascii_digit() || "½¼¾⅓⅔".contains(letter)) {
        return None;
    }
    if let Some(date) = numeric_date(bare) {
        return Some((date, false));
    }
    if let Some(numbers) = telephone(bare) {
        return Some((numbers, false));
    }
    let beside_bare = beside.map(|beside| beside.trim_end_matches(|letter| CLOSING.contains(letter)));
    if let Some(time) = time(bare) {
        let half = beside_bare.filter(|half| half.len() < 5).and_then(|half| unit(half, ""));
        return match half.filter(|half| ["AM", "PM"].contains(half)) {
            Some(half) => Some((format!("{} {half}", time.trim_end_matches(" o'clock")), true)),
            None => Some((time, false)),
        };
    }
    amount(bare, beside_bare)
}

/// A word that is no amount by itself.
fn word(bare: &str) -> String {
    if let Some(said) = address(bare).or_else(|| sign(bare).map(str::to_owned)) {
        return said;
    }
    if is_initials(bare) {
        return bare.replace('.', "").to_uppercase();
    }
    runs(bare)
}

/// What a run of letters in a word is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letters,
    Digits,
    Sign,
}

fn kind(letter: char) -> Kind {
    if letter.is_ascii_digit() {
        Kind::Digits
    } else if letter.is_alphabetic() || crate::script::script(letter).is_mark() || "'’-_".contains(letter) {
        Kind::Letters
    } else {
        Kind::Sign
    }
}

/// A word with digits or signs inside: `GPT-4o`, `C++`, `R&D`, `Node.js`, `v1.2`.
fn runs(bare: &str) -> String {
    if bare.chars().all(|letter| kind(letter) == Kind::Letters) {
        return bare.to_owned();
    }
    let mut runs: Vec<(Kind, String)> = Vec::new();
    for letter in bare.chars() {
        let kind = kind(letter);
        match runs.last_mut() {
            Some((last, run)) if *last == kind && kind != Kind::Sign => run.push(letter),
            _ => runs.push((kind, letter.to_string())),
        }
    }
    let mut out = Vec::new();
    for (at, (kind, run)) in runs.iter().enumerate() {
        let next = runs.get(at + 1).map(|(kind, _)| *kind);
        let before = at.checked_sub(1).map(|at| runs[at].0);
        let said = match kind {
            Kind::Letters => beside_digits(run, before == Some(Kind::Digits), next == Some(Kind::Digits)),
            Kind::Digits => inner_digits(run),
            Kind::Sign => inner_sign(run, before, next),
        };
        if !said.is_empty() {
            out.push(said);
        }
    }
    out.join(" ")
}

/// Letters in a word with digits: single ones are named, `v` before a number is a version.
fn beside_digits(run: &str, after_digits: bool, before_digits: bool) -> String {
    let letters = run.trim_matches(['-', '_']);
    match letters {
        "v" | "V" if before_digits => "version".to_owned(),
        letters if letters.chars().count() == 1 && (after_digits || before_digits) => letters.to_uppercase(),
        letters => letters.to_owned(),
    }
}

/// Digits inside a word: models and machines are named in pairs (`4090`), like years.
fn inner_digits(run: &str) -> String {
    match run.parse::<u64>() {
        Ok(value) if run.len() == 4 && value >= 1000 => year(value),
        _ => number(run).unwrap_or_else(|| digits(run)),
    }
}

fn inner_sign(run: &str, before: Option<Kind>, next: Option<Kind>) -> String {
    let digits_around = before == Some(Kind::Digits) && next == Some(Kind::Digits);
    match run {
        "." if digits_around => "point".to_owned(),
        "." if next.is_some() && before.is_some() => "dot".to_owned(),
        "#" if before == Some(Kind::Letters) => "sharp".to_owned(),
        ":" if digits_around => "to".to_owned(),
        "/" | "\\" | "(" | ")" | "," | ":" | ";" | "." | "!" | "?" => String::new(),
        other => sign(other).unwrap_or_default().to_owned(),
    }
}
