//! What the measurements share: the reference in Python that ours stands beside, numbers of threads, medians.

use std::io::{BufRead, BufReader, Error, Lines, Result, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A program that answers each line that it is asked with one; ends when dropped.
pub struct Reference {
    child: Child,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Reference {
    /// Starts it, and waits for the line by which it says that it is ready.
    ///
    /// # Errors
    /// Where it cannot be started, or ends before that line.
    pub fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let asks = child.stdin.take().ok_or_else(|| Error::other("The reference takes nothing."))?;
        let answers = child.stdout.take().ok_or_else(|| Error::other("The reference says nothing."))?;
        let mut reference = Self { child, asks, answers: BufReader::new(answers).lines() };
        reference.line()?;
        Ok(reference)
    }

    /// Its answer, in its own words.
    ///
    /// # Errors
    /// Where it has ended.
    pub fn ask(&mut self, asked: &Value) -> Result<String> {
        writeln!(self.asks, "{asked}")?;
        self.line()
    }

    fn line(&mut self) -> Result<String> {
        self.answers.next().ok_or_else(|| Error::other("The reference ended."))?
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// With how many threads models are measured: with one, and with as many as the app gives them, where that is more.
pub fn threads() -> Vec<usize> {
    let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4);
    if all > 1 { vec![1, all] } else { vec![1] }
}

/// The one in the middle; of an even number, the larger of the two.
///
/// # Panics
/// Where there is none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
