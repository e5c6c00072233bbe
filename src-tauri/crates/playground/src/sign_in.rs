//! Signs in to Hugging Face with a code that the person enters in their browser, and renews that sign-in (hf-api
//! 1.8). It needs the client id of an OAuth app, which the settings hold.

use limerick_inference::{Client, DeviceCode, Granted};
use limerick_tasks::{Ending, Error, ErrorCode, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    Connection, Playground, commands::Nothing, keys::FoundKey, playground::lock, reach::HUGGING_FACE,
    store::now,
};

/// What a token needs to call Inference Providers, and to know whose it is.
const SCOPE: &str = "openid profile inference-api";
/// What a sign-in's tokens begin with.
const OAUTH: &str = "hf_oauth_";
/// A token is renewed when less than this is left of it, and no sooner than halfway.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// The least time between two tries to renew.
const PAUSE: i64 = 5 * 60 * 1000;

/// Begins a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SignIn {
    /// Where no keychain works: the person agrees to a file that only they can read.
    pub allow_file: bool,
}

/// What happens while a person signs in. `done`, `failed` or `cancelled` ends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignInEvent {
    /// The person opens `page` and enters `code` there.
    Code {
        /// What to enter.
        code: String,
        /// Where, with the code filled in already.
        page: String,
        /// Seconds until it is void.
        expires_in: f64,
    },
    /// Signed in; the token is kept.
    Done {
        /// The Hugging Face connection.
        connection: Connection,
    },
    /// It will not happen.
    Failed {
        /// Why.
        #[serde(flatten)]
        error: Error,
    },
    /// The person stopped it.
    Cancelled,
}

/// A sign-in under way, and when renewing was last tried.
#[derive(Default)]
pub(crate) struct SigningIn {
    stop: std::sync::Mutex<Option<CancellationToken>>,
    renewed: tokio::sync::Mutex<i64>,
}

/// What is kept beside the token, as secretly.
#[derive(Serialize, Deserialize)]
struct Renewal {
    client_id: String,
    refresh_token: String,
    /// Milliseconds since 1970 UTC.
    from: i64,
    until: i64,
}

impl Renewal {
    fn is_due(&self) -> bool {
        let early = DAY.min((self.until - self.from) / 2);
        now() >= self.until - early
    }
}

impl Playground {
    /// Signs in to Hugging Face: tells the code, waits until it is entered, keeps the token.
    pub async fn sign_in(
        &self,
        args: SignIn,
        on: impl Fn(SignInEvent) + Send + Sync + 'static,
    ) -> Result<()> {
        let stop = CancellationToken::new();
        if let Some(before) = lock(&self.inner.signing_in.stop).replace(stop.clone()) {
            before.cancel();
        }
        on(match self.enter_code(args, &stop, &on).await {
            Ok(Ending::Done(connection)) => SignInEvent::Done { connection },
            Ok(Ending::Cancelled) => SignInEvent::Cancelled,
            Err(error) => SignInEvent::Failed { error },
        });
        Ok(())
    }

    /// Stops a sign-in. Never an error.
    pub async fn stop_sign_in(&self, _: Nothing) -> Result<Nothing> {
        if let Some(stop) = lock(&self.inner.signing_in.stop).take() {
            stop.cancel();
        }
        Ok(Nothing {})
    }

    async fn enter_code(
        &self,
        args: SignIn,
        stop: &CancellationToken,
        on: &(impl Fn(SignInEvent) + Send + Sync),
    ) -> Result<Ending<Connection>> {
        let client_id = self.client_id()?;
        let network = &self.inner.network;
        let client = network.client_for(&self.settings_now(), &[&network.hub])?;
        let begun = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(Ending::Cancelled),
            begun = client.begin_sign_in(&client_id, SCOPE) => begun?,
        };
        on(code_event(&begun));
        let granted = match client.finish_sign_in(&client_id, &begun, stop).await? {
            Ending::Done(granted) => granted,
            Ending::Cancelled => return Ok(Ending::Cancelled),
        };
        self.keep_sign_in(&client_id, &granted, None, args.allow_file).await?;
        self.connection(HUGGING_FACE).await.map(Ending::Done)
    }

    fn client_id(&self) -> Result<String> {
        let id =
            self.settings_now().sign_in_client.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        id.ok_or_else(|| {
            let message =
                "Signing in needs the client id of an OAuth app. Enter it in Settings, or paste a token.";
            Error::new(ErrorCode::Input, message)
        })
    }

    /// Keeps a token, and what renews it. A renewed sign-in may go on with its old refresh token.
    async fn keep_sign_in(
        &self,
        client_id: &str,
        granted: &Granted,
        before: Option<&str>,
        allow_file: bool,
    ) -> Result<()> {
        let refresh = granted.refresh_token.as_ref().map(ExposeSecret::expose_secret).or(before);
        let seconds = granted.expires_in.and_then(|seconds| i64::try_from(seconds).ok());
        if let (Some(refresh), Some(seconds)) = (refresh, seconds) {
            let from = now();
            let renewal = Renewal {
                client_id: client_id.to_owned(),
                refresh_token: refresh.to_owned(),
                from,
                until: from.saturating_add(seconds.saturating_mul(1000)),
            };
            let text = serde_json::to_string(&renewal)
                .map_err(|cause| Error::internal("keep your sign-in", cause))?;
            self.inner.keys.keep(self.renewal_place(), SecretString::from(text), allow_file).await?;
        }
        let origin = self.inner.network.key_home.origin().ascii_serialization();
        self.inner.keys.keep(origin, granted.token.clone(), allow_file).await
    }

    /// What renews the sign-in lies beside the token, under a name that is no origin: it is never sent as a key.
    pub(crate) fn renewal_place(&self) -> String {
        format!("{} sign-in", self.inner.network.key_home.origin().ascii_serialization())
    }

    /// The token, renewed when it is about to end. One that cannot be renewed for now is used as it is.
    pub(crate) async fn renewed(&self, key: FoundKey) -> Result<FoundKey> {
        if !key.kept || !key.secret.expose_secret().starts_with(OAUTH) {
            return Ok(key);
        }
        let mut last = self.inner.signing_in.renewed.lock().await;
        let Some(renewal) = self.renewal().await?.filter(Renewal::is_due) else {
            return self.current(key).await;
        };
        if now() - *last < PAUSE {
            return self.current(key).await;
        }
        *last = now();
        let network = &self.inner.network;
        let Ok(client) = network.client_for(&self.settings_now(), &[&network.hub]) else { return Ok(key) };
        match self.renew(&client, &renewal, &key).await {
            Ok(()) => self.current(key).await,
            Err(error) if error.code == ErrorCode::Auth && now() >= renewal.until => Err(error),
            Err(error) => {
                tracing::info!(detail = error.detail, "the sign-in was not renewed: {error}");
                Ok(key)
            }
        }
    }

    async fn renew(&self, client: &Client, renewal: &Renewal, key: &FoundKey) -> Result<()> {
        let refresh = SecretString::from(renewal.refresh_token.clone());
        let granted = client.renew_sign_in(&renewal.client_id, &refresh).await?;
        // A file was agreed to when the token went into one.
        let in_file = key.in_file();
        self.keep_sign_in(&renewal.client_id, &granted, Some(&renewal.refresh_token), in_file).await
    }

    /// The token as it is now: another call may have renewed it meanwhile.
    async fn current(&self, key: FoundKey) -> Result<FoundKey> {
        let origin = self.inner.network.key_home.origin().ascii_serialization();
        Ok(self.inner.keys.stored(&origin).await?.unwrap_or(key))
    }

    async fn renewal(&self) -> Result<Option<Renewal>> {
        let kept = self.inner.keys.stored(&self.renewal_place()).await?;
        Ok(kept.and_then(|kept| serde_json::from_str(kept.secret.expose_secret()).ok()))
    }
}

fn code_event(begun: &DeviceCode) -> SignInEvent {
    SignInEvent::Code {
        code: begun.user_code.clone(),
        page: begun.page_with_code.to_string(),
        expires_in: begun.expires_in,
    }
}
