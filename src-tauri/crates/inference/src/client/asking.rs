//! What the tasks that a Space can do have in common: the call, its end by Stop, and a Space that gave nothing.

use limerick_tasks::{Ending, Error, ErrorCode, Progress, Result, Status};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::Client;
use crate::gradio::{Endpoint, Space, SpaceOutput};

/// The largest picture or sound of a Space that is fetched, in bytes.
pub(super) const LARGEST: u64 = 64 << 20;

impl Client {
    /// Calls an endpoint of a Space; `on` hears where it stands.
    pub(super) async fn ask_space(
        &self,
        space: &Space,
        endpoint: &Endpoint,
        inputs: &Map<String, Value>,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Status) + Send),
    ) -> Result<Ending<SpaceOutput>> {
        let mut tell = |progress| {
            if let Progress::Status(status) = progress {
                on(status);
            }
        };
        self.call_space(space, &endpoint.name, inputs, cancel, &mut tell).await
    }
}

/// Does this to its end, unless it is stopped.
pub(super) async fn unless_stopped<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T>>,
) -> Result<Ending<T>> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Ok(Ending::Cancelled),
        done = work => done.map(Ending::Done),
    }
}

/// The Space answered, with nothing of this kind.
pub(super) fn gave_no(kind: &str, output: &SpaceOutput) -> Error {
    let why = output.left_out.first().cloned().unwrap_or_default();
    let message = format!("The Space gave no {kind}. Look at its own page to see what it makes of this.");
    Error::new(ErrorCode::Format, message).with_detail(why)
}
