//! The files in a Space's answer: where they may be fetched from, and what they may be called (hf-api 7.5).
//!
//! Everything a Space says of a file is hostile: only its own origin, or https on another public host without
//! the key; no `..`, no `file:`, no name that leaves a folder.

use limerick_tasks::{Error, ErrorCode};
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;
use url::Url;

use super::Space;
use crate::address;

/// How deep files are looked for, and how many are taken.
const DEEPEST: usize = 64;
const MOST: usize = 1_000;
/// The longest name of a file, in characters.
const LONGEST: usize = 120;

/// A file that a Space made.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SpaceFile {
    /// Which output it is in, counted like [`super::Endpoint::returns`].
    pub output: usize,
    /// A name without folders, safe to save it under.
    pub name: String,
    /// Where it is: in the Space, at a public https address, or a `data:` URI.
    #[ts(type = "string")]
    pub url: Url,
    /// Its size in bytes as the Space says.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
}

/// What to say of a file that is larger than its limit.
pub(crate) fn too_large(limit: u64) -> Error {
    let message = format!("The Space's file is larger than the {} MB that are allowed.", limit >> 20);
    Error::new(ErrorCode::Format, message)
}

/// The files among a Space's outputs, and a sentence about each that must not be fetched.
pub(super) fn of(data: &[Value], space: &Space) -> (Vec<SpaceFile>, Vec<String>) {
    let mut found = Found { space, files: Vec::new(), left_out: Vec::new() };
    for (output, value) in data.iter().enumerate() {
        found.search(output, value, 0);
    }
    (found.files, found.left_out)
}

struct Found<'a> {
    space: &'a Space,
    files: Vec<SpaceFile>,
    left_out: Vec<String>,
}

impl Found<'_> {
    fn search(&mut self, output: usize, value: &Value, depth: usize) {
        if depth > DEEPEST || self.files.len() + self.left_out.len() >= MOST {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.search(output, item, depth + 1)),
            Value::Object(_) if is_file(value) => self.take(output, value),
            Value::Object(fields) => fields.values().for_each(|field| self.search(output, field, depth + 1)),
            _ => {}
        }
    }

    fn take(&mut self, output: usize, value: &Value) {
        let name = name(value);
        match address_of(value, self.space) {
            Some(url) => {
                let size = value.get("size").and_then(Value::as_u64);
                self.files.push(SpaceFile { output, name, url, size });
            }
            None => self
                .left_out
                .push(format!("The file {name} is left out: the Space names no safe address for it.")),
        }
    }
}

/// Gradio marks its file objects; early versions of 4 did not.
fn is_file(value: &Value) -> bool {
    let marked = value.pointer("/meta/_type").and_then(Value::as_str) == Some("gradio.FileData");
    let has = |key: &str| value.get(key).is_some();
    marked || (value.get("path").is_some_and(Value::is_string) && has("orig_name") && has("mime_type"))
}

/// `url`, else the path below the Space's own `/file=`.
fn address_of(value: &Value, space: &Space) -> Option<Url> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(said) = text("url").or_else(|| text("path").filter(|path| path.contains("://"))) {
        if has_dots(said) {
            return None;
        }
        // A bare path is the Space's own.
        let url = Url::parse(said).or_else(|_| space.url.join(said)).ok()?;
        return may_be_fetched(&url, &space.url).then_some(url);
    }
    let path = text("path")?;
    if has_dots(path) || path.contains(':') && !path.starts_with('/') && !path.contains(":\\") {
        return None;
    }
    Some(address::join(&space.api, &format!("/file={path}")))
}

/// Whether a file may be fetched from there: the Space itself, a public host over https, or no host at all.
pub(crate) fn may_be_fetched(url: &Url, space: &Url) -> bool {
    match url.scheme() {
        "data" => true,
        "http" | "https" if url.origin() == space.origin() => true,
        "https" => url.username().is_empty() && address::is_public(url),
        _ => false,
    }
}

/// A step upwards, written out or in percent signs.
fn has_dots(text: &str) -> bool {
    let text = text.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\");
    text.split(['/', '\\', '?', '#', '=']).any(|step| step == "..")
}

/// The name that the file was made under, without folders and signs that no file system takes.
fn name(value: &Value) -> String {
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let whole = text("orig_name").or_else(|| text("path")).unwrap_or_default();
    let last = whole.rsplit(['/', '\\']).next().unwrap_or_default();
    let wild =
        |letter: &char| letter.is_control() || "<>:\"|?*\u{202e}\u{202d}\u{2066}\u{2067}".contains(*letter);
    let safe: String = last.chars().filter(|letter| !wild(letter)).take(LONGEST).collect();
    let safe = safe.trim_matches(['.', ' ']);
    if safe.is_empty() { "file".to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::super::tests::space;
    use super::*;

    fn file(fields: Value) -> Value {
        let mut file = json!({"path": "/tmp/gradio/x/image.png", "url": null, "orig_name": "image.png", "meta": {"_type": "gradio.FileData"}});
        let Value::Object(fields) = fields else { return file };
        file.as_object_mut().unwrap().extend(fields);
        file
    }

    #[test]
    fn files_are_found_in_galleries_and_behind_paths() {
        let space = space("https://a-b.hf.space/", "/gradio_api");
        let data = [
            json!("text"),
            json!([{"image": file(json!({"size": 7})), "caption": "one"}, {"image": file(json!({"url": "https://a-b.hf.space/gradio_api/file=/tmp/y.png"}))}]),
            json!({"video": file(json!({"url": "https://cdn.example/v.mp4", "orig_name": null, "path": "/tmp/v.mp4"})), "subtitles": null}),
            json!({"path": "not a file"}),
            // As Gradio 4.10 writes it.
            json!({"path": "/tmp/old.txt", "url": null, "size": 3, "orig_name": "old.txt", "mime_type": null}),
        ];
        let (files, left_out) = of(&data, &space);
        let urls: Vec<_> =
            files.iter().map(|file| (file.output, file.name.as_str(), file.url.as_str())).collect();
        assert_eq!(
            urls,
            [
                (1, "image.png", "https://a-b.hf.space/gradio_api/file=/tmp/gradio/x/image.png"),
                (1, "image.png", "https://a-b.hf.space/gradio_api/file=/tmp/y.png"),
                (2, "v.mp4", "https://cdn.example/v.mp4"),
                (4, "old.txt", "https://a-b.hf.space/gradio_api/file=/tmp/old.txt"),
            ]
        );
        assert_eq!((files[0].size, left_out.len()), (Some(7), 0));
    }

    #[test]
    fn hostile_addresses_are_left_out_and_told() {
        let space = space("https://a-b.hf.space/", "/gradio_api");
        for url in [
            "file:///etc/passwd",
            "FILE:/etc/passwd",
            "http://evil.test/x.png",
            "https://127.0.0.1/x.png",
            "https://localhost:8080/x",
            "https://192.168.1.1/admin",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/x",
            "https://[::ffff:10.0.0.1]/x",
            "https://router/x",
            "https://printer.local/x",
            "https://a-b.hf.space@127.0.0.1/x",
            "https://a-b.hf.space/gradio_api/file=/tmp/../../etc/passwd",
            "https://a-b.hf.space/gradio_api/file=/tmp/%2e%2e/%2E%2E/etc/passwd",
            "javascript:alert(1)",
            "ftp://a.test/x",
            "/gradio_api/file=../secret",
        ] {
            let (files, left_out) = of(&[file(json!({ "url": url }))], &space);
            assert_eq!((files.len(), left_out.len()), (0, 1), "{url}: {files:?}");
        }
        for path in
            ["../../etc/passwd", "/tmp/gradio/../../etc/passwd", "file:/etc/passwd", "..\\x", "a/..%2f.."]
        {
            let (files, left_out) = of(&[file(json!({ "path": path }))], &space);
            assert_eq!((files.len(), left_out.len()), (0, 1), "{path}: {files:?}");
        }
    }

    #[test]
    fn odd_signs_in_a_path_stay_in_the_path() {
        let space = space("https://a-b.hf.space/", "/gradio_api");
        let (files, _) = of(&[file(json!({"path": "/tmp/a b?c#d.png"}))], &space);
        assert_eq!(files[0].url.as_str(), "https://a-b.hf.space/gradio_api/file=/tmp/a%20b%3Fc%23d.png");
    }

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for (said, want) in [
            ("../../.bashrc", "bashrc"),
            ("..\\..\\x.exe", "x.exe"),
            ("/etc/passwd", "passwd"),
            ("..", "file"),
            ("a\0b\n.png", "ab.png"),
            ("C:\\x\\y.png", "y.png"),
            ("gpj\u{202e}.exe", "gpj.exe"),
            ("", "image.png"),
        ] {
            assert_eq!(name(&file(json!({ "orig_name": said }))), want, "{said:?}");
        }
        assert_eq!(name(&file(json!({"orig_name": "x".repeat(500)}))).len(), LONGEST);
    }
}
