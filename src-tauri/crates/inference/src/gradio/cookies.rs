//! The cookies of one call: a Space behind several machines keeps a call on one of them by a cookie (hf-api 7.4).

use crate::wire::Head;

/// How many are kept, and the longest one.
const MOST: usize = 16;
const LONGEST: usize = 4_096;

/// Names and values, for the Space's own origin only.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cookies(Vec<(String, String)>);

impl Cookies {
    /// Keeps what an answer sets.
    pub(crate) fn take(&mut self, head: &Head) {
        for line in head.headers.get_all("set-cookie") {
            let Some(pair) = line.to_str().ok().and_then(|line| line.split(';').next()) else { continue };
            let Some((name, value)) = pair.trim().split_once('=').filter(|_| pair.len() <= LONGEST) else {
                continue;
            };
            self.0.retain(|(known, _)| known != name);
            if self.0.len() < MOST {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// The `Cookie` header; `None` when nothing was set.
    pub(crate) fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};

    use super::*;

    #[test]
    fn cookies_come_back_and_the_newest_value_counts() {
        let mut cookies = Cookies::default();
        assert_eq!(cookies.header(), None);
        let mut head = Head { status: 200, headers: HeaderMap::new() };
        for line in ["spaces-jwt=a; Path=/; Secure", "b=2", "spaces-jwt=c=d", "nonsense"] {
            head.headers.append(SET_COOKIE, HeaderValue::from_str(line).unwrap());
        }
        cookies.take(&head);
        assert_eq!(cookies.header().unwrap(), "b=2; spaces-jwt=c=d");
    }
}
