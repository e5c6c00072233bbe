//! Splits an answer that begins with `<think>…</think>` into reasoning and text, in any pieces.

/// The tags that models open an answer with, and how they close.
const TAGS: [(&str, &str); 3] =
    [("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<reasoning>", "</reasoning>")];

/// Text and reasoning of one piece.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) text: String,
    pub(crate) reasoning: String,
}

/// Where in the answer we are. A tag counts only at the very start, so that text about tags stays text.
#[derive(Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    /// Line ends between the opening tag and the reasoning are left out.
    Opened(&'static str),
    Inside(&'static str),
    /// Line ends between the closing tag and the text are left out.
    Closed,
    Text,
}

/// Holds back at most a tag's length while it may still become one.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    place: Place,
    held: String,
}

impl Splitter {
    /// Takes the next piece of content.
    pub(crate) fn push(&mut self, piece: &str) -> Split {
        if self.place == Place::Text {
            return Split { text: piece.to_owned(), ..Split::default() };
        }
        let mut split = Split::default();
        self.held.push_str(piece);
        while self.step(&mut split) {}
        split
    }

    /// Gives what is still held back, at the end of the answer.
    pub(crate) fn finish(&mut self) -> Split {
        let held = std::mem::take(&mut self.held);
        match self.place {
            Place::Inside(_) => Split { reasoning: held, ..Split::default() },
            _ => Split { text: held, ..Split::default() },
        }
    }

    /// One move; `true` when another may follow.
    fn step(&mut self, split: &mut Split) -> bool {
        match self.place {
            Place::Start => self.open(),
            Place::Inside(close) => self.inside(close, split),
            Place::Opened(close) => self.skip_lines(Place::Inside(close)),
            Place::Closed => self.skip_lines(Place::Text),
            Place::Text => {
                split.text.push_str(&std::mem::take(&mut self.held));
                false
            }
        }
    }

    fn skip_lines(&mut self, next: Place) -> bool {
        self.held = self.held.trim_start_matches(['\n', '\r', ' ']).to_owned();
        if !self.held.is_empty() {
            self.place = next;
        }
        !self.held.is_empty()
    }

    fn open(&mut self) -> bool {
        let start = self.held.trim_start();
        if let Some((open, close)) = TAGS.iter().find(|(open, _)| start.starts_with(open)) {
            self.held = start[open.len()..].to_owned();
            self.place = Place::Opened(close);
            return true;
        }
        let may_open = TAGS.iter().any(|(open, _)| open.starts_with(start));
        if !may_open {
            self.place = Place::Text;
        }
        !may_open
    }

    fn inside(&mut self, close: &'static str, split: &mut Split) -> bool {
        if let Some(at) = self.held.find(close) {
            split.reasoning.push_str(&self.held[..at]);
            self.held = self.held[at + close.len()..].to_owned();
            self.place = Place::Closed;
            return true;
        }
        let keep = (1..close.len()).rev().find(|&n| self.held.ends_with(&close[..n])).unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - keep);
        split.reasoning.push_str(&std::mem::replace(&mut self.held, rest));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&str]) -> (String, String) {
        let mut splitter = Splitter::default();
        let mut whole = Split::default();
        let mut add = |one: Split| {
            whole.text.push_str(&one.text);
            whole.reasoning.push_str(&one.reasoning);
        };
        for piece in pieces {
            add(splitter.push(piece));
        }
        add(splitter.finish());
        (whole.reasoning, whole.text)
    }

    #[test]
    fn reasoning_is_found_wherever_the_pieces_are_cut() {
        let whole = "<think>\nIs 1 < 2? Grüße.</think>\n\nYes.";
        let want = ("Is 1 < 2? Grüße.".to_owned(), "Yes.".to_owned());
        assert_eq!(split(&[whole]), want);
        for (cut, _) in whole.char_indices() {
            assert_eq!(split(&[&whole[..cut], &whole[cut..]]), want, "cut at {cut}");
        }
        let letters: Vec<String> = whole.chars().map(String::from).collect();
        assert_eq!(split(&letters.iter().map(String::as_str).collect::<Vec<_>>()), want);
    }

    #[test]
    fn text_about_tags_stays_text() {
        for text in ["Write <think>x</think> so.", "<thin ice>", "<", "a < b", "  \n<b>bold</b>", ""] {
            assert_eq!(split(&[text]), (String::new(), text.to_owned()));
        }
    }

    #[test]
    fn an_unclosed_thought_is_all_reasoning() {
        assert_eq!(split(&["<thinking>on and </th"]), ("on and </th".to_owned(), String::new()));
    }

    #[test]
    fn plain_text_is_not_held_back() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.push("H").text, "H");
        assert_eq!(splitter.push("<think").text, "<think");
    }
}
