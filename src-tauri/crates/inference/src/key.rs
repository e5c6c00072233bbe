//! A secret and the origins that may see it. Nothing here logs, prints or serialises the secret.

use std::fmt;

use limerick_tasks::{Error, ErrorCode, Result};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::{Origin, Url};

/// A key (token) bound to the origins (scheme, host and port) that may receive it.
///
/// The client attaches it to requests for these origins only, and `Debug` prints `•••`.
#[derive(Clone)]
pub struct Key {
    secret: SecretString,
    origins: Vec<Origin>,
}

impl Key {
    /// Binds `secret` to the origin of `url`. Spaces and line ends around it are taken away.
    ///
    /// # Errors
    /// `auth` when the secret is empty or holds characters that no HTTP header can carry.
    pub fn new(secret: &SecretString, url: &Url) -> Result<Self> {
        let trimmed = secret.expose_secret().trim();
        if trimmed.is_empty() {
            return Err(Error::new(ErrorCode::Auth, "The key is empty: paste it again."));
        }
        if !trimmed.chars().all(|c| c.is_ascii_graphic()) {
            let message = "The key holds a character that no key can have (an accent, a space or a line end): copy it again.";
            return Err(Error::new(ErrorCode::Auth, message));
        }
        Ok(Self { secret: trimmed.to_owned().into(), origins: vec![url.origin()] })
    }

    /// Lets the origin of `url` see the key, too: a Hugging Face token goes to the Hub and to the router.
    #[must_use]
    pub fn also(mut self, url: &Url) -> Self {
        self.origins.push(url.origin());
        self
    }

    /// Whether this is a Hugging Face token (`hf_…`), which the router takes.
    pub fn is_hugging_face(&self) -> bool {
        self.secret.expose_secret().starts_with("hf_")
    }

    /// The `Authorization` header for `url`, or `None` when that origin may not see the key.
    pub(crate) fn bearer_for(&self, url: &Url) -> Option<HeaderValue> {
        if !self.origins.contains(&url.origin()) {
            return None;
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.secret.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Takes the key out of a text that a server sent back.
    pub(crate) fn scrub(&self, text: &str) -> String {
        text.replace(self.secret.expose_secret(), "•••")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins: Vec<_> = self.origins.iter().map(Origin::ascii_serialization).collect();
        write!(f, "Key(••• for {})", origins.join(", "))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn key(secret: &str) -> Result<Key> {
        Key::new(&secret.into(), &Url::parse("https://a.test/v1").unwrap())
    }

    #[test]
    fn a_key_goes_to_its_origin_only() {
        let key = key(" hf_secret\n").unwrap();
        assert_eq!(key.bearer_for(&Url::parse("https://a.test/x?y").unwrap()).unwrap(), "Bearer hf_secret");
        for other in ["http://a.test/", "https://a.test:8443/", "https://b.test/", "https://a.test.b.test/"] {
            assert!(key.bearer_for(&Url::parse(other).unwrap()).is_none(), "{other}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", key("hf_secret").unwrap()), "Key(••• for https://a.test)");
    }

    #[test]
    fn keys_that_no_header_can_carry_are_refused() {
        for bad in ["", " \n", "hf_bäd", "hf_a\nb", "hf_a b"] {
            assert_eq!(key(bad).unwrap_err().code, ErrorCode::Auth, "{bad:?}");
        }
    }
}
