//! Calls the endpoints of Gradio Spaces and fetches the files that they make (hf-api 7.3 to 7.5).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use limerick_tasks::{Ending, Error, ErrorCode, Media, Progress, Result, Status};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Client;
use super::answer::{Answer, Broken};
use super::farewell::Farewell;
use super::send::Credentials;
use crate::address;
use crate::error::{self, Failure};
use crate::gradio::{
    self, Config, Cookies, Data, Endpoint, Protocol, Reading, Space, SpaceDelta, SpaceFile, SpaceOutput,
};
use crate::sse::{Decoder, Event};
use crate::wire::{Body, Method, Request, Response};

/// Where the progress of a call is told.
type Tell<'a> = &'a mut (dyn FnMut(Progress<SpaceDelta>) + Send);

/// Reads an event of a call.
type Read<'a> = fn(&mut Reading<'a>, &Event, Tell<'_>) -> Result<Option<SpaceOutput>>;

/// One call, and what it goes with.
struct Call<'a> {
    space: &'a Space,
    endpoint: &'a Endpoint,
    credentials: Credentials,
    /// Names the call's stream of events.
    session: String,
    cookies: Mutex<Cookies>,
}

impl Client {
    /// Calls an endpoint of a Space: tells its progress through `on`, then ends exactly once.
    ///
    /// `inputs` are named parameters; a file is a `data:` URI, an https address or a file object of Gradio's.
    /// The deltas told add up to the output. Cancelling is told to the Space and is no error.
    ///
    /// # Errors
    /// `input` for a missing or unknown parameter, `limit` or `credits` when a quota is used up, `provider`
    /// when the Space fails; and the errors of any call.
    pub async fn call_space(
        &self,
        space: &Space,
        endpoint: &str,
        inputs: &Map<String, Value>,
        cancel: &CancellationToken,
        on: Tell<'_>,
    ) -> Result<Ending<SpaceOutput>> {
        let endpoint = space.endpoint(endpoint).ok_or_else(|| gradio::no_endpoint(space, endpoint))?;
        let data = gradio::arrange(endpoint, inputs, space.max_file_size)?;
        let call = Call::new(space, endpoint);
        // On the heap, so that callers stay small.
        let work = Box::pin(self.work(&call, data, on));
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(Ending::Cancelled),
            done = self.within_total(work) => done.map(Ending::Done).map_err(|error| call.credentials.scrub(error)),
        }
    }

    async fn work(&self, call: &Call<'_>, data: Data, on: Tell<'_>) -> Result<SpaceOutput> {
        on(Progress::Status(Status::Sent { provider: None }));
        let values = if data.uploads.is_empty() { data.values } else { self.upload(call, data).await? };
        if !call.endpoint.wire.queued && call.endpoint.name.starts_with('/') {
            return self.call_at_once(call, values, on).await;
        }
        if call.space.protocol == Protocol::NoQueue {
            return self.call_simply(call, values, on).await;
        }
        let body = json!({"data": values, "fn_index": call.endpoint.wire.fn_index, "session_hash": call.session, "event_data": null, "trigger_id": null});
        let joined = self.accepted(call, &call.post("/queue/join", body), on).await;
        let event_id = match joined {
            Ok(answer) => event_id(&answer)?,
            // No queue there after all.
            Err(error) if matches!(error.status, Some(404 | 405)) => {
                return self.call_simply(call, values, on).await;
            }
            Err(error) => return Err(error),
        };
        let mut url = address::join(&call.space.api, "/queue/data");
        url.query_pairs_mut().append_pair("session_hash", &call.session);
        self.listen(call, url, event_id, Reading::queue, on).await
    }

    /// An endpoint outside the queue answers the question itself.
    async fn call_at_once(&self, call: &Call<'_>, values: Vec<Value>, on: Tell<'_>) -> Result<SpaceOutput> {
        let body = json!({"data": values, "session_hash": call.session});
        let request = call.post(&format!("/run{}", call.endpoint.name), body);
        let answer = self.whole_answer(call, &request).await.map_err(|failure| failure.error)?;
        Reading::new(call.space, call.endpoint, String::new()).whole(answer.json()?, on)
    }

    /// The route for an app without a queue.
    async fn call_simply(&self, call: &Call<'_>, values: Vec<Value>, on: Tell<'_>) -> Result<SpaceOutput> {
        let path = format!("/call{}", call.endpoint.name);
        let body = json!({"data": values, "session_hash": call.session});
        let answer = self.accepted(call, &call.post(&path, body), on).await?;
        let event_id = event_id(&answer)?;
        let url = address::join(&call.space.api, &format!("{path}/{event_id}"));
        self.listen(call, url, event_id, Reading::simple, on).await
    }

    async fn upload(&self, call: &Call<'_>, data: Data) -> Result<Vec<Value>> {
        let mut url = address::join(&call.space.api, "/upload");
        url.query_pairs_mut().append_pair("upload_id", &word());
        let body = Body::Multipart(data.form());
        let request = Request { method: Method::Post, body, ..Request::get(url) };
        let answer = self.whole_answer(call, &request).await.map_err(|failure| failure.error)?;
        data.uploaded(&answer.json()?)
    }

    /// Asks until the Space accepts the call; only a refusal that is sure to be one (429, 503) is tried again.
    async fn accepted(&self, call: &Call<'_>, request: &Request, on: Tell<'_>) -> Result<Value> {
        let mut failed = 0;
        loop {
            let Failure { error, retry } = match self.whole_answer(call, request).await {
                Ok(answer) => return answer.json(),
                Err(failure) => failure,
            };
            failed += 1;
            let retry = retry.filter(|_| matches!(error.status, Some(429 | 503)));
            let Some(wait) = self.config().retries.wait(retry, failed) else { return Err(error) };
            let reason = call.credentials.scrub(error).message;
            let after = wait.as_secs_f64();
            on(Progress::Status(Status::Retrying { after, attempt: failed + 1, reason }));
            tokio::time::sleep(wait).await;
        }
    }

    /// Reads the events of an accepted call until its answer is whole; left before that, the Space is told so.
    async fn listen<'a>(
        &self,
        call: &Call<'a>,
        url: Url,
        event_id: String,
        read: Read<'a>,
        on: Tell<'_>,
    ) -> Result<SpaceOutput> {
        let mut farewell = Farewell::new(self, &call.credentials);
        farewell.set(Some(call.calling_off(&event_id)));
        let mut reading = Reading::new(call.space, call.endpoint, event_id);
        let mut answer = self.good(call, &Request::get(url)).await.map_err(|failure| failure.error)?;
        let mut decoder = Decoder::default();
        loop {
            let (events, ended) = match answer.body.next().await {
                Ok(Some(piece)) => (decoder.push(&piece).collect::<Vec<_>>(), false),
                Ok(None) => (decoder.finish().into_iter().collect(), true),
                Err(Broken::Closed(detail)) => return Err(reading.closed().with_detail(detail)),
                Err(broken) => return Err(broken.into_error()),
            };
            for event in events {
                if let Some(ended) = read(&mut reading, &event, on).transpose() {
                    farewell.set(None);
                    return ended;
                }
            }
            if ended {
                return Err(reading.closed());
            }
        }
    }

    async fn whole_answer(
        &self,
        call: &Call<'_>,
        request: &Request,
    ) -> std::result::Result<Response, Failure> {
        let (response, broken) = self.good(call, request).await?.whole().await;
        broken.map_or(Ok(response), |broken| Err(broken.into_error().into()))
    }

    /// Sends with the call's cookies; an answer with an error status is read.
    async fn good(&self, call: &Call<'_>, request: &Request) -> std::result::Result<Answer, Failure> {
        let answer = self.exchange(&call.dressed(request.clone()), &call.credentials).await?;
        call.cookies().take(&answer.head);
        if answer.is_good() {
            return Ok(answer);
        }
        let response = answer.into_error_response().await;
        Err(gradio::from_answer(&response, &call.space.teller(), SystemTime::now()))
    }

    /// Fetches a file that a Space made, of at most `limit` bytes. The token goes to the Space itself only.
    ///
    /// # Errors
    /// `format` when it is larger, or its address is none that a Space may name; and the errors of any call.
    pub async fn space_file(&self, space: &Space, file: &SpaceFile, limit: u64) -> Result<Media> {
        if !gradio::may_be_fetched(&file.url, &space.url) {
            let message = "The Space names an address that its files cannot have: the file is left out.";
            return Err(Error::new(ErrorCode::Format, message));
        }
        if file.url.scheme() == "data" {
            let media = Media::from_data_uri(file.url.as_str());
            let media = media.map_err(|error| Error { code: ErrorCode::Format, ..error })?;
            let fits = media.bytes.len() as u64 <= limit;
            return if fits { Ok(media) } else { Err(gradio::too_large(limit)) };
        }
        let credentials = Credentials::of(space.key.as_ref());
        let got = self.within_total(self.fetch(space, &file.url, &credentials, limit)).await;
        let (bytes, said) = got.map_err(|error| credentials.scrub(error))?;
        Ok(Media::new(bytes, &said))
    }

    async fn fetch(
        &self,
        space: &Space,
        url: &Url,
        credentials: &Credentials,
        limit: u64,
    ) -> Result<(Bytes, String)> {
        let asked = if url.origin() == space.url.origin() {
            self.exchange(&Request::get(url.clone()), credentials).await
        } else {
            self.file(url, &space.url).await
        };
        let mut answer = asked.map_err(|failure| failure.error)?;
        if !answer.is_good() {
            let response = answer.into_error_response().await;
            return Err(error::from_response(&response, SystemTime::now()).error);
        }
        answer.body.allow(usize::try_from(limit).unwrap_or(usize::MAX));
        let (bytes, broken) = answer.body.rest(Bytes::new()).await;
        match broken {
            None => Ok((bytes, answer.head.media_type())),
            Some(Broken::TooLarge) => Err(gradio::too_large(limit)),
            Some(broken) => Err(broken.into_error()),
        }
    }
}

impl<'a> Call<'a> {
    fn new(space: &'a Space, endpoint: &'a Endpoint) -> Self {
        let credentials = Credentials::of(space.key.as_ref());
        Self { space, endpoint, credentials, session: word(), cookies: Mutex::default() }
    }

    fn post(&self, path: &str, body: Value) -> Request {
        Request::post(address::join(&self.space.api, path), body)
    }

    fn cookies(&self) -> MutexGuard<'_, Cookies> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// With the cookies that were set so far.
    fn dressed(&self, mut request: Request) -> Request {
        request.headers.extend(self.cookies().header().map(|cookies| ("Cookie", cookies)));
        request
    }

    /// What tells the Space that nobody waits any more.
    fn calling_off(&self, event_id: &str) -> Request {
        let body = json!({"session_hash": self.session, "fn_index": self.endpoint.wire.fn_index, "event_id": event_id});
        let path = if Config::cancels(&self.space.version) { "/cancel" } else { "/reset" };
        self.dressed(self.post(path, body))
    }
}

/// A call's id goes into an address, so it must be a plain word.
fn event_id(answer: &Value) -> Result<String> {
    let plain = |id: &&str| {
        !id.is_empty()
            && id.len() <= 200
            && id.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    };
    let id = answer.get("event_id").and_then(Value::as_str).filter(plain);
    id.map(str::to_owned).ok_or_else(|| {
        let message = "The Space did not say whether it accepted the call: try again.";
        Error::new(ErrorCode::Format, message).with_detail(answer)
    })
}

/// A random word of 16 letters and digits.
fn word() -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(16).collect()
}
