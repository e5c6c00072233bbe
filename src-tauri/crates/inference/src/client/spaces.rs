//! Opens Gradio Spaces: where they are, whether they run, what they say of themselves (hf-api 7.1, 7.2).

use std::time::Duration;

use limerick_tasks::{Ending, Error, ErrorCode, Result, Status};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Client;
use super::hub::Question;
use super::send::Credentials;
use crate::address;
use crate::gradio::{self, Config, Place, Runtime, Space, Stage};
use crate::key::Key;
use crate::wire::Request;

/// How long between two looks at a Space that is starting (hf-api 7.1).
const LOOK: Duration = Duration::from_secs(2);

impl Client {
    /// Opens a Space by its id on the Hub (`owner/name`), its page there, or its own address; wakes it where
    /// it sleeps, telling so. The token goes to the Hub and to hosts below `hf.space` only.
    ///
    /// # Errors
    /// `model` when there is no such Space, or nothing of Gradio's at that address; `provider` when it is
    /// paused or broken; `auth` when it wants a password.
    pub async fn space(
        &self,
        place: &str,
        token: Option<&Key>,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Status) + Send),
    ) -> Result<Ending<Space>> {
        let work = Box::pin(async {
            match gradio::place(place, &self.config().hub)? {
                Place::Url(url) => self.described(None, url, false, token).await,
                Place::Id(id) => {
                    let url = self.space_url(&id, token).await?;
                    let zero_gpu = self.wake(&id, &url, token, on).await?;
                    self.described(Some(id), url, zero_gpu, token).await
                }
            }
        });
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(Ending::Cancelled),
            opened = self.within_total(work) => opened.map(Ending::Done),
        }
    }

    async fn space_url(&self, id: &str, token: Option<&Key>) -> Result<Url> {
        let asked = self.ask(Question { url: self.space_question(id, "host"), token, model: "" }).await;
        let told = asked.map_err(|error| unknown_space(error, id))?;
        gradio::host_of(&told).or_else(|| gradio::by_hand(id)).ok_or_else(|| {
            Error::new(
                ErrorCode::Format,
                "Hugging Face did not say where this Space is: try its own address.",
            )
        })
    }

    fn space_question(&self, id: &str, about: &str) -> Url {
        address::join(&self.config().hub, &format!("/api/spaces/{id}/{about}"))
    }

    /// Waits until a Space runs; says whether it runs on `ZeroGPU`. A Hub that does not tell is no obstacle.
    async fn wake(
        &self,
        id: &str,
        url: &Url,
        token: Option<&Key>,
        on: &mut (dyn FnMut(Status) + Send),
    ) -> Result<bool> {
        let mut visited = false;
        loop {
            let question = Question { url: self.space_question(id, "runtime"), token, model: "" };
            let Ok(told) = self.ask(question).await else { return Ok(false) };
            let Runtime { stage, zero_gpu } = gradio::runtime(&told);
            if let Some(error) = stage.error(id) {
                return Err(error);
            }
            if stage == Stage::Ready {
                return Ok(zero_gpu);
            }
            on(Status::Loading { fraction: None, estimated_time: None });
            if stage == Stage::Asleep && !std::mem::replace(&mut visited, true) {
                // What it answers does not matter: the visit is what wakes it.
                let credentials = Credentials::of(key_for(token, url).as_ref());
                let visit = Request::get(url.clone());
                let _ = tokio::time::timeout(LOOK, self.exchange(&visit, &credentials)).await;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Reads what a Space says of itself.
    async fn described(
        &self,
        id: Option<String>,
        url: Url,
        zero_gpu: bool,
        token: Option<&Key>,
    ) -> Result<Space> {
        let key = key_for(token, &url);
        let credentials = Credentials::of(key.as_ref());
        let told = self.fact(address::join(&url, "/config"), &credentials).await?;
        let config = Config::read(&told)?;
        let api = config.api(&url);
        let info = self.fact(address::join(&api, "/info"), &credentials).await?;
        let endpoints = gradio::form(&config, &info);
        let Config { title, version, max_file_size, protocol, .. } = config;
        Ok(Space { id, url, title, version, max_file_size, zero_gpu, endpoints, api, protocol, key })
    }

    async fn fact(&self, url: Url, credentials: &Credentials) -> Result<Value> {
        let request = Request::get(url);
        let mut failed = 0;
        loop {
            let failure = match self.get_once(&request, credentials).await {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            failed += 1;
            let Some(wait) = self.config().retries.wait(failure.retry, failed) else {
                return Err(credentials.scrub(gradio::undescribed(failure.error)));
            };
            tokio::time::sleep(wait).await;
        }
    }
}

/// The token, for a host of Hugging Face's.
fn key_for(token: Option<&Key>, url: &Url) -> Option<Key> {
    token.filter(|_| gradio::is_hugging_face(url)).map(|token| token.clone().also(url))
}

fn unknown_space(error: Error, id: &str) -> Error {
    if !matches!(error.status, Some(401 | 404)) {
        return error;
    }
    let message = format!("Hugging Face knows no Space {id} that this token may see: check its name.");
    Error { code: ErrorCode::Model, message, ..error }
}
