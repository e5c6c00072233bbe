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

use self::manifest::{Manifest, Model, ModelFile};
use self::progress::Meter;
use crate::house::House;
use crate::say::Style;
use crate::{Outcome, process, say, stamp};

/// Where the manifest lies; the engine reads the same file.
const MANIFEST: &str = "src-tauri/crates/engine/models.json";

/// Fetches every built-in model that is missing, and what they run on; with `small`, all but the large one.
pub(crate) fn fetch(house: &House, small: bool, style: Style) -> Outcome {
    say::heading("Built-in models");
    fs::create_dir_all(&house.models).map_err(|error| format!("{}: {error}.", house.models.display()))?;
    let _only_one_at_a_time = lock(&house.cache)?;
    manifest(house)?.wanted(small).iter().try_for_each(|model| ensure(house, model, style))
}

/// A file that a package carries, and its place beside the program.
pub(crate) type Packed = (PathBuf, String);

/// Fetches ONNX Runtime for this system, which a package carries: the library first, then its licence.
pub(crate) fn library(house: &House, style: Style) -> Outcome<Vec<Packed>> {
    let _only_one_at_a_time = lock(&house.cache)?;
    let Some(library) = manifest(house)?.library() else {
        say::note("There is no ONNX Runtime for this system: the package has no voice.");
        return Ok(Vec::new());
    };
    ensure(house, &library, style)?;
    Ok(library.files.iter().map(|file| (house.models.join(&file.file), file.file.clone())).collect())
}

/// The models of this project, which a package carries too.
pub(crate) fn of_project(house: &House) -> Outcome<Vec<Packed>> {
    let packed =
        |(source, place): (&manifest::ProjectFile, &str)| (house.root.join(&source.file), place.to_owned());
    Ok(manifest(house)?.of_project().map(packed).collect())
}

fn manifest(house: &House) -> Outcome<Manifest> {
    manifest::read(&house.root.join(MANIFEST))
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
    let workshop = house.models.join(".fetch").join(&model.id);
    let bench = Bench { house, model, workshop: &workshop };
    let mut missing = Vec::new();
    for file in &model.files {
        if !bench.is_in_place(file)? {
            missing.push(file);
        }
    }
    if !missing.is_empty() {
        make_folder(&workshop)?;
        check_space(&workshop, model, &missing)?;
        bench.get(missing, style)?;
        let _ = fs::remove_dir_all(&workshop);
        let _ = fs::remove_dir(house.models.join(".fetch"));
    }
    say::note(&format!("{}: ready ({})", model.name, say::size(model.bytes())));
    Ok(())
}

/// One model while it is fetched: its files lie in the workshop, each in a folder of its own, until they are checked.
struct Bench<'a> {
    house: &'a House,
    model: &'a Model,
    workshop: &'a Path,
}

impl Bench<'_> {
    /// Fetches what is missing from the Hub, and the rest from the packages; a file gets its place when it is right.
    fn get(&self, mut missing: Vec<&ModelFile>, style: Style) -> Outcome {
        for way in [Self::ask_project, Self::ask_hub, Self::ask_packages] {
            way(self, &missing, style);
            missing.retain(|file| !self.place(file).exists());
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!(
            "{} could not be fetched. Check the network and start again: what came so far is kept.",
            self.model.name
        ))
    }

    /// Copies what is a part of this project.
    fn ask_project(&self, missing: &[&ModelFile], _: Style) {
        for (file, source) in missing.iter().filter_map(|file| Some((file, file.project()?))) {
            let copied = self.corner(file).and_then(|corner| {
                let copy = corner.join("whole");
                fs::copy(self.house.root.join(&source.file), &copy)
                    .map_err(|error| format!("{}: {error}.", source.file.display()))?;
                self.keep(file, copy)
            });
            if let Err(reason) = copied {
                say::note(&format!("{}: {reason}", self.model.name));
            }
        }
    }

    /// One after the other; the first that does not come is the last that is asked for.
    fn ask_hub(&self, missing: &[&ModelFile], style: Style) {
        let mut there = missing.iter().filter_map(|file| Some((file, file.hub()?))).peekable();
        if there.peek().is_none() {
            return;
        }
        self.show(style, || {
            there.try_for_each(|(file, source)| {
                let whole = hub::fetch(&hub::endpoint(), source, file.bytes, &self.corner(file)?)?;
                self.keep(file, whole)
            })
        });
    }

    /// All at once, so that a package comes once for all that it carries.
    fn ask_packages(&self, missing: &[&ModelFile], style: Style) {
        let there: Vec<_> = missing.iter().filter_map(|file| Some((*file, file.packages()?))).collect();
        if there.is_empty() {
            return;
        }
        self.show(style, || {
            let corners =
                there.iter().map(|(file, _)| self.corner(file)).collect::<Outcome<Vec<PathBuf>>>()?;
            let wanted: Vec<_> = there
                .iter()
                .zip(&corners)
                .map(|((_, packages), corner)| (*packages, corner.as_path()))
                .collect();
            packages::fetch(&wanted, self.workshop)?;
            there
                .iter()
                .zip(&corners)
                .try_for_each(|((file, packages), corner)| self.keep(file, packages::join(packages, corner)?))
        });
    }

    /// Does one way of fetching with its progress on the terminal; what goes wrong is said, and another way is tried.
    fn show(&self, style: Style, work: impl FnOnce() -> Outcome) {
        let meter = Meter::start(&self.model.name, self.model.bytes(), style, self.measure());
        let result = work();
        meter.stop(result.is_ok());
        if let Err(reason) = result {
            say::note(&format!("{}: {reason}", self.model.name));
        }
    }

    /// Puts a whole file in its place, if it is the right one.
    fn keep(&self, file: &ModelFile, whole: PathBuf) -> Outcome {
        let (corner, place) = (self.corner(file)?, self.place(file));
        let whole = refuse_if_wrong(whole, file, &corner)?;
        make_folder(place.parent().unwrap_or(&self.house.models))?;
        fs::rename(whole, &place)
            .map_err(|error| format!("{} cannot be written: {error}.", place.display()))?;
        let _ = fs::remove_dir_all(corner);
        self.memory(file, &place).set()
    }

    /// Whether a file is there and right. A wrong one is removed.
    fn is_in_place(&self, file: &ModelFile) -> Outcome<bool> {
        let place = self.place(file);
        if !place.exists() {
            return Ok(false);
        }
        let memory = self.memory(file, &place);
        if memory.is_fresh() {
            return Ok(true);
        }
        if is_right(&place, file)? {
            return memory.set().map(|()| true);
        }
        let name = &self.model.name;
        say::note(&format!("{name}: {} is not the right one; getting it again.", file.file));
        fs::remove_file(&place)
            .map_err(|error| format!("{} cannot be removed: {error}.", place.display()))?;
        Ok(false)
    }

    fn place(&self, file: &ModelFile) -> PathBuf {
        self.house.models.join(&file.file)
    }

    /// Where the parts of a file lie while they are fetched.
    fn corner(&self, file: &ModelFile) -> Outcome<PathBuf> {
        let corner = self.workshop.join(file.flat_name());
        make_folder(&corner).map(|()| corner)
    }

    fn memory<'b>(&self, file: &'b ModelFile, place: &'b Path) -> Memory<'b> {
        Memory { stamp: self.house.cache.join("stamps").join(file.flat_name()), file, place }
    }

    /// Counts what has come of this model, in place or not.
    fn measure(&self) -> impl Fn() -> u64 + Send + 'static {
        let places: Vec<PathBuf> = self.model.files.iter().map(|file| self.place(file)).collect();
        let workshop = self.workshop.to_owned();
        move || {
            let placed = places.iter().filter_map(|place| place.metadata().ok());
            progress::bytes_below(&workshop) + placed.map(|about| about.len()).sum::<u64>()
        }
    }
}

fn make_folder(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}.", folder.display()))
}

/// Lets a right file through. A wrong one is removed, with all its parts.
fn refuse_if_wrong(whole: PathBuf, file: &ModelFile, corner: &Path) -> Outcome<PathBuf> {
    if is_right(&whole, file)? {
        return Ok(whole);
    }
    let _ = fs::remove_dir_all(corner);
    Err("what came is not the file that it should be (its checksum differs), so it was removed.".to_owned())
}

/// Whether a file has the size and the sha256 of the manifest.
fn is_right(path: &Path, file: &ModelFile) -> Outcome<bool> {
    let look = || {
        let mut reader = File::open(path)?;
        if reader.metadata()?.len() != file.bytes {
            return Ok(false);
        }
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
        loop {
            let count = reader.read(&mut buffer)?;
            if count == 0 {
                return Ok(stamp::hex(&hasher.finalize()) == file.sha256);
            }
            hasher.update(&buffer[..count]);
        }
    };
    look().map_err(|error: std::io::Error| format!("{} cannot be read: {error}.", path.display()))
}

/// Remembers which file was checked, so that a second start does not read a gigabyte again.
struct Memory<'a> {
    stamp: PathBuf,
    file: &'a ModelFile,
    place: &'a Path,
}

impl Memory<'_> {
    /// Hash, size and time of change; `None` where the file is missing.
    fn text(&self) -> Option<String> {
        let about = self.place.metadata().ok()?;
        let changed = about.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(format!("{} {} {}", self.file.sha256, about.len(), changed.as_nanos()))
    }

    fn is_fresh(&self) -> bool {
        self.text().is_some_and(|now| fs::read_to_string(&self.stamp).is_ok_and(|then| then == now))
    }

    fn set(&self) -> Outcome {
        stamp::write(&self.stamp, &self.text().unwrap_or_default())
    }
}

/// The parts and the whole lie side by side for a moment: twice the size, less what already came.
fn check_space(workshop: &Path, model: &Model, missing: &[&ModelFile]) -> Outcome {
    let bytes: u64 = missing.iter().map(|file| file.bytes).sum();
    let needed = (2 * bytes).saturating_sub(progress::bytes_below(workshop));
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

    fn file(name: &str, bytes: &[u8]) -> ModelFile {
        ModelFile {
            file: name.into(),
            bytes: bytes.len() as u64,
            sha256: stamp::hex(&Sha256::digest(bytes)),
            sources: Vec::new(),
        }
    }

    /// A house in a fresh folder.
    fn house(name: &str) -> House {
        let root = std::env::temp_dir().join(format!("limerick-{name}-{}", std::process::id()));
        let at = |name: &str| root.join(name);
        fs::create_dir_all(at("models/.fetch/toy")).unwrap();
        House { cache: at("cache"), target: at("target"), models: at("models"), root }
    }

    #[test]
    fn a_wrong_hash_is_refused_and_nothing_is_left() {
        let house = house("models");
        let workshop = house.models.join(".fetch/toy");
        let whole = workshop.join("whole");
        fs::write(&whole, b"wrong").unwrap();
        let words = refuse_if_wrong(whole.clone(), &file("a.gguf", b"right"), &workshop).unwrap_err();
        assert!(words.contains("checksum") && !whole.exists(), "{words}");
        fs::create_dir_all(&workshop).unwrap();
        fs::write(&whole, b"right").unwrap();
        assert_eq!(refuse_if_wrong(whole.clone(), &file("a.gguf", b"right"), &workshop), Ok(whole));
        fs::remove_dir_all(&house.root).unwrap();
    }

    #[test]
    fn a_file_gets_its_place_and_is_remembered_until_it_changes() {
        let house = house("place");
        let files = vec![file("toy/a.onnx", b"right"), file("toy/voices/b.bin", b"voice")];
        let model = Model { id: "toy".into(), name: "A voice".into(), files };
        let workshop = house.models.join(".fetch/toy");
        let bench = Bench { house: &house, model: &model, workshop: &workshop };
        let [weights, voice] = &model.files[..] else { unreachable!() };
        assert_eq!(bench.is_in_place(voice), Ok(false));
        let whole = bench.corner(voice).unwrap().join("000.part");
        fs::write(&whole, b"voice").unwrap();
        assert_eq!(bench.measure()(), 5);
        bench.keep(voice, whole).unwrap();
        assert_eq!((bench.is_in_place(voice), bench.is_in_place(weights)), (Ok(true), Ok(false)));
        assert_eq!(bench.measure()(), 5);
        assert!(bench.memory(voice, &bench.place(voice)).is_fresh());
        fs::write(bench.place(voice), b"other").unwrap();
        assert_eq!((bench.is_in_place(voice), bench.place(voice).exists()), (Ok(false), false));
        fs::remove_dir_all(&house.root).unwrap();
    }
}
