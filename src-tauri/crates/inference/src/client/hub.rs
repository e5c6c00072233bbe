//! Questions to the Hub and the router: accounts, models, mappings.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use limerick_tasks::{Error, ErrorCode, Result, Status};
use serde_json::Value;
use url::Url;

use super::Client;
use super::send::Credentials;
use crate::address;
use crate::error::{self, Failure};
use crate::hub::{self, Mapping, RouterModel, WhoAmI};
use crate::key::Key;
use crate::wire::Request;

/// Mappings change weekly and are tested every few hours; minutes are safe (hf-api 1.4).
const FRESH: Duration = Duration::from_secs(10 * 60);

/// Where a question's standing is told.
pub(super) type Tell<'a> = &'a mut (dyn FnMut(Status) + Send);

/// Mappings by model, and when they came.
pub(super) type Mappings = HashMap<String, (Instant, Vec<Mapping>)>;

impl Client {
    /// Whose token this is. Strongly rate limited: ask once a token.
    ///
    /// # Errors
    /// `auth` for a bad token, and the errors of any call.
    pub async fn whoami(&self, token: &Key) -> Result<WhoAmI> {
        let url = address::join(&self.config().hub, "/api/whoami-v2");
        hub::whoami(&self.get(url, &Credentials::of(Some(token)), &mut |_| {}).await?)
    }

    /// The models that the router serves for chat, with prices and context; needs no token.
    pub async fn router_models(&self) -> Result<Vec<RouterModel>> {
        let url = address::join(&self.config().router, "/v1/models");
        hub::router_models(&self.get(url, &Credentials::default(), &mut |_| {}).await?)
    }

    /// Which providers serve a model of the Hub, in the owner's order; kept for ten minutes.
    ///
    /// # Errors
    /// `model` when the Hub does not know it.
    pub async fn mapping(&self, model: &str, token: Option<&Key>) -> Result<Vec<Mapping>> {
        self.ask_mapping(model, token, &mut |_| {}).await
    }

    /// As [`Client::mapping`], telling of further tries.
    pub(super) async fn ask_mapping(
        &self,
        model: &str,
        token: Option<&Key>,
        tell: Tell<'_>,
    ) -> Result<Vec<Mapping>> {
        let bare = model.split(':').next().unwrap_or(model);
        if let Some(known) = self.known_mapping(bare) {
            return Ok(known);
        }
        let mut url = address::join(&self.config().hub, &format!("/api/models/{bare}"));
        url.set_query(Some("expand[]=inferenceProviderMapping"));
        let asked = self.get(url, &Credentials::of(token), tell).await;
        let answer = asked.map_err(|error| unknown_model(error, bare))?;
        let mapping = hub::mapping(&answer);
        if let Ok(mut known) = self.inner.mappings.lock() {
            known.insert(bare.to_owned(), (Instant::now(), mapping.clone()));
        }
        Ok(mapping)
    }

    fn known_mapping(&self, model: &str) -> Option<Vec<Mapping>> {
        let known = self.inner.mappings.lock().ok()?;
        let (since, mapping) = known.get(model)?;
        (since.elapsed() < FRESH).then(|| mapping.clone())
    }

    /// Asks for JSON, with the usual tries.
    async fn get(&self, url: Url, credentials: &Credentials, tell: Tell<'_>) -> Result<Value> {
        let request = Request::get(url);
        let mut failed = 0;
        loop {
            let failure = match self.get_once(&request, credentials).await {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            failed += 1;
            let error = credentials.scrub(failure.error);
            let Some(wait) = self.config().retries.wait(failure.retry, failed) else { return Err(error) };
            let after = wait.as_secs_f64();
            tell(Status::Retrying { after, attempt: failed + 1, reason: error.message });
            tokio::time::sleep(wait).await;
        }
    }

    /// Asks for JSON once.
    pub(super) async fn get_once(
        &self,
        request: &Request,
        credentials: &Credentials,
    ) -> std::result::Result<Value, Failure> {
        let answer = self.exchange(request, credentials).await?;
        if !answer.is_good() {
            return Err(error::from_response(&answer.into_error_response().await, SystemTime::now()));
        }
        let (response, broken) = answer.whole().await;
        if let Some(broken) = broken {
            return Err(broken.into_error().into());
        }
        Ok(response.json()?)
    }
}

/// The Hub says 401 for models that do not exist, as for private ones.
fn unknown_model(error: Error, model: &str) -> Error {
    if !matches!(error.status, Some(401 | 404)) {
        return error;
    }
    let message = format!("Hugging Face knows no model {model} that this token may see: check its name.");
    Error { code: ErrorCode::Model, message, ..error }
}
