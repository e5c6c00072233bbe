//! `cargo xtask bench`: runs the measurements and prints one table, with the machine that it came from.
//!
//! A measurement prints JSON lines `{"name": "…", "value": 1.5, "unit": "ms", "note": "…"}`;
//! every other line of it goes to the terminal as it is.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::house::House;
use crate::say::Style;
use crate::{Outcome, build, models, process, say, start, system};

/// How a measurement is started.
enum How {
    /// A Rust example of the workspace.
    Example(&'static str),
    /// A script of `tests/bench`, which drives the released programs.
    Script(&'static str),
    /// The sizes of what `cargo xtask package` made.
    Package,
}

/// One row a measurement: a name to ask for, and how it is started.
const BENCHES: [(&str, How); 6] = [
    ("engine", How::Example("engine_bench")),
    ("client", How::Script("client.mjs")),
    ("window", How::Script("markdown.mjs")),
    ("start", How::Script("start.mjs")),
    ("memory", How::Script("memory.mjs")),
    ("package", How::Package),
];

/// One line of the table.
#[derive(Deserialize)]
struct Figure {
    name: String,
    value: f64,
    unit: String,
    #[serde(default)]
    note: String,
}

/// Runs one measurement, or all of them, on the release build, which is what people get.
pub(crate) fn run(house: &House, only: Option<&str>) -> Outcome {
    let chosen = || BENCHES.iter().filter(|(name, _)| only.is_none_or(|only| only == *name));
    if chosen().next().is_none() {
        let names = BENCHES.map(|(name, _)| name).join(", ");
        return Err(format!("There is no such measurement. There are: {names}."));
    }
    system::ensure(true)?;
    models::fetch(house, false, Style::of_this_terminal())?;
    build::npm_ci(&house.e2e())?;
    build::package(house)?;
    let (mut figures, mut failures) = (Vec::new(), Vec::new());
    for (name, how) in chosen() {
        say::heading(&format!("Measuring: {name}"));
        match measure(house, how) {
            Ok(rows) => figures.extend(rows),
            Err(words) => failures.push(format!("{name}: {words}")),
        }
    }
    say::heading("Figures");
    print!("{}", table(&figures));
    println!("\nMeasured on {}.", machine());
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn measure(house: &House, how: &How) -> Outcome<Vec<Figure>> {
    match how {
        How::Example(name) => {
            let words = ["build", "--release", "--example", name];
            process::run(house.cargo().args(words).args(build::SELECTION))?;
            let mut example = Command::new(house.program("release/examples", name));
            house.dress(&mut example);
            figures_of(&mut example)
        }
        How::Script(name) => {
            figures_of(start::script(house, "release").arg(house.root.join("tests/bench").join(name)))
        }
        How::Package => {
            let figure = |(name, bytes)| Figure {
                name,
                #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
                value: bytes as f64 / 1e6,
                unit: "MB".to_owned(),
                note: "release profile".to_owned(),
            };
            Ok(build::sizes(house).into_iter().map(figure).collect())
        }
    }
}

/// Runs a measurement; its figures are kept and its other words shown.
fn figures_of(command: &mut Command) -> Outcome<Vec<Figure>> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("The measurement could not be started: {error}."))?;
    let mut figures = Vec::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            match serde_json::from_str::<Figure>(&line) {
                Ok(figure) => figures.push(figure),
                Err(_) => println!("{line}"),
            }
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(figures) } else { Err(format!("The measurement failed ({status}).")) }
}

/// A markdown table, ready for the README.
fn table(figures: &[Figure]) -> String {
    let mut text = String::from("| what | figure | how |\n|---|---:|---|\n");
    for Figure { name, value, unit, note } in figures {
        let value = if *value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") };
        let _ = writeln!(text, "| {name} | {value} {unit} | {note} |");
    }
    text
}

/// Processor, cores, memory and system, as far as this system tells.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let field = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line[name.len()..].trim_matches([' ', '\t', ':', '=', '"']).to_owned())
    };
    let kilobytes =
        field("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    let parts = [
        field("/proc/cpuinfo", "model name"),
        Some(format!("{cores} cores")),
        kilobytes.map(|count| format!("{} of memory", say::size(count * 1024))),
        field("/etc/os-release", "PRETTY_NAME").or_else(|| Some(std::env::consts::OS.to_owned())),
        process::output(Command::new("rustc").arg("--version")).map(|text| text.chars().take(12).collect()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Figure, table};

    #[test]
    fn the_table_is_markdown() {
        let figure =
            Figure { name: "decode".into(), value: 43.218, unit: "tok/s".into(), note: "2 threads".into() };
        assert_eq!(table(&[figure]).lines().last(), Some("| decode | 43.22 tok/s | 2 threads |"));
    }
}
