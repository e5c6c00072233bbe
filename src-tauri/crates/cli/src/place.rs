//! Where to ask, and with which key.

use std::{env, sync::Arc};

use limerick_playground::{
    ConnectionKind, Folders, Playground, SetKey, commands::Nothing, unsaved_server, unsaved_space,
};
use limerick_tasks::Error;

use crate::{
    Stop,
    args::{Kind, Place, Token},
    host::Terminal,
};

/// Opens the playground that the app uses, too.
pub(crate) fn open() -> Result<Playground, Error> {
    let folders = Folders::standard()?;
    let host = Terminal::new(&folders);
    Playground::open(folders, Arc::new(host))
}

impl Place {
    /// Which kind of connection is meant. The provider `auto` fits every connection.
    pub(crate) fn kind(&self, provider: Option<&str>) -> Result<Kind, Stop> {
        let implied = if self.url.is_some() {
            Kind::Server
        } else if self.space.is_some() {
            Kind::Space
        } else if provider.is_some() {
            Kind::Hf
        } else {
            Kind::Builtin
        };
        let kind = self.connection.unwrap_or(implied);
        let usage = |message: &str| Err(Stop::Usage(message.into()));
        if self.url.is_some() && kind != Kind::Server {
            return usage("--url goes with --connection server. Take one of them away.");
        }
        if self.space.is_some() != (kind == Kind::Space) {
            return usage("--space names the Space, and goes with --connection space alone.");
        }
        if provider.is_some_and(|name| name != "auto") && kind != Kind::Hf {
            return usage("--provider goes with --connection hf. Take one of them away.");
        }
        if self.token.key_env.is_some() && kind == Kind::Builtin {
            return usage("the built-in models need no key. Take --key-env away, or name a connection.");
        }
        Ok(kind)
    }

    /// The id of the connection, with its key in place.
    pub(crate) async fn connection(&self, playground: &Playground, kind: Kind) -> Result<String, Stop> {
        let id = match (kind, &self.url) {
            (Kind::Builtin, _) => "builtin".to_owned(),
            (Kind::Hf, _) => "hf".to_owned(),
            (Kind::Server, Some(url)) => {
                unsaved_server(url).map_err(|error| Stop::Usage(format!("--url: {error}")))?
            }
            (Kind::Server, None) => only_server(playground).await?,
            (Kind::Space, _) => unsaved_space(self.space.as_deref().unwrap_or_default())
                .map_err(|error| Stop::Usage(format!("--space: {error}")))?,
        };
        // A Space is shown Hugging Face's token, where it is one of its hosts.
        self.token.give(playground, if kind == Kind::Space { "hf" } else { &id }).await?;
        Ok(id)
    }
}

impl Token {
    /// Refuses a variable that is not there, before anything is asked.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        self.read().map(|_| ())
    }

    /// Hands the key to the connection whose origin it is meant for.
    pub(crate) async fn give(&self, playground: &Playground, connection: &str) -> Result<(), Stop> {
        if let Some(key) = self.read()? {
            let connection = connection.to_owned();
            playground.set_key(SetKey { connection, key, allow_file: false }).await?;
        }
        Ok(())
    }

    fn read(&self) -> Result<Option<String>, Stop> {
        let Some(name) = &self.key_env else { return Ok(None) };
        let key = env::var(name).ok().filter(|key| !key.trim().is_empty());
        key.map(Some).ok_or_else(|| {
            Stop::Usage("--key-env names a variable that holds no key. Set that variable first.".into())
        })
    }
}

/// The server that was saved in the app, if there is one alone.
async fn only_server(playground: &Playground) -> Result<String, Stop> {
    let mut saved = playground.connections(Nothing {}).await?;
    saved.retain(|connection| connection.kind == ConnectionKind::Server);
    match saved.as_slice() {
        [only] => Ok(only.id.clone()),
        [] => Err(Stop::Usage("no server is saved. Name one with --url.".into())),
        many => {
            let urls: Vec<&str> = many.iter().filter_map(|connection| connection.url.as_deref()).collect();
            Err(Stop::Usage(format!("choose a server with --url: {}.", urls.join(", "))))
        }
    }
}
