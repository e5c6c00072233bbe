//! From where a call should go to the request that goes there.

use limerick_tasks::{Error, ErrorCode, Result};
use secrecy::SecretString;
use url::Url;

use super::Client;
use super::choice::{self, Choice, Question};
use super::hub::{Tell, bare};
use super::send::Credentials;
use crate::address;
use crate::hub::{self, Mapping};
use crate::key::Key;
use crate::providers::{Adapter, Place, Provider, Style, Target, WireTask, provider};
use crate::wire::Written;

/// Where a call goes.
#[derive(Debug, Clone)]
pub enum Route {
    /// Through Hugging Face, with one token.
    HuggingFace {
        /// `None`, `auto`, `fastest`, `cheapest` or `preferred`: the router chooses. Otherwise a provider.
        provider: Option<String>,
        /// A Hugging Face token (`hf_…`); see [`Client::hugging_face_key`].
        token: Option<Key>,
        /// The organisation to bill (`X-HF-Bill-To`).
        bill_to: Option<String>,
    },
    /// To a provider itself, with its own key.
    Provider {
        /// The provider's name.
        name: String,
        /// Its own key; see [`Client::provider_key`].
        key: Key,
    },
    /// To a server by its address.
    Server(Server),
}

/// A server by its address.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its address, with or without `/v1` or a route; see [`crate::server_url`].
    pub url: Url,
    /// Its key, if it wants one.
    pub key: Option<Key>,
    /// Further headers; their values are kept as secret as keys.
    pub headers: Vec<(String, SecretString)>,
    /// Which form to ask in.
    pub style: Style,
}

/// All that one task's tries need.
pub(super) struct Plan<T: WireTask> {
    pub(super) adapter: &'static dyn Adapter<T>,
    pub(super) target: Target,
    pub(super) written: Written,
    pub(super) credentials: Credentials,
    pub(super) provider: Option<String>,
    /// Who could be asked instead, the best first.
    pub(super) others: Vec<String>,
    /// The model's page on the Hub, where the call goes through it.
    pub(super) page: Option<Url>,
}

impl Client {
    /// A provider's own key, which only that provider's hosts may see.
    ///
    /// # Errors
    /// `model` for an unknown provider, `auth` when no header can carry the key.
    pub fn provider_key(&self, name: &str, key: &SecretString) -> Result<Key> {
        let row = provider(name)?;
        let key = Key::new(key, &self.base(row, false))?.written(row.scheme);
        let hosts = row.hosts.iter().filter_map(|host| Url::parse(host).ok());
        Ok(hosts.fold(key, |key, host| key.also(&host)))
    }

    /// Routes like the official clients: a Hugging Face token goes through the router, any other key goes to
    /// the provider itself.
    ///
    /// # Errors
    /// As [`Client::provider_key`] and [`Client::hugging_face_key`].
    pub fn route(
        &self,
        provider: Option<&str>,
        key: Option<&SecretString>,
        bill_to: Option<&str>,
    ) -> Result<Route> {
        let token = key.map(|key| self.hugging_face_key(key)).transpose()?;
        if let (Some(name), Some(key), Some(token)) =
            (provider.filter(|name| policy(Some(name)).is_none()), key, &token)
            && !token.is_hugging_face()
        {
            return Ok(Route::Provider { name: name.to_owned(), key: self.provider_key(name, key)? });
        }
        Ok(Route::HuggingFace {
            provider: provider.map(str::to_owned),
            token,
            bill_to: bill_to.map(str::to_owned),
        })
    }

    pub(super) async fn plan<T: WireTask>(
        &self,
        route: &Route,
        input: &T::Input,
        tell: Tell<'_>,
    ) -> Result<Plan<T>> {
        match route {
            Route::Server(server) => server_plan::<T>(server, input),
            Route::Provider { name, key } => self.direct_plan::<T>(name, key, input, tell).await,
            Route::HuggingFace { provider, token, bill_to } => {
                let token = token.as_ref().ok_or_else(|| {
                    Error::new(ErrorCode::Auth, "Hugging Face wants a token: add yours in Settings.")
                })?;
                let mut plan = match (policy(provider.as_deref()), T::automatic(), provider) {
                    (Some(policy), Some(adapter), _) => self.auto_plan(adapter, policy, token, input)?,
                    (Some(_), None, _) => self.first_plan(token, input, tell).await?,
                    (None, _, name) => {
                        self.routed_plan(name.as_deref().unwrap_or_default(), token, input, tell).await?
                    }
                };
                if let Some(org) = bill_to.as_ref().filter(|org| !org.is_empty()) {
                    plan.written.request.headers.push(("X-HF-Bill-To", org.clone()));
                }
                plan.page = Some(hub::page(&self.config().hub, bare(T::model(input))));
                Ok(plan)
            }
        }
    }

    /// The router chooses: the model bears the policy as its suffix.
    fn auto_plan<T: WireTask>(
        &self,
        adapter: &'static dyn Adapter<T>,
        policy: &str,
        token: &Key,
        input: &T::Input,
    ) -> Result<Plan<T>> {
        if !token.is_hugging_face() {
            let message =
                "The router takes Hugging Face tokens only (hf_…): choose the provider that this key is for.";
            return Err(Error::new(ErrorCode::Auth, message));
        }
        let model = named_model(T::model(input))?;
        let bare = policy.is_empty() || model.contains(':');
        let model = if bare { model.to_owned() } else { format!("{model}:{policy}") };
        let place = Place::Base(self.config().router.clone());
        let target = Target { place, model, routed: true, lora: None };
        write(adapter, &target, input, Credentials::of(Some(token)), None)
    }

    /// A named provider, through the router.
    async fn routed_plan<T: WireTask>(
        &self,
        name: &str,
        token: &Key,
        input: &T::Input,
        tell: Tell<'_>,
    ) -> Result<Plan<T>> {
        let row = provider(name)?;
        if !row.routed {
            let message = format!("{} is not reached through Hugging Face: use a key of its own.", row.title);
            return Err(Error::new(ErrorCode::Auth, message));
        }
        column::<T>(row)?;
        let model = named_model(T::model(input))?;
        let choice = if row.mapped {
            let mapping = self.ask_mapping(model, Some(token), tell).await?;
            self.question(model, &mapping).named::<T>(row)?
        } else {
            Choice::plain(row, model)
        };
        self.chosen_plan(choice, Credentials::of(Some(token)), true, input)
    }

    /// No automatic route: the first provider of the owner's order that offers the task.
    async fn first_plan<T: WireTask>(
        &self,
        token: &Key,
        input: &T::Input,
        tell: Tell<'_>,
    ) -> Result<Plan<T>> {
        let model = named_model(T::model(input))?;
        let mapping = self.ask_mapping(model, Some(token), tell).await?;
        let choice = self.question(model, &mapping).first::<T>()?;
        self.chosen_plan(choice, Credentials::of(Some(token)), true, input)
    }

    fn question<'a>(&'a self, model: &'a str, mapping: &'a [Mapping]) -> Question<'a> {
        Question { hub: &self.config().hub, model, mapping }
    }

    /// A provider itself; its own model ids are taken as they are when the Hub does not translate them.
    async fn direct_plan<T: WireTask>(
        &self,
        name: &str,
        key: &Key,
        input: &T::Input,
        tell: Tell<'_>,
    ) -> Result<Plan<T>> {
        let row = provider(name)?;
        column::<T>(row)?;
        let model = named_model(T::model(input))?;
        let mapped = if row.mapped && model.contains('/') {
            let mapping = self.ask_mapping(model, None, tell).await.unwrap_or_default();
            mapping.into_iter().find(|one| one.provider == row.name && one.serves(T::MAPPING))
        } else {
            None
        };
        let mut choice = Choice::plain(row, model);
        if let Some(one) = mapped {
            choice.lora = choice::lora(&self.config().hub, model, &one);
            choice.model = one.provider_id;
        }
        self.chosen_plan(choice, Credentials::of(Some(key)), false, input)
    }

    fn chosen_plan<T: WireTask>(
        &self,
        choice: Choice,
        credentials: Credentials,
        routed: bool,
        input: &T::Input,
    ) -> Result<Plan<T>> {
        let Choice { row, model, lora, note, others } = choice;
        let target = Target { place: Place::Base(self.base(row, routed)), model, routed, lora };
        let mut plan = write(column::<T>(row)?, &target, input, credentials, Some(row.name.to_owned()))?;
        plan.written.notes.splice(0..0, note);
        if row.keeps && self.anew {
            plan.written.request.headers.push(("x-use-cache", "0".to_owned()));
        }
        plan.others = others;
        Ok(plan)
    }

    /// The provider's own host, or the router's door to it.
    fn base(&self, row: &Provider, routed: bool) -> Url {
        let own = row.base.filter(|_| !routed).and_then(|base| Url::parse(base).ok());
        own.unwrap_or_else(|| address::join(&self.config().router, &format!("/{}", row.name)))
    }
}

fn server_plan<T: WireTask>(server: &Server, input: &T::Input) -> Result<Plan<T>> {
    address::refuse_dead_host(&server.url)?;
    let place = Place::Given(server.url.clone());
    let target = Target { place, model: T::model(input).to_owned(), routed: false, lora: None };
    let credentials = Credentials::of_server(server);
    let adapter = T::server(style_of(server)).ok_or_else(|| {
        let message = "No server can be asked for this by its address: choose a provider on Hugging Face.";
        Error::new(ErrorCode::Model, message)
    })?;
    write(adapter, &target, input, credentials, None)
}

/// An address that ends in TGI's own route says the style.
fn style_of(server: &Server) -> Style {
    let path = server.url.path().trim_end_matches('/');
    let tgi = path.ends_with("/generate") || path.ends_with("/generate_stream");
    if server.style == Style::Auto && tgi { Style::Tgi } else { server.style }
}

fn write<T: WireTask>(
    adapter: &'static dyn Adapter<T>,
    target: &Target,
    input: &T::Input,
    credentials: Credentials,
    provider: Option<String>,
) -> Result<Plan<T>> {
    let written = adapter.request(target, input)?;
    let target = target.clone();
    Ok(Plan { adapter, target, written, credentials, provider, others: Vec::new(), page: None })
}

/// The suffix for a policy; `None` when the word is a provider's name.
fn policy(word: Option<&str>) -> Option<&str> {
    match word.unwrap_or_default() {
        "" | "auto" => Some(""),
        word @ ("fastest" | "cheapest" | "preferred") => Some(word),
        _ => None,
    }
}

fn named_model(model: &str) -> Result<&str> {
    let missing = || Error::new(ErrorCode::Model, "Choose a model first.");
    Some(model.trim()).filter(|model| !model.is_empty()).ok_or_else(missing)
}

fn column<T: WireTask>(row: &Provider) -> Result<&'static dyn Adapter<T>> {
    T::column(row).ok_or_else(|| {
        let message = format!("{} does not offer this task: choose another provider, or Chat.", row.title);
        Error { provider: Some(row.name.to_owned()), ..Error::new(ErrorCode::Model, message) }
    })
}
