//! Money, measures, percentages, ranges and fractions into words.

use super::numbers::{as_year, cardinal, number, ordinal, year};

/// Signs of money: the sign, one of it, many of it, the small coin (one and many).
const MONEY: &[(&str, &str, &str, &str, &str)] = &[
    ("$", "dollar", "dollars", "cent", "cents"),
    ("US$", "US dollar", "US dollars", "cent", "cents"),
    ("€", "euro", "euros", "cent", "cents"),
    ("£", "pound", "pounds", "penny", "pence"),
    ("¥", "yen", "yen", "sen", "sen"),
    ("₹", "rupee", "rupees", "paisa", "paise"),
    ("₩", "won", "won", "jeon", "jeon"),
    ("₽", "ruble", "rubles", "kopeck", "kopecks"),
    ("₿", "bitcoin", "bitcoins", "bit", "bits"),
];

/// What may stand right behind an amount.
const SCALES: &[(&str, &str)] = &[
    ("k", "thousand"),
    ("K", "thousand"),
    ("m", "million"),
    ("M", "million"),
    ("mn", "million"),
    ("b", "billion"),
    ("B", "billion"),
    ("bn", "billion"),
    ("tn", "trillion"),
    ("T", "trillion"),
];

/// Units: as written, one of it, many of it.
const UNITS: &[(&str, &str, &str)] = &[
    ("%", "percent", "percent"),
    ("‰", "per mille", "per mille"),
    ("°", "degree", "degrees"),
    ("°C", "degree Celsius", "degrees Celsius"),
    ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("km", "kilometer", "kilometers"),
    ("m", "meter", "meters"),
    ("cm", "centimeter", "centimeters"),
    ("mm", "millimeter", "millimeters"),
    ("µm", "micrometer", "micrometers"),
    ("nm", "nanometer", "nanometers"),
    ("km/h", "kilometer per hour", "kilometers per hour"),
    ("m/s", "meter per second", "meters per second"),
    ("mph", "mile per hour", "miles per hour"),
    ("mi", "mile", "miles"),
    ("ft", "foot", "feet"),
    ("yd", "yard", "yards"),
    ("kg", "kilogram", "kilograms"),
    ("g", "gram", "grams"),
    ("mg", "milligram", "milligrams"),
    ("lb", "pound", "pounds"),
    ("lbs", "pound", "pounds"),
    ("oz", "ounce", "ounces"),
    ("l", "liter", "liters"),
    ("L", "liter", "liters"),
    ("ml", "milliliter", "milliliters"),
    ("mL", "milliliter", "milliliters"),
    ("kB", "kilobyte", "kilobytes"),
    ("KB", "kilobyte", "kilobytes"),
    ("MB", "megabyte", "megabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("TB", "terabyte", "terabytes"),
    ("GiB", "gibibyte", "gibibytes"),
    ("MiB", "mebibyte", "mebibytes"),
    ("Mbps", "megabit per second", "megabits per second"),
    ("Gbps", "gigabit per second", "gigabits per second"),
    ("MB/s", "megabyte per second", "megabytes per second"),
    ("GB/s", "gigabyte per second", "gigabytes per second"),
    ("Hz", "hertz", "hertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("MHz", "megahertz", "megahertz"),
    ("GHz", "gigahertz", "gigahertz"),
    ("W", "watt", "watts"),
    ("kW", "kilowatt", "kilowatts"),
    ("kWh", "kilowatt hour", "kilowatt hours"),
    ("V", "volt", "volts"),
    ("s", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("ms", "millisecond", "milliseconds"),
    ("µs", "microsecond", "microseconds"),
    ("ns", "nanosecond", "nanoseconds"),
    ("min", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("hrs", "hour", "hours"),
    ("dB", "decibel", "decibels"),
    ("px", "pixel", "pixels"),
    ("kcal", "kilocalorie", "kilocalories"),
    ("m²", "square meter", "square meters"),
    ("km²", "square kilometer", "square kilometers"),
    ("m³", "cubic meter", "cubic meters"),
    ("x", "times", "times"),
    ("×", "times", "times"),
    ("am", "AM", "AM"),
    ("pm", "PM", "PM"),
    ("AM", "AM", "AM"),
    ("PM", "PM", "PM"),
    ("a.m", "AM", "AM"),
    ("p.m", "PM", "PM"),
    ("a.m.", "AM", "AM"),
    ("p.m.", "PM", "PM"),
];

const LARGE: &[&str] = &["hundred", "thousand", "million", "billion", "trillion"];

/// Signs between the ends of a range.
const TO: [char; 3] = ['–', '—', '‑'];

/// A unit in words, for this many.
pub(crate) fn unit(written: &str, amount: &str) -> Option<&'static str> {
    let (_, one, many) = UNITS.iter().find(|(unit, _, _)| *unit == written)?;
    Some(if amount == "1" { one } else { many })
}

/// A quantity in words (`$3.50`, `5GB`, `21 °C`, `5–10%`, `−5`, `1/2`, `22nd`), and whether `next` belongs to it.
pub(crate) fn amount(text: &str, next: Option<&str>) -> Option<(String, bool)> {
    if let Some(rest) = text.strip_prefix(['-', '−', '–']).filter(|rest| starts_number(rest)) {
        return amount(rest, next).map(|(said, used)| (format!("minus {said}"), used));
    }
    for (sign, word) in
        [("+", "plus"), ("~", "about"), ("≈", "about"), ("±", "plus or minus"), ("#", "number")]
    {
        if let Some(rest) = text.strip_prefix(sign).filter(|rest| starts_number(rest)) {
            return amount(rest, next).map(|(said, used)| (format!("{word} {said}"), used));
        }
    }
    for (sign, word) in [("<", "less than"), (">", "more than"), ("≤", "at most"), ("≥", "at least")] {
        if let Some(rest) = text.strip_prefix(sign).filter(|rest| starts_number(rest)) {
            return amount(rest, next).map(|(said, used)| (format!("{word} {said}"), used));
        }
    }
    money(text, next).or_else(|| range(text, next)).or_else(|| measured(text, next))
}

fn starts_number(text: &str) -> bool {
    let text = text.trim_start_matches(|sign: char| MONEY.iter().any(|money| money.0.starts_with(sign)));
    text.starts_with(|digit: char| digit.is_ascii_digit() || digit == '.')
        && text.contains(|digit: char| digit.is_ascii_digit())
}

/// A number and what follows it right behind: `5GB` is `5` and `GB`.
fn parted(text: &str) -> (&str, &str) {
    let end =
        text.find(|letter: char| !letter.is_ascii_digit() && !".,".contains(letter)).unwrap_or(text.len());
    text.split_at(end)
}

fn money(text: &str, next: Option<&str>) -> Option<(String, bool)> {
    let before = MONEY.iter().rev().find_map(|money| text.strip_prefix(money.0).map(|rest| (money, rest)));
    let after = || MONEY.iter().rev().find_map(|money| text.strip_suffix(money.0).map(|rest| (money, rest)));
    let ((_, one, many, coin, coins), rest) = before.or_else(after)?;
    let (amount, scale) = parted(rest);
    let said = number(amount)?;
    if let Some(scale) = scaled(scale) {
        return Some((format!("{said} {scale} {many}"), false));
    }
    if !scale.is_empty() {
        return None;
    }
    if let Some(scale) = next.filter(|next| LARGE.contains(next)) {
        return Some((format!("{said} {scale} {many}"), true));
    }
    let Some((whole, part)) = amount.split_once('.').filter(|(_, part)| part.len() == 2) else {
        return Some((format!("{said} {}", if amount == "1" { one } else { many }), false));
    };
    let small: u64 = part.parse().ok()?;
    let small_said = format!("{} {}", cardinal(small), if small == 1 { coin } else { coins });
    let whole_said =
        format!("{} {}", number(whole).unwrap_or_default(), if whole == "1" { one } else { many });
    Some(match (whole, small) {
        (_, 0) => (whole_said, false),
        ("" | "0", _) => (small_said, false),
        _ => (format!("{whole_said} and {small_said}"), false),
    })
}

fn scaled(scale: &str) -> Option<&'static str> {
    SCALES.iter().find(|(sign, _)| *sign == scale).map(|(_, word)| *word)
}

/// `5–10%`, `2008-2010`, `$5-$10`.
fn range(text: &str, next: Option<&str>) -> Option<(String, bool)> {
    let dash = text.char_indices().skip(1).find(|(_, sign)| TO.contains(sign) || *sign == '-')?;
    let (from, to) = (&text[..dash.0], &text[dash.0 + dash.1.len_utf8()..]);
    if !starts_number(from) || !starts_number(to) {
        return None;
    }
    let (low, unit) = parted(from.trim_start_matches(|sign: char| !sign.is_ascii_digit() && sign != '.'));
    let (high, _) = parted(to.trim_start_matches(|sign: char| !sign.is_ascii_digit() && sign != '.'));
    let value = |text: &str| ungrouped_value(text);
    // A telephone number is no range.
    if dash.1 == '-' && (value(low)? >= value(high)? || low.len() > 4 || !unit.is_empty()) {
        return None;
    }
    let (to_said, used) = match money(to, next) {
        Some(said) => said,
        None => measured(to, next)?,
    };
    let dear = money(from, None);
    if dear.is_some() && to.starts_with(|sign: char| sign.is_ascii_digit()) {
        return Some((format!("{} to {}", number(low)?, money_like(from, to)?), false));
    }
    let from_said = match (dear, as_year(low)) {
        (Some((said, _)), _) => said,
        (None, Some(from)) => year(from),
        (None, None) => number(low)?,
    };
    Some((format!("{from_said} to {to_said}"), used))
}

/// The upper end of `$5-10`: money like its lower end.
fn money_like(from: &str, to: &str) -> Option<String> {
    let sign: String = from.chars().take_while(|sign| !sign.is_ascii_digit()).collect();
    money(&format!("{sign}{to}"), None).map(|(said, _)| said)
}

fn ungrouped_value(text: &str) -> Option<f64> {
    text.replace(',', "").parse().ok()
}

/// A number with a unit right behind it or next to it; a plain number, year, ordinal, fraction or decade.
fn measured(text: &str, next: Option<&str>) -> Option<(String, bool)> {
    let (amount, behind) = parted(text);
    let bare = behind.is_empty().then(|| next.and_then(|next| unit(next, amount))).flatten();
    if let Some(unit) = bare.filter(|_| !is_word(next)) {
        return Some((format!("{} {unit}", number(amount)?), true));
    }
    if behind.is_empty() {
        let said = as_year(amount).map(year).or_else(|| number(amount))?;
        return Some((said, false));
    }
    if let Some(decade) = decade(amount, behind) {
        return Some((decade, false));
    }
    if ["st", "nd", "rd", "th"].contains(&behind.to_lowercase().as_str()) {
        return Some((ordinal(super::numbers::ungrouped(amount)?.parse().ok()?), false));
    }
    if let Some(below) = behind.strip_prefix(['/', '⁄']) {
        return fraction(amount, below).map(|said| (said, false));
    }
    let said = number(amount)?;
    if let Some(unit) = unit(behind, amount) {
        return Some((format!("{said} {unit}"), false));
    }
    let scale = SCALES.iter().find(|(sign, _)| *sign == behind && ("kKM".contains(sign) || behind.len() > 1));
    scale.map(|(_, word)| (format!("{said} {word}"), false))
}

/// Units that are English words too are units only right behind the number.
fn is_word(next: Option<&str>) -> bool {
    next.is_some_and(|next| ["am", "x", "s", "W", "V"].contains(&next))
}

/// `1990s`, `80s`.
fn decade(amount: &str, behind: &str) -> Option<String> {
    let years: u64 = amount.parse().ok()?;
    if !["s", "'s", "’s"].contains(&behind)
        || !years.is_multiple_of(10)
        || !(amount.len() == 2 || as_year(amount).is_some())
    {
        return None;
    }
    let said = if amount.len() == 2 { cardinal(years) } else { year(years) };
    Some(match said.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{said}s"),
    })
}

fn fraction(above: &str, below: &str) -> Option<String> {
    let (top, bottom): (u64, u64) = (above.parse().ok()?, below.parse().ok()?);
    let many = if top == 1 { "" } else { "s" };
    Some(match bottom {
        2 if top == 1 => "one half".to_owned(),
        2 => format!("{} halves", cardinal(top)),
        4 => format!("{} quarter{many}", cardinal(top)),
        3 | 5..=20 | 100 if top < bottom => format!("{} {}{many}", cardinal(top), ordinal(bottom)),
        _ => format!("{} over {}", cardinal(top), cardinal(bottom)),
    })
}
