//! What a voice is silent: cut off around its words, put back as a pause.

/// Loudness below which a voice counts as silent, as a part of the loudest sample.
const QUIET: f32 = 0.01;
/// What stays of the silence around the words, in seconds, so that no sound is cut off.
const MARGIN: f64 = 0.04;

/// Cuts silence off both ends and adds a pause; says how many samples are not the pause.
pub(crate) fn shape(samples: &mut Vec<f32>, sample_rate: u32, pause: f64) -> usize {
    let loudest = samples.iter().fold(0.0_f32, |loudest, sample| loudest.max(sample.abs()));
    let quiet = |sample: &f32| sample.abs() <= loudest * QUIET;
    let margin = count(MARGIN, sample_rate);
    let first = samples.iter().position(|sample| !quiet(sample)).unwrap_or(samples.len());
    let last = samples.iter().rposition(|sample| !quiet(sample)).map_or(0, |last| last + 1);
    samples.truncate(last.saturating_add(margin).min(samples.len()));
    samples.drain(..first.saturating_sub(margin).min(samples.len()));
    let words = samples.len();
    samples.resize(words + count(pause, sample_rate), 0.0);
    words
}

/// Samples in this many seconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pauses are short and positive")]
fn count(seconds: f64, sample_rate: u32) -> usize {
    (seconds * f64::from(sample_rate)).round() as usize
}

/// Whether all of it can be heard: no sample is infinite or not a number.
pub(crate) fn is_sound(samples: &[f32]) -> bool {
    samples.iter().all(|sample| sample.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_cut_and_a_pause_follows() {
        let mut samples = vec![0.0; 1000];
        samples.extend([0.5; 500]);
        samples.extend([0.001; 1000]);
        assert_eq!(shape(&mut samples, 1000, 0.25), 580);
        assert_eq!(samples.len(), 830);
        assert!(
            samples[40..540].iter().all(|sample| *sample > 0.4) && samples[580..].iter().all(|s| *s == 0.0)
        );
    }

    #[test]
    fn nothing_but_silence_becomes_the_pause_alone() {
        let mut samples = vec![0.0; 1000];
        assert_eq!(shape(&mut samples, 1000, 0.1), 0);
        assert_eq!(samples, vec![0.0; 100]);
        let mut none = Vec::new();
        assert_eq!((shape(&mut none, 24_000, 0.0), none.len()), (0, 0));
    }
}
