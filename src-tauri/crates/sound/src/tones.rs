//! Tones, and what is heard in a sound: for the tests of this crate.
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers")]

use std::f32::consts::TAU;

/// A tone at half of full scale, one channel.
pub(crate) fn tone(hertz: f32, sample_rate: u32, seconds: f32) -> Vec<f32> {
    let rate = sample_rate as f32;
    let count = (0_u32..).take_while(|at| (*at as f32) < seconds * rate);
    count
        .map(|at| 0.5 * (TAU * (f64::from(at) * f64::from(hertz) / f64::from(rate)).fract() as f32).sin())
        .collect()
}

/// How strong a tone is in a sound of one channel: 0.5 for one of `tone` (Goertzel's filter).
pub(crate) fn strength(samples: &[f32], sample_rate: u32, hertz: f32) -> f32 {
    let turn = std::f64::consts::TAU * f64::from(hertz) / f64::from(sample_rate);
    let (real, imaginary) = samples.iter().enumerate().fold((0.0, 0.0), |(real, imaginary), (at, sample)| {
        let (sine, cosine) = (turn * at as f64).sin_cos();
        (real + f64::from(*sample) * cosine, imaginary + f64::from(*sample) * sine)
    });
    (2.0 * f64::hypot(real, imaginary) / samples.len().max(1) as f64) as f32
}

/// The strongest tone between 100 and 1,000 Hz, in hertz.
pub(crate) fn loudest(samples: &[f32], sample_rate: u32) -> f32 {
    let samples = &samples[..samples.len().min(sample_rate as usize)];
    let strongest = |range: &mut dyn Iterator<Item = f32>| {
        range
            .map(|hertz| (strength(samples, sample_rate, hertz), hertz))
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map_or(0.0, |(_, hertz)| hertz)
    };
    let rough = strongest(&mut (100..1000).map(|hertz| hertz as f32));
    strongest(&mut (-10..=10).map(|tenth| rough + tenth as f32 / 10.0))
}
