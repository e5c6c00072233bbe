//! `cargo xtask test`: every check, one step after the other, and one line at the end.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use crate::build::SELECTION;
use crate::house::{House, files_below};
use crate::say::Style;
use crate::{Outcome, build, models, process, say, start, system, tools};

/// The steps that were done, and how each went.
#[derive(Default)]
struct Report {
    steps: Vec<(String, Duration, Outcome)>,
}

impl Report {
    /// Runs one step under its heading. A failure does not stop the others.
    fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome) -> bool {
        say::heading(name);
        let started = Instant::now();
        let result = work();
        let time = started.elapsed();
        let succeeded = result.is_ok();
        if let Err(words) = &result {
            say::note(words);
        }
        say::note(&format!("{} in {}", if succeeded { "passed" } else { "FAILED" }, say::duration(time)));
        self.steps.push((name.to_owned(), time, result));
        succeeded
    }

    /// The table, and the one line that everything comes down to.
    fn close(&self) -> ExitCode {
        say::heading("All steps");
        for (name, time, result) in &self.steps {
            let word = if result.is_ok() { "passed" } else { "FAILED" };
            println!("   {word}  {name} ({})", say::duration(*time));
        }
        let failed = self.steps.iter().filter(|(_, _, result)| result.is_err()).count();
        println!("\n{} passed, {failed} failed", self.steps.len() - failed);
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs the checks; `quick` is the inner loop, without a window and without the end-to-end tests.
pub(crate) fn run(house: &House, quick: bool) -> ExitCode {
    let mut report = Report::default();
    if report.step("Set-up", || set_up(house, quick)) {
        checks(house, quick, &mut report);
    }
    report.close()
}

fn set_up(house: &House, quick: bool) -> Outcome {
    system::ensure(!quick)?;
    say::heading("UI packages");
    build::npm_ci(&house.ui())?;
    // The tests' answers come from the quick model: no gigabyte is fetched for a check.
    models::fetch(house, true, Style::of_this_terminal())
}

fn checks(house: &House, quick: bool, report: &mut Report) {
    thread::scope(|scope| {
        let tools = (!quick).then(|| scope.spawn(|| tools::ensure(house)));
        let cargo = |words: &[&str]| process::run(house.cargo().args(words));
        report.step("Formatting", || cargo(&["fmt", "--all", "--check"]));
        report.step("UI: types and lints", || npm(house, "check"));
        report.step("UI: tests", || npm(house, "test"));
        let page = report.step("UI: build", || build::page(house));
        report.step("Clippy", || clippy(house));
        if quick {
            report.step("Rust: unit tests", || rust_tests(house, &["--lib", "--bins"]));
            return;
        }
        let built = report.step("Programs", || build::programs(house)) && page;
        report.step("Rust: tests", || {
            // Clippy has read the examples: linking each of them would only take time.
            rust_tests(house, &["--tests"])
                .and_then(|()| rust_tests(house, &["--doc"]))
                .and_then(|()| cargo(&["test", "--package", "xtask"]))
        });
        if let Some(tools) = tools {
            let there = tools.join().unwrap_or_else(|_| Err("Installing the tools broke off.".to_owned()));
            dependencies(house, &there, report);
        }
        report.step("End to end: the real window", || end_to_end(house, built));
    });
}

fn npm(house: &House, script: &str) -> Outcome {
    process::run(process::npm(&house.ui()).args(["run", "--silent", script]))
}

fn clippy(house: &House) -> Outcome {
    let with = |selection: &[&str]| {
        process::run(house.cargo().arg("clippy").args(selection).args([
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]))
    };
    with(&SELECTION).and_then(|()| with(&["--package", "xtask"]))
}

fn rust_tests(house: &House, targets: &[&str]) -> Outcome {
    process::run(house.cargo().args(["test", "--no-fail-fast"]).args(SELECTION).args(targets))
}

/// Licences, banned crates and sources; unused dependencies; and known weaknesses where the list of them can be had.
fn dependencies(house: &House, there: &Outcome, report: &mut Report) {
    let deny = |check: &[&str]| {
        there.clone()?;
        let mut command = Command::new(tools::path(house, "cargo-deny"));
        house.dress(&mut command);
        process::run(
            command
                .args(["--workspace", "--log-level", "error", "--config", ".deny.toml", "check"])
                .args(check),
        )
    };
    report.step("Dependencies: licences, bans, sources", || deny(&["bans", "licenses", "sources"]));
    report.step("Dependencies: all in use", || {
        there.clone()?;
        let mut command = Command::new(tools::path(house, "cargo-machete"));
        house.dress(&mut command);
        process::run(&mut command)
    });
    if advisories_can_be_had() {
        report.step("Dependencies: known weaknesses", || deny(&["advisories"]));
    } else {
        say::heading("Dependencies: known weaknesses");
        say::note("Left out: github.com, which keeps the list of them, cannot be reached from here.");
    }
}

fn advisories_can_be_had() -> bool {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "http.connectTimeout=5",
        "-c",
        "http.lowSpeedTime=5",
        "-c",
        "http.lowSpeedLimit=1",
        "ls-remote",
        "--heads",
    ]);
    process::output(git.arg("https://github.com/rustsec/advisory-db").env("GIT_TERMINAL_PROMPT", "0"))
        .is_some()
}

/// At most so many files of end-to-end tests are tried again: where more fail, it is not the machine.
const UNSTEADY: usize = 3;

/// Drives the real app in a real web view, one file of tests after the other.
///
/// What fails is tried once more and named: a machine that is held up loses sound or a key now and then, a defect
/// fails each time.
fn end_to_end(house: &House, built: bool) -> Outcome {
    if !cfg!(target_os = "linux") {
        say::note("Left out: the tests drive WebKitGTK, which is Linux's.");
        return Ok(());
    }
    if !built {
        return Err("The programs were not built, so there was nothing to drive.".to_owned());
    }
    let mut files = files_below(&house.e2e());
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    if files.is_empty() {
        return Err("No end-to-end test was found in tests/e2e.".to_owned());
    }
    build::npm_ci(&house.e2e())?;
    let words = ["--test", "--test-reporter=spec"];
    let fails = |file: &PathBuf| process::run(start::script(house, "debug").args(words).arg(file)).is_err();
    let failed: Vec<PathBuf> = files.into_iter().filter(&fails).collect();
    if failed.len() > UNSTEADY {
        return Err(format!("These failed: {}.", names(&failed)));
    }
    let (wrong, unsteady): (Vec<PathBuf>, Vec<PathBuf>) = failed.into_iter().partition(|file| {
        say::heading(&format!("Once more: {}", names(std::slice::from_ref(file))));
        fails(file)
    });
    if !unsteady.is_empty() {
        say::note(&format!("Unsteady, passed only when tried again: {}.", names(&unsteady)));
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("These failed twice: {}.", names(&wrong))) }
}

fn names(files: &[PathBuf]) -> String {
    let names = files.iter().filter_map(|file| file.file_name()).map(|name| name.to_string_lossy());
    names.collect::<Vec<_>>().join(", ")
}
