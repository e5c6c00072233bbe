//! `strftime_now`, with a clock that is given from outside: nothing here knows what time it is.
//! The letters are those of Python's `datetime.strftime` in the C locale.

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment in the calendar.
struct Moment {
    year: i64,
    month: usize,
    day: i64,
    weekday: usize,
    day_of_year: i64,
    second_of_day: i64,
}

impl Moment {
    /// From seconds since 1970. Source of the arithmetic: Howard Hinnant, "chrono-compatible low-level date
    /// algorithms", `civil_from_days`.
    fn at(seconds: i64) -> Self {
        let (days, second_of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let day_of_year = if month > 2 { of_year + 60 + i64::from(leap) } else { of_year - 305 };
        Self {
            year,
            month: usize::try_from(month).unwrap_or(1),
            day,
            weekday: usize::try_from((days + 4).rem_euclid(7)).unwrap_or_default(),
            day_of_year,
            second_of_day,
        }
    }
}

/// Writes the moment `seconds` after 1970 in the form that `format` describes.
pub(crate) fn strftime(seconds: i64, format: &str) -> String {
    let moment = Moment::at(seconds);
    let (mut out, mut letters) = (String::new(), format.chars().peekable());
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let bare = letters.next_if_eq(&'-').is_some();
        match letters.next() {
            Some(directive) => match written(&moment, directive) {
                Some(text) if bare => out.push_str(unpadded(&text)),
                Some(text) => out.push_str(&text),
                None => out.extend(['%', directive]),
            },
            None => out.push('%'),
        }
    }
    out
}

fn unpadded(text: &str) -> &str {
    let bare = text.trim_start_matches(['0', ' ']);
    if bare.is_empty() { "0" } else { bare }
}

fn written(moment: &Moment, directive: char) -> Option<String> {
    let (hour, minute, second) =
        (moment.second_of_day / 3600, moment.second_of_day / 60 % 60, moment.second_of_day % 60);
    let half = if hour % 12 == 0 { 12 } else { hour % 12 };
    let (day, month) = (DAYS[moment.weekday], MONTHS[moment.month - 1]);
    Some(match directive {
        'Y' => moment.year.to_string(),
        'y' => format!("{:02}", moment.year.rem_euclid(100)),
        'm' => format!("{:02}", moment.month),
        'd' => format!("{:02}", moment.day),
        'e' => format!("{:2}", moment.day),
        'j' => format!("{:03}", moment.day_of_year),
        'B' => month.to_owned(),
        'b' | 'h' => month[..3].to_owned(),
        'A' => day.to_owned(),
        'a' => day[..3].to_owned(),
        'w' => moment.weekday.to_string(),
        'u' => (if moment.weekday == 0 { 7 } else { moment.weekday }).to_string(),
        'H' => format!("{hour:02}"),
        'I' => format!("{half:02}"),
        'M' => format!("{minute:02}"),
        'S' => format!("{second:02}"),
        'f' => "000000".to_owned(),
        'p' => (if hour < 12 { "AM" } else { "PM" }).to_owned(),
        'F' => format!("{}-{:02}-{:02}", moment.year, moment.month, moment.day),
        'T' | 'X' => format!("{hour:02}:{minute:02}:{second:02}"),
        'R' => format!("{hour:02}:{minute:02}"),
        'D' | 'x' => format!("{:02}/{:02}/{:02}", moment.month, moment.day, moment.year.rem_euclid(100)),
        'c' => format!(
            "{} {} {:2} {hour:02}:{minute:02}:{second:02} {}",
            &day[..3],
            &month[..3],
            moment.day,
            moment.year
        ),
        // A moment without a time zone has none to name.
        'z' | 'Z' => String::new(),
        'n' => "\n".to_owned(),
        't' => "\t".to_owned(),
        '%' => "%".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::strftime;

    #[test]
    fn a_moment_is_written_as_python_writes_it() {
        // 2024-02-29 13:05:09, a Thursday.
        let at = 1_709_211_909;
        let format = "%A %a %d %-d %B %b %Y %y %m %H %-I %p %M %S %j %F %T %c %% %Q %Z|";
        assert_eq!(
            strftime(at, format),
            "Thursday Thu 29 29 February Feb 2024 24 02 13 1 PM 05 09 060 2024-02-29 13:05:09 \
             Thu Feb 29 13:05:09 2024 % %Q |"
        );
        assert_eq!(strftime(0, "%d %b %Y %H %I %j"), "01 Jan 1970 00 12 001");
        assert_eq!(strftime(-1, "%F %T %a"), "1969-12-31 23:59:59 Wed");
        assert_eq!(strftime(at, "%"), "%");
    }
}
