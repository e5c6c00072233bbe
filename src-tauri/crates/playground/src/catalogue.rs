//! Which models a connection offers. The router's list is kept for ten minutes, and on disk, so that the picker
//! opens at once and without a network.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use limerick_engine::State;
use limerick_inference::{
    Client, Endpoint, GENERATION, ModelHit, ModelProvider, PROVIDERS, RouterModel, ServerModel, mapping_name,
    serving,
};
use limerick_tasks::{Error, ErrorCode, Result, Usage};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    ModelRow, Playground, ProviderRow,
    commands::ListModels,
    painting::UNFOLLOWED,
    playground::lock,
    reach::Reach,
    store::{files::write_new, now},
};

const FRESH_MS: i64 = 10 * 60 * 1000;
const CHAT: &str = "chat_completion";
const IMAGE_TO_IMAGE: &str = "image_to_image";
const SPEECH: &str = "text_to_speech";
const PICTURE: &str = "text_to_image";
/// What the Hub calls chat about pictures; a run of it is a chat.
pub(crate) const SEEING: &str = "image_text_to_text";

/// The router's list as it was last fetched.
pub(crate) struct Catalogue {
    file: PathBuf,
    known: Mutex<Option<Fetched>>,
    refreshing: AtomicBool,
}

#[derive(Clone, Serialize, Deserialize)]
struct Fetched {
    router: String,
    at: i64,
    models: Vec<RouterModel>,
}

impl Catalogue {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            file: folder.join("router-models.json"),
            known: Mutex::default(),
            refreshing: AtomicBool::default(),
        }
    }

    /// What is known of this router's models, however old.
    fn known(&self, router: &Url) -> Option<Fetched> {
        let mut known = lock(&self.known);
        if known.is_none() {
            *known = std::fs::read(&self.file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        }
        known.clone().filter(|fetched| fetched.router == router.as_str())
    }

    async fn fetch(&self, client: &Client) -> Result<Fetched> {
        let models = client.router_models().await?;
        let router = client.config().router.to_string();
        let fetched = Fetched { router, at: now(), models };
        if let Err(cause) = self.keep(&fetched) {
            tracing::warn!(%cause, "the list of models was not kept on disk");
        }
        *lock(&self.known) = Some(fetched.clone());
        Ok(fetched)
    }

    fn keep(&self, fetched: &Fetched) -> std::io::Result<()> {
        write_new(&self.file, &serde_json::to_vec(fetched)?)
    }

    /// US dollars for an answer, where the price of the provider that answered is known; never asks the network.
    pub(crate) fn cost(
        &self,
        router: &Url,
        model: &str,
        provider: Option<&str>,
        usage: Usage,
    ) -> Option<f64> {
        let (id, suffix) = model.split_once(':').unwrap_or((model, ""));
        let known = self.known(router)?;
        let offers = &known.models.iter().find(|model| model.id == id)?.providers;
        let name =
            provider.filter(|name| !matches!(*name, "fastest" | "cheapest" | "preferred")).unwrap_or(suffix);
        let offer = match offers.as_slice() {
            [only] => only,
            many => many.iter().find(|offer| offer.provider == name)?,
        };
        let tokens = |count: u32, price: Option<f64>| Some(f64::from(count) * price? / 1e6);
        Some(
            tokens(usage.prompt_tokens, offer.input_price)?
                + tokens(usage.completion_tokens, offer.output_price)?,
        )
    }
}

impl Playground {
    /// Models that a connection offers for a task.
    pub async fn models(&self, wanted: ListModels) -> Result<Vec<ModelRow>> {
        let task = wanted.task.as_str();
        let name = Some("image-text-to-text").filter(|_| task == SEEING).or_else(|| mapping_name(task));
        let name = name.ok_or_else(|| {
            Error::new(ErrorCode::Input, format!("There is no task {task}. Choose one that Limerick knows."))
        })?;
        let found = self.find_connection(&wanted.connection).await?;
        match &found.reach {
            Reach::Builtin => self.rows_inside(task),
            // Who sees is asked in a chat.
            Reach::HuggingFace { .. } if task == CHAT || task == SEEING => {
                let Fetched { at, models, .. } = self.router_models(wanted.refresh).await?;
                let rows = models.into_iter().map(|model| {
                    let tasks = vec![task.to_owned()];
                    ModelRow { as_of: Some(at), tasks, ..router_row(model) }
                });
                Ok(rows.filter(|row| task == CHAT || row.vision).collect())
            }
            // The router lists models for chat alone; the Hub knows who serves the others.
            Reach::HuggingFace { .. } => {
                let known = self.served_models(task, wanted.refresh).await?;
                let rows = known.answer.models.into_iter().filter_map(|hit| hub_row(hit, task, name));
                Ok(rows.map(|row| ModelRow { as_of: Some(known.age.at), ..row }).collect())
            }
            Reach::Space { place } => {
                let space = self.space_now(place).await?;
                Ok(match task {
                    SPEECH => space.speakers().map(|one| space_row(one, task, one.cannot_say())).collect(),
                    "text_to_image" | IMAGE_TO_IMAGE => {
                        let painters = space.painters(task == IMAGE_TO_IMAGE);
                        painters.map(|one| space_row(one, task, one.lacks())).collect()
                    }
                    SEEING | "image_to_text" | "visual_question_answering" => {
                        let asks = task != "image_to_text";
                        space.seers(asks).map(|one| space_row(one, task, one.cannot_see())).collect()
                    }
                    _ => Vec::new(),
                })
            }
            Reach::Server { url, headers } => {
                let client = self.inner.network.client_for(&self.settings_now(), &[url])?;
                let server = self.server(&found, url, headers).await?;
                let report = client.server_models(&server).await?;
                lock(&self.inner.styles).insert(url.to_string(), report.kind.style());
                Ok(report.models.into_iter().map(|model| server_row(model, task)).collect())
            }
        }
    }

    /// What the router says of a model for chat; nothing when it cannot be asked.
    pub(crate) async fn offers_of(&self, model: &str) -> Option<RouterModel> {
        self.router_models(false).await.ok()?.models.into_iter().find(|known| known.id == model)
    }

    /// The router's models: what is known at once, asked for again in the background when it is old.
    async fn router_models(&self, refresh: bool) -> Result<Fetched> {
        let (catalogue, router) = (&self.inner.catalogue, &self.inner.network.router);
        let client = self.inner.network.client_for(&self.settings_now(), &[router]);
        let known = if refresh { None } else { catalogue.known(router) };
        let Some(known) = known else { return catalogue.fetch(&client?).await };
        // A clock that was set back makes a list of the future, which is old as well.
        let old = !(0..=FRESH_MS).contains(&(now() - known.at));
        if old
            && let Ok(client) = client
            && !catalogue.refreshing.swap(true, Ordering::AcqRel)
        {
            let this = self.clone();
            tokio::spawn(async move {
                if let Err(error) = this.inner.catalogue.fetch(&client).await {
                    tracing::info!(detail = error.detail, "the list of models was not renewed: {error}");
                }
                this.inner.catalogue.refreshing.store(false, Ordering::Release);
            });
        }
        Ok(known)
    }

    /// What runs inside and does this task.
    fn rows_inside(&self, task: &str) -> Result<Vec<ModelRow>> {
        let mut rows = self.builtin_rows()?;
        rows.retain(|row| row.tasks.iter().any(|known| known == task));
        if task == SEEING {
            rows.push(self.labels_row());
        }
        for row in &mut rows {
            row.ignored = unfollowed(task);
        }
        Ok(rows)
    }

    fn builtin_rows(&self) -> Result<Vec<ModelRow>> {
        let models = &self.inner.models;
        let ours = models.all().iter().rev().map(|model| ModelRow {
            id: model.id.clone(),
            name: model.name.clone(),
            about: Some(model.about.clone()),
            tasks: model.tasks.clone(),
            context_length: model.context_length,
            vision: sees(&model.tasks),
            ready: models.state(model) == State::Present,
            providers: Vec::new(),
            ignored: Vec::new(),
            as_of: None,
        });
        let own = models.own()?.into_iter().map(|own| ModelRow {
            tasks: own.tasks(),
            context_length: own.context_length(),
            about: own.head.as_ref().err().cloned(),
            ready: own.head.is_ok(),
            vision: sees(&own.tasks()),
            id: own.id,
            name: own.name,
            providers: Vec::new(),
            ignored: Vec::new(),
            as_of: None,
        });
        Ok(ours.chain(own).collect())
    }
}

/// What a built-in model does not follow: a voice is the same each time, and the painter has one way of walking.
fn unfollowed(task: &str) -> Vec<String> {
    let of_others = ["seed", "text_temp", "waveform_temp"];
    let names = match task {
        SPEECH => [GENERATION, &of_others].concat(),
        PICTURE => UNFOLLOWED.to_vec(),
        _ => Vec::new(),
    };
    names.into_iter().map(str::to_owned).collect()
}

/// Whether a built-in model is one for pictures.
fn sees(tasks: &[String]) -> bool {
    tasks.iter().any(|task| task == SEEING || task.contains("image_classification"))
}

/// A server does not say what its models can do: it is asked, and may refuse.
fn server_row(model: ServerModel, task: &str) -> ModelRow {
    ModelRow {
        name: if model.id.is_empty() { "The server's model".into() } else { model.id.clone() },
        id: model.id,
        about: None,
        tasks: vec![task.to_owned()],
        context_length: model.context_length,
        vision: task == SEEING,
        ready: true,
        providers: Vec::new(),
        ignored: Vec::new(),
        as_of: None,
    }
}

fn space_row(endpoint: &Endpoint, task: &str, lacks: Vec<&str>) -> ModelRow {
    let about = endpoint.description.lines().next().map(str::trim).filter(|line| !line.is_empty());
    ModelRow {
        id: endpoint.name.clone(),
        name: endpoint.name.trim_start_matches('/').to_owned(),
        about: about.map(|line| line.chars().take(200).collect()),
        tasks: vec![task.to_owned()],
        context_length: None,
        vision: task.starts_with("image_") || task.starts_with("visual_"),
        ready: true,
        providers: Vec::new(),
        ignored: lacks.into_iter().map(str::to_owned).collect(),
        as_of: None,
    }
}

fn router_row(model: RouterModel) -> ModelRow {
    ModelRow {
        name: model.id.rsplit('/').next().unwrap_or(&model.id).to_owned(),
        id: model.id,
        about: None,
        tasks: vec![CHAT.into()],
        context_length: model.providers.iter().filter_map(|offer| offer.context_length).max(),
        vision: model.input_modalities.iter().any(|kind| kind == "image"),
        ready: model.providers.iter().any(|offer| offer.status == "live"),
        providers: model.providers.into_iter().map(|offer| provider_row(offer, CHAT)).collect(),
        ignored: Vec::new(),
        as_of: None,
    }
}

/// A model of the Hub's list; none when nobody whom Limerick can ask serves it for this task.
fn hub_row(hit: ModelHit, task: &str, name: &str) -> Option<ModelRow> {
    let providers: Vec<ProviderRow> = serving(&hit.mapping, None, task)
        .into_iter()
        .filter(|one| one.known && one.routed)
        .map(|one| {
            let offer =
                ModelProvider { provider: one.provider, status: one.status, ..ModelProvider::default() };
            provider_row(offer, task)
        })
        .collect();
    (!providers.is_empty()).then(|| ModelRow {
        name: hit.id.rsplit('/').next().unwrap_or(&hit.id).to_owned(),
        about: hit.gated.map(|_| "Its terms must be accepted on its page first".to_owned()),
        tasks: vec![task.to_owned()],
        context_length: None,
        vision: name.starts_with("image-") || name.starts_with("visual-"),
        ready: providers.iter().any(|provider| provider.live),
        providers,
        ignored: Vec::new(),
        as_of: None,
        id: hit.id,
    })
}

fn provider_row(offer: ModelProvider, task: &str) -> ProviderRow {
    let ignored =
        PROVIDERS.iter().find(|row| row.name == offer.provider).map_or(&[][..], |row| row.ignored(task));
    ProviderRow {
        ignored: ignored.iter().map(|name| (*name).to_owned()).collect(),
        live: offer.status == "live",
        name: offer.provider,
        context_length: offer.context_length,
        input_price: offer.input_price,
        output_price: offer.output_price,
        throughput: offer.throughput,
        first_token_latency_ms: offer.first_token_latency_ms,
        tools: offer.supports_tools.unwrap_or(false),
        structured_output: offer.supports_structured_output.unwrap_or(false),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_provider_says_which_parameters_of_the_asked_task_it_ignores() {
        let row = |task| {
            provider_row(ModelProvider { provider: "nscale".into(), ..ModelProvider::default() }, task)
        };
        assert!(row("text_to_image").ignored.contains(&"num_inference_steps".to_owned()));
        assert_eq!(row(CHAT).ignored, Vec::<String>::new());
    }

    #[test]
    fn the_cost_is_that_of_the_provider_that_answered() {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::new(folder.path());
        let router = Url::parse("https://router.example").unwrap();
        let offer = |name: &str, price: f64| ModelProvider {
            provider: name.into(),
            input_price: Some(price),
            output_price: Some(2.0 * price),
            ..ModelProvider::default()
        };
        let model = RouterModel {
            id: "a/b".into(),
            providers: vec![offer("dear", 10.0), offer("fair", 1.0)],
            ..RouterModel::default()
        };
        catalogue.keep(&Fetched { router: router.to_string(), at: 0, models: vec![model] }).unwrap();
        let usage = Usage { prompt_tokens: 1_000_000, completion_tokens: 500_000 };
        assert_eq!(catalogue.cost(&router, "a/b", Some("fair"), usage), Some(2.0));
        assert_eq!(catalogue.cost(&router, "a/b:dear", Some("fastest"), usage), Some(20.0));
        assert_eq!(catalogue.cost(&router, "a/b", None, usage), None);
        assert_eq!(
            catalogue.cost(&Url::parse("https://other.example").unwrap(), "a/b", Some("fair"), usage),
            None
        );
    }
}
