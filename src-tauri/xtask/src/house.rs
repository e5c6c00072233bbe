//! Where things stand: the clone, and the cache beside it that outlives a clone.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The folders that every command works in.
pub(crate) struct House {
    /// The clone.
    pub(crate) root: PathBuf,
    /// What is kept between clones: compiled crates, models, tools.
    pub(crate) cache: PathBuf,
    /// `CARGO_TARGET_DIR`, or the cache's own: one build serves every clone.
    pub(crate) target: PathBuf,
    /// `LIMERICK_MODELS`, or the cache's own.
    pub(crate) models: PathBuf,
}

impl House {
    /// Reads the environment. Fails where the person has no home folder.
    pub(crate) fn find() -> Outcome<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.ancestors().nth(2).ok_or("Start this as `cargo xtask`.")?.to_path_buf();
        let cache =
            cache_of_this_system().ok_or("No home folder was found: set XDG_CACHE_HOME.")?.join("limerick");
        let or_cached = |name: &str, folder: &str| match env::var_os(name) {
            Some(path) if !path.is_empty() => root.join(path),
            _ => cache.join(folder),
        };
        let (target, models) =
            (or_cached("CARGO_TARGET_DIR", "target"), or_cached("LIMERICK_MODELS", "models"));
        Ok(Self { root, cache, target, models })
    }

    /// The UI's folder.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// The folder of the end-to-end tests.
    pub(crate) fn e2e(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// Where a program of the workspace lies once it is built (`profile` is `debug` or `release`).
    pub(crate) fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// `cargo`, in the clone, building into the shared folder.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        self.dress(&mut command);
        // What `cargo run` set for us would make the build scripts of the app run again.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Gives a command the clone as its folder, and our places in its environment.
    pub(crate) fn dress(&self, command: &mut Command) {
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("LIMERICK_MODELS", &self.models);
    }
}

/// The folder that this system keeps caches in.
fn cache_of_this_system() -> Option<PathBuf> {
    let from = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library/Caches"))
    } else if cfg!(windows) {
        from("LOCALAPPDATA")
    } else {
        from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache")))
    }
}

/// Every file below a folder, in a fixed order, without `node_modules`. A missing folder is empty.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "node_modules") {
                files.extend(files_below(&path));
            }
        } else {
            files.push(path);
        }
    }
    files
}
