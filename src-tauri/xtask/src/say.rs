//! Words on the terminal: headings, times and sizes.

use std::io::IsTerminal;
use std::time::Duration;

/// How progress is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// One line that is drawn over.
    Bar,
    /// A plain line now and then: no terminal, or another program prints at the same time.
    Lines,
}

impl Style {
    /// A bar where a person looks at a terminal, plain lines elsewhere.
    pub(crate) fn of_this_terminal() -> Self {
        if std::io::stdout().is_terminal() { Self::Bar } else { Self::Lines }
    }
}

/// The heading of a step.
pub(crate) fn heading(words: &str) {
    println!("\n== {words}");
}

/// One line below a heading.
pub(crate) fn note(words: &str) {
    println!("   {words}");
}

/// `4.2 s`, `3 min 05 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// `98.4 MB`, `1.12 GB` (decimal units, as the model pages print them).
pub(crate) fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let bytes = bytes as f64;
    if bytes >= 1e9 {
        format!("{:.2} GB", bytes / 1e9)
    } else if bytes >= 1e6 {
        format!("{:.1} MB", bytes / 1e6)
    } else {
        format!("{:.0} kB", bytes / 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, size};
    use std::time::Duration;

    #[test]
    fn sizes_and_times_read_like_words() {
        assert_eq!(size(98_362_432), "98.4 MB");
        assert_eq!(size(1_117_320_768), "1.12 GB");
        assert_eq!(duration(Duration::from_millis(4200)), "4.2 s");
        assert_eq!(duration(Duration::from_secs(185)), "3 min 05 s");
    }
}
