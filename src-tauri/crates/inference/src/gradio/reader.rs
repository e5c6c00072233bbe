//! The events of a call, from the queue or from the simple route, to progress and the one answer (hf-api 7.3, 7.4).

use limerick_tasks::{Error, ErrorCode, Progress, Result, Status};
use serde_json::Value;

use super::config::Protocol;
use super::failure::{self, Teller};
use super::files;
use super::form::Endpoint;
use super::outputs::{Outputs, Tell};
use super::{Space, SpaceOutput};
use crate::error;
use crate::sse::Event;

/// Waits shorter than this many seconds are not worth a word.
const LONG: f64 = 10.0;

/// Reads one call.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    space: &'a Space,
    event_id: String,
    edits: bool,
    outputs: Outputs,
    teller: Teller,
    /// What was said last, so that it is not said again.
    described: String,
    waited: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(space: &'a Space, endpoint: &Endpoint, event_id: String) -> Self {
        Self {
            space,
            event_id,
            edits: space.protocol == Protocol::Edits,
            outputs: Outputs::of(&endpoint.wire.outputs),
            teller: space.teller(),
            described: String::new(),
            waited: false,
        }
    }

    /// Takes an event of the queue; gives the answer when it is whole.
    pub(crate) fn queue(&mut self, event: &Event, tell: Tell<'_>) -> Result<Option<SpaceOutput>> {
        self.outputs.count(event.data.len());
        let Ok(message) = serde_json::from_str::<Value>(&event.data) else { return Ok(None) };
        let other = message.get("event_id").and_then(Value::as_str).is_some_and(|id| id != self.event_id);
        let kind = message.get("msg").and_then(Value::as_str).unwrap_or_default();
        match kind {
            _ if other => {}
            "estimation" => self.estimated(&message, tell),
            "process_starts" => tell(Progress::Status(Status::Sent { provider: None })),
            "progress" => self.progressed(&message, tell),
            "log" => logged(&message, tell),
            "process_generating" | "process_streaming" => self.generating(message, tell)?,
            "process_completed" => return self.completed(message, tell).map(Some),
            "unexpected_error" => return Err(self.unexpected(&message)),
            "close_stream" => return Err(self.closed()),
            _ => {}
        }
        Ok(None)
    }

    /// Takes an event of the simple route.
    pub(crate) fn simple(&mut self, event: &Event, tell: Tell<'_>) -> Result<Option<SpaceOutput>> {
        self.outputs.count(event.data.len());
        let data = || serde_json::from_str::<Value>(&event.data).unwrap_or_default();
        match event.name.as_str() {
            "generating" => {
                if let Value::Array(data) = data() {
                    self.outputs.set(data, tell);
                }
                Ok(None)
            }
            "complete" => self.done(data(), None, tell).map(Some),
            "error" => Err(self.teller.error(&data(), None)),
            _ => Ok(None),
        }
    }

    /// Takes the whole answer of an endpoint that has no queue.
    pub(crate) fn whole(&mut self, mut answer: Value, tell: Tell<'_>) -> Result<SpaceOutput> {
        let duration = answer.get("duration").and_then(Value::as_f64);
        match answer.get_mut("data").map(Value::take) {
            Some(data @ Value::Array(_)) => self.done(data, duration, tell),
            _ => Err(self.teller.error(&answer, None)),
        }
    }

    /// The stream ended before the answer.
    pub(crate) fn closed(&self) -> Error {
        let message = if self.outputs.begun() {
            "The connection to the Space broke before the end of the answer; what came is kept."
        } else {
            "The connection to the Space broke before an answer came: try again."
        };
        Error::new(ErrorCode::Incomplete, message)
    }

    fn estimated(&mut self, message: &Value, tell: Tell<'_>) {
        let rank = message.get("rank").and_then(Value::as_u64).and_then(|rank| u32::try_from(rank).ok());
        tell(Progress::Status(Status::Queued { position: rank }));
        let wait = message.get("rank_eta").and_then(Value::as_f64).filter(|wait| (LONG..1e6).contains(wait));
        if let Some(wait) = wait.filter(|_| !std::mem::replace(&mut self.waited, true)) {
            let text = format!("The Space expects to need {} for this.", span(wait));
            tell(Progress::Status(Status::Note { text }));
        }
    }

    /// The last unit is the innermost bar.
    fn progressed(&mut self, message: &Value, tell: Tell<'_>) {
        let units = message.get("progress_data").and_then(Value::as_array);
        let Some(unit) = units.and_then(|units| units.last()) else { return };
        let number = |key: &str| unit.get(key).and_then(Value::as_f64).filter(|number| number.is_finite());
        let desc = failure::plain(unit.get("desc").and_then(Value::as_str).unwrap_or_default());
        if !desc.is_empty() && desc != self.described {
            self.described.clone_from(&desc);
            tell(Progress::Status(Status::Note { text: desc }));
        }
        let step = match (number("index"), number("length"), number("progress")) {
            (Some(index), Some(length), _) if length >= 1.0 => Some((index, length)),
            (_, _, Some(part)) => Some((part * 100.0, 100.0)),
            _ => None,
        };
        if let Some((step, total)) = step {
            let (step, total) = (whole(step), whole(total));
            tell(Progress::Status(Status::Step { step: step.min(total), total }));
        }
    }

    fn generating(&mut self, mut message: Value, tell: Tell<'_>) -> Result<()> {
        if message.get("success").and_then(Value::as_bool) == Some(false) {
            return Err(self.failed(&message));
        }
        let Some(Value::Array(data)) = message.pointer_mut("/output/data").map(Value::take) else {
            return Ok(());
        };
        if self.edits && self.outputs.begun() {
            return self.outputs.patch(&data, tell);
        }
        self.outputs.set(data, tell);
        Ok(())
    }

    fn completed(&mut self, mut message: Value, tell: Tell<'_>) -> Result<SpaceOutput> {
        if message.get("success").and_then(Value::as_bool) == Some(false) {
            return Err(self.failed(&message));
        }
        let duration = message.pointer("/output/duration").and_then(Value::as_f64);
        match message.pointer_mut("/output/data").map(Value::take) {
            Some(data) => self.done(data, duration, tell),
            // Somebody else cancelled it, or it ended without a word.
            None if message.pointer("/output/error").is_some() => Err(self.failed(&message)),
            None => Err(Error::new(
                ErrorCode::Incomplete,
                "The Space stopped before it had an answer: try again.",
            )),
        }
    }

    fn done(&mut self, data: Value, duration: Option<f64>, tell: Tell<'_>) -> Result<SpaceOutput> {
        let Value::Array(data) = data else {
            let message = "The Space's answer is not in a form that Limerick knows.";
            return Err(Error::new(ErrorCode::Format, message).with_detail(data));
        };
        self.outputs.set(data, tell);
        let data = std::mem::take(&mut self.outputs).finish(tell);
        let (files, left_out) = files::of(&data, self.space);
        Ok(SpaceOutput { data, files, left_out, duration })
    }

    fn failed(&self, message: &Value) -> Error {
        let title = message.get("title").and_then(Value::as_str);
        self.teller.error(message.get("output").unwrap_or(&Value::Null), title)
    }

    fn unexpected(&self, message: &Value) -> Error {
        if message.get("session_not_found").and_then(Value::as_bool) == Some(true) {
            let text = "The Space has forgotten this call, perhaps because it restarted: try again.";
            return Error::new(ErrorCode::Incomplete, text);
        }
        self.teller.error(message.get("message").unwrap_or(&Value::Null), None)
    }
}

impl Space {
    /// Who tells this Space's failures.
    pub(crate) fn teller(&self) -> Teller {
        let signed_in = self.key.is_some();
        Teller { name: error::tidy(self.name()), zero_gpu: self.zero_gpu, signed_in }
    }
}

/// A line that the Space's author lets it say.
fn logged(message: &Value, tell: Tell<'_>) {
    let text = |key: &str| failure::plain(message.get(key).and_then(Value::as_str).unwrap_or_default());
    let (log, title) = (text("log"), text("title"));
    let is_warning = message.get("level").and_then(Value::as_str) == Some("warning");
    let title = match title.as_str() {
        "" | "Info" | "Success" if is_warning => "Warning",
        "" | "Info" | "Success" => "",
        other => other,
    };
    if log.is_empty() {
        return;
    }
    let text = if title.is_empty() { log } else { format!("{title}: {log}") };
    tell(Progress::Status(Status::Note { text }));
}

fn span(seconds: f64) -> String {
    if seconds < 90.0 { format!("{seconds:.0} seconds") } else { format!("{:.0} minutes", seconds / 60.0) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is right here"
)]
fn whole(number: f64) -> u32 {
    number.round() as u32
}
