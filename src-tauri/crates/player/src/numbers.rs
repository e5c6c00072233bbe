//! Between counts of samples and moments in time.

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is below 0 is none")]
pub(crate) fn whole(number: f64) -> usize {
    number.max(0.0) as usize
}

#[expect(clippy::cast_precision_loss, reason = "a sound of 2^52 samples does not fit in memory")]
pub(crate) fn float(number: usize) -> f64 {
    number as f64
}
