//! A picture made ready for sending to a model: upright, small enough, in a form that every server takes, and with
//! nothing in it but pixels.

use image::{ExtendedColorType, ImageDecoder, ImageFormat};
use limerick_tasks::{Error, Result};

use crate::facts::format_of;
use crate::open::{Decoded, Limits, decode, decoder};
use crate::thumbnail::{jpeg, over, shrunk};
use crate::timed::Deadline;
use crate::{jpeg as jpeg_file, png};

/// Sides that may be asked for.
const SIDES: std::ops::RangeInclusive<u32> = 64..=8192;
/// What shines through: white, as on paper.
const GROUND: u8 = 0xff;

/// A picture that is ready for sending. It says nothing of place, time or camera: no EXIF, no texts, no profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/jpeg`; `image/png` where the picture stayed as it was.
    pub media_type: &'static str,
    /// Pixels, upright.
    pub width: u32,
    /// Pixels, upright.
    pub height: u32,
}

/// Makes a picture ready for sending: upright, its first picture where it moves, `max_side` pixels (64 to 8192) at
/// most, as a JPEG of this quality (1 to 100) with white behind what is transparent. A JPEG or PNG that fits already and
/// is no larger than that JPEG keeps its pixels as they are coded.
///
/// # Errors
/// As `decode` with the default limits.
pub fn prepare(bytes: &[u8], max_side: u32, quality: u8) -> Result<Prepared> {
    let picture = decode(bytes, &Limits::default())?;
    let made = made(&picture, max_side.clamp(*SIDES.start(), *SIDES.end()), quality.clamp(1, 100))?;
    let stays = (made.width, made.height) == (picture.facts.width, picture.facts.height);
    let kept = if stays { as_it_is(bytes, &picture)? } else { None };
    Ok(kept.filter(|kept| kept.bytes.len() <= made.bytes.len()).unwrap_or(made))
}

/// The picture as a JPEG.
fn made(picture: &Decoded, max_side: u32, quality: u8) -> Result<Prepared> {
    let doing = "make this picture ready for sending";
    let small = shrunk(&picture.image, max_side).map_err(|cause| Error::internal(doing, cause))?;
    let flat = over(small.as_ref().unwrap_or(&picture.image), GROUND);
    let bytes = jpeg(&flat, quality).map_err(|cause| Error::internal(doing, cause))?;
    Ok(Prepared { bytes, media_type: "image/jpeg", width: flat.width(), height: flat.height() })
}

/// The file without its metadata, where every server can read it: a JPEG or a PNG, upright and still, all of it there,
/// in 8 bits, without alpha (some show what lies below it), and not in the colours of a printer (stb, which llama.cpp
/// reads pictures with, takes neither these nor WebP).
fn as_it_is(bytes: &[u8], picture: &Decoded) -> Result<Option<Prepared>> {
    let (facts, color) = (&picture.facts, picture.image.color());
    let plain = color.bytes_per_pixel() == color.channel_count() && !color.has_alpha();
    if facts.turned || facts.animated || !picture.whole || !plain {
        return Ok(None);
    }
    let (format, limits) = (format_of(bytes)?, Limits::default());
    let stored = decoder(bytes, format, &limits, Deadline::after(limits.time))?.original_color_type();
    if matches!(stored, ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16) {
        return Ok(None);
    }
    let bare = match format {
        ImageFormat::Jpeg => jpeg_file::bare(bytes),
        ImageFormat::Png => png::bare(bytes),
        _ => None,
    };
    let (width, height, media_type) = (facts.width, facts.height, format.to_mime_type());
    Ok(bare.map(|bytes| Prepared { bytes, media_type, width, height }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;
    use crate::fixtures::{FIXTURES, fixture};
    use crate::{Form, Settings, convert, look, read_settings, same_pixels, with_settings};

    fn png_of(image: impl Into<DynamicImage>) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn grain(width: u32, height: u32) -> RgbImage {
        let mut rng = fastrand::Rng::with_seed(7);
        RgbImage::from_fn(width, height, |_, _| Rgb([rng.u8(..), rng.u8(..), rng.u8(..)]))
    }

    #[test]
    fn every_picture_that_opens_becomes_one_that_every_server_takes() {
        for (name, bytes) in FIXTURES {
            let Ok(opened) = decode(bytes, &Limits::default()) else {
                assert!(prepare(bytes, 1024, 85).is_err(), "{name}");
                continue;
            };
            let ready = prepare(bytes, 1024, 85).unwrap();
            let facts = look(&ready.bytes).unwrap();
            assert_eq!(facts.media_type, ready.media_type, "{name}");
            assert_eq!((facts.width, facts.height), (opened.facts.width, opened.facts.height), "{name}");
            assert!(!facts.turned && !facts.animated, "{name}");
            assert!(["image/jpeg", "image/png"].contains(&ready.media_type), "{name}");
            let again = decode(&ready.bytes, &Limits::default()).unwrap();
            let color = again.image.color();
            assert!(again.whole && !color.has_alpha(), "{name}");
            assert_eq!(color.bytes_per_pixel(), color.channel_count(), "{name}");
        }
    }

    #[test]
    fn a_turned_picture_stands_upright_and_no_longer_says_how() {
        let ready = prepare(fixture("turned.jpg"), 1024, 85).unwrap();
        assert_eq!((ready.width, ready.height, ready.media_type), (36, 48, "image/jpeg"));
        assert!(!look(&ready.bytes).unwrap().turned);
    }

    #[test]
    fn the_longest_side_is_the_one_that_was_asked_for_and_a_small_picture_stays_small() {
        let size = |width, height, most| {
            let ready = prepare(&png_of(grain(width, height)), most, 85).unwrap();
            (ready.width, ready.height)
        };
        assert_eq!(size(1200, 600, 1024), (1024, 512));
        assert_eq!(size(300, 900, 90), (30, 90));
        assert_eq!(size(90, 30, 1024), (90, 30));
        assert_eq!(size(3, 900, 1), (1, 64));
    }

    #[test]
    fn nothing_but_pixels_leaves() {
        let secret = Settings { prompt: "Latitude 52.66".into(), ..Settings::default() };
        for name in ["cat.jpg", "cat.png", "cat.webp", "cat.lossless.webp", "cat.gif", "cat.palette.png"] {
            let told = with_settings(fixture(name), &secret).unwrap_or_else(|_| fixture(name).to_vec());
            for most in [1024, 64] {
                let ready = prepare(&told, most, 85).unwrap();
                assert_eq!(read_settings(&ready.bytes), None, "{name}");
                assert!(!ready.bytes.windows(8).any(|piece| piece == b"Latitude"), "{name}");
                assert!(!ready.bytes.windows(4).any(|piece| piece == b"Exif" || piece == b"iCCP"), "{name}");
            }
        }
    }

    #[test]
    fn a_file_that_fits_and_is_small_keeps_its_pixels() {
        let flat = png_of(RgbImage::from_pixel(400, 300, Rgb([9, 99, 199])));
        let ready = prepare(&flat, 1024, 85).unwrap();
        assert_eq!(ready.media_type, "image/png");
        assert!(same_pixels(&ready.bytes, &flat));
        let coarse = convert(&png_of(grain(200, 100)), Form::Jpeg { quality: 30 }, None).unwrap();
        let ready = prepare(&coarse, 1024, 95).unwrap();
        assert!(same_pixels(&ready.bytes, &coarse) && ready.bytes.len() <= coarse.len());
        let large = png_of(grain(200, 100));
        assert_eq!(prepare(&large, 1024, 85).unwrap().media_type, "image/jpeg");
    }

    #[test]
    fn what_is_transparent_is_white() {
        let clear = png_of(RgbaImage::from_pixel(200, 200, Rgba([0, 0, 0, 0])));
        for most in [1024, 100] {
            let ready = prepare(&clear, most, 85).unwrap();
            let pixel = *image::load_from_memory(&ready.bytes).unwrap().to_rgb8().get_pixel(50, 50);
            assert_eq!((pixel.0, ready.media_type), ([255; 3], "image/jpeg"));
        }
    }

    #[test]
    fn colours_of_a_printer_and_a_picture_that_was_cut_short_are_coded_anew() {
        let cut = fixture("cat.jpg");
        for bytes in [fixture("cat.cmyk.jpg"), &cut[..cut.len() * 2 / 3]] {
            let ready = prepare(bytes, 1024, 85).unwrap();
            let opened = decode(&ready.bytes, &Limits::default()).unwrap();
            assert!(opened.whole && opened.facts.media_type == "image/jpeg");
            assert_eq!(image::load_from_memory(&ready.bytes).unwrap().color(), image::ColorType::Rgb8);
        }
    }
}
