//! Links leave the window only through here: into the person's own browser or mail program.

use tauri::{AppHandle, Url};
use tauri_plugin_opener::OpenerExt;

use limerick_tasks::{Error, ErrorCode, Result};

/// Opens a link outside. Refuses everything but `http`, `https` and `mailto`.
pub(crate) fn open(app: &AppHandle, link: &str) -> Result<()> {
    let url = allowed(link)?;
    app.opener().open_url(url, None::<&str>).map_err(|cause| Error::internal("open your browser", cause))
}

fn allowed(link: &str) -> Result<Url> {
    let refused =
        || Error::new(ErrorCode::Input, "Limerick opens only web and mail links. Copy this one instead.");
    let url = Url::parse(link.trim()).map_err(|_| refused())?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if web || url.scheme() == "mailto" { Ok(url) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_and_mail_links_leave_and_nothing_else_does() {
        for link in ["https://huggingface.co/a?b#c", " http://127.0.0.1:8080/ ", "mailto:a@example.org"] {
            assert!(allowed(link).is_ok(), "{link}");
        }
        for link in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "/etc/passwd",
            "vbscript:x",
            "smb://host/share",
            "tauri://localhost",
            "--help",
            "",
        ] {
            assert!(allowed(link).is_err(), "{link}");
        }
    }
}
