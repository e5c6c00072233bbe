//! The noise that a picture begins as: the same for a seed on every machine and in every language
//! (`engine/painter/sampler.py` makes the same).

use std::f64::consts::TAU;

/// `count` numbers of normal noise for a seed: `SplitMix64`, then Box and Muller in double precision, cosine and sine in
/// turn.
pub fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed;
    let pairs = std::iter::repeat_with(|| {
        let (far, turn) = ((-2.0 * uniform(&mut state).ln()).sqrt(), TAU * uniform(&mut state));
        [far * turn.cos(), far * turn.sin()]
    });
    #[expect(clippy::cast_possible_truncation, reason = "the model reads single precision")]
    pairs.flatten().take(count).map(|number| number as f32).collect()
}

/// A number inside 0 to 1, neither of them.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let bits = (z >> 11) as f64;
    (bits + 0.5) * 2_f64.powi(-53)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_is_that_of_the_training() {
        // Of `sampler.noise(5)` and of the largest seed on a wider canvas, as bits.
        let first = [0x3ca3_ab39, 0xbfb0_692a, 0x3fb1_5ca3, 0x3f7f_7aa7, 0xbfab_3755, 0x3f9f_8de8];
        let made = noise(5, 24 * 64);
        assert_eq!(made.len(), 24 * 64);
        assert_eq!(made.iter().take(6).map(|number| number.to_bits()).collect::<Vec<_>>(), first);
        assert!((made[24 * 64 - 1] + 0.373_646_23).abs() < 1e-7);
        assert!((noise(u64::MAX, 1)[0] - 0.403_898_18).abs() < 1e-7);
    }
}
