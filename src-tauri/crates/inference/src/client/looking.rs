//! Words about a picture from a Space, as the tasks ask for them that see.

use limerick_tasks::{Ending, Error, ErrorCode, Progress, Result};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::Client;
use super::asking::gave_no;
use crate::gradio::{Change, Endpoint, Space, SpaceDelta};

/// What a Space is to look at.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// The endpoint; empty takes the first that sees, and that takes a question where there is one.
    pub endpoint: &'a str,
    /// The pictures, as `data:` URIs.
    pub pictures: &'a [String],
    /// What is asked; empty where a description is wanted.
    pub question: &'a str,
    /// The task's other fields; what the endpoint has no place for is left out, see [`Endpoint::cannot_see`].
    pub fields: &'a Map<String, Value>,
}

impl Client {
    /// Has a Space look at pictures and gives its words, which are told as they come where it goes on with them.
    ///
    /// # Errors
    /// `model` when no endpoint sees, or none takes a question; `input` for several pictures where it takes one;
    /// `format` when no words come; and those of [`Client::call_space`].
    pub async fn look_in_space(
        &self,
        space: &Space,
        sight: Sight<'_>,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<String>) + Send),
    ) -> Result<Ending<String>> {
        let endpoint = seer(space, sight)?;
        let words_at = endpoint.words_at().unwrap_or_default();
        let inputs = endpoint.sight_inputs(sight.pictures, sight.question, sight.fields)?;
        let (mut told, mut goes_on) = (String::new(), true);
        let mut tell = |progress| match progress {
            Progress::Status(status) => on(Progress::Status(status)),
            Progress::Delta(SpaceDelta { output, change }) if output == words_at => {
                if let Some(more) = more(&change, &told).filter(|_| goes_on) {
                    told.push_str(&more);
                    if !more.is_empty() {
                        on(Progress::Delta(more));
                    }
                } else {
                    // It took back what it had said: the end tells how it is.
                    goes_on = false;
                }
            }
            Progress::Delta(_) => {}
        };
        let done = self.call_space(space, &endpoint.name, &inputs, cancel, &mut tell).await?;
        let Ending::Done(output) = done else { return Ok(Ending::Cancelled) };
        let words =
            output.data.get(words_at).and_then(Value::as_str).filter(|words| !words.trim().is_empty());
        words.map(|words| Ending::Done(words.to_owned())).ok_or_else(|| gave_no("words", &output))
    }
}

/// What is new, where it goes on with what was told.
fn more(change: &Change, told: &str) -> Option<String> {
    match change {
        Change::Append(more) => Some(more.clone()),
        Change::Replace(Value::String(whole)) => whole.strip_prefix(told).map(str::to_owned),
        Change::Replace(Value::Null) if told.is_empty() => Some(String::new()),
        Change::Replace(_) => None,
    }
}

/// The endpoint that was picked, else the first that fits.
fn seer<'a>(space: &'a Space, sight: Sight<'_>) -> Result<&'a Endpoint> {
    let asks = !sight.question.is_empty();
    let found = match sight.endpoint {
        "" => space.seers(asks).next(),
        name => space.endpoint(name).filter(|endpoint| endpoint.sees(asks)),
    };
    found.ok_or_else(|| {
        let what = if asks { "answers questions about a picture" } else { "describes a picture" };
        let message = format!("Nothing in {} {what}. Choose another Space.", space.name());
        Error::new(ErrorCode::Model, message)
    })
}
