//! One request on the wire: key to its own origin only, redirects within the origin only, deadlines.

use std::error::Error as _;

use limerick_tasks::{Error, ErrorCode, Result};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use reqwest::{RequestBuilder, multipart, redirect};
use secrecy::{ExposeSecret, SecretString};
use url::{Origin, Url};

use super::answer::{Answer, Body};
use super::plan::Server;
use super::watch::Recording;
use super::{Client, ClientConfig};
use crate::address;
use crate::error::{Again, Failure};
use crate::key::Key;
use crate::wire::{Body as Sent, FormField, Head, Method, Request};

/// What goes along with a request and must not go anywhere else.
#[derive(Debug, Clone, Default)]
pub(super) struct Credentials {
    pub(super) key: Option<Key>,
    /// A server's own headers, as its settings have them, and the origin that may see them.
    headers: Vec<(String, SecretString)>,
    origin: Option<Origin>,
}

impl Credentials {
    pub(super) fn of(key: Option<&Key>) -> Self {
        Self { key: key.cloned(), ..Self::default() }
    }

    pub(super) fn of_server(server: &Server) -> Self {
        let origin = Some(server.url.origin());
        Self { key: server.key.clone(), headers: server.headers.clone(), origin }
    }

    /// Takes the key out of what a server said.
    pub(super) fn scrub(&self, mut error: Error) -> Error {
        if let Some(key) = &self.key {
            error.message = key.scrub(&error.message);
            error.detail = error.detail.map(|detail| key.scrub(&detail));
        }
        error
    }
}

pub(super) fn builder(config: &ClientConfig, tls: rustls::ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(config.user_agent.clone())
        .connect_timeout(config.deadlines.connect)
        .redirect(redirect::Policy::none())
        .http1_max_headers(1_024)
        .tcp_nodelay(true)
}

pub(super) fn proxied(
    builder: reqwest::ClientBuilder,
    proxy: Option<&str>,
) -> Result<reqwest::ClientBuilder> {
    let Some(address) = proxy.filter(|address| !address.trim().is_empty()) else { return Ok(builder) };
    let proxy = reqwest::Proxy::all(address.trim()).map_err(|cause| {
        let message = "The proxy's address cannot be used: it looks like http://host:port.";
        Error::new(ErrorCode::Input, message).with_detail(cause)
    })?;
    Ok(builder.proxy(proxy))
}

impl Client {
    /// Sends a request and waits for the head of its answer; follows redirects within the origin.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        credentials: &Credentials,
    ) -> std::result::Result<Answer, Failure> {
        let mut request = request.clone();
        for _ in 0..=5 {
            let (response, recording) = self.send_once(&request, credentials).await?;
            let answer = self.answer(response).recorded(recording);
            let Some(next) = redirected(&request, &answer.head)? else { return Ok(answer) };
            request = next;
        }
        Err(Error::new(ErrorCode::Format, "The server sends us in circles: check the address.").into())
    }

    pub(super) fn answer(&self, response: reqwest::Response) -> Answer {
        let head = Head { status: response.status().as_u16(), headers: response.headers().clone() };
        let config = self.config();
        Answer { head, body: Body::new(response, config.deadlines.idle, config.body_cap) }
    }

    pub(super) async fn send_once(
        &self,
        request: &Request,
        credentials: &Credentials,
    ) -> std::result::Result<(reqwest::Response, Option<Recording>), Failure> {
        let built = self.prepare(request, credentials)?.build();
        let built = built.map_err(|cause| Error::internal("write this request", chain(&cause)))?;
        let mut recording = self.record(request, built.headers(), credentials);
        match self.head_of(request, built).await {
            Ok(response) => Ok((response, recording)),
            Err(failure) => {
                if let Some(recording) = &mut recording {
                    recording.failed(&credentials.scrub(failure.error.clone()));
                }
                Err(failure)
            }
        }
    }

    /// Sends it and waits for the head of the answer.
    async fn head_of(
        &self,
        request: &Request,
        built: reqwest::Request,
    ) -> std::result::Result<reqwest::Response, Failure> {
        let limit = self.config().deadlines.first_byte;
        let sent = tokio::time::timeout(limit, self.http(&request.url).execute(built)).await;
        let Ok(sent) = sent else {
            let message = format!("No answer came within {} seconds.", limit.as_secs_f64());
            return Err(Error::new(ErrorCode::Timeout, message).into());
        };
        let response = sent.map_err(|cause| network_failure(&cause, &request.url))?;
        tracing::debug!(host = request.url.host_str(), path = request.url.path(), status = %response.status());
        Ok(response)
    }

    fn prepare(&self, request: &Request, credentials: &Credentials) -> Result<RequestBuilder> {
        let http = self.http(&request.url);
        let mut builder = match request.method {
            Method::Get => http.get(request.url.clone()),
            Method::Post => http.post(request.url.clone()),
            Method::Put => http.put(request.url.clone()),
        };
        for (name, value) in &request.headers {
            builder = builder.header(*name, header_value(name, value)?);
        }
        if !request.keyless {
            builder = with_credentials(builder, &request.url, credentials)?;
        }
        Ok(match &request.body {
            Sent::None => builder,
            Sent::Json(body) => builder.json(body),
            Sent::Bytes { media_type, bytes } => {
                builder.header(CONTENT_TYPE, header_value("Content-Type", media_type)?).body(bytes.clone())
            }
            Sent::Multipart(fields) => builder.multipart(form(fields)?),
        })
    }
}

fn with_credentials(
    mut builder: RequestBuilder,
    url: &Url,
    credentials: &Credentials,
) -> Result<RequestBuilder> {
    let at_home = credentials.origin.as_ref().is_some_and(|origin| *origin == url.origin());
    for (name, value) in credentials.headers.iter().filter(|_| at_home) {
        let mut value = header_value(name, value.expose_secret())?;
        value.set_sensitive(true);
        builder = builder.header(header_name(name)?, value);
    }
    if let Some((name, value)) = credentials.key.as_ref().and_then(|key| key.header_for(url)) {
        builder = builder.header(name, value);
    }
    Ok(builder)
}

fn form(fields: &[FormField]) -> Result<multipart::Form> {
    let mut form = multipart::Form::new();
    for field in fields {
        let length = field.bytes.len() as u64;
        let mut part = multipart::Part::stream_with_length(field.bytes.clone(), length);
        if let Some((name, media_type)) = &field.file {
            let bad =
                |cause| Error::new(ErrorCode::Input, "This kind of file cannot be sent.").with_detail(cause);
            part = part.file_name(name.clone()).mime_str(media_type).map_err(bad)?;
        }
        form = form.part(field.name.clone(), part);
    }
    Ok(form)
}

fn header_value(name: &str, value: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(value.trim()).map_err(|_| bad_header(name))
}

fn header_name(name: &str) -> Result<HeaderName> {
    HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| bad_header(name))
}

fn bad_header(name: &str) -> Error {
    let name: String = name.chars().take(60).collect();
    Error::new(ErrorCode::Input, format!("The header {name} holds characters that no header can have."))
}

/// The request to follow a redirect with; `None` when the answer is none.
fn redirected(request: &Request, head: &Head) -> Result<Option<Request>> {
    let Some(target) = target_of(&request.url, head)? else { return Ok(None) };
    let status = head.status;
    let elsewhere = target.origin() != request.url.origin();
    // 301 and 302 would turn a question into a visit; 303 asks for that.
    if elsewhere || (request.method == Method::Post && matches!(status, 301 | 302)) {
        let to = target.origin().ascii_serialization();
        let message = format!(
            "The server sends us to {to}, where nothing was sent: if that is right, enter that address."
        );
        return Err(Error::new(ErrorCode::Format, message).with_status(status).with_detail(target.path()));
    }
    Ok(Some(match status {
        303 => Request { method: Method::Get, body: Sent::None, url: target, ..request.clone() },
        _ => Request { url: target, ..request.clone() },
    }))
}

/// Where a redirect leads; `None` when the answer is none.
pub(super) fn target_of(from: &Url, head: &Head) -> Result<Option<Url>> {
    if !matches!(head.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let target = head.header(LOCATION.as_str()).and_then(|target| from.join(target).ok());
    let lost = || Error::new(ErrorCode::Format, "The server sends us elsewhere without saying where.");
    target.map(Some).ok_or_else(|| lost().with_status(head.status))
}

/// What went wrong before an answer came.
pub(super) fn network_failure(cause: &reqwest::Error, url: &Url) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let chain = chain(cause);
    let new = |code, message: String| Error::new(code, message).with_detail(&chain);
    if cause.is_timeout() {
        return soon(new(
            ErrorCode::Timeout,
            format!("{host} could not be reached in time: check the connection."),
        ));
    }
    if chain.contains("certificate") || chain.contains("UnknownIssuer") {
        let message = format!(
            "The certificate of {host} is not trusted: check the address, or add its authority in Settings."
        );
        return new(ErrorCode::Network, message).into();
    }
    if cause.is_connect() {
        return no_connection(url, &chain);
    }
    if hyper_error(cause).is_some_and(hyper::Error::is_parse) {
        let message = format!("What answers at {host} does not speak HTTP as it should: check the address.");
        return new(ErrorCode::Format, message).into();
    }
    soon(new(ErrorCode::Network, format!("The connection to {host} broke before an answer came.")))
}

fn no_connection(url: &Url, chain: &str) -> Failure {
    let port = url.port_or_known_default().unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    if address::is_loopback(url) {
        // Nobody listens: waiting some seconds would not change that.
        let message = format!("Nothing answers at {host}:{port}: start the server there.");
        return Error::new(ErrorCode::Network, message).with_detail(chain).into();
    }
    let message = format!("{host} cannot be reached: check the connection and the address.");
    soon(Error::new(ErrorCode::Network, message).with_detail(chain))
}

fn soon(error: Error) -> Failure {
    Failure { error, retry: Some(Again::Soon) }
}

fn hyper_error(cause: &reqwest::Error) -> Option<&hyper::Error> {
    let mut source = cause.source();
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        source = error.source();
    }
    None
}

/// An error and its causes in one line, without the address (which may hold a key in its query).
pub(super) fn chain(cause: &reqwest::Error) -> String {
    let mut parts = Vec::new();
    let mut source = cause.source();
    while let Some(error) = source {
        parts.push(error.to_string());
        source = error.source();
    }
    parts.join(": ")
}
