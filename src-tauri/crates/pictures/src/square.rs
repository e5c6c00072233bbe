//! The middle of a picture as a square of few pixels: what a model looks at.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::DynamicImage;
use limerick_tasks::{Error, Result};

use crate::open::Decoded;
use crate::thumbnail::over;

impl Decoded {
    /// A square out of the middle, `part` (0 to 1) of the shorter side, in `side` × `side` pixels: red, green and blue
    /// a pixel, row by row; what is transparent shows white. Bicubic, with all pixels counting where it is made
    /// smaller, as Pillow does it.
    ///
    /// # Errors
    /// `internal`, where it cannot be made smaller.
    pub fn square(&self, side: u32, part: f64) -> Result<Vec<u8>> {
        let (width, height) = (self.image.width(), self.image.height());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a part of a side is one"
        )]
        let cut = ((f64::from(width.min(height)) * part) as u32).max(1);
        let corner = |whole: u32| (whole - cut).div_ceil(2);
        let middle = self.image.crop_imm(corner(width), corner(height), cut, cut);
        let mut small = DynamicImage::new(side, side, middle.color());
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        let resized = Resizer::new().resize(&middle, &mut small, &options);
        resized.map_err(|cause| Error::internal("make this picture smaller", cause))?;
        Ok(over(&small, u8::MAX).into_raw())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use crate::fixtures::{FIXTURES, fixture};
    use crate::{Limits, decode};

    fn square(name: &str) -> Vec<u8> {
        decode(fixture(name), &Limits::default()).unwrap().square(32, 0.875).unwrap()
    }

    #[test]
    fn every_picture_that_opens_has_a_square() {
        for (name, bytes) in FIXTURES {
            let Ok(picture) = decode(bytes, &Limits::default()) else { continue };
            for side in [1, 7, 224] {
                let square = picture.square(side, 0.875).unwrap();
                assert_eq!(u32::try_from(square.len()), Ok(side * side * 3), "{name}");
            }
        }
    }

    #[test]
    fn every_form_of_the_cat_has_nearly_the_same_square() {
        let cat = square("cat.png");
        for name in ["cat.16bit.png", "cat.bmp", "cat.tiff", "cat.lossless.webp", "turned.jpg", "cat.jpg"] {
            let apart = |(one, two): (&u8, &u8)| u32::from(one.abs_diff(*two));
            let apart: u32 = cat.iter().zip(&square(name)).map(apart).sum();
            assert!(apart / 3072 < 6, "{name}: {apart}");
        }
    }

    #[test]
    fn what_is_transparent_is_white() {
        let square = square("cat.alpha.png");
        assert!(square[..3].iter().all(|value| *value > 200), "{:?}", &square[..3]);
    }
}
