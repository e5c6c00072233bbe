//! Brings a model from disk into memory, with progress, and with a plain word when that cannot be.

use std::path::PathBuf;
use std::sync::OnceLock;

use limerick_tasks::{Ending, Error, ErrorCode, Result, Status};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};

use crate::gguf::Gguf;
use crate::worker::{Event, Job};

/// A model in memory.
pub(crate) struct Loaded {
    pub(crate) model: LlamaModel,
    /// What the head says of chat templates.
    pub(crate) head: Gguf,
    pub(crate) name: String,
    /// What lets it see, where it was loaded to look at something.
    pub(crate) projector: Option<PathBuf>,
}

impl Loaded {
    /// Whether it sees as well as a job needs.
    pub(crate) fn can_see_for(&self, job: &Job) -> bool {
        !job.ask.has_pictures() || job.model.projector == self.projector
    }
}

/// What a context needs beside the weights, roughly, in bytes.
const BESIDE_WEIGHTS: u64 = 300 << 20;

/// Loads the job's model; `Cancelled` when the job is stopped meanwhile.
pub(crate) fn load(job: &Job) -> Result<Ending<Loaded>> {
    job.status(Status::Loading { fraction: None, estimated_time: None });
    let head = Gguf::read(&job.model.path)?;
    let projector = job.model.projector.clone().filter(|_| job.ask.has_pictures());
    let sight = projector.as_ref().and_then(|path| path.metadata().ok()).map_or(0, |found| found.len());
    enough_memory(head.bytes + sight + BESIDE_WEIGHTS, available_memory())?;
    let (events, stop) = (job.events.clone(), job.stop.clone());
    let mut said = 0.0;
    let params = LlamaModelParams::default().with_n_gpu_layers(0).with_progress_callback(move |fraction| {
        if fraction >= said + 0.05 {
            said = fraction;
            let loading = Status::Loading { fraction: Some(fraction), estimated_time: None };
            let _ = events.send(Event::Status(loading));
        }
        !stop.is_cancelled()
    });
    match LlamaModel::load_from_file(backend()?, &job.model.path, &params) {
        Ok(model) => Ok(Ending::Done(Loaded { model, head, name: job.model.name.clone(), projector })),
        Err(_) if job.stop.is_cancelled() => Ok(Ending::Cancelled),
        Err(cause) => Err(Error::new(
            ErrorCode::Model,
            format!(
                "{} could not be loaded: the file is damaged, or this engine does not know its kind (“{}”).",
                job.model.name, head.architecture
            ),
        )
        .with_detail(cause)),
    }
}

/// llama.cpp is set up once for the whole process and never taken down.
pub(crate) fn backend() -> Result<&'static LlamaBackend> {
    static BACKEND: OnceLock<Option<LlamaBackend>> = OnceLock::new();
    let ready = BACKEND.get_or_init(|| {
        // It would write to stderr, which belongs to the command line's own words.
        send_logs_to_tracing(LogOptions::default().with_logs_enabled(false));
        LlamaBackend::init().ok()
    });
    ready.as_ref().ok_or_else(|| Error::internal("start llama.cpp", "its backend is in use"))
}

fn enough_memory(needed: u64, available: Option<u64>) -> Result<()> {
    match available {
        Some(available) if available < needed => Err(Error::new(
            ErrorCode::Internal,
            format!(
                "This model needs about {} of memory and {} are free; close something, or take a smaller model.",
                gigabytes(needed),
                gigabytes(available)
            ),
        )),
        _ => Ok(()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

/// Bytes that a program can take without others suffering; Linux says, elsewhere the system decides.
fn available_memory() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn too_little_memory_is_said_with_both_numbers() {
        let error = enough_memory(1_400_000_000, Some(800_000_000)).unwrap_err();
        assert!(error.message.contains("1.4 GB") && error.message.contains("0.8 GB"));
        assert!(enough_memory(1_400_000_000, None).is_ok());
    }
}
