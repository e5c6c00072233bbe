//! What a file is, by its first bytes and its header alone; and the words for what cannot be opened.

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat};
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::open::{Limits, decoder};
use crate::timed::Deadline;
use crate::{jpeg, png, webp};

/// What the header of a picture says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Facts {
    /// Its type by its own first bytes: `image/png`, `image/jpeg`, `image/webp`, `image/gif`, `image/bmp` or
    /// `image/tiff`.
    pub media_type: String,
    /// Pixels from left to right, as a person sees it: turned as its EXIF asks.
    pub width: u32,
    /// Pixels from top to bottom, as a person sees it.
    pub height: u32,
    /// Bytes of the file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether the pixels lie turned or mirrored in the file, and its EXIF says how.
    pub turned: bool,
    /// Whether it moves; only the first picture of it is decoded.
    pub animated: bool,
}

/// Looks at the header: cheap, and no pixel is decoded. How large a picture may be is `decode`'s to say.
///
/// # Errors
/// `input` in one sentence and a next step, for what is no picture or none that can be opened.
pub fn look(bytes: &[u8]) -> Result<Facts> {
    let format = format_of(bytes)?;
    let limits = Limits::default();
    let mut decoder = decoder(bytes, format, &limits, Deadline::after(limits.time))?;
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(facts(bytes, format, decoder.dimensions(), turn))
}

/// The facts of a picture whose header was read.
pub(crate) fn facts(bytes: &[u8], format: ImageFormat, stored: (u32, u32), turn: Orientation) -> Facts {
    let (width, height) = if lies_on_its_side(turn) { (stored.1, stored.0) } else { stored };
    let animated = match format {
        ImageFormat::Png => png::moves(bytes),
        ImageFormat::WebP => webp::moves(bytes),
        ImageFormat::Gif => gif_moves(bytes),
        _ => false,
    };
    Facts {
        media_type: format.to_mime_type().to_owned(),
        width,
        height,
        bytes: bytes.len() as u64,
        turned: turn != Orientation::NoTransforms,
        animated,
    }
}

/// Whether width and height change places.
pub(crate) fn lies_on_its_side(turn: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(turn, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

/// Pictures that are known by their first bytes and cannot be opened. `.` stands for any byte.
const CLOSED: &[(&str, &[u8])] = &[
    ("an AVIF picture", b"....ftypavif"),
    ("an AVIF picture", b"....ftypavis"),
    ("an HEIC picture", b"....ftyphei"),
    ("an HEIC picture", b"....ftyphev"),
    ("an HEIC picture", b"....ftypmif1"),
    ("an HEIC picture", b"....ftypmsf1"),
    ("a JPEG XL picture", b"\xff\x0a"),
    ("a JPEG XL picture", b"\0\0\0\x0cJXL "),
    ("a JPEG 2000 picture", b"\0\0\0\x0cjP  "),
    ("a Photoshop file", b"8BPS"),
    ("a Windows icon", b"\0\0\x01\0"),
    ("an SVG drawing", b"<svg"),
    ("a PDF document", b"%PDF-"),
];

fn starts(bytes: &[u8], magic: &[u8]) -> bool {
    bytes.len() >= magic.len() && magic.iter().zip(bytes).all(|(want, is)| *want == b'.' || want == is)
}

/// The format by the first bytes.
///
/// # Errors
/// `input`, in words that name what it is instead, where that is known.
pub(crate) fn format_of(bytes: &[u8]) -> Result<ImageFormat> {
    let refused = |words: String| Err(Error::new(ErrorCode::Input, words));
    match bytes {
        [] => refused("This file is empty. Pick another picture.".into()),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(ImageFormat::Gif),
        [b'B', b'M', ..] => Ok(ImageFormat::Bmp),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Ok(ImageFormat::Tiff),
        _ if starts(bytes, b"RIFF....WEBP") => Ok(ImageFormat::WebP),
        _ => refused(match CLOSED.iter().find(|(_, magic)| starts(bytes, magic)) {
            Some((name, _)) => format!(
                "This is {name}, which Limerick cannot open. Save it as PNG, JPEG or WebP and try again."
            ),
            None => {
                "This file is no picture that Limerick knows. Use PNG, JPEG, WebP, GIF, BMP or TIFF.".into()
            }
        }),
    }
}

/// The format's name for a person.
pub(crate) fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Bmp => "BMP",
        _ => "TIFF",
    }
}

/// A file that starts well and does not go on so.
pub(crate) fn damaged(format: ImageFormat) -> Error {
    let words = format!("This {} picture is damaged or cut short. Try another copy of it.", name(format));
    Error::new(ErrorCode::Input, words)
}

/// How often a JPEG goes over all of its pixels.
pub(crate) fn passes(bytes: &[u8], format: ImageFormat) -> u64 {
    if format == ImageFormat::Jpeg { jpeg::scans(bytes) } else { 1 }
}

/// Whether there is a second picture; walks the blocks of the file (the GIF 89a specification, 15 to 26).
fn gif_moves(bytes: &[u8]) -> bool {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let Some(flags) = bytes.get(10) else { return false };
    let (mut at, mut pictures) = (13 + table(*flags), 0);
    loop {
        at = match bytes.get(at) {
            Some(0x21) => after_blocks(bytes, at + 2),
            Some(0x2c) => {
                pictures += 1;
                let flags = bytes.get(at + 9).copied().unwrap_or_default();
                after_blocks(bytes, at + 11 + table(flags))
            }
            _ => return false,
        };
        if pictures > 0 && bytes.get(at) == Some(&0x2c) {
            return true;
        }
    }
}

/// Behind the blocks that begin here, each with its length before it.
fn after_blocks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(length) = bytes.get(at) {
        at += usize::from(*length) + 1;
        if *length == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::fixtures::{FIXTURES, fixture};

    #[test]
    fn every_picture_is_named_by_its_first_bytes() {
        for (name, bytes) in FIXTURES {
            let Ok(facts) = look(bytes) else { continue };
            let is = facts.media_type.trim_start_matches("image/");
            let said = name.rsplit('.').next().unwrap().replace("jpg", "jpeg");
            assert!(is == said || *name == "cat.jpg.named.png", "{name}: {facts:?}");
        }
    }

    #[test]
    fn a_picture_that_lies_on_its_side_has_the_size_that_a_person_sees() {
        let facts = look(fixture("turned.jpg")).unwrap();
        assert_eq!((facts.width, facts.height, facts.turned), (36, 48, true));
        assert!(!look(fixture("cat.jpg")).unwrap().turned);
    }

    #[test]
    fn what_moves_is_known() {
        let moves: Vec<&str> = FIXTURES
            .iter()
            .filter(|(_, bytes)| look(bytes).is_ok_and(|facts| facts.animated))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(moves, ["animated.gif", "animated.png", "animated.webp"]);
    }

    #[test]
    fn what_is_no_picture_is_refused_by_its_name() {
        let words = |bytes: &[u8]| look(bytes).unwrap_err().message;
        assert!(words(b"").starts_with("This file is empty."));
        assert!(words(fixture("cat.avif")).starts_with("This is an AVIF picture"));
        assert!(words(b"<svg xmlns=").starts_with("This is an SVG drawing"));
        assert!(words(b"hello there").starts_with("This file is no picture"));
        assert!(words(b"BMxyz").starts_with("This BMP picture is damaged"));
        assert_eq!(look(b"\xff\xd8\xff").unwrap_err().code, ErrorCode::Input);
    }
}
