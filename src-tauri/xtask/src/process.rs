//! Starting other programs, and saying plainly when one fails.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::Outcome;

/// Runs a command to its end; its words go to the terminal.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = status(command)?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status}).", line_of(command))) }
}

/// Runs a command to its end and gives back how it ended.
pub(crate) fn status(command: &mut Command) -> Outcome<ExitStatus> {
    command.status().map_err(|error| format!("`{}` could not be started: {error}.", name_of(command)))
}

/// What a command prints, or nothing where it is missing or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command quietly; where it fails, its own words are in the error.
pub(crate) fn quietly(command: &mut Command) -> Outcome {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{}` could not be started: {error}.", name_of(command)))?;
    if output.status.success() {
        return Ok(());
    }
    let words = [output.stdout, output.stderr].concat();
    Err(format!(
        "`{}` failed ({}):\n{}",
        line_of(command),
        output.status,
        String::from_utf8_lossy(&words).trim()
    ))
}

/// Whether a program can be found.
pub(crate) fn exists(name: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path)
        .any(|folder| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)).is_file())
}

/// `npm` in a folder (on Windows it is a script with another name).
pub(crate) fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// A command that yields to everything else on the machine.
pub(crate) fn gently(program: &std::ffi::OsStr) -> Command {
    if cfg!(unix) && exists("nice") {
        let mut command = Command::new("nice");
        command.args(["-n", "15"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn name_of(command: &Command) -> String {
    Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn line_of(command: &Command) -> String {
    let mut line = name_of(command);
    for argument in command.get_args().take(6) {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}
