//! `limerick space`: lists what a Gradio Space can be asked, and asks it.

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use limerick_playground::{
    Change, Endpoint, Parameter, ParameterKind, Playground, Space, SpaceDelta, SpaceFile, SpaceOutput,
};
use limerick_tasks::{Ending, Error, Media, Progress, Status};
use serde_json::{Map, Value, json};
use tokio::{signal, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    Stop,
    args::SpaceArgs,
    hub,
    input::{self, Given},
    lists, media, place, screen,
};

/// How long the Space is tried to be told of a stop.
const REST: Duration = Duration::from_secs(5);

/// A question whose command line makes sense.
pub(crate) struct Asked {
    args: SpaceArgs,
    given: Option<Given>,
}

impl Asked {
    /// Checks what can be checked before anything is asked.
    pub(crate) fn read(args: SpaceArgs) -> Result<Self, Stop> {
        args.token.check()?;
        let given = args.input.as_deref().map(input::given).transpose()?;
        Ok(Self { args, given })
    }
}

/// Opens the Space, and lists its endpoints or calls one.
pub(crate) async fn run(asked: Asked) -> Result<ExitCode, Stop> {
    let stop = CancellationToken::new();
    let interrupted = stop.clone();
    tokio::spawn(async move {
        if signal::ctrl_c().await.is_ok() {
            interrupted.cancel();
        }
    });
    let playground = place::open()?;
    asked.args.token.give(&playground, "hf").await?;
    let teller = Teller { events: asked.args.events, streams: false, last: None };
    let done = ask(&asked, &playground, &stop, teller).await;
    // A Space that was stopped is told so before the process ends.
    let _ = timeout(REST, playground.close()).await;
    match done {
        Err(Stop::Failed(error)) if asked.args.events => {
            line(&json!({"kind": "failed", "error": error}))?;
            Ok(ExitCode::FAILURE)
        }
        done => done,
    }
}

async fn ask(
    asked: &Asked,
    playground: &Playground,
    stop: &CancellationToken,
    mut teller: Teller,
) -> Result<ExitCode, Stop> {
    let args = &asked.args;
    let opened = playground.open_space(&args.place, stop, &mut |status| teller.status(&status)).await?;
    let Ending::Done(space) = opened else { return teller.cancelled() };
    let Some(name) = &args.call else {
        return if args.json { hub::json(&space) } else { lists::show(describe(&space).into_iter()) };
    };
    let endpoint = space.endpoint(name).ok_or_else(|| unknown(&space, name))?;
    let inputs = inputs(endpoint, asked.given.as_ref())?;
    teller.streams = !args.events && endpoint.returns.len() == 1;
    let mut on = |progress: Progress<SpaceDelta>| match progress {
        Progress::Status(status) => teller.status(&status),
        Progress::Delta(delta) => teller.delta(&delta),
    };
    let ended = playground.call_space(&space, name, &inputs, stop, &mut on).await?;
    let Ending::Done(output) = ended else { return teller.cancelled() };
    let saved = save(playground, &space, &output, args.out.as_deref()).await?;
    teller.done(endpoint, &output, &saved)
}

fn unknown(space: &Space, name: &str) -> Stop {
    let names: Vec<&str> = space.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    Stop::Usage(format!("this Space has no endpoint {name}. Choose one of {}.", names.join(", ")))
}

/// The Space and its endpoints, one parameter a line.
fn describe(space: &Space) -> Vec<String> {
    let mut lines =
        vec![format!("{}, Gradio {}, {}", screen::line(&space.title, 100), space.version, space.url)];
    for endpoint in &space.endpoints {
        lines.push(String::new());
        lines.push(endpoint.name.clone());
        if !endpoint.description.trim().is_empty() {
            lines.push(format!("  {}", screen::line(&endpoint.description, 300)));
        }
        lines.extend(endpoint.parameters.iter().map(parameter));
        let gives: Vec<String> = endpoint
            .returns
            .iter()
            .map(|one| screen::line(&format!("{} ({})", one.label, one.component), 80))
            .collect();
        lines.push(format!("  -> {}", gives.join(", ")));
    }
    lines
}

fn parameter(one: &Parameter) -> String {
    let kind = match one.kind {
        ParameterKind::Text => "text",
        ParameterKind::Number => "number",
        ParameterKind::Boolean => "true or false",
        ParameterKind::Choice => "choice",
        ParameterKind::File if one.multiple => "files",
        ParameterKind::File => "file",
        ParameterKind::Json => "JSON",
    };
    let mut facts = vec![kind.to_owned()];
    if let (Some(low), Some(high)) = (one.minimum, one.maximum) {
        facts.push(format!("{low} to {high}"));
    }
    if !one.choices.is_empty() {
        let values: Vec<String> =
            one.choices.iter().take(12).map(|choice| choice.value.to_string()).collect();
        let more = if one.choices.len() > 12 { ", …" } else { "" };
        facts.push(format!("{}{more}", values.join(", ")));
    }
    facts.push(if one.required { "needed".into() } else { format!("otherwise {}", one.default) });
    let label = if one.label.is_empty() { String::new() } else { format!("  # {}", one.label) };
    format!("  {}", screen::line(&format!("{}: {}{label}", one.name, facts.join(", ")), 200))
}

/// The named parameters: a JSON object's, or plain text for the first field that takes text.
fn inputs(endpoint: &Endpoint, given: Option<&Given>) -> Result<Map<String, Value>, Stop> {
    let first = |kind| endpoint.parameters.iter().find(|one| one.kind == kind).map(|one| one.name.clone());
    let none =
        || Stop::Usage(format!("{} has no parameter for this input. Give it a JSON object.", endpoint.name));
    let mut fields = match given {
        None => Map::new(),
        Some(Given::Media(media)) => {
            let name = first(ParameterKind::File).ok_or_else(none)?;
            Map::from_iter([(name, media.data_uri().into())])
        }
        Some(Given::Text(text)) if text.trim_start().starts_with('{') => {
            serde_json::from_str(text).map_err(|cause| {
                Stop::Usage(format!("the input begins like a JSON object but is none: {cause}."))
            })?
        }
        Some(Given::Text(text)) => {
            let name = first(ParameterKind::Text).ok_or_else(none)?;
            Map::from_iter([(name, text.trim_end_matches(['\r', '\n']).into())])
        }
    };
    for parameter in endpoint.parameters.iter().filter(|one| one.kind == ParameterKind::File) {
        if let Some(value) = fields.get_mut(&parameter.name) {
            read_files(value)?;
        }
    }
    Ok(fields)
}

/// Reads `@PATH` wherever a file goes, with its name.
fn read_files(value: &mut Value) -> Result<(), Stop> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(read_files),
        Value::String(text) => {
            if let Some(path) = text.strip_prefix('@') {
                let uri = Media::new(media::file(path)?, "").data_uri();
                let name = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
                *value = json!({"path": uri, "orig_name": name, "meta": {"_type": "gradio.FileData"}});
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Writes the answer where `--out` says; gives the files that were written.
async fn save(
    playground: &Playground,
    space: &Space,
    output: &SpaceOutput,
    out: Option<&Path>,
) -> Result<Vec<PathBuf>, Stop> {
    let Some(out) = out else { return Ok(Vec::new()) };
    let mut saved = Vec::new();
    for (at, file) in output.files.iter().enumerate() {
        let media = playground.space_file(space, file).await?;
        let path = path_of(out, file, at);
        write(&path, &media.bytes)?;
        saved.push(path);
    }
    if saved.is_empty() {
        let path = if out.is_dir() { out.join("answer.txt") } else { out.to_owned() };
        write(&path, words(&output.data).as_bytes())?;
        saved.push(path);
    }
    Ok(saved)
}

/// The first file goes to FILE itself, the next ones beside it; in a folder each has its own name.
fn path_of(out: &Path, file: &SpaceFile, at: usize) -> PathBuf {
    let numbered = |path: &Path| {
        let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (stem, ending) = (part(path.file_stem()), part(path.extension()));
        let dot = if ending.is_empty() { "" } else { "." };
        path.with_file_name(format!("{stem}-{}{dot}{ending}", at + 1))
    };
    let whole = if out.is_dir() { out.join(&file.name) } else { out.to_owned() };
    if at == 0 { whole } else { numbered(&whole) }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |cause| Error::internal(&format!("write {}", path.display()), cause);
    std::fs::write(path, bytes).map_err(failed)
}

/// The answer as text: a text as it is, everything else as JSON.
fn words(data: &[Value]) -> String {
    match data {
        [Value::String(text)] => text.clone(),
        [one] => one.to_string(),
        all => Value::Array(all.to_vec()).to_string(),
    }
}

fn line(event: &Value) -> Result<(), Error> {
    say(&format!("{event}\n"), false).map_err(|cause| Error::internal("write the events", cause))
}

fn say(text: &str, tamed: bool) -> io::Result<()> {
    let mut stdout = io::stdout();
    let shown = if tamed { screen::tame(text) } else { text.into() };
    stdout.write_all(shown.as_bytes())?;
    stdout.flush()
}

/// Tells a call: as text on stdout, or each event as one line of JSON. Whoever has gone hears nothing.
struct Teller {
    events: bool,
    /// The one output is written as it comes.
    streams: bool,
    /// The last letter that was written of it.
    last: Option<char>,
}

impl Teller {
    fn status(&self, status: &Status) {
        if self.events {
            let _ = line(&json!({"kind": "status", "status": status}));
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

    fn delta(&mut self, delta: &SpaceDelta) {
        if self.events {
            let _ = line(&json!({"kind": "delta", "delta": delta}));
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
        let _ = say(text, io::stdout().is_terminal());
    }

    fn cancelled(&self) -> Result<ExitCode, Stop> {
        if self.events {
            line(&json!({"kind": "cancelled"}))?;
        }
        Ok(ExitCode::from(130))
    }

    fn done(
        &mut self,
        endpoint: &Endpoint,
        output: &SpaceOutput,
        saved: &[PathBuf],
    ) -> Result<ExitCode, Stop> {
        if self.events {
            line(&json!({"kind": "done", "output": output, "saved": saved}))?;
            return Ok(ExitCode::SUCCESS);
        }
        output.left_out.iter().for_each(|sentence| screen::say(sentence));
        saved.iter().for_each(|path| screen::say(&format!("Written to {}", path.display())));
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
