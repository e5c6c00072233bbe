//! Paths that the person picked in a dialog in this session: the page may write to these and nowhere else.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use limerick_tasks::{Error, ErrorCode, Result};
use serde_json::Value;

/// What was picked so far.
#[derive(Default)]
pub(crate) struct Granted(Mutex<HashSet<PathBuf>>);

impl Granted {
    /// Allows a path that a dialog gave.
    pub(crate) fn add(&self, path: &Path) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }

    /// Refuses a path that no dialog gave.
    pub(crate) fn check(&self, path: &str) -> Result<()> {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(Path::new(path)) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Input, "Limerick writes only where you told it to. Pick the place again."))
    }

    /// Refuses the arguments of a command that writes to another path.
    pub(crate) fn check_call(&self, name: &str, args: &Value) -> Result<()> {
        match name {
            "save_picture" | "save_sound" | "export_runs" => {
                self.check(args["path"].as_str().unwrap_or_default())
            }
            _ => Ok(()),
        }
    }
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
}
