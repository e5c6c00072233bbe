//! `limerick space`: lists what a Gradio Space can be asked, and asks it.

mod teller;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use limerick_playground::{
    Endpoint, Parameter, ParameterKind, Playground, Space, SpaceDelta, SpaceFile, SpaceOutput,
};
use limerick_tasks::{Ending, Error, Media, Progress};
use serde_json::{Map, Value, json};
use tokio::{signal, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    Stop,
    args::SpaceArgs,
    hub,
    input::{self, Given},
    lists, media, place, screen,
    space::teller::{Teller, words},
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
    let teller = Teller::new(asked.args.events, stop.clone());
    let done = ask(&asked, &playground, &stop, teller).await;
    // A Space that was stopped is told so before the process ends.
    let _ = timeout(REST, playground.close()).await;
    match done {
        Err(Stop::Failed(error)) if asked.args.events => {
            teller::tell(&json!({"kind": "failed", "error": error}));
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
    let Ending::Done(space) = opened else { return Ok(teller.cancelled()) };
    let Some(name) = &args.call else {
        return if args.json { hub::json(&space) } else { lists::show(describe(&space).into_iter()) };
    };
    let endpoint = space.endpoint(name).ok_or_else(|| unknown(&space, name))?;
    let inputs = inputs(endpoint, asked.given.as_ref())?;
    teller.stream(endpoint);
    let mut on = |progress: Progress<SpaceDelta>| match progress {
        Progress::Status(status) => teller.status(&status),
        Progress::Delta(delta) => teller.delta(&delta),
    };
    let ended = playground.call_space(&space, name, &inputs, stop, &mut on).await?;
    let Ending::Done(output) = ended else { return Ok(teller.cancelled()) };
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn endpoint() -> Endpoint {
        let one = |name: &str, kind| Parameter { name: name.into(), kind, ..Parameter::default() };
        let parameters = [
            one("seed", ParameterKind::Number),
            one("prompt", ParameterKind::Text),
            one("picture", ParameterKind::File),
        ];
        let mut endpoint = Endpoint::default();
        endpoint.parameters.extend(parameters);
        endpoint
    }

    #[test]
    fn an_input_is_an_object_a_text_or_a_file() {
        let text = |text: &str| inputs(&endpoint(), Some(&Given::Text(text.into()))).map(Value::Object);
        assert_eq!(text("a cat\n").unwrap(), json!({"prompt": "a cat"}));
        assert_eq!(text(r#" {"seed": 1, "prompt": "@me"}"#).unwrap(), json!({"seed": 1, "prompt": "@me"}));
        assert!(text("{").is_err());
        let gif = Media::new(&b"GIF89a"[..], "");
        let given = inputs(&endpoint(), Some(&Given::Media(gif.clone()))).unwrap();
        assert_eq!(given["picture"], gif.data_uri());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my picture.gif");
        std::fs::write(&path, &gif.bytes).unwrap();
        let named = text(&json!({"picture": format!("@{}", path.display())}).to_string()).unwrap();
        assert_eq!(
            (&named["picture"]["path"], &named["picture"]["orig_name"]),
            (&json!(gif.data_uri()), &json!("my picture.gif"))
        );
        let nothing = Endpoint::default();
        assert!(
            inputs(&nothing, Some(&Given::Text("x".into()))).is_err()
                && inputs(&nothing, None).unwrap().is_empty()
        );
    }

    #[test]
    fn the_first_file_goes_where_it_should_and_the_next_ones_beside_it() {
        let file =
            SpaceFile { output: 0, name: "image.png".into(), url: "data:,".parse().unwrap(), size: None };
        let at = |out: &str, at| path_of(Path::new(out), &file, at);
        assert_eq!((at("cat.png", 0), at("cat.png", 2)), ("cat.png".into(), "cat-3.png".into()));
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(path_of(folder.path(), &file, 1), folder.path().join("image-2.png"));
    }
}
