//! Opens a picture within limits: what it would cost is known from its header before a pixel is decoded.

use std::time::Duration;

use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageFormat, ImageReader, Pixel,
};
use limerick_tasks::{Error, ErrorCode, Result};

use crate::facts::{self, Facts, damaged, format_of, lies_on_its_side, passes};
use crate::jpeg;
use crate::timed::{Deadline, Timed};

/// What opening a picture may cost. The default is what the app allows for pictures of strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of the longer side.
    pub side: u32,
    /// Pixels in all.
    pub pixels: u64,
    /// Bytes of memory, as far as the decoders' needs are known, the file itself not counted.
    pub memory: u64,
    /// How long it may take, as far as the decoder can be stopped; a picture gets a tenth of a second more for every
    /// million pixels, for a busy machine; an idle one needs a hundredth for them.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { side: 16_384, pixels: 64_000_000, memory: 180_000_000, time: Duration::from_secs(2) }
    }
}

/// A picture in memory, upright.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The pixels, in the depth and with the channels of the file; CMYK becomes RGB, a palette its colours.
    pub image: DynamicImage,
    /// What the header said.
    pub facts: Facts,
    /// Whether all of it came; the missing part of a file that was cut short is black or grey.
    pub whole: bool,
    /// The colour space, where the file names one for the channels of `image`.
    pub(crate) profile: Option<Vec<u8>>,
}

/// Decodes a picture, the first one where it moves, and turns it upright as its EXIF asks.
///
/// # Errors
/// `input` in one sentence and a next step: no picture, damaged from the start on, or beyond the limits.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let format = format_of(bytes)?;
    let until = Deadline::after(limits.time);
    let mut decoder = decoder(bytes, format, limits, until.clone())?;
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let facts = facts::facts(bytes, format, decoder.dimensions(), turn);
    afford(&decoder, turn, format, bytes, limits)?;
    until.put_off(Duration::from_millis(u64::from(facts.width) * u64::from(facts.height) / 10_000));
    let color = decoder.color_type();
    let profile = decoder.icc_profile().ok().flatten().filter(|icc| fits(icc, color));
    let (mut image, whole) = pixels(decoder).ok_or_else(|| damaged(format))?;
    if !whole && until.is_over() {
        return Err(too_slow());
    }
    image.apply_orientation(turn);
    // Its decoder says nothing of an end that is missing.
    let whole = whole && (format != ImageFormat::Jpeg || jpeg::ends(bytes));
    Ok(Decoded { image, facts, whole, profile })
}

/// A decoder that has read the header.
pub(crate) fn decoder<'a>(
    bytes: &'a [u8],
    format: ImageFormat,
    limits: &Limits,
    until: Deadline,
) -> Result<impl ImageDecoder + 'a> {
    let file = Timed::new(bytes, until);
    let mut reader = ImageReader::with_format(file, format);
    let mut bounds = image::Limits::no_limits();
    bounds.max_alloc = Some(limits.memory);
    reader.limits(bounds);
    let decoder = reader.into_decoder().map_err(|error| match error {
        ImageError::Limits(_) => too_large("This picture", limits),
        other => damaged(format).with_detail(other),
    })?;
    // Some decoders take a side of nothing.
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 { Err(damaged(format)) } else { Ok(decoder) }
}

/// Refuses a picture that would cost too much.
fn afford(
    decoder: &impl ImageDecoder,
    turn: Orientation,
    format: ImageFormat,
    bytes: &[u8],
    limits: &Limits,
) -> Result<()> {
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let passes = passes(bytes, format);
    let decoded = decoder.total_bytes();
    // What the decoders hold beside the pixels that they return, read in their sources and measured.
    let own = match format {
        // A copy of the file; the coefficients (16 bits each), where it goes over the pixels more than once.
        ImageFormat::Jpeg if passes > 1 => bytes.len() as u64 + decoded.saturating_mul(2),
        ImageFormat::Jpeg => bytes.len() as u64,
        // Parts of the file; the picture once more.
        ImageFormat::WebP => (bytes.len() as u64).saturating_add(pixels.saturating_mul(4)),
        ImageFormat::Gif => pixels.saturating_mul(4),
        // One strip may hold it all.
        ImageFormat::Tiff => decoded,
        _ => 0,
    };
    let copy = if lies_on_its_side(turn) { decoded } else { 0 };
    let memory = decoded.saturating_add(own.max(copy));
    if width.max(height) > limits.side || pixels > limits.pixels || memory > limits.memory {
        return Err(too_large(&format!("This picture of {width} × {height} pixels"), limits));
    }
    // Coded in 60 bytes, a pass can cost as much as the whole picture.
    if passes.saturating_mul(pixels) > limits.pixels.saturating_mul(4) {
        return Err(too_slow());
    }
    Ok(())
}

fn too_large(what: &str, limits: &Limits) -> Error {
    let (side, pixels) = (limits.side, limits.pixels / 1_000_000);
    let words = format!(
        "{what} is larger than Limerick opens: {side} pixels a side and {pixels} million in all, fewer for some \
         formats. Make it smaller and try again."
    );
    Error::new(ErrorCode::Input, words)
}

fn too_slow() -> Error {
    let words = "This picture takes too long to open. Save it anew in another program and try again.";
    Error::new(ErrorCode::Input, words)
}

/// Whether a colour profile is for these channels: that of a CMYK file is not for the RGB that became of it.
fn fits(icc: &[u8], color: ColorType) -> bool {
    icc.get(16..20) == Some(if color.has_color() { b"RGB " } else { b"GRAY" })
}

/// The pixels, and whether all of them came; nothing where none came.
fn pixels(decoder: impl ImageDecoder) -> Option<(DynamicImage, bool)> {
    match decoder.color_type() {
        ColorType::L8 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageLuma8(image), whole)),
        ColorType::La8 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageLumaA8(image), whole)),
        ColorType::Rgb8 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageRgb8(image), whole)),
        ColorType::Rgba8 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageRgba8(image), whole)),
        ColorType::L16 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageLuma16(image), whole)),
        ColorType::La16 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageLumaA16(image), whole)),
        ColorType::Rgb16 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageRgb16(image), whole)),
        ColorType::Rgba16 => fill(decoder).map(|(image, whole)| (DynamicImage::ImageRgba16(image), whole)),
        ColorType::Rgb32F => fill(decoder).map(|(image, whole)| (DynamicImage::ImageRgb32F(image), whole)),
        ColorType::Rgba32F => fill(decoder).map(|(image, whole)| (DynamicImage::ImageRgba32F(image), whole)),
        _ => None,
    }
}

/// Samples of one kind of pixel.
type Pixels<P> = ImageBuffer<P, Vec<<P as Pixel>::Subpixel>>;

/// Decodes into a buffer of our own, which keeps what came before a file broke off.
fn fill<P>(decoder: impl ImageDecoder) -> Option<(Pixels<P>, bool)>
where
    P: Pixel,
    P::Subpixel: bytemuck::Pod,
{
    let (width, height) = decoder.dimensions();
    let bytes = usize::try_from(decoder.total_bytes()).ok()?;
    let mut samples = vec![bytemuck::Zeroable::zeroed(); bytes / size_of::<P::Subpixel>()];
    let raw: &mut [u8] = bytemuck::cast_slice_mut(&mut samples);
    let whole = decoder.read_image(raw).is_ok();
    if !whole && raw.iter().all(|byte| *byte == 0) {
        return None;
    }
    Some((ImageBuffer::from_raw(width, height, samples)?, whole))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::time::Instant;

    use super::*;
    use crate::fixtures::{FIXTURES, fixture};

    fn open(name: &str) -> Decoded {
        decode(fixture(name), &Limits::default()).unwrap()
    }

    /// How far two pictures of one size lie apart, a channel on average, of 255.
    fn apart(one: &DynamicImage, two: &DynamicImage) -> f64 {
        let (one, two) = (one.to_rgb8(), two.to_rgb8());
        assert_eq!(one.dimensions(), two.dimensions());
        let sum: u64 = one.iter().zip(two.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        f64::from(u32::try_from(sum).unwrap()) / f64::from(u32::try_from(one.len()).unwrap())
    }

    #[test]
    fn every_fixture_opens_or_is_refused_in_a_sentence() {
        let refused: Vec<&str> = FIXTURES
            .iter()
            .filter_map(|(name, bytes)| {
                let error = decode(bytes, &Limits::default()).err()?;
                assert_eq!(error.code, ErrorCode::Input, "{name}");
                assert!(error.message.ends_with('.') && error.message.len() < 300, "{name}: {error}");
                Some(*name)
            })
            .collect();
        assert_eq!(refused, ["bomb.30000x30000.png", "cat.avif", "claims.65535x65535.png", "empty.png"]);
    }

    #[test]
    fn every_form_of_the_cat_shows_the_same_cat() {
        let cat = open("cat.png").image;
        for (name, most) in [
            ("cat.jpg", 6.0),
            ("cat.jpg.named.png", 6.0),
            ("cat.progressive.jpg", 6.0),
            ("cat.webp", 6.0),
            ("cat.lossless.webp", 0.0),
            ("cat.bmp", 0.0),
            ("cat.tiff", 0.0),
            ("cat.16bit.png", 0.5),
            ("cat.gif", 12.0),
            ("animated.gif", 12.0),
            ("animated.png", 0.0),
            ("animated.webp", 0.0),
            ("cat.palette.png", 12.0),
            ("cat.cmyk.jpg", 12.0),
            ("turned.jpg", 6.0),
        ] {
            let opened = open(name);
            assert!(opened.whole, "{name}");
            let far = apart(&opened.image, &cat);
            assert!(far <= most, "{name} lies {far} off");
        }
    }

    #[test]
    fn depth_alpha_and_grey_are_kept() {
        let color = |name: &str| open(name).image.color();
        assert_eq!(color("cat.16bit.png"), ColorType::Rgb16);
        assert_eq!(color("cat.alpha.png"), ColorType::Rgba8);
        assert_eq!(color("cat.grey.png"), ColorType::L8);
    }

    #[test]
    fn a_file_that_was_cut_short_shows_what_came() {
        let cat = open("cat.png").image;
        let mut cut = Vec::new();
        for name in ["cat.png", "cat.jpg", "cat.bmp"] {
            let bytes = fixture(name);
            let opened = decode(&bytes[..bytes.len() * 2 / 3], &Limits::default()).unwrap();
            let top = |image: &DynamicImage| image.crop_imm(0, 0, 36, 12);
            cut.push(opened.whole);
            if name != "cat.bmp" {
                assert!(apart(&top(&opened.image), &top(&cat)) < 6.0, "{name}");
            }
        }
        assert_eq!(cut, [false, false, false]);
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_lit() {
        for name in ["bomb.30000x30000.png", "claims.65535x65535.png"] {
            let began = Instant::now();
            let words = decode(fixture(name), &Limits::default()).unwrap_err().message;
            assert!(words.contains("larger than Limerick opens"), "{name}: {words}");
            assert!(began.elapsed() < Duration::from_millis(200), "{name}");
        }
    }

    #[test]
    fn limits_are_those_that_were_asked_for() {
        let bytes = fixture("cat.png");
        let small = [
            Limits { side: 47, ..Limits::default() },
            Limits { pixels: 1700, ..Limits::default() },
            Limits { memory: 5000, ..Limits::default() },
        ];
        for limits in small {
            assert!(decode(bytes, &limits).unwrap_err().message.contains("larger"), "{limits:?}");
        }
        let none = Limits { time: Duration::ZERO, ..Limits::default() };
        assert!(decode(bytes, &none).is_err());
    }
}
