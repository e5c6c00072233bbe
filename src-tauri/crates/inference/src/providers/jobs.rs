//! Jobs that take more than one answer: where they are asked after, how often, and what they say meanwhile. Pure.

use std::time::Duration;

use limerick_tasks::{Error, ErrorCode, Result, Status};
use serde_json::Value;
use url::Url;

use super::refused;
use crate::address;
use crate::error;
use crate::wire::{Next, Reply, Request, Response};

/// Words by which providers say that they declined what was asked or made.
const DECLINED: [&str; 8] = [
    "nsfw",
    "moderat",
    "content policy",
    "content_policy",
    "safety",
    "sensitive",
    "flagged",
    "inappropriate",
];

/// What one look at a job finds; a job that failed is an error.
pub(super) enum Look<D> {
    /// It is not done; where it stands, when it says.
    Wait(Option<Status>),
    /// It is done.
    Done(D),
}

impl<D> Look<D> {
    /// What follows from being done.
    pub(super) fn map<E>(self, then: impl FnOnce(D) -> E) -> Look<E> {
        match self {
            Self::Wait(status) => Look::Wait(status),
            Self::Done(done) => Look::Done(then(done)),
        }
    }
}

/// Reads the answer to a look.
type Reading<O> = Box<dyn Fn(&Value) -> Result<Look<Reply<O>>> + Send>;

/// A job at a provider.
pub(super) struct Job<O> {
    /// How it is asked after.
    pub(super) ask: Request,
    /// How long to wait before the first look.
    pub(super) first: Duration,
    /// How long to wait between two looks.
    pub(super) every: Duration,
    /// How it is called off.
    pub(super) cancel: Option<Request>,
    /// Reads the answer.
    pub(super) look: Reading<O>,
    /// What was told last, so that nothing is told twice.
    pub(super) told: Option<Status>,
}

impl<O: 'static> Job<O> {
    /// Waits, then looks; again and again until the job is done. The client's deadline ends a job that never is.
    pub(super) fn wait(mut self, status: Option<Status>) -> Reply<O> {
        let status = status.filter(|status| self.told.as_ref() != Some(status));
        if status.is_some() {
            self.told.clone_from(&status);
        }
        let wait = std::mem::replace(&mut self.first, self.every);
        let (request, cancel) = (self.ask.clone(), self.cancel.clone());
        let read = move |response: &Response| match (self.look)(&response.json()?)? {
            Look::Wait(status) => Ok(self.wait(status)),
            Look::Done(reply) => Ok(reply),
        };
        Reply::Next(Box::new(Next { request, wait, status, cancel, read: Box::new(read) }))
    }
}

/// An address that an answer names, on the server that was asked: the router's door to the provider takes the
/// place of the provider's own host (hf-api 3.3 to 3.6).
///
/// # Errors
/// `format` when it leads elsewhere.
pub(super) fn home(base: &Url, routed: bool, said: &str) -> Result<Url> {
    let elsewhere = || {
        let message = "The provider names another server for the result: nothing was sent there.";
        Error::new(ErrorCode::Format, message).with_detail(said)
    };
    let whole = if said.starts_with('/') && !said.starts_with("//") {
        let (path, query) = said.split_once('?').map_or((said, None), |(path, query)| (path, Some(query)));
        below(base, path, query)
    } else {
        let whole = Url::parse(said).map_err(|_| elsewhere())?;
        let other = routed && whole.origin() != base.origin();
        if other { below(base, whole.path(), whole.query()) } else { whole }
    };
    let inside = whole.path().strip_prefix(base.path().trim_end_matches('/'));
    let inside = whole.origin() == base.origin() && inside.is_some_and(|rest| rest.starts_with('/'));
    if inside { Ok(whole) } else { Err(elsewhere()) }
}

fn below(base: &Url, path: &str, query: Option<&str>) -> Url {
    let mut url = address::join(base, path);
    url.set_query(query);
    url
}

/// A failure in a provider's own words; its own code where they say that the content was declined.
pub(super) fn failed(words: &str) -> Error {
    let low = words.to_lowercase();
    if DECLINED.iter().any(|mark| low.contains(mark)) {
        return refused(words);
    }
    let words = error::tidy(words);
    let message = if words.is_empty() { String::new() } else { format!(": {words}") };
    Error::new(ErrorCode::Provider, format!("The provider failed{message}."))
}

/// The provider itself called the job off.
pub(super) fn called_off() -> Error {
    Error::new(ErrorCode::Provider, "The provider called the job off: try again.")
}

/// What is said where a job says nothing that we know.
pub(super) fn unknown(value: &Value) -> Error {
    error::from_value(value).unwrap_or_else(|| {
        let shown: String = value.to_string().chars().take(300).collect();
        let message = "The provider's answer about the job is not in a form that Limerick knows.";
        Error::new(ErrorCode::Format, message).with_detail(shown)
    })
}

/// The words of an error, whether it is a text or holds one.
pub(super) fn words(value: &Value) -> &str {
    let places = ["", "/message", "/detail", "/error", "/error/message", "/data/error"];
    let texts = places.iter().filter_map(|place| value.pointer(place)?.as_str());
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// The last `12/28 [` of a log, as the progress bars of Python's `tqdm` write it.
pub(super) fn step(log: &str) -> Option<Status> {
    let lines = log.split(['\n', '\r']).rev().take(50);
    lines.into_iter().find_map(|line| {
        let (before, _) = line.split_once(" [")?;
        let (step, total) = before.rsplit(' ').next()?.split_once('/')?;
        let (step, total) = (step.parse().ok()?, total.parse().ok()?);
        (total > 0 && step <= total).then_some(Status::Step { step, total })
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_stays_on_the_server_that_was_asked() {
        let direct = Url::parse("https://queue.fal.run").unwrap();
        let routed = Url::parse("https://router.huggingface.co/fal-ai").unwrap();
        let said = "https://queue.fal.run/fal-ai/flux/requests/R?x=1";
        assert_eq!(home(&direct, false, said).unwrap().as_str(), said);
        assert_eq!(
            home(&routed, true, said).unwrap().as_str(),
            "https://router.huggingface.co/fal-ai/fal-ai/flux/requests/R?x=1"
        );
        let there = "https://router.huggingface.co/fal-ai/fal-ai/flux/requests/R";
        assert_eq!(home(&routed, true, there).unwrap().as_str(), there);
        for bad in [
            "https://evil.test/R",
            "http://queue.fal.run/R",
            "file:///etc/passwd",
            "https://queue.fal.run:1/R",
        ] {
            assert_eq!(home(&direct, false, bad).unwrap_err().code, ErrorCode::Format, "{bad}");
        }
        assert_eq!(
            home(&routed, true, "/a/b?c=d").unwrap().as_str(),
            "https://router.huggingface.co/fal-ai/a/b?c=d"
        );
        assert_eq!(home(&routed, true, "/../x").unwrap_err().code, ErrorCode::Format);
        let other_door = "https://router.huggingface.co/together/v1";
        assert_eq!(home(&routed, true, other_door).unwrap_err().code, ErrorCode::Format);
    }

    #[test]
    fn declined_content_is_told_from_a_failure() {
        assert_eq!(failed("NSFW content detected").code, ErrorCode::Refused);
        assert_eq!(failed("Request Moderated").code, ErrorCode::Refused);
        assert_eq!(failed("CUDA out of memory").message, "The provider failed: CUDA out of memory.");
        assert_eq!(words(&json!({"error": {"message": "x"}})), "x");
    }

    #[test]
    fn steps_are_read_from_a_log() {
        let log =
            "loading\n 32%|███▏      | 9/28 [00:01<00:02,  9.5it/s]\r 36%|███▌      | 10/28 [00:01<00:02";
        assert_eq!(step(log), Some(Status::Step { step: 10, total: 28 }));
        assert_eq!(step("ratio 3/0 [x\nand/or [y"), None);
    }
}
