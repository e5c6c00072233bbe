//! Bytes to server-sent events, tolerant of everything seen in the wild. No I/O.

use std::borrow::Cow;

/// One event of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// The `event:` field; empty when there was none.
    pub name: String,
    /// The `data:` lines, joined with line ends.
    pub data: String,
}

impl Event {
    /// Whether this is the end mark `[DONE]`.
    pub fn is_done(&self) -> bool {
        self.data.trim() == "[DONE]"
    }
}

/// Collects bytes in any pieces and gives out whole events.
///
/// Lines end with `\n`, `\r\n` or `\r`; text is decoded a whole line at a time, so characters may be cut
/// anywhere; comments, `id:` and `retry:` are skipped; a first byte order mark is skipped.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    after_cr: bool,
    begun: bool,
}

impl Decoder {
    /// Takes the next bytes and gives the events that they complete, one after the other.
    pub(crate) fn push<'a>(&'a mut self, bytes: &'a [u8]) -> impl Iterator<Item = Event> + 'a {
        let mut rest = bytes;
        std::iter::from_fn(move || self.next(&mut rest))
    }

    /// The end of the stream: gives the last event even when its blank line is missing.
    pub(crate) fn finish(&mut self) -> Option<Event> {
        let last = if self.line.is_empty() { None } else { self.end_line(&[]) };
        last.or_else(|| self.dispatch())
    }

    /// Takes whole lines from the front of the rest until they make an event; keeps the start of one that is cut.
    fn next(&mut self, rest: &mut &[u8]) -> Option<Event> {
        while let Some(&first) = rest.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                *rest = &rest[1..];
                continue;
            }
            let Some(end) = rest.iter().position(|&b| b == b'\n' || b == b'\r') else {
                self.line.extend_from_slice(std::mem::take(rest));
                break;
            };
            let line = &rest[..end];
            self.after_cr = rest[end] == b'\r';
            *rest = &rest[end + 1..];
            if let Some(event) = self.end_line(line) {
                return Some(event);
            }
        }
        None
    }

    /// A line is read where it lies; the few that came in pieces are put together first.
    fn end_line(&mut self, end: &[u8]) -> Option<Event> {
        if self.line.is_empty() {
            return self.read_line(end);
        }
        let mut line = std::mem::take(&mut self.line);
        line.extend_from_slice(end);
        self.read_line(&line)
    }

    fn read_line(&mut self, line: &[u8]) -> Option<Event> {
        let mut bytes = line;
        if !std::mem::replace(&mut self.begun, true) {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        if bytes.is_empty() {
            return self.dispatch();
        }
        // Looking for faults costs more than finding none.
        let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let (field, value) = text.split_once(':').unwrap_or((&text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => self.add_data(value),
            "event" => value.clone_into(&mut self.event.name),
            _ => {}
        }
        None
    }

    fn add_data(&mut self, value: &str) {
        if std::mem::replace(&mut self.has_data, true) {
            self.event.data.push('\n');
        }
        self.event.data.push_str(value);
    }

    fn dispatch(&mut self) -> Option<Event> {
        let event = std::mem::take(&mut self.event);
        std::mem::take(&mut self.has_data).then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&[u8]]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for piece in pieces {
            events.extend(decoder.push(piece));
        }
        events.extend(decoder.finish());
        events.into_iter().map(|event| event.data).collect()
    }

    const STREAM: &str =
        "\u{feff}: hi\ndata: Grüße\n\ndata:two\ndata: lines\n\nevent: x\nid: 7\nretry: 1\n\ndata:[DONE]";

    #[test]
    fn every_line_ending_gives_the_same_events() {
        for newline in ["\n", "\r\n", "\r"] {
            let text = STREAM.replace('\n', newline);
            assert_eq!(decode(&[text.as_bytes()]), ["Grüße", "two\nlines", "[DONE]"], "{newline:?}");
        }
    }

    #[test]
    fn a_stream_may_be_cut_anywhere() {
        for newline in ["\n", "\r\n", "\r"] {
            let text = STREAM.replace('\n', newline).into_bytes();
            let whole = decode(&[&text]);
            for cut in 0..text.len() {
                assert_eq!(decode(&[&text[..cut], &text[cut..]]), whole, "cut at {cut}");
            }
            let bytes: Vec<&[u8]> = text.chunks(1).collect();
            assert_eq!(decode(&bytes), whole);
        }
    }

    #[test]
    fn only_one_space_is_taken_from_a_value() {
        assert_eq!(decode(&[b"data:  two spaces\n\n"]), [" two spaces"]);
    }

    #[test]
    fn an_event_without_data_is_nothing() {
        assert!(decode(&[b"event: ping\n\n: comment\n\n\n\n"]).is_empty());
    }

    #[test]
    fn the_name_of_an_event_is_kept() {
        let mut decoder = Decoder::default();
        let events: Vec<_> = decoder.push(b"event: error\ndata: {}\n\n").collect();
        assert_eq!(events[0].name, "error");
        assert!(!events[0].is_done());
    }
}
