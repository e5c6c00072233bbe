//! The way out: which client, which addresses, and the offline switch.

use std::{env, path::PathBuf, sync::Mutex};

use limerick_inference::{Client, ClientConfig};
use limerick_tasks::{Error, ErrorCode, Media, Result};
use url::Url;

use crate::{Playground, Settings, playground::lock};

/// The client for the present settings, and Hugging Face's addresses.
pub(crate) struct Network {
    /// The Hub: `HF_ENDPOINT`, else huggingface.co.
    pub(crate) hub: Url,
    /// The router: `LIMERICK_ROUTER` (for mirrors and tests), else router.huggingface.co.
    pub(crate) router: Url,
    /// What a Hugging Face token is stored for: the router's origin where that was replaced, else the Hub's.
    pub(crate) key_home: Url,
    known: Mutex<Option<Known>>,
}

/// The client that was made last, and the settings it was made for.
struct Known {
    proxy: Option<String>,
    ca_file: Option<String>,
    client: Client,
}

impl Network {
    /// Reads the environment.
    pub(crate) fn from_environment() -> Result<Self> {
        let usual = ClientConfig::default();
        let router = address("LIMERICK_ROUTER")?;
        let hub = address("HF_ENDPOINT")?.unwrap_or(usual.hub);
        let key_home = router.clone().unwrap_or_else(|| hub.clone());
        Ok(Self::of(hub, router.unwrap_or(usual.router), key_home))
    }

    /// With these addresses.
    pub(crate) fn of(hub: Url, router: Url, key_home: Url) -> Self {
        Self { hub, router, key_home, known: Mutex::default() }
    }

    /// The client for these settings; the same one as long as they stay the same.
    ///
    /// # Errors
    /// `Input` when the proxy or the certificate file cannot be used.
    pub(crate) fn client(&self, settings: &Settings) -> Result<Client> {
        let mut known = lock(&self.known);
        if let Some(known) = &*known
            && (&known.proxy, &known.ca_file) == (&settings.proxy, &settings.ca_file)
        {
            return Ok(known.client.clone());
        }
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let client = Client::new(ClientConfig {
            proxy: filled(&settings.proxy),
            ca_file: filled(&settings.ca_file).map(PathBuf::from),
            hub: self.hub.clone(),
            router: self.router.clone(),
            ..ClientConfig::default()
        })?;
        let (proxy, ca_file) = (settings.proxy.clone(), settings.ca_file.clone());
        *known = Some(Known { proxy, ca_file, client: client.clone() });
        Ok(client)
    }

    /// Waits until the providers of stopped runs have been told, at most some seconds.
    pub(crate) async fn farewells(&self) {
        let client = lock(&self.known).as_ref().map(|known| known.client.clone());
        if let Some(client) = client {
            client.farewells().await;
        }
    }

    /// The client, if the offline switch lets these addresses be asked. Asked before anything is sent, DNS
    /// included.
    ///
    /// # Errors
    /// `Offline` when one of them is on another machine.
    pub(crate) fn client_for(&self, settings: &Settings, addresses: &[&Url]) -> Result<Client> {
        if settings.offline && !addresses.iter().all(|url| is_loopback(url)) {
            let message = "You are offline by choice. Switch Offline off, or use the built-in models.";
            return Err(Error::new(ErrorCode::Offline, message));
        }
        self.client(settings)
    }
}

impl Playground {
    /// Fetches a picture or a sound that the person named by its https address; without any key.
    ///
    /// # Errors
    /// `Input` for no such address, `Offline`, and the errors of any call.
    pub async fn media_at(&self, address: &str) -> Result<Media> {
        let no_address = |_| Error::new(ErrorCode::Input, "That is no web address. Copy it again.");
        let url = Url::parse(address.trim()).map_err(no_address)?;
        let client = self.inner.network.client_for(&self.settings_now(), &[&url])?;
        client.media(&url).await
    }
}

fn address(name: &str) -> Result<Option<Url>> {
    let Some(text) = env::var(name).ok().filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let url = limerick_inference::server_url(text.trim().trim_end_matches('/'));
    url.map(Some).map_err(|_| {
        Error::new(
            ErrorCode::Input,
            format!("The variable {name} holds no web address. Correct it or take it away."),
        )
    })
}

/// Whether an address is on this machine, without asking anyone: a name below `localhost` may be asked of a name
/// server, so it is none here.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn the_offline_switch_lets_only_this_machine_be_asked() {
        let network = Network::from_environment().unwrap();
        let settings = Settings { offline: true, ..Settings::default() };
        for (url, passes) in [
            ("http://127.0.0.1:8080", true),
            ("http://[::1]/v1", true),
            ("http://localhost:1/", true),
            ("http://192.168.0.2/", false),
            ("https://huggingface.co", false),
            ("http://localhost.example.org/", false),
            ("http://0.0.0.0/", false),
        ] {
            let asked = network.client_for(&settings, &[&Url::parse(url).unwrap()]);
            assert_eq!(asked.is_ok(), passes, "{url}");
        }
    }
}
