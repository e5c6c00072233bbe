//! Numbers into words. Takes digits as text, so that no number is too long.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [&str; 6] = ["", " thousand", " million", " billion", " trillion", " quadrillion"];

/// A whole number; one of more than 18 digits is read digit by digit.
pub(crate) fn cardinal(number: u64) -> String {
    if number == 0 {
        return SMALL[0].to_owned();
    }
    let mut groups = Vec::new();
    let mut rest = number;
    for scale in SCALES {
        let group = rest % 1000;
        if group > 0 {
            groups.push(below_thousand(group) + scale);
        }
        rest /= 1000;
    }
    if rest > 0 {
        return digits(&number.to_string());
    }
    groups.reverse();
    groups.join(" ")
}

fn below_thousand(number: u64) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    match (hundreds, rest) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{} hundred", small(hundreds)),
        (hundreds, rest) => format!("{} hundred {}", small(hundreds), below_hundred(rest)),
    }
}

fn below_hundred(number: u64) -> String {
    let (tens, ones) = (number / 10, number % 10);
    match (tens, ones) {
        (0 | 1, _) => small(number).to_owned(),
        (tens, 0) => ten(tens).to_owned(),
        (tens, ones) => format!("{} {}", ten(tens), small(ones)),
    }
}

fn small(number: u64) -> &'static str {
    usize::try_from(number).ok().and_then(|number| SMALL.get(number)).copied().unwrap_or_default()
}

fn ten(number: u64) -> &'static str {
    usize::try_from(number).ok().and_then(|number| TENS.get(number)).copied().unwrap_or_default()
}

/// `3` as "third".
pub(crate) fn ordinal(number: u64) -> String {
    let words = cardinal(number);
    let at = words.rfind(' ').map_or(0, |at| at + 1);
    let (before, last) = words.split_at(at);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        other => match other.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{other}th"),
        },
    };
    format!("{before}{last}")
}

/// A year as people say it: `1999`, `2008`, `2025`, `1905`.
pub(crate) fn year(number: u64) -> String {
    let (century, rest) = (number / 100, number % 100);
    match (century, rest) {
        (10 | 20, rest) if rest < 10 => cardinal(number),
        (century, 0) => format!("{} hundred", cardinal(century)),
        (century, rest) if rest < 10 => format!("{} oh {}", cardinal(century), cardinal(rest)),
        (century, rest) => format!("{} {}", cardinal(century), cardinal(rest)),
    }
}

/// One digit after the other.
pub(crate) fn digits(text: &str) -> String {
    let named = text.chars().filter_map(|digit| digit.to_digit(10)).map(|digit| small(u64::from(digit)));
    named.collect::<Vec<_>>().join(" ")
}

/// A number as it is written (`1,234.5`, `.5`, `007`); `None` where it is none.
pub(crate) fn number(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if part.is_some_and(|part| !all_digits(part)) {
        return None;
    }
    let whole = match (whole, part) {
        ("", Some(_)) => String::new(),
        (whole, _) => counted(&ungrouped(whole).filter(|whole| all_digits(whole))?),
    };
    Some(match part {
        None => whole,
        Some(part) => format!("{whole} point {}", digits(part)).trim().to_owned(),
    })
}

/// A whole number of digits alone: as a number, unless it begins with zeros or is very long.
fn counted(text: &str) -> String {
    match text.parse::<u64>() {
        Ok(number) if text == "0" || !text.starts_with('0') => cardinal(number),
        _ => digits(text),
    }
}

/// Without the commas that group thousands; `None` where commas stand elsewhere.
pub(crate) fn ungrouped(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let mut groups = text.split(',');
    let first = groups.next()?.len();
    ((1..=3).contains(&first) && groups.all(|group| group.len() == 3)).then(|| text.replace(',', ""))
}

/// Years are said in pairs; other numbers of four digits rarely stand without a comma.
pub(crate) fn as_year(text: &str) -> Option<u64> {
    let plain = text.len() == 4 && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().filter(|year| plain && (1100..2100).contains(year))
}
