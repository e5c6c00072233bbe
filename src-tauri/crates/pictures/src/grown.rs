//! Bare pixels as a picture of another size, which is larger as a rule: what small models paint.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::png::PngEncoder;
use image::imageops::overlay;
use image::{DynamicImage, Rgb, RgbImage};
use limerick_tasks::{Error, Result};

/// What is done, as it stands in an error.
const DOING: &str = "make a file of this picture";

/// How pixels grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Growing {
    /// Bicubic; edges become soft.
    #[default]
    Smooth,
    /// Each becomes a square of whole pixels.
    Pixels,
}

/// A PNG file of `size` from pixels (red, green and blue each, row by row, `from` of them): they grow until the shorter
/// sides fit, or as far as whole squares of them do, and stand in the middle. What is too much is cut off, and what is
/// missing has the colour of the corners.
///
/// # Errors
/// `internal` where there are more or fewer pixels than said, or a side is 0.
pub fn grown(rgb: Vec<u8>, from: (u32, u32), size: (u32, u32), growing: Growing) -> Result<Vec<u8>> {
    let missing = || Error::internal(DOING, format!("{from:?} to {size:?}"));
    let small = RgbImage::from_raw(from.0, from.1, rgb).ok_or_else(missing)?;
    let (short, new_short) = (from.0.min(from.1), size.0.min(size.1));
    if short == 0 || new_short == 0 {
        return Err(missing());
    }
    let long = match growing {
        Growing::Smooth => |side: u32, new: u32, old: u32| (side * new + old / 2) / old,
        Growing::Pixels => |side: u32, new: u32, old: u32| side * (new / old).max(1),
    };
    let large = (long(from.0, new_short, short), long(from.1, new_short, short));
    let mut whole = RgbImage::from_pixel(size.0, size.1, ground(&small));
    let large = if large == from { small } else { resized(small, large, growing)? };
    let left = |new: u32, old: u32| (i64::from(new) - i64::from(old)) / 2;
    overlay(&mut whole, &large, left(size.0, large.width()), left(size.1, large.height()));
    let mut file = Vec::new();
    whole.write_with_encoder(PngEncoder::new(&mut file)).map_err(|cause| Error::internal(DOING, cause))?;
    Ok(file)
}

/// What lies around the thing in the picture: the mean of the four corners.
fn ground(picture: &RgbImage) -> Rgb<u8> {
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    let corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)].map(|(x, y)| picture.get_pixel(x, y).0);
    Rgb(std::array::from_fn(|colour| {
        let sum: u16 = corners.iter().map(|corner| u16::from(corner[colour])).sum();
        u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX)
    }))
}

fn resized(small: RgbImage, (width, height): (u32, u32), growing: Growing) -> Result<RgbImage> {
    let small = DynamicImage::ImageRgb8(small);
    let mut large = DynamicImage::new(width, height, small.color());
    let options = ResizeOptions::new().resize_alg(match growing {
        Growing::Smooth => ResizeAlg::Convolution(FilterType::CatmullRom),
        Growing::Pixels => ResizeAlg::Nearest,
    });
    let done = Resizer::new().resize(&small, &mut large, &options);
    done.map_err(|cause| Error::internal(DOING, cause))?;
    Ok(large.into_rgb8())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const RED: Rgb<u8> = Rgb([255, 0, 0]);
    const BLUE: Rgb<u8> = Rgb([0, 0, 255]);

    /// The left half red, the right one blue.
    fn halves(from: (u32, u32), size: (u32, u32), growing: Growing) -> RgbImage {
        let small = RgbImage::from_fn(from.0, from.1, |x, _| if x < from.0 / 2 { RED } else { BLUE });
        let file = grown(small.into_raw(), from, size, growing).unwrap();
        let picture = image::load_from_memory(&file).unwrap().into_rgb8();
        assert_eq!(picture.dimensions(), size);
        picture
    }

    #[test]
    fn whole_pixels_stay_hard_and_smooth_ones_become_soft() {
        let hard = halves((64, 64), (512, 512), Growing::Pixels);
        assert!((0..512).all(|x| *hard.get_pixel(x, 9) == if x < 256 { RED } else { BLUE }));
        let soft = halves((64, 64), (512, 512), Growing::Smooth);
        assert_eq!((*soft.get_pixel(9, 9), *soft.get_pixel(500, 9)), (RED, BLUE));
        assert!((0..512).any(|x| ![RED, BLUE].contains(soft.get_pixel(x, 9))));
    }

    #[test]
    fn the_middle_stays_the_middle_and_the_ground_goes_on() {
        for growing in [Growing::Smooth, Growing::Pixels] {
            for (from, size) in [
                ((64, 64), (300, 200)),
                ((96, 64), (512, 384)),
                ((128, 64), (512, 100)),
                ((64, 64), (64, 512)),
                ((64, 64), (100, 101)),
            ] {
                let picture = halves(from, size, growing);
                let (middle, row) = (size.0 / 2, size.1 / 2);
                let beside = (picture.get_pixel(middle - 12, row), picture.get_pixel(middle + 12, row));
                assert_eq!(beside, (&RED, &BLUE), "{from:?} {size:?}");
            }
        }
        let wide = halves((64, 64), (300, 100), Growing::Smooth);
        let ground = Rgb([128, 0, 128]);
        assert_eq!([0, 99, 200, 299].map(|x| *wide.get_pixel(x, 50)), [ground, ground, ground, ground]);
        assert_eq!((*wide.get_pixel(100, 0), *wide.get_pixel(199, 99)), (RED, BLUE));
        let same = halves((64, 64), (64, 64), Growing::Smooth);
        assert_eq!((*same.get_pixel(31, 0), *same.get_pixel(32, 63)), (RED, BLUE));
        halves((64, 64), (1, 1), Growing::Pixels);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for (pixels, from, size) in [(3, (1, 2), (9, 9)), (0, (0, 0), (9, 9)), (3, (1, 1), (0, 9))] {
            assert!(grown(vec![0; pixels], from, size, Growing::Smooth).is_err());
        }
    }
}
