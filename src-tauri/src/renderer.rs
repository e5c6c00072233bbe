//! Which way `WebKitGTK` paints. Its DMABUF renderer costs some 85 MiB and half a second at the start, and leaves the
//! window blank with some graphics drivers, so it is switched off unless the person chose otherwise.
//! WebKit reads that from the environment, so the process starts itself once more, under the same id.

use std::{env, os::unix::process::CommandExt, process::Command};

const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Restarts this process with the renderer chosen, or returns when there is nothing to choose.
/// A window driven by WebDriver keeps WebKit's own choice: without it no screenshot comes back.
pub(crate) fn choose() {
    if env::var_os(SWITCH).is_some() || env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    // Returns only when it failed; then the window opens as WebKit likes it.
    let _ = Command::new(program).args(env::args_os().skip(1)).env(SWITCH, "1").exec();
}
