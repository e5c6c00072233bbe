//! Questions to the Hub and the router: accounts, mappings, prices; with what the Hub says of its limits.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use limerick_tasks::{Result, Status};
use serde_json::Value;
use url::Url;

use super::Client;
use super::answer::Answer;
use super::send::Credentials;
use crate::address;
use crate::error::{self, Failure};
use crate::hub::{self, Mapping, RateLimit, RouterModel, WhoAmI};
use crate::key::Key;
use crate::wire::{Head, Request, Response};

/// Mappings change weekly and are tested every few hours; minutes are safe (hf-api 1.4).
const FRESH: Duration = Duration::from_secs(10 * 60);

/// Where a question's standing is told.
pub(super) type Tell<'a> = &'a mut (dyn FnMut(Status) + Send);

/// Mappings by model, and when they came.
pub(super) type Mappings = HashMap<String, (Instant, Vec<Mapping>)>;

/// A question to the Hub.
pub(super) struct Question<'a> {
    pub(super) url: Url,
    pub(super) token: Option<&'a Key>,
    /// The model it is about; empty for none.
    pub(super) model: &'a str,
}

impl Client {
    /// Whose token this is. Strongly rate limited: ask once a token.
    ///
    /// # Errors
    /// `auth` for a bad token, and the errors of any call.
    pub async fn whoami(&self, token: &Key) -> Result<WhoAmI> {
        let url = address::join(&self.config().hub, "/api/whoami-v2");
        hub::whoami(&self.ask(Question { url, token: Some(token), model: "" }).await?)
    }

    /// The models that the router serves for chat, with prices and context; needs no token.
    pub async fn router_models(&self) -> Result<Vec<RouterModel>> {
        let url = address::join(&self.config().router, "/v1/models");
        hub::router_models(&self.ask(Question { url, token: None, model: "" }).await?)
    }

    /// Which providers serve a model of the Hub, in the owner's order; kept for ten minutes.
    ///
    /// # Errors
    /// `model` when the Hub does not know it, `gated` with the model's page when its terms are not accepted.
    pub async fn mapping(&self, model: &str, token: Option<&Key>) -> Result<Vec<Mapping>> {
        self.ask_mapping(model, token, &mut |_| {}).await
    }

    /// What the Hub last said of how many requests it lets through, one a bucket.
    pub fn rate_limits(&self) -> Vec<RateLimit> {
        self.inner.limits.lock().map(|limits| limits.clone()).unwrap_or_default()
    }

    /// As [`Client::mapping`], telling of further tries.
    pub(super) async fn ask_mapping(
        &self,
        model: &str,
        token: Option<&Key>,
        tell: Tell<'_>,
    ) -> Result<Vec<Mapping>> {
        let bare = bare(model);
        if let Some(known) = self.known_mapping(bare) {
            return Ok(known);
        }
        let url = self.model_url(bare, &["inferenceProviderMapping"]);
        let answer = self.ask_hub(Question { url, token, model: bare }, tell).await?.json()?;
        let mapping = hub::mapping(&answer);
        self.remember_mapping(bare, &mapping);
        Ok(mapping)
    }

    pub(super) fn remember_mapping(&self, model: &str, mapping: &[Mapping]) {
        if let Ok(mut known) = self.inner.mappings.lock() {
            known.insert(model.to_owned(), (Instant::now(), mapping.to_vec()));
        }
    }

    fn known_mapping(&self, model: &str) -> Option<Vec<Mapping>> {
        let known = self.inner.mappings.lock().ok()?;
        let (since, mapping) = known.get(model)?;
        (since.elapsed() < FRESH).then(|| mapping.clone())
    }

    /// Where the Hub tells these facts of a model.
    pub(super) fn model_url(&self, model: &str, fields: &[&str]) -> Url {
        let mut url = address::join(&self.config().hub, &format!("/api/models/{model}"));
        let fields: Vec<String> = fields.iter().map(|field| format!("expand[]={field}")).collect();
        url.set_query(Some(&fields.join("&")));
        url
    }

    /// Asks for JSON, with the usual tries.
    pub(super) async fn ask(&self, question: Question<'_>) -> Result<Value> {
        self.ask_hub(question, &mut |_| {}).await?.json()
    }

    /// Asks the Hub or the router, with the usual tries, telling of further ones.
    pub(super) async fn ask_hub(&self, question: Question<'_>, tell: Tell<'_>) -> Result<Response> {
        let credentials = Credentials::of(question.token);
        let request = Request::get(question.url.clone());
        let mut failed = 0;
        loop {
            let asked = async {
                let answer = self.exchange(&request, &credentials).await?;
                self.hub_answer(answer, question.model).await
            };
            let failure = match asked.await {
                Ok(response) => return Ok(response),
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

    /// An answer of the Hub, whole and good; a refusal says what it means for the model.
    pub(super) async fn hub_answer(
        &self,
        answer: Answer,
        model: &str,
    ) -> std::result::Result<Response, Failure> {
        self.note_limits(&answer.head);
        if !answer.is_good() {
            let mark = answer.head.header("x-error-code").unwrap_or_default().to_owned();
            let failure = error::from_response(&answer.into_error_response().await, SystemTime::now());
            if model.is_empty() {
                return Err(failure);
            }
            let error = hub::explain(failure.error, &mark, model, &self.config().hub);
            return Err(Failure { error, ..failure });
        }
        let (response, broken) = answer.whole().await;
        match broken {
            Some(broken) => Err(broken.into_error().into()),
            None => Ok(response),
        }
    }

    fn note_limits(&self, head: &Head) {
        let said = hub::rate_limits(head, SystemTime::now());
        let Ok(mut known) = self.inner.limits.lock() else { return };
        for limit in said {
            known.retain(|old| old.bucket != limit.bucket);
            known.push(limit);
            // The Hub has three buckets; whatever names more is not to fill our memory.
            if known.len() > 8 {
                known.remove(0);
            }
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

/// A model's id without the router's policy.
pub(super) fn bare(model: &str) -> &str {
    model.split(':').next().unwrap_or(model).trim()
}
