//! Tells the call of a Space: as text on stdout, or each event as one line of JSON.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use limerick_playground::{Change, Endpoint, SpaceDelta, SpaceFile, SpaceOutput};
use limerick_tasks::Status;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{Stop, lists, screen};

/// Tells a call: as text on stdout, or each event as one line of JSON.
pub(super) struct Teller {
    events: bool,
    /// The one output is written as it comes.
    streams: bool,
    /// The last letter that was written of it.
    last: Option<char>,
    /// Stops the call when nobody hears it any more.
    stop: CancellationToken,
}

impl Teller {
    pub(super) fn new(events: bool, stop: CancellationToken) -> Self {
        Self { events, streams: false, last: None, stop }
    }

    /// Writes the answer of this endpoint as it comes, where it is one.
    pub(super) fn stream(&mut self, endpoint: &Endpoint) {
        self.streams = !self.events && endpoint.returns.len() == 1;
    }

    fn line(&self, event: &Value) {
        self.say(&format!("{event}\n"), false);
    }

    fn say(&self, text: &str, tamed: bool) {
        if say(text, tamed).is_err() {
            self.stop.cancel();
        }
    }

    pub(super) fn status(&self, status: &Status) {
        if self.events {
            self.line(&json!({"kind": "status", "status": status}));
            return;
        }
        let words = match status {
            Status::Queued { position: Some(before) } if *before > 0 => format!("Waiting behind {before}."),
            Status::Loading { .. } => "The Space is waking.".into(),
            Status::Step { step, total } => format!("Step {step} of {total}"),
            Status::Retrying { after, reason, .. } => format!("{reason} Trying again in {after:.0} s."),
            Status::Note { text } => text.clone(),
            _ => return,
        };
        screen::say(&words);
    }

    pub(super) fn delta(&mut self, delta: &SpaceDelta) {
        if self.events {
            self.line(&json!({"kind": "delta", "delta": delta}));
            return;
        }
        match &delta.change {
            Change::Append(text) if self.streams => self.write(text),
            Change::Replace(Value::String(text)) if self.streams && self.last.is_none() => self.write(text),
            // What was written is no longer so: the whole stands at the end.
            Change::Replace(_) => self.streams = false,
            Change::Append(_) => {}
        }
    }

    fn write(&mut self, text: &str) {
        self.last = text.chars().last().or(self.last);
        self.say(text, io::stdout().is_terminal());
    }

    pub(super) fn cancelled(&self) -> ExitCode {
        if self.events {
            self.line(&json!({"kind": "cancelled"}));
        }
        ExitCode::from(130)
    }

    pub(super) fn done(
        &mut self,
        endpoint: &Endpoint,
        output: &SpaceOutput,
        saved: &[PathBuf],
    ) -> Result<ExitCode, Stop> {
        if self.events {
            self.line(&json!({"kind": "done", "output": output, "saved": saved}));
            return Ok(ExitCode::SUCCESS);
        }
        for sentence in &output.left_out {
            screen::say(sentence);
        }
        for path in saved {
            screen::say(&format!("Written to {}", path.display()));
        }
        if self.streams && self.last.is_some() {
            if self.last != Some('\n') {
                self.write("\n");
            }
            return Ok(ExitCode::SUCCESS);
        }
        if self.last.is_some_and(|last| last != '\n') {
            self.write("\n");
        }
        lists::show(answers(endpoint, output).into_iter())
    }
}

/// One line an output, with its name where there are several.
fn answers(endpoint: &Endpoint, output: &SpaceOutput) -> Vec<String> {
    let several = output.data.len() > 1;
    let label = |at: usize| endpoint.returns.get(at).map(|one| one.label.as_str()).unwrap_or_default();
    let mut lines = Vec::new();
    for (at, value) in output.data.iter().enumerate() {
        let files: Vec<&SpaceFile> = output.files.iter().filter(|file| file.output == at).collect();
        let text = match (files.as_slice(), value) {
            ([], value) => words(std::slice::from_ref(value)),
            (files, _) => files.iter().map(|file| file.url.as_str()).collect::<Vec<_>>().join("\n"),
        };
        lines.push(if several { format!("{}: {text}", label(at)) } else { text });
    }
    lines
}

/// Writes one event; whoever has gone hears nothing.
pub(super) fn tell(event: &Value) {
    let _ = say(&format!("{event}\n"), false);
}

fn say(text: &str, tamed: bool) -> io::Result<()> {
    let mut stdout = io::stdout();
    let shown = if tamed { screen::tame(text) } else { text.into() };
    stdout.write_all(shown.as_bytes())?;
    stdout.flush()
}

/// The answer as text: a text as it is, everything else as JSON.
pub(super) fn words(data: &[Value]) -> String {
    match data {
        [Value::String(text)] => text.clone(),
        [one] => one.to_string(),
        all => Value::Array(all.to_vec()).to_string(),
    }
}
