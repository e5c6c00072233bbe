//! Finds keys and says where they were found. A key belongs to an origin and is handed out for that one only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use limerick_inference::provider;
use limerick_tasks::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{Host, KeyStorage, tokens};

/// A key and where it was found, in plain words.
#[derive(Clone)]
pub(crate) struct FoundKey {
    pub(crate) secret: SecretString,
    pub(crate) source: String,
    /// Limerick keeps it; otherwise another program does, and may change it.
    pub(crate) kept: bool,
}

impl FoundKey {
    /// Tells answers to one token from those to another: 32 bits of its hash, from which no token can be guessed.
    pub(crate) fn mark(&self) -> String {
        let hash = Sha256::digest(format!("whose answer {}", self.secret.expose_secret()));
        format!("{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3])
    }

    /// Whether it lies in the file that the person agreed to.
    pub(crate) fn in_file(&self) -> bool {
        self.kept && self.source == place(KeyStorage::File)
    }
}

/// The keys of this machine's owner. What the keychain said is remembered until it is changed here: asking a
/// keychain can take two seconds.
pub(crate) struct Keys {
    host: Arc<dyn Host>,
    known: Mutex<HashMap<String, Option<FoundKey>>>,
}

impl Keys {
    pub(crate) fn new(host: Arc<dyn Host>) -> Self {
        Self { host, known: Mutex::default() }
    }

    /// The key for an origin: the one that was stored for it, else, for Hugging Face's own hosts, the one that
    /// `huggingface_hub` would take.
    pub(crate) async fn find(&self, url: &Url) -> Result<Option<FoundKey>> {
        let origin = url.origin().ascii_serialization();
        if let Some(stored) = self.stored(&origin).await? {
            return Ok(Some(stored));
        }
        let implicit =
            takes_hugging_face_tokens(url).then(|| tokens::implicit(&|name| std::env::var_os(name)));
        Ok(implicit.flatten())
    }

    pub(crate) async fn stored(&self, origin: &str) -> Result<Option<FoundKey>> {
        if let Some(known) = self.known().get(origin) {
            return Ok(known.clone());
        }
        let (host, asked) = (self.host.clone(), origin.to_owned());
        let found = off_thread("read your keychain", move || host.read_key(&asked)).await?;
        let found =
            found.map(|(secret, storage)| FoundKey { secret, source: place(storage).into(), kept: true });
        self.known().insert(origin.to_owned(), found.clone());
        Ok(found)
    }

    /// The key that the person stored for a provider itself, which goes before Hugging Face's way to it.
    pub(crate) async fn of_provider(&self, name: Option<&str>) -> Result<Option<FoundKey>> {
        let row = name.and_then(|name| provider(name).ok());
        match row.and_then(|row| row.base).and_then(|base| Url::parse(base).ok()) {
            Some(url) => self.stored(&url.origin().ascii_serialization()).await,
            None => Ok(None),
        }
    }

    /// Keeps a key for an origin.
    pub(crate) async fn keep(&self, origin: String, key: SecretString, allow_file: bool) -> Result<()> {
        let (host, at, secret) = (self.host.clone(), origin.clone(), key.clone());
        let storage = off_thread("keep the key", move || host.write_key(&at, &secret, allow_file)).await?;
        self.known()
            .insert(origin, Some(FoundKey { secret: key, source: place(storage).into(), kept: true }));
        Ok(())
    }

    /// Forgets the key of an origin.
    pub(crate) async fn forget(&self, origin: String) -> Result<()> {
        let (host, at) = (self.host.clone(), origin.clone());
        off_thread("forget the key", move || host.forget_key(&at)).await?;
        self.known().remove(&origin);
        Ok(())
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<FoundKey>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does work that may block off the async threads.
pub(crate) async fn off_thread<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|cause| Error::internal(doing, cause))?
}

fn place(storage: KeyStorage) -> &'static str {
    match storage {
        KeyStorage::Keychain => "your keychain",
        KeyStorage::File => "a file that only you can read",
        KeyStorage::Memory => "memory, until Limerick closes",
    }
}

/// Hugging Face's own hosts, and the ones that the environment puts in their place.
fn takes_hugging_face_tokens(url: &Url) -> bool {
    let named = ["HF_ENDPOINT", "LIMERICK_ROUTER"].iter().filter_map(|name| std::env::var(name).ok());
    if named.filter_map(|other| Url::parse(&other).ok()).any(|other| other.origin() == url.origin()) {
        return true;
    }
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        && ["huggingface.co", "hf.space", "huggingface.cloud"]
            .iter()
            .any(|own| host == *own || host.strip_suffix(own).is_some_and(|rest| rest.ends_with('.')))
}

/// A key without the white space around it; `None` when nothing is left.
pub(crate) fn tidy(key: &str) -> Option<SecretString> {
    let key = key.trim();
    (!key.is_empty()).then(|| SecretString::from(key.to_owned()))
}

impl std::fmt::Debug for FoundKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hidden = if self.secret.expose_secret().is_empty() { "" } else { "•••" };
        write!(f, "FoundKey({hidden} from {})", self.source)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn only_hugging_faces_own_hosts_get_its_token() {
        let takes = |url: &str| takes_hugging_face_tokens(&Url::parse(url).unwrap());
        assert!(takes("https://huggingface.co/api") && takes("https://router.huggingface.co"));
        assert!(takes("https://x.us-east-1.aws.endpoints.huggingface.cloud"));
        assert!(!takes("http://huggingface.co") && !takes("https://nothuggingface.co"));
        assert!(!takes("https://huggingface.co.example.org") && !takes("http://127.0.0.1:8080"));
    }
}
