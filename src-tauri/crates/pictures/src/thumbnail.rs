//! Small pictures for the gallery.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};
use limerick_tasks::{Error, Result};

use crate::open::{Decoded, Limits, decode};

/// Longest side, in pixels.
const SIDE: u32 = 384;
/// Most bytes.
const MOST: usize = 40_000;
/// What is tried in this order until it is small enough.
const QUALITIES: [u8; 5] = [82, 70, 55, 35, 15];
/// What shines through: grey, which stands out on light and dark alike.
const GROUND: u8 = 0x80;

/// A small picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumb {
    /// A JPEG file of at most 40,000 bytes.
    pub bytes: Vec<u8>,
    /// Pixels, 384 at most.
    pub width: u32,
    /// Pixels, 384 at most.
    pub height: u32,
}

/// A small picture of this file, upright; what is transparent shows grey.
///
/// # Errors
/// As `decode` with the default limits.
pub fn thumbnail(bytes: &[u8]) -> Result<Thumb> {
    decode(bytes, &Limits::default())?.thumbnail()
}

impl Decoded {
    /// A small picture of this one, at most 384 pixels a side; what is transparent shows grey.
    ///
    /// # Errors
    /// `internal`, where it cannot be made smaller.
    pub fn thumbnail(&self) -> Result<Thumb> {
        let small =
            shrunk(&self.image, SIDE).map_err(|cause| Error::internal("make a small picture", cause))?;
        let small = over(small.as_ref().unwrap_or(&self.image), GROUND);
        for quality in QUALITIES {
            let bytes =
                jpeg(&small, quality).map_err(|cause| Error::internal("make a small picture", cause))?;
            if bytes.len() <= MOST {
                return Ok(Thumb { bytes, width: small.width(), height: small.height() });
            }
        }
        Err(Error::internal("make a small picture", "no quality is small enough"))
    }
}

/// The picture with a longest side of so many pixels, in its own depth; nothing where it is small already.
pub(crate) fn shrunk(
    image: &DynamicImage,
    most: u32,
) -> std::result::Result<Option<DynamicImage>, fast_image_resize::ResizeError> {
    let longest = image.width().max(image.height());
    if longest <= most {
        return Ok(None);
    }
    let scaled = |side: u32| {
        let scaled = (u64::from(side) * u64::from(most) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(most).max(1)
    };
    let mut small = DynamicImage::new(scaled(image.width()), scaled(image.height()), image.color());
    // As sharp as bicubic and as fast as bilinear.
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Hamming));
    Resizer::new().resize(image, &mut small, &options)?;
    Ok(Some(small))
}

/// In 8 bits, without alpha: what is transparent shows this grey.
pub(crate) fn over(image: &DynamicImage, ground: u8) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0.map(u16::from);
        let mix = |value: u16| (value * alpha + u16::from(ground) * (255 - alpha) + 127) / 255;
        image::Rgb([red, green, blue].map(|value| u8::try_from(mix(value)).unwrap_or(u8::MAX)))
    })
}

pub(crate) fn jpeg(image: &RgbImage, quality: u8) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use image::{ImageFormat, Rgba, RgbaImage};

    use super::*;
    use crate::fixtures::{FIXTURES, fixture};
    use crate::look;

    fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_picture_that_opens_has_a_small_one() {
        for (name, bytes) in FIXTURES {
            let Ok(small) = thumbnail(bytes) else { continue };
            let facts = look(&small.bytes).unwrap();
            assert_eq!((facts.width, facts.height), (small.width, small.height), "{name}");
            assert_eq!(facts.media_type, "image/jpeg");
        }
        let turned = thumbnail(fixture("turned.jpg")).unwrap();
        assert_eq!((turned.width, turned.height), (36, 48));
    }

    #[test]
    fn even_noise_takes_at_most_40_kilobytes() {
        let mut rng = fastrand::Rng::with_seed(7);
        let noise = RgbImage::from_fn(1024, 1024, |_, _| image::Rgb([rng.u8(..), rng.u8(..), rng.u8(..)]));
        for image in [DynamicImage::from(noise.clone()), DynamicImage::from(noise).crop_imm(0, 0, 384, 384)] {
            let small = thumbnail(&png(image)).unwrap();
            assert!(small.bytes.len() <= MOST && small.width == SIDE, "{}", small.bytes.len());
        }
    }

    #[test]
    fn the_longer_side_is_384_and_the_other_follows() {
        let size = |width, height| {
            let small = thumbnail(&png(RgbImage::new(width, height))).unwrap();
            (small.width, small.height)
        };
        assert_eq!(size(1024, 512), (384, 192));
        assert_eq!(size(3, 5000), (1, 384));
        assert_eq!(size(100, 50), (100, 50));
    }

    #[test]
    fn what_is_transparent_shows_grey() {
        let small = thumbnail(&png(RgbaImage::from_pixel(800, 800, Rgba([255, 0, 0, 0])))).unwrap();
        let pixel = *image::load_from_memory(&small.bytes).unwrap().to_rgb8().get_pixel(10, 10);
        assert!(pixel.0.iter().all(|value| value.abs_diff(GROUND) < 4), "{pixel:?}");
    }
}
