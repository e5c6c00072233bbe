//! Disks that are small or read-only, for the tests of what happens when nothing more can be written.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A disk of its own in memory; it goes with this value.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// A disk with these options of tmpfs, such as `size=2m` or `ro`. `None` where this machine lets us mount
    /// nothing: then the test says so and ends.
    pub fn mount(options: &str) -> Option<Self> {
        let disk = Self { folder: tempfile::tempdir().unwrap() };
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(disk.path())
            .output()
            .is_ok_and(|done| done.status.success());
        if !made {
            // Past the test harness, which keeps what is printed to itself.
            let words = format!("skipped: a disk ({options}) can be mounted by root alone\n");
            std::io::stderr().write_all(words.as_bytes()).unwrap();
        }
        made.then_some(disk)
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes until nothing more fits; deleting the file makes room again.
    pub fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut filler = std::fs::File::create(&path).unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What still holds a file there must not keep the test; `-l` lets it go later.
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}
