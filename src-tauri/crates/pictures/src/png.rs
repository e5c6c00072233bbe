//! The chunks of a PNG file (PNG specification, third edition): its texts are read and written, all else stays as
//! it is. Lengths, checksums and packed texts of strangers are not believed.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::exif;
use crate::settings::Text;

/// The first bytes of the format.
const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Longest text that is unpacked or read, in bytes, and all of them together; a workflow of `ComfyUI` takes up to one
/// or two million.
const LONGEST: usize = 4 << 20;
/// The texts that we write, and so replace.
pub(crate) const OURS: [&str; 2] = ["parameters", "limerick"];

/// One chunk: its type, what it holds, and all of its bytes with length and checksum.
struct Chunk<'a> {
    kind: &'a [u8],
    data: &'a [u8],
    whole: &'a [u8],
}

/// The chunk at the start of `bytes`, if it is all there.
fn chunk(bytes: &[u8]) -> Option<Chunk<'_>> {
    let (length, _) = bytes.split_first_chunk::<4>()?;
    let end = usize::try_from(u32::from_be_bytes(*length)).ok()?.checked_add(8)?;
    let (kind, data) = (bytes.get(4..8)?, bytes.get(8..end)?);
    Some(Chunk { kind, data, whole: bytes.get(..end + 4)? })
}

/// The chunks, as far as they go.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes.get(MAGIC.len()..).unwrap_or_default();
    std::iter::from_fn(move || {
        let chunk = chunk(rest)?;
        rest = &rest[chunk.whole.len()..];
        Some(chunk)
    })
}

/// Whether it is an animation (`acTL` before the pixels).
pub(crate) fn moves(bytes: &[u8]) -> bool {
    chunks(bytes).take_while(|chunk| chunk.kind != b"IDAT").any(|chunk| chunk.kind == b"acTL")
}

/// Every text, in the file's order; those that are packed too large or in an unknown way are left out.
pub(crate) fn texts(bytes: &[u8]) -> Vec<Text> {
    let (mut found, mut left) = (Vec::new(), LONGEST);
    for chunk in chunks(bytes).filter(|chunk| chunk.data.len() <= LONGEST) {
        let read = match chunk.kind {
            b"tEXt" => plain(chunk.data),
            b"zTXt" => packed(chunk.data, left),
            b"iTXt" => international(chunk.data, left),
            b"eXIf" => {
                found.extend(exif::texts(chunk.data));
                None
            }
            _ => None,
        };
        if let Some(text) = read.filter(|text| text.text.len() <= left) {
            left -= text.text.len();
            found.push(text);
        }
    }
    found
}

/// A keyword, and what stands behind its zero byte.
fn keyword(data: &[u8]) -> Option<(String, &[u8])> {
    let end = data.iter().take(80).position(|byte| *byte == 0)?;
    Some((latin1(&data[..end]), &data[end + 1..]))
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Latin-1 as the specification says, or UTF-8 as some write it all the same.
fn latin1_or_utf8(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| latin1(bytes), str::to_owned)
}

fn plain(data: &[u8]) -> Option<Text> {
    let (key, text) = keyword(data)?;
    Some(Text { key, text: latin1_or_utf8(text) })
}

fn packed(data: &[u8], most: usize) -> Option<Text> {
    let (key, rest) = keyword(data)?;
    let (0, text) = rest.split_first().map(|(method, rest)| (*method, rest))? else { return None };
    Some(Text { key, text: latin1_or_utf8(&inflate(text, most)?) })
}

fn international(data: &[u8], most: usize) -> Option<Text> {
    let (key, rest) = keyword(data)?;
    let (flags, rest) = rest.split_first_chunk::<2>()?;
    let mut parts = rest.splitn(3, |byte| *byte == 0);
    // The language and the translated keyword come first.
    let text = parts.nth(2)?;
    let text = match flags {
        [0, _] => String::from_utf8_lossy(text).into_owned(),
        [1, 0] => String::from_utf8_lossy(&inflate(text, most)?).into_owned(),
        _ => return None,
    };
    Some(Text { key, text })
}

/// Unpacks at most so many bytes; nothing where there are more, or where they are broken.
fn inflate(data: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(data).take(most as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= most).then_some(bytes)
}

/// The file with these texts behind its header, instead of earlier ones of ours; nothing where it has no header.
pub(crate) fn with_texts(bytes: &[u8], texts: &[Text]) -> Option<Vec<u8>> {
    let header = chunk(bytes.get(MAGIC.len()..)?).filter(|chunk| chunk.kind == b"IHDR")?;
    let mut file = [MAGIC, header.whole].concat();
    for text in texts {
        write(&mut file, text);
    }
    let mut at = file_start(&header);
    for chunk in chunks(bytes).skip(1) {
        if !is_ours(&chunk) {
            file.extend_from_slice(chunk.whole);
        }
        at += chunk.whole.len();
    }
    // What stands behind the last whole chunk: nothing, or a part of one.
    file.extend_from_slice(&bytes[at..]);
    Some(file)
}

/// The file with nothing but what its pixels need: no texts, no EXIF, no profile, nothing behind its end. Nothing
/// where it has no end.
pub(crate) fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = MAGIC.to_vec();
    for chunk in chunks(bytes) {
        // The critical ones are in capitals (PNG specification, 5.4); one ancillary one makes pixels transparent.
        if chunk.kind.first().is_some_and(u8::is_ascii_uppercase) || chunk.kind == b"tRNS" {
            file.extend_from_slice(chunk.whole);
        }
        if chunk.kind == b"IEND" {
            return Some(file);
        }
    }
    None
}

fn file_start(header: &Chunk) -> usize {
    MAGIC.len() + header.whole.len()
}

fn is_ours(chunk: &Chunk) -> bool {
    let text = [&b"tEXt"[..], b"zTXt", b"iTXt"].contains(&chunk.kind);
    text && keyword(chunk.data).is_some_and(|(key, _)| OURS.contains(&key.as_str()))
}

/// As tEXt where all of it is Latin-1 and reads as such, else as iTXt in UTF-8, not packed.
fn write(file: &mut Vec<u8>, Text { key, text }: &Text) {
    let text: String = text.chars().filter(|letter| *letter != '\0').collect();
    let latin: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    let latin = latin.filter(|latin| latin1_or_utf8(latin) == text);
    let (kind, between, text) = match &latin {
        Some(latin) => (b"tEXt", &b"\0"[..], latin.as_slice()),
        None => (b"iTXt", &b"\0\0\0\0\0"[..], text.as_bytes()),
    };
    let data = [key.as_bytes(), between, text].concat();
    let mut sum = crc32fast::Hasher::new();
    sum.update(kind);
    sum.update(&data);
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes().iter().chain(kind).chain(&data).chain(&sum.finalize().to_be_bytes()));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;
    use crate::fixtures::fixture;

    fn text(key: &str, text: &str) -> Text {
        Text { key: key.into(), text: text.into() }
    }

    /// A picture with one chunk more; its checksum is wrong.
    fn with_chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        let cat = fixture("cat.png");
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&cat[..33], &length, kind, data, b"abcd", &cat[33..]].concat()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn texts_come_back_in_latin_1_and_beyond() {
        let given = [text("parameters", "Grüße, ein Fuchs"), text("limerick", "ein 🦊")];
        let file = with_texts(fixture("cat.png"), &given).unwrap();
        assert_eq!(texts(&file), given);
        let has = |kind: &[u8]| file.windows(4).any(|four| four == kind);
        assert!(has(b"tEXt") && has(b"iTXt"));
    }

    #[test]
    fn latin_1_that_looks_like_utf_8_comes_back_all_the_same() {
        let given = [text("parameters", "Ã© is no é")];
        assert_eq!(texts(&with_texts(fixture("cat.png"), &given).unwrap()), given);
    }

    #[test]
    fn a_second_writing_replaces_the_first_and_nothing_else() {
        let once = with_texts(&with_chunk(b"tEXt", b"Title\0cat"), &[text("parameters", "one")]).unwrap();
        let twice = with_texts(&once, &[text("parameters", "two")]).unwrap();
        assert_eq!(texts(&twice), [text("parameters", "two"), text("Title", "cat")]);
        assert_eq!(with_texts(&twice, &[]).unwrap(), with_chunk(b"tEXt", b"Title\0cat"));
    }

    #[test]
    fn packed_texts_are_unpacked_up_to_a_bound() {
        let packed = |text: &[u8]| [&b"k\0\0"[..], &deflate(text)].concat();
        assert_eq!(texts(&with_chunk(b"zTXt", &packed(b"small"))), [text("k", "small")]);
        let bomb = packed(&vec![b'a'; LONGEST + 1]);
        assert!(bomb.len() < 10_000 && texts(&with_chunk(b"zTXt", &bomb)).is_empty());
        let international = [&b"k\0\x01\0en\0K\0"[..], &deflate("süß".as_bytes())].concat();
        assert_eq!(texts(&with_chunk(b"iTXt", &international)), [text("k", "süß")]);
    }

    #[test]
    fn broken_chunks_are_survived() {
        for (kind, data) in [
            (b"tEXt", &b"no zero byte"[..]),
            (b"zTXt", b"k\0\x07abc"),
            (b"zTXt", b"k\0\0abc"),
            (b"iTXt", b"k\0\x01"),
            (b"iTXt", b"k\0\x09\0\0\0x"),
            (b"eXIf", b"MM\0*\xff\xff\xff\xff"),
        ] {
            assert!(texts(&with_chunk(kind, data)).is_empty(), "{}", data.escape_ascii());
        }
        let mut long = with_chunk(b"tEXt", b"k\0v");
        long[33] = 0xff;
        assert!(texts(&long).is_empty());
        assert_eq!(with_texts(&long, &[]).unwrap(), long);
    }
}
