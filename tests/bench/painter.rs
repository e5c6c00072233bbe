//! The built-in painter against torch: the same networks, steps, guidance and threads, in one run.
//! Prints a JSON line a figure, for `cargo xtask bench painter`. Rounds alternate, so that what else the machine does
//! meets both alike; figures are medians. Ours shows the picture eight times on the way, torch once at the end.
//! Torch is large, so that this is for a developer's bench alone.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use limerick_painter::{Asked, Canvas, Painter};
use limerick_tasks::Ending;
use limerick_tests::measure::{Reference, median, threads};
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
    for threads in threads() {
        measure(threads).await?;
    }
    Ok(())
}

async fn measure(threads: usize) -> Outcome {
    let (painter, mut torch) = (painter(Some(threads), Duration::from_secs(60)), torch(threads)?);
    let asked = json!({ "steps": STEPS, "guidance": 4, "pieces": PIECES });
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        println!("   {threads} thread(s), round {round} of {ROUNDS}");
        ours.push(paint(&painter).await?);
        theirs.push(torch.ask(&asked)?.parse()?);
    }
    // The first round loaded the models.
    let (ours, theirs) = (median(ours.split_off(1)), median(theirs.split_off(1)));
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

/// The reference, which answers with the seconds of a picture.
fn torch(threads: usize) -> Outcome<Reference> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let started = Reference::start(
        Command::new(python())
            .arg(tests.join("bench/painter.py"))
            .arg(tests.join("../src-tauri/crates/engine/painter"))
            .arg(threads.to_string())
            .env("PYTHONDONTWRITEBYTECODE", "1"),
    );
    Ok(started?)
}
