//! `limerick run`: starts a run, tells its events, and stops it at Ctrl-C.

use std::{io, path::Path, process::ExitCode, time::Duration};

use limerick_playground::{Figures, Playground, RunEvent, RunInput, RunOutput, StartRun, commands::Id};
use limerick_tasks::{ChatOutput, Error};
use serde_json::{Map, Value, json};
use tokio::{
    signal,
    sync::{
        mpsc::{UnboundedReceiver, unbounded_channel},
        oneshot,
    },
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Stop,
    args::{Kind, RunArgs},
    input, media, place, screen,
    tasks::{self, Row},
    teller::{Ended, Teller},
};

/// How long a reader that stands still is waited for after Ctrl-C.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long the engine is waited for at the end: a piece of a long prompt can take it a while to stop.
const REST: Duration = Duration::from_secs(5);

/// A run whose command line makes sense.
pub(crate) struct Asked {
    args: RunArgs,
    kind: Kind,
    row: &'static Row,
    fields: Map<String, Value>,
}

impl Asked {
    /// Checks what can be checked before anything is sent.
    pub(crate) fn read(args: RunArgs) -> Result<Self, Stop> {
        let kind = args.place.kind(args.provider.as_deref())?;
        args.place.token.check()?;
        if let Some(file) = &args.out {
            check_out(file)?;
        }
        let row = tasks::named(&args.task)?;
        let mut fields = input::fields(row, input::given(&args.input)?, args.model.as_deref())?;
        speech(&args, &mut fields)?;
        pictures(&args.image, row, &mut fields)?;
        let named = fields.get("model").and_then(Value::as_str).is_some_and(|model| !model.is_empty());
        if kind == Kind::Hf && !named {
            return Err(Stop::Usage(
                "Hugging Face needs a model. Name one with --model; `limerick models --connection hf` lists them."
                    .into(),
            ));
        }
        Ok(Self { args, kind, row, fields })
    }

    /// The input as the task wants it; an https address of a picture or a sound is fetched now.
    async fn input(&self) -> Result<RunInput, Stop> {
        let mut fields = self.fields.clone();
        media::resolve(self.row, &mut fields).await?;
        tasks::read(self.row.name, fields)
    }
}

/// Puts the voice and its speed where providers look for them.
fn speech(args: &RunArgs, fields: &mut Map<String, Value>) -> Result<(), Stop> {
    let voice = args.voice.clone().map(|voice| ("voice", Value::from(voice)));
    let said = [voice, args.speed.map(|speed| ("speed", speed.into()))];
    for (name, value) in said.into_iter().flatten() {
        if args.task != "text_to_speech" {
            return Err(Stop::Usage(format!("--{name} goes with text_to_speech. Take it away.")));
        }
        let extra = fields.entry("extra_body").or_insert_with(|| Map::new().into());
        if let Some(extra) = extra.as_object_mut() {
            extra.insert(name.to_owned(), value);
        }
    }
    Ok(())
}

/// Shows pictures with the last thing that the person says, or puts the one into the task's own field.
fn pictures(images: &[String], row: &Row, fields: &mut Map<String, Value>) -> Result<(), Stop> {
    let [first, more @ ..] = images else { return Ok(()) };
    if row.media == "image" && more.is_empty() {
        let path = first.strip_prefix('@').unwrap_or(first);
        let value = if first.starts_with("https://") { first.clone() } else { format!("@{path}") };
        fields.insert(row.media.to_owned(), value.into());
        return Ok(());
    }
    if row.text != "messages" {
        let words = if row.media == "image" { "takes one --image" } else { "takes no --image" };
        return Err(Stop::Usage(format!("{} {words}. Correct it.", row.name)));
    }
    let messages = fields.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten();
    let Some(last) = messages.filter(|message| message["role"] == "user").last() else {
        return Err(Stop::Usage("--image goes with what a person says: add a message of role user.".into()));
    };
    let mut parts = Vec::new();
    for image in images {
        parts.push(json!({"type": "image_url", "image_url": {"url": media::picture(image)?}}));
    }
    match last["content"].take() {
        Value::Array(said) => parts.extend(said),
        text => parts.push(json!({"type": "text", "text": text})),
    }
    last["content"] = parts.into();
    Ok(())
}

fn check_out(file: &Path) -> Result<(), Stop> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if file.is_dir() || file.file_name().is_none() || folder.is_some_and(|folder| !folder.is_dir()) {
        let file = file.display();
        return Err(Stop::Usage(format!(
            "--out {file} cannot be a file. Make its folder, or choose another."
        )));
    }
    Ok(())
}

/// Runs it to its ending.
pub(crate) async fn run(asked: Asked) -> Result<ExitCode, Stop> {
    let stop = CancellationToken::new();
    let interrupted = stop.clone();
    tokio::spawn(async move {
        if signal::ctrl_c().await.is_ok() {
            interrupted.cancel();
        }
    });
    let events = asked.args.events;
    match prepare(&asked).await {
        Ok((playground, start)) => {
            let code = follow(asked, &playground, start, stop).await;
            // The history is written and the ending told by now; a thread that takes longer is left to itself.
            let _ = timeout(REST, playground.close()).await;
            Ok(code)
        }
        Err(Stop::Failed(error)) if events => Ok(tell_early(error)),
        Err(other) => Err(other),
    }
}

async fn prepare(asked: &Asked) -> Result<(Playground, StartRun), Stop> {
    let input = asked.input().await?;
    let playground = place::open()?;
    let connection = asked.args.place.connection(&playground, asked.kind).await?;
    let start = StartRun {
        provider: asked.args.provider.clone(),
        deadline: asked.args.deadline,
        ..StartRun::new(connection, input)
    };
    Ok((playground, start))
}

/// The one event of a run that could not even be stored.
fn tell_early(error: Error) -> ExitCode {
    let output = RunOutput::ChatCompletion(ChatOutput::default());
    let failed = RunEvent::Failed { error, output, figures: Figures::default() };
    // Whoever has gone hears nothing; the exit code is the same.
    let _ = Teller::new(true, None).tell(&failed);
    ExitCode::FAILURE
}

async fn follow(asked: Asked, playground: &Playground, start: StartRun, stop: CancellationToken) -> ExitCode {
    let (tell, heard) = unbounded_channel();
    let teller = Teller::new(asked.args.events, asked.args.out);
    let told = tell_in_order(teller, heard, stop.clone());
    let id = start.id.clone();
    let stopping = async {
        stop.cancelled().await;
        playground.stop_run(Id { id }).await
    };
    let running = playground.start_run(start, move |event| {
        // Nobody hears any more only when stdout is gone.
        let _ = tell.send(event);
    });
    let patience = async {
        stop.cancelled().await;
        sleep(PATIENCE).await;
    };
    tokio::pin!(running, stopping);
    let started = tokio::select! {
        done = &mut running => done,
        _ = &mut stopping => running.await,
    };
    if let Err(error) = started {
        return Stop::Failed(error).tell();
    }
    tokio::select! {
        biased;
        ended = told => ended.map_or(ExitCode::FAILURE, exit_code),
        () = patience => ExitCode::from(130),
    }
}

/// Tells the events on a thread of their own: a reader that stands still holds up nothing else. Stops the run
/// when they cannot be told.
fn tell_in_order(
    mut teller: Teller,
    mut heard: UnboundedReceiver<RunEvent>,
    stop: CancellationToken,
) -> oneshot::Receiver<io::Result<Option<Ended>>> {
    let (done, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ended = Ok(None);
        while let Some(event) = heard.blocking_recv() {
            ended = teller.tell(&event);
            if !matches!(ended, Ok(None)) {
                break;
            }
        }
        if ended.is_err() {
            stop.cancel();
        }
        // The main thread waits for this, or has left.
        let _ = done.send(ended);
    });
    told
}

fn exit_code(ended: io::Result<Option<Ended>>) -> ExitCode {
    match ended {
        Ok(Some(Ended::Done)) => ExitCode::SUCCESS,
        Ok(Some(Ended::Cancelled)) => ExitCode::from(130),
        Ok(Some(Ended::Failed) | None) => ExitCode::FAILURE,
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(cause) => {
            screen::say(&format!(
                "The answer could not be written: {cause}. What had come is in `limerick history`."
            ));
            ExitCode::FAILURE
        }
    }
}
