//! Keys in the system's keychain, by origin. Where none works, they stay in memory until the app closes, or, when
//! the person agrees, in a file that only they can read. Every call may wait for the person to unlock their
//! keychain: never call from an async thread.

use std::{
    collections::BTreeMap,
    fs, io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use keyring::Entry;
use limerick_playground::KeyStorage;
use limerick_tasks::{Error, Result};
use secrecy::{ExposeSecret, SecretString};

/// The name that keys bear in the system's keychain.
const SERVICE: &str = "app.limerick.desktop";

/// Where keys are kept.
pub(crate) struct Keychain {
    /// Holds keys only with the person's consent.
    file: PathBuf,
    /// Keys of this session.
    memory: Mutex<BTreeMap<String, SecretString>>,
    /// Whether the system's keychain takes a key, once tried.
    works: OnceLock<bool>,
    /// Off where a test wants to know how the app does without.
    system: bool,
}

impl Keychain {
    /// Keys of the person who owns this data folder.
    pub(crate) fn new(data: &std::path::Path) -> Self {
        Self { file: data.join("keys.json"), memory: Mutex::default(), works: OnceLock::new(), system: true }
    }

    /// Where a new key would be kept without further consent.
    pub(crate) fn storage(&self) -> KeyStorage {
        if self.works() {
            KeyStorage::Keychain
        } else if self.file.exists() {
            KeyStorage::File
        } else {
            KeyStorage::Memory
        }
    }

    /// The key of an origin and where it lies.
    pub(crate) fn get(&self, origin: &str) -> Option<(SecretString, KeyStorage)> {
        let kept = self.memory().get(origin).cloned().map(|key| (key, KeyStorage::Memory));
        kept.or_else(|| Some((self.in_system(origin)?, KeyStorage::Keychain)))
            .or_else(|| Some((self.file_keys().remove(origin)?.into(), KeyStorage::File)))
    }

    /// Keeps a key; says where. A file is used only when `allow_file`.
    pub(crate) fn set(&self, origin: &str, key: &SecretString, allow_file: bool) -> Result<KeyStorage> {
        self.forget(origin)?;
        if self.works()
            && self.entry(origin).is_some_and(|entry| entry.set_password(key.expose_secret()).is_ok())
        {
            return Ok(KeyStorage::Keychain);
        }
        if allow_file {
            let mut keys = self.file_keys();
            keys.insert(origin.to_owned(), key.expose_secret().to_owned());
            self.write_file(&keys).map_err(|cause| Error::internal("write the file for your key", cause))?;
            return Ok(KeyStorage::File);
        }
        self.memory().insert(origin.to_owned(), key.clone());
        Ok(KeyStorage::Memory)
    }

    /// Forgets an origin's key wherever it lies.
    pub(crate) fn forget(&self, origin: &str) -> Result<()> {
        self.memory().remove(origin);
        let mut keys = self.file_keys();
        if keys.remove(origin).is_some() {
            self.write_file(&keys)
                .map_err(|cause| Error::internal("take your key out of its file", cause))?;
        }
        match self.entry(origin).map(|entry| entry.delete_credential()) {
            None | Some(Ok(()) | Err(keyring::Error::NoEntry)) => Ok(()),
            // Nothing could be stored in a keychain that does not work.
            Some(Err(_)) if self.works.get() == Some(&false) => Ok(()),
            Some(Err(cause)) => Err(Error::internal("take your key out of the keychain", cause)),
        }
    }

    fn memory(&self) -> MutexGuard<'_, BTreeMap<String, SecretString>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entry(&self, name: &str) -> Option<Entry> {
        if self.system { Entry::new(SERVICE, name).ok() } else { None }
    }

    fn in_system(&self, origin: &str) -> Option<SecretString> {
        match self.entry(origin)?.get_password() {
            Ok(key) => Some(key.into()),
            Err(keyring::Error::NoEntry) => None,
            Err(cause) => {
                tracing::warn!("the keychain does not answer: {}", plain(&cause));
                None
            }
        }
    }

    /// A locked keychain looks like an empty one until something is written, so this writes.
    fn works(&self) -> bool {
        *self.works.get_or_init(|| {
            let Some(probe) = self.entry("a test of this keychain") else { return false };
            let works = probe.set_password("works").is_ok()
                && probe.get_password().is_ok_and(|found| found == "works");
            if let Err(cause) = probe.delete_credential() {
                tracing::info!("no keychain: {}", plain(&cause));
            }
            works
        })
    }

    fn file_keys(&self) -> BTreeMap<String, String> {
        let bytes = fs::read(&self.file).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn write_file(&self, keys: &BTreeMap<String, String>) -> io::Result<()> {
        if keys.is_empty() {
            return fs::remove_file(&self.file);
        }
        let new = self.file.with_extension("new");
        let mut open = fs::OpenOptions::new();
        open.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        serde_json::to_writer(open.open(&new)?, keys)?;
        fs::rename(new, &self.file)
    }
}

/// What went wrong, without the bytes that some of these errors carry.
fn plain(error: &keyring::Error) -> &'static str {
    match error {
        keyring::Error::NoStorageAccess(_) => "it is locked",
        keyring::Error::PlatformFailure(_) | keyring::Error::NoDefaultStore => "it cannot be reached",
        keyring::Error::NoEntry => "it kept nothing",
        _ => "its answer makes no sense",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    fn without_a_keychain(data: &std::path::Path) -> Keychain {
        Keychain { system: false, ..Keychain::new(data) }
    }

    #[test]
    fn without_a_keychain_a_key_lives_until_the_app_closes() {
        let data = tempfile::tempdir().unwrap();
        let keys = without_a_keychain(data.path());
        assert_eq!(keys.storage(), KeyStorage::Memory);
        assert_eq!(keys.set("https://a.example", &"hf_a".into(), false).unwrap(), KeyStorage::Memory);
        assert_eq!(keys.get("https://a.example").unwrap().0.expose_secret(), "hf_a");
        assert!(keys.get("https://b.example").is_none());
        assert!(without_a_keychain(data.path()).get("https://a.example").is_none());
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn with_consent_a_key_lies_in_a_file_that_only_its_owner_reads() {
        let data = tempfile::tempdir().unwrap();
        let keys = without_a_keychain(data.path());
        assert_eq!(keys.set("https://a.example", &"hf_a".into(), true).unwrap(), KeyStorage::File);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = data.path().join("keys.json").metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let later = without_a_keychain(data.path());
        assert_eq!(later.storage(), KeyStorage::File);
        assert_eq!(later.get("https://a.example").unwrap().0.expose_secret(), "hf_a");
        later.forget("https://a.example").unwrap();
        assert!(later.get("https://a.example").is_none());
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_newer_key_replaces_the_older_one_wherever_that_lies() {
        let data = tempfile::tempdir().unwrap();
        let keys = without_a_keychain(data.path());
        keys.set("https://a.example", &"hf_old".into(), true).unwrap();
        keys.set("https://a.example", &"hf_new".into(), false).unwrap();
        assert_eq!(keys.get("https://a.example").unwrap().0.expose_secret(), "hf_new");
        assert!(without_a_keychain(data.path()).get("https://a.example").is_none());
    }
}
