//! The texts of EXIF, which is a small TIFF file (CIPA DC-008; TIFF 6.0): the user comment that other tools write
//! their settings to, and our own JSON as the maker's note. What is there already keeps its place and its bytes;
//! new directories are written behind it.

use crate::settings::Text;

/// The first directory's pointer to EXIF's own.
const POINTER: u16 = 0x8769;
const COMMENT: u16 = 0x9286;
const NOTE: u16 = 0x927c;
/// What our maker's note begins with.
const OURS: &[u8] = b"Limerick\0";
/// Entries of a directory that are looked at.
const MOST: u16 = 512;
/// Where `ComfyUI` puts its graph in WebP files, each with a name before it: description, make and model.
const NAMED: std::ops::RangeInclusive<u16> = 0x010e..=0x0110;

/// A TIFF file in one of its two byte orders.
struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

/// One entry of a directory: its tag, and its twelve bytes as they are.
#[derive(Clone, Copy)]
struct Entry {
    tag: u16,
    raw: [u8; 12],
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
        let little = match bytes.first_chunk::<4>()? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    fn u16(&self, bytes: [u8; 2]) -> u16 {
        if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    fn u32(&self, bytes: [u8; 4]) -> u32 {
        if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    fn offset(&self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(*self.bytes.get(at..)?.first_chunk()?)).ok()
    }

    /// The entries of a directory, and the offset of the next one.
    fn directory(&self, at: usize) -> Option<(Vec<Entry>, [u8; 4])> {
        let (count, rest) = self.bytes.get(at..)?.split_first_chunk::<2>()?;
        let count = usize::from(self.u16(*count).min(MOST));
        let (entries, next) = rest.split_at_checked(count * 12)?;
        let entry = |raw: &[u8]| {
            let raw: [u8; 12] = *raw.first_chunk()?;
            Some(Entry { tag: self.u16([raw[0], raw[1]]), raw })
        };
        Some((entries.chunks_exact(12).filter_map(entry).collect(), *next.first_chunk().unwrap_or(&[0; 4])))
    }

    /// The bytes of an entry, for the types that texts come in: byte, ASCII and undefined.
    fn value<'b>(&'b self, entry: &'b Entry) -> Option<&'b [u8]> {
        let [_, _, kind @ .., a, b, c, d, _, _, _, _] = entry.raw;
        let count = usize::try_from(self.u32([a, b, c, d])).ok()?;
        if !matches!(self.u16(kind), 1 | 2 | 7) {
            return None;
        }
        if count <= 4 {
            return Some(&entry.raw[8..8 + count]);
        }
        let at = usize::try_from(self.u32(*entry.raw.last_chunk()?)).ok()?;
        self.bytes.get(at..)?.get(..count)
    }

    /// The first directory and EXIF's own.
    fn directories(&self) -> Option<(Vec<Entry>, Vec<Entry>, [u8; 4])> {
        let (first, next) = self.directory(self.offset(4)?)?;
        let pointer = first.iter().find(|entry| entry.tag == POINTER);
        let at = pointer.and_then(|entry| usize::try_from(self.u32(*entry.raw.last_chunk()?)).ok());
        let own = at.and_then(|at| self.directory(at)).map(|(own, _)| own);
        Some((first, own.unwrap_or_default(), next))
    }
}

/// The user comment as `parameters`, our note as `limerick`, and graphs by the names that stand before them.
pub(crate) fn texts(exif: &[u8]) -> Vec<Text> {
    let Some(tiff) = Tiff::new(exif) else { return Vec::new() };
    let Some((first, own, _)) = tiff.directories() else { return Vec::new() };
    let text = |key: &str, text: String| Some(Text { key: key.into(), text });
    let read = |entry: &Entry| {
        let value = tiff.value(entry)?;
        match entry.tag {
            COMMENT => text("parameters", comment(value)),
            NOTE => text("limerick", std::str::from_utf8(value.strip_prefix(OURS)?).ok()?.to_owned()),
            tag if NAMED.contains(&tag) => {
                let value = String::from_utf8_lossy(value);
                let (name, rest) = value.trim_end_matches('\0').split_once(':')?;
                (name == "prompt").then(|| rest.to_owned()).and_then(|rest| text("prompt", rest))
            }
            _ => None,
        }
    };
    own.iter().chain(&first).filter_map(read).collect()
}

/// A user comment: eight bytes that name its letters, then these.
fn comment(value: &[u8]) -> String {
    match value.split_first_chunk::<8>() {
        Some((b"UNICODE\0", rest)) => utf16(rest),
        Some((b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0", rest)) => utf8(rest),
        _ => utf8(value),
    }
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()
}

/// The order of the bytes is that of the file, or not: settings hold digits and spaces, whose zero bytes show it.
fn utf16(bytes: &[u8]) -> String {
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let little = bytes.starts_with(&[0xff, 0xfe]) || zeros(1) > zeros(0);
    let pairs = bytes.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
    let units: Vec<u16> =
        pairs.map(|pair| if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }).collect();
    String::from_utf16_lossy(&units).trim_start_matches('\u{feff}').trim_end_matches('\0').to_owned()
}

/// EXIF with these texts (`parameters` and `limerick`; of others it has no place), and all that was in it before.
/// The note of another maker stays, and ours is left out then. Nothing where it grows beyond 4 GB.
pub(crate) fn with_texts(old: Option<&[u8]>, texts: &[Text]) -> Option<Vec<u8>> {
    // What cannot be read, or is all ours, is not kept.
    let kept = old.and_then(Tiff::new).and_then(|tiff| {
        let (first, own, next) = tiff.directories()?;
        holds_more(&tiff, &first, &own).then_some((tiff, first, own, next))
    });
    let empty = Tiff { bytes: b"MM\0*\0\0\0\x08", little: false };
    let (tiff, mut first, mut own, next) = kept.unwrap_or((empty, vec![], vec![], [0; 4]));
    let mut file = File { little: tiff.little, bytes: tiff.bytes.to_vec() };
    own.retain(|entry| !is_ours(&tiff, entry));
    for Text { key, text } in texts {
        match key.as_str() {
            "parameters" => own.push(file.value(COMMENT, &unicode(text))?),
            "limerick" if own.iter().all(|entry| entry.tag != NOTE) => {
                own.push(file.value(NOTE, &[OURS, text.as_bytes()].concat())?);
            }
            _ => {}
        }
    }
    let at = file.directory(own, [0; 4])?;
    first.retain(|entry| entry.tag != POINTER && !is_ours(&tiff, entry));
    let pointer = file.entry(POINTER, 4, 1, at);
    first.push(pointer);
    let at = file.directory(first, next)?;
    let start = file.u32(at);
    file.bytes[4..8].copy_from_slice(&start);
    Some(file.bytes)
}

/// As piexif and so AUTOMATIC1111 write it: big-endian whatever the file's order.
fn unicode(text: &str) -> Vec<u8> {
    let letters = text.encode_utf16().flat_map(u16::to_be_bytes);
    b"UNICODE\0".iter().copied().chain(letters).collect()
}

fn is_ours(tiff: &Tiff, entry: &Entry) -> bool {
    let note = || tiff.value(entry).is_some_and(|value| value.starts_with(OURS));
    entry.tag == COMMENT || (entry.tag == NOTE && note())
}

fn holds_more(tiff: &Tiff, first: &[Entry], own: &[Entry]) -> bool {
    first.iter().any(|entry| entry.tag != POINTER) || own.iter().any(|entry| !is_ours(tiff, entry))
}

/// EXIF that grows.
struct File {
    little: bool,
    bytes: Vec<u8>,
}

impl File {
    fn u16(&self, value: u16) -> [u8; 2] {
        if self.little { value.to_le_bytes() } else { value.to_be_bytes() }
    }

    fn u32(&self, value: u32) -> [u8; 4] {
        if self.little { value.to_le_bytes() } else { value.to_be_bytes() }
    }

    /// Where the next thing goes: an even place.
    fn end(&mut self) -> Option<u32> {
        self.bytes.resize(self.bytes.len().next_multiple_of(2), 0);
        u32::try_from(self.bytes.len()).ok()
    }

    fn entry(&self, tag: u16, kind: u16, count: u32, value: u32) -> Entry {
        let mut raw = [0; 12];
        raw[..2].copy_from_slice(&self.u16(tag));
        raw[2..4].copy_from_slice(&self.u16(kind));
        raw[4..8].copy_from_slice(&self.u32(count));
        raw[8..].copy_from_slice(&self.u32(value));
        Entry { tag, raw }
    }

    /// Writes a value of undefined type, longer than four bytes, and gives its entry.
    fn value(&mut self, tag: u16, value: &[u8]) -> Option<Entry> {
        let at = self.end()?;
        self.bytes.extend_from_slice(value);
        Some(self.entry(tag, 7, u32::try_from(value.len()).ok()?, at))
    }

    /// Writes a directory, its tags in order, and says where it is.
    fn directory(&mut self, mut entries: Vec<Entry>, next: [u8; 4]) -> Option<u32> {
        let at = self.end()?;
        entries.sort_by_key(|entry| entry.tag);
        let count = self.u16(u16::try_from(entries.len()).ok()?);
        self.bytes.extend_from_slice(&count);
        self.bytes.extend(entries.iter().flat_map(|entry| entry.raw));
        self.bytes.extend_from_slice(&next);
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use image::metadata::Orientation;

    use super::*;

    fn text(key: &str, text: &str) -> Text {
        Text { key: key.into(), text: text.into() }
    }

    /// One directory in little-endian order: turned to the right.
    const TURNED: &[u8] = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";

    #[test]
    fn what_was_there_stays_and_texts_come_back() {
        let given = [text("limerick", "{\"a\":1}"), text("parameters", "ein 🦊, 28 Schritte")];
        let once = with_texts(Some(TURNED), &given).unwrap();
        assert_eq!(texts(&once), given);
        assert_eq!(Orientation::from_exif_chunk(&once), Some(Orientation::Rotate90));
        assert_eq!(once[8..TURNED.len()], TURNED[8..]);
    }

    #[test]
    fn our_own_is_written_anew_and_does_not_grow() {
        let once = with_texts(None, &[text("parameters", "one")]).unwrap();
        let twice = with_texts(Some(&once), &[text("parameters", "two")]).unwrap();
        assert_eq!((texts(&twice), twice.len()), (vec![text("parameters", "two")], once.len()));
    }

    #[test]
    fn comments_are_read_in_every_order_and_by_every_name() {
        let little: Vec<u8> = "Steps: 3".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(comment(&[b"UNICODE\0", little.as_slice()].concat()), "Steps: 3");
        assert_eq!(comment(&unicode("Steps: 3")), "Steps: 3");
        assert_eq!(comment(b"ASCII\0\0\0Steps: 3\0"), "Steps: 3");
        assert_eq!(comment(b"\0\0\0\0\0\0\0\0\xc3\xa9"), "é");
        assert_eq!(comment(b"hi"), "hi");
    }

    #[test]
    fn directories_that_lead_nowhere_are_survived() {
        for bytes in
            [&b"MM\0*"[..], b"MM\0*\0\0\0\x08\xff\xff", b"II*\0\xff\xff\xff\xff", b"II*\0\x04\0\0\0\x01\0"]
        {
            assert!(texts(bytes).is_empty());
            with_texts(Some(bytes), &[text("parameters", "x")]);
        }
    }
}
