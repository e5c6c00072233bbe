//! What the command line brings to the playground: the app's settings, read only, and no keychain.

use std::{io::ErrorKind, path::PathBuf};

use limerick_playground::{Folders, Host, KeyStorage};
use limerick_tasks::{Error, ErrorCode, Result};
use secrecy::SecretString;
use serde_json::{Map, Value};

/// The command line's own services. A key lives in the playground's memory until the command ends.
pub(crate) struct Terminal {
    settings: PathBuf,
}

impl Terminal {
    pub(crate) fn new(folders: &Folders) -> Self {
        Self { settings: folders.data.join("settings.json") }
    }
}

impl Host for Terminal {
    fn load_settings(&self) -> Result<Map<String, Value>> {
        let unreadable = |cause: &dyn std::fmt::Display| {
            let file = self.settings.display();
            let message =
                format!("The settings in {file} cannot be read. Correct that file or take it away.");
            Error::new(ErrorCode::Internal, message).with_detail(cause)
        };
        match std::fs::read(&self.settings) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|cause| unreadable(&cause)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Map::new()),
            Err(cause) => Err(unreadable(&cause)),
        }
    }

    fn save_settings(&self, _: &Map<String, Value>) -> Result<()> {
        Err(Error::new(ErrorCode::Input, "Settings are changed in Limerick's window."))
    }

    fn key_storage(&self) -> KeyStorage {
        KeyStorage::Memory
    }

    fn read_key(&self, _: &str) -> Result<Option<(SecretString, KeyStorage)>> {
        Ok(None)
    }

    fn write_key(&self, _: &str, _: &SecretString, _: bool) -> Result<KeyStorage> {
        Ok(KeyStorage::Memory)
    }

    fn forget_key(&self, _: &str) -> Result<()> {
        Ok(())
    }
}
