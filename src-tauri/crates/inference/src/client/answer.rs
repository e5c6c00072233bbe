//! An answer that is coming in: pieces with an idle deadline and a cap on what they add up to.

use std::error::Error as _;
use std::io::ErrorKind;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use limerick_tasks::{Error, ErrorCode};
use tokio::time::{Instant, Sleep, sleep};

use super::send::chain;
use super::watch::Recording;
use crate::wire::{Head, Response};

/// The most of an error's body that is read.
const ERROR_CAP: usize = 64 << 10;
/// The longest that is waited for an error's body.
const ERROR_WAIT: Duration = Duration::from_secs(10);

/// A head, and a body that is yet to be read.
pub(super) struct Answer {
    pub(super) head: Head,
    pub(super) body: Body,
}

/// The body of an answer, decompressed.
pub(super) struct Body {
    response: reqwest::Response,
    idle: Idle,
    left: usize,
    /// Writes down what comes, for the wire view.
    pub(super) recording: Option<Recording>,
}

/// How long a piece is waited for. One timer serves all pieces of a body, and is set again when it goes off too early:
/// to set one for every piece would cost more than to read it.
struct Idle {
    limit: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Idle {
    fn new(limit: Duration) -> Self {
        Self { limit, timer: Box::pin(sleep(limit)) }
    }

    /// Waits until the limit has passed since then.
    async fn passed(&mut self, since: Instant) {
        loop {
            self.timer.as_mut().await;
            let left = self.limit.saturating_sub(since.elapsed());
            if left.is_zero() {
                return;
            }
            self.timer.set(sleep(left));
        }
    }
}

/// Why a body ended before its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// Nothing came for this long.
    Idle(Duration),
    /// More came than is allowed.
    TooLarge,
    /// The framing or the compression is broken.
    Garbled(String),
    /// The connection ended.
    Closed(String),
}

impl Broken {
    /// The error when nothing of the answer can be used.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Idle(idle) => {
                let message = format!("The answer stopped coming for {} seconds.", idle.as_secs_f64());
                Error::new(ErrorCode::Timeout, message)
            }
            Self::TooLarge => {
                Error::new(ErrorCode::Format, "The answer is far larger than an answer can be.")
            }
            Self::Garbled(detail) => {
                Error::new(ErrorCode::Format, "The server's answer came garbled.").with_detail(detail)
            }
            Self::Closed(detail) => {
                let message = "The connection broke before the answer was whole.";
                Error::new(ErrorCode::Incomplete, message).with_detail(detail)
            }
        }
    }
}

impl Body {
    pub(super) fn new(response: reqwest::Response, idle: Duration, cap: usize) -> Self {
        Self { response, idle: Idle::new(idle), left: cap, recording: None }
    }

    /// For answers that are known to be small.
    pub(super) fn cap(&mut self, most: usize) {
        self.left = self.left.min(most);
    }

    /// For result files, which may be larger than answers.
    pub(super) fn allow(&mut self, most: usize) {
        self.left = most;
    }

    /// For files, which have a limit of their own.
    pub(super) fn uncap(&mut self) {
        self.left = usize::MAX;
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Broken> {
        let since = Instant::now();
        let piece = tokio::select! {
            biased;
            piece = self.response.chunk() => piece.map_err(|cause| broken(&cause))?,
            () = self.idle.passed(since) => return Err(Broken::Idle(self.idle.limit)),
        };
        let Some(piece) = piece else { return Ok(None) };
        if let Some(recording) = &mut self.recording {
            recording.piece(&piece);
        }
        self.left = self.left.checked_sub(piece.len()).ok_or(Broken::TooLarge)?;
        Ok(Some(piece))
    }

    /// The rest, as far as it came, and why it ended when that was too early.
    pub(super) async fn rest(&mut self, first: Bytes) -> (Bytes, Option<Broken>) {
        let mut whole = BytesMut::from(first.as_ref());
        loop {
            match self.next().await {
                Ok(Some(piece)) => whole.extend_from_slice(&piece),
                Ok(None) => return (whole.freeze(), None),
                Err(broken) => return (whole.freeze(), Some(broken)),
            }
        }
    }
}

impl Answer {
    /// Whether the status is a success.
    pub(super) fn is_good(&self) -> bool {
        (200..300).contains(&self.head.status)
    }

    /// The whole answer, as far as it came, and why it ended when that was too early.
    pub(super) async fn whole(mut self) -> (Response, Option<Broken>) {
        let (body, broken) = self.body.rest(Bytes::new()).await;
        (Response { head: self.head, body }, broken)
    }

    /// The start of an error's body, as far as it comes soon.
    pub(super) async fn into_error_response(mut self) -> Response {
        self.body.left = ERROR_CAP;
        let mut text = BytesMut::new();
        let reading = async {
            while let Ok(Some(piece)) = self.body.next().await {
                text.extend_from_slice(&piece);
            }
        };
        // What came until then is enough.
        let _ = tokio::time::timeout(ERROR_WAIT, reading).await;
        Response { head: self.head, body: text.freeze() }
    }
}

/// Whether the connection ended too early, or what came cannot be right.
fn broken(cause: &reqwest::Error) -> Broken {
    let detail = chain(cause);
    let mut source = cause.source();
    while let Some(error) = source {
        match error.downcast_ref().map(std::io::Error::kind) {
            Some(ErrorKind::InvalidData | ErrorKind::InvalidInput) => return Broken::Garbled(detail),
            Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted) => {
                return Broken::Closed(detail);
            }
            _ => source = error.source(),
        }
    }
    if cause.is_decode() { Broken::Garbled(detail) } else { Broken::Closed(detail) }
}
