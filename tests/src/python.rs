//! Finds a Python that has some packages, or makes one; the package index is needed once.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// One at a time looks or makes, so that no two tests of a program make the same one.
static MAKING: Mutex<()> = Mutex::new(());

/// A Python that has the packages of `requirements`, in the versions that stand there; where the usual one has
/// not, one is made at `place`.
pub fn python_with(requirements: &Path, place: &Path) -> PathBuf {
    let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let wanted = std::fs::read_to_string(requirements).unwrap();
    let packages: Vec<(&str, &str)> = wanted.lines().filter_map(|line| line.split_once("==")).collect();
    let has_them = |python: &Path| packages.iter().all(|(name, version)| has(python, name, version));
    let usual = PathBuf::from(if cfg!(windows) { "python" } else { "python3" });
    if has_them(&usual) {
        return usual;
    }
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !has_them(&python) {
        run(Command::new(usual).args(["-m", "venv"]).arg(place));
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements));
    }
    python
}

/// Where what is made once for all clones lies.
pub fn cache() -> PathBuf {
    let filled = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || filled("HOME").unwrap_or_default().join(".cache");
    filled("XDG_CACHE_HOME").unwrap_or_else(home).join("limerick")
}

fn has(python: &Path, name: &str, version: &str) -> bool {
    let script =
        format!("import importlib.metadata as m; raise SystemExit(m.version('{name}') != '{version}')");
    let mut look = Command::new(python);
    look.args(["-c", &script]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn run(command: &mut Command) {
    assert!(command.stdout(Stdio::null()).status().unwrap().success(), "{command:?} failed");
}
