//! Our client against the real transformers and diffusers behind Hugging Face's forms (`tests/servers`): every task's
//! answers, refusals and cancels, and what the Hub and the router tell. Ends with a table, and badly when anything
//! failed. Torch is large (6 GB), so that this is for a developer's bench alone: `cargo xtask bench transformers`.
//! `LIMERICK_TORCH_PYTHON` names a Python that has the packages of `tests/servers/transformers.txt` already.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

mod hub;
mod media;
mod questions;
mod texts;
mod trials;

use std::process::ExitCode;

use limerick_tasks::{self as tasks, Task};
use questions::Tried;
use serde_json::json;
use trials::{Bench, Outcome};

/// How a row of the table went: an outcome a column.
struct Row {
    name: &'static str,
    outcomes: Vec<Outcome>,
}

#[tokio::main]
async fn main() -> ExitCode {
    println!("Starting the server: torch is large, the first time takes minutes and 6 GB.");
    let bench = match Bench::start() {
        Ok(bench) => bench,
        Err(words) => {
            println!("{words}");
            return ExitCode::FAILURE;
        }
    };
    let mut rows = every_task(&bench).await;
    rows.extend(
        hub::NAMES
            .into_iter()
            .zip(hub::all(&bench).await)
            .map(|(name, outcome)| Row { name, outcomes: vec![outcome] }),
    );
    close(&bench, &rows)
}

async fn every_task(bench: &Bench) -> Vec<Row> {
    macro_rules! rows {
        ($($name:ident: $task:ident;)+) => { vec![$(Box::pin(row::<tasks::$task>(bench)).await),+] };
    }
    tasks::for_each_task!(rows)
}

async fn row<T: Tried>(bench: &Bench) -> Row {
    println!("{} …", T::NAME);
    let outcomes = vec![bench.answers::<T>().await, bench.refusals::<T>().await, bench.leaving::<T>().await];
    Row { name: <T as Task>::NAME, outcomes }
}

/// Prints the table, what failed, and the figures.
fn close(bench: &Bench, rows: &[Row]) -> ExitCode {
    println!("\n| task | answers | refusals | cancels |\n|---|---|---|---|");
    for Row { name, outcomes } in rows {
        let words = |at: usize| match outcomes.get(at) {
            Some(Ok(())) => "ok",
            Some(Err(_)) => "FAILED",
            None => "",
        };
        println!("| {name} | {} | {} | {} |", words(0), words(1), words(2));
    }
    println!();
    let failed = rows.iter().flat_map(|row| row.outcomes.iter().map(move |outcome| (row.name, outcome)));
    let failed: Vec<_> = failed.filter_map(|(name, outcome)| Some((name, outcome.as_ref().err()?))).collect();
    for (name, words) in &failed {
        println!("{name}: {words}");
    }
    let count = rows.iter().map(|row| row.outcomes.len()).sum::<usize>();
    let note = format!("of {count}; {} models were seen while they loaded", bench.seen_loading());
    println!(
        "{}",
        json!({"name": "Real transformers: what went well", "value": count - failed.len(), "unit": "trials", "note": note})
    );
    let slowest = bench.slowest.lock().map(|slowest| slowest.as_secs_f64() * 1e3).unwrap_or_default();
    let note = "from cancelling a call to its end; 100 ms are promised";
    println!(
        "{}",
        json!({"name": "Real transformers: slowest cancel", "value": slowest, "unit": "ms", "note": note})
    );
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
