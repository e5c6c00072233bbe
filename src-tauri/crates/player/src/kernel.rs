//! From one sample rate to another, by a windowed sinc. It keeps no state: any moment of a sound can be asked for.

use std::{array::from_fn, f64::consts::PI, sync::LazyLock};

/// One moment of a sound: left and right.
pub(crate) type Frame = [f32; 2];

/// Zero crossings on either side of the middle. 16 keep what aliases 80 dB down.
const CROSSINGS: usize = 16;
/// Steps of the table between two zero crossings.
const STEPS: usize = 512;
/// The share of the lower rate's band that is kept; the rest is the filter's slope.
const KEPT: f64 = 0.95;
/// From how many samples of the source one sample is made, at most.
const WIDEST: f64 = 8.0;

/// Half of the filter: it is the same on the other side.
static HALF: LazyLock<Vec<f32>> = LazyLock::new(|| (0..=CROSSINGS * STEPS + 1).map(tap).collect());

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a table of 8,000 numbers below 1"
)]
fn tap(at: usize) -> f32 {
    let x = at as f64 / STEPS as f64;
    if x >= CROSSINGS as f64 {
        return 0.0;
    }
    let sinc = if at == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
    let turn = PI * x / CROSSINGS as f64;
    (sinc * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())) as f32
}

/// A change of rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Change {
    /// Samples of the source between two of ours.
    pub(crate) step: f64,
    /// Where the filter cuts, of the source's band.
    cut: f64,
}

impl Change {
    /// Both in hertz.
    pub(crate) fn new(from: u32, to: u32) -> Self {
        let step = f64::from(from.max(1)) / f64::from(to.max(1));
        Self { step, cut: KEPT / step.clamp(1.0, WIDEST) }
    }

    /// Whether nothing changes.
    pub(crate) fn is_none(&self) -> bool {
        (self.step - 1.0).abs() < f64::EPSILON
    }

    /// Samples of the source that are looked at on either side of a moment.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "between 1 and 136"
    )]
    pub(crate) fn reach(&self) -> usize {
        if self.is_none() { 1 } else { (CROSSINGS as f64 / self.cut).ceil() as usize + 1 }
    }

    /// The moment `at` of a window of the source.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a window is short, and its moments lie inside it"
    )]
    pub(crate) fn at(&self, window: &[Frame], at: f64) -> Frame {
        if self.is_none() {
            return window.get(at.round() as usize).copied().unwrap_or_default();
        }
        let first = (at.floor() as usize + 1).saturating_sub(self.reach());
        let last = (at.floor() as usize + self.reach()).min(window.len());
        let mut sum = Frame::default();
        for (near, frame) in window.iter().enumerate().take(last).skip(first) {
            let weight = weight((at - near as f64).abs() * self.cut);
            sum = from_fn(|side| sum[side] + weight * frame[side]);
        }
        sum.map(|side| side * self.cut as f32)
    }
}

/// The filter at a distance from its middle, in zero crossings.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the length of the table")]
#[expect(clippy::cast_precision_loss, reason = "a small number")]
fn weight(distance: f64) -> f32 {
    let place = distance * STEPS as f64;
    let below = place as usize;
    let Some([low, high]) = HALF.get(below..below + 2).and_then(|pair| <&[f32; 2]>::try_from(pair).ok())
    else {
        return 0.0;
    };
    low + (high - low) * (place - below as f64) as f32
}
