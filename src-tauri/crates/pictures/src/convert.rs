//! "Save as": a picture in another form, with or without the settings that it was made with.

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageError, ImageFormat, ImageResult};
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::facts::format_of;
use crate::open::{Decoded, Limits, decode};
use crate::settings::{Settings, with_settings};
use crate::thumbnail::over;

/// What a picture is saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Without loss, in the picture's own depth (16 bits at most).
    Png,
    /// Small, in 8 bits; what is transparent becomes white.
    Jpeg {
        /// From 1 to 100; 90 is hard to tell from the original.
        quality: u8,
    },
    /// Without loss, in 8 bits: smaller than PNG. At most 16,383 pixels a side.
    #[serde(rename = "webp")]
    WebP,
}

impl Form {
    fn format(self) -> ImageFormat {
        match self {
            Self::Png => ImageFormat::Png,
            Self::Jpeg { .. } => ImageFormat::Jpeg,
            Self::WebP => ImageFormat::WebP,
        }
    }
}

/// The picture in this form, with these settings in it. A file of that form already is not encoded again, and
/// without settings stays byte for byte; one of another form is turned upright, keeps its colour profile and its first
/// picture, and loses all other metadata.
///
/// # Errors
/// As `decode` with the default limits and as `with_settings`; `input` where the picture is too large for the form.
pub fn convert(bytes: &[u8], form: Form, settings: Option<&Settings>) -> Result<Vec<u8>> {
    let file = if format_of(bytes)? == form.format() {
        bytes.to_vec()
    } else {
        let picture = decode(bytes, &Limits::default())?;
        encode(&picture, form).map_err(|error| refused(form, error))?
    };
    settings.map_or_else(|| Ok(file.clone()), |settings| with_settings(&file, settings))
}

fn refused(form: Form, error: ImageError) -> Error {
    let words = match form {
        Form::WebP => "This picture is too large for WebP: 16,383 pixels a side at most. Save it as PNG.",
        _ => "This picture does not fit this form. Save it as PNG.",
    };
    Error::new(ErrorCode::Input, words).with_detail(error)
}

fn encode(picture: &Decoded, form: Form) -> ImageResult<Vec<u8>> {
    let image = &picture.image;
    let (mut bytes, profile) = (Vec::new(), picture.profile.clone());
    match form {
        Form::Png => written(&in_16_bits(image), PngEncoder::new(&mut bytes), profile)?,
        Form::WebP => written(&in_8_bits(image), WebPEncoder::new_lossless(&mut bytes), profile)?,
        Form::Jpeg { quality } => {
            let flat = if image.color().has_color() || image.color().has_alpha() {
                DynamicImage::ImageRgb8(over(image, 0xff))
            } else {
                DynamicImage::ImageLuma8(image.to_luma8())
            };
            // The profile of a grey picture with alpha is not for the colours that became of it.
            let profile = profile.filter(|_| image.color().has_color() == flat.color().has_color());
            written(&flat, JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100)), profile)?;
        }
    }
    Ok(bytes)
}

fn written(
    image: &DynamicImage,
    mut encoder: impl ImageEncoder,
    profile: Option<Vec<u8>>,
) -> ImageResult<()> {
    if let Some(profile) = profile {
        // A form that has no place for it shows the colours a little otherwise.
        let _ = encoder.set_icc_profile(profile);
    }
    let color = ExtendedColorType::from(image.color());
    encoder.write_image(image.as_bytes(), image.width(), image.height(), color)
}

/// Floating-point samples in 16 bits; all others as they are.
fn in_16_bits(image: &DynamicImage) -> std::borrow::Cow<'_, DynamicImage> {
    use std::borrow::Cow;
    match image {
        DynamicImage::ImageRgb32F(_) => Cow::Owned(image.to_rgb16().into()),
        DynamicImage::ImageRgba32F(_) => Cow::Owned(image.to_rgba16().into()),
        _ => Cow::Borrowed(image),
    }
}

fn in_8_bits(image: &DynamicImage) -> std::borrow::Cow<'_, DynamicImage> {
    use std::borrow::Cow;
    let color = image.color();
    match (color.bytes_per_pixel() == color.channel_count(), color.has_color(), color.has_alpha()) {
        (true, ..) => Cow::Borrowed(image),
        (_, true, true) => Cow::Owned(image.to_rgba8().into()),
        (_, true, false) => Cow::Owned(image.to_rgb8().into()),
        (_, false, true) => Cow::Owned(image.to_luma_alpha8().into()),
        (_, false, false) => Cow::Owned(image.to_luma8().into()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::fixtures::{FIXTURES, fixture};
    use crate::{look, read_settings, same_pixels};

    const FORMS: [Form; 3] = [Form::Png, Form::Jpeg { quality: 90 }, Form::WebP];

    #[test]
    fn every_picture_that_opens_is_saved_in_every_form_with_its_settings() {
        let settings = Settings { prompt: "a 🦊".into(), ..Settings::default() };
        for (name, bytes) in FIXTURES {
            let Ok(picture) = decode(bytes, &Limits::default()) else { continue };
            for form in FORMS.into_iter().filter(|_| picture.whole) {
                let file = convert(bytes, form, Some(&settings)).unwrap();
                let facts = look(&file).unwrap();
                assert_eq!(facts.media_type, form.format().to_mime_type(), "{name}");
                assert_eq!(
                    (facts.width, facts.height),
                    (picture.facts.width, picture.facts.height),
                    "{name}"
                );
                assert_eq!(read_settings(&file), Some(settings.clone()), "{name}");
            }
        }
    }

    #[test]
    fn the_lossless_forms_keep_every_pixel() {
        for name in ["cat.png", "cat.alpha.png", "cat.grey.png", "cat.gif"] {
            let cat = fixture(name);
            for form in [Form::Png, Form::WebP] {
                assert!(same_pixels(cat, &convert(cat, form, None).unwrap()), "{name}");
            }
        }
        let deep = convert(fixture("cat.tiff"), Form::Png, None).unwrap();
        assert!(same_pixels(fixture("cat.png"), &deep));
    }

    #[test]
    fn the_same_form_is_not_encoded_again() {
        assert_eq!(
            convert(fixture("cat.jpg"), Form::Jpeg { quality: 10 }, None).unwrap(),
            fixture("cat.jpg")
        );
    }

    #[test]
    fn what_is_transparent_becomes_white_in_jpeg() {
        let clear = image::RgbaImage::new(16, 16);
        let mut picture = decode(fixture("cat.png"), &Limits::default()).unwrap();
        picture.image = clear.into();
        let file = encode(&picture, Form::Jpeg { quality: 90 }).unwrap();
        let pixel = *image::load_from_memory(&file).unwrap().to_rgb8().get_pixel(3, 3);
        assert_eq!(pixel.0, [255; 3]);
    }
}
