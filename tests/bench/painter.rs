//! The built-in painter against torch: the same networks, steps, guidance and threads, in one run.
//! Prints a JSON line a figure, for `cargo xtask bench painter`. Rounds alternate, so that what else the machine does
//! meets both alike; figures are medians. Ours shows the picture eight times on the way, torch once at the end.
//! Torch is large, so that this is for a developer's bench alone.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::error::Error;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use limerick_painter::{Asked, Canvas, Painter};
use limerick_tasks::Ending;
use limerick_tests::painter::{painter, painter_files};
use limerick_tests::transformers::python;
use serde_json::json;
use tokio_util::sync::CancellationToken;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 7;
const STEPS: u32 = 30;
/// Pieces of words in “a red apple”, the marks of start and end among them.
const PIECES: usize = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let all = std::thread::available_parallelism()?.get().min(4);
    for threads in if all > 1 { vec![1, all] } else { vec![1] } {
        measure(threads).await?;
    }
    Ok(())
}

async fn measure(threads: usize) -> Outcome {
    let (painter, mut torch) = (painter(Some(threads), Duration::from_secs(60)), Python::start(threads)?);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        println!("   {threads} thread(s), round {round} of {ROUNDS}");
        ours.push(paint(&painter).await?);
        theirs.push(torch.paint()?);
    }
    // The first round loaded the models.
    let middle = |mut seconds: Vec<f64>| {
        seconds.remove(0);
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    };
    let (ours, theirs) = (middle(ours), middle(theirs));
    let name = format!("painter: a picture of {STEPS} steps, {threads} thread(s)");
    let note = format!("torch {theirs:.2}; {:.2} times as quick; medians of {ROUNDS}", theirs / ours);
    println!("{}", json!({ "name": name, "value": ours, "unit": "s", "note": note }));
    painter.unload().await;
    Ok(())
}

/// The seconds of a picture.
async fn paint(painter: &Painter) -> Outcome<f64> {
    let (words, canvas) = (vec![0.1; PIECES * 384], Canvas::TRAINED);
    let asked = Asked { against: words.clone(), words, seed: 1, steps: STEPS, guidance: 4.0, canvas };
    let started = Instant::now();
    match painter.paint(painter_files(), asked, &CancellationToken::new(), &mut |_| {}).await? {
        Ending::Done(_) => Ok(started.elapsed().as_secs_f64()),
        Ending::Cancelled => Err("It was cancelled.".into()),
    }
}

/// The reference; ends when dropped.
struct Python {
    child: Child,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Python {
    fn start(threads: usize) -> Outcome<Self> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new(python())
            .arg(tests.join("bench/painter.py"))
            .arg(tests.join("../src-tauri/crates/engine/painter"))
            .arg(threads.to_string())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asks = child.stdin.take().ok_or("Python takes nothing.")?;
        let answers = BufReader::new(child.stdout.take().ok_or("Python says nothing.")?).lines();
        let mut python = Self { child, asks, answers };
        python.line()?;
        Ok(python)
    }

    /// The seconds of a picture.
    fn paint(&mut self) -> Outcome<f64> {
        writeln!(self.asks, "{}", json!({ "steps": STEPS, "guidance": 4, "pieces": PIECES }))?;
        Ok(self.line()?.parse()?)
    }

    fn line(&mut self) -> Outcome<String> {
        Ok(self.answers.next().ok_or("Python ended.")??)
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
