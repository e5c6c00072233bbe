//! One file of a model on the disk. While it is fetched it is called `<file>.part`; only when size and SHA-256 are
//! right it gets its name, in one step. A file that failed a check is called `<file>.broken`. So whatever bears a
//! model's name is whole.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use limerick_tasks::{Ending, Error, ErrorCode, Result};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::manifest::ModelFile;
use crate::models::State;

/// Where one file of a model belongs, and what is there.
#[derive(Debug, Clone, Copy)]
pub struct OnDisk<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) file: &'a ModelFile,
    /// What people know it by.
    pub(crate) name: &'a str,
}

impl OnDisk<'_> {
    /// Where it belongs.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&self.file.file)
    }

    /// Where it grows while it is fetched.
    pub fn partial_path(&self) -> PathBuf {
        self.folder.join(format!("{}.part", self.file.file))
    }

    fn broken_path(&self) -> PathBuf {
        self.folder.join(format!("{}.broken", self.file.file))
    }

    /// Whether it can be used. Looks at sizes only; `verify` reads the file.
    pub fn state(&self) -> State {
        let right = self.file.bytes;
        match (size(&self.path()), size(&self.partial_path())) {
            (Some(bytes), _) if bytes == right => State::Present,
            (Some(bytes), _) => State::Broken {
                reason: format!("The file has {bytes} bytes instead of {right}; fetch it again."),
            },
            (None, Some(bytes)) => State::Partial { bytes },
            (None, None) if self.broken_path().exists() => State::Broken { reason: self.wrong_content() },
            (None, None) => State::Absent,
        }
    }

    /// Bytes of it that are here.
    pub(crate) fn here(&self) -> u64 {
        match self.state() {
            State::Present => self.file.bytes,
            State::Partial { bytes } => bytes,
            State::Absent | State::Broken { .. } => 0,
        }
    }

    /// Reads it and compares its SHA-256; `on` hears how many bytes are read. Content that is wrong is set aside.
    pub(crate) fn verify(&self, on: &mut dyn FnMut(u64), cancel: &CancellationToken) -> Result<Ending<()>> {
        let path = self.path();
        let reading = |cause| Error::internal(&format!("read the file of {}", self.name), cause);
        let mut file = fs::File::open(&path).map_err(reading)?;
        let (mut hash, mut piece, mut bytes) = (Sha256::new(), vec![0; 1 << 20], 0);
        loop {
            if cancel.is_cancelled() {
                return Ok(Ending::Cancelled);
            }
            let length = file.read(&mut piece).map_err(reading)?;
            if length == 0 {
                break;
            }
            hash.update(&piece[..length]);
            bytes += length as u64;
            on(bytes);
        }
        if format!("{:x}", hash.finalize()) == self.file.sha256 {
            return Ok(Ending::Done(()));
        }
        fs::rename(&path, self.broken_path()).map_err(reading)?;
        Err(Error::new(ErrorCode::Internal, self.wrong_content()))
    }

    /// Deletes it and what is left of fetching it.
    pub(crate) fn remove(&self) -> Result<()> {
        let all = [self.path(), self.partial_path(), self.broken_path()];
        all.iter().try_for_each(|path| self.delete(path))
    }

    /// Deletes what can never be loaded: what failed its check, or is of the wrong size.
    pub(crate) fn remove_broken(&self) -> Result<()> {
        self.delete(&self.broken_path())?;
        let wrong = size(&self.path()).is_some_and(|bytes| bytes != self.file.bytes);
        if wrong { self.delete(&self.path()) } else { Ok(()) }
    }

    fn delete(&self, path: &Path) -> Result<()> {
        match fs::remove_file(path) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                Err(Error::internal(&format!("remove {}", self.name), cause))
            }
            _ => Ok(()),
        }
    }

    fn wrong_content(&self) -> String {
        format!("The file of {} is damaged; fetch it again.", self.name)
    }
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.len())
}
