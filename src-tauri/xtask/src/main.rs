//! `cargo xtask …`: sets a machine up, then runs, checks, pictures, measures and packs Limerick.
//! It never depends on the app's crates, so that it builds in seconds on an empty machine.
#![expect(clippy::print_stdout, reason = "talking to the person at the terminal is what this program does")]

mod bench;
mod build;
mod display;
mod house;
mod models;
mod process;
mod say;
mod stamp;
mod start;
mod system;
mod test;
mod tools;

use std::process::ExitCode;

use crate::house::House;

/// What a step gives back: a value, or one plain sentence about what went wrong and what to do.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask <command>

  run [--small] [-- ARGS]   set this machine up, build the app and open it
  build [--small]           the same without opening it
  models [--small]          fetch and check the built-in models (--small: all but the large one)
  test [--quick]            every check; --quick is the inner loop, without the window
  tour                      walk through the real app and write the README's pictures
  bench [NAME]              measure, and print one table
  bindings                  write the TypeScript that is generated from Rust
  icons                     draw every icon size from icons/limerick.svg
  package                   build the release and pack it as a .deb
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(words) => {
            println!("\n{words}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command. A command that was not understood prints the usage and exits with 2.
fn dispatch(arguments: &[String]) -> Outcome<ExitCode> {
    let (own, rest) = split_at_dashes(arguments);
    let flag = |name: &str| own.iter().any(|argument| argument == name);
    let house = House::find()?;
    let small = flag("--small");
    match own.first().map(String::as_str) {
        Some("run") => return start::run(&house, small, rest),
        Some("build") => start::prepare(&house, small)?,
        Some("models") => models::fetch(&house, small, say::Style::of_this_terminal())?,
        Some("test") => return Ok(test::run(&house, flag("--quick"))),
        Some("tour") => start::tour(&house)?,
        Some("bench") => bench::run(&house, own.get(1).map(String::as_str))?,
        Some("bindings") => build::bindings(&house)?,
        Some("icons") => build::icons(&house)?,
        Some("package") => build::package(&house)?,
        _ => {
            println!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What stands before `--` is ours, what stands after it is the app's.
fn split_at_dashes(arguments: &[String]) -> (&[String], &[String]) {
    match arguments.iter().position(|argument| argument == "--") {
        Some(place) => (&arguments[..place], &arguments[place + 1..]),
        None => (arguments, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::split_at_dashes;

    #[test]
    fn what_follows_the_dashes_belongs_to_the_app() {
        let words: Vec<String> = ["run", "--small", "--", "--data", "x"].map(String::from).to_vec();
        let (own, rest) = split_at_dashes(&words);
        assert_eq!(own, ["run", "--small"]);
        assert_eq!(rest, ["--data", "x"]);
    }
}
