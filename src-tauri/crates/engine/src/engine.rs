//! The engine as the rest of the app sees it: a handle that can be cloned, two tasks, and `unload`.
//! One worker thread behind it owns the model; nothing here computes, so nothing here blocks.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use limerick_tasks::{
    ChatDelta, ChatInput, ChatOutput, Ending, Error, ErrorCode, Progress, Result, Status, TextDelta,
    TextInput, TextOutput,
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::answer::Answer;
use crate::ask::Ask;
use crate::models::ModelRef;
use crate::worker::{Event, Job, Order, Place, work};

/// How the engine uses the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineOptions {
    /// Tokens of prompt and answer together; a model that was trained on fewer gets fewer.
    pub context: u32,
    /// Threads that compute; `None` means one fewer than the machine has, at least 1 and at most 8.
    pub threads: Option<u32>,
    /// How long a model stays in memory unused.
    pub idle: Duration,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { context: 4096, threads: None, idle: Duration::from_secs(5 * 60) }
    }
}

impl EngineOptions {
    /// The number of threads that compute.
    ///
    /// llama.cpp's threads wait for each other by spinning at every step, so one thread too many costs far more than
    /// it brings as soon as anything else runs. Tokens written a second on 2 cores (the quick model, built without
    /// OpenMP, medians of 3): quiet 94 with 1 thread, 150 with 2; beside one busy process 86 and 31; beside three
    /// 20 and 5. The window itself needs a core while text streams in.
    pub fn threads(&self) -> u32 {
        let machine =
            std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(8));
        self.threads.unwrap_or_else(|| machine.saturating_sub(1).clamp(1, 8))
    }
}

/// Runs built-in models. Cheap to clone; the model leaves memory when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: EngineOptions,
    orders: Mutex<Option<Sender<Order>>>,
    waiting: Arc<AtomicU32>,
}

impl Engine {
    /// An engine that loads nothing until it is asked something.
    pub fn new(options: EngineOptions) -> Self {
        Self { shared: Arc::new(Shared { options, orders: Mutex::new(None), waiting: Arc::default() }) }
    }

    /// Says what comes next in a conversation. `on` hears status and text in order.
    /// Pictures go in as `data:` URIs, to a model with a projector.
    ///
    /// Cancelling returns at once, with `Cancelled`; the worker stops before its next token, piece of prompt or
    /// picture. A picture that it is looking at is looked at to the end.
    ///
    /// # Errors
    /// `Input` for parameters or prompts that do not fit, `Model` or `Internal` when the model cannot be loaded.
    pub async fn chat(
        &self,
        model: ModelRef,
        input: &ChatInput,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<ChatDelta>) + Send),
    ) -> Result<Ending<ChatOutput>> {
        let (streams, ask) = (input.stream != Some(false), Ask::chat(input)?);
        if ask.has_pictures() && model.projector.is_none() {
            let advice = "This model reads text only; take the picture out, or pick a model that sees.";
            return Err(Error::new(ErrorCode::Input, advice));
        }
        let ending = self
            .answer(model, ask, cancel, &mut |progress| match progress {
                Progress::Status(status) => on(Progress::Status(status)),
                Progress::Delta(text) if streams => {
                    on(Progress::Delta(ChatDelta { text, ..ChatDelta::default() }));
                }
                Progress::Delta(_) => {}
            })
            .await?;
        Ok(map(ending, Answer::into_chat))
    }

    /// Goes on from a raw prompt. `on` hears status and text in order. Cancels and fails as `chat` does.
    ///
    /// # Errors
    /// As `chat`.
    pub async fn text(
        &self,
        model: ModelRef,
        input: &TextInput,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<TextDelta>) + Send),
    ) -> Result<Ending<TextOutput>> {
        let streams = input.stream != Some(false);
        let mut full =
            if input.return_full_text == Some(true) { input.prompt.clone() } else { String::new() };
        let ask = Ask::text(input)?;
        let mut before = full.clone();
        let ending = self
            .answer(model, ask, cancel, &mut |progress| match progress {
                Progress::Status(status) => on(Progress::Status(status)),
                Progress::Delta(text) if streams => {
                    let text = std::mem::take(&mut before) + &text;
                    on(Progress::Delta(TextDelta { text }));
                }
                Progress::Delta(_) => {}
            })
            .await?;
        if streams && !before.is_empty() && matches!(ending, Ending::Done(_)) {
            on(Progress::Delta(TextDelta { text: before }));
        }
        Ok(map(ending, |answer| {
            full.push_str(&answer.text);
            Answer { text: full, ..answer }.into_text()
        }))
    }

    /// Frees the model's memory and returns when it is free. What runs is finished first.
    pub async fn unload(&self) {
        let (done, freed) = oneshot::channel();
        let orders = self.shared.orders.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(orders) = orders {
            let _ = orders.send(Order::Unload(done));
            let _ = freed.await;
        }
    }

    async fn answer(
        &self,
        model: ModelRef,
        ask: Ask,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<String>) + Send),
    ) -> Result<Ending<Answer>> {
        let stop = cancel.child_token();
        let _stops_when_dropped = stop.clone().drop_guard();
        let (events, mut heard) = mpsc::unbounded_channel();
        let (place, before) = Place::take(&self.shared.waiting);
        if before > 0 {
            on(Progress::Status(Status::Queued { position: Some(before) }));
        }
        self.submit(Order::Run(Box::new(Job { model, ask, stop, events, _place: place })))?;
        loop {
            let event = tokio::select! {
                biased;
                () = cancel.cancelled() => match heard.try_recv() {
                    Ok(event) => Some(event),
                    Err(_) => return Ok(Ending::Cancelled),
                },
                event = heard.recv() => event,
            };
            match event {
                Some(Event::Status(status)) => on(Progress::Status(status)),
                Some(Event::Text(text)) => on(Progress::Delta(text)),
                Some(Event::Ended(ending)) => return *ending,
                None => return Err(Error::internal("finish the answer", "the engine's thread ended")),
            }
        }
    }

    /// Hands an order to the worker; starts one where there is none, or where the last one fell.
    fn submit(&self, order: Order) -> Result<()> {
        let mut orders = self.shared.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let order = match &*orders {
            Some(running) => match running.send(order) {
                Ok(()) => return Ok(()),
                Err(returned) => returned.0,
            },
            None => order,
        };
        let (sender, receiver) = channel();
        let options = self.shared.options.clone();
        std::thread::Builder::new()
            .name("engine".into())
            .spawn(move || work(&receiver, &options))
            .map_err(|cause| Error::internal("start the engine", cause))?;
        let _ = sender.send(order);
        *orders = Some(sender);
        Ok(())
    }
}

impl Place {
    /// Takes a place in the line and says how many are before it.
    fn take(line: &Arc<AtomicU32>) -> (Self, u32) {
        let before = line.fetch_add(1, Ordering::Relaxed);
        (Self(Arc::clone(line)), before)
    }
}

fn map<A, B>(ending: Ending<A>, into: impl FnOnce(A) -> B) -> Ending<B> {
    match ending {
        Ending::Done(answer) => Ending::Done(into(answer)),
        Ending::Cancelled => Ending::Cancelled,
    }
}
