//! Files and pictures that cross the page's border: dialogs, bytes that were dropped, the clipboard. Bytes travel as
//! they are and never as JSON.

use std::path::{Path, PathBuf};

use limerick_playground::{Address, PictureFacts};
use limerick_tasks::{Error, ErrorCode, Result};
use tauri::{
    AppHandle, State, Url,
    image::Image,
    ipc::{InvokeBody, Request},
};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::{sync::oneshot, task::spawn_blocking};

use crate::{granted::Granted, ready::Ready};

/// Bytes of a picture that is taken in.
const LARGEST: usize = 64_000_000;
const TOO_LARGE: &str = "This picture is larger than 64 MB. Make it smaller.";

/// Lets the person pick one file, which may be read from now on; `None` when they change their mind.
#[tauri::command]
pub(crate) async fn pick_file(
    app: AppHandle,
    granted: State<'_, Granted>,
    title: String,
    extensions: Vec<String>,
) -> Result<Option<String>> {
    let dialog = filtered(app.dialog().file().set_title(&title), &title, &extensions);
    let (picked, answer) = oneshot::channel();
    dialog.pick_file(move |file| drop(picked.send(file)));
    let Some(picked) = answer.await.ok().flatten() else { return Ok(None) };
    let path = path_of(picked)?;
    granted.add_shown(&path);
    name_of(&path).map(Some)
}

/// Lets the person pick any number of files, which may be read from now on; none when they change their mind.
#[tauri::command]
pub(crate) async fn pick_files(
    app: AppHandle,
    granted: State<'_, Granted>,
    title: String,
    extensions: Vec<String>,
) -> Result<Vec<String>> {
    let dialog = filtered(app.dialog().file().set_title(&title), &title, &extensions);
    let (picked, answer) = oneshot::channel();
    dialog.pick_files(move |files| drop(picked.send(files)));
    let paths = answer.await.ok().flatten().unwrap_or_default().into_iter().map(path_of);
    let paths = paths.collect::<Result<Vec<_>>>()?;
    for path in &paths {
        granted.add_shown(path);
    }
    paths.iter().map(|path| name_of(path)).collect()
}

/// Lets the person pick a folder, which may be written to from now on.
#[tauri::command]
pub(crate) async fn pick_folder(
    app: AppHandle,
    granted: State<'_, Granted>,
    title: String,
) -> Result<Option<String>> {
    let (picked, answer) = oneshot::channel();
    app.dialog().file().set_title(&title).pick_folder(move |folder| drop(picked.send(folder)));
    granted_path(&granted, answer.await.ok().flatten())
}

/// Lets the person say where a file goes, which may be written from now on.
#[tauri::command]
pub(crate) async fn save_file(
    app: AppHandle,
    granted: State<'_, Granted>,
    title: String,
    name: String,
    extensions: Vec<String>,
) -> Result<Option<String>> {
    let dialog = filtered(app.dialog().file().set_title(&title), &title, &extensions);
    let (picked, answer) = oneshot::channel();
    dialog.set_file_name(name).save_file(move |file| drop(picked.send(file)));
    granted_path(&granted, answer.await.ok().flatten())
}

fn filtered<R: tauri::Runtime>(
    dialog: FileDialogBuilder<R>,
    title: &str,
    extensions: &[String],
) -> FileDialogBuilder<R> {
    let kinds: Vec<&str> = extensions.iter().map(String::as_str).collect();
    dialog.add_filter(title, &kinds)
}

fn granted_path(granted: &Granted, picked: Option<FilePath>) -> Result<Option<String>> {
    let Some(picked) = picked else { return Ok(None) };
    let path = path_of(picked)?;
    let name = name_of(&path)?;
    granted.add(&path);
    Ok(Some(name))
}

fn path_of(picked: FilePath) -> Result<PathBuf> {
    picked.into_path().map_err(|cause| Error::internal("use this place", cause))
}

/// The page knows a path by its name alone: one that is no text would come back as another.
fn name_of(path: &Path) -> Result<String> {
    let unreadable = "The name of this place cannot be read. Pick another one.";
    path.to_str().map(str::to_owned).ok_or_else(|| Error::new(ErrorCode::Input, unreadable))
}

/// Takes in a picture that was dropped or pasted.
#[tauri::command]
pub(crate) async fn put_picture(ready: State<'_, Ready>, request: Request<'_>) -> Result<PictureFacts> {
    let bytes = bytes_of(&request, TOO_LARGE)?;
    ready.playground()?.add_picture(bytes).await
}

/// Writes a PNG that the page made to a file that `save_file` gave; the header `path` names it, percent-encoded.
#[tauri::command]
pub(crate) async fn write_picture(granted: State<'_, Granted>, request: Request<'_>) -> Result<()> {
    let path = request.headers().get("path").and_then(|path| decoded(path.to_str().ok()?));
    let path = path.unwrap_or_default();
    granted.check(&path)?;
    let png = bytes_of(&request, TOO_LARGE)?;
    if !png.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Err(Error::new(ErrorCode::Input, "This is no PNG picture. Make it again."));
    }
    let write = spawn_blocking(move || limerick_playground::save_bytes(Path::new(&path), &png));
    write.await.map_err(|cause| Error::internal("save this picture", cause))?
}

/// Puts a picture on the clipboard.
#[tauri::command]
pub(crate) async fn copy_picture(app: AppHandle, ready: State<'_, Ready>, address: String) -> Result<()> {
    let pixels = ready.playground()?.pixels(Address { address }).await?;
    let copy = spawn_blocking(move || {
        app.clipboard().write_image(&Image::new(&pixels.rgba, pixels.width, pixels.height))
    });
    let copied = copy.await.map_err(|cause| Error::internal("reach the clipboard", cause))?;
    copied.map_err(|cause| Error::internal("reach the clipboard", cause))
}

/// The bytes that the page sent along; more than 64 MB are refused with these words.
pub(crate) fn bytes_of(request: &Request<'_>, too_large: &str) -> Result<Vec<u8>> {
    match request.body() {
        InvokeBody::Raw(bytes) if bytes.len() <= LARGEST => Ok(bytes.clone()),
        InvokeBody::Raw(_) => Err(Error::new(ErrorCode::Input, too_large)),
        InvokeBody::Json(_) => Err(Error::new(ErrorCode::Input, "A file comes as its bytes.")),
    }
}

/// A text that JavaScript's `encodeURIComponent` wrote: what a web address makes of the same is the same.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let query = Url::parse(&format!("x:?path={}", text.replace('+', "%2B"))).ok()?;
    let (_, path) = query.query_pairs().next()?;
    Some(path.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_through_a_header_whole() {
        let path = "/home/some one/Bilder & más/100 % 北京+ä#?.png";
        let encoded = "%2Fhome%2Fsome%20one%2FBilder%20%26%20m%C3%A1s%2F100%20%25%20%E5%8C%97%E4%BA%AC%2B%C3%A4%23%3F.png";
        assert_eq!(decoded(encoded).as_deref(), Some(path));
        assert_eq!(decoded("C%3A%5CUsers%5Ca.png").as_deref(), Some("C:\\Users\\a.png"));
    }
}
