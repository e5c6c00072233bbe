//! What the pixels themselves say: whether a picture is one black square, and whether two pictures are the same.

use image::{DynamicImage, GenericImageView, Rgba};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::open::{Decoded, Limits, decode};

/// Pixels a side that are looked at, evenly spread.
const GRID: u32 = 256;
/// Of a thousand pixels, how many may be otherwise.
const STRAYS: usize = 1;
/// How bright black may be, and how far one colour may vary, of 255: JPEG makes noise.
const DARK: u8 = 10;
const NOISE: u8 = 8;

/// What a picture looks like, as far as it tells that a filter struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Look {
    /// Wholly black, or nearly: a safety filter's answer at many providers.
    pub black: bool,
    /// Wholly of one colour, or nearly; black too is one.
    pub flat: bool,
}

/// Looks at pixels all over the picture, 65,536 at most.
pub fn look_of(picture: &Decoded) -> Look {
    let mut counts = [[0_usize; 256]; 4];
    let mut pixels = 0;
    for Rgba([red, green, blue, alpha]) in spread(&picture.image) {
        // What cannot be seen has no colour.
        let seen = if alpha == 0 { [0x80; 3] } else { [red, green, blue] };
        let brightest = seen.into_iter().max().unwrap_or_default();
        for (counts, value) in counts.iter_mut().zip([seen[0], seen[1], seen[2], brightest]) {
            counts[usize::from(value)] += 1;
        }
        pixels += 1;
    }
    let strays = pixels * STRAYS / 1000;
    let flat = counts[..3].iter().all(|counts| width(counts, strays) <= usize::from(NOISE));
    let bright: usize = counts[3][usize::from(DARK) + 1..].iter().sum();
    Look { black: bright <= strays, flat }
}

/// From the darkest value to the brightest, some strays left out at either end.
fn width(counts: &[usize; 256], strays: usize) -> usize {
    let first = behind_strays(counts.iter(), strays);
    let last = 255 - behind_strays(counts.iter().rev(), strays);
    last.saturating_sub(first)
}

/// The first value that is more than strays.
fn behind_strays<'a>(counts: impl Iterator<Item = &'a usize>, mut left: usize) -> usize {
    counts.take_while(|count| left.checked_sub(**count).map(|still| left = still).is_some()).count().min(255)
}

fn spread(image: &DynamicImage) -> impl Iterator<Item = Rgba<u8>> {
    let (width, height) = image.dimensions();
    let at = |step: u32, size: u32| {
        let at = u64::from(step) * u64::from(size) / u64::from(GRID.min(size));
        u32::try_from(at).unwrap_or_default()
    };
    let rows = (0..GRID.min(height)).map(move |row| at(row, height));
    rows.flat_map(move |y| (0..GRID.min(width)).map(move |x| image.get_pixel(at(x, width), y)))
}

/// A name for the pixels alone: equal for equal pictures whatever file they come in, 64 hexadecimal digits.
/// Pictures of different depth (8 bits, 16 bits) are different.
pub fn fingerprint(picture: &Decoded) -> String {
    let image = &picture.image;
    let (width, height) = image.dimensions();
    let mut hash = Sha256::new();
    hash.update([width.to_be_bytes(), height.to_be_bytes()].concat());
    let color = image.color();
    if color.bytes_per_pixel() == color.channel_count() {
        let mut row = Vec::new();
        for y in 0..height {
            row.clear();
            row.extend((0..width).flat_map(|x| image.get_pixel(x, y).0));
            hash.update(&row);
        }
    } else {
        hash.update([color.channel_count(), color.bytes_per_pixel()]);
        hash.update(image.as_bytes());
    }
    hash.finalize().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// Whether two files show the same: their bytes are equal, or every pixel is. Files that cannot be opened are the
/// same only byte for byte.
pub fn same_pixels(one: &[u8], two: &[u8]) -> bool {
    let print = |bytes| decode(bytes, &Limits::default()).ok().map(|picture| fingerprint(&picture));
    one == two || print(one).is_some_and(|one| Some(one) == print(two))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use image::{Rgb, RgbImage};

    use super::*;
    use crate::fixtures::fixture;

    fn painted(color: impl Fn(u32, u32) -> [u8; 3]) -> Decoded {
        let mut picture = decode(fixture("cat.png"), &Limits::default()).unwrap();
        picture.image = RgbImage::from_fn(300, 400, |x, y| Rgb(color(x, y))).into();
        picture
    }

    #[test]
    fn a_black_square_is_called_one() {
        let look = |picture: &Decoded| (look_of(picture).black, look_of(picture).flat);
        let noise = |x: u32, y: u32| u8::try_from((x * 7 + y * 13) % 7).unwrap();
        assert_eq!(look(&painted(|_, _| [0; 3])), (true, true));
        assert_eq!(look(&painted(|x, y| [noise(x, y), 0, noise(y, x)])), (true, true));
        assert_eq!(look(&painted(|x, y| [200 + noise(x, y), 10, 10])), (false, true));
        assert_eq!(look(&painted(|x, y| if x > 250 && y > 380 { [255; 3] } else { [0; 3] })), (false, false));
        assert_eq!(look(&decode(fixture("cat.png"), &Limits::default()).unwrap()), (false, false));
    }

    #[test]
    fn the_same_pixels_are_the_same_in_every_lossless_file() {
        for name in ["cat.lossless.webp", "cat.bmp", "cat.tiff", "animated.png"] {
            assert!(same_pixels(fixture("cat.png"), fixture(name)), "{name}");
        }
        for name in ["cat.jpg", "cat.grey.png", "cat.16bit.png", "empty.png"] {
            assert!(!same_pixels(fixture("cat.png"), fixture(name)), "{name}");
        }
    }
}
