//! Gets a file: resumable, capped, the key to its origin only and never to the file's own host.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use limerick_tasks::{Ending, Error, ErrorCode, Result};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, LOCATION, RANGE};
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Client;
use super::answer::Answer;
use super::send::network_failure;
use crate::error::{self, Again, Failure};
use crate::key::Key;

/// A file to get.
#[derive(Debug, Clone)]
pub struct Download {
    /// Where it is.
    pub url: Url,
    /// Where it goes; until it is whole it is called the same with `.part` behind.
    pub dest: PathBuf,
    /// The largest size in bytes that is accepted.
    pub limit: u64,
    /// A key for the origin of `url`; other hosts on the way do not see it.
    pub key: Option<Key>,
}

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Bytes on disk.
    pub done: u64,
    /// Bytes in all, where the server says it.
    pub total: Option<u64>,
}

impl Client {
    /// Gets a file, going on where an earlier try ended. Its size is the result; checking a hash is the
    /// caller's part. Cancelling keeps the `.part` file.
    ///
    /// # Errors
    /// Those of any call; `internal` when the disk fails; `format` when the file is larger than its limit.
    pub async fn download(
        &self,
        what: &Download,
        on: &mut (dyn FnMut(Received) + Send),
        cancel: &CancellationToken,
    ) -> Result<Ending<u64>> {
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(Ending::Cancelled),
            done = self.download_in_tries(what, on) => done.map(Ending::Done),
        }
    }

    async fn download_in_tries(&self, what: &Download, on: &mut (dyn FnMut(Received) + Send)) -> Result<u64> {
        let part = part_of(&what.dest);
        let (mut failed, mut before) = (0, 0);
        loop {
            let failure = match self.download_once(what, &part, on).await {
                Ok(size) => {
                    let renamed = tokio::fs::rename(&part, &what.dest).await;
                    return renamed.map(|()| size).map_err(|cause| disk(&cause));
                }
                Err(failure) => failure,
            };
            // A try that brought something is as good as the first.
            let have = size_of(&part).await;
            failed = if have > before { 1 } else { failed + 1 };
            before = have;
            match self.config().retries.wait(failure.retry, failed) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(failure.error),
            }
        }
    }

    async fn download_once(
        &self,
        what: &Download,
        part: &Path,
        on: &mut (dyn FnMut(Received) + Send),
    ) -> std::result::Result<u64, Failure> {
        let have = size_of(part).await;
        let mut answer = self.open(&what.url, what.key.as_ref(), have).await?;
        answer.body.uncap();
        let range = answer.head.headers.get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
        let from = match (answer.head.status, range.map(parse_range)) {
            (206, Some((Some(start), _))) if start == have => have,
            (200, _) => 0,
            (416, Some((_, Some(total)))) if total == have => return Ok(have),
            (206 | 416, _) => {
                tokio::fs::remove_file(part).await.map_err(|cause| disk(&cause))?;
                let error = Error::new(
                    ErrorCode::Network,
                    "The server could not go on with the file: starting again.",
                );
                return Err(Failure { error, retry: Some(Again::Soon) });
            }
            _ => return Err(error::from_response(&answer.into_error_response().await, SystemTime::now())),
        };
        let length = answer.head.header("content-length").and_then(|value| value.parse::<u64>().ok());
        let total = length.map(|length| length + from);
        if total.is_some_and(|total| total > what.limit) {
            return Err(too_large(part, what.limit).await);
        }
        store(answer, part, Received { done: from, total }, what.limit, on).await
    }

    /// Asks for a file from its byte `have` on. Follows redirects to any host; only the key's origins see it.
    pub(super) async fn open(
        &self,
        url: &Url,
        key: Option<&Key>,
        have: u64,
    ) -> std::result::Result<Answer, Failure> {
        let mut url = url.clone();
        for _ in 0..=5 {
            let mut request = self.http(&url).get(url.clone()).header(ACCEPT_ENCODING, "identity");
            if have > 0 {
                request = request.header(RANGE, format!("bytes={have}-"));
            }
            if let Some((name, value)) = key.and_then(|key| key.header_for(&url)) {
                request = request.header(name, value);
            }
            let sent = tokio::time::timeout(self.config().deadlines.first_byte, request.send()).await;
            let late = |_| Failure {
                error: Error::new(ErrorCode::Timeout, "The file's server did not answer in time."),
                retry: Some(Again::Soon),
            };
            let response = sent.map_err(late)?.map_err(|cause| network_failure(&cause, &url))?;
            if !response.status().is_redirection() {
                return Ok(self.answer(response));
            }
            let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let target = target.and_then(|target| url.join(target).ok());
            let lost =
                || Error::new(ErrorCode::Format, "The server sends us elsewhere without saying where.");
            let target = target.ok_or_else(lost)?;
            if url.scheme() == "https" && target.scheme() != "https" {
                return Err(Error::new(
                    ErrorCode::Format,
                    "The server sends us to an address without encryption.",
                )
                .into());
            }
            url = target;
        }
        Err(Error::new(ErrorCode::Format, "The server sends us in circles: check the address.").into())
    }
}

async fn store(
    mut answer: Answer,
    part: &Path,
    mut received: Received,
    limit: u64,
    on: &mut (dyn FnMut(Received) + Send),
) -> std::result::Result<u64, Failure> {
    let mut file = open_part(part, received.done > 0).await.map_err(|cause| disk(&cause))?;
    on(received);
    loop {
        let piece = match answer.body.next().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(broken) => {
                file.flush().await.map_err(|cause| disk(&cause))?;
                return Err(Failure { error: broken.into_error(), retry: Some(Again::Soon) });
            }
        };
        received.done += piece.len() as u64;
        if received.done > limit {
            return Err(too_large(part, limit).await);
        }
        file.write_all(&piece).await.map_err(|cause| disk(&cause))?;
        on(received);
    }
    file.sync_all().await.map_err(|cause| disk(&cause))?;
    Ok(received.done)
}

async fn open_part(part: &Path, go_on: bool) -> std::io::Result<File> {
    OpenOptions::new().create(true).write(true).append(go_on).truncate(!go_on).open(part).await
}

async fn size_of(part: &Path) -> u64 {
    tokio::fs::metadata(part).await.map_or(0, |metadata| metadata.len())
}

fn part_of(dest: &Path) -> PathBuf {
    let mut name = dest.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// `bytes 5-9/10` and `bytes */10` to start and total.
fn parse_range(value: &str) -> (Option<u64>, Option<u64>) {
    let (range, total) = value.trim_start_matches("bytes").trim().split_once('/').unwrap_or_default();
    (range.split('-').next().and_then(|start| start.parse().ok()), total.parse().ok())
}

/// Another file than the one that was asked for: what came of it is no beginning to go on from.
async fn too_large(part: &Path, limit: u64) -> Failure {
    // There may be nothing yet.
    let _ = tokio::fs::remove_file(part).await;
    let message = format!("The file is larger than the {limit} bytes that were expected. Try again later.");
    Error::new(ErrorCode::Format, message).into()
}

fn disk(cause: &std::io::Error) -> Error {
    if matches!(cause.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        let message = "The disk is full. Free some space and try again; what came is kept.";
        return Error::new(ErrorCode::Disk, message).with_detail(cause);
    }
    Error::internal("write the file", cause)
}
