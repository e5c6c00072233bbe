//! Several sounds as one, at the same rate and with the same channels.

use std::f64::consts::PI;

use crate::Sound;
use crate::decode::MOST;

/// Zero crossings of the filter on either side; 16 keep what is lost below 1 dB up to nine tenths of the band.
const CROSSINGS: usize = 16;

/// One after the other, with so many seconds (0 to 10) of silence between two. All get the highest rate and the most
/// channels that one of them has. What would not fit in 400 MB is left out.
pub fn join(sounds: &[Sound], gap_seconds: f64) -> Sound {
    let sample_rate = sounds.iter().map(|sound| sound.sample_rate).max().unwrap_or(24_000);
    let channels = sounds.iter().map(|sound| sound.channels).max().unwrap_or(1);
    let gap = frames(gap_seconds.clamp(0.0, 10.0), sample_rate) * usize::from(channels);
    let mut all = Sound { sample_rate, channels, samples: Vec::new(), whole: true };
    for (at, sound) in sounds.iter().enumerate() {
        let gap = if at == 0 { 0 } else { gap };
        if all.samples.len() + gap + frames(sound.seconds(), sample_rate) * usize::from(channels) > MOST {
            return Sound { whole: false, ..all };
        }
        all.samples.resize(all.samples.len() + gap, 0.0);
        spread(&mut all.samples, &at_rate(sound, sample_rate), sound.channels, channels);
        all.whole &= sound.whole;
    }
    all
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what memory holds")]
fn frames(seconds: f64, sample_rate: u32) -> usize {
    (seconds * f64::from(sample_rate)).round() as usize
}

/// Appends samples with more channels: a single one is heard everywhere, several stay where they are.
fn spread(into: &mut Vec<f32>, samples: &[f32], from: u16, to: u16) {
    if from == to {
        into.extend_from_slice(samples);
        return;
    }
    for frame in samples.chunks_exact(usize::from(from.max(1))) {
        let sample = |channel| if from == 1 { frame[0] } else { frame.get(channel).copied().unwrap_or(0.0) };
        into.extend((0..usize::from(to)).map(sample));
    }
}

/// The samples at a higher rate, by a sinc under a Hann window (Smith, "Digital Audio Resampling").
fn at_rate(sound: &Sound, sample_rate: u32) -> Vec<f32> {
    let (from, to) = (sound.sample_rate.max(1), sample_rate);
    if from == to {
        return sound.samples.clone();
    }
    let common = greatest_divisor(from, to);
    let (stride, phases) = ((from / common) as usize, (to / common) as usize);
    let filters: Vec<_> = (0..phases).map(|phase| filter(phase, phases)).collect();
    let channels = usize::from(sound.channels.max(1));
    let count = sound.samples.len() / channels;
    let mut samples = Vec::with_capacity((count * phases).div_ceil(stride) * channels);
    for at in (0..(count * phases).div_ceil(stride)).map(|frame| frame * stride) {
        let (filter, first) = (&filters[at % phases], at / phases);
        // The filter reaches over both ends, where there is silence.
        let skip = CROSSINGS.saturating_sub(first + 1);
        let from = (first + 1 + skip - CROSSINGS) * channels;
        for channel in 0..channels {
            let near = sound.samples[from + channel..].iter().step_by(channels);
            samples.push(filter[skip..].iter().zip(near).map(|(weight, sample)| weight * sample).sum());
        }
    }
    samples
}

/// The weights of the samples around a place that lies `phase` of `phases` behind one of them.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers")]
fn filter(phase: usize, phases: usize) -> Vec<f32> {
    let place = CROSSINGS as f64 - 1.0 + phase as f64 / phases as f64;
    let weight = |at: usize| {
        let off = at as f64 - place;
        let sinc = if off.abs() < 1e-9 { 1.0 } else { (PI * off).sin() / (PI * off) };
        sinc * (0.5 + 0.5 * (PI * off / CROSSINGS as f64).cos())
    };
    let weights: Vec<f64> = (0..2 * CROSSINGS).map(weight).collect();
    // Silence stays silence, and what is steady stays as loud.
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| (weight / sum) as f32).collect()
}

fn greatest_divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one.max(1) } else { greatest_divisor(other, one % other) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tones::{strength, tone};

    fn sound(sample_rate: u32, channels: u16, samples: Vec<f32>) -> Sound {
        Sound { sample_rate, channels, samples, whole: true }
    }

    #[test]
    fn a_gap_lies_between_two_and_not_around_them() {
        let one = sound(8_000, 1, vec![0.5; 800]);
        let all = join(&[one.clone(), one.clone(), one.clone()], 0.25);
        assert_eq!(all.samples.len(), 3 * 800 + 2 * 2_000);
        assert_eq!((&all.samples[..800], &all.samples[800..2_800]), (&[0.5; 800][..], &[0.0; 2_000][..]));
        assert_eq!(join(std::slice::from_ref(&one), 9.0), one);
        assert!(join(&[], 1.0).samples.is_empty());
    }

    #[test]
    fn a_tone_of_another_rate_keeps_its_pitch_and_its_loudness() {
        for (from, hertz) in [(24_000, 1_000.0), (22_050, 440.0), (8_000, 3_000.0), (44_100, 15_000.0)] {
            let silence = sound(48_000, 1, Vec::new());
            let all = join(&[silence, sound(from, 1, tone(hertz, from, 1.0))], 0.0);
            assert_eq!((all.sample_rate, all.samples.len()), (48_000, 48_000), "{from} Hz");
            let middle = &all.samples[4_800..43_200];
            assert!(
                (strength(middle, 48_000, hertz) - 0.5).abs() < 0.005,
                "{from} Hz: {}",
                strength(middle, 48_000, hertz)
            );
            // Nothing above what the file had: its mirror image is gone.
            let mirror = f32::from(u16::try_from(from).unwrap_or(0)) - hertz;
            assert!(
                mirror > 24_000.0 || strength(middle, 48_000, mirror) < 0.002,
                "{from} Hz is not mirrored"
            );
        }
    }

    #[test]
    fn one_channel_is_heard_in_all_and_several_stay_apart() {
        let (one, two) = (sound(8_000, 1, vec![0.5; 2]), sound(8_000, 2, vec![0.1, 0.2]));
        let six = sound(8_000, 6, vec![0.0; 6]);
        assert_eq!(join(&[one.clone(), two.clone()], 0.0).samples, [0.5, 0.5, 0.5, 0.5, 0.1, 0.2]);
        assert_eq!(join(&[two, six], 0.0).samples[..6], [0.1, 0.2, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(join(&[one, sound(8_000, 6, vec![0.0; 6])], 0.0).samples[..6], [0.5; 6]);
    }

    #[test]
    fn one_that_is_cut_short_makes_the_whole_cut_short() {
        let cut = Sound { whole: false, ..sound(8_000, 1, vec![0.5]) };
        assert!(!join(&[sound(8_000, 1, vec![0.5]), cut], 0.0).whole);
    }

    #[test]
    fn a_rate_beyond_reason_costs_no_more_memory() {
        let long = sound(1_000, 1, vec![0.0; 1_000_000]);
        let joined = join(&[sound(384_000, 8, vec![0.0; 8]), long], 0.0);
        assert_eq!((joined.samples.len(), joined.whole), (8, false));
    }
}
