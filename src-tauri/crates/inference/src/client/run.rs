//! A task from its input to its one ending: tries, streams, polls, deltas.

use bytes::Bytes;
use limerick_tasks::{Ending, Error, ErrorCode, Progress, Result, Status};
use std::time::SystemTime;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Client;
use super::answer::{Answer, Body, Broken};
use super::choice::offer_next;
use super::farewell::Farewell;
use super::plan::{Plan, Route};
use crate::error::{self, Again, Failure};
use crate::providers::{Reader, Step, WireTask};
use crate::sse::Decoder;
use crate::wire::{Head, Reply, Request, Response};

/// Where the progress of a task is told.
type Tell<'a, D> = &'a mut (dyn FnMut(Progress<D>) + Send);

impl Client {
    /// Runs a task: tells its progress through `on`, then ends exactly once.
    ///
    /// The deltas told add up to the output. Cancelling drops the connection at once and is no error.
    ///
    /// # Errors
    /// One code and one sentence; deltas that were told before stay valid.
    pub async fn run<T: WireTask>(
        &self,
        route: &Route,
        input: &T::Input,
        cancel: &CancellationToken,
        on: Tell<'_, T::Delta>,
    ) -> Result<Ending<T::Output>> {
        // On the heap, so that callers stay small.
        let work = Box::pin(async {
            T::check(input)?;
            let plan = self.plan::<T>(route, input, &mut |status| on(Progress::Status(status))).await?;
            let done = self.tries(&plan, on).await;
            done.map_err(|error| plan.credentials.scrub(error))
        });
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(Ending::Cancelled),
            done = self.within_total(work) => done.map(Ending::Done),
        }
    }

    pub(super) async fn within_total<O>(&self, work: impl Future<Output = Result<O>>) -> Result<O> {
        let Some(total) = self.config().deadlines.total else { return work.await };
        tokio::time::timeout(total, work).await.unwrap_or_else(|_| {
            let message = format!("The answer took longer than {} seconds.", total.as_secs_f64());
            Err(Error::new(ErrorCode::Timeout, message))
        })
    }

    async fn tries<T: WireTask>(&self, plan: &Plan<T>, on: Tell<'_, T::Delta>) -> Result<T::Output> {
        for text in &plan.written.notes {
            on(Progress::Status(Status::Note { text: text.clone() }));
        }
        let mut failed = 0;
        loop {
            on(Progress::Status(Status::Sent { provider: plan.provider.clone() }));
            let failure = match self.try_once(plan, on).await {
                Ok(output) => return Ok(output),
                Err(failure) => failure,
            };
            failed += 1;
            if let Err(error) = self.wait_to_retry(failure, failed, plan, on).await {
                return Err(offer_next(named(error, plan), &plan.others));
            }
        }
    }

    /// Waits for the next try, telling of it; gives the error back when there is none. `failed` counts the tries
    /// that failed.
    async fn wait_to_retry<T: WireTask>(
        &self,
        failure: Failure,
        failed: u32,
        plan: &Plan<T>,
        on: Tell<'_, T::Delta>,
    ) -> Result<()> {
        let Some(wait) = self.config().retries.wait(failure.retry, failed) else {
            return Err(failure.error);
        };
        if let Some(Again::Loading(estimated_time)) = failure.retry {
            on(Progress::Status(Status::Loading { fraction: None, estimated_time }));
        }
        let reason = plan.credentials.scrub(failure.error).message;
        let after = wait.as_secs_f64();
        on(Progress::Status(Status::Retrying { after, attempt: failed + 1, reason }));
        tokio::time::sleep(wait).await;
        Ok(())
    }

    async fn try_once<T: WireTask>(
        &self,
        plan: &Plan<T>,
        on: Tell<'_, T::Delta>,
    ) -> std::result::Result<T::Output, Failure> {
        let answer = self.good_answer(&plan.written.request, plan).await?;
        let mut reply = receive(plan, answer, on).await?;
        let mut farewell = Farewell::new(self, &plan.credentials);
        loop {
            let next = match reply {
                Reply::Done(mut output) => {
                    if let Some(provider) = &plan.provider {
                        T::credit(&mut output, provider);
                    }
                    return Ok(output);
                }
                Reply::Next(next) => *next,
            };
            if let Some(status) = next.status {
                on(Progress::Status(status));
            }
            farewell.set(next.cancel);
            tokio::time::sleep(next.wait).await;
            let response = self.follow(&next.request, plan, on).await?;
            farewell.set(None);
            reply = (next.read)(&response)?;
        }
    }

    /// Asks on, with tries of its own: what was handed in and is paid for is never handed in again.
    async fn follow<T: WireTask>(
        &self,
        request: &Request,
        plan: &Plan<T>,
        on: Tell<'_, T::Delta>,
    ) -> Result<Response> {
        let mut failed = 0;
        loop {
            let failure = match self.follow_once(request, plan).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            failed += 1;
            let waited = self.wait_to_retry(failure, failed, plan, on).await;
            waited.map_err(|error| lost(error, request.keyless))?;
        }
    }

    async fn follow_once<T: WireTask>(
        &self,
        request: &Request,
        plan: &Plan<T>,
    ) -> std::result::Result<Response, Failure> {
        let (response, broken) = self.good_answer(request, plan).await?.whole().await;
        let Some(broken) = broken else { return Ok(response) };
        let retry = matches!(broken, Broken::Closed(_)).then_some(Again::Soon);
        Err(Failure { error: broken.into_error(), retry })
    }

    async fn good_answer<T: WireTask>(
        &self,
        request: &Request,
        plan: &Plan<T>,
    ) -> std::result::Result<Answer, Failure> {
        let answer = if request.keyless {
            self.file(&request.url, &plan.written.request.url).await?
        } else {
            self.exchange(request, &plan.credentials).await?
        };
        if answer.is_good() {
            return Ok(answer);
        }
        let provider = answer.head.header("x-inference-provider").map(str::to_owned);
        let mut failure = error::from_response(&answer.into_error_response().await, SystemTime::now());
        failure.error.provider = provider;
        Err(failure)
    }
}

/// A refusal after the job was taken is neither about the key nor about the model, and no reason to pay another
/// provider.
fn lost(error: Error, file: bool) -> Error {
    let message = match error.code {
        ErrorCode::Auth | ErrorCode::Model | ErrorCode::Input if file => {
            "The result is made, but its file could not be fetched: ask again."
        }
        ErrorCode::Model => "The provider no longer knows of the job: ask again.",
        _ => return error,
    };
    let status = error.status.unwrap_or_default();
    let detail = format!("status {status}: {}", error.detail.unwrap_or_default());
    Error {
        request_id: error.request_id,
        provider: error.provider,
        ..Error::new(ErrorCode::Provider, message)
    }
    .with_detail(detail)
}

/// Says who was asked, and where a gated model's terms are accepted.
fn named<T: WireTask>(mut error: Error, plan: &Plan<T>) -> Error {
    error.provider = error.provider.or_else(|| plan.provider.clone());
    error.page = plan.page.as_ref().filter(|_| error.code == ErrorCode::Gated).map(Url::to_string);
    error
}

/// Reads an answer with a good status, in whatever form it comes.
async fn receive<T: WireTask>(
    plan: &Plan<T>,
    mut answer: Answer,
    on: Tell<'_, T::Delta>,
) -> Result<Reply<T::Output>> {
    let first = answer.body.next().await.map_err(Broken::into_error)?.unwrap_or_default();
    let id = error::request_id(&answer.head);
    let reader = Some(()).filter(|()| is_stream(&answer.head, &first));
    let read = match reader.and_then(|()| plan.adapter.reader(&answer.head)) {
        Some(reader) => stream::<T>(reader, first, answer.body, on).await.map(Reply::Done),
        None => whole(plan, answer, first, on).await,
    };
    read.map_err(|error| Error { request_id: error.request_id.clone().or(id), ..error })
}

/// Decides by what came, not by what was asked: JSON and pages begin with `{`, `[` or `<`, events never do.
fn is_stream(head: &Head, first: &[u8]) -> bool {
    let begins = first.iter().find(|byte| !byte.is_ascii_whitespace());
    match head.media_type().as_str() {
        "text/event-stream" | "text/plain" | "" => begins.is_some_and(|byte| !b"{[<".contains(byte)),
        _ => first.starts_with(b"data:"),
    }
}

async fn whole<T: WireTask>(
    plan: &Plan<T>,
    answer: Answer,
    first: Bytes,
    on: Tell<'_, T::Delta>,
) -> Result<Reply<T::Output>> {
    let Answer { head, mut body } = answer;
    let (bytes, broken) = body.rest(first).await;
    if let Some(Broken::TooLarge) = broken {
        return Err(Broken::TooLarge.into_error());
    }
    let reply = plan.adapter.read(&plan.target, &Response { head, body: bytes });
    if let Ok(Reply::Done(output)) = &reply
        && let Some(delta) = T::as_delta(output)
    {
        on(Progress::Delta(delta));
    }
    match (broken, reply) {
        (None, reply) => reply,
        (Some(Broken::Closed(detail)), Ok(_)) => Err(incomplete(detail)),
        (Some(broken), _) => Err(broken.into_error()),
    }
}

fn incomplete(detail: String) -> Error {
    let message = "The connection broke before the end of the answer; what came is kept.";
    Error::new(ErrorCode::Incomplete, message).with_detail(detail)
}

async fn stream<T: WireTask>(
    mut reader: Box<dyn Reader<T>>,
    first: Bytes,
    mut body: Body,
    on: Tell<'_, T::Delta>,
) -> Result<T::Output> {
    let pumped = pump(reader.as_mut(), first, &mut body, on).await;
    if let Some(delta) = reader.flush() {
        on(Progress::Delta(delta));
    }
    let broken = pumped?;
    match (reader.end(), broken) {
        (Ok(output), _) => Ok(output),
        (Err(error), None) => Err(error),
        (Err(error), Some(Broken::Closed(detail) | Broken::Garbled(detail)))
            if error.code == ErrorCode::Incomplete =>
        {
            Err(error.with_detail(detail))
        }
        (Err(_), Some(broken)) => Err(broken.into_error()),
    }
}

/// Feeds the reader until the answer is whole, or the body ends or breaks.
async fn pump<T: WireTask>(
    reader: &mut dyn Reader<T>,
    first: Bytes,
    body: &mut Body,
    on: Tell<'_, T::Delta>,
) -> Result<Option<Broken>> {
    let mut decoder = Decoder::default();
    let mut piece = first;
    loop {
        for event in decoder.push(&piece) {
            match reader.event(&event)? {
                Step::Delta(delta) => on(Progress::Delta(delta)),
                Step::Nothing => {}
                Step::End => return Ok(None),
            }
        }
        piece = match body.next().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(broken) => return Ok(Some(broken)),
        };
    }
    if let Some(event) = decoder.finish()
        && let Step::Delta(delta) = reader.event(&event)?
    {
        on(Progress::Delta(delta));
    }
    Ok(None)
}
