//! Tells a run's events: as an answer on stdout, or each as one line of JSON. Knows nothing of how a run works.

use std::{
    fs,
    io::{self, IsTerminal, Stdout, Write},
    path::{Path, PathBuf},
    slice,
};

use limerick_playground::{Cached, Figures, RunEvent, RunOutput, in_form_of};
use limerick_tasks::{Media, Status};

use crate::screen;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Done,
    Failed,
    Cancelled,
}

/// Tells one run.
pub(crate) struct Teller {
    stdout: Stdout,
    events: bool,
    out: Option<PathBuf>,
    tamed: bool,
    /// The last letter that was written.
    last: Option<char>,
}

impl Teller {
    pub(crate) fn new(events: bool, out: Option<PathBuf>) -> Self {
        let stdout = io::stdout();
        let tamed = stdout.is_terminal();
        Self { stdout, events, out, tamed, last: None }
    }

    /// Tells one event; the ending is given back.
    pub(crate) fn tell(&mut self, event: &RunEvent) -> io::Result<Option<Ended>> {
        let ended = match event {
            RunEvent::Done { output, .. } => {
                self.keep(output)?;
                Some(Ended::Done)
            }
            RunEvent::Failed { .. } => Some(Ended::Failed),
            RunEvent::Cancelled { .. } => Some(Ended::Cancelled),
            _ => None,
        };
        if self.events { self.line(event) } else { self.words(event) }?;
        self.stdout.flush()?;
        Ok(ended)
    }

    fn line(&mut self, event: &RunEvent) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.stdout.write_all(&line)
    }

    fn words(&mut self, event: &RunEvent) -> io::Result<()> {
        match event {
            RunEvent::Delta { delta, .. } => self.write(delta.text()),
            RunEvent::Status { status } => {
                note(status);
                Ok(())
            }
            RunEvent::Started { .. } => Ok(()),
            RunEvent::Done { output, figures } => {
                // Files that were kept speak for themselves.
                if self.last.is_none() && (self.out.is_none() || files(output).is_empty()) {
                    self.write(&whole(output)?)?;
                }
                self.end_line()?;
                say_who_had_it(figures);
                Ok(())
            }
            RunEvent::Failed { error, .. } => {
                self.end_line()?;
                screen::say_failure(error);
                Ok(())
            }
            RunEvent::Cancelled { .. } => self.end_line(),
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.last = text.chars().last().or(self.last);
        let shown = if self.tamed { screen::tame(text) } else { text.into() };
        self.stdout.write_all(shown.as_bytes())
    }

    fn end_line(&mut self) -> io::Result<()> {
        if self.last.is_some_and(|last| last != '\n') {
            self.write("\n")?;
        }
        self.stdout.flush()
    }

    fn keep(&self, output: &RunOutput) -> io::Result<()> {
        let Some(file) = self.out.as_deref() else { return Ok(()) };
        match files(output) {
            [] => replace(file, whole(output)?.as_bytes()),
            [one] => replace(file, &in_form_of(file, one).map_err(io::Error::other)?.bytes),
            several => {
                (1..).zip(several).try_for_each(|(number, one)| replace(&numbered(file, number), &one.bytes))
            }
        }
    }
}

/// The pictures or the sound that an answer consists of.
fn files(output: &RunOutput) -> &[Media] {
    match output {
        RunOutput::TextToImage(output) | RunOutput::ImageToImage(output) => &output.images,
        RunOutput::TextToSpeech(output) => slice::from_ref(&output.audio),
        _ => &[],
    }
}

/// `fox.png` becomes `fox-2.png`.
fn numbered(file: &Path, number: usize) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    file.with_file_name(format!("{stem}-{number}{ending}"))
}

/// The answer in words: its text, its rows, the tool calls or the files that it consists of.
fn whole(output: &RunOutput) -> io::Result<String> {
    match output {
        RunOutput::ChatCompletion(chat) if chat.text.is_empty() && !chat.tool_calls.is_empty() => {
            Ok(serde_json::to_string_pretty(&chat.tool_calls)?)
        }
        output if files(output).is_empty() => Ok(output.words()),
        output => Ok(described(files(output))),
    }
}

fn described(files: &[Media]) -> String {
    let about =
        |file: &Media| format!("{}, {} bytes: --out FILE keeps it.", file.media_type, file.bytes.len());
    files.iter().map(about).collect::<Vec<_>>().join("\n")
}

/// An answer that was there already says so.
fn say_who_had_it(figures: &Figures) {
    match figures.cached {
        Some(Cached::History { run }) => {
            screen::say(&format!("From your history, no call was made: run {run}."));
        }
        Some(Cached::Server) => screen::say("From what the server had kept."),
        None => {}
    }
}

fn note(status: &Status) {
    match status {
        Status::Note { text } => screen::say(text),
        Status::Queued { position: Some(position) } => screen::say(&format!("{position} before this one.")),
        Status::Retrying { after, reason, .. } => {
            screen::say(&format!("{reason} Trying again in {after:.0} s."));
        }
        _ => {}
    }
}

/// Puts a file in place whole: whoever looks sees the old one or the new one. A device or a pipe is written to.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|known| !known.is_file()) {
        return fs::write(file, bytes);
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let put = fs::write(&part, bytes).and_then(|()| fs::rename(&part, file));
    if put.is_err() {
        // The first failure is the one to tell.
        let _ = fs::remove_file(&part);
    }
    put
}
