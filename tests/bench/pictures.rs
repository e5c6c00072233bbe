//! What small pictures cost: a gallery opens as fast as these are made. One core works; the pictures are made here,
//! with the grain that pictures of models have.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use limerick_pictures::{
    Decoded, Form, Limits, convert, decode, fingerprint, look, look_of, prepare, thumbnail,
};
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Pixels a side.
const SIDE: usize = 1024;
/// Pixels a side of a photograph.
const PHOTO: usize = 3072;
/// How long one thing is measured.
const TIME: Duration = Duration::from_secs(3);

fn main() -> Outcome {
    let png = convert(&drawn(SIDE), Form::Png, None)?;
    let jpeg = convert(&png, Form::Jpeg { quality: 90 }, None)?;
    let webp = convert(&png, Form::WebP, None)?;
    for (name, file) in [("PNG", &png), ("JPEG", &jpeg), ("WebP", &webp)] {
        #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
        let size = file.len() as f64 / 1e6;
        let note = format!("1024 × 1024, {size:.1} MB, one core");
        rate(&format!("thumbnails of {name}"), &note, || thumbnail(file).map(drop))?;
    }
    let small = thumbnail(&png)?.bytes.len();
    figure(
        "size of a thumbnail",
        f64::from(u32::try_from(small)?) / 1e3,
        "kB",
        "384 × 384, of the PNG above",
    );
    let open: Decoded = decode(&png, &Limits::default())?;
    rate("headers looked at", "the PNG above", || look(&png).map(drop))?;
    rate("fingerprints", "1024 × 1024, decoded already", || {
        black_box(fingerprint(&open));
        Ok(())
    })?;
    rate("looks for black squares", "1024 × 1024, decoded already", || {
        black_box(look_of(&open));
        Ok(())
    })?;
    let photo = convert(&drawn(PHOTO), Form::Jpeg { quality: 90 }, None)?;
    for (name, file, pixels) in [("a photograph", &photo, PHOTO), ("a PNG", &png, SIDE)] {
        sending(name, file, pixels)?;
    }
    Ok(())
}

/// What it costs to make a picture ready for sending.
fn sending(name: &str, file: &[u8], pixels: usize) -> Outcome {
    let (began, mut times) = (Instant::now(), 0_u32);
    let mut bytes = 0;
    while began.elapsed() < TIME {
        bytes = prepare(file, 1024, 85)?.bytes.len();
        times += 1;
    }
    let side = f64::from(u32::try_from(pixels)?);
    let each = began.elapsed().as_secs_f64() * 1e3 / f64::from(times) / (side * side / 1e6);
    let note = format!("{pixels} × {pixels}, {} kB become {} kB, one core", file.len() / 1000, bytes / 1000);
    figure(&format!("prepared for sending, {name}"), each, "ms/megapixel", &note);
    Ok(())
}

/// How often it is done in a second.
fn rate(name: &str, note: &str, once: impl Fn() -> limerick_tasks::Result<()>) -> Outcome {
    let (began, mut times) = (Instant::now(), 0);
    while began.elapsed() < TIME {
        once()?;
        times += 1;
    }
    figure(name, f64::from(times) / began.elapsed().as_secs_f64(), "/s", note);
    Ok(())
}

fn figure(name: &str, value: f64, unit: &str, note: &str) {
    println!("{}", json!({ "name": name, "value": value, "unit": unit, "note": note }));
}

/// A picture as a BMP file, which needs no encoder: waves of colour under a grain.
fn drawn(pixels: usize) -> Vec<u8> {
    let side = u32::try_from(pixels).unwrap_or_default().to_le_bytes();
    let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    file.extend([side, side].concat());
    file.extend(b"\x01\0\x18\0");
    file.extend([0; 24]);
    let mut rng = fastrand::Rng::with_seed(1);
    for at in 0..pixels * pixels {
        let (x, y) = (at % pixels, at / pixels);
        for (over, down) in [(3, 5), (7, 2), (2, 9)] {
            let wave = (x * over + y * down) / 8 % 512;
            file.push(u8::try_from(wave.min(511 - wave)).unwrap_or(u8::MAX).saturating_add(rng.u8(..6)));
        }
    }
    file
}
