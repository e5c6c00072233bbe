//! The ONNX Runtime: a library that is loaded when a voice is first used, and sessions that run a model with it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use limerick_tasks::{Error, ErrorCode, Result};
use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::session::{RunOptions, Session, SessionInputValue};
use tokio_util::sync::CancellationToken;

/// The library can be set up once in a process, and stays until its end.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// The runtime, from the library at `path`; a path that comes after the first one is not looked at any more.
///
/// # Errors
/// `Internal` where there is no such library, or one that is older than 1.17.
pub(crate) fn environment(path: &Path) -> Result<Environment> {
    let mut set_up = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*set_up {
        return Ok(environment.clone());
    }
    let refused = |cause: &dyn std::fmt::Display| {
        let message = "The speech library could not be loaded; install Limerick again.";
        Error::new(ErrorCode::Internal, message).with_detail(cause)
    };
    if !path.is_file() {
        return Err(refused(&format!("{} is not there", path.display())));
    }
    let builder = ort::init_from(path).map_err(|cause| refused(&cause))?;
    let environment = builder.with_telemetry(false).build().map_err(|cause| refused(&cause))?;
    // What goes wrong comes back as an error; the rest is of no use on a terminal.
    environment.set_log_level(LogLevel::Fatal);
    Ok(set_up.insert(environment).clone())
}

/// A loaded model.
pub(crate) struct Model {
    session: Session,
}

impl Model {
    /// Loads a model that computes with `threads` threads.
    ///
    /// # Errors
    /// `Model` where the file cannot be used.
    pub(crate) fn load(environment: &Environment, path: &Path, threads: usize) -> Result<Self> {
        let loaded = prepare(environment, threads).and_then(|mut builder| builder.commit_from_file(path));
        let session = loaded.map_err(|cause| {
            let message = "The voice's file cannot be used; fetch it again or take another.";
            Error::new(ErrorCode::Model, message).with_detail(cause)
        })?;
        Ok(Self { session })
    }

    /// Whether the model wants an input of this name.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.session.inputs().iter().any(|input| input.name() == name)
    }

    /// Computes; the first output's numbers, or nothing when it was stopped.
    pub(crate) fn run(
        &mut self,
        inputs: Vec<(&'static str, SessionInputValue<'_>)>,
        stop: &Stop,
    ) -> Result<Option<Vec<f32>>> {
        let refused = |cause: ort::Error| Error::internal("speak this sentence", cause);
        let options = Arc::new(RunOptions::new().map_err(refused)?);
        let _running = stop.running(&options);
        if stop.is_stopped() {
            return Ok(None);
        }
        match self.session.run_with_options(inputs, &options) {
            Ok(outputs) => {
                let first = outputs.values().next();
                let first = first.ok_or_else(|| Error::internal("speak this sentence", "no output"))?;
                Ok(Some(first.try_extract_tensor::<f32>().map_err(refused)?.1.to_vec()))
            }
            Err(_) if stop.is_stopped() => Ok(None),
            Err(cause) => Err(refused(cause)),
        }
    }
}

/// How a model is run.
///
/// The last level of optimisation is 1.3 times as quick and must not be used: with it a sentence among forty had
/// samples that are not finite (Kokoro in half precision), and it costs 190 MB (616 instead of 428 at the peak). Without the
/// arena the peak is 1.1 GB; threads that spin while they wait cost a third more time of the processor and bring
/// nothing where other work runs beside.
fn prepare(environment: &Environment, threads: usize) -> ort::Result<SessionBuilder> {
    let builder = Session::builder(environment)?
        .with_intra_threads(threads)?
        .with_intra_op_spinning(false)?
        .with_optimization_level(GraphOptimizationLevel::Level2)?
        // Sentences differ in length: a plan of the memory for one does not fit the next.
        .with_memory_pattern(false)?;
    Ok(builder)
}

/// How one job is stopped, in the midst of a computation too.
#[derive(Default)]
pub(crate) struct Stop {
    token: CancellationToken,
    running: Mutex<Option<Arc<RunOptions>>>,
}

impl Stop {
    /// Stops the job, and what it computes at this moment.
    pub(crate) fn stop(&self) {
        self.token.cancel();
        if let Some(options) = &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            // A computation that does not hear it ends with its sentence.
            let _ = options.terminate();
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until the job is stopped.
    pub(crate) async fn stopped(&self) {
        self.token.cancelled().await;
    }

    fn running(&self, options: &Arc<RunOptions>) -> Running<'_> {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(options));
        Running(self)
    }
}

/// A computation that can be stopped, until this is dropped.
struct Running<'a>(&'a Stop);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
