//! Starts runs: stored first, then sent to the engine or over the network, then ended once.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use limerick_inference::{Client, Route, Style};
use limerick_tasks::{self as tasks, Ending, Error, ErrorCode, Progress, Result, TextGeneration, TextInput};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use uuid::Uuid;

use crate::{
    Answers, Cached, Figures, Marks, Playground, Run, RunDelta, RunEvent, RunInput, RunOutput, RunState,
    StartRun,
    commands::{Id, Nothing},
    kept::{self, Kept},
    media,
    playground::lock,
    reach::{Found, Reach},
    running::{Live, Told},
    said,
    store::{
        conversations::{self, Placed},
        now,
        runs::{self, RunEnd},
    },
};

impl Playground {
    /// Starts a run: stored first, then sent; returns when it has ended. Dropping the future stops nothing.
    pub async fn start_run(
        &self,
        args: StartRun,
        on: impl Fn(RunEvent) + Send + Sync + 'static,
    ) -> Result<()> {
        Uuid::parse_str(&args.id).map_err(|_| refuse("A run's id is a UUID. Make a fresh one."))?;
        let live = self.inner.running.begin(&args.id, args.input.nothing_yet(), Box::new(on));
        let live = live.ok_or_else(|| refuse("This run is under way already."))?;
        let this = self.clone();
        // A task of its own, so that it goes on when nobody waits for it.
        let task = tokio::spawn(async move {
            if args.queued {
                Box::pin(this.see_through(&live, this.take_turns(args, &live))).await;
                this.leave_queue(&live).await;
            } else {
                Box::pin(this.see_through(&live, this.carry_out(args, &live))).await;
            }
        });
        task.await.map_err(|cause| Error::internal("finish this run", cause))
    }

    /// Does a run's work; should it fall, the run still has its ending.
    pub(crate) async fn see_through(&self, live: &Live, work: impl Future<Output = ()>) {
        if AssertUnwindSafe(work).catch_unwind().await.is_err() {
            self.inner.running.refuse(live, Error::internal("finish this run", "its task fell"));
        }
    }

    /// Follows a run that is under way; one that has ended gives its ending at once.
    pub async fn watch_run(
        &self,
        Id { id }: Id,
        on: impl Fn(RunEvent) + Send + Sync + 'static,
    ) -> Result<()> {
        let on = Arc::new(on);
        if let Some(live) = self.inner.running.find(&id) {
            let listener = on.clone();
            if live.watch(Box::new(move |event| listener(event))) {
                live.ended().await;
                return Ok(());
            }
        }
        on(ending_of(self.run(Id { id }).await?)?);
        Ok(())
    }

    /// Stops a run; what came is kept. An unknown run is remembered: the Stop may be faster than the start.
    pub async fn stop_run(&self, Id { id }: Id) -> Result<Nothing> {
        self.inner.running.stop(&id);
        Ok(Nothing {})
    }

    async fn carry_out(&self, args: StartRun, live: &Arc<Live>) {
        let found = self.find_connection(&args.connection).await;
        match self.store_run(&args, found.as_ref().ok()).await {
            Ok((run, placed)) => {
                live.tell(&started(placed));
                self.send(live, found, run, args.deadline).await;
            }
            Err(error) => self.inner.running.refuse(live, error),
        }
    }

    /// Sends a run that is stored, and follows it to its ending.
    pub(crate) async fn send(&self, live: &Live, found: Result<Found>, run: Run, deadline: Option<f64>) {
        let (tell, heard) = unbounded_channel();
        let kept = self.kept_answer(live, &run).await;
        let source = kept.as_ref().map(Kept::source);
        let work = async {
            match kept {
                Some(kept) => Ok(Ending::Done(kept.tell(&tell))),
                None => self.work(live, found, &run, tell).await,
            }
        };
        // On the heap, so that a run that waits takes no room for it yet.
        let work = Box::pin(within(deadline, work));
        let finish = |end: &mut RunEnd| match source {
            Some(source) => source.mark(end),
            None => self.add_what_is_known(&run, end),
        };
        self.inner.running.play(live, &self.inner.store, heard, work, finish).await;
        self.look_at_run(&run).await;
        self.learn_later();
    }

    /// Writes the run and its turn; what is returned holds what is asked as it will be sent.
    pub(crate) async fn store_run(
        &self,
        args: &StartRun,
        found: Option<&Found>,
    ) -> Result<(Run, Option<Placed>)> {
        let mut run = Run {
            id: args.id.clone(),
            state: if args.queued { RunState::Waiting } else { RunState::Running },
            created_at: now(),
            connection: args.connection.clone(),
            connection_name: found.map_or("removed connection", |found| &found.name).to_owned(),
            provider: named(args.provider.as_deref()).map(str::to_owned),
            model: self.model_name(found, &args.input),
            output: args.input.nothing_yet(),
            input: args.input.clone(),
            error: None,
            figures: Figures::default(),
            conversation: None,
            assistant_message: None,
            batch: args.batch.clone(),
            repeats: args.repeats.clone(),
            // Another answer to the same message, or more of it, is wanted where nothing is said.
            anew: args.anew || args.turn.as_ref().is_some_and(|turn| turn.text.is_none()),
            marks: Marks::default(),
        };
        let (turn, deadline) = (args.turn.clone(), args.deadline);
        let (instance, files) = (self.inner.store.instance().to_owned(), self.inner.files.clone());
        let insert = move |db: &mut rusqlite::Connection| {
            if let RunInput::TextGeneration(input) = &mut run.input {
                input.prompt = said::with_addresses(&input.prompt, |picture| files.keep(picture))?;
            }
            let placed = runs::insert(db, &mut run, deadline, &instance, |db, run| {
                let Some(turn) = &turn else { return Ok(None) };
                let placed = conversations::place(db, turn, &run.id)?;
                said::fill(&mut run.input, &placed.said, |name| media::read(&files, name))?;
                run.conversation = Some(placed.conversation.clone());
                run.assistant_message = Some(placed.assistant_message.clone());
                Ok(Some(placed))
            })?;
            Ok((run, placed))
        };
        self.inner.store.ask("store this run, so nothing was sent", insert).await
    }

    async fn work(
        &self,
        live: &Live,
        found: Result<Found>,
        run: &Run,
        tell: UnboundedSender<Told>,
    ) -> Result<Ending<RunOutput>> {
        let (found, input) = (found?, &run.input);
        if live.stop.is_cancelled() {
            return Ok(Ending::Cancelled);
        }
        if matches!(found.reach, Reach::Builtin) {
            return self.ask_builtin(live, input, &tell).await;
        }
        if let Reach::Space { place } = &found.reach {
            return self.ask_space(live, place, input, &tell).await;
        }
        let (client, route) = self.route(&found, run.provider.as_deref()).await?;
        let wire = live.wire.clone();
        let anew = run.anew || self.settings_now().answers == Answers::New;
        let client = client.watched(move |exchange| wire.add(exchange)).anew(anew);
        if let RunInput::TextGeneration(input) = input {
            let input = self.with_pictures(input).await?;
            return self.ask_for_text(live, &client, route, &input, &tell).await;
        }
        ask(&client, &route, input, live, &tell).await
    }

    /// A server whose style is not known is asked in `OpenAI`'s form; if it has no such route, in TGI's. One that
    /// was a TGI server and has no such route any more is asked in `OpenAI`'s. What answered is remembered.
    async fn ask_for_text(
        &self,
        live: &Live,
        client: &Client,
        mut route: Route,
        input: &TextInput,
        tell: &UnboundedSender<Told>,
    ) -> Result<Ending<RunOutput>> {
        let whole = |done| wrap(done, RunOutput::TextGeneration);
        let mut on = |told| pass_on(tell, told);
        let done = client.run::<TextGeneration>(&route, input, &live.stop, &mut on).await;
        let (Err(error), Route::Server(server)) = (&done, &mut route) else { return done.map(whole) };
        if server.style == Style::OpenAi || !has_no_route(error) {
            return done.map(whole);
        }
        let other = if server.style == Style::Auto { Style::Tgi } else { Style::OpenAi };
        server.style = other;
        let address = server.url.to_string();
        let second = client.run::<TextGeneration>(&route, input, &live.stop, &mut on).await;
        match &second {
            Err(error) if has_no_route(error) => return done.map(whole),
            Ok(Ending::Done(_)) => drop(lock(&self.inner.styles).insert(address, other)),
            _ => {}
        }
        second.map(whole)
    }

    /// Adds the price and, where the person named no model, the model that answered.
    fn add_what_is_known(&self, run: &Run, end: &mut RunEnd) {
        if run.connection == crate::reach::BUILTIN {
            // Which one looks at pictures is known once the conversation is.
            end.model = Some(self.name_inside(&run.input)).filter(|name| *name != run.model);
        }
        end.figures.cached = kept::was_kept_there(&end.exchanges).then_some(Cached::Server);
        if run.model.is_empty() && end.model.is_none() {
            end.model = end.output.model().map(str::to_owned);
        }
        if run.connection == crate::reach::HUGGING_FACE {
            let answered = end.provider.as_deref().or(run.provider.as_deref());
            end.figures.cost_usd = end.output.usage().and_then(|usage| {
                self.inner.catalogue.cost(&self.inner.network.router, &run.model, answered, usage)
            });
        }
    }
}

/// What a server says of a route that it does not have, or of a model.
fn has_no_route(error: &Error) -> bool {
    matches!(error.status, Some(404 | 405))
}

/// The run's ending as an event, for one that ended before.
fn ending_of(run: Run) -> Result<RunEvent> {
    let (output, figures) = (run.output, run.figures);
    let failed = |error| RunEvent::Failed { error, output: output.clone(), figures };
    Ok(match run.state {
        RunState::Waiting | RunState::Running => {
            return Err(refuse("This run belongs to another Limerick. Look again when it has ended."));
        }
        RunState::Done => RunEvent::Done { output, figures },
        RunState::Cancelled => RunEvent::Cancelled { output, figures },
        RunState::Failed => failed(run.error.unwrap_or_else(interrupted)),
        RunState::Interrupted => failed(interrupted()),
    })
}

fn interrupted() -> Error {
    let message =
        "Limerick went away while this answer came. What had come is kept; run it again for the rest.";
    Error::new(ErrorCode::Incomplete, message)
}

pub(crate) fn started(placed: Option<Placed>) -> RunEvent {
    let (conversation, user_message, assistant_message) = match placed {
        Some(placed) => (Some(placed.conversation), placed.user_message, Some(placed.assistant_message)),
        None => (None, None, None),
    };
    RunEvent::Started { conversation, user_message, assistant_message }
}

/// A provider that was asked for; the connection's own choice is `None`.
fn named(provider: Option<&str>) -> Option<&str> {
    provider.map(str::trim).filter(|name| !matches!(*name, "" | "auto"))
}

/// Asks over the network, whatever the task.
async fn ask(
    client: &Client,
    route: &Route,
    input: &RunInput,
    live: &Live,
    tell: &UnboundedSender<Told>,
) -> Result<Ending<RunOutput>> {
    macro_rules! each {
        ($($name:ident: $task:ident;)+) => {
            match input {
                $(RunInput::$task(input) => {
                    let mut on = |told| pass_on(tell, told);
                    // On the heap, so that twenty tasks take the room of one.
                    let asked = Box::pin(client.run::<tasks::$task>(route, input, &live.stop, &mut on));
                    Ok(wrap(asked.await?, RunOutput::$task))
                })+
            }
        };
    }
    tasks::for_each_task!(each)
}

pub(crate) fn pass_on<D: Into<RunDelta>>(tell: &UnboundedSender<Told>, told: Progress<D>) {
    // Nobody listens any more only when the run has ended.
    let _ = tell.send(match told {
        Progress::Status(status) => Progress::Status(status),
        Progress::Delta(delta) => Progress::Delta(delta.into()),
    });
}

pub(crate) fn wrap<O>(ending: Ending<O>, task: impl FnOnce(O) -> RunOutput) -> Ending<RunOutput> {
    match ending {
        Ending::Done(output) => Ending::Done(task(output)),
        Ending::Cancelled => Ending::Cancelled,
    }
}

/// Gives the work a deadline for all of it.
async fn within(
    seconds: Option<f64>,
    work: impl Future<Output = Result<Ending<RunOutput>>>,
) -> Result<Ending<RunOutput>> {
    let Some(limit) = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) else {
        return work.await;
    };
    let late = |_| {
        let message = format!(
            "The answer took longer than {} seconds. Give it more time, or ask for less.",
            limit.as_secs_f64()
        );
        Err(Error::new(ErrorCode::Timeout, message))
    };
    tokio::time::timeout(limit, work).await.unwrap_or_else(late)
}

fn refuse(message: &str) -> Error {
    Error::new(ErrorCode::Input, message)
}
