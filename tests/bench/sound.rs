//! What the shape of a long clip costs, and its other forms: the drawing of a take waits for the first. The clip is
//! a sentence that is said again and again.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::error::Error;
use std::time::{Duration, Instant};

use limerick_sound::{Sound, decode, look, peaks, to_flac, to_wav};
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How often the sentences of `tests/sounds` are said: ten minutes.
const SECONDS: usize = 600;
/// How often one thing is done; the best counts, as other programs only ever make it slower.
const TIMES: usize = 5;
/// Columns of a wide window.
const COLUMNS: usize = 1600;
/// The bytes of a frame of 64 kbit/s at 24,000 Hz; the first one holds no sound but what is known of the file.
const FRAME: usize = 192;

fn main() -> Outcome {
    let voice = decode(include_bytes!("../sounds/voice.flac"))?;
    let count = SECONDS * voice.sample_rate as usize;
    let samples = voice.samples.iter().copied().cycle().take(count).collect();
    let long = Sound { samples, ..voice };
    let (flac, wrote) = timed(|| to_flac(&long))?;
    let note = "ten minutes, 24,000 Hz, one channel";
    let files = [("WAV", to_wav(&long)), ("FLAC", flac), ("MP3", mp3(include_bytes!("../sounds/voice.mp3")))];
    for (name, file) in &files {
        let (_, took) = best(|| peaks(file, COLUMNS))?;
        figure(&format!("shape of a clip in {name}"), took.as_secs_f64() * 1e3, "ms", note);
    }
    for (name, file) in &files {
        let (facts, took) = best(|| look(file))?;
        let kept = format!("{note}: {:.0} s", facts.seconds);
        figure(&format!("look at a clip in {name}"), took.as_secs_f64() * 1e3, "ms", &kept);
    }
    figure("clip written as FLAC", wrote.as_secs_f64(), "s", note);
    Ok(())
}

/// Frames of the same sound until it lasts ten minutes.
fn mp3(file: &[u8]) -> Vec<u8> {
    let first = file.windows(2).position(|two| two == b"\xff\xf3").unwrap_or_default() + FRAME;
    let frames = SECONDS * 24_000 / 576;
    file[first..].chunks_exact(FRAME).cycle().take(frames).flatten().copied().collect()
}

fn best<T>(once: impl Fn() -> limerick_tasks::Result<T>) -> Outcome<(T, Duration)> {
    let mut best = timed(&once)?;
    for _ in 1..TIMES {
        let again = timed(&once)?;
        best = if again.1 < best.1 { again } else { best };
    }
    Ok(best)
}

fn timed<T>(once: impl Fn() -> limerick_tasks::Result<T>) -> Outcome<(T, Duration)> {
    let began = Instant::now();
    Ok((once()?, began.elapsed()))
}

fn figure(name: &str, value: f64, unit: &str, note: &str) {
    println!("{}", json!({ "name": name, "value": value, "unit": unit, "note": note }));
}
