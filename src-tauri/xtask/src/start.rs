//! `run`, `build` and `tour`: from a fresh clone to an open window.

use std::process::{Command, ExitCode};
use std::thread;
use std::time::Instant;

use crate::display::{self, Display};
use crate::house::House;
use crate::say::Style;
use crate::{Outcome, build, models, process, say, system};

/// Prepares everything and opens the app; ends when its window is closed.
pub(crate) fn run(house: &House, small: bool, arguments: &[String]) -> Outcome<ExitCode> {
    prepare(house, small)?;
    let display = Display::open()?;
    say::heading("Limerick");
    if let Some(name) = display.name() {
        say::note(&format!(
            "This machine has no display, so the window opens on a virtual one, {name}. To look:"
        ));
        println!("     import -display {name} -window root limerick.png");
        println!("     x11vnc -display {name} -localhost   (and a VNC viewer)");
        say::note("Ctrl+C closes it.");
    }
    let mut app = display.command(house.program("debug", "limerick-desktop").as_os_str());
    house.dress(&mut app);
    let status = process::status(app.args(arguments))?;
    Ok(status.code().map_or(ExitCode::FAILURE, |code| ExitCode::from(u8::try_from(code).unwrap_or(1))))
}

/// Everything up to a program that can be started. The models come while the compiler works.
pub(crate) fn prepare(house: &House, small: bool) -> Outcome {
    let started = Instant::now();
    system::ensure(!display::is_there())?;
    thread::scope(|scope| {
        let fetching = scope.spawn(|| models::fetch(house, small, Style::Lines));
        let building = page_and_programs(house);
        let fetched = fetching.join().unwrap_or_else(|_| Err("Fetching the models broke off.".to_owned()));
        building.and(fetched)
    })?;
    say::note(&format!("Ready after {}.", say::duration(started.elapsed())));
    Ok(())
}

fn page_and_programs(house: &House) -> Outcome {
    say::heading("Page");
    build::npm_ci(&house.ui())?;
    build::page(house)?;
    say::heading("Programs");
    if !house.program("debug", "limerick-desktop").exists() {
        say::note("The first build compiles llama.cpp and the window: 10 to 20 minutes on two cores.");
    }
    build::programs(house)
}

/// Walks through the real app on a fresh data folder and writes the pictures of the README.
pub(crate) fn tour(house: &House) -> Outcome {
    system::ensure(true)?;
    prepare(house, false)?;
    say::heading("Tour");
    build::npm_ci(&house.e2e())?;
    process::run(script(house, "debug").arg("tour.mjs"))?;
    say::note("The pictures are in tests/tour/pictures.");
    Ok(())
}

/// `node`, in the folder of the end-to-end tests, knowing where the programs are.
/// `profile` is `debug` or `release`. The scripts open a display and a session bus of their own.
pub(crate) fn script(house: &House, profile: &str) -> Command {
    let mut node = Command::new("node");
    house.dress(&mut node);
    node.current_dir(house.e2e())
        .env("LIMERICK_APP", house.program(profile, "limerick-desktop"))
        .env("LIMERICK_CLI", house.program(profile, "limerick"))
        .env("LIMERICK_VENV", house.cache.join("venv"))
        .env("LIMERICK_PICTURES", house.root.join("tests/tour/pictures"));
    node
}
