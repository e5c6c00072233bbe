//! The chunks of a WebP file (RFC 9649): EXIF is read and written, all else stays as it is.

use crate::exif;
use crate::settings::Text;

/// Flags of `VP8X` (RFC 9649, 2.7.1).
const MOVES: u8 = 0x02;
const HAS_EXIF: u8 = 0x08;
const HAS_ALPHA: u8 = 0x10;

/// One chunk: its type, what it holds, and all of its bytes with length and padding.
struct Chunk<'a> {
    kind: &'a [u8],
    data: &'a [u8],
    whole: &'a [u8],
}

/// The chunks, as far as they go.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        let (kind, data) = (&rest[..4], rest.get(8..)?.get(..length)?);
        // Some leave the padding of the last one out.
        let (whole, behind) = rest.split_at((8 + length + length % 2).min(rest.len()));
        rest = behind;
        Some(Chunk { kind, data, whole })
    })
}

/// Whether it is an animation.
pub(crate) fn moves(bytes: &[u8]) -> bool {
    let flags = chunks(bytes).next().filter(|first| first.kind == b"VP8X");
    flags.is_some_and(|first| first.data.first().is_some_and(|flags| flags & MOVES != 0))
}

/// The texts of its EXIF.
pub(crate) fn texts(bytes: &[u8]) -> Vec<Text> {
    chunks(bytes).find(|chunk| chunk.kind == b"EXIF").map(|chunk| exif::texts(chunk.data)).unwrap_or_default()
}

/// The file with these texts in its EXIF; nothing where it is broken. A plain file becomes an extended one, as the
/// format demands of files with EXIF.
pub(crate) fn with_texts(bytes: &[u8], texts: &[Text]) -> Option<Vec<u8>> {
    let size = usize::try_from(u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?)).ok()?;
    let (riff, behind) = bytes.split_at_checked(size.checked_add(8)?)?;
    let old = chunks(riff).find(|chunk| chunk.kind == b"EXIF").map(|chunk| chunk.data);
    let exif = exif::with_texts(old, texts)?;
    let mut body = extended(riff)?;
    let mut covered = 12;
    for chunk in chunks(riff) {
        covered += chunk.whole.len();
        if chunk.kind != b"EXIF" && chunk.kind != b"VP8X" {
            body.extend_from_slice(chunk.whole);
            body.resize(body.len().next_multiple_of(2), 0);
        }
    }
    if covered != riff.len() {
        return None;
    }
    write(&mut body, *b"EXIF", &exif);
    let size = u32::try_from(body.len() + 4).ok()?;
    Some([b"RIFF", &size.to_le_bytes()[..], b"WEBP", &body, behind].concat())
}

fn write(body: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    body.extend(kind.iter().chain(&length.to_le_bytes()).chain(data));
    body.resize(body.len().next_multiple_of(2), 0);
}

/// The `VP8X` chunk that says that there is EXIF: the file's own, or one made from its only picture.
fn extended(riff: &[u8]) -> Option<Vec<u8>> {
    let first = chunks(riff).next()?;
    let mut data = match first.kind {
        b"VP8X" => first.data.to_vec(),
        b"VP8 " => {
            // RFC 6386, 9.1: three bytes, the start code, then both sizes with their scales.
            let sizes = first.data.get(6..10)?;
            fresh(
                u32::from(sizes[0]) | (u32::from(sizes[1]) & 0x3f) << 8,
                u32::from(sizes[2]) | (u32::from(sizes[3]) & 0x3f) << 8,
                0,
            )
        }
        b"VP8L" => {
            // RFC 9649, 3.4: the signature, then 14 bits each, less one, then whether there is alpha.
            let bits = u32::from_le_bytes(*first.data.get(1..)?.first_chunk()?);
            let alpha = if bits >> 28 & 1 == 1 { HAS_ALPHA } else { 0 };
            fresh((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, alpha)
        }
        _ => return None,
    };
    *data.first_mut()? |= HAS_EXIF;
    let mut body = Vec::new();
    write(&mut body, *b"VP8X", &data);
    Some(body)
}

fn fresh(width: u32, height: u32, flags: u8) -> Vec<u8> {
    let less_one = |size: u32| size.saturating_sub(1).to_le_bytes();
    let (width, height) = (less_one(width), less_one(height));
    [&[flags, 0, 0, 0], &width[..3], &height[..3]].concat()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::fixtures::fixture;
    use crate::{Limits, decode, look, same_pixels};

    #[test]
    fn every_kind_of_webp_takes_texts_and_shows_the_same() {
        let given = [Text { key: "parameters".into(), text: "a 🦊".into() }];
        for name in ["cat.webp", "cat.lossless.webp", "animated.webp"] {
            let cat = fixture(name);
            let once = with_texts(cat, &given).unwrap();
            assert_eq!(texts(&once), given, "{name}");
            assert_eq!(with_texts(&once, &given).unwrap(), once, "{name}");
            assert_eq!(look(&once).unwrap().animated, look(cat).unwrap().animated, "{name}");
            assert!(same_pixels(cat, &once), "{name}");
            assert!(decode(&once, &Limits::default()).unwrap().whole, "{name}");
        }
    }

    #[test]
    fn a_file_that_was_cut_short_is_left_alone() {
        let cat = fixture("cat.webp");
        assert!(with_texts(&cat[..cat.len() / 2], &[]).is_none());
    }
}
