//! Who works inside the app on the ONNX Runtime: made when first needed, since its library may be fetched while the app
//! runs, and kept from then on.

use std::{sync::Mutex, time::Duration};

use limerick_engine::Models;
use limerick_labels::Labeller;
use limerick_painter::{Painter, PainterOptions as Options};
use limerick_tasks::{Error, ErrorCode, Result};
use limerick_voice::Speaker;

use crate::playground::lock;

/// How long a model stays in memory unused: as long as the built-in language models.
const IDLE: Duration = Duration::from_secs(5 * 60);
/// The same where it works behind what the person does.
const IDLE_BEHIND: Duration = Duration::from_secs(30);

/// Who is on call; a handle that can be cloned.
pub(crate) trait Worker: Clone {
    fn new(options: Options) -> Self;
    fn unload(&self) -> impl Future<Output = ()> + Send;
}

impl Worker for Speaker {
    fn new(options: Options) -> Self {
        Self::new(options)
    }

    async fn unload(&self) {
        self.unload().await;
    }
}

impl Worker for Labeller {
    fn new(options: Options) -> Self {
        Self::new(options)
    }

    async fn unload(&self) {
        self.unload().await;
    }
}

impl Worker for Painter {
    fn new(options: Options) -> Self {
        Self::new(options)
    }

    async fn unload(&self) {
        self.unload().await;
    }
}

/// One who is made when first needed.
pub(crate) struct OnCall<W> {
    made: Mutex<Option<W>>,
    /// What people know it as: “the built-in voice”.
    name: &'static str,
    threads: Option<usize>,
    idle: Duration,
}

impl<W: Worker> OnCall<W> {
    /// One who works while the person waits.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { made: Mutex::default(), name, threads: None, idle: IDLE }
    }

    /// One who works behind what the person does, on one thread.
    pub(crate) fn behind(name: &'static str) -> Self {
        Self { threads: Some(1), idle: IDLE_BEHIND, ..Self::new(name) }
    }

    /// The one.
    ///
    /// # Errors
    /// `Model` where the library is not here.
    pub(crate) fn get(&self, models: &Models) -> Result<W> {
        let mut made = lock(&self.made);
        if let Some(worker) = &*made {
            return Ok(worker.clone());
        }
        let library = models.library().ok_or_else(|| no_library(self.name))?;
        let options = Options { library, threads: self.threads, idle: self.idle };
        Ok(made.insert(W::new(options)).clone())
    }

    /// Frees the memory of what is loaded.
    pub(crate) async fn unload(&self) {
        let made = lock(&self.made).clone();
        if let Some(worker) = made {
            worker.unload().await;
        }
    }
}

fn no_library(name: &str) -> Error {
    let message = format!("The library for {name} is not on this machine. Install Limerick again.");
    Error::new(ErrorCode::Model, message)
}
