//! What the page may ask for. Everything about models is one row of the playground's table; the rest is the window's.

use std::sync::{Mutex, PoisonError};

use limerick_tasks::{Error, Result};
use serde_json::Value;
use tauri::{AppHandle, Manager, State, ipc::Channel};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tokio::{sync::oneshot, task::spawn_blocking};

use crate::{granted::Granted, links, ready::Ready};

/// Runs one command of the contract.
#[tauri::command]
pub(crate) async fn call(
    ready: State<'_, Ready>,
    granted: State<'_, Granted>,
    name: String,
    args: Value,
) -> Result<Value> {
    granted.check_call(&name, &args)?;
    ready.playground()?.call(&name, args).await
}

/// Runs a command of the contract that answers with events; returns when the first has come, or with what was
/// wrong before it.
#[tauri::command]
pub(crate) async fn stream(
    ready: State<'_, Ready>,
    name: String,
    args: Value,
    events: Channel<Value>,
) -> Result<()> {
    let playground = ready.playground()?;
    let (begun, beginning) = oneshot::channel();
    let first = Mutex::new(Some(begun));
    let send = move |event| {
        if let Some(begun) = first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = begun.send(());
        }
        // A page that was reloaded no longer listens; the run goes on and can be watched again.
        let _ = events.send(event);
    };
    let all = tokio::spawn(async move { playground.stream(&name, args, send).await });
    match beginning.await {
        Ok(()) => Ok(()),
        Err(_) => all.await.map_err(|cause| Error::internal("follow this", cause))?,
    }
}

/// Opens the playground after all, where it could not be opened before.
#[tauri::command]
pub(crate) async fn open_again(app: AppHandle) -> Result<()> {
    let opening = spawn_blocking(move || app.state::<Ready>().open_again(&app));
    opening.await.map_err(|cause| Error::internal("open your history", cause))?
}

/// Puts text on the clipboard.
#[tauri::command]
pub(crate) async fn copy(app: AppHandle, text: String) -> Result<()> {
    app.clipboard().write_text(text).map_err(|cause| Error::internal("reach the clipboard", cause))
}

/// Opens a link in the person's own browser.
#[tauri::command]
pub(crate) async fn open_link(app: AppHandle, url: String) -> Result<()> {
    links::open(&app, &url)
}
