//! Remembers what a step was done for, so that it is skipped when nothing has changed.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Outcome;

/// One step's memory: a small file that holds a hash of everything the step reads.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// `file` is where the memory lies, `inputs` are the files that the step reads.
    pub(crate) fn of(file: PathBuf, inputs: &[PathBuf]) -> Outcome<Self> {
        let mut hasher = Sha256::new();
        for input in inputs {
            let bytes =
                fs::read(input).map_err(|error| format!("{} cannot be read: {error}.", input.display()))?;
            hasher.update(input.to_string_lossy().as_bytes());
            hasher.update(bytes.len().to_le_bytes());
            hasher.update(bytes);
        }
        Ok(Self { file, hash: hex(&hasher.finalize()) })
    }

    /// Whether the step was done for just these inputs.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.hash)
    }

    /// Remembers that the step is done.
    pub(crate) fn set(&self) -> Outcome {
        write(&self.file, &self.hash)
    }
}

/// Writes a small text file and the folders above it.
pub(crate) fn write(file: &Path, text: &str) -> Outcome {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| format!("{} cannot be written: {error}.", file.display()))
}

/// A hash as people write it.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
