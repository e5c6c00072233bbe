//! What a person looks up on the Hub: models, and one model. Kept on disk, with its age.

use limerick_inference::{
    Client, Key, ModelCard, ModelHit, ModelPage, ModelQuery, PROVIDERS, RateLimit, RouterModel, Serving,
    mapping_name, serving,
};
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Age, Playground, cache::Known, commands::Nothing, keys::FoundKey, reach::HUGGING_FACE};

/// Mappings change weekly and are tested every few hours (hf-api 1.4).
const FRESH: i64 = 10 * 60 * 1000;

/// Which models to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SearchModels {
    /// What they are like.
    #[serde(flatten)]
    pub query: ModelQuery,
    /// The page after another: its `next`. The rest is not looked at then.
    #[ts(optional)]
    pub next: Option<String>,
    /// Ask again, past the cache of ten minutes.
    pub refresh: bool,
}

/// Models that were found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FoundModels {
    /// The models, in order.
    pub models: Vec<ModelHit>,
    /// Where the next page is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next: Option<String>,
    /// How fresh this is.
    pub age: Age,
}

/// Which model to describe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DescribeModel {
    /// `org/name`.
    pub model: String,
    /// Ask again, past the cache of ten minutes.
    pub refresh: bool,
}

/// A model, and who serves it for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelFacts {
    /// What the Hub says of it.
    pub card: ModelCard,
    /// Who serves it, by task.
    pub serving: Vec<TaskServing>,
    /// The largest context any provider offers, else the model's own, tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub context_length: Option<u32>,
    /// How fresh this is.
    pub age: Age,
}

/// Who serves a model for one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TaskServing {
    /// The task's name here: `chat_completion`.
    pub task: String,
    /// The providers, in the order in which they would be chosen.
    pub providers: Vec<Serving>,
}

impl Playground {
    /// Finds models on the Hub; without a `provider` only those that some provider serves.
    pub async fn search_models(&self, wanted: SearchModels) -> Result<FoundModels> {
        let known = self.search(wanted).await?;
        let ModelPage { models, next } = known.answer;
        Ok(FoundModels { models, next, age: known.age })
    }

    async fn search(&self, wanted: SearchModels) -> Result<Known<ModelPage>> {
        let SearchModels { mut query, next, refresh } = wanted;
        if query.provider.trim().is_empty() {
            query.provider = "all".into();
        }
        let asked = match &next {
            Some(next) => next.clone(),
            None => serde_json::to_string(&query).map_err(|cause| Error::internal("ask the Hub", cause))?,
        };
        let found = self.token().await?;
        let ask = async {
            let (client, key) = self.client_with(found.as_ref())?;
            match &next {
                Some(next) => client.more_models(next, key.as_ref()).await,
                None => client.search_models(&query, key.as_ref()).await,
            }
        };
        let question = self.question("search", &asked, found.as_ref());
        self.inner.cache.ask(&question, Some(FRESH).filter(|_| !refresh), ask).await
    }

    /// Models that some provider serves for a task other than chat, for a picker.
    pub(crate) async fn served_models(&self, task: &str, refresh: bool) -> Result<Known<ModelPage>> {
        let query = ModelQuery { task: task.to_owned(), limit: Some(500), ..ModelQuery::default() };
        self.search(SearchModels { query, next: None, refresh }).await
    }

    /// Describes a model of the Hub: what it is, who serves it, at which price.
    pub async fn model_card(&self, wanted: DescribeModel) -> Result<ModelFacts> {
        let model = wanted.model.split(':').next().unwrap_or_default().trim().to_owned();
        if model.is_empty() {
            return Err(Error::new(ErrorCode::Model, "Choose a model first: organisation/model."));
        }
        let found = self.token().await?;
        let ask = async {
            let (client, key) = self.client_with(found.as_ref())?;
            client.model_card(&model, key.as_ref()).await
        };
        let question = self.question("card", &model, found.as_ref());
        let fresh = Some(FRESH).filter(|_| !wanted.refresh);
        let Known { answer: card, age } = self.inner.cache.ask(&question, fresh, ask).await?;
        let for_chat = card.mapping.iter().any(|one| one.task == "conversational");
        let offers = if for_chat { self.offers_of(&model).await } else { None };
        let serving = by_task(&card, offers.as_ref());
        let offered = serving.iter().flat_map(|task| &task.providers).filter_map(|one| one.context_length);
        Ok(ModelFacts { context_length: offered.max().or(card.context_length), serving, card, age })
    }

    /// What the Hub last said of how many questions it takes; empty before the first answer.
    pub async fn rate_limits(&self, _: Nothing) -> Result<Vec<RateLimit>> {
        Ok(self.inner.network.client(&self.settings_now())?.rate_limits())
    }

    /// The token of the Hugging Face connection: private models and one's own order need it.
    async fn token(&self) -> Result<Option<FoundKey>> {
        let found = self.find_connection(HUGGING_FACE).await?;
        self.key_of(&found).await
    }

    /// The client for the Hub, and the token where there is one.
    pub(crate) async fn hub_client(&self) -> Result<(Client, Option<Key>)> {
        let found = self.token().await?;
        self.client_with(found.as_ref())
    }

    fn client_with(&self, found: Option<&FoundKey>) -> Result<(Client, Option<Key>)> {
        let network = &self.inner.network;
        let client = network.client_for(&self.settings_now(), &[&network.hub])?;
        let key = found.map(|found| client.hugging_face_key(&found.secret)).transpose()?;
        Ok((client, key))
    }

    /// What an answer is kept under: another account may see others.
    fn question(&self, kind: &str, about: &str, found: Option<&FoundKey>) -> String {
        let mark = found.map(FoundKey::mark).unwrap_or_default();
        format!("{kind} {} {mark} {about}", self.inner.network.hub)
    }
}

fn by_task(card: &ModelCard, offers: Option<&RouterModel>) -> Vec<TaskServing> {
    let mut tasks: Vec<&'static str> =
        PROVIDERS.iter().flat_map(limerick_inference::Provider::tasks).collect();
    tasks.sort_unstable();
    tasks.dedup();
    let of =
        |task: &str| TaskServing { task: task.to_owned(), providers: serving(&card.mapping, offers, task) };
    let mut rows: Vec<_> = tasks.into_iter().map(of).filter(|row| !row.providers.is_empty()).collect();
    // The model's own first: what the Hub files it under.
    rows.sort_by_key(|row| mapping_name(&row.task) != card.pipeline_tag.as_deref());
    rows
}
