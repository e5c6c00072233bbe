//! A sound in memory that may still be growing: one writes it (a decoder, a voice), any number read it.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// Samples between two allocations.
const PIECE: usize = 1 << 16;

/// A sound that may still be growing. Samples of its channels take turns, each nominally within -1 to 1.
#[derive(Debug)]
pub struct Clip {
    sample_rate: u32,
    channels: u16,
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Each but the last holds `PIECE` samples, so that growing never moves what is there.
    pieces: Vec<Vec<f32>>,
    samples: usize,
    whole: bool,
}

impl Clip {
    /// A sound without samples yet. `sample_rate` in hertz.
    pub fn new(sample_rate: u32, channels: u16) -> Arc<Self> {
        Arc::new(Self { sample_rate, channels: channels.max(1), inner: RwLock::default() })
    }

    /// Hertz.
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// From 1.
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// Adds samples. What is no number (a model's accident) is silence.
    pub fn push(&self, samples: &[f32]) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        for sample in samples {
            if inner.samples.is_multiple_of(PIECE) {
                inner.pieces.push(Vec::with_capacity(PIECE));
            }
            if let Some(last) = inner.pieces.last_mut() {
                last.push(if sample.is_finite() { *sample } else { 0.0 });
            }
            inner.samples += 1;
        }
    }

    /// Says that no more will come.
    pub fn finish(&self) {
        self.inner.write().unwrap_or_else(PoisonError::into_inner).whole = true;
    }

    /// Whether all of it is there.
    pub fn is_whole(&self) -> bool {
        self.read_inner().whole
    }

    /// Samples so far, of all channels together.
    pub fn len(&self) -> usize {
        self.read_inner().samples
    }

    /// Whether nothing came yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Seconds so far.
    #[expect(clippy::cast_precision_loss, reason = "a sound of 2^52 samples does not fit in memory")]
    pub fn seconds(&self) -> f64 {
        self.len() as f64 / f64::from(self.channels) / f64::from(self.sample_rate.max(1))
    }

    /// Copies samples from `at` on; how many there were. Never waits for more to come.
    pub fn read(&self, at: usize, into: &mut [f32]) -> usize {
        let inner = self.read_inner();
        let mut copied = 0;
        while copied < into.len() && at + copied < inner.samples {
            let from = at + copied;
            let rest = &inner.pieces[from / PIECE][from % PIECE..];
            let count = rest.len().min(into.len() - copied);
            into[copied..copied + count].copy_from_slice(&rest[..count]);
            copied += count;
        }
        copied
    }

    fn read_inner(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn what_was_written_is_read_across_pieces() {
        let clip = Clip::new(24_000, 1);
        let all: Vec<f32> = (0..PIECE * 2 + 7).map(|at| (at % 1000) as f32 / 1000.0).collect();
        for part in all.chunks(10_001) {
            clip.push(part);
        }
        let mut back = vec![0.0; all.len() + 5];
        assert_eq!(clip.read(0, &mut back), all.len());
        assert_eq!(back[..all.len()], all[..]);
        assert_eq!(clip.read(PIECE - 1, &mut back[..3]), 3);
        assert_eq!(back[..3], all[PIECE - 1..PIECE + 2]);
        assert_eq!(clip.read(all.len() + 1, &mut back), 0);
    }

    #[test]
    fn it_grows_until_it_is_whole() {
        let clip = Clip::new(8_000, 2);
        assert!(clip.is_empty() && !clip.is_whole());
        clip.push(&vec![0.5; 16_000]);
        assert!((clip.seconds() - 1.0).abs() < 1e-9 && !clip.is_whole());
        clip.finish();
        assert!(clip.is_whole());
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "nothing is computed")]
    fn what_is_no_number_is_silence() {
        let clip = Clip::new(8_000, 1);
        clip.push(&[f32::NAN, f32::INFINITY, 0.25]);
        let mut back = [1.0; 3];
        clip.read(0, &mut back);
        assert_eq!(back, [0.0, 0.0, 0.25]);
    }
}
