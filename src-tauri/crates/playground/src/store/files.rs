//! Pictures and sounds of runs: files by the hash of what is in them, beside the history. In the history's JSON
//! a `data:` URI is replaced by the name of its file, so that the database stays small and fast.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use limerick_tasks::{Error, ErrorCode, Media, Result};
use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Stored;
use crate::said;

/// The key of an object that stands for a file.
const MARK: &str = "$file";

/// The files of one history, and their small forms.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    folder: PathBuf,
    small: PathBuf,
}

impl Files {
    /// Those in a data folder.
    pub(crate) fn of(data: &Path) -> Self {
        Self { folder: data.join("files"), small: data.join("thumbs") }
    }

    /// Those beside the history file.
    pub(super) fn beside(db: &Connection) -> Self {
        Self::of(db.path().map(Path::new).and_then(Path::parent).unwrap_or(Path::new("")))
    }

    /// Writes each `data:` URI in `value` to a file and leaves the file's name in its place.
    pub(super) fn take_out(&self, value: &mut Value) -> Stored<()> {
        match value {
            Value::String(text) if text.starts_with("data:") => {
                let media = Media::from_data_uri(text).ok();
                // Only what comes back letter by letter: a person's words may begin like this, too.
                if let Some(media) = media.filter(|media| media.data_uri() == *text) {
                    *value = serde_json::json!({ MARK: self.keep(&media)? });
                }
                Ok(())
            }
            Value::Array(list) => list.iter_mut().try_for_each(|one| self.take_out(one)),
            Value::Object(fields) => fields.values_mut().try_for_each(|one| self.take_out(one)),
            _ => Ok(()),
        }
    }

    /// Puts what `take_out` took out back in; a file that was removed comes back without bytes.
    pub(super) fn put_back(&self, value: &mut Value) -> Stored<()> {
        if let Some(name) = name_of(value) {
            *value = match fs::read(self.path(name)) {
                Ok(bytes) => serde_json::to_value(Media::new(bytes, ""))?,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                    serde_json::to_value(Media::default())?
                }
                Err(cause) => return Err(unreadable(&cause).into()),
            };
            return Ok(());
        }
        match value {
            Value::Array(list) => list.iter_mut().try_for_each(|one| self.put_back(one)),
            Value::Object(fields) => fields.values_mut().try_for_each(|one| self.put_back(one)),
            _ => Ok(()),
        }
    }

    /// Deletes the files that no run names, once they are older than `age`: another process may have written
    /// one whose run is about to be stored. Small forms go with their files.
    pub(crate) fn sweep(&self, named: &HashSet<String>, age: Duration) {
        sweep(&self.folder, age, |name| named.contains(name));
        let left: HashSet<String> = self.names().iter().map(|name| hash_of(name).to_owned()).collect();
        sweep(&self.small, age, |name| left.contains(hash_of(name)));
    }

    /// The files that are here.
    pub(crate) fn names(&self) -> HashSet<String> {
        let Ok(folder) = fs::read_dir(&self.folder) else { return HashSet::new() };
        folder.flatten().filter_map(|file| file.file_name().into_string().ok()).collect()
    }

    /// Writes a file under the hash of its bytes, whole or not at all; the name is given back.
    pub(crate) fn keep(&self, media: &Media) -> Result<String> {
        let name = format!("{:x}.{}", Sha256::digest(&media.bytes), media.extension());
        let path = self.path(&name);
        if !path.exists() {
            write_new(&path, &media.bytes).map_err(|cause| unwritable(&cause))?;
        } else if let Ok(file) = fs::File::options().append(true).open(&path) {
            // As good as new for `sweep`; where it cannot be said, its run is nearly always stored already.
            let _ = file.set_modified(SystemTime::now());
        }
        Ok(name)
    }

    /// Whether a file is here.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// A file's bytes. `NotFound` where it was removed.
    pub(crate) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(name))
    }

    /// A file's small form, where there is one.
    pub(crate) fn read_small(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.small_path(name))
    }

    /// Writes a file's small form, whole or not at all.
    pub(crate) fn keep_small(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write_new(&self.small_path(name), bytes).map_err(|cause| unwritable(&cause))
    }

    /// Bytes of all files, and of all small forms.
    pub(crate) fn sizes(&self) -> (u64, u64) {
        (size(&self.folder), size(&self.small))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn small_path(&self, name: &str) -> PathBuf {
        self.small.join(format!("{}.jpg", hash_of(name)))
    }
}

fn hash_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn size(folder: &Path) -> u64 {
    let Ok(folder) = fs::read_dir(folder) else { return 0 };
    folder.flatten().filter_map(|file| Some(file.metadata().ok()?.len())).sum()
}

/// Deletes the files of a folder that are not `wanted` and have this age.
fn sweep(folder: &Path, age: Duration, wanted: impl Fn(&str) -> bool) {
    let Ok(folder) = fs::read_dir(folder) else { return };
    for file in folder.flatten() {
        let written = file.metadata().and_then(|about| about.modified()).ok();
        let old = written.and_then(|when| when.elapsed().ok()).is_some_and(|since| since >= age);
        if old && !wanted(file.file_name().to_string_lossy().as_ref()) {
            // The next start tries again.
            let _ = fs::remove_file(file.path());
        }
    }
}

/// Writes beside the place and then moves there, so that nobody ever sees half a file.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let part = path.with_file_name(format!(".{}.part", uuid::Uuid::now_v7().simple()));
    let mut file = fs::File::create(&part)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    let put = written.and_then(|()| fs::rename(&part, path));
    if put.is_err() {
        // The first failure is the one to tell.
        let _ = fs::remove_file(&part);
    }
    put
}

/// The file that an object stands for; a name that is not one of ours is none.
pub(crate) fn name_of(value: &Value) -> Option<&str> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let name = fields.get(MARK)?.as_str()?;
    let (hash, extension) = name.split_once('.')?;
    let ours = hash.len() == 64 && (hash.chars().chain(extension.chars())).all(|c| c.is_ascii_alphanumeric());
    ours.then_some(name)
}

/// The names that the history holds.
pub(crate) fn named(db: &Connection) -> Stored<HashSet<String>> {
    let mut rows = db.prepare(
        "select input, output from runs where instr(input, '\"$file\"') or instr(output, '\"$file\"')
                                              or instr(input, '](media:')",
    )?;
    let mut names = HashSet::new();
    let mut found = rows.query([])?;
    while let Some(row) = found.next()? {
        let (input, output): (String, String) = (row.get(0)?, row.get(1)?);
        names.extend(given(&serde_json::from_str(&input)?));
        each_name(&serde_json::from_str(&output)?, &mut |name| {
            names.insert(name.to_owned());
        });
    }
    let mut messages = db.prepare("select value from messages, json_each(pictures)")?;
    let shown = messages.query_map([], |row| row.get::<_, String>(0))?;
    names.extend(shown.collect::<rusqlite::Result<Vec<_>>>()?);
    Ok(names)
}

/// The files of what was asked, those that a prompt shows among them.
pub(crate) fn given(input: &Value) -> Vec<String> {
    let mut names = Vec::new();
    each_name(input, &mut |name| names.push(name.to_owned()));
    names.extend(said::shown_in(prompt(input)).map(str::to_owned));
    names
}

fn prompt(input: &Value) -> &str {
    input["prompt"].as_str().unwrap_or_default()
}

/// The first picture that a question is about: in a chat, of the newest message that shows any.
pub(crate) fn shown_in(input: &Value) -> Option<String> {
    let first = |value: &Value| given(value).into_iter().next();
    match input["task"].as_str()? {
        "chat_completion" => input["messages"].as_array()?.iter().rev().find_map(first),
        "image_to_text"
        | "visual_question_answering"
        | "image_classification"
        | "zero_shot_image_classification"
        | "object_detection" => first(input),
        "text_generation" => said::shown_in(prompt(input)).last().map(str::to_owned),
        _ => None,
    }
}

/// Hands over the name of each file in stored JSON, in order.
pub(crate) fn each_name(value: &Value, on: &mut impl FnMut(&str)) {
    if let Some(name) = name_of(value) {
        return on(name);
    }
    match value {
        Value::Array(list) => list.iter().for_each(|one| each_name(one, on)),
        Value::Object(fields) => fields.values().for_each(|one| each_name(one, on)),
        _ => {}
    }
}

fn unreadable(cause: &io::Error) -> Error {
    let message = "The disk does not give a picture or a sound of this run. Check the disk, then try again.";
    Error::new(ErrorCode::Internal, message).with_detail(cause)
}

/// Whether a disk took no more because it, or the person's share of it, is full.
pub(crate) fn is_full(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn unwritable(cause: &io::Error) -> Error {
    let (code, message) = if is_full(cause) {
        (
            ErrorCode::Disk,
            "The disk is full, so this run's picture or sound was not kept. Free some space and try again.",
        )
    } else {
        (ErrorCode::Internal, "The disk did not take this run's picture or sound. Check it, then try again.")
    };
    Error::new(code, message).with_detail(cause)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    fn files() -> (tempfile::TempDir, Connection, Files) {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("history.sqlite")).unwrap();
        db.execute_batch(
            "create table runs (input text, output text); create table messages (pictures text)",
        )
        .unwrap();
        let files = Files::beside(&db);
        (folder, db, files)
    }

    fn picture() -> String {
        Media::new(&b"\x89PNG\r\n\x1a\nrest"[..], "").data_uri()
    }

    #[test]
    fn pictures_go_to_files_and_come_back_letter_by_letter() {
        let (_folder, _db, files) = files();
        let before = json!({"image": picture(), "list": [{"image": picture()}], "text": "data:,hello"});
        let mut value = before.clone();
        files.take_out(&mut value).unwrap();
        assert!(!value.to_string().contains("base64") && value["text"] == "data:,hello", "{value}");
        assert_eq!(fs::read_dir(&files.folder).unwrap().count(), 1, "equal bytes are one file");
        files.put_back(&mut value).unwrap();
        assert_eq!(value, before);
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_left_alone() {
        let (_folder, _db, files) = files();
        for name in ["../history.sqlite", "/etc/passwd", "abc.png"] {
            let mut value = json!({ MARK: name });
            files.put_back(&mut value).unwrap();
            assert_eq!(value[MARK], name);
        }
    }

    #[test]
    fn a_file_that_is_gone_comes_back_as_gone_and_spoils_nothing_else() {
        let (_folder, _db, files) = files();
        let mut value = json!({"image": picture(), "text": "kept"});
        files.take_out(&mut value).unwrap();
        fs::remove_dir_all(&files.folder).unwrap();
        files.put_back(&mut value).unwrap();
        assert_eq!(value, json!({"image": "media:", "text": "kept"}));
    }

    #[test]
    fn files_that_no_run_names_are_swept_away() {
        let (_folder, db, files) = files();
        let (mut kept, mut lost) = (json!(picture()), json!(Media::new(&b"GIF89a"[..], "").data_uri()));
        files.take_out(&mut kept).unwrap();
        files.take_out(&mut lost).unwrap();
        db.execute("insert into runs values (?1, '{}')", [kept.to_string()]).unwrap();
        for name in files.names() {
            files.keep_small(&name, b"small").unwrap();
        }
        let named = named(&db).unwrap();
        files.sweep(&named, Duration::from_secs(60));
        assert_eq!(fs::read_dir(&files.folder).unwrap().count(), 2, "fresh files are left alone");
        files.sweep(&named, Duration::ZERO);
        assert_eq!(fs::read_dir(&files.small).unwrap().count(), 1, "small forms go with their files");
        let left = fs::read_dir(&files.folder).unwrap().count();
        assert_eq!((left, files.put_back(&mut kept).is_ok()), (1, true));
    }
}
