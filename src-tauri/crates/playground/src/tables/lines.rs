//! CSV and JSONL files of strangers, read line by line: nothing in them is trusted, and no line is longer in memory
//! than `LONGEST`.

use std::{
    cell::Cell,
    io::{self, BufRead, Read},
    rc::Rc,
};

use csv::{ByteRecord, ReaderBuilder};
use limerick_tasks::{Error, Result};
use serde_json::{Map, Value};

use super::refuse;

/// Bytes of one line: a text longer than this fits no model, and comes of a quote that is never closed.
const LONGEST: usize = 1_000_000;
/// Columns of a file.
const MOST_COLUMNS: usize = 1_000;
/// What a file that Excel or Windows wrote as UTF-8 begins with.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads all lines that hold something. `on` gets each line's values in the order of the columns; a line may have
/// fewer of them than there are columns. The names of the columns come back, with those that lines had beyond the head.
///
/// # Errors
/// `input` with the number of the line and what to do; what `on` refuses.
pub(super) fn read(
    mut file: impl BufRead,
    on: &mut impl FnMut(Vec<String>) -> Result<()>,
) -> Result<Vec<String>> {
    let start = file.fill_buf().map_err(unreadable)?;
    if let Some(error) = no_text(start) {
        return Err(error);
    }
    if start.starts_with(BOM) {
        file.consume(BOM.len());
    }
    let start = file.fill_buf().map_err(unreadable)?;
    if start.trim_ascii_start().starts_with(b"{") { jsonl(file, on) } else { csv(file, on) }
}

/// Files that are often taken for text.
fn no_text(start: &[u8]) -> Option<Error> {
    let words = match start {
        [b'P', b'K', 3, 4, ..] => "This is an Excel file. Save it as CSV (UTF-8) there and pick that.",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "This file is in UTF-16. Save it as UTF-8 and pick it again.",
        _ => return None,
    };
    Some(refuse(words))
}

fn csv(mut file: impl BufRead, on: &mut impl FnMut(Vec<String>) -> Result<()>) -> Result<Vec<String>> {
    let delimiter = delimiter(file.fill_buf().map_err(unreadable)?);
    let left = Rc::new(Cell::new(LONGEST));
    let bounded = Bounded { file, left: left.clone() };
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bounded);
    let (mut columns, mut record) = (Vec::new(), ByteRecord::new());
    loop {
        left.set(LONGEST);
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(columns),
            Err(_) if left.get() == 0 => return Err(too_long(line)),
            Err(cause) => return Err(unreadable(io::Error::from(cause))),
        }
        // Blank lines and comments may stand before it.
        let line = record.position().map_or(line, csv::Position::line);
        let values = record.iter().map(|value| text(value, line)).collect::<Result<Vec<_>>>()?;
        if values.iter().all(|value| value.trim().is_empty()) {
            continue;
        }
        if columns.is_empty() {
            columns = distinct(&values);
            check_columns(&columns)?;
            continue;
        }
        while columns.len() < values.len() {
            add(&mut columns, "");
            check_columns(&columns)?;
        }
        on(values)?;
    }
}

/// A file that says after so many bytes that it is at its limit.
struct Bounded<R> {
    file: R,
    left: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::Error::other("the line is too long"));
        }
        let room = to.len().min(left);
        let came = self.file.read(&mut to[..room])?;
        self.left.set(left - came);
        Ok(came)
    }
}

/// The one of comma, semicolon and tab that parts the first line into the most pieces; what stands in quotes parts
/// nothing.
fn delimiter(start: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in start.iter().skip_while(|byte| byte.is_ascii_whitespace() && **byte != b'\t') {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                counts.iter_mut().filter(|(one, _)| one == byte).for_each(|(_, count)| *count += 1);
            }
            _ => {}
        }
    }
    // Of equals the first.
    counts.iter().rev().max_by_key(|(_, count)| count).map_or(b',', |(byte, _)| *byte)
}

fn jsonl(mut file: impl BufRead, on: &mut impl FnMut(Vec<String>) -> Result<()>) -> Result<Vec<String>> {
    let (mut columns, mut bytes) = (Vec::<String>::new(), Vec::new());
    for line in 1_u64.. {
        bytes.clear();
        let came = (&mut file).take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes).map_err(unreadable)?;
        if came == 0 {
            break;
        }
        if came > LONGEST {
            return Err(too_long(line));
        }
        let text = text(&bytes, line)?;
        if text.trim().is_empty() {
            continue;
        }
        let fields: Map<String, Value> = serde_json::from_str(&text).map_err(|cause| {
            refuse(format!(
                "Line {line} is no JSON object. Each line of a JSONL file is one: look at it there."
            ))
            .with_detail(cause)
        })?;
        let mut values = vec![String::new(); columns.len()];
        for (name, value) in fields {
            let at = columns.iter().position(|known| *known == name).unwrap_or(columns.len());
            if at == columns.len() {
                columns.push(name);
                values.push(String::new());
                check_columns(&columns)?;
            }
            values[at] = in_words(value);
        }
        on(values)?;
    }
    Ok(columns)
}

/// A text as it is, nothing for null, and all else as JSON.
fn in_words(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn text(bytes: &[u8], line: u64) -> Result<String> {
    if bytes.contains(&0) {
        return Err(refuse(format!("Line {line} holds a zero byte, so this is no text. Pick another file.")));
    }
    let text = std::str::from_utf8(bytes).map_err(|cause| {
        let words = format!("Line {line} is not in UTF-8. Save the file as UTF-8 and pick it again.");
        refuse(words).with_detail(cause)
    })?;
    Ok(text.to_owned())
}

fn check_columns(columns: &[String]) -> Result<()> {
    if columns.len() > MOST_COLUMNS {
        return Err(refuse(format!(
            "This file has more than {MOST_COLUMNS} columns. Take away what is not needed."
        )));
    }
    Ok(())
}

fn too_long(line: u64) -> Error {
    refuse(format!(
        "Line {line} is longer than 1 MB, as where a quote is never closed. Look at it there, then pick the file again."
    ))
}

fn unreadable(cause: io::Error) -> Error {
    refuse("This file cannot be read to its end. Check the disk, then pick it again.").with_detail(cause)
}

/// Names that are all different, in the same order.
pub(super) fn distinct(names: &[String]) -> Vec<String> {
    let mut taken = Vec::with_capacity(names.len());
    for name in names {
        add(&mut taken, name);
    }
    taken
}

/// Adds a name: what has none is called by its place, and what comes again gets a number.
fn add(taken: &mut Vec<String>, name: &str) {
    let name = match name.trim() {
        "" => format!("column {}", taken.len() + 1),
        name => name.to_owned(),
    };
    let again = (2..).map(|count| format!("{name} {count}"));
    let free = std::iter::once(name.clone()).chain(again).find(|one| !taken.contains(one));
    taken.push(free.unwrap_or(name));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::io::BufReader;

    use limerick_tasks::ErrorCode;

    use super::*;

    fn all(bytes: &[u8]) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        let mut rows = Vec::new();
        let columns = read(bytes, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok((columns, rows))
    }

    fn refusal(bytes: &[u8]) -> String {
        let error = all(bytes).unwrap_err();
        assert_eq!(error.code, ErrorCode::Input);
        assert!(error.message.ends_with('.') && error.message.len() < 200, "{error}");
        error.message
    }

    #[test]
    fn quotes_keep_commas_line_ends_and_quotes() {
        let (columns, rows) = all(b"id,text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n\r\n2,d\r\n").unwrap();
        assert_eq!(columns, ["id", "text"]);
        assert_eq!(rows, [["1", "a, \"b\"\r\nc"], ["2", "d"]]);
    }

    #[test]
    fn commas_semicolons_tabs_and_a_mark_of_utf_8_are_found_by_themselves() {
        for (file, between) in [
            ("a,b\n1,2", "comma"),
            ("\u{feff}a;b\n1;2\n", "semicolon"),
            ("a\tb\r\n1\t2", "tab"),
            ("\u{feff}\"a\";b\n1;2\n", "quoted"),
            ("\n\na;b\n1;2\n", "blank lines"),
        ] {
            let found = all(file.as_bytes()).unwrap();
            assert_eq!(
                found,
                (vec!["a".into(), "b".into()], vec![vec!["1".into(), "2".into()]]),
                "{between}"
            );
        }
        assert_eq!(all(b"\"a;b;c\",d\n1,2").unwrap().0, ["a;b;c", "d"]);
        assert_eq!(all("größe\nja\n".as_bytes()).unwrap().1, [["ja"]]);
    }

    #[test]
    fn lines_may_be_longer_or_shorter_than_the_head_and_lose_nothing() {
        let (columns, rows) = all(b"a,,a\n1\n1,2,3,4,5\n,,\n").unwrap();
        assert_eq!(columns, ["a", "column 2", "a 2", "column 4", "column 5"]);
        assert_eq!(rows, [vec!["1"], vec!["1", "2", "3", "4", "5"]]);
    }

    #[test]
    fn jsonl_gives_texts_as_they_are_and_all_else_as_json() {
        let file = "\u{feff}{\"text\": \"a\\nb\", \"n\": 1.50}\r\n\n{\"n\": null, \"more\": {\"x\": [true]}}";
        let (columns, rows) = all(file.as_bytes()).unwrap();
        assert_eq!(columns, ["text", "n", "more"]);
        assert_eq!(rows, [vec!["a\nb", "1.5"], vec!["", "", "{\"x\":[true]}"]]);
    }

    #[test]
    fn what_is_broken_is_refused_with_its_line() {
        assert!(refusal(b"a\nb\n\xff\n").contains("Line 3 is not in UTF-8"));
        assert!(refusal(b"a,b\nb\0c,d\n").contains("Line 2 holds a zero byte"));
        assert!(refusal(b"{\"a\": 1}\n[1]\n").contains("Line 2 is no JSON object"));
        assert!(
            refusal(&[b"{\"a\":".as_slice(), &b"[".repeat(100_000)].concat()).contains("Line 1 is no JSON")
        );
        assert!(refusal(b"PK\x03\x04...").contains("Excel"));
        assert!(refusal(b"\xff\xfea\0").contains("UTF-16"));
        assert!(refusal(&[b"a,".repeat(1_500).as_slice(), b"b\n"].concat()).contains("1000 columns"));
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        for start in ["a,b\n1,\"", "{\"a\": \"", "a\n"] {
            let endless = BufReader::new(start.as_bytes().chain(io::repeat(b'x')));
            let error = read(endless, &mut |_| Ok(())).unwrap_err();
            assert!(error.message.contains("longer than 1 MB"), "{error}");
        }
    }

    #[test]
    fn an_empty_file_has_no_columns() {
        for file in [&b""[..], b"\n\n", b"\xef\xbb\xbf", b",,,\n"] {
            assert_eq!(all(file).unwrap(), (vec![], vec![]));
        }
    }
}
