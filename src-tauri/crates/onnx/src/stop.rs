//! How one job is stopped, in the midst of a computation too.

use std::sync::{Arc, Mutex, PoisonError};

use ort::session::RunOptions;
use tokio_util::sync::CancellationToken;

/// How one job is stopped, in the midst of a computation too.
#[derive(Default)]
pub struct Stop {
    token: CancellationToken,
    running: Mutex<Option<Arc<RunOptions>>>,
}

impl Stop {
    /// Stops the job, and what it computes at this moment.
    pub fn stop(&self) {
        self.token.cancel();
        if let Some(options) = &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            // A computation that does not hear it ends by itself.
            let _ = options.terminate();
        }
    }

    /// Whether the job is stopped.
    pub fn is_stopped(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until the job is stopped.
    pub async fn stopped(&self) {
        self.token.cancelled().await;
    }

    pub(crate) fn running(&self, options: &Arc<RunOptions>) -> Running<'_> {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(options));
        Running(self)
    }
}

/// A computation that can be stopped, until this is dropped.
pub(crate) struct Running<'a>(&'a Stop);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
