//! Puts the app together: plugins, settings, playground, window.

use std::{
    error::Error,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    time::Duration,
};

use limerick_playground::Folders;
use tauri::{App, AppHandle, Manager, RunEvent};
use tauri_plugin_window_state::StateFlags;
use tokio::time::timeout;

use crate::{
    commands,
    dropped::{self, Dropped},
    files,
    granted::Granted,
    log, media,
    ready::{self, Ready},
    sound::{self, Sound},
    window,
};

/// How long the app waits for its runs to end when its window is closed.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs the app until its window is closed.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let folders = Folders::standard()?;
    log::start(&folders.data);
    tracing::info!("Limerick {} starts", env!("CARGO_PKG_VERSION"));
    let app = tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(name_on_the_bus(&folders.data))
                .callback(|app, _, _| window::focus(app))
                .build(),
        )
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_filename(folders.data.join("window.json").to_string_lossy())
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .plugin(tauri_plugin_store::Builder::new().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, |context, request, to| {
            media::serve(context.app_handle(), request, to);
        })
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::stream,
            commands::open_again,
            commands::copy,
            commands::open_link,
            files::pick_file,
            files::pick_files,
            files::pick_folder,
            files::save_file,
            files::put_picture,
            files::write_picture,
            files::copy_picture,
            dropped::put_lines,
            sound::sound,
            sound::watch_sound,
            sound::sound_devices
        ])
        .setup(move |app| set_up(app, folders))
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if matches!(event, RunEvent::Exit) {
            // First: the runs may take a moment to end.
            app.state::<Sound>().stop();
            stop_runs(app);
        }
    });
    Ok(())
}

/// Ends what runs before the process goes, so that its last words are kept. A slow disk must not hold the window.
fn stop_runs(app: &AppHandle) {
    let Some(Ok(playground)) = app.try_state::<Ready>().map(|ready| ready.playground()) else { return };
    let ended = tauri::async_runtime::block_on(async { timeout(PATIENCE, playground.close()).await });
    if ended.is_err() {
        tracing::warn!("a run did not end before the app did");
    }
}

fn set_up(app: &App, folders: Folders) -> Result<(), Box<dyn Error>> {
    let data = folders.data.clone();
    let opened = ready::open(app.handle(), &folders)?;
    app.manage(Granted::default());
    app.manage(Dropped::new(&data));
    app.manage(Ready::new(folders, opened.playground));
    app.manage(Sound::new(app.handle().clone()));
    window::open(app, &opened.settings, &data)?;
    if let Some(aside) = opened.aside {
        ready::tell_of_new_settings(app.handle(), &aside);
    }
    Ok(())
}

/// One window for each data folder.
fn name_on_the_bus(data: &Path) -> String {
    let mut hash = DefaultHasher::new();
    data.hash(&mut hash);
    format!("app.limerick.desktop.d{:x}", hash.finish())
}
