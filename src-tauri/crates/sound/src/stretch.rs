//! Plays a clip faster or slower at the same pitch: pieces of it are laid over one another where they fit best
//! (WSOLA; Verhelst and Roelands, 1993).

use std::sync::Arc;

use crate::Clip;

/// Seconds that come out at once, and over which two pieces fade into one another: more than a period of a deep voice.
const STEP: f64 = 0.015;
/// Seconds that a piece may be moved either way to fit.
const REACH: f64 = 0.008;
/// Frames between two that are compared; a fit need not be better than that.
const STRIDE: usize = 4;

/// A clip, read faster or slower.
pub struct Stretch {
    clip: Arc<Clip>,
    channels: usize,
    step: usize,
    reach: usize,
    /// Where the next piece would begin if it were not moved.
    at: f64,
    /// The frame that follows the last piece in the clip.
    follows: usize,
    /// The clip around `at`.
    around: Vec<f32>,
    /// The clip from `follows` on.
    tail: Vec<f32>,
}

impl Stretch {
    /// From the start of the clip.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundred frames")]
    pub fn new(clip: Arc<Clip>) -> Self {
        let frames = |seconds: f64| (f64::from(clip.sample_rate()) * seconds) as usize + 1;
        let (step, reach, channels) = (frames(STEP), frames(REACH), usize::from(clip.channels()));
        Self { clip, channels, step, reach, at: 0.0, follows: 0, around: Vec::new(), tail: Vec::new() }
    }

    /// Begins anew at this frame of the clip.
    #[expect(clippy::cast_precision_loss, reason = "a sound of 2^52 frames does not fit in memory")]
    pub fn seek(&mut self, frame: usize) {
        self.at = frame as f64;
        self.follows = frame;
    }

    /// The frame of the clip that is heard next.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the clip")]
    pub fn frame(&self) -> usize {
        self.at as usize
    }

    /// Appends the next hundredths of a second at this speed, 0.5 to 2; at 1 they pass unchanged. False where
    /// nothing came: at the end of a clip that is whole, and in one that grows, not yet.
    pub fn next(&mut self, speed: f32, into: &mut Vec<f32>) -> bool {
        let (before, whole) = (into.len(), self.clip.is_whole());
        let there = self.clip.len() / self.channels;
        if (speed - 1.0).abs() < 0.001 {
            self.pass(self.step, into);
        } else if self.frame() + self.reach + 2 * self.step <= there {
            self.lay(f64::from(speed.clamp(0.5, 2.0)), into);
        } else if whole {
            // Too little is left to choose from.
            self.pass(there.saturating_sub(self.follows).min(self.step), into);
        }
        into.len() > before
    }

    /// What follows, as it is.
    fn pass(&mut self, frames: usize, into: &mut Vec<f32>) {
        let mut tail = std::mem::take(&mut self.tail);
        self.read(self.follows, frames, &mut tail);
        into.extend_from_slice(&tail);
        self.seek(self.follows + tail.len() / self.channels);
        self.tail = tail;
    }

    /// Fades from what follows into the piece around `at` that is most like it.
    #[expect(clippy::cast_precision_loss, reason = "some hundred frames")]
    fn lay(&mut self, speed: f64, into: &mut Vec<f32>) {
        let (mut around, mut tail) = (std::mem::take(&mut self.around), std::mem::take(&mut self.tail));
        let first = self.frame().saturating_sub(self.reach);
        self.read(first, self.frame() - first + self.reach + self.step, &mut around);
        self.read(self.follows, self.step, &mut tail);
        let best = if first == 0 && self.follows == 0 { 0 } else { self.fit(&around, &tail) };
        let piece = &around[best * self.channels..];
        for (at, (old, new)) in tail.iter().zip(piece).enumerate() {
            let share = (at / self.channels) as f32 / self.step as f32;
            into.push(old + (new - old) * share);
        }
        self.follows = first + best + self.step;
        self.at += self.step as f64 * speed;
        (self.around, self.tail) = (around, tail);
    }

    /// The frame of `around` from where on it is most like `tail`; nearest in shape, however loud.
    fn fit(&self, around: &[f32], tail: &[f32]) -> usize {
        let likeness = |at: usize| {
            let pairs = around[at * self.channels..].iter().zip(tail);
            let (both, own) = pairs
                .step_by(STRIDE + 1)
                .fold((0.0_f32, 1e-9_f32), |(both, own), (new, old)| (both + new * old, own + new * new));
            both / own.sqrt()
        };
        let last = (around.len().saturating_sub(tail.len())) / self.channels;
        let best = |places: &mut dyn Iterator<Item = usize>| {
            places.map(|at| (likeness(at), at)).max_by(|one, other| one.0.total_cmp(&other.0))
        };
        let rough = best(&mut (0..=last).step_by(STRIDE)).map_or(0, |(_, at)| at);
        let near = rough.saturating_sub(STRIDE)..=(rough + STRIDE).min(last);
        best(&mut near.into_iter()).map_or(rough, |(_, at)| at)
    }

    fn read(&self, frame: usize, frames: usize, into: &mut Vec<f32>) {
        into.resize(frames * self.channels, 0.0);
        let count = self.clip.read(frame * self.channels, into);
        into.truncate(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tones::{loudest, tone};

    fn stretched(clip: &Arc<Clip>, speed: f32) -> Vec<f32> {
        let (mut stretch, mut all) = (Stretch::new(clip.clone()), Vec::new());
        while stretch.next(speed, &mut all) {}
        assert_eq!(stretch.frame(), clip.len() / usize::from(clip.channels()), "it comes to the end");
        all
    }

    fn clip(sample_rate: u32, channels: u16, samples: &[f32]) -> Arc<Clip> {
        let clip = Clip::new(sample_rate, channels);
        clip.push(samples);
        clip.finish();
        clip
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn a_tone_keeps_its_pitch_at_any_speed() {
        let tone = tone(440.0, 24_000, 3.0);
        for speed in [0.5, 0.8, 1.25, 1.5, 2.0] {
            let out = stretched(&clip(24_000, 1, &tone), speed);
            let seconds = out.len() as f32 / 24_000.0;
            assert!((seconds - 3.0 / speed).abs() < 0.05, "{seconds} s at {speed}");
            assert!((loudest(&out, 24_000) - 440.0).abs() < 1.0, "{} Hz at {speed}", loudest(&out, 24_000));
            let rough = out.windows(2).map(|two| (two[1] - two[0]).abs()).fold(0.0, f32::max);
            assert!(rough < 0.08, "no click: {rough} at {speed}");
        }
    }

    #[test]
    fn at_its_own_speed_it_passes_unchanged() {
        let noise: Vec<f32> = (0..50_001).map(|_| fastrand::f32() - 0.5).collect();
        assert_eq!(stretched(&clip(48_000, 1, &noise), 1.0), noise);
        let pairs: Vec<f32> = (0..30_000).map(|_| fastrand::f32() - 0.5).collect();
        assert_eq!(stretched(&clip(44_100, 2, &pairs), 1.0), pairs);
    }

    #[test]
    fn channels_stay_apart() {
        let pairs: Vec<f32> =
            tone(300.0, 24_000, 1.0).into_iter().flat_map(|sample| [sample, 0.25]).collect();
        let out = stretched(&clip(24_000, 2, &pairs), 1.5);
        assert!(out.iter().skip(1).step_by(2).all(|sample| (sample - 0.25).abs() < 1e-6));
    }

    #[test]
    fn a_clip_that_grows_is_waited_for() {
        let growing = Clip::new(24_000, 1);
        let (mut stretch, mut out) = (Stretch::new(growing.clone()), Vec::new());
        assert!(!stretch.next(1.5, &mut out));
        growing.push(&tone(440.0, 24_000, 1.0));
        while stretch.next(1.5, &mut out) {}
        let came = out.len();
        assert!(came > 15_000 && stretch.frame() < 24_000);
        growing.finish();
        assert!(stretch.next(1.5, &mut out) && out.len() > came);
    }

    #[test]
    fn it_goes_where_it_is_told() {
        let (mut stretch, mut out) = (Stretch::new(clip(8_000, 1, &vec![0.5; 8_000])), Vec::new());
        stretch.seek(4_000);
        assert!(stretch.next(2.0, &mut out) && stretch.frame() > 4_000);
        stretch.seek(9_000);
        assert!(!stretch.next(2.0, &mut out) && !stretch.next(1.0, &mut out));
    }
}
