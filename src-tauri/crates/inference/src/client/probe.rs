//! Finds out what answers at an address (hf-api 8.1).

use std::time::Duration;

use limerick_tasks::{Error, ErrorCode, Result, Voice};
use serde_json::Value;
use url::Url;

use super::Client;
use super::plan::Server;
use super::send::Credentials;
use crate::address;
use crate::hub::{self, Templates};
use crate::server::{self, PROBES, ServerReport};
use crate::voices;
use crate::wire::Request;

/// A question that only adds detail may take this long.
const DETAIL: Duration = Duration::from_secs(3);

impl Client {
    /// What answers at a server's address, and which models it has.
    ///
    /// # Errors
    /// `auth` when it wants a key, `network` when nothing answers, `model` when it is no model server.
    pub async fn server_models(&self, server: &Server) -> Result<ServerReport> {
        address::refuse_dead_host(&server.url)?;
        let credentials = Credentials::of_server(server);
        let base = address::base(&server.url);
        let mut report = self.probe(&base, &credentials).await.map_err(|error| credentials.scrub(error))?;
        self.detail(&base, &credentials, &mut report).await;
        Ok(report)
    }

    /// The chat template that the server itself uses, where it tells of it (llama.cpp's `/props`); else none.
    ///
    /// # Errors
    /// `auth` when it wants a key, `network` when nothing answers.
    pub async fn server_templates(&self, server: &Server) -> Result<Templates> {
        address::refuse_dead_host(&server.url)?;
        let credentials = Credentials::of_server(server);
        let request = Request::get(address::join(&root(&address::base(&server.url)), "/props"));
        match self.get_once(&request, &credentials).await {
            Ok(value) => Ok(hub::from_props(&value)),
            Err(failure) if says_no_such_route(&failure.error) => Ok(Templates::default()),
            Err(failure) => Err(credentials.scrub(failure.error)),
        }
    }

    /// The voices that a server says it has; none where it does not tell.
    ///
    /// # Errors
    /// `auth` when it wants a key, `network` when nothing answers.
    pub async fn server_voices(&self, server: &Server) -> Result<Vec<Voice>> {
        address::refuse_dead_host(&server.url)?;
        let credentials = Credentials::of_server(server);
        let request = Request::get(address::openai(&server.url, "/audio/voices"));
        match self.get_once(&request, &credentials).await {
            Ok(value) => Ok(voices::read(&value)),
            Err(failure) if says_no_such_route(&failure.error) => Ok(Vec::new()),
            Err(failure) => Err(credentials.scrub(failure.error)),
        }
    }

    async fn probe(&self, base: &Url, credentials: &Credentials) -> Result<ServerReport> {
        for (path, kind) in PROBES {
            let url = if path.starts_with("/api") || path == "/info" || path == "/props" {
                address::join(&root(base), path)
            } else {
                address::join(base, path)
            };
            match self.get_once(&Request::get(url), credentials).await {
                Ok(value) => {
                    if let Some(report) = server::report(kind, &value) {
                        return Ok(report);
                    }
                }
                Err(failure) if says_no_such_route(&failure.error) => {}
                Err(failure) => return Err(failure.error),
            }
        }
        let message = "Something answers there, but it is no model server: check the address.";
        Err(Error::new(ErrorCode::Model, message))
    }

    /// Adds version and context where one short question tells them; a silent server changes nothing.
    async fn detail(&self, base: &Url, credentials: &Credentials, report: &mut ServerReport) {
        let Some(path) = server::detail_path(report.kind) else { return };
        let request = Request::get(address::join(&root(base), path));
        let asked = tokio::time::timeout(DETAIL, self.get_once(&request, credentials)).await;
        let value: Value = match asked {
            Ok(Ok(value)) => value,
            _ => return,
        };
        server::add_detail(report, &value);
    }
}

/// Answers that only mean "look elsewhere".
fn says_no_such_route(error: &Error) -> bool {
    matches!(error.status, Some(400 | 404 | 405 | 410 | 422 | 501))
        || (error.status.is_none() && error.code == ErrorCode::Format)
}

/// The address without a closing `/v1`.
fn root(base: &Url) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/');
    url.set_path(path.strip_suffix("/v1").unwrap_or(path));
    url
}
