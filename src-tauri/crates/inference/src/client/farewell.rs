//! Tells a provider that nobody waits for a job any more, so that it neither works nor bills in vain.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Client;
use super::send::Credentials;
use crate::wire::Request;

/// How long a provider is tried to be told.
const PATIENCE: Duration = Duration::from_secs(3);

/// Farewells that are on their way.
pub(super) type Farewells = JoinSet<()>;

/// Says farewell when it is dropped: whether the wait is cancelled, runs out of time or breaks off.
pub(super) struct Farewell<'a> {
    client: &'a Client,
    credentials: &'a Credentials,
    request: Option<Request>,
}

impl<'a> Farewell<'a> {
    pub(super) fn new(client: &'a Client, credentials: &'a Credentials) -> Self {
        Self { client, credentials, request: None }
    }

    /// What is to be said from now on; `None` when there is nothing to call off.
    pub(super) fn set(&mut self, request: Option<Request>) {
        self.request = request;
    }
}

impl Drop for Farewell<'_> {
    fn drop(&mut self) {
        if let Some(request) = self.request.take() {
            self.client.say(request, self.credentials.clone());
        }
    }
}

impl Client {
    /// Waits until the providers of cancelled jobs have been told, at most some seconds. For the end of a
    /// process, which would cut them off.
    pub async fn farewells(&self) {
        let said = self.inner.farewells.lock().map(|mut said| std::mem::take(&mut *said));
        let Ok(mut said) = said else { return };
        while said.join_next().await.is_some() {}
    }

    /// Sends it in the background: whoever stops a run waits for nothing.
    fn say(&self, request: Request, credentials: Credentials) {
        let Ok(runtime) = Handle::try_current() else { return };
        let client = self.clone();
        let work = async move {
            // A provider that cannot be told ends the job by itself, or bills it.
            let _ = timeout(PATIENCE, client.exchange(&request, &credentials)).await;
        };
        if let Ok(mut said) = self.inner.farewells.lock() {
            while said.try_join_next().is_some() {}
            said.spawn_on(work, &runtime);
        }
    }
}
