//! Files of lines that were dropped on the window. A drop brings bytes and no path, so each is kept as a file of the
//! data folder, under its own name, as long as the app is open: a table is then made of it as of one that was picked.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use limerick_tasks::{Error, ErrorCode, Result};
use tauri::{State, ipc::Request};
use tokio::task::spawn_blocking;

use crate::{
    files::{bytes_of, decoded},
    granted::Granted,
};

/// Where they lie.
pub(crate) struct Dropped {
    folder: PathBuf,
    next: AtomicU32,
}

impl Dropped {
    /// Clears away what was dropped when the app was open before.
    pub(crate) fn new(data: &Path) -> Self {
        let folder = data.join("dropped");
        match fs::remove_dir_all(&folder) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                tracing::warn!("what was dropped earlier stays: {cause}");
            }
            _ => {}
        }
        Self { folder, next: AtomicU32::new(0) }
    }

    /// Where the next one goes: each has a folder of its own, so that it keeps its name.
    fn place(&self, name: &str) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder.join(number.to_string()).join(harmless(name))
    }
}

/// Takes in a CSV or JSONL file that was dropped, and says where it lies now; the header `name` is its name,
/// percent-encoded.
#[tauri::command]
pub(crate) async fn put_lines(
    granted: State<'_, Granted>,
    dropped: State<'_, Dropped>,
    request: Request<'_>,
) -> Result<String> {
    let bytes = bytes_of(&request, "A dropped file may have 64 MB. Choose this one instead.")?;
    let name = request.headers().get("name").and_then(|name| decoded(name.to_str().ok()?));
    let path = dropped.place(&name.unwrap_or_default());
    let kept = path.clone();
    let keep = spawn_blocking(move || keep(&kept, &bytes));
    keep.await.map_err(|cause| Error::internal("keep this file", cause))??;
    granted.add_shown(&path);
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| refuse("Limerick's folder has a name that cannot be read."))
}

fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    let kept = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, bytes));
    let full = "The disk did not take this file. Make room, or choose the file instead of dropping it.";
    kept.map_err(|cause| refuse(full).with_detail(cause))
}

/// The name alone, without what leads elsewhere or means something to a file system.
fn harmless(name: &str) -> String {
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let name: String = name.chars().map(|c| if odd(c) { '_' } else { c }).collect();
    let is_name = !name.is_empty() && !name.chars().all(|c| c == '.') && name.len() <= 255;
    if is_name { name } else { "lines".into() }
}

fn refuse(message: &str) -> Error {
    Error::new(ErrorCode::Input, message)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_dropped_file_stays_in_its_folder_whatever_it_is_called() {
        let data = tempfile::tempdir().unwrap();
        let dropped = Dropped::new(data.path());
        let long = "a".repeat(300);
        for name in ["", ".", "..", "../../.bashrc", "/etc/passwd", "C:\\a.csv", "a\0.csv", &long] {
            let place = dropped.place(name);
            assert_eq!(place.parent().and_then(Path::parent), Some(&*data.path().join("dropped")), "{name}");
            keep(&place, b"text\nhi").unwrap();
        }
        let place = dropped.place("Grüße & 100 %.csv");
        assert_eq!(place.file_name().unwrap(), "Grüße & 100 %.csv");
    }

    #[test]
    fn two_of_one_name_lie_beside_each_other_until_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        let dropped = Dropped::new(data.path());
        let places = [dropped.place("a.csv"), dropped.place("a.csv")];
        for (place, words) in places.iter().zip(["one", "two"]) {
            keep(place, words.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&places[0]).unwrap(), "one");
        let fresh = Dropped::new(data.path());
        assert!(!places[0].exists() && !places[1].exists());
        assert_eq!(fresh.place("a.csv"), places[0]);
    }
}
