//! Bytes to server-sent events, tolerant of everything seen in the wild. No I/O.

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
    /// Takes the next bytes and gives the events that they complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        let mut rest = bytes;
        while let Some(&first) = rest.first() {
            if first == b'\n' && std::mem::take(&mut self.after_cr) {
                rest = &rest[1..];
                continue;
            }
            self.after_cr = false;
            let Some(end) = rest.iter().position(|&b| b == b'\n' || b == b'\r') else {
                self.line.extend_from_slice(rest);
                break;
            };
            self.line.extend_from_slice(&rest[..end]);
            self.after_cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
            events.extend(self.end_line());
        }
        events
    }

    /// The end of the stream: gives the last event even when its blank line is missing.
    pub(crate) fn finish(&mut self) -> Option<Event> {
        let last = if self.line.is_empty() { None } else { self.end_line() };
        last.or_else(|| self.dispatch())
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let mut bytes = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        if bytes.is_empty() {
            return self.dispatch();
        }
        let text = String::from_utf8_lossy(bytes);
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
        let mut events: Vec<_> = pieces.iter().flat_map(|piece| decoder.push(piece)).collect();
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
        let events = decoder.push(b"event: error\ndata: {}\n\n");
        assert_eq!(events[0].name, "error");
        assert!(!events[0].is_done());
    }
}
