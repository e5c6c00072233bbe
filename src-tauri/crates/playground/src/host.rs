//! What a front brings: a place for settings and a place for keys. Nothing else.

use limerick_tasks::Result;
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::KeyStorage;

/// A front's own services. The calls may block (a keychain can take two seconds): they are made off the async
/// threads.
pub trait Host: Send + Sync + 'static {
    /// The settings as they were saved; an empty object on the first launch.
    fn load_settings(&self) -> Result<Map<String, Value>>;

    /// Saves all settings, whole.
    fn save_settings(&self, settings: &Map<String, Value>) -> Result<()>;

    /// Where a new key would be kept without further consent: `Keychain` where one works, else `Memory`
    /// (`File` once the person has agreed to a file).
    fn key_storage(&self) -> KeyStorage;

    /// The key kept for an origin (`https://example.org:8443`), and where it was found.
    fn read_key(&self, origin: &str) -> Result<Option<(SecretString, KeyStorage)>>;

    /// Keeps a key for an origin and says where. `allow_file`: where no keychain works, the person agrees to a
    /// file that only they can read.
    fn write_key(&self, origin: &str, key: &SecretString, allow_file: bool) -> Result<KeyStorage>;

    /// Forgets the key of an origin, everywhere it is kept; no error when there is none.
    fn forget_key(&self, origin: &str) -> Result<()>;
}
