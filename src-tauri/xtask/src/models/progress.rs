//! The progress of a download: what has come, how fast, and how long it will take.

use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::house::files_below;
use crate::say::{self, Style};

/// Watches a download grow and says so, until it is stopped.
/// Bytes on the disk are the measure, so that every source shows its progress alike.
pub(crate) struct Meter {
    stop: Sender<bool>,
    watcher: JoinHandle<()>,
}

impl Meter {
    /// `measure` counts the bytes that have come.
    pub(crate) fn start(
        name: &str,
        total: u64,
        style: Style,
        measure: impl Fn() -> u64 + Send + 'static,
    ) -> Self {
        let (stop, stopped) = mpsc::channel();
        let mut view = View::new(name, total, style, Box::new(measure));
        let pause = Duration::from_millis(if style == Style::Bar { 250 } else { 5000 });
        let watcher = std::thread::spawn(move || {
            loop {
                match stopped.recv_timeout(pause) {
                    Err(RecvTimeoutError::Timeout) => view.show(),
                    Ok(succeeded) => return view.finish(succeeded),
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        Self { stop, watcher }
    }

    /// Ends the display; a success is shown as whole.
    pub(crate) fn stop(self, succeeded: bool) {
        let _ = self.stop.send(succeeded);
        let _ = self.watcher.join();
    }
}

struct View {
    name: String,
    total: u64,
    style: Style,
    measure: Box<dyn Fn() -> u64 + Send>,
    /// What lay there at the start: earlier work, which says nothing about the speed.
    head_start: u64,
    shown: u64,
    started: Instant,
}

impl View {
    fn new(name: &str, total: u64, style: Style, measure: Box<dyn Fn() -> u64 + Send>) -> Self {
        let head_start = measure();
        Self { name: name.to_owned(), total, style, measure, head_start, shown: 0, started: Instant::now() }
    }

    fn show(&mut self) {
        self.shown = (self.measure)().min(self.total).max(self.shown);
        let line = line(
            &self.name,
            self.shown,
            self.total,
            self.shown.saturating_sub(self.head_start),
            self.started.elapsed(),
        );
        match self.style {
            Style::Bar => {
                print!("\r   {line}\x1b[K");
                let _ = std::io::stdout().flush();
            }
            Style::Lines => say::note(&line),
        }
    }

    fn finish(&mut self, succeeded: bool) {
        if succeeded {
            self.shown = self.total;
            self.show();
        }
        if self.style == Style::Bar {
            println!();
        }
    }
}

/// `SmolLM2 [#####.....] 49.2 MB of 98.4 MB, 12.3 MB/s, 4.0 s left`
fn line(name: &str, done: u64, total: u64, fresh: u64, elapsed: Duration) -> String {
    let filled = usize::try_from(done * 20 / total.max(1)).unwrap_or(20);
    let bar = format!("{}{}", "#".repeat(filled), ".".repeat(20 - filled));
    let sizes = format!("{name} [{bar}] {} of {}", say::size(done), say::size(total));
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let speed = fresh.saturating_mul(1000) / milliseconds;
    if speed == 0 {
        return sizes;
    }
    let left = Duration::from_secs((total - done) / speed);
    format!("{sizes}, {}/s, {} left", say::size(speed), say::duration(left))
}

/// The size of everything that was fetched below a folder. What is half unpacked, and what a client keeps for itself
/// (`*.new`), counts with its package.
pub(crate) fn bytes_below(folder: &Path) -> u64 {
    let is_new = |part: &Path| part.extension().is_some_and(|extension| extension == "new");
    files_below(folder)
        .iter()
        .filter(|file| !file.ancestors().take_while(|part| *part != folder).any(is_new))
        .filter_map(|file| file.metadata().ok())
        .map(|about| about.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::line;
    use std::time::Duration;

    #[test]
    fn a_line_says_size_speed_and_time_left() {
        let text = line("Quick", 50_000_000, 100_000_000, 25_000_000, Duration::from_secs(5));
        assert_eq!(text, "Quick [##########..........] 50.0 MB of 100.0 MB, 5.0 MB/s, 10.0 s left");
    }
}
