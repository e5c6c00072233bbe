//! What went wrong in a Space, in plain words: errors of its author, crashes, and `ZeroGPU`'s quotas (hf-api 7.6).

use limerick_tasks::{Error, ErrorCode};
use serde_json::Value;

use super::Space;
use crate::error;
use crate::wire::Response;

/// More of a text than this is not read, in characters.
const LONGEST: usize = 4_000;

/// What must be known to tell a failure well.
#[derive(Debug, Clone, Default)]
pub(crate) struct Teller {
    /// What a person calls the Space.
    pub(crate) name: String,
    /// Runs on `ZeroGPU`.
    pub(crate) zero_gpu: bool,
    /// A token went along.
    pub(crate) signed_in: bool,
}

impl Teller {
    /// Reads what a Space says of a failure: nothing, a text, or `{error, title}`.
    pub(crate) fn error(&self, said: &Value, title: Option<&str>) -> Error {
        let text = said.as_str().or_else(|| said.get("error")?.as_str()).unwrap_or_default();
        let title = said.get("title").and_then(Value::as_str).or(title).unwrap_or_default();
        let (text, title) = (plain(text), plain(title));
        let error = match self.of_zero_gpu(&text, &title) {
            Some(error) => error,
            None if text.is_empty() => self.silent(),
            None => self.spoken(&text, &title),
        };
        if said.is_null() { error } else { error.with_detail(said) }
    }

    fn spoken(&self, text: &str, title: &str) -> Error {
        let lower = text.to_lowercase();
        let code = if lower.contains("429") || lower.contains("too many requests") {
            ErrorCode::Limit
        } else {
            ErrorCode::Provider
        };
        let title = if title.is_empty() || title == "Error" { String::new() } else { format!("{title}: ") };
        Error::new(code, format!("{} says: {title}{text}.", self.name))
    }

    /// Most Spaces hide why; a used-up quota then looks like a crash (hf-api 7.3).
    fn silent(&self) -> Error {
        let name = &self.name;
        let message = match (self.zero_gpu, self.signed_in) {
            (false, _) => format!("{name} failed and does not say why: check the input, then try again."),
            (true, false) => format!(
                "{name} failed and does not say why: it crashed, or today's free GPU minutes are used up. Add a Hugging Face token for more."
            ),
            (true, true) => format!(
                "{name} failed and does not say why: it crashed, or your GPU minutes of today are used up. Try again later."
            ),
        };
        Error::new(ErrorCode::Provider, message)
    }

    /// The sentences of the `spaces` package (0.51), and those of its older versions.
    fn of_zero_gpu(&self, text: &str, title: &str) -> Option<Error> {
        let says = |part: &str| text.contains(part);
        let wait = wait(text);
        let left = left(text);
        if says("Add credits to keep using") {
            let message = format!(
                "The day's GPU minutes are used up{left}: add credits on Hugging Face, or try again {}.",
                again(wait)
            );
            return Some(limited(ErrorCode::Credits, message, wait));
        }
        let exceeded = says("exceeded your") && (says("quota") || says("runs limit"));
        if exceeded || says("reached its GPU limit") {
            let more = if self.signed_in {
                "a PRO account has more"
            } else {
                "with a Hugging Face token you have more"
            };
            let message =
                format!("The GPU minutes of today are used up{left}: try again {}; {more}.", again(wait));
            return Some(limited(ErrorCode::Limit, message, wait));
        }
        if says("too many ZeroGPU credits allocated") {
            let message = "Too many of your GPU tasks run at once: try again when one has ended.";
            return Some(limited(ErrorCode::Limit, message.into(), None));
        }
        if title == "ZeroGPU illegal duration" || says("larger than the maximum allowed") {
            let message = "The Space asks for more GPU time at once than your account may have: a PRO account may have more.";
            return Some(limited(ErrorCode::Limit, message.into(), None));
        }
        if says("No GPU was available") || says("No GPU is currently available") {
            return Some(limited(ErrorCode::Limit, "No GPU was free: try again in a minute.".into(), None));
        }
        None
    }
}

fn limited(code: ErrorCode, message: String, retry_after: Option<f64>) -> Error {
    Error { retry_after, ..Error::new(code, message) }
}

/// Reads an answer with an error status: a full queue, a refused value, a failure told at once.
pub(crate) fn from_answer(
    response: &Response,
    teller: &Teller,
    now: std::time::SystemTime,
) -> error::Failure {
    let mut failure = error::from_response(response, now);
    let words = failure.error.message.to_lowercase();
    match response.head.status {
        503 if words.contains("queue is full") => {
            failure.error.code = ErrorCode::Limit;
            failure.error.message = format!("The queue of {} is full: try again in a minute.", teller.name);
        }
        401 if !teller.signed_in => failure.error = super::config::wants_password().with_status(401),
        500 => {
            if let Ok(said @ Value::Object(_)) = response.json()
                && said.get("error").is_some()
            {
                failure.error = teller.error(&said, None).with_status(500);
            }
        }
        _ => {}
    }
    failure
}

/// A Space without a description is no Gradio app, or hides behind a log-in page.
pub(crate) fn undescribed(error: Error) -> Error {
    match error.status {
        Some(401 | 403) => {
            let message =
                "The Space lets nobody in without a token that may see it, or has a log-in page of its own.";
            Error { code: ErrorCode::Auth, message: message.into(), ..error }
        }
        Some(404 | 405) => {
            let no_gradio = super::config::no_gradio();
            Error { code: no_gradio.code, message: no_gradio.message, ..error }
        }
        None if error.code == ErrorCode::Format => {
            Error { detail: error.detail, ..super::config::no_gradio() }
        }
        _ => error,
    }
}

/// Which endpoints there are instead.
pub(crate) fn no_endpoint(space: &Space, name: &str) -> Error {
    let names: Vec<_> = space.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    let message = match names.as_slice() {
        [] => format!("{} offers nothing that can be called: open it in the browser.", space.name()),
        names => format!("{} has no endpoint {name}: choose one of {}.", space.name(), names.join(", ")),
    };
    Error { field: Some("endpoint".into()), ..Error::new(ErrorCode::Input, message) }
}

/// `(60s requested vs. 12s left)` in plain words.
fn left(text: &str) -> String {
    let inside = text.split_once('(').and_then(|(_, rest)| rest.split_once("s requested vs. "));
    let seconds = inside.and_then(|(asked, rest)| Some((asked, rest.split_once("s left")?.0)));
    let number = |text: &str| text.len() <= 7 && text.parse::<i64>().is_ok();
    match seconds {
        Some((asked, left)) if number(asked) && number(left) => {
            format!(" ({asked} seconds are needed, {left} are left)")
        }
        _ => String::new(),
    }
}

/// Seconds of `Try again in 1 day, 0:42:00`, as Python writes a span of time.
fn wait(text: &str) -> Option<f64> {
    let span = text.split_once("Try again in ")?.1;
    let (days, clock) = match span.split_once(" day") {
        Some((days, rest)) if days.parse::<u32>().is_ok() => {
            (days.parse::<u32>().ok()?, rest.split_once(", ")?.1)
        }
        _ => (0, span),
    };
    let clock = clock.split(|letter: char| !letter.is_ascii_digit() && letter != ':').next()?;
    let mut parts = clock.split(':').map(|part| part.parse::<u32>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    Some(
        f64::from(days) * 86_400.0
            + f64::from(hours) * 3_600.0
            + f64::from(minutes) * 60.0
            + f64::from(seconds),
    )
}

fn again(wait: Option<f64>) -> String {
    let minutes = wait.map_or(0.0, |wait| (wait / 60.0).ceil());
    match wait {
        None => "later".into(),
        Some(_) if minutes >= 90.0 => format!("in {} hours", (minutes / 60.0).ceil()),
        Some(_) if minutes > 1.0 => format!("in {minutes} minutes"),
        Some(_) => "in a minute".into(),
    }
}

/// One line without HTML and without the quotes that Gradio 4 puts around.
pub(super) fn plain(text: &str) -> String {
    let text: String = text.chars().take(LONGEST).collect();
    let (mut words, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        let is_tag = tag.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/');
        rest = if let Some((_, after)) = tag.split_once('>').filter(|_| is_tag) {
            after
        } else {
            words.push('<');
            tag
        };
    }
    words.push_str(rest);
    let line = error::tidy(&words);
    let bare = line.strip_prefix('\'').and_then(|line| line.strip_suffix('\''));
    bare.map_or_else(|| line.clone(), error::tidy)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::Head;

    fn failed(zero_gpu: bool, signed_in: bool, output: &Value) -> Error {
        Teller { name: "a/b".into(), zero_gpu, signed_in }.error(output, None)
    }

    #[test]
    fn quotas_are_told_in_plain_words_with_their_code_and_their_wait() {
        let quota = |text: &str| json!({"error": text, "title": "ZeroGPU quota exceeded", "duration": 10, "visible": true});
        for (text, code, wait, words) in [
            (
                "You have exceeded your GPU quota (60s requested vs. 12s left). Try again in 0:42:00",
                ErrorCode::Limit,
                Some(2_520.0),
                "(60 seconds are needed, 12 are left): try again in 42 minutes",
            ),
            (
                "You have exceeded your free ZeroGPU quota (60s requested vs. 0s left). Try again in 23:10:05. Subscribe to Hugging Face PRO to get 40 min of ZeroGPU quota a day - https://huggingface.co/subscribe/pro?from=ZeroGPU",
                ErrorCode::Limit,
                Some(83_405.0),
                "in 24 hours",
            ),
            (
                "You have exceeded your Pro ZeroGPU quota (120s requested vs. 3s left). Try again in 1 day, 0:00:10. Add credits to keep using ZeroGPU. $1 for 10 minutes of ZeroGPU inference - https://huggingface.co/settings/billing",
                ErrorCode::Credits,
                Some(86_410.0),
                "add credits",
            ),
            (
                "You have exceeded your ZeroGPU runs limit. Authenticate with a Hugging Face token for more quota - https://huggingface.co/settings/tokens",
                ErrorCode::Limit,
                None,
                "with a Hugging Face token you have more",
            ),
            (
                "Space app has reached its GPU limit. Try re-running outside of examples if it happened after clicking one",
                ErrorCode::Limit,
                None,
                "try again later",
            ),
            (
                "You have exceeded your GPU quota (60s requested vs. 30s left). <a style=\"x\" href=\"https://huggingface.co/join\">Create a free account</a> to get more daily usage quota.",
                ErrorCode::Limit,
                None,
                "30 are left",
            ),
            (
                "You have too many ZeroGPU credits allocated to running tasks. Try again once some of those tasks have completed.",
                ErrorCode::Limit,
                None,
                "run at once",
            ),
            ("No GPU was available after 60s. Retry later", ErrorCode::Limit, None, "No GPU was free"),
        ] {
            let error = failed(true, false, &quota(text));
            assert_eq!((error.code, error.retry_after), (code, wait), "{text}");
            assert!(error.message.contains(words), "{error}");
            assert!(!error.message.contains('<') && error.detail.is_some(), "{error}");
        }
        let signed_in = failed(true, true, &quota("You have exceeded your ZeroGPU runs limit."));
        assert!(signed_in.message.contains("PRO"), "{signed_in}");
    }

    #[test]
    fn authors_errors_crashes_and_silence_are_told_apart() {
        for (output, words) in [
            (json!({"error": "bad", "title": "Error", "duration": 10, "visible": true}), "a/b says: bad."),
            (json!({"error": "'bad'", "duration": 10, "visible": true}), "a/b says: bad."),
            (json!({"error": "No <i>image</i> given.", "title": "Oh"}), "a/b says: Oh: No image given."),
            (
                json!("CUDA out of memory. Tried to allocate 20.00 MiB"),
                "a/b says: CUDA out of memory. Tried to allocate 20.00 MiB.",
            ),
            (json!({"error": "1 < 2 and 3 > 2"}), "a/b says: 1 < 2 and 3 > 2."),
        ] {
            let error = failed(false, false, &output);
            assert_eq!((error.code, error.message.as_str()), (ErrorCode::Provider, words));
        }
        for (zero_gpu, signed_in, words) in [
            (false, false, "check the input"),
            (true, false, "Add a Hugging Face token"),
            (true, true, "your GPU minutes"),
        ] {
            for silent in [json!({"error": null}), json!(null)] {
                assert!(failed(zero_gpu, signed_in, &silent).message.contains(words));
            }
        }
        assert_eq!(failed(false, false, &json!({"error": "429 Client Error"})).code, ErrorCode::Limit);
    }

    #[test]
    fn refusals_before_the_queue_have_their_code() {
        let teller = Teller { name: "a/b".into(), ..Teller::default() };
        for (status, body, code) in [
            (503, json!({"detail": "Queue is full. Max size is 8 and size is 8."}), ErrorCode::Limit),
            (422, json!({"detail": "Value is too small"}), ErrorCode::Input),
            (500, json!({"error": "No image given", "title": "Error"}), ErrorCode::Provider),
            (401, json!({"detail": "Not authenticated"}), ErrorCode::Auth),
            (413, json!({"detail": "too large"}), ErrorCode::Input),
        ] {
            let response =
                Response { head: Head { status, ..Head::default() }, body: body.to_string().into() };
            let failure = from_answer(&response, &teller, std::time::SystemTime::UNIX_EPOCH);
            assert_eq!((failure.error.code, failure.error.status), (code, Some(status)), "{}", failure.error);
        }
    }
}
