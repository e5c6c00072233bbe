//! The segments of a JPEG file (ITU T.81, annex B): EXIF and comments are read, EXIF is written, all else stays as
//! it is.

use crate::exif;
use crate::settings::Text;

/// What EXIF begins with in its segment (CIPA DC-008, 4.7.2).
const EXIF: &[u8] = b"Exif\0\0";
/// Most bytes that a segment holds, its two bytes of length not counted.
const MOST: usize = 65_533;

/// One segment: its marker, what it holds, and where it begins and ends in the file.
struct Segment<'a> {
    marker: u8,
    data: &'a [u8],
    start: usize,
    end: usize,
}

/// The segment at this place, if it is all there.
fn segment(bytes: &[u8], start: usize) -> Option<Segment<'_>> {
    // Any number of fill bytes may stand before a marker.
    let filled = bytes.get(start..)?.iter().take_while(|byte| **byte == 0xff).count();
    let at = start + filled;
    let marker = *bytes.get(at).filter(|_| filled > 0)?;
    let length = bytes.get(at + 1..)?.first_chunk::<2>()?;
    let end = at + 1 + usize::from(u16::from_be_bytes(*length));
    Some(Segment { marker, data: bytes.get(at + 3..end)?, start, end })
}

/// The segments before the pixels, and the one that begins them.
fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut at = Some(2);
    std::iter::from_fn(move || {
        let segment = segment(bytes, at?)?;
        // The pixels follow the start of a scan.
        at = (segment.marker != 0xda).then_some(segment.end);
        Some(segment)
    })
}

/// Where the pixels begin.
fn pixels(bytes: &[u8]) -> &[u8] {
    let scan = segments(bytes).find(|segment| segment.marker == 0xda);
    scan.and_then(|scan| bytes.get(scan.end..)).unwrap_or_default()
}

/// How often this marker stands among the pixels; in there, no other byte follows `0xff` unless it is a marker.
fn markers(pixels: &[u8], marker: u8) -> usize {
    pixels.windows(2).filter(|two| *two == [0xff, marker]).count()
}

/// How many times it goes over its pixels: 1 for most, about 10 for a progressive file.
pub(crate) fn scans(bytes: &[u8]) -> u64 {
    1 + markers(pixels(bytes), 0xda) as u64
}

/// Whether its end is there.
pub(crate) fn ends(bytes: &[u8]) -> bool {
    markers(pixels(bytes), 0xd9) > 0
}

/// The segment that holds EXIF; of several, the first counts.
fn exif_of(bytes: &[u8]) -> Option<Segment<'_>> {
    segments(bytes).find(|segment| segment.marker == 0xe1 && segment.data.starts_with(EXIF))
}

/// The texts of its EXIF, and its comments as `comment`.
pub(crate) fn texts(bytes: &[u8]) -> Vec<Text> {
    let mut found = exif_of(bytes).map(|segment| exif::texts(segment.data)).unwrap_or_default();
    let text = |data: &[u8]| String::from_utf8_lossy(data).into_owned();
    let comments = segments(bytes).filter(|segment| segment.marker == 0xfe);
    found.extend(comments.map(|segment| Text { key: "comment".into(), text: text(segment.data) }));
    found
}

/// The file with these texts in its EXIF; nothing where they do not fit.
pub(crate) fn with_texts(bytes: &[u8], texts: &[Text]) -> Option<Vec<u8>> {
    let old = exif_of(bytes);
    let new = exif::with_texts(old.as_ref().map(|old| &old.data[EXIF.len()..]), texts)?;
    let length = u16::try_from(Some(EXIF.len() + new.len()).filter(|length| *length <= MOST)? + 2).ok()?;
    // JFIF comes first where there is one (T.871, 10.1).
    let head = segments(bytes).next().filter(|first| first.marker == 0xe0).map_or(2, |first| first.end);
    let (start, end) = old.map_or((head, head), |old| (old.start, old.end));
    let marker = [&[0xff, 0xe1][..], &length.to_be_bytes()].concat();
    Some([bytes.get(..start)?, &marker, EXIF, &new, &bytes[end..]].concat())
}

/// The file with nothing but what its pixels need: no EXIF, no profile, no comment, nothing behind its end. Nothing
/// where it has no end, or segments among its pixels that could hold such things.
pub(crate) fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    let pixels = pixels(bytes);
    let end = pixels.windows(2).position(|two| two == [0xff, 0xd9])? + 2;
    if (0xe0..=0xef).chain([0xfe]).any(|marker| markers(&pixels[..end], marker) > 0) {
        return None;
    }
    // Of the applications' segments, Adobe's says which colours these are (T.872, 6.5.3).
    let needed = |marker: u8| !matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
    let mut file = bytes.get(..2)?.to_vec();
    for segment in segments(bytes).filter(|segment| needed(segment.marker)) {
        file.extend_from_slice(&bytes[segment.start..segment.end]);
    }
    file.extend_from_slice(&pixels[..end]);
    Some(file)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::fixtures::fixture;

    #[test]
    fn scans_and_the_end_are_counted() {
        assert_eq!(scans(fixture("cat.jpg")), 1);
        assert!(scans(fixture("cat.progressive.jpg")) > 5);
        assert!(ends(fixture("cat.jpg")));
        assert!(!ends(&fixture("cat.jpg")[..700]));
    }

    #[test]
    fn comments_are_read() {
        let cat = fixture("cat.jpg");
        let file = [&cat[..2], b"\xff\xff\xfe\0\x05cat", &cat[2..]].concat();
        assert_eq!(texts(&file), [Text { key: "comment".into(), text: "cat".into() }]);
    }

    #[test]
    fn all_else_stays_as_it_is() {
        let cat = fixture("cat.jpg");
        let given = [Text { key: "parameters".into(), text: "a 🦊".into() }];
        let once = with_texts(cat, &given).unwrap();
        assert_eq!(texts(&once), given);
        assert_eq!(with_texts(&once, &given).unwrap(), once);
        let added = once.len() - cat.len();
        assert!(once.starts_with(&cat[..20]) && once[20 + added..] == cat[20..]);
    }

    #[test]
    fn what_is_too_long_for_a_segment_is_not_written() {
        let long = [Text { key: "parameters".into(), text: "a".repeat(33_000) }];
        assert!(with_texts(fixture("cat.jpg"), &long).is_none());
    }

    #[test]
    fn a_bare_file_holds_pixels_alone() {
        let cat = fixture("cat.jpg");
        let given = [Text { key: "parameters".into(), text: "a secret place".into() }];
        let told = [&with_texts(cat, &given).unwrap()[..], b"behind its end"].concat();
        let bare = bare(&told).unwrap();
        assert!(bare.len() <= cat.len() && texts(&bare).is_empty() && ends(&bare));
        assert!(bare.ends_with(&[0xff, 0xd9]));
        assert!(super::bare(&cat[..700]).is_none());
    }
}
