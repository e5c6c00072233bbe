//! Limerick's window. Everything it shows comes from the playground; everything here belongs to this machine:
//! the window, the settings file, the keychain, the clipboard, links and the log.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod app;
mod commands;
mod dropped;
mod files;
mod granted;
mod keychain;
mod links;
mod log;
mod media;
mod ready;
#[cfg(target_os = "linux")]
mod renderer;
mod settings;
mod sound;
mod window;

use std::{
    io::{Write, stderr},
    process::ExitCode,
};

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    renderer::choose();
    match app::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the window did not open: {error}");
            let _ = writeln!(stderr(), "Limerick could not open its window: {error}");
            ExitCode::FAILURE
        }
    }
}
