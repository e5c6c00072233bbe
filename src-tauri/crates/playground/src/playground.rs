//! The app's knowledge in one handle. Fronts call the rows of `commands` on it, by name or as methods.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use limerick_engine::{Engine, EngineOptions, Models};
use limerick_inference::Style;
use limerick_labels::Labeller;
use limerick_painter::Painter;
use limerick_tasks::Result;
use limerick_voice::Speaker;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::{
    AppInfo, Folders, Host, Settings,
    cache::Cache,
    catalogue::Catalogue,
    commands::{Nothing, to_value},
    keys::{Keys, off_thread},
    looks::Looks,
    meanings::Learning,
    network::Network,
    on_call::OnCall,
    queue::Line,
    running::Running,
    sign_in::SigningIn,
    sounds::Shapes,
    store::{Store, files::Files},
    tables::Works,
    tidying::tidy_later,
};

/// All that the app knows and does. Cheap to clone; clones are the same playground.
#[derive(Clone)]
pub struct Playground {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) folders: Folders,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) keys: Keys,
    pub(crate) store: Arc<Store>,
    pub(crate) files: Files,
    pub(crate) looks: Looks,
    pub(crate) shapes: Shapes,
    pub(crate) running: Running,
    pub(crate) queue: tokio::sync::Mutex<Line>,
    pub(crate) tables: Works,
    pub(crate) network: Network,
    pub(crate) catalogue: Catalogue,
    pub(crate) cache: Cache,
    pub(crate) signing_in: SigningIn,
    pub(crate) engine: Engine,
    pub(crate) models: Models,
    pub(crate) speaker: OnCall<Speaker>,
    pub(crate) labeller: OnCall<Labeller>,
    pub(crate) painter: OnCall<Painter>,
    pub(crate) learning: Learning,
    /// Models being fetched or verified, by id.
    pub(crate) fetches: Mutex<HashMap<String, CancellationToken>>,
    /// How servers want to be asked, as far as it was learned, by address.
    pub(crate) styles: Mutex<HashMap<String, Style>>,
    pub(crate) settings: Mutex<Map<String, Value>>,
}

impl Playground {
    /// Opens the history and the settings. Blocks for some milliseconds; sends nothing; loads no model.
    ///
    /// # Errors
    /// One sentence with the next step when the folder, the history or the settings cannot be used.
    pub fn open(folders: Folders, host: Arc<dyn Host>) -> Result<Self> {
        let models = Models::new(&folders.models);
        Self::open_with(folders, host, Network::from_environment()?, models)
    }

    /// Opens with these addresses and these built-in models.
    pub(crate) fn open_with(
        folders: Folders,
        host: Arc<dyn Host>,
        network: Network,
        models: Models,
    ) -> Result<Self> {
        // First, since it says best what is wrong with the folder.
        let store = Arc::new(Store::open(&folders.data)?);
        let settings = host.load_settings()?;
        let inner = Inner {
            keys: Keys::new(host.clone()),
            store,
            files: Files::of(&folders.data),
            looks: Looks::default(),
            shapes: Shapes::default(),
            running: Running::default(),
            queue: tokio::sync::Mutex::default(),
            tables: Works::default(),
            network,
            catalogue: Catalogue::new(&folders.data),
            cache: Cache::new(&folders.data),
            signing_in: SigningIn::default(),
            engine: Engine::new(EngineOptions::default()),
            models,
            speaker: OnCall::new("the built-in voice"),
            labeller: OnCall::new("the built-in labels"),
            painter: OnCall::new("the built-in painter"),
            learning: Learning::default(),
            fetches: Mutex::default(),
            styles: Mutex::default(),
            settings: Mutex::new(settings),
            folders,
            host,
        };
        let inner = Arc::new(inner);
        tidy_later(&inner);
        Ok(Self { inner })
    }

    /// Stops what runs, waits until it is stored and its providers know it, frees the built-in models and returns
    /// when its thread rests. A front calls this before its process ends: llama.cpp takes down what a thread that
    /// still computes stands on. What waits in the queue waits on, for the next start.
    pub async fn close(&self) {
        self.inner.learning.close();
        tokio::join!(self.close_queue(), self.close_tables());
        let live = self.inner.running.all();
        for run in &live {
            run.stop.cancel();
        }
        for run in live {
            run.ended().await;
        }
        tokio::join!(self.unload_models(), self.inner.network.farewells());
    }

    /// Frees the built-in models' memory, and the files that they hold.
    pub(crate) async fn unload_models(&self) {
        tokio::join!(
            self.inner.engine.unload(),
            self.inner.speaker.unload(),
            self.inner.labeller.unload(),
            self.inner.painter.unload(),
            self.inner.learning.labeller.unload()
        );
    }

    /// What the app is and where its files lie.
    pub async fn app_info(&self, _: Nothing) -> Result<AppInfo> {
        let host = self.inner.host.clone();
        let key_storage = off_thread("look for your keychain", move || Ok(host.key_storage())).await?;
        Ok(AppInfo {
            version: env!("CARGO_PKG_VERSION").into(),
            platform: std::env::consts::OS.into(),
            data_folder: self.inner.folders.data.display().to_string(),
            models_folder: self.inner.folders.models.display().to_string(),
            key_storage,
        })
    }

    /// All settings. A field that cannot be read takes its default.
    pub async fn settings(&self, _: Nothing) -> Result<Settings> {
        Ok(self.settings_now())
    }

    pub(crate) fn settings_now(&self) -> Settings {
        Settings::lenient(&lock(&self.inner.settings))
    }

    /// Stores all settings; keys of other versions are kept.
    pub async fn set_settings(&self, settings: Settings) -> Result<Nothing> {
        let settings = settings.within_range();
        // Refuses an unusable proxy or certificate file before it is stored.
        self.inner.network.client(&settings)?;
        let Value::Object(fields) = to_value(&settings)? else { return Ok(Nothing {}) };
        let all = {
            let mut known = lock(&self.inner.settings);
            for name in ["proxy", "ca_file", "sign_in_client", "sound_device"] {
                known.remove(name);
            }
            known.extend(fields);
            known.clone()
        };
        let host = self.inner.host.clone();
        off_thread("save your settings", move || host.save_settings(&all)).await?;
        Ok(Nothing {})
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
