//! Pictures and sounds between a window and the rest: in a window's JSON each is the address of a file, `media:` and
//! the file's name, and never its bytes.

use std::{io, path::Path};

use limerick_tasks::{Error, ErrorCode, Media, Result};
use serde_json::Value;

use crate::{Playground, keys::off_thread, store::files::Files};

/// What an address begins with.
const SCHEME: &str = "media:";
/// Bytes of a picture or a sound of the person's own that is taken in.
pub(crate) const LARGEST: u64 = 64_000_000;

impl Playground {
    /// The picture or sound behind a name: 64 hexadecimal digits, a dot and the usual ending.
    ///
    /// # Errors
    /// `input` for another name, and for a file that is gone.
    pub async fn media(&self, name: &str) -> Result<Media> {
        let (files, name) = (self.inner.files.clone(), checked(name)?);
        off_thread("read this file", move || read(&files, &name)).await
    }

    /// The same JSON for a window: pictures and sounds as addresses, whose files are on the disk.
    pub(crate) fn addressed(&self, mut value: Value) -> Value {
        address(&self.inner.files, &mut value);
        value
    }

    /// A window's JSON with the bytes that its addresses stand for.
    pub(crate) async fn with_bytes(&self, mut value: Value) -> Result<Value> {
        let files = self.inner.files.clone();
        off_thread("read this file", move || embed(&files, &mut value).map(|()| value)).await
    }
}

/// The address of a file.
pub(crate) fn address_of(name: &str) -> String {
    format!("{SCHEME}{name}")
}

/// The name in an address.
///
/// # Errors
/// `input` for anything else.
pub(crate) fn name_in(address: &str) -> Result<String> {
    checked(address.strip_prefix(SCHEME).unwrap_or_default())
}

/// Reads a file of the data folder.
pub(crate) fn read(files: &Files, name: &str) -> Result<Media> {
    match files.read(name) {
        Ok(bytes) => Ok(Media::new(bytes, "")),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(Error::new(
            ErrorCode::Input,
            "This picture or sound is no longer in Limerick's folder. Choose another one.",
        )),
        Err(cause) => Err(Error::internal("read this file", cause)),
    }
}

fn checked(name: &str) -> Result<String> {
    if is_name(name) {
        return Ok(name.to_owned());
    }
    Err(Error::new(ErrorCode::Input, "This is no picture or sound of Limerick's folder. Choose another one."))
}

/// Nothing but our own names: what leads to another folder has other characters.
pub(crate) fn is_name(name: &str) -> bool {
    let is_hash =
        |hash: &str| hash.len() == 64 && hash.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    name.split_once('.').is_some_and(|(hash, extension)| is_hash(hash) && Media::is_extension(extension))
}

fn address(files: &Files, value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("data:") => {
            if let Some(name) = kept(files, text) {
                *text = address_of(&name);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| address(files, one)),
        // What a picture looks like on the way is shown for a moment: no file is made of it.
        Value::Object(fields) => {
            let kept = fields.iter_mut().filter(|(name, _)| *name != "preview");
            kept.for_each(|(_, one)| address(files, one));
        }
        _ => {}
    }
}

/// The file of a `data:` URI; none for what is neither picture nor sound, and where the disk does not take it: then
/// the bytes are shown from the JSON, which is better than losing them.
fn kept(files: &Files, uri: &str) -> Option<String> {
    let media = Media::from_data_uri(uri).ok().filter(|media| Media::is_extension(media.extension()))?;
    files.keep(&media).map_err(|error| tracing::warn!(detail = error.detail, "{error}")).ok()
}

fn embed(files: &Files, value: &mut Value) -> Result<()> {
    match value {
        Value::String(text) => {
            if let Ok(name) = name_in(text) {
                *text = read(files, &name)?.data_uri();
            }
            Ok(())
        }
        Value::Array(list) => list.iter_mut().try_for_each(|one| embed(files, one)),
        Value::Object(fields) => fields.values_mut().try_for_each(|one| embed(files, one)),
        _ => Ok(()),
    }
}

/// Reads a file of the person's own.
///
/// # Errors
/// `input` for a folder or a device, and for more than `limit` bytes.
pub(crate) fn read_own(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let refuse = |words: String| Error::new(ErrorCode::Input, words);
    let unreadable = |cause: io::Error| {
        refuse("This file cannot be read. Check that it is there and yours.".into()).with_detail(cause)
    };
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(refuse("This is no file. Pick a picture or a sound.".into()));
    }
    if about.len() > limit {
        return Err(refuse(format!("This file is larger than {} MB. Make it smaller.", limit / 1_000_000)));
    }
    std::fs::read(path).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    #[test]
    fn only_our_own_names_are_names() {
        let hash = "0a".repeat(32);
        assert!(is_name(&format!("{hash}.png")) && is_name(&format!("{hash}.flac")));
        for name in [
            String::new(),
            hash.clone(),
            format!("{hash}.svg"),
            format!("{hash}.html"),
            format!("{hash}.bin"),
            format!("{hash}.png/"),
            format!("{hash}.png\0"),
            format!("{hash}..png"),
            format!("{}.png", hash.to_uppercase()),
            format!("{}.png", &hash[1..]),
            format!("../{}.png", &hash[3..]),
            format!("..%2f{}.png", &hash[5..]),
            "../../history.sqlite".into(),
            "/etc/passwd".into(),
            "C:\\Windows\\win.ini".into(),
        ] {
            assert!(!is_name(&name), "{name}");
        }
    }

    #[test]
    fn json_for_a_window_holds_addresses_and_comes_back_with_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::of(folder.path());
        let sound = Media::new(&b"fLaC\0\0"[..], "").data_uri();
        let before = json!({"audio": sound, "list": [{"url": sound}], "text": "data:,hello", "n": 1});
        let mut value = before.clone();
        address(&files, &mut value);
        let name = name_in(value["audio"].as_str().unwrap()).unwrap();
        assert!(!value.to_string().contains("base64") && value["text"] == "data:,hello", "{value}");
        assert_eq!(read(&files, &name).unwrap().bytes, &b"fLaC\0\0"[..]);
        embed(&files, &mut value).unwrap();
        assert_eq!(value, before);
    }

    #[test]
    fn an_address_without_a_file_is_refused_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let mut value = json!({"image": format!("media:{}.png", "0".repeat(64))});
        let error = embed(&Files::of(folder.path()), &mut value).unwrap_err();
        assert!(error.code == ErrorCode::Input && error.message.contains("no longer"), "{error}");
    }

    #[test]
    fn what_is_no_picture_or_sound_gets_no_address() {
        let folder = tempfile::tempdir().unwrap();
        for text in
            ["data:text/html;base64,PGI+", "data:image/svg+xml;base64,PHN2Zz4=", "data:image/png;base64,"]
        {
            let mut value = json!(text);
            address(&Files::of(folder.path()), &mut value);
            assert_eq!(value, text);
        }
    }

    #[test]
    fn a_full_disk_leaves_the_bytes_in_the_answer() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("files"), "in the way").unwrap();
        let sound = Media::new(&b"fLaC\0\0"[..], "").data_uri();
        let mut value = json!(sound);
        address(&Files::of(folder.path()), &mut value);
        assert_eq!(value, sound);
    }

    #[test]
    fn a_device_or_a_folder_is_no_picture_of_the_person() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path(), Path::new("/dev/zero"), &folder.path().join("gone")] {
            assert_eq!(read_own(path, 10).unwrap_err().code, ErrorCode::Input);
        }
        let file = folder.path().join("a");
        std::fs::write(&file, [0; 11]).unwrap();
        assert!(read_own(&file, 10).is_err() && read_own(&file, 11).is_ok());
    }
}
