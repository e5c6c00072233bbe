//! Bark, the model that laughs and sings: no provider lists it for good, so this says which ways to it are open to
//! this person (hf-api 9.3).

use limerick_inference::{Mapping, Serving, serving};
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    DescribeModel, Playground,
    commands::Nothing,
    keys::FoundKey,
    reach::{Found, HUGGING_FACE, Reach, UNSAVED_SPACE},
};

/// The model on the Hub; its Space bears the same name.
const BARK: &str = "suno/bark";
/// Where Inference Endpoints live.
const ENDPOINTS: &str = ".endpoints.huggingface.cloud";
/// Where Replicate's key belongs.
const REPLICATE: &str = "api.replicate.com";

/// One way to Bark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BarkRoute {
    /// `provider`, `space`, `replicate`, `endpoint` or `server`.
    pub route: String,
    /// Its name on screen.
    pub title: String,
    /// It can be tried now.
    pub available: bool,
    /// Why, or why not: one sentence.
    pub why: String,
    /// What to do to open it, or before trying it; one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next_step: Option<String>,
    /// The connection to use, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub connection: Option<String>,
    /// The provider to name, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
}

impl Playground {
    /// The ways to Bark, and which of them are open to this person.
    pub async fn bark_routes(&self, _: Nothing) -> Result<Vec<BarkRoute>> {
        let found = self.find_connection(HUGGING_FACE).await?;
        let token = self.key_of(&found).await?;
        let offline = self.settings_now().offline;
        let card = self.model_card(DescribeModel { model: BARK.into(), refresh: false }).await;
        let mapping = card.map(|facts| facts.card.mapping);
        let replicate = self.inner.keys.of_provider(Some("replicate")).await?;
        let servers = self.servers().await?;
        let mut routes = vec![
            by_provider(mapping.as_deref(), token.as_ref()),
            by_space(self.space_is_awake().await.as_ref()),
            by_replicate(replicate.is_some()),
            by_endpoint(&servers),
            by_server(&servers),
        ];
        if offline {
            // A server that is listed is one that may be asked.
            let far = |route: &&mut BarkRoute| !matches!(route.route.as_str(), "endpoint" | "server");
            routes.iter_mut().filter(|route| route.available).filter(far).for_each(close);
        }
        Ok(routes)
    }

    async fn space_is_awake(&self) -> Result<bool> {
        let (client, key) = self.hub_client().await?;
        client.space_is_awake(BARK, key.as_ref()).await
    }

    /// Servers that may be asked now.
    async fn servers(&self) -> Result<Vec<Found>> {
        let (settings, mut servers) = (self.settings_now(), Vec::new());
        for connection in self.connections(Nothing {}).await? {
            let found = self.find_connection(&connection.id).await?;
            if let Reach::Server { url, .. } = &found.reach
                && self.inner.network.client_for(&settings, &[url]).is_ok()
            {
                servers.push(found);
            }
        }
        Ok(servers)
    }
}

fn route(route: &str, title: &str, available: bool, why: &str) -> BarkRoute {
    BarkRoute {
        route: route.into(),
        title: title.into(),
        available,
        why: why.into(),
        next_step: None,
        connection: None,
        provider: None,
    }
}

/// An Inference Provider that the Hub maps it to; in November 2026 there is none.
fn by_provider(mapping: std::result::Result<&[Mapping], &Error>, token: Option<&FoundKey>) -> BarkRoute {
    let title = "Inference Providers";
    let mapping = match mapping {
        Ok(mapping) => mapping,
        Err(error) if error.code == ErrorCode::Model => &[],
        Err(error) => {
            let why = format!("Whether a provider serves Bark is not known: {}", error.message);
            return BarkRoute {
                next_step: Some("Look again when Hugging Face can be reached.".into()),
                ..route("provider", title, false, &why)
            };
        }
    };
    let rows = serving(mapping, None, "text_to_speech");
    match (rows.iter().find(|row| usable(row)), token) {
        (None, _) => BarkRoute {
            next_step: Some("Take one of the other ways.".into()),
            ..route("provider", title, false, "No Inference Provider serves Bark now.")
        },
        (Some(row), Some(_)) => BarkRoute {
            provider: Some(row.provider.clone()),
            ..route("provider", title, true, &format!("{} serves Bark with your token.", row.title))
        },
        (Some(row), None) => BarkRoute {
            next_step: Some("Add your token in Settings.".into()),
            provider: Some(row.provider.clone()),
            ..route("provider", title, false, &format!("{} serves Bark, but wants a token.", row.title))
        },
    }
}

fn usable(row: &Serving) -> bool {
    row.known && row.routed && row.status != "error"
}

/// The Space `suno/bark`: free, shared, and often asleep.
fn by_space(awake: std::result::Result<&bool, &Error>) -> BarkRoute {
    let title = "The Space suno/bark";
    match awake {
        Ok(true) => BarkRoute {
            connection: Some(format!("{UNSAVED_SPACE}{BARK}")),
            ..route("space", title, true, "It runs now; it is free, and shared with everybody.")
        },
        Ok(false) => BarkRoute {
            connection: Some(format!("{UNSAVED_SPACE}{BARK}")),
            next_step: Some("Open it and wait: waking it takes some minutes.".into()),
            ..route("space", title, true, "It is free, and asleep now.")
        },
        Err(error) if error.code == ErrorCode::Provider => BarkRoute {
            next_step: Some("Look for a copy of it among the Spaces of Hugging Face.".into()),
            ..route("space", title, false, &error.message)
        },
        Err(error) => BarkRoute {
            next_step: Some("Look again when Hugging Face can be reached.".into()),
            ..route("space", title, false, &format!("Whether it runs is not known: {}", error.message))
        },
    }
}

fn by_replicate(has_key: bool) -> BarkRoute {
    if has_key {
        let ready = route("replicate", "Replicate", true, "Your own key is there; Replicate bills each run.");
        let connection = Some(HUGGING_FACE.to_owned());
        return BarkRoute { connection, provider: Some("replicate".into()), ..ready };
    }
    BarkRoute {
        next_step: Some(
            "Make a key at replicate.com/account/api-tokens and add it in Settings, for a server at https://api.replicate.com."
                .into(),
        ),
        ..route("replicate", "Replicate", false, "Replicate runs Bark, but wants a key of its own.")
    }
}

fn by_endpoint(servers: &[Found]) -> BarkRoute {
    let is_endpoint = |found: &&Found| host(found).is_some_and(|host| host.ends_with(ENDPOINTS));
    let title = "Inference Endpoint";
    match servers.iter().find(is_endpoint) {
        Some(found) => BarkRoute {
            connection: Some(found.id.clone()),
            next_step: Some("Choose it if Bark runs there.".into()),
            ..route("endpoint", title, true, &format!("{} is one of your connections.", found.name))
        },
        None => BarkRoute {
            next_step: Some(
                "Deploy suno/bark at endpoints.huggingface.co and add its address in Settings.".into(),
            ),
            ..route("endpoint", title, false, "None of your connections is an Inference Endpoint.")
        },
    }
}

fn by_server(servers: &[Found]) -> BarkRoute {
    let title = "A server of your own";
    let is_own = |host: &str| !host.ends_with(ENDPOINTS) && host != REPLICATE;
    let own = servers.iter().find(|found| host(found).is_some_and(is_own));
    match own {
        Some(found) => BarkRoute {
            connection: Some(found.id.clone()),
            next_step: Some("Choose it if it has Bark; the voice is the preset's name.".into()),
            ..route("server", title, true, &format!("{} is one of your connections.", found.name))
        },
        None => BarkRoute {
            next_step: Some("Start one with Bark, such as LocalAI, and add its address in Settings.".into()),
            ..route("server", title, false, "No server of yours is connected.")
        },
    }
}

fn host(found: &Found) -> Option<&str> {
    match &found.reach {
        Reach::Server { url, .. } => url.host_str(),
        _ => None,
    }
}

/// Offline by choice: only a server of one's own may still answer.
fn close(route: &mut BarkRoute) {
    route.available = false;
    route.why = "You are offline by choice.".into();
    route.next_step = Some("Switch Offline off in Settings.".into());
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use limerick_inference::provider;
    use url::Url;

    use super::*;

    fn row(provider: &str, status: &str) -> Mapping {
        Mapping {
            provider: provider.into(),
            provider_id: "v/bark".into(),
            task: "text-to-speech".into(),
            status: status.into(),
            ..Mapping::default()
        }
    }

    #[test]
    fn a_provider_that_serves_bark_needs_a_token() {
        let token = FoundKey { secret: "hf_x".into(), source: "HF_TOKEN".into(), kept: false };
        let mapping = [row("newcomer", "live"), row("fal-ai", "live")];
        let with = by_provider(Ok(&mapping), Some(&token));
        let without = by_provider(Ok(&mapping), None);
        if provider("fal-ai").is_ok_and(|row| row.tasks().contains(&"text_to_speech")) {
            assert_eq!((with.available, with.provider.as_deref()), (true, Some("fal-ai")));
            assert!(!without.available && without.next_step.unwrap().contains("token"));
        }
        for gone in [&[][..], &[row("newcomer", "live")], &[row("fal-ai", "error")]] {
            assert!(!by_provider(Ok(gone), Some(&token)).available);
        }
        let failed = by_provider(Err(&Error::new(ErrorCode::Network, "No way.")), Some(&token));
        assert!(!failed.available && failed.why.ends_with("No way."));
        assert!(
            by_provider(Err(&Error::new(ErrorCode::Model, "x")), None).why.contains("No Inference Provider")
        );
    }

    #[test]
    fn a_space_that_will_not_come_is_closed_with_its_reason() {
        assert!(by_space(Ok(&true)).available && by_space(Ok(&false)).available);
        let paused = by_space(Err(&Error::new(ErrorCode::Provider, "suno/bark is paused.")));
        assert_eq!((paused.available, paused.why.as_str()), (false, "suno/bark is paused."));
        assert!(!by_space(Err(&Error::new(ErrorCode::Network, "No way."))).available);
    }

    #[test]
    fn an_endpoint_and_a_server_are_told_apart() {
        let found = |url: &str| Found {
            id: url.into(),
            name: "Mine".into(),
            reach: Reach::Server { url: Url::parse(url).unwrap(), headers: Vec::new() },
        };
        let endpoint = found("https://x.us-east-1.aws.endpoints.huggingface.cloud");
        let server = found("http://localhost:8080");
        assert!(by_endpoint(std::slice::from_ref(&endpoint)).available);
        assert!(!by_endpoint(std::slice::from_ref(&server)).available);
        assert!(!by_server(&[endpoint]).available && by_server(&[server]).available);
        assert!(by_replicate(true).available && !by_replicate(false).available);
    }

    #[test]
    fn every_closed_way_says_what_opens_it() {
        let all = [
            by_provider(Ok(&[]), None),
            by_space(Ok(&false)),
            by_replicate(false),
            by_endpoint(&[]),
            by_server(&[]),
        ];
        assert!(all.iter().all(|route| route.next_step.is_some()));
        assert_eq!(all.iter().filter(|route| route.available).count(), 1, "the Space is open to all");
    }
}
