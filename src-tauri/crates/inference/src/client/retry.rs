//! Whether and when to try again (hf-api 5.5).

use std::time::Duration;

use super::Retries;
use crate::error::Again;

impl Retries {
    /// How long to wait before the next try; `None` gives up. `tries` counts those that failed.
    pub(super) fn wait(&self, again: Option<Again>, tries: u32) -> Option<Duration> {
        let again = again.filter(|_| tries <= self.max)?;
        let backoff = self.base.saturating_mul(1 << tries.saturating_sub(1).min(10));
        match again {
            Again::Soon => Some(backoff.mul_f64(0.8 + 0.4 * fastrand::f64())),
            Again::After(seconds) => {
                let wait = Duration::try_from_secs_f64(seconds).ok()?;
                (wait <= self.longest).then_some(wait)
            }
            // The estimate is a hint: between two and ten times the first wait.
            Again::Loading(estimate) => {
                let guess = estimate.and_then(|s| Duration::try_from_secs_f64(s).ok()).unwrap_or(backoff);
                Some(guess.clamp(self.base * 2, self.base * 10))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const POLICY: Retries =
        Retries { max: 3, base: Duration::from_secs(1), longest: Duration::from_secs(60) };

    #[test]
    fn waits_double_and_end_after_three_tries() {
        for (tries, want) in [(1, 1.0), (2, 2.0), (3, 4.0)] {
            let wait = POLICY.wait(Some(Again::Soon), tries).unwrap().as_secs_f64();
            assert!((want * 0.8..=want * 1.2).contains(&wait), "{tries}: {wait}");
        }
        assert_eq!(POLICY.wait(Some(Again::Soon), 4), None);
        assert_eq!(POLICY.wait(None, 1), None);
    }

    #[test]
    fn a_wait_over_a_minute_is_not_waited() {
        assert_eq!(POLICY.wait(Some(Again::After(60.0)), 1), Some(Duration::from_secs(60)));
        for long in [60.5, 1e12, f64::INFINITY, f64::NAN] {
            assert_eq!(POLICY.wait(Some(Again::After(long)), 1), None);
        }
    }

    #[test]
    fn an_estimate_is_a_hint_only() {
        for (estimate, want) in [(Some(0.1), 2), (Some(5.0), 5), (Some(900.0), 10), (None, 2)] {
            assert_eq!(POLICY.wait(Some(Again::Loading(estimate)), 1), Some(Duration::from_secs(want)));
        }
    }
}
