//! What this machine offers the playground: a settings file and a place for keys.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use limerick_playground::{Host, KeyStorage, Theme};
use limerick_tasks::{Error, Result};
use secrecy::SecretString;
use serde_json::{Map, Value};
use tauri::{AppHandle, Wry};
use tauri_plugin_store::{Store, StoreExt};

use crate::{keychain::Keychain, window};

/// The settings and the keys of this data folder.
pub(crate) struct Desktop {
    app: AppHandle,
    store: Arc<Store<Wry>>,
    keys: Keychain,
}

impl Desktop {
    /// Opens the settings of a data folder. A file that makes no sense is put aside first; then its new name
    /// is given too.
    pub(crate) fn open(app: &AppHandle, data: &Path) -> tauri_plugin_store::Result<(Self, Option<PathBuf>)> {
        let file = data.join("settings.json");
        let aside = put_aside_if_broken(&file).unwrap_or_else(|cause| {
            tracing::warn!("the settings cannot be read, nor put aside: {cause}");
            None
        });
        let store = app.store_builder(file).disable_auto_save().build()?;
        Ok((Self { app: app.clone(), store, keys: Keychain::new(data) }, aside))
    }

    /// The theme that the window opens with.
    pub(crate) fn theme(&self) -> Theme {
        self.store.get("theme").map(theme_of).unwrap_or_default()
    }
}

impl Host for Desktop {
    fn load_settings(&self) -> Result<Map<String, Value>> {
        Ok(self.store.entries().into_iter().collect())
    }

    fn save_settings(&self, settings: &Map<String, Value>) -> Result<()> {
        for gone in self.store.keys().iter().filter(|key| !settings.contains_key(*key)) {
            self.store.delete(gone);
        }
        for (key, value) in settings {
            self.store.set(key, value.clone());
        }
        window::set_theme(&self.app, self.theme());
        self.store.save().map_err(|cause| Error::internal("save your settings", cause))
    }

    fn key_storage(&self) -> KeyStorage {
        self.keys.storage()
    }

    fn read_key(&self, origin: &str) -> Result<Option<(SecretString, KeyStorage)>> {
        Ok(self.keys.get(origin))
    }

    fn write_key(&self, origin: &str, key: &SecretString, allow_file: bool) -> Result<KeyStorage> {
        self.keys.set(origin, key, allow_file)
    }

    fn forget_key(&self, origin: &str) -> Result<()> {
        self.keys.forget(origin)
    }
}

fn theme_of(value: Value) -> Theme {
    serde_json::from_value(value).unwrap_or_default()
}

/// Renames a settings file that is not a JSON object (a full disk, a hand that slipped) and says to what.
fn put_aside_if_broken(file: &Path) -> io::Result<Option<PathBuf>> {
    let Ok(bytes) = fs::read(file) else { return Ok(None) };
    if serde_json::from_slice::<Map<String, Value>>(&bytes).is_ok() {
        return Ok(None);
    }
    let aside = file.with_extension("broken.json");
    fs::rename(file, &aside)?;
    Ok(Some(aside))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    #[test]
    fn only_settings_that_make_no_sense_are_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        assert_eq!(put_aside_if_broken(&file).unwrap(), None);
        fs::write(&file, r#"{"theme":"dark","from a later version":{}}"#).unwrap();
        assert_eq!(put_aside_if_broken(&file).unwrap(), None);
        fs::write(&file, r#"{"theme":"da"#).unwrap();
        let aside = put_aside_if_broken(&file).unwrap().unwrap();
        assert!(!file.exists());
        assert_eq!(fs::read(aside).unwrap(), br#"{"theme":"da"#);
    }
}
