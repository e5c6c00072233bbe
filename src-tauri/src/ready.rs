//! The playground as the window holds it: open, or why it is not. The window opens either way, says why, and tries
//! again when the person asks for it.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use limerick_playground::{Folders, Playground, Settings};
use limerick_tasks::{Error, Result};
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::{settings::Desktop, window};

/// What came of opening these folders.
pub(crate) struct Opened {
    pub(crate) playground: Result<Playground>,
    /// The person's choices, as far as they can be read.
    pub(crate) settings: Settings,
    /// Where settings that make no sense were put.
    pub(crate) aside: Option<PathBuf>,
}

/// Opens the settings and the playground. Blocks for some milliseconds.
pub(crate) fn open(app: &AppHandle, folders: &Folders) -> Result<Opened> {
    let settings = Desktop::open(app, &folders.data);
    let (desktop, aside) = settings.map_err(|cause| Error::internal("read your settings", cause))?;
    let (desktop, folders) = (Arc::new(desktop), folders.clone());
    let (host, chosen) = (desktop.clone(), desktop.settings());
    let playground = tauri::async_runtime::block_on(async { Playground::open(folders, host) });
    if let Err(error) = &playground {
        tracing::error!(
            "the playground does not open: {error} {}",
            error.detail.as_deref().unwrap_or_default()
        );
        desktop.let_go();
    }
    Ok(Opened { playground, settings: chosen, aside })
}

/// Says once that the settings start afresh. Nothing waits for the answer.
pub(crate) fn tell_of_new_settings(app: &AppHandle, aside: &Path) {
    let message = format!(
        "Your settings file could not be read, so Limerick starts with fresh settings. The old file is kept as {}.",
        aside.display()
    );
    app.dialog().message(message).title("Fresh settings").kind(MessageDialogKind::Warning).show(|_| ());
}

/// The playground of these folders, for the commands.
pub(crate) struct Ready {
    folders: Folders,
    playground: Mutex<Result<Playground>>,
}

impl Ready {
    pub(crate) fn new(folders: Folders, playground: Result<Playground>) -> Self {
        Self { folders, playground: Mutex::new(playground) }
    }

    /// The playground, or why it could not be opened.
    pub(crate) fn playground(&self) -> Result<Playground> {
        self.lock().clone()
    }

    /// Opens what could not be opened. The log and the web view's own files follow at the next start.
    pub(crate) fn open_again(&self, app: &AppHandle) -> Result<()> {
        let mut playground = self.lock();
        if playground.is_err() {
            let opened = open(app, &self.folders)?;
            *playground = opened.playground;
            window::set_look(app, &opened.settings);
            if let Some(aside) = opened.aside {
                tell_of_new_settings(app, &aside);
            }
        }
        playground.clone().map(drop)
    }

    fn lock(&self) -> MutexGuard<'_, Result<Playground>> {
        self.playground.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
