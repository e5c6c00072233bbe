//! A display where the machine has none: Xvfb, and a session bus beside it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::{Outcome, process};

/// The display that the window opens on. An own one ends with this value.
pub(crate) struct Display {
    own: Option<(Child, String)>,
}

impl Display {
    /// The person's display, or an own one where there is none.
    pub(crate) fn open() -> Outcome<Self> {
        if is_there() {
            return Ok(Self { own: None });
        }
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1200x800x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("Xvfb could not be started: {error}."))?;
        let mut number = String::new();
        if let Some(out) = server.stdout.take() {
            let _ = BufReader::new(out).read_line(&mut number);
        }
        let name = format!(":{}", number.trim());
        let display = Self { own: Some((server, name)) };
        if number.trim().is_empty() { Err("Xvfb did not open a display.".to_owned()) } else { Ok(display) }
    }

    /// The name of an own display, such as `:99`.
    pub(crate) fn name(&self) -> Option<&str> {
        self.own.as_ref().map(|(_, name)| name.as_str())
    }

    /// A command whose windows open here. Beside an own display stands an own session bus.
    pub(crate) fn command(&self, program: &OsStr) -> Command {
        let Some(name) = self.name() else { return Command::new(program) };
        let mut command = Command::new(program);
        if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() && process::exists("dbus-run-session") {
            command = Command::new("dbus-run-session");
            command.arg("--").arg(program);
        }
        command.env("DISPLAY", name).env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
        command
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some((server, _)) = &mut self.own {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// Whether the person has a display.
pub(crate) fn is_there() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
