//! `cargo xtask bench`: runs the measurements and ends with the README's table and the machine that it came from.
//!
//! A measurement prints JSON lines `{"name": "…", "value": 1.5, "unit": "ms", "note": "…"}`;
//! every other line of it goes to the terminal as it is.

use std::cell::OnceCell;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde::Deserialize;

use crate::house::House;
use crate::say::Style;
use crate::{Outcome, build, models, process, say, start, system};

/// What a measurement drives, and with it what it needs. Programs are released ones, which is what people get.
enum How {
    /// A Rust example of the workspace, on the built-in models.
    Example(&'static str),
    /// A Rust example beside the official clients of `tests/code`.
    Clients(&'static str),
    /// A Rust example against real models in Python. Torch is large, so that it runs only when it is named.
    Torch(&'static str),
    /// A Rust example that needs nothing else.
    Alone(&'static str),
    /// A script of `tests/bench` that drives the programs.
    Programs(&'static str),
    /// A script of `tests/bench` that drives the page alone.
    Page(&'static str),
    /// The sizes of the programs and of the package.
    Package,
}

/// One row a measurement: a name to ask for, and what it drives.
type Part = (&'static str, How);

static PARTS: [Part; 15] = [
    ("engine", How::Example("engine_bench")),
    ("voice", How::Example("voice_bench")),
    ("labels", How::Example("labels_bench")),
    ("painter", How::Torch("painter_bench")),
    ("client", How::Programs("client.mjs")),
    ("cost", How::Clients("cost_bench")),
    ("pictures", How::Alone("pictures_bench")),
    ("sound", How::Alone("sound_bench")),
    ("window", How::Page("markdown.mjs")),
    ("start", How::Programs("start.mjs")),
    ("memory", How::Programs("memory.mjs")),
    ("gallery", How::Programs("gallery.mjs")),
    ("player", How::Programs("player.mjs")),
    ("package", How::Package),
    ("transformers", How::Torch("transformers_bench")),
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

impl Figure {
    /// The value, in as many digits as mean something.
    fn digits(&self) -> String {
        if self.value >= 100.0 { format!("{:.0}", self.value) } else { format!("{:.2}", self.value) }
    }
}

/// Runs one measurement, or all of them. One that fails costs its own figures alone.
pub(crate) fn run(house: &House, only: Option<&str>) -> Outcome {
    let chosen = choose(only)?;
    system::ensure(true)?;
    let released = OnceCell::new();
    let release = || released.get_or_init(|| build::release(house)).clone();
    let (mut figures, mut failures) = (Vec::new(), Vec::new());
    for (at, (name, how)) in chosen.iter().enumerate() {
        let title = format!("Measuring: {name} ({} of {})", at + 1, chosen.len());
        let measured =
            prepare(house, how, release).and_then(|()| timed(&title, || measure(house, how, &mut figures)));
        if let Err(words) = measured {
            say::note(&words);
            failures.push(format!("{name}: {words}"));
        }
    }
    say::heading("Figures");
    println!("\nMeasured on {}.\n\n{}", machine(), table(&figures));
    if failures.is_empty() { Ok(()) } else { Err(format!("Not measured:\n{}", failures.join("\n"))) }
}

/// The measurement of this name, or all that need nothing unusual.
fn choose(only: Option<&str>) -> Outcome<Vec<&'static Part>> {
    let wanted = |(name, how): &&Part| match only {
        Some(only) => only == *name,
        None => !matches!(how, How::Torch(_)),
    };
    let chosen: Vec<_> = PARTS.iter().filter(wanted).collect();
    if chosen.is_empty() {
        let names = PARTS.each_ref().map(|(name, _)| *name).join(", ");
        return Err(format!("There is no such measurement. There are: {names}."));
    }
    Ok(chosen)
}

/// Builds and fetches what a measurement needs; `release` builds the programs, once for all of them.
fn prepare(house: &House, how: &How, release: impl Fn() -> Outcome) -> Outcome {
    match how {
        How::Example(name) => {
            models::fetch(house, false, Style::of_this_terminal())?;
            build::example(house, name)
        }
        How::Clients(name) => {
            build::npm_ci(&house.root.join("tests/code"))?;
            build::example(house, name)
        }
        How::Torch(name) => {
            models::fetch(house, true, Style::of_this_terminal())?;
            build::example(house, name)
        }
        How::Alone(name) => build::example(house, name),
        How::Programs(_) => {
            models::fetch(house, true, Style::of_this_terminal())?;
            build::npm_ci(&house.e2e())?;
            release()
        }
        How::Page(_) => build::npm_ci(&house.ui()).and_then(|()| build::npm_ci(&house.e2e())),
        How::Package => release().and_then(|()| build::bundle(house)),
    }
}

/// Does something under its heading, and says how long it took.
fn timed(title: &str, work: impl FnOnce() -> Outcome) -> Outcome {
    say::heading(title);
    let started = Instant::now();
    let outcome = work();
    say::note(&format!("That took {}.", say::duration(started.elapsed())));
    outcome
}

fn measure(house: &House, how: &How, figures: &mut Vec<Figure>) -> Outcome {
    match how {
        How::Example(name) | How::Clients(name) | How::Torch(name) | How::Alone(name) => {
            let mut example = Command::new(house.program("release/examples", name));
            house.dress(&mut example);
            gather(example.env("LIMERICK_VENV", house.cache.join("venv")), figures)
        }
        How::Programs(name) | How::Page(name) => {
            let file = house.root.join("tests/bench").join(name);
            gather(start::script(house, "release").arg(file), figures)
        }
        How::Package => {
            figures.extend(build::sizes(house).into_iter().map(size_of));
            Ok(())
        }
    }
}

fn size_of((name, bytes): (String, u64)) -> Figure {
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    let value = bytes as f64 / 1e6;
    Figure { name, value, unit: "MB".to_owned(), note: "release profile".to_owned() }
}

/// Runs a measurement; its figures are kept as they come, also of one that fails later, and all is shown.
fn gather(command: &mut Command, figures: &mut Vec<Figure>) -> Outcome {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("The measurement could not be started: {error}."))?;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            match serde_json::from_str::<Figure>(&line) {
                Ok(figure) => {
                    let Figure { name, unit, note, .. } = &figure;
                    say::note(&format!("{name}: {} {unit} ({note})", figure.digits()));
                    figures.push(figure);
                }
                Err(_) => println!("{line}"),
            }
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("The measurement failed ({status}).")) }
}

/// A markdown table, ready for the README.
fn table(figures: &[Figure]) -> String {
    let mut text = String::from("| what | figure | how |\n|---|---:|---|\n");
    for figure in figures {
        let Figure { name, unit, note, .. } = figure;
        let _ = writeln!(text, "| {name} | {} {unit} | {note} |", figure.digits());
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
    use super::{Figure, PARTS, choose, table};

    #[test]
    fn the_table_is_markdown() {
        let figure =
            Figure { name: "decode".into(), value: 43.218, unit: "tok/s".into(), note: "2 threads".into() };
        assert_eq!(table(&[figure]).lines().last(), Some("| decode | 43.22 tok/s | 2 threads |"));
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        let one = |name| choose(Some(name)).map(|parts| parts.len());
        assert_eq!((one("window"), one("transformers")), (Ok(1), Ok(1)));
        assert_eq!(
            choose(None).map(|parts| parts.len()),
            Ok(PARTS.len() - 2),
            "torch is not asked of everybody"
        );
        assert!(one("windows").is_err_and(|words| words.contains("voice, labels, painter, client")));
    }

    #[cfg(unix)]
    #[test]
    fn a_measurement_that_fails_keeps_the_figures_it_gave() {
        let script = r#"echo 'a word'; echo '{"name": "first", "value": 1, "unit": "ms"}'; exit 3"#;
        let mut figures = Vec::new();
        let outcome = super::gather(std::process::Command::new("sh").args(["-c", script]), &mut figures);
        assert!(outcome.is_err());
        assert_eq!(figures.iter().map(|figure| figure.name.as_str()).collect::<Vec<_>>(), ["first"]);
    }
}
