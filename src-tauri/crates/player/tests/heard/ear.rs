//! What a recording holds: where sound begins and ends, its pitch and its level.

use std::f64::consts::TAU;

use crate::room::RATE;

/// What is quieter than this is silence.
const SILENCE: f32 = 1e-3;

/// The first moment of sound; the length where there is none.
pub(crate) fn beginning(heard: &[f32]) -> usize {
    heard.iter().position(|sample| sample.abs() > SILENCE).unwrap_or(heard.len())
}

/// The moment after the last of sound; 0 where there is none.
pub(crate) fn end(heard: &[f32]) -> usize {
    heard.iter().rposition(|sample| sample.abs() > SILENCE).map_or(0, |at| at + 1)
}

/// Seconds in which something is heard. A busy machine may break a sound; what it says is not lost by it.
pub(crate) fn sounding(heard: &[f32]) -> f64 {
    let blocks = heard.chunks_exact(RATE / 200).filter(|block| end(block) > 0);
    blocks.count() as f64 / 200.0
}

/// The longest stretch that is not broken by a silent thousandth of a second.
pub(crate) fn unbroken(heard: &[f32]) -> &[f32] {
    const BLOCK: usize = RATE / 1000;
    let blocks: Vec<&[f32]> = heard.chunks_exact(BLOCK).collect();
    let mut at = 0;
    let mut stretches = Vec::new();
    for stretch in blocks.split(|block| end(block) == 0) {
        stretches.push(at..at + stretch.len());
        at += stretch.len() + 1;
    }
    let longest = stretches.into_iter().max_by_key(ExactSizeIterator::len).unwrap();
    &heard[longest.start * BLOCK..longest.end * BLOCK]
}

/// Which second of the ramp a moment says it is.
pub(crate) fn said(heard: &[f32], at: usize) -> f64 {
    (f64::from(heard[at]) - 0.1) * 20.0
}

/// Decibels below a full square wave.
pub(crate) fn level(heard: &[f32]) -> f64 {
    let power: f64 = heard.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    10.0 * (power / heard.len() as f64).log10()
}

/// The loudest pitch between 200 and 1,000 Hz in the first half of a second, to a quarter of a hertz.
pub(crate) fn loudest(heard: &[f32]) -> f64 {
    let heard = &heard[..heard.len().min(RATE / 2)];
    let near = |from: f64, to: f64, step: f64| {
        let count = ((to - from) / step) as usize;
        let pitches = (0..=count).map(|nth| from + nth as f64 * step);
        pitches.max_by(|one, other| power(heard, *one).total_cmp(&power(heard, *other))).unwrap()
    };
    let rough = near(200.0, 1000.0, 2.0);
    near(rough - 3.0, rough + 3.0, 0.25)
}

/// How much of this pitch is in it (Goertzel's way).
fn power(heard: &[f32], hertz: f64) -> f64 {
    let turn = 2.0 * (TAU * hertz / RATE as f64).cos();
    let (mut one, mut two) = (0.0, 0.0);
    for (at, sample) in heard.iter().enumerate() {
        let hill = 0.5 - 0.5 * (TAU * at as f64 / heard.len() as f64).cos();
        (one, two) = (turn * one - two + f64::from(*sample) * hill, one);
    }
    one * one + two * two - turn * one * two
}
