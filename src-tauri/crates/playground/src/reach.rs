//! What a connection reaches: finds it by its id, with its key, and refuses what cannot be one.

use limerick_inference::{Client, Key, Route, Server, Style, server_url, space_address};
use limerick_tasks::{Error, ErrorCode, Result};
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

use crate::{
    Connection, ConnectionKind, Header, Playground, SaveConnection, SetKey,
    commands::{Id, Nothing},
    keys::{FoundKey, tidy},
    playground::lock,
    spaces::not_asked_for,
    store::connections::{self, SavedConnection},
};

/// Id of the connection to the engine inside the app.
pub(crate) const BUILTIN: &str = "builtin";
/// Id of the connection to Hugging Face.
pub(crate) const HUGGING_FACE: &str = "hf";
/// What the id of a server that is not saved begins with; its address follows (the command line's `--url`).
const UNSAVED: &str = "url:";
/// The same of a Space (the command line's `--space`).
pub(crate) const UNSAVED_SPACE: &str = "space:";

/// Headers that carry keys or belong to HTTP itself.
const KEY_HEADERS: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "x-auth-token",
    "x-access-token",
];
const OWN_HEADERS: [&str; 7] = [
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "accept",
    "accept-encoding",
];

/// A connection that was found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) reach: Reach,
}

/// What a connection reaches.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    Builtin,
    HuggingFace {
        bill_to: Option<String>,
    },
    Server {
        url: Url,
        headers: Vec<Header>,
    },
    /// By its id on the Hub or its address.
    Space {
        place: String,
    },
}

impl Playground {
    /// All connections, Built-in first.
    pub async fn connections(&self, _: Nothing) -> Result<Vec<Connection>> {
        let saved = self.inner.store.ask("read your connections", |db| connections::all(db)).await?;
        let servers = saved.into_iter().filter(|saved| saved.id != HUGGING_FACE).map(|saved| saved.id);
        let mut all = Vec::new();
        for id in [BUILTIN, HUGGING_FACE].map(str::to_owned).into_iter().chain(servers) {
            all.push(self.connection(&id).await?);
        }
        Ok(all)
    }

    /// One connection, as a front sees it.
    pub(crate) async fn connection(&self, id: &str) -> Result<Connection> {
        let found = self.find_connection(id).await?;
        let key = self.key_of(&found).await.unwrap_or_else(|error| {
            tracing::warn!(detail = error.detail, "a key could not be read: {error}");
            None
        });
        let shown = Connection {
            id: found.id,
            kind: ConnectionKind::Builtin,
            name: found.name,
            url: None,
            headers: Vec::new(),
            bill_to: None,
            space: None,
            has_key: key.is_some(),
            key_source: key.map(|key| key.source),
        };
        Ok(match found.reach {
            Reach::Builtin => shown,
            Reach::HuggingFace { bill_to } => {
                Connection { kind: ConnectionKind::HuggingFace, bill_to, ..shown }
            }
            Reach::Server { url, headers } => {
                Connection { kind: ConnectionKind::Server, url: Some(url.into()), headers, ..shown }
            }
            Reach::Space { place } => Connection { kind: ConnectionKind::Space, space: Some(place), ..shown },
        })
    }

    pub(crate) async fn find_connection(&self, id: &str) -> Result<Found> {
        if id == BUILTIN {
            return Ok(Found { id: id.into(), name: "Built-in".into(), reach: Reach::Builtin });
        }
        if let Some(typed) = id.strip_prefix(UNSAVED) {
            let url = checked_url(typed)?;
            return Ok(Found {
                id: id.into(),
                name: host_of(&url),
                reach: Reach::Server { url, headers: Vec::new() },
            });
        }
        if let Some(place) = id.strip_prefix(UNSAVED_SPACE) {
            let reach = Reach::Space { place: place.to_owned() };
            return Ok(Found { id: id.into(), name: place.into(), reach });
        }
        let wanted = id.to_owned();
        let saved =
            self.inner.store.ask("read your connections", move |db| connections::get(db, &wanted)).await?;
        if id == HUGGING_FACE {
            let bill_to = saved.and_then(|saved| saved.bill_to);
            return Ok(Found {
                id: id.into(),
                name: "Hugging Face".into(),
                reach: Reach::HuggingFace { bill_to },
            });
        }
        let saved = saved.ok_or_else(|| refuse("This connection is no longer there. Choose another one."))?;
        if let Some(place) = saved.space {
            return Ok(Found { id: saved.id, name: saved.name, reach: Reach::Space { place } });
        }
        let url = checked_url(saved.url.as_deref().unwrap_or_default())?;
        Ok(Found { id: saved.id, name: saved.name, reach: Reach::Server { url, headers: saved.headers } })
    }

    /// The address that a connection's key is bound to; `None` for Built-in, and for a Space, which is shown
    /// Hugging Face's where it is one of its own hosts.
    fn key_home(&self, found: &Found) -> Option<Url> {
        match &found.reach {
            Reach::Builtin | Reach::Space { .. } => None,
            Reach::HuggingFace { .. } => Some(self.inner.network.key_home.clone()),
            Reach::Server { url, .. } => Some(url.clone()),
        }
    }

    pub(crate) async fn key_of(&self, found: &Found) -> Result<Option<FoundKey>> {
        let Some(url) = self.key_home(found) else { return Ok(None) };
        match self.inner.keys.find(&url).await? {
            Some(key) if matches!(found.reach, Reach::HuggingFace { .. }) => {
                Box::pin(self.renewed(key)).await.map(Some)
            }
            key => Ok(key),
        }
    }

    /// Makes or changes a connection. Changing a server's address to another origin leaves the old key behind:
    /// keys belong to origins.
    pub async fn save_connection(&self, wanted: SaveConnection) -> Result<Connection> {
        let id = wanted.id.unwrap_or_else(|| Uuid::now_v7().to_string());
        let filled =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let saved = match id.as_str() {
            BUILTIN => return Err(refuse("The built-in connection has nothing to change.")),
            HUGGING_FACE => SavedConnection {
                id: id.clone(),
                name: "Hugging Face".into(),
                bill_to: filled(wanted.bill_to),
                ..SavedConnection::default()
            },
            _ => {
                Uuid::parse_str(&id)
                    .map_err(|_| refuse("A server's id is a UUID. Leave it out for a new server."))?;
                let name = filled(Some(wanted.name));
                if let Some(place) = filled(wanted.space) {
                    let url = space_address(&place, &self.inner.network.hub)?;
                    let called = if place.contains("://") { host_of(&url) } else { place.clone() };
                    let name = name.unwrap_or(called);
                    SavedConnection { id: id.clone(), name, space: Some(place), ..SavedConnection::default() }
                } else {
                    let url = checked_url(wanted.url.as_deref().unwrap_or_default())?;
                    let name = name.unwrap_or_else(|| host_of(&url));
                    let headers = wanted.headers.iter().map(checked_header).collect::<Result<_>>()?;
                    let url = Some(url.into());
                    SavedConnection { id: id.clone(), name, url, headers, ..SavedConnection::default() }
                }
            }
        };
        self.inner.store.ask("save this connection", move |db| connections::save(db, &saved)).await?;
        self.connection(&id).await
    }

    /// Forgets a server connection, and its key unless another connection has the same origin.
    pub async fn remove_connection(&self, Id { id }: Id) -> Result<Nothing> {
        if [BUILTIN, HUGGING_FACE].contains(&id.as_str()) {
            return Err(refuse("This connection always stays. Its key can be forgotten."));
        }
        let found = self.find_connection(&id).await?;
        let (origin, others) = self
            .inner
            .store
            .ask("remove this connection", move |db| {
                connections::remove(db, &id)?;
                Ok((origin_of(&found), connections::all(db)?))
            })
            .await?;
        let same = |other: &SavedConnection| {
            other
                .url
                .as_deref()
                .and_then(|url| Url::parse(url).ok())
                .map(|url| url.origin().ascii_serialization())
                == origin
        };
        if let Some(origin) = origin.clone().filter(|_| !others.iter().any(same)) {
            self.inner.keys.forget(origin).await?;
        }
        Ok(Nothing {})
    }

    /// Keeps a key for a connection's origin; says where.
    pub async fn set_key(&self, wanted: SetKey) -> Result<Connection> {
        let found = self.find_connection(&wanted.connection).await?;
        let home = self.key_home(&found).ok_or_else(|| refuse("This connection needs no key of its own."))?;
        let key = tidy(&wanted.key).ok_or_else(|| refuse("The key is empty. Paste it again."))?;
        Key::new(&key, &home)?;
        self.forget_renewal(&found).await?;
        self.inner.keys.keep(home.origin().ascii_serialization(), key, wanted.allow_file).await?;
        self.connection(&found.id).await
    }

    /// Forgets a connection's key.
    pub async fn forget_key(&self, Id { id }: Id) -> Result<Connection> {
        let found = self.find_connection(&id).await?;
        if let Some(home) = self.key_home(&found) {
            self.forget_renewal(&found).await?;
            self.inner.cache.clear();
            self.inner.keys.forget(home.origin().ascii_serialization()).await?;
        }
        self.connection(&id).await
    }

    /// What renewed the old token of Hugging Face must not replace the new one.
    async fn forget_renewal(&self, found: &Found) -> Result<()> {
        match found.reach {
            Reach::HuggingFace { .. } => self.inner.keys.forget(self.renewal_place()).await,
            _ => Ok(()),
        }
    }

    /// The client and the route to a server or to Hugging Face, if the offline switch allows it.
    pub(crate) async fn route(&self, found: &Found, provider: Option<&str>) -> Result<(Client, Route)> {
        let (settings, network) = (self.settings_now(), &self.inner.network);
        match &found.reach {
            Reach::Builtin => Err(refuse("The built-in models need no network.")),
            Reach::Space { .. } => Err(not_asked_for()),
            Reach::HuggingFace { bill_to } => {
                let client = network.client_for(&settings, &[&network.hub, &network.router])?;
                let own = self.inner.keys.of_provider(provider).await?;
                let key = match own {
                    Some(key) => key,
                    None => self.key_of(found).await?.ok_or_else(no_token)?,
                };
                let route = client.route(provider, Some(&key.secret), bill_to.as_deref())?;
                Ok((client, route))
            }
            Reach::Server { url, headers } => {
                let client = network.client_for(&settings, &[url])?;
                let server = self.server(found, url, headers).await?;
                Ok((client, Route::Server(server)))
            }
        }
    }

    pub(crate) async fn server(&self, found: &Found, url: &Url, headers: &[Header]) -> Result<Server> {
        let key = self.key_of(found).await?.map(|key| Key::new(&key.secret, url)).transpose()?;
        let headers =
            headers.iter().map(|header| (header.name.clone(), SecretString::from(header.value.clone())));
        let style = lock(&self.inner.styles).get(url.as_str()).copied().unwrap_or(Style::Auto);
        Ok(Server { url: url.clone(), key, headers: headers.collect(), style })
    }
}

/// The id of a server that is used without being saved.
///
/// # Errors
/// `Input` when the address cannot be one.
pub fn unsaved_server(address: &str) -> Result<String> {
    Ok(format!("{UNSAVED}{}", checked_url(address)?))
}

/// The id of a Space that is used without being saved.
///
/// # Errors
/// `Input` when it is neither an id nor an address.
pub fn unsaved_space(place: &str) -> Result<String> {
    let place = place.trim();
    // The Hub's address does not matter for what a place looks like.
    space_address(place, &checked_url("https://huggingface.co")?)?;
    Ok(format!("{UNSAVED_SPACE}{place}"))
}

fn checked_url(typed: &str) -> Result<Url> {
    let url = server_url(typed)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            "The address holds a name or a password. Take it out; a key belongs in the key field.",
        ));
    }
    Ok(url)
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn origin_of(found: &Found) -> Option<String> {
    match &found.reach {
        Reach::Server { url, .. } => Some(url.origin().ascii_serialization()),
        _ => None,
    }
}

fn checked_header(header: &Header) -> Result<Header> {
    let (name, value) = (header.name.trim().to_owned(), header.value.trim().to_owned());
    let lower = name.to_ascii_lowercase();
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return Err(refuse("A header's name is letters, digits and dashes. Correct it."));
    }
    if KEY_HEADERS.contains(&lower.as_str()) {
        return Err(refuse(&format!(
            "{name} carries a key. Put the key into the key field, where it is kept safely."
        )));
    }
    if OWN_HEADERS.contains(&lower.as_str()) {
        return Err(refuse(&format!("{name} is set by Limerick itself. Take it off the list.")));
    }
    if !value.chars().all(|c| c.is_ascii_graphic() || c == ' ' || c == '\t') {
        return Err(refuse(&format!(
            "The value of {name} holds a sign that no header can have. Correct it."
        )));
    }
    Ok(Header { name, value })
}

pub(crate) fn no_token() -> Error {
    let message = "Hugging Face wants a token. Make one at huggingface.co/settings/tokens and put it in Settings, \
                   or use the built-in models.";
    Error::new(ErrorCode::Auth, message)
}

fn refuse(message: &str) -> Error {
    Error::new(ErrorCode::Input, message)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn header(name: &str, value: &str) -> Result<Header> {
        checked_header(&Header { name: name.into(), value: value.into() })
    }

    #[test]
    fn headers_that_carry_keys_are_refused() {
        for name in ["Authorization", "COOKIE", "x-api-key", "Host", "a b", "", "x\r\ny"] {
            assert_eq!(header(name, "v").unwrap_err().code, ErrorCode::Input, "{name}");
        }
        assert!(header("X-Team", "a\r\nb").is_err());
        assert_eq!(
            header(" X-Team ", " red ").unwrap(),
            Header { name: "X-Team".into(), value: "red".into() }
        );
    }

    #[test]
    fn an_address_with_a_password_is_refused() {
        assert!(checked_url("http://me:secret@localhost:8080").unwrap_err().message.contains("key field"));
        assert_eq!(unsaved_server("localhost:8080/v1").unwrap(), "url:http://localhost:8080/v1");
    }
}
