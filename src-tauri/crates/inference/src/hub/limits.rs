//! How many requests the Hub still lets through (`RateLimit` and `RateLimit-Policy`, hf-api 5.3).

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::wire::Head;

/// What the Hub last said of one bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RateLimit {
    /// `api`, `resolvers` or `pages`.
    pub bucket: String,
    /// Requests that are left in this window.
    #[ts(type = "number")]
    pub remaining: u64,
    /// Requests that a window allows.
    #[ts(type = "number | null")]
    pub quota: Option<u64>,
    /// Length of a window, seconds.
    #[ts(type = "number | null")]
    pub window: Option<u64>,
    /// When the window ends, Unix seconds.
    #[ts(type = "number")]
    pub resets_at: u64,
}

/// Reads the headers of an answer: `"api";r=489;t=191`, and `"fixed window";"api";q=500;w=300`. Several buckets
/// are parted by commas.
pub(crate) fn read(head: &Head, now: SystemTime) -> Vec<RateLimit> {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let policies: Vec<Item<'_>> = items(head.header("ratelimit-policy").unwrap_or_default()).collect();
    items(head.header("ratelimit").unwrap_or_default())
        .filter_map(|item| {
            let policy = policies.iter().find(|policy| policy.bucket == item.bucket);
            Some(RateLimit {
                bucket: item.bucket.chars().take(40).collect(),
                remaining: item.number("r")?,
                quota: policy.and_then(|policy| policy.number("q")),
                window: policy.and_then(|policy| policy.number("w")),
                resets_at: now.saturating_add(item.number("t").unwrap_or_default()),
            })
        })
        .collect()
}

/// One element of a structured header: the bucket and its parameters.
struct Item<'a> {
    bucket: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

impl Item<'_> {
    fn number(&self, name: &str) -> Option<u64> {
        self.parameters.iter().find(|(known, _)| *known == name)?.1.parse().ok()
    }
}

/// The bucket is the last part without a `=`.
fn items(header: &str) -> impl Iterator<Item = Item<'_>> {
    header.split(',').filter_map(|item| {
        let parts = item.split(';').map(str::trim);
        let bucket = parts.clone().rfind(|part| !part.contains('='))?.trim_matches('"');
        let parameters = parts.filter_map(|part| part.split_once('=')).collect();
        (!bucket.is_empty()).then_some(Item { bucket, parameters })
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::time::Duration;

    use super::*;

    fn limits(limit: &'static str, policy: &'static str) -> Vec<RateLimit> {
        let mut head = Head::default();
        head.headers.insert("ratelimit", limit.parse().unwrap());
        head.headers.insert("ratelimit-policy", policy.parse().unwrap());
        read(&head, UNIX_EPOCH + Duration::from_secs(1_000))
    }

    #[test]
    fn the_hubs_form_and_the_standards_form_are_read() {
        let want = RateLimit {
            bucket: "api".into(),
            remaining: 489,
            quota: Some(500),
            window: Some(300),
            resets_at: 1_191,
        };
        assert_eq!(
            limits("\"api\";r=489;t=191", "\"fixed window\";\"api\";q=500;w=300"),
            std::slice::from_ref(&want)
        );
        assert_eq!(limits("\"api\"; r=489; t=191", "\"api\";q=500;w=300"), [want]);
    }

    #[test]
    fn several_buckets_and_broken_headers_do_no_harm() {
        let two = limits("\"api\";r=1;t=2, \"resolvers\";r=3;t=4", "");
        assert_eq!(two.iter().map(|one| one.remaining).collect::<Vec<_>>(), [1, 3]);
        for broken in ["", ";;;", "\"api\"", "\"api\";r=many;t=2", "\"api\";r=-1"] {
            assert!(limits(broken, "\"api\";q=x").is_empty(), "{broken}");
        }
        assert_eq!(limits("\"api\";r=1;t=18446744073709551615", "")[0].resets_at, u64::MAX);
    }
}
