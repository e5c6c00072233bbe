//! From the bytes of tokens to text that may be shown: whole letters only, and nothing that could
//! still turn out to be the beginning of a stop sequence.

use encoding_rs::{Decoder, UTF_8};

/// Text on its way out.
pub(crate) struct Held {
    decoder: Decoder,
    stops: Vec<String>,
    text: String,
    /// A stop sequence was met; nothing comes after it.
    pub(crate) stopped: bool,
}

impl Held {
    /// Empty stop sequences are ignored.
    pub(crate) fn new(stops: &[String]) -> Self {
        Self {
            decoder: UTF_8.new_decoder_without_bom_handling(),
            stops: stops.iter().filter(|stop| !stop.is_empty()).cloned().collect(),
            text: String::new(),
            stopped: false,
        }
    }

    /// Takes the bytes of one token and returns what may be shown now.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        if self.stopped {
            return String::new();
        }
        let room = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3);
        self.text.reserve(room);
        let _ = self.decoder.decode_to_string(bytes, &mut self.text, false);
        if let Some(at) = self.stops.iter().filter_map(|stop| self.text.find(stop.as_str())).min() {
            self.stopped = true;
            self.text.truncate(at);
            return std::mem::take(&mut self.text);
        }
        let kept = self.text.split_off(self.text.len() - self.possible_stop());
        std::mem::replace(&mut self.text, kept)
    }

    /// What was held back, when no more tokens come. A letter that was cut in half is left out.
    pub(crate) fn rest(self) -> String {
        self.text
    }

    /// Bytes at the end of the text that a stop sequence begins with.
    fn possible_stop(&self) -> usize {
        let begins = |stop: &String| {
            let ends = stop.char_indices().map(|(at, _)| at).skip(1).filter(|at| *at <= self.text.len());
            ends.filter(|at| self.text.ends_with(&stop[..*at])).max().unwrap_or(0)
        };
        self.stops.iter().map(begins).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(stops: &[&str]) -> Held {
        Held::new(&stops.iter().map(|stop| (*stop).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn letters_come_whole() {
        let mut held = held(&[]);
        let crab = "🦀".as_bytes();
        assert_eq!(held.push(&crab[..2]), "");
        assert_eq!(held.push(&crab[2..]), "🦀");
    }

    #[test]
    fn half_a_letter_at_the_end_is_left_out() {
        let mut held = held(&[]);
        assert_eq!(held.push(b"ab\xf0\x9f"), "ab");
        assert_eq!(held.rest(), "");
    }

    #[test]
    fn a_stop_sequence_across_tokens_is_never_shown() {
        let mut held = held(&["\n\nUser:"]);
        assert_eq!(held.push(b"Hi.\n"), "Hi.");
        assert_eq!(held.push(b"\nUs"), "");
        assert_eq!(held.push(b"er: more"), "");
        assert!(held.stopped);
    }

    #[test]
    fn what_only_looked_like_a_stop_sequence_comes_late() {
        let mut held = held(&["stop"]);
        assert_eq!(held.push(b"st"), "");
        assert_eq!(held.push(b"ar"), "star");
        assert_eq!(held.push(b" sto"), " ");
        assert_eq!(held.rest(), "sto");
    }

    #[test]
    fn the_earliest_of_several_stops_wins() {
        let mut held = held(&["world", "lo"]);
        assert_eq!(held.push(b"hello world"), "hel");
        assert!(held.stopped);
    }

    #[test]
    fn a_stop_of_many_byte_letters_is_found() {
        let mut held = held(&["é—"]);
        assert_eq!(held.push("caf\u{e9}".as_bytes()), "caf");
        assert_eq!(held.push("—".as_bytes()), "");
        assert!(held.stopped);
    }
}
