//! Dates and times of day into words.

use super::numbers::{as_year, cardinal, ordinal, year};

/// Months and how they are shortened.
const MONTHS: [(&str, &str); 12] = [
    ("January", "Jan"),
    ("February", "Feb"),
    ("March", "Mar"),
    ("April", "Apr"),
    ("May", "May"),
    ("June", "Jun"),
    ("July", "Jul"),
    ("August", "Aug"),
    ("September", "Sep"),
    ("October", "Oct"),
    ("November", "Nov"),
    ("December", "Dec"),
];

/// The month that a word names.
fn month(word: &str) -> Option<&'static str> {
    let word = word.strip_suffix('.').unwrap_or(word);
    let named = |(long, short): &&(&str, &str)| {
        *long == word || *short == word || (word == "Sept" && *short == "Sep")
    };
    MONTHS.iter().find(named).map(|(long, _)| *long)
}

fn day(text: &str) -> Option<u64> {
    let plain =
        text.strip_suffix("st").or_else(|| text.strip_suffix("nd")).or_else(|| text.strip_suffix("rd"));
    let plain = plain.or_else(|| text.strip_suffix("th")).unwrap_or(text);
    plain.parse().ok().filter(|day| (1..=31).contains(day) && plain.len() <= 2)
}

/// A date at the beginning of these words (`May 5, 2025`, `5 May 2025`, `Mar. 3`, `June 1999`): what is said, and
/// how many words it takes; punctuation behind the last one is not said.
pub(crate) fn date(words: &[&str]) -> Option<(String, usize)> {
    let bare =
        |at: usize| words.get(at).map(|word| word.trim_end_matches([',', '.', ';', ':', '!', '?', ')']));
    let whole = |at: usize| words.get(at).is_some_and(|word| !word.ends_with([',', ';', ':', '!', '?', ')']));
    if let Some(day) = day(words.first()?)
        && let Some(month) = bare(1).and_then(month)
    {
        let said = format!("{} of {month}", ordinal(day));
        let with_year = bare(2).and_then(as_year).filter(|_| whole(1) || words[1].ends_with(','));
        return Some(match with_year {
            Some(in_year) => (format!("{said}, {}", year(in_year)), 3),
            None => (said, 2),
        });
    }
    let month = month(words.first()?)?;
    if let Some(in_year) = bare(1).and_then(as_year) {
        return Some((format!("{month} {}", year(in_year)), 2));
    }
    let said = format!("{month} {}", ordinal(bare(1).and_then(day)?));
    match bare(2).and_then(as_year).filter(|_| whole(1) || words[1].ends_with(',')) {
        Some(in_year) => Some((format!("{said}, {}", year(in_year)), 3)),
        None => Some((said, 2)),
    }
}

/// `2025-03-04`, `3/4/2025` (the month first, unless it cannot be), `4.3.2025` (the day first).
pub(crate) fn numeric_date(text: &str) -> Option<String> {
    let separator = text.chars().find(|sign| "-/.".contains(*sign))?;
    let parts: Vec<u64> = text.split(separator).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let lengths: Vec<usize> = text.split(separator).map(str::len).collect();
    // Where year, month and day stand.
    let order = match (separator, &parts[..], &lengths[..]) {
        ('-' | '/', _, [4, 1..=2, 1..=2]) => [0, 1, 2],
        ('/' | '-', [months, ..], [1..=2, 1..=2, 4]) if *months <= 12 => [2, 0, 1],
        ('/' | '-' | '.', _, [1..=2, 1..=2, 4]) => [2, 1, 0],
        _ => return None,
    };
    let [years, months, days] = order.map(|at| parts[at]);
    let month = usize::try_from(months).ok()?.checked_sub(1).and_then(|month| MONTHS.get(month))?;
    if !(1..=31).contains(&days) {
        return None;
    }
    Some(format!("{} {}, {}", month.0, ordinal(days), year(years)))
}

/// `14:30`, `9:05`, `3:00pm`, `12:30:15`.
pub(crate) fn time(text: &str) -> Option<String> {
    let low = text.to_lowercase();
    let (clock, half) = match low.strip_suffix("pm").or_else(|| low.strip_suffix("p.m")) {
        Some(clock) => (clock, " PM"),
        None => low
            .strip_suffix("am")
            .or_else(|| low.strip_suffix("a.m"))
            .map_or((&*low, ""), |clock| (clock, " AM")),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let digits = |part: &&str| part.bytes().all(|digit| digit.is_ascii_digit());
    if !(2..=3).contains(&parts.len())
        || !parts.iter().all(digits)
        || parts[1..].iter().any(|part| part.len() != 2)
    {
        return None;
    }
    let values: Vec<u64> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hour, minute) = (values[0], values[1]);
    if hour > 24 || minute > 59 || parts[0].len() > 2 {
        return None;
    }
    let minutes = match minute {
        0 if half.is_empty() && hour <= 12 && hour > 0 => " o'clock".to_owned(),
        0 if half.is_empty() => " hundred".to_owned(),
        0 => String::new(),
        1..=9 => format!(" oh {}", cardinal(minute)),
        _ => format!(" {}", cardinal(minute)),
    };
    let seconds = values.get(2).filter(|seconds| **seconds < 60);
    let seconds = seconds.map(|seconds| format!(" and {} seconds", cardinal(*seconds))).unwrap_or_default();
    Some(format!("{}{minutes}{seconds}{half}", cardinal(hour)))
}
