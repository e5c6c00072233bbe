//! The one window: how it looks before the page has painted, and what the page may never do with it.

use std::{fs, path::Path};

use limerick_playground::{Settings, Theme};
use tauri::{
    App, AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{Color, NewWindowResponse, PermissionResponse},
};

/// The window's name in capabilities.
const MAIN: &str = "main";

// `--ground` of ui/src/frame/tokens.css, so that the window does not flash before the page is there.
const LIGHT: Color = Color(0xf6, 0xf6, 0xf3, 0xff);
const DARK: Color = Color(0x14, 0x16, 0x14, 0xff);

/// Opens the window. Where the data folder cannot be written the web view keeps nothing, so that there is a window
/// to say so in.
pub(crate) fn open(app: &App, look: &Settings, data: &Path) -> tauri::Result<()> {
    let (folder, theme) = (data.join("window"), look.theme);
    let builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Limerick")
        .inner_size(1200.0, 800.0)
        .min_inner_size(360.0, 480.0)
        .theme(native(theme))
        .background_color(if theme == Theme::Dark { DARK } else { LIGHT })
        .visible(false)
        .devtools(false)
        // The page takes dropped pictures itself, so that dropping works the same everywhere.
        .disable_drag_drop_handler()
        .on_navigation(stays_inside)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny);
    let writable = fs::create_dir_all(&folder).is_ok();
    let builder = if writable { builder.data_directory(folder) } else { builder.incognito(true) };
    let window = builder.build()?;
    set_zoom(&window, look.zoom);
    if theme == Theme::System && window.theme()? == tauri::Theme::Dark {
        window.set_background_color(Some(DARK))?;
    }
    window.show()
}

/// Brings the window to the front, where there is one.
pub(crate) fn focus(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if let Err(error) = raise(&window) {
        tracing::warn!("the window cannot come to the front: {error}");
    }
}

fn raise(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

/// Gives the window's frame, and the page's `prefers-color-scheme` and size, the person's choice.
pub(crate) fn set_look(app: &AppHandle, look: &Settings) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if let Err(error) = window.set_theme(native(look.theme)) {
        tracing::warn!("the window's theme cannot change: {error}");
    }
    set_zoom(&window, look.zoom);
}

fn set_zoom(window: &WebviewWindow, percent: u16) {
    if let Err(error) = window.set_zoom(f64::from(percent) / 100.0) {
        tracing::warn!("the window's zoom cannot change: {error}");
    }
}

fn native(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// The page stays where it was loaded from: an answer, a dropped file or a form cannot take the window elsewhere.
fn stays_inside(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows has no custom schemes and uses this name instead.
        "http" => cfg!(windows) && url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => url.as_str() == "about:blank",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    #[test]
    fn the_window_never_leaves_its_own_pages() {
        for inside in ["tauri://localhost", "tauri://localhost/index.html#x", "about:blank"] {
            assert!(stays_inside(&inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "https://example.org/",
            "http://localhost/",
            "http://tauri.localhost:81/",
            "https://tauri.localhost/",
            "http://tauri.localhost.example.org/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "data:text/html,x",
            "blob:tauri://localhost/1",
            "javascript:alert(1)",
        ] {
            assert!(!stays_inside(&outside.parse().unwrap()), "{outside}");
        }
    }
}
