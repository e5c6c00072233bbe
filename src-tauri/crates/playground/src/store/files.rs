//! Pictures and sounds of runs: files by the hash of what is in them, beside the history. In the history's JSON
//! a `data:` URI is replaced by the name of its file, so that the database stays small and fast.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use limerick_tasks::{Error, ErrorCode, Media};
use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Stored;

/// The key of an object that stands for a file.
const MARK: &str = "$file";

/// The folder of files of one history.
pub(super) struct Files {
    folder: PathBuf,
}

impl Files {
    /// The folder beside the history file.
    pub(super) fn beside(db: &Connection) -> Self {
        let folder = db.path().map(Path::new).and_then(Path::parent).unwrap_or(Path::new(""));
        Self { folder: folder.join("files") }
    }

    /// Writes each `data:` URI in `value` to a file and leaves the file's name in its place.
    pub(super) fn take_out(&self, value: &mut Value) -> Stored<()> {
        match value {
            Value::String(text) if text.starts_with("data:") => {
                let media = Media::from_data_uri(text).ok();
                // Only what comes back letter by letter: a person's words may begin like this, too.
                if let Some(media) = media.filter(|media| media.data_uri() == *text) {
                    *value = serde_json::json!({ MARK: self.write(&media)? });
                }
                Ok(())
            }
            Value::Array(list) => list.iter_mut().try_for_each(|one| self.take_out(one)),
            Value::Object(fields) => fields.values_mut().try_for_each(|one| self.take_out(one)),
            _ => Ok(()),
        }
    }

    /// Puts what `take_out` took out back in.
    pub(super) fn put_back(&self, value: &mut Value) -> Stored<()> {
        if let Some(name) = name_of(value) {
            let bytes = fs::read(self.path(name)).map_err(|cause| missing(&cause))?;
            *value = Media::new(bytes, "").data_uri().into();
            return Ok(());
        }
        match value {
            Value::Array(list) => list.iter_mut().try_for_each(|one| self.put_back(one)),
            Value::Object(fields) => fields.values_mut().try_for_each(|one| self.put_back(one)),
            _ => Ok(()),
        }
    }

    /// Deletes the files that no run names, once they are older than `age`: another process may have written
    /// one whose run is about to be stored.
    pub(super) fn sweep(&self, db: &Connection, age: Duration) -> Stored<()> {
        let Ok(folder) = fs::read_dir(&self.folder) else { return Ok(()) };
        let named = named(db)?;
        for file in folder.flatten() {
            let written = file.metadata().and_then(|about| about.modified()).ok();
            let old = written.and_then(|when| when.elapsed().ok()).is_some_and(|since| since >= age);
            if old && !named.contains(file.file_name().to_string_lossy().as_ref()) {
                // The next start tries again.
                let _ = fs::remove_file(file.path());
            }
        }
        Ok(())
    }

    /// Writes a file under the hash of its bytes, whole or not at all; the name is given back.
    fn write(&self, media: &Media) -> Stored<String> {
        let name = format!("{:x}.{}", Sha256::digest(&media.bytes), media.extension());
        if !self.path(&name).exists() {
            self.write_new(&name, &media.bytes).map_err(|cause| unwritable(&cause))?;
        }
        Ok(name)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let part = self.path(&format!("{name}.{}.part", std::process::id()));
        let mut file = fs::File::create(&part)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        let put = written.and_then(|()| fs::rename(&part, self.path(name)));
        if put.is_err() {
            // The first failure is the one to tell.
            let _ = fs::remove_file(&part);
        }
        put
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The file that an object stands for; a name that is not one of ours is none.
fn name_of(value: &Value) -> Option<&str> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let name = fields.get(MARK)?.as_str()?;
    let (hash, extension) = name.split_once('.')?;
    let ours = hash.len() == 64 && (hash.chars().chain(extension.chars())).all(|c| c.is_ascii_alphanumeric());
    ours.then_some(name)
}

/// The names that the history holds.
fn named(db: &Connection) -> Stored<HashSet<String>> {
    let mut rows = db.prepare(
        "select input, output from runs where instr(input, '\"$file\"') or instr(output, '\"$file\"')",
    )?;
    let mut names = HashSet::new();
    let mut found = rows.query([])?;
    while let Some(row) = found.next()? {
        for column in 0..2 {
            gather(&serde_json::from_str(&row.get::<_, String>(column)?)?, &mut names);
        }
    }
    Ok(names)
}

fn gather(value: &Value, names: &mut HashSet<String>) {
    if let Some(name) = name_of(value) {
        names.insert(name.to_owned());
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|one| gather(one, names)),
        Value::Object(fields) => fields.values().for_each(|one| gather(one, names)),
        _ => {}
    }
}

fn missing(cause: &io::Error) -> Error {
    let message = "A picture or a sound of this run is no longer in Limerick's folder. Make it again.";
    Error::new(ErrorCode::Internal, message).with_detail(cause)
}

fn unwritable(cause: &io::Error) -> Error {
    let message = "The disk did not take this run's picture or sound. Make room, then try again.";
    Error::new(ErrorCode::Internal, message).with_detail(cause)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    fn files() -> (tempfile::TempDir, Connection, Files) {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("history.sqlite")).unwrap();
        db.execute_batch("create table runs (input text, output text)").unwrap();
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
    fn a_file_that_is_gone_is_said_in_plain_words() {
        let (_folder, _db, files) = files();
        let mut value = json!(picture());
        files.take_out(&mut value).unwrap();
        fs::remove_dir_all(&files.folder).unwrap();
        let fault = files.put_back(&mut value).unwrap_err();
        assert!(fault.to_string().contains("no longer"), "{fault}");
    }

    #[test]
    fn files_that_no_run_names_are_swept_away() {
        let (_folder, db, files) = files();
        let (mut kept, mut lost) = (json!(picture()), json!(Media::new(&b"GIF89a"[..], "").data_uri()));
        files.take_out(&mut kept).unwrap();
        files.take_out(&mut lost).unwrap();
        db.execute("insert into runs values (?1, '{}')", [kept.to_string()]).unwrap();
        files.sweep(&db, Duration::from_secs(60)).unwrap();
        assert_eq!(fs::read_dir(&files.folder).unwrap().count(), 2, "fresh files are left alone");
        files.sweep(&db, Duration::ZERO).unwrap();
        let left = fs::read_dir(&files.folder).unwrap().count();
        assert_eq!((left, files.put_back(&mut kept).is_ok()), (1, true));
    }
}
