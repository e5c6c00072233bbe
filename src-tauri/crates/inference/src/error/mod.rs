//! Every failure of the wire to one code and one sentence (hf-api 5). Pure; the clock is handed in.

mod body;

use std::time::{Duration, SystemTime};

use limerick_tasks::{Error, ErrorCode};
use serde_json::Value;

use crate::wire::{Head, Response, decode};
use body::Words;

/// A failed try, and whether another one makes sense.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What to tell the person when no further try is made.
    pub(crate) error: Error,
    /// Why another try may succeed; `None` when it will not.
    pub(crate) retry: Option<Again>,
}

/// How to try again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Again {
    /// After the usual back-off.
    Soon,
    /// After this many seconds, as the server asks.
    After(f64),
    /// When the model is loaded; with the server's guess in seconds.
    Loading(Option<f64>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, retry: None }
    }
}

/// Reads an answer whose status is not a success.
pub(crate) fn from_response(response: &Response, now: SystemTime) -> Failure {
    let head = &response.head;
    let text = decode(head, &response.body);
    let mut words = body::read(&text);
    if words.text.is_empty() {
        words.text = body::tidy(head.header("x-error-message").unwrap_or_default());
    }
    let mark = head.header("x-error-code").unwrap_or_default();
    words.marks = format!("{mark} {}", words.marks);
    let mut error = from_words(head.status, &words);
    error.status = Some(head.status);
    error.request_id = request_id(head);
    error.retry_after = retry_after(head, now);
    error.detail = detail(&text);
    let retry = again(&error, &words, head.status);
    Failure { error, retry }
}

/// The body for "copy details"; a web page tells nobody anything.
fn detail(text: &str) -> Option<String> {
    let text = text.trim();
    let worth = !text.is_empty() && !text.starts_with('<');
    worth.then(|| text.chars().take(2_000).collect())
}

/// Reads JSON that came with a good status; `None` when it is no error.
pub(crate) fn from_value(value: &Value) -> Option<Error> {
    if !body::is_error(value) {
        return None;
    }
    let words = body::from_value(value);
    let status = words.status.unwrap_or_else(|| status_of_marks(&words.marks));
    Some(from_words(status, &words).with_detail(value))
}

/// Reads the text of an event that calls itself an error.
pub(crate) fn from_text(text: &str) -> Error {
    let words = body::read(text);
    from_words(words.status.unwrap_or_else(|| status_of_marks(&words.marks)), &words).with_detail(text)
}

/// One line of at most 400 characters without a full stop at its end.
pub(crate) fn tidy(text: &str) -> String {
    body::tidy(text)
}

/// The request's id for the provider's support, as `huggingface_hub` looks for it.
pub(crate) fn request_id(head: &Head) -> Option<String> {
    let names = ["x-request-id", "x-amzn-trace-id", "x-amz-cf-id"];
    names.iter().find_map(|name| head.header(name)).map(str::to_owned)
}

/// TGI's `error_type`s and their like, as statuses (hf-api 4.2).
fn status_of_marks(marks: &str) -> u16 {
    let has = |mark: &str| marks.split(' ').any(|one| one == mark);
    if has("overloaded") || has("rate_limit_error") {
        429
    } else if has("validation") || has("template_error") || has("invalid_request_error") {
        422
    } else if has("authentication_error") {
        401
    } else {
        500
    }
}

fn from_words(status: u16, words: &Words) -> Error {
    let code = code(status, words);
    let mut error = Error::new(code, sentence(code, status, &words.text));
    error.field.clone_from(&words.field);
    error
}

fn code(status: u16, words: &Words) -> ErrorCode {
    let text = format!("{} {}", words.text, words.marks).to_lowercase();
    let says = |any: &[&str]| any.iter().any(|part| text.contains(part));
    match status {
        401 | 403 | 404 if says(&["reponotfound"]) => ErrorCode::Model,
        400 | 403 | 422
            if says(&["content_filter", "content_policy", "content moderat", "safety system"]) =>
        {
            ErrorCode::Refused
        }
        400 | 422 if says(&MODEL_WORDS) => ErrorCode::Model,
        // A token that may read no gated model at all is the token's matter.
        403 if says(&GATED_WORDS) && !says(&["token settings"]) => ErrorCode::Gated,
        401 | 403 => ErrorCode::Auth,
        402 => ErrorCode::Credits,
        404 | 405 | 410 => ErrorCode::Model,
        408 => ErrorCode::Timeout,
        429 if says(&["insufficient_quota", "monthly included credits"]) => ErrorCode::Credits,
        429 => ErrorCode::Limit,
        451 => ErrorCode::Refused,
        503 if words.estimated_time.is_some() || says(&["loading"]) => ErrorCode::Loading,
        409 | 424 | 425 | 500..=599 => ErrorCode::Provider,
        400..=499 => ErrorCode::Input,
        _ => ErrorCode::Format,
    }
}

/// Words, the Hub's mark among them, that make a 403 a matter of the model's terms rather than of the key.
const GATED_WORDS: [&str; 5] =
    ["gatedrepo", "gated repo", "access to model", "not in the authorized list", "model is gated"];

/// Words that make a 400 or 422 a matter of the model rather than of the input.
const MODEL_WORDS: [&str; 8] = [
    "model_not_supported",
    "model_not_found",
    "not supported by",
    "model not found",
    "model not supported",
    "unknown model",
    "is not a valid model",
    "is not a chat model",
];

fn sentence(code: ErrorCode, status: u16, words: &str) -> String {
    let lead = lead(code, status);
    if words.is_empty() { format!("{lead}.") } else { format!("{lead}: {words}.") }
}

fn lead(code: ErrorCode, status: u16) -> &'static str {
    match (code, status) {
        (ErrorCode::Auth, 403) => "The key lacks a right that this needs",
        (ErrorCode::Auth, _) => "The key was not accepted",
        (ErrorCode::Gated, _) => "The model wants its terms accepted",
        (ErrorCode::Credits, _) => "The account has no credits left",
        (ErrorCode::Model, 410) => "This model is no longer offered here",
        (ErrorCode::Model, 404 | 405) => "The server does not know this model or address",
        (ErrorCode::Model, _) => "This model is not available here",
        (ErrorCode::Input, 413) => "The request is too large for this provider",
        (ErrorCode::Input, _) => "The provider refused the input",
        (ErrorCode::Limit, _) => "Too many requests for now",
        (ErrorCode::Loading, _) => "The model is still being loaded",
        (ErrorCode::Timeout, _) => "The server gave up waiting",
        (ErrorCode::Refused, _) => "The provider declined this content",
        (ErrorCode::Provider, 502 | 504) => "The provider's gateway got no answer from the model",
        (ErrorCode::Provider, 503) => "The provider is not available right now",
        (ErrorCode::Provider, _) => "The provider failed",
        _ => "The server's answer is not in a form that Limerick knows",
    }
}

/// hf-api 5.5: 429, 502, 503 and 504 only.
fn again(error: &Error, words: &Words, status: u16) -> Option<Again> {
    match (error.code, status) {
        (ErrorCode::Credits, _) => None,
        (ErrorCode::Loading, _) => Some(Again::Loading(words.estimated_time)),
        (_, 429 | 502 | 503 | 504) => Some(error.retry_after.map_or(Again::Soon, Again::After)),
        _ => None,
    }
}

/// Seconds to wait: `Retry-After` (seconds or an HTTP date), else `t` of the Hub's `RateLimit` header.
fn retry_after(head: &Head, now: SystemTime) -> Option<f64> {
    let from_header = head.header("retry-after").and_then(|value| seconds(value.trim(), now));
    let from_limit = || {
        let limit = head.header("ratelimit").filter(|_| head.status == 429)?;
        limit.split(';').find_map(|part| part.trim().strip_prefix("t=")?.parse::<f64>().ok())
    };
    from_header.or_else(from_limit).filter(|wait| wait.is_finite() && *wait >= 0.0)
}

fn seconds(value: &str, now: SystemTime) -> Option<f64> {
    value.parse().ok().or_else(|| {
        let date = httpdate::parse_http_date(value).ok()?;
        Some(date.duration_since(now).unwrap_or(Duration::ZERO).as_secs_f64())
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn failure(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
        let pair = |(name, value): &(&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        let headers: HeaderMap = headers.iter().map(pair).collect();
        let response = Response { head: Head { status, headers }, body: body.to_owned().into() };
        from_response(&response, SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn every_status_has_its_code_and_only_the_passing_ones_are_tried_again() {
        for (status, body, want, again) in [
            (400, r#"{"error":{"message":"bad","param":"top_p"}}"#, ErrorCode::Input, None),
            (400, r#"{"error":{"message":"x","code":"model_not_supported"}}"#, ErrorCode::Model, None),
            (400, r#"{"error":"Model not supported by provider together"}"#, ErrorCode::Model, None),
            (400, r#"{"error":{"message":"x","code":"content_filter"}}"#, ErrorCode::Refused, None),
            (401, "{}", ErrorCode::Auth, None),
            (402, "{}", ErrorCode::Credits, None),
            (403, "{}", ErrorCode::Auth, None),
            (404, "", ErrorCode::Model, None),
            (408, "", ErrorCode::Timeout, None),
            (410, "", ErrorCode::Model, None),
            (413, "", ErrorCode::Input, None),
            (415, "", ErrorCode::Input, None),
            (422, "", ErrorCode::Input, None),
            (424, "", ErrorCode::Provider, None),
            (429, "", ErrorCode::Limit, Some(Again::Soon)),
            (500, "", ErrorCode::Provider, None),
            (502, "<html>", ErrorCode::Provider, Some(Again::Soon)),
            (503, "<html>", ErrorCode::Provider, Some(Again::Soon)),
            (
                503,
                r#"{"error":"is currently loading","estimated_time":2.5}"#,
                ErrorCode::Loading,
                Some(Again::Loading(Some(2.5))),
            ),
            (
                503,
                r#"{"error":{"code":503,"message":"Loading model"}}"#,
                ErrorCode::Loading,
                Some(Again::Loading(None)),
            ),
            (504, "", ErrorCode::Provider, Some(Again::Soon)),
        ] {
            let failure = failure(status, &[], body);
            assert_eq!((failure.error.code, failure.retry), (want, again), "{status} {body}");
            assert_eq!(failure.error.status, Some(status));
            assert!(failure.error.message.ends_with('.'), "{}", failure.error.message);
        }
    }

    #[test]
    fn the_wait_is_read_from_seconds_dates_and_the_hubs_header() {
        for (name, value, want) in [
            ("retry-after", "2", 2.0),
            ("retry-after", "0.5", 0.5),
            ("retry-after", "Thu, 01 Jan 1970 00:01:30 GMT", 90.0),
            ("ratelimit", "\"api\";r=0;t=55", 55.0),
        ] {
            assert_eq!(failure(429, &[(name, value)], "").retry, Some(Again::After(want)), "{value}");
        }
        assert_eq!(failure(429, &[("retry-after", "soon")], "").retry, Some(Again::Soon));
    }

    #[test]
    fn request_ids_and_the_hubs_words_are_kept() {
        let headers = [("x-amzn-trace-id", "b"), ("x-error-message", "Access to x is restricted.")];
        let error = failure(403, &headers, "").error;
        assert_eq!(error.request_id.as_deref(), Some("b"));
        assert_eq!(error.message, "The key lacks a right that this needs: Access to x is restricted.");
    }

    #[test]
    fn a_gated_model_is_told_from_a_missing_one_and_from_a_key_without_the_right() {
        let list =
            "Access to model a/b is restricted and you are not in the authorized list. Visit its page.";
        let read = "Please enable access to public gated repositories in your fine-grained token settings.";
        for (status, mark, words, want) in [
            (403, "GatedRepo", "restricted", ErrorCode::Gated),
            (403, "", list, ErrorCode::Gated),
            (403, "", "Cannot access gated repo for url x", ErrorCode::Gated),
            (403, "GatedRepo", read, ErrorCode::Auth),
            (403, "", "does not have sufficient permissions to call delegated services", ErrorCode::Auth),
            (401, "GatedRepo", "Access to model a/b is restricted. Please log in", ErrorCode::Auth),
        ] {
            let body = serde_json::json!({ "error": words }).to_string();
            let error = failure(status, &[("x-error-code", mark)], &body).error;
            assert_eq!(error.code, want, "{status} {mark} {words}");
        }
        let gated = failure(403, &[], list).error.message;
        assert!(gated.starts_with("The model wants its terms accepted: Access to model a/b"), "{gated}");
        assert_eq!(failure(401, &[("x-error-code", "RepoNotFound")], "").error.code, ErrorCode::Model);
    }

    #[test]
    fn a_web_page_becomes_a_short_sentence() {
        let page = format!("<html><head><title>502 Bad Gateway</title></head>{}</html>", "x".repeat(5_000));
        let message = failure(502, &[], &page).error.message;
        assert_eq!(message, "The provider's gateway got no answer from the model: 502 Bad Gateway.");
    }

    #[test]
    fn errors_inside_a_good_answer_have_their_code() {
        for (body, want) in [
            (
                r#"{"error":{"message":"Model overloaded","type":"overloaded","code":503}}"#,
                ErrorCode::Provider,
            ),
            (r#"{"error":"Model is overloaded","error_type":"overloaded"}"#, ErrorCode::Limit),
            (r#"{"error":"CUDA out of memory","error_type":"generation"}"#, ErrorCode::Provider),
            (r#"{"error":{"message":"too long","http_status_code":422}}"#, ErrorCode::Input),
        ] {
            assert_eq!(from_value(&serde_json::from_str(body).unwrap()).unwrap().code, want, "{body}");
        }
        assert!(from_value(&serde_json::json!({"choices": [], "error": null})).is_none());
    }
}
