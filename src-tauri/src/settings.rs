//! What this machine offers the playground: a settings file and a place for keys.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use limerick_playground::{Host, KeyStorage, Settings};
use limerick_tasks::{Error, ErrorCode, Result};
use secrecy::SecretString;
use serde_json::{Map, Value};
use tauri::{AppHandle, Wry};
use tauri_plugin_store::{Store, StoreExt};

use crate::{keychain::Keychain, window};

/// The settings and the keys of this data folder.
pub(crate) struct Desktop {
    app: AppHandle,
    file: PathBuf,
    store: Arc<Store<Wry>>,
    keys: Keychain,
}

impl Desktop {
    /// Opens the settings of a data folder. A file that makes no sense is put aside first; then its new name
    /// is given too.
    pub(crate) fn open(app: &AppHandle, data: &Path) -> tauri_plugin_store::Result<(Self, Option<PathBuf>)> {
        let file = data.join("settings.json");
        let aside = take_back_old(&file).and_then(|()| put_aside_if_broken(&file)).unwrap_or_else(|cause| {
            tracing::warn!("the settings cannot be read, nor put aside: {cause}");
            None
        });
        let store = app.store_builder(&file).disable_auto_save().build()?;
        // Else it would write once more at the exit, in place: on a full disk that leaves nothing.
        store.close_resource();
        Ok((Self { app: app.clone(), file, store, keys: Keychain::new(data) }, aside))
    }

    /// Lets the settings go: they are not written at the exit, and the next `open` reads them afresh.
    pub(crate) fn let_go(&self) {
        self.store.close_resource();
    }

    /// The settings, as far as they can be read.
    pub(crate) fn settings(&self) -> Settings {
        Settings::lenient(&self.store.entries().into_iter().collect())
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
        window::set_look(&self.app, &Settings::lenient(settings));
        write_keeping_old(&self.file, || self.store.save()).map_err(|cause| {
            let message = "Limerick could not save your settings. Check that the disk has room and that the data \
                           folder is not read-only.";
            Error::new(ErrorCode::Internal, message).with_detail(cause)
        })
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

/// The store writes its file in place, so that a full disk would leave half of it: a copy of the old file is kept
/// until the new one is whole, and comes back when that fails.
fn write_keeping_old(
    file: &Path,
    write: impl FnOnce() -> tauri_plugin_store::Result<()>,
) -> tauri_plugin_store::Result<()> {
    let old = file.with_extension("old.json");
    let had_one = file.exists();
    let written = if had_one { fs::copy(file, &old).map(drop).map_err(Into::into) } else { Ok(()) };
    let written = written.and_then(|()| write().inspect_err(|_| drop(fs::rename(&old, file))));
    if written.is_err() && !had_one {
        // There may be nothing to take away.
        let _ = fs::remove_file(file);
    }
    let _ = fs::remove_file(&old);
    written
}

/// Takes the copy back when the app went away while it wrote.
fn take_back_old(file: &Path) -> io::Result<()> {
    let old = file.with_extension("old.json");
    if is_whole(&old) && !is_whole(file) { fs::rename(old, file) } else { Ok(()) }
}

fn is_whole(file: &Path) -> bool {
    fs::read(file).is_ok_and(|bytes| serde_json::from_slice::<Map<String, Value>>(&bytes).is_ok())
}

/// Renames a settings file that is not a JSON object (a full disk, a hand that slipped) and says to what.
fn put_aside_if_broken(file: &Path) -> io::Result<Option<PathBuf>> {
    if fs::read(file).is_err() || is_whole(file) {
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
    fn settings_that_cannot_be_written_leave_the_old_ones_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        let half = || {
            fs::write(&file, r#"{"theme":"da"#).unwrap();
            Err(io::Error::from(io::ErrorKind::StorageFull).into())
        };
        assert!(write_keeping_old(&file, half).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        write_keeping_old(&file, || Ok(fs::write(&file, r#"{"theme":"light"}"#)?)).unwrap();
        assert!(write_keeping_old(&file, half).is_err());
        assert_eq!(fs::read(&file).unwrap(), br#"{"theme":"light"}"#);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_fall_in_the_middle_of_writing_costs_no_settings() {
        let folder = tempfile::tempdir().unwrap();
        let (file, old) = (folder.path().join("settings.json"), folder.path().join("settings.old.json"));
        for (written, copy, want) in
            [(r#"{"a":"#, r#"{"a":1}"#, r#"{"a":1}"#), (r#"{"a":2}"#, r#"{"a":"#, r#"{"a":2}"#)]
        {
            fs::write(&file, written).unwrap();
            fs::write(&old, copy).unwrap();
            take_back_old(&file).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), want);
        }
    }

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
