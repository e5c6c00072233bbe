//! A secret and the origins that may see it. Nothing here logs, prints or serialises the secret.

use std::fmt;

use limerick_tasks::{Error, ErrorCode, Result};
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::{Origin, Url};

/// How a key is written in a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Bearer …`, as nearly all want it.
    #[default]
    Bearer,
    /// `Authorization: Key …`: fal.
    Key,
    /// `X-Key: …`: Black Forest Labs.
    XKey,
}

/// A key (token) bound to the origins (scheme, host and port) that may receive it.
///
/// The client attaches it to requests for these origins only, and `Debug` prints `•••`.
#[derive(Clone)]
pub struct Key {
    secret: SecretString,
    origins: Vec<Origin>,
    scheme: Scheme,
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
        Ok(Self { secret: trimmed.to_owned().into(), origins: vec![url.origin()], scheme: Scheme::Bearer })
    }

    /// Lets the origin of `url` see the key, too: a Hugging Face token goes to the Hub and to the router.
    #[must_use]
    pub fn also(mut self, url: &Url) -> Self {
        self.origins.push(url.origin());
        self
    }

    /// Writes it in another way than `Authorization: Bearer`.
    #[must_use]
    pub fn written(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Whether this is a Hugging Face token (`hf_…`), which the router takes.
    pub fn is_hugging_face(&self) -> bool {
        self.secret.expose_secret().starts_with("hf_")
    }

    /// The header that bears it, up to the secret.
    pub(crate) fn head(&self) -> &'static str {
        match self.scheme {
            Scheme::Bearer => "Authorization: Bearer ",
            Scheme::Key => "Authorization: Key ",
            Scheme::XKey => "X-Key: ",
        }
    }

    /// The header that bears it to `url`, or `None` when that origin may not see the key.
    pub(crate) fn header_for(&self, url: &Url) -> Option<(HeaderName, HeaderValue)> {
        if !self.origins.contains(&url.origin()) {
            return None;
        }
        let (name, word) = match self.scheme {
            Scheme::Bearer => (AUTHORIZATION, "Bearer "),
            Scheme::Key => (AUTHORIZATION, "Key "),
            Scheme::XKey => (HeaderName::from_static("x-key"), ""),
        };
        let mut value = HeaderValue::from_str(&format!("{word}{}", self.secret.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some((name, value))
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
        let home = Url::parse("https://a.test/x?y").unwrap();
        for (scheme, want) in [
            (Scheme::Bearer, (AUTHORIZATION, "Bearer hf_secret")),
            (Scheme::Key, (AUTHORIZATION, "Key hf_secret")),
            (Scheme::XKey, (HeaderName::from_static("x-key"), "hf_secret")),
        ] {
            let (name, value) = key.clone().written(scheme).header_for(&home).unwrap();
            assert_eq!((name, value.to_str().unwrap()), want);
        }
        for other in ["http://a.test/", "https://a.test:8443/", "https://b.test/", "https://a.test.b.test/"] {
            assert!(key.header_for(&Url::parse(other).unwrap()).is_none(), "{other}");
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
