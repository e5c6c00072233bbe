//! The fronts that the tests use: one without settings, keys or a window, and the command line.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use limerick_playground::{Folders, Host, KeyStorage, Playground, RunEvent, StartRun, commands::Id};
use limerick_tasks::{Result, Status};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::engine;

/// Forgets what it is given.
struct Bare;

impl Host for Bare {
    fn load_settings(&self) -> Result<Map<String, Value>> {
        Ok(Map::new())
    }

    fn save_settings(&self, _: &Map<String, Value>) -> Result<()> {
        Ok(())
    }

    fn key_storage(&self) -> KeyStorage {
        KeyStorage::Memory
    }

    fn read_key(&self, _: &str) -> Result<Option<(SecretString, KeyStorage)>> {
        Ok(None)
    }

    fn write_key(&self, _: &str, _: &SecretString, _: bool) -> Result<KeyStorage> {
        Ok(KeyStorage::Memory)
    }

    fn forget_key(&self, _: &str) -> Result<()> {
        Ok(())
    }
}

/// A playground whose data and models lie below `folder`.
///
/// # Errors
/// As [`Playground::open`].
pub fn try_open(folder: &Path) -> Result<Playground> {
    let folders = Folders { data: folder.join("data"), models: folder.join("models") };
    Playground::open(folders, Arc::new(Bare))
}

/// As [`try_open`], where nothing can go wrong.
pub fn open(folder: &Path) -> Playground {
    try_open(folder).unwrap()
}

/// As [`open`], with the built-in models of this machine.
pub fn open_with_models(folder: &Path) -> Playground {
    let folders = Folders { data: folder.join("data"), models: engine::folder() };
    Playground::open(folders, Arc::new(Bare)).unwrap()
}

/// Runs to the end; `at` sees each event as it comes.
pub async fn run(
    playground: &Playground,
    start: StartRun,
    at: impl Fn(&RunEvent) + Send + Sync + 'static,
) -> Vec<RunEvent> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = events.clone();
    let told = playground.start_run(start, move |event| {
        at(&event);
        heard.lock().unwrap().push(event);
    });
    told.await.unwrap();
    Arc::into_inner(events).unwrap().into_inner().unwrap()
}

/// Runs, and stops it at the first event that is `the_one`; its events, and the time from the stop to its end.
pub async fn stopped_at(
    playground: &Playground,
    start: StartRun,
    the_one: impl Fn(&RunEvent) -> bool + Send + Sync + 'static,
) -> (Vec<RunEvent>, Duration) {
    let (id, stopper) = (start.id.clone(), playground.clone());
    let stopped = Arc::new(Mutex::new(None));
    let when = stopped.clone();
    let events = run(playground, start, move |event| {
        if the_one(event) && when.lock().unwrap().is_none() {
            *when.lock().unwrap() = Some(Instant::now());
            let (stopper, id) = (stopper.clone(), id.clone());
            tokio::spawn(async move { stopper.stop_run(Id { id }).await });
        }
    })
    .await;
    let took = stopped.lock().unwrap().unwrap().elapsed();
    (events, took)
}

/// Whether a step of many is told.
pub fn is_a_step(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Status { status: Status::Step { .. } })
}

/// The command line's program, as cargo builds it beside the tests.
pub fn limerick() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().unwrap().parent().unwrap().join("limerick");
    assert!(program.is_file(), "These tests drive limerick: run `cargo build --package limerick-cli` first.");
    program
}
