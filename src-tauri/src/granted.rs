//! Paths that the person picked in a dialog in this session: the page may write to these and nowhere else, and make
//! tables of these and no others.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use limerick_tasks::{Error, ErrorCode, Result};
use serde_json::Value;

/// What was picked so far.
#[derive(Default)]
pub(crate) struct Granted {
    written: Mutex<HashSet<PathBuf>>,
    shown: Mutex<HashSet<PathBuf>>,
}

impl Granted {
    /// Allows a path that a dialog gave, for writing and for tables.
    pub(crate) fn add(&self, path: &Path) {
        put(&self.written, path);
        put(&self.shown, path);
    }

    /// Allows a file that a dialog gave, for tables.
    pub(crate) fn add_shown(&self, path: &Path) {
        put(&self.shown, path);
    }

    /// Refuses a path that no dialog gave.
    pub(crate) fn check(&self, path: &str) -> Result<()> {
        if has(&self.written, path) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Input, "Limerick writes only where you told it to. Pick the place again."))
    }

    /// Refuses the arguments of a command that reaches for another path.
    pub(crate) fn check_call(&self, name: &str, args: &Value) -> Result<()> {
        match name {
            "save_picture" | "save_sound" | "export_runs" => {
                self.check(args["path"].as_str().unwrap_or_default())
            }
            // Without a path, texts go beside the table's own pictures, which were picked when it was made.
            "export_table" if args["form"] == "sidecar" && args["path"].is_null() => Ok(()),
            "export_table" => self.check(args["path"].as_str().unwrap_or_default()),
            "columns" => self.check_shown(&args["path"]),
            "make_table" => self.check_source(&args["source"]),
            _ => Ok(()),
        }
    }

    /// Texts have no path, and a `media:` address names a file of the data folder.
    fn check_source(&self, source: &Value) -> Result<()> {
        if source["kind"] == "texts" {
            return Ok(());
        }
        let Some(paths) = source["paths"].as_array() else { return self.check_shown(&source["path"]) };
        let own = |path: &Value| path.as_str().is_some_and(|path| path.starts_with("media:"));
        paths.iter().filter(|path| !own(path)).try_for_each(|path| self.check_shown(path))
    }

    fn check_shown(&self, path: &Value) -> Result<()> {
        if path.as_str().is_some_and(|path| has(&self.shown, path)) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Input, "Limerick reads only what you showed it. Pick it again."))
    }
}

fn put(set: &Mutex<HashSet<PathBuf>>, path: &Path) {
    set.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
}

fn has(set: &Mutex<HashSet<PathBuf>>, path: &str) -> bool {
    set.lock().unwrap_or_else(PoisonError::into_inner).contains(Path::new(path))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_a_dialog_gave_is_written() {
        let granted = Granted::default();
        granted.add(Path::new("/home/someone/cat.png"));
        granted.check("/home/someone/cat.png").unwrap();
        for path in ["", "/home/someone", "/home/someone/../someone/cat.png", "/home/someone/.bashrc"] {
            assert!(granted.check(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_command_that_writes_is_held_to_it_and_others_are_not() {
        let granted = Granted::default();
        for name in ["save_picture", "save_sound", "export_runs"] {
            assert!(granted.check_call(name, &json!({"path": "/tmp/a.png"})).is_err());
            assert!(granted.check_call(name, &json!({"path": ["/tmp/a.png"]})).is_err());
            assert!(granted.check_call(name, &json!(null)).is_err());
        }
        granted.check_call("runs", &json!({})).unwrap();
    }

    #[test]
    fn a_table_is_made_of_what_a_dialog_gave_of_texts_and_of_own_files_alone() {
        let granted = Granted::default();
        granted.add(Path::new("/home/someone/Pictures"));
        granted.add_shown(Path::new("/home/someone/a.csv"));
        let make = |source| granted.check_call("make_table", &json!({"source": source}));
        make(json!({"kind": "pictures", "paths": ["/home/someone/Pictures", "media:ab.png"]})).unwrap();
        make(json!({"kind": "file", "path": "/home/someone/a.csv"})).unwrap();
        make(json!({"kind": "texts", "texts": ["/etc/passwd"]})).unwrap();
        for source in [
            json!({"kind": "pictures", "paths": ["/home/someone/Pictures", "/etc"]}),
            json!({"kind": "file", "path": "/home/someone/b.csv"}),
            json!({"kind": "file", "path": "media:ab.csv"}),
            json!({"kind": "pictures", "paths": "/etc"}),
            json!(null),
        ] {
            assert!(make(source.clone()).is_err(), "{source}");
        }
        assert!(granted.check_call("columns", &json!({"path": "/etc/passwd"})).is_err());
    }

    #[test]
    fn a_file_that_was_only_shown_is_not_written() {
        let granted = Granted::default();
        granted.add_shown(Path::new("/home/someone/a.csv"));
        let export = |args| granted.check_call("export_table", &args);
        for form in ["csv", "sidecar"] {
            assert!(export(json!({"form": form, "path": "/home/someone/a.csv"})).is_err(), "{form}");
        }
        assert!(export(json!({"form": "csv"})).is_err());
        export(json!({"form": "sidecar"})).unwrap();
    }
}
