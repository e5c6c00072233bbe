//! Signing in with a device code: what the Hub answers at each step (hf-api 1.8).

use std::fmt;

use limerick_tasks::{Error, ErrorCode, Result};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::{string, unknown};

/// A sign-in that has begun: the person opens a page and enters a code there.
#[derive(Clone)]
pub struct DeviceCode {
    /// Proves that it is us who asked; never shown.
    pub(crate) proof: SecretString,
    /// What the person types.
    pub user_code: String,
    /// Where they type it: a page of the Hub.
    pub page: Url,
    /// The same with the code filled in already.
    pub page_with_code: Url,
    /// Seconds between two questions whether it is done.
    pub interval: f64,
    /// Seconds until the code is void.
    pub expires_in: f64,
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceCode(••• at {})", self.page)
    }
}

/// The tokens of a finished sign-in.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The token for calls (`hf_oauth_…`).
    pub token: SecretString,
    /// Gets the next token; `None` when the Hub gives none.
    pub refresh_token: Option<SecretString>,
    /// Seconds until the token ends; `None` when the Hub does not say.
    pub expires_in: Option<u64>,
}

/// What the Hub says while the person is on their way.
#[derive(Debug)]
pub(crate) enum Poll {
    /// Signed in.
    Done(Granted),
    /// Not yet; ask again after the interval.
    Pending,
    /// Ask less often.
    SlowDown,
    /// It will not happen.
    Over(Error),
}

/// Reads the answer of `/oauth/device`. A page that is not the Hub's own is refused.
pub(crate) fn begun(value: &Value, hub: &Url) -> Result<DeviceCode> {
    let missing = || unknown("how to sign in");
    let page = own_page(value, "/verification_uri", hub).ok_or_else(missing)?;
    let number = |place: &str, usual: f64| {
        let given = value.pointer(place).and_then(Value::as_f64);
        given.filter(|seconds| (0.0..=86_400.0).contains(seconds)).unwrap_or(usual)
    };
    Ok(DeviceCode {
        proof: string(value, "/device_code").ok_or_else(missing)?.into(),
        user_code: string(value, "/user_code").ok_or_else(missing)?.chars().take(40).collect(),
        page_with_code: own_page(value, "/verification_uri_complete", hub).unwrap_or_else(|| page.clone()),
        page,
        interval: number("/interval", 5.0),
        expires_in: number("/expires_in", 900.0),
    })
}

fn own_page(value: &Value, place: &str, hub: &Url) -> Option<Url> {
    let url = Url::parse(value.pointer(place)?.as_str()?).ok()?;
    (url.origin() == hub.origin() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// Reads the answer of `/oauth/token` while waiting; `value` is `None` when no JSON came. What is not understood
/// may pass.
pub(crate) fn polled(status: u16, value: Option<&Value>) -> Poll {
    let Some(value) = value.filter(|_| status < 500) else { return Poll::Pending };
    match value.get("error").and_then(Value::as_str) {
        None => granted(value).map_or(Poll::Pending, Poll::Done),
        Some("authorization_pending") => Poll::Pending,
        Some("slow_down") => Poll::SlowDown,
        Some("expired_token") => Poll::Over(expired()),
        Some("access_denied") => {
            Poll::Over(Error::new(ErrorCode::Auth, "You declined the sign-in: start again when you like."))
        }
        Some(_) => Poll::Over(refused(value)),
    }
}

/// Reads an answer that brings a token.
pub(crate) fn granted(value: &Value) -> Result<Granted> {
    match string(value, "/access_token").filter(|token| !token.is_empty()) {
        Some(token) => Ok(Granted {
            token: token.into(),
            refresh_token: string(value, "/refresh_token").map(SecretString::from),
            expires_in: super::count(value, "/expires_in"),
        }),
        None if value.get("error").is_some() => Err(refused(value)),
        None => Err(unknown("which token this sign-in has")),
    }
}

/// The code was not entered in time.
pub(crate) fn expired() -> Error {
    Error::new(ErrorCode::Auth, "The code was not entered in time: start the sign-in again.")
}

fn refused(value: &Value) -> Error {
    let is = |word: &str| value.get("error").and_then(Value::as_str) == Some(word);
    if is("invalid_grant") {
        return Error::new(ErrorCode::Auth, "Your sign-in has ended: sign in again.");
    }
    if is("invalid_client") || is("unauthorized_client") {
        let message = "Hugging Face does not know this client id: correct it in Settings.";
        return Error::new(ErrorCode::Input, message);
    }
    let words = string(value, "/error_description").or_else(|| string(value, "/error")).unwrap_or_default();
    let words = crate::error::tidy(&words);
    Error::new(ErrorCode::Auth, format!("Hugging Face refused the sign-in: {words}."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    fn hub() -> Url {
        Url::parse("https://huggingface.co").unwrap()
    }

    #[test]
    fn a_code_is_entered_on_the_hubs_own_page_or_nowhere() {
        let mut answer = json!({"device_code": "d", "user_code": "AB-CD", "verification_uri": "https://huggingface.co/device"});
        let code = begun(&answer, &hub()).unwrap();
        assert_eq!((code.user_code.as_str(), code.interval, code.expires_in), ("AB-CD", 5.0, 900.0));
        assert_eq!(code.page_with_code, code.page);
        assert!(!format!("{code:?}").contains("\"d\""));
        answer["verification_uri_complete"] = json!("https://evil.test/device?code=AB-CD");
        assert_eq!(begun(&answer, &hub()).unwrap().page_with_code, code.page);
        for page in ["https://evil.test/device", "http://huggingface.co/device", "javascript:1", ""] {
            answer["verification_uri"] = json!(page);
            assert_eq!(begun(&answer, &hub()).unwrap_err().code, ErrorCode::Format, "{page}");
        }
    }

    #[test]
    fn each_answer_while_waiting_has_its_meaning() {
        let error = |word: &str| polled(400, Some(&json!({ "error": word })));
        assert!(matches!(error("authorization_pending"), Poll::Pending));
        assert!(matches!(error("slow_down"), Poll::SlowDown));
        assert!(matches!(polled(502, None), Poll::Pending));
        assert!(matches!(polled(503, Some(&json!({"error": "expired_token"}))), Poll::Pending));
        for (word, want) in [
            ("expired_token", ErrorCode::Auth),
            ("access_denied", ErrorCode::Auth),
            ("invalid_client", ErrorCode::Input),
            ("anything", ErrorCode::Auth),
        ] {
            let Poll::Over(told) = error(word) else { panic!("{word}") };
            assert_eq!(told.code, want, "{word}");
        }
        let done = json!({"access_token": "hf_oauth_x", "refresh_token": "r", "expires_in": 3600});
        let Poll::Done(granted) = polled(200, Some(&done)) else { panic!() };
        assert_eq!((granted.token.expose_secret(), granted.expires_in), ("hf_oauth_x", Some(3600)));
    }

    #[test]
    fn a_refused_refresh_says_sign_in_again() {
        let told = granted(&json!({"error": "invalid_grant", "error_description": "old"})).unwrap_err();
        assert!(told.message.contains("sign in again"), "{told}");
        assert_eq!(granted(&json!({})).unwrap_err().code, ErrorCode::Format);
    }
}
