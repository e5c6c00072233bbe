//! The client: sends, streams, polls, times out, retries, cancels. This folder alone does I/O.

mod answer;
mod asking;
mod choice;
mod download;
mod farewell;
mod files;
mod gradio;
mod hub;
mod looking;
mod models;
mod painting;
mod plan;
mod preview;
mod probe;
mod retry;
mod run;
mod send;
mod sign_in;
mod spaces;
mod speaking;
mod tls;
mod watch;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use limerick_tasks::{Error, Result};
use secrecy::SecretString;
use url::Url;

pub use download::{Download, Received};
pub use looking::Sight;
pub use plan::{Route, Server};
pub use preview::Preview;
pub use watch::{Exchange, Sheet};

use crate::address;
use crate::hub::RateLimit;
use crate::key::Key;

/// How the client is set up. `Debug` leaves the proxy out, as its address may hold a password.
#[derive(Clone)]
pub struct ClientConfig {
    /// `http://`, `https://` or `socks5://` address of a proxy; `None` takes what the environment or the
    /// system says. Addresses on this machine never go through a proxy.
    pub proxy: Option<String>,
    /// A PEM file with certificate authorities to trust beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The Hub (`HF_ENDPOINT`).
    pub hub: Url,
    /// The router of Inference Providers.
    pub router: Url,
    /// How long to wait for what.
    pub deadlines: Deadlines,
    /// When to try again.
    pub retries: Retries,
    /// The largest answer in bytes after decompression; files being downloaded have their own limit.
    pub body_cap: usize,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            proxy: None,
            ca_file: None,
            user_agent: concat!("limerick/", env!("CARGO_PKG_VERSION")).to_owned(),
            hub: fixed("https://huggingface.co"),
            router: fixed("https://router.huggingface.co"),
            deadlines: Deadlines::default(),
            retries: Retries::default(),
            body_cap: 64 << 20,
        }
    }
}

impl fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("ClientConfig");
        fields.field("hub", &self.hub.as_str()).field("router", &self.router.as_str());
        fields.field("deadlines", &self.deadlines).field("retries", &self.retries).finish_non_exhaustive()
    }
}

#[expect(clippy::expect_used, reason = "constant addresses")]
fn fixed(url: &str) -> Url {
    Url::parse(url).expect("a constant address")
}

/// How long to wait for what (hf-api 5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For a connection, with TLS.
    pub connect: Duration,
    /// From sending to the whole head of the answer.
    pub first_byte: Duration,
    /// Between two pieces of the body.
    pub idle: Duration,
    /// For a whole call with all its tries; `None` has no end.
    pub total: Option<Duration>,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(120),
            idle: Duration::from_secs(120),
            total: Some(Duration::from_secs(30 * 60)),
        }
    }
}

/// When to try again: only before any output, only what may pass (429, 502, 503, 504, no connection).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Tries after the first.
    pub max: u32,
    /// The first wait; it doubles each time, give or take a fifth.
    pub base: Duration,
    /// A server that asks for a longer wait than this is not waited for.
    pub longest: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { max: 3, base: Duration::from_secs(1), longest: Duration::from_secs(60) }
    }
}

/// Talks to providers. Cheap to clone; clones share connections and the cache of mappings.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    watcher: Option<watch::Watcher>,
    /// Servers that keep answers are asked for new ones.
    anew: bool,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Inner {
    /// Through the proxy, if there is one.
    outer: reqwest::Client,
    /// For addresses on this machine.
    local: reqwest::Client,
    config: ClientConfig,
    mappings: Mutex<hub::Mappings>,
    farewells: Mutex<farewell::Farewells>,
    limits: Mutex<Vec<RateLimit>>,
}

impl Client {
    /// Sets the client up; nothing is sent.
    ///
    /// # Errors
    /// `input` when the proxy is no address or the CA file cannot be read.
    pub fn new(config: ClientConfig) -> Result<Self> {
        let tls = tls::config(config.ca_file.as_deref())?;
        let outer = send::proxied(send::builder(&config, tls.clone()), config.proxy.as_deref())?;
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|cause| Error::internal("set up the network", cause))
        };
        let local = build(send::builder(&config, tls).no_proxy())?;
        let outer = build(outer)?;
        let (mappings, farewells, limits) = (Mutex::default(), Mutex::default(), Mutex::default());
        let inner = Inner { outer, local, config, mappings, farewells, limits };
        Ok(Self { inner: Arc::new(inner), watcher: None, anew: false })
    }

    /// The same client, which asks servers that keep answers for new ones (`x-use-cache: 0`), or does not.
    #[must_use]
    pub fn anew(self, anew: bool) -> Self {
        Self { anew, ..self }
    }

    /// How the client was set up.
    pub fn config(&self) -> &ClientConfig {
        &self.inner.config
    }

    /// A Hugging Face token as a key that only the Hub and the router may see.
    ///
    /// # Errors
    /// `auth` when no header can carry it.
    pub fn hugging_face_key(&self, token: &SecretString) -> Result<Key> {
        Ok(Key::new(token, &self.inner.config.hub)?.also(&self.inner.config.router))
    }

    fn http(&self, url: &Url) -> &reqwest::Client {
        if address::is_loopback(url) { &self.inner.local } else { &self.inner.outer }
    }
}
