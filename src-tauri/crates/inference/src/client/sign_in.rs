//! Signs in with a device code: begins, waits until the person has entered it, renews (hf-api 1.8).

use std::time::{Duration, Instant};

use limerick_tasks::{Ending, Error, ErrorCode, Result};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::form_urlencoded::Serializer;

use super::Client;
use super::send::Credentials;
use crate::address;
use crate::hub::{self, DeviceCode, Granted, Poll};
use crate::wire::Request;

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Client {
    /// Begins a sign-in; the person then opens a page and enters a code. `scope`: the rights wanted, with spaces
    /// between (`inference-api`).
    ///
    /// # Errors
    /// `input` when the Hub does not know the client id, and the errors of any call.
    pub async fn begin_sign_in(&self, client_id: &str, scope: &str) -> Result<DeviceCode> {
        let (status, value) =
            self.post_form("/oauth/device", &[("client_id", client_id), ("scope", scope)]).await?;
        let value = value.unwrap_or_default();
        if status >= 400 {
            return Err(hub::granted(&value).err().unwrap_or_else(hub::expired).with_status(status));
        }
        hub::begun(&value, &self.config().hub)
    }

    /// Waits until the person has entered the code; cancelling is no error. Failures of the network in between
    /// are waited out.
    ///
    /// # Errors
    /// `auth` when they declined or the code is void.
    pub async fn finish_sign_in(
        &self,
        client_id: &str,
        code: &DeviceCode,
        cancel: &CancellationToken,
    ) -> Result<Ending<Granted>> {
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(Ending::Cancelled),
            done = self.poll_sign_in(client_id, code) => done.map(Ending::Done),
        }
    }

    async fn poll_sign_in(&self, client_id: &str, code: &DeviceCode) -> Result<Granted> {
        // Never faster than the first wait before another try.
        let unit = self.config().retries.base;
        let mut interval = seconds(code.interval).max(unit);
        let over = Instant::now() + seconds(code.expires_in);
        while Instant::now() + interval < over {
            tokio::time::sleep(interval).await;
            let fields = [
                ("grant_type", DEVICE_GRANT),
                ("device_code", code.proof.expose_secret()),
                ("client_id", client_id),
            ];
            let Ok((status, value)) = self.post_form("/oauth/token", &fields).await else { continue };
            match hub::polled(status, value.as_ref()) {
                Poll::Done(granted) => return Ok(granted),
                Poll::Pending => {}
                // RFC 8628: five seconds more, for good.
                Poll::SlowDown => interval += unit * 5,
                Poll::Over(error) => return Err(error.with_status(status)),
            }
        }
        Err(hub::expired())
    }

    /// Gets the next token of a sign-in.
    ///
    /// # Errors
    /// `auth` when the sign-in has ended for good.
    pub async fn renew_sign_in(&self, client_id: &str, refresh_token: &SecretString) -> Result<Granted> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
            ("client_id", client_id),
        ];
        let (status, value) = self.post_form("/oauth/token", &fields).await?;
        match value {
            Some(value) if status < 500 => hub::granted(&value),
            _ => Err(unavailable(status)),
        }
    }

    /// Posts a form to the Hub, without a key; the status and the JSON, where JSON came.
    async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Result<(u16, Option<Value>)> {
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let form = Serializer::new(String::new()).extend_pairs(given).finish();
        let url = address::join(&self.config().hub, path);
        let request = Request::post_bytes(url, "application/x-www-form-urlencoded", form.into());
        let answer =
            self.exchange(&request, &Credentials::default()).await.map_err(|failure| failure.error)?;
        let response = answer.into_error_response().await;
        Ok((response.head.status, serde_json::from_slice(&response.body).ok()))
    }
}

fn unavailable(status: u16) -> Error {
    let message = "Hugging Face could not renew your sign-in for now: try again in a minute.";
    Error::new(ErrorCode::Provider, message).with_status(status)
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
