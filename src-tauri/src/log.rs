//! The log: a file in the data folder that never grows past two megabytes. It holds no key and no prompt.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    panic,
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Bytes after which a file is put aside and a new one begun; one old file is kept.
const FULL: u64 = 1_000_000;

/// A log file that starts over when it is full.
struct Log {
    path: PathBuf,
    open: Mutex<Open>,
}

struct Open {
    file: File,
    bytes: u64,
}

impl Open {
    fn at(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { file, bytes })
    }
}

impl Log {
    fn in_folder(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join("limerick.log");
        Ok(Self { open: Mutex::new(Open::at(&path)?), path })
    }

    fn write(&self, line: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().map_err(|_| io::Error::other("the log is closed"))?;
        if open.bytes > FULL {
            fs::rename(&self.path, self.path.with_extension("old.log"))?;
            *open = Open::at(&self.path)?;
        }
        open.file.write_all(line)?;
        open.bytes += line.len() as u64;
        Ok(())
    }
}

/// One event on its way into the log, written whole so that lines of two threads do not mix.
struct Line<'a> {
    log: &'a Log,
    bytes: Vec<u8>,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        // A full disk must not stop the app.
        let _ = self.log.write(&self.bytes);
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { log: self, bytes: Vec::new() }
    }
}

/// Starts the log in this data folder, or on stderr where the folder cannot be written.
/// `LIMERICK_LOG` sets what is kept, such as `debug` or `limerick_inference=trace`.
pub(crate) fn start(data: &Path) {
    let kept = EnvFilter::try_from_env("LIMERICK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let format = tracing_subscriber::fmt().with_env_filter(kept).with_ansi(false);
    let started = match Log::in_folder(&data.join("logs")) {
        Ok(log) => format.with_writer(log).try_init(),
        Err(_) => format.with_writer(io::stderr).try_init(),
    };
    if started.is_ok() {
        panic::set_hook(Box::new(|fault| tracing::error!("a fault of ours: {fault}")));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    #[test]
    fn a_full_log_is_put_aside_and_one_old_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::in_folder(folder.path()).unwrap();
        let line = vec![b'x'; 600_000];
        for _ in 0..7 {
            log.write(&line).unwrap();
        }
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["limerick.log", "limerick.old.log"]);
        let all: u64 = names.iter().map(|name| folder.path().join(name).metadata().unwrap().len()).sum();
        assert!(all <= 2_400_000, "{all} bytes");
    }
}
