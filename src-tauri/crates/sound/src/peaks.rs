//! The shape of a sound, for drawing it.

use std::thread::{self, available_parallelism};

use limerick_tasks::Result;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::reader::Reader;

/// Seconds from which on a sound is read in several places at once, and how many these are at most.
const LONG: f64 = 60.0;
const PARTS: usize = 4;
/// Buckets that are kept while a sound is read whose length is not known yet.
const BUCKETS: usize = 1 << 15;
/// Samples that are compared at once.
const LANES: usize = 16;

/// The shape of a sound: for each column the lowest and the highest sample of all channels, -127 to 127.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Peaks {
    /// How long it is.
    pub seconds: f64,
    /// As many as columns were asked for.
    pub low: Vec<i8>,
    /// As many as columns were asked for.
    pub high: Vec<i8>,
}

/// The shape of a sound in so many columns, from 1 to 4096. Reads it piece by piece; a long one in several places at
/// once.
///
/// # Errors
/// `input`, as from [`decode`](crate::decode).
pub fn peaks(bytes: &[u8], columns: usize) -> Result<Peaks> {
    let columns = columns.clamp(1, 4096);
    let (seconds, _) = Reader::open(bytes)?.skim();
    let parts = if seconds < LONG { 1 } else { available_parallelism().map_or(1, usize::from).min(PARTS) };
    let length = seconds / f64::from(u32::try_from(parts).unwrap_or(1));
    let part = |part: usize| {
        let columns = columns * (part + 1) / parts - columns * part / parts;
        let from = length * f64::from(u32::try_from(part).unwrap_or(0));
        let until = if part + 1 < parts { length } else { f64::INFINITY };
        shape(bytes, from, until).map(|shape| shape.columns(columns))
    };
    let drawn = thread::scope(|scope| {
        let others: Vec<_> = (1..parts).map(|at| scope.spawn(move || part(at))).collect();
        let others = others.into_iter().filter_map(|other| other.join().ok());
        std::iter::once(part(0)).chain(others).collect::<Result<Vec<_>>>()
    })?;
    let (low, high): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    Ok(Peaks { seconds, low: low.concat(), high: high.concat() })
}

/// The shape of so many seconds from a place on.
fn shape(bytes: &[u8], from: f64, seconds: f64) -> Result<Shape> {
    let mut reader = Reader::open(bytes)?;
    if from > 0.0 {
        reader.skip_to(from);
    }
    let (mut shape, mut piece) = (Shape::new(usize::from(reader.channels)), Vec::new());
    while reader.seconds() < seconds && reader.next(&mut piece) {
        shape.push(&piece);
    }
    Ok(shape)
}

/// The lowest and the highest.
type Range = (f32, f32);

const NOTHING: Range = (f32::INFINITY, f32::NEG_INFINITY);

/// Ranges of equal parts of a sound; the parts grow with it.
struct Shape {
    buckets: Vec<Range>,
    /// Samples of a bucket.
    each: usize,
    /// Samples in the last bucket.
    filled: usize,
}

impl Shape {
    fn new(channels: usize) -> Self {
        Self { buckets: Vec::with_capacity(BUCKETS), each: channels, filled: channels }
    }

    fn push(&mut self, mut samples: &[f32]) {
        while !samples.is_empty() {
            if self.filled == self.each {
                self.begin();
            }
            let (now, rest) = samples.split_at(samples.len().min(self.each - self.filled));
            if let Some(last) = self.buckets.last_mut() {
                *last = both(*last, range(now));
            }
            self.filled += now.len();
            samples = rest;
        }
    }

    /// Begins a bucket; two become one where there are enough.
    fn begin(&mut self) {
        if self.buckets.len() == BUCKETS {
            for at in 0..BUCKETS / 2 {
                self.buckets[at] = both(self.buckets[2 * at], self.buckets[2 * at + 1]);
            }
            self.buckets.truncate(BUCKETS / 2);
            self.each *= 2;
        }
        self.buckets.push(NOTHING);
        self.filled = 0;
    }

    fn columns(&self, columns: usize) -> (Vec<i8>, Vec<i8>) {
        // The last bucket may be filled in part only, which no eye sees.
        let count = self.buckets.len();
        let at = |column: usize| column * count / columns;
        let part = |column: usize| &self.buckets[at(column)..at(column + 1).max(at(column) + 1).min(count)];
        (0..columns).map(|column| joined(part(column))).map(drawn).unzip()
    }
}

fn both(one: Range, other: Range) -> Range {
    (one.0.min(other.0), one.1.max(other.1))
}

fn joined(ranges: &[Range]) -> Range {
    ranges.iter().copied().fold(NOTHING, both)
}

/// Compares lane by lane, which the compiler turns into wide instructions.
fn range(samples: &[f32]) -> Range {
    let (wide, rest) = samples.as_chunks::<LANES>();
    let (mut low, mut high) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
    for lanes in wide {
        for at in 0..LANES {
            low[at] = if lanes[at] < low[at] { lanes[at] } else { low[at] };
            high[at] = if lanes[at] > high[at] { lanes[at] } else { high[at] };
        }
    }
    let all = low.iter().chain(&high).chain(rest).filter(|sample| sample.is_finite());
    all.fold(NOTHING, |range, sample| both(range, (*sample, *sample)))
}

/// The range as it is drawn; of nothing, a line in the middle.
#[expect(clippy::cast_possible_truncation, reason = "within -127 to 127")]
fn drawn((low, high): Range) -> (i8, i8) {
    let small = |sample: f32| (sample.clamp(-1.0, 1.0) * 127.0).round() as i8;
    if low <= high { (small(low), small(high)) } else { (0, 0) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::{Sound, fixtures::fixture, to_flac, to_wav};

    /// A sound that grows from silence to full scale on one side only.
    fn rising(frames: u16) -> Sound {
        let samples = (0..frames).map(|at| f32::from(at) / f32::from(frames)).collect();
        Sound { sample_rate: 8_000, channels: 1, samples, whole: true }
    }

    #[test]
    fn each_column_holds_its_part_of_the_sound() {
        let shape = peaks(&to_wav(&rising(40_000)), 127).unwrap();
        assert!((shape.seconds - 5.0).abs() < 1e-9);
        for (at, (low, high)) in (0..127).zip(shape.low.iter().zip(&shape.high)) {
            assert!((*low - at).abs() <= 1 && (*high - at - 1).abs() <= 1, "{at}: {low} to {high}");
        }
    }

    #[test]
    fn a_long_sound_has_the_same_shape_however_it_is_read() {
        // Two minutes are read in several places at once.
        let quarter = rising(u16::MAX);
        let samples: Vec<f32> = quarter.samples.iter().flat_map(|sample| [*sample; 15]).collect();
        let long = Sound { samples, ..quarter };
        let wav = peaks(&to_wav(&long), 127).unwrap();
        let flac = peaks(&to_flac(&long).unwrap(), 127).unwrap();
        assert!((wav.seconds - 122.878).abs() < 0.001 && (flac.seconds - wav.seconds).abs() < 0.001);
        assert_eq!((wav.low.len(), flac.high.len()), (127, 127));
        for (at, column) in (0..127_i8).zip(0..) {
            for shape in [&wav, &flac] {
                assert!((shape.low[column] - at).abs() <= 2, "{at}: {}", shape.low[column]);
                assert!((shape.high[column] - at - 1).abs() <= 2, "{at}: {}", shape.high[column]);
            }
        }
    }

    #[test]
    fn more_columns_than_samples_are_filled_all_the_same() {
        let shape = peaks(&to_wav(&rising(10)), 100).unwrap();
        assert_eq!((shape.low.len(), shape.high[0], shape.high[99]), (100, 0, 114));
        assert_eq!(peaks(fixture("voice.mp3"), 0).unwrap().low.len(), 1);
        assert_eq!(peaks(fixture("voice.mp3"), 1_000_000).unwrap().low.len(), 4096);
    }

    #[test]
    fn a_voice_is_quiet_between_its_words() {
        let shape = peaks(fixture("voice.mp3"), 200).unwrap();
        let quiet = shape.high.iter().filter(|high| **high < 6).count();
        assert!((10..120).contains(&quiet), "{quiet} of 200 columns");
        assert!(shape.high.iter().max().unwrap() > &60 && shape.low.iter().min().unwrap() < &-60);
    }
}
