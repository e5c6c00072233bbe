//! The queue: runs that wait for their turn, stored like every other run, so that they outlive a crash.

use limerick_tasks::{Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Playground, RunSummary, commands::{Ids, Nothing}};

/// The queue as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Queue {
    /// Runs of the queue that are under way.
    pub running: Vec<RunSummary>,
    /// Runs that wait, the next one first.
    pub waiting: Vec<RunSummary>,
    /// Whether none is started by itself: so it is after a start of the app, until the person says go on.
    pub paused: bool,
}

/// Whether the queue rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PauseQueue {
    /// `true` starts no more runs; those under way go on.
    pub paused: bool,
}

/// Gives a waiting run another place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoveRun {
    /// The run.
    pub id: String,
    /// The waiting run that it goes before; `None` puts it last.
    #[serde(default)]
    #[ts(optional)]
    pub before: Option<String>,
}

impl Playground {
    /// The queue as it stands; takes up what waited in an app that is gone.
    pub async fn queue(&self, _: Nothing) -> Result<Queue> {
        Err(Error::internal("read the queue", "not built"))
    }

    /// Lets the queue rest or go on.
    pub async fn pause_queue(&self, _: PauseQueue) -> Result<Queue> {
        Err(Error::internal("read the queue", "not built"))
    }

    /// Gives a waiting run another place.
    pub async fn move_run(&self, _: MoveRun) -> Result<Queue> {
        Err(Error::internal("read the queue", "not built"))
    }

    /// Stops several runs, waiting or under way. Never an error.
    pub async fn stop_runs(&self, _: Ids) -> Result<Nothing> {
        Err(Error::internal("read the queue", "not built"))
    }
}
