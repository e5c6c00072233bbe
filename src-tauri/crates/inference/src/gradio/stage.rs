//! Whether a Space runs, from what the Hub says of it (`/api/spaces/{id}/runtime`, hf-api 7.1).

use limerick_tasks::{Error, ErrorCode};
use serde_json::Value;

/// What the Hub says of a Space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Runtime {
    pub(crate) stage: Stage,
    /// Runs on `ZeroGPU`.
    pub(crate) zero_gpu: bool,
}

/// Whether a Space can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It can.
    Ready,
    /// It comes by itself.
    Starting,
    /// A visit wakes it.
    Asleep,
    /// It will not come: why, in a word of the Hub and its own words.
    Down(String, String),
}

/// Reads the Hub's answer; what is not known is tried.
pub(crate) fn read(answer: &Value) -> Runtime {
    let text = |place: &str| answer.pointer(place).and_then(Value::as_str).unwrap_or_default();
    let stage = match text("/stage") {
        "BUILDING" | "APP_STARTING" => Stage::Starting,
        "STOPPED" | "SLEEPING" => Stage::Asleep,
        down @ ("PAUSED" | "NO_APP_FILE" | "CONFIG_ERROR" | "BUILD_ERROR" | "RUNTIME_ERROR" | "DELETING") => {
            Stage::Down(down.to_owned(), crate::error::tidy(text("/errorMessage")))
        }
        _ => Stage::Ready,
    };
    let zero = |place: &str| text(place).starts_with("zero");
    Runtime { stage, zero_gpu: zero("/hardware/current") || zero("/hardware/requested") }
}

impl Stage {
    /// What to tell the person of a Space that will not come; `None` for the others.
    pub(crate) fn error(&self, id: &str) -> Option<Error> {
        let Self::Down(word, own) = self else { return None };
        let message = match word.as_str() {
            "PAUSED" => format!("{id} is paused by its owner: ask there, or duplicate it on Hugging Face."),
            "DELETING" => format!("{id} is being deleted: choose another Space."),
            "NO_APP_FILE" | "CONFIG_ERROR" => format!("{id} is not set up: choose another Space."),
            "BUILD_ERROR" => {
                format!("{id} could not be built: its owner must mend it, so choose another Space.")
            }
            _ => format!("{id} has crashed: its owner must restart it, so choose another Space."),
        };
        let error = Error::new(ErrorCode::Provider, message);
        Some(if own.is_empty() { error } else { error.with_detail(own) })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn every_stage_is_waited_for_woken_used_or_told() {
        for (stage, want) in [
            ("RUNNING", Stage::Ready),
            ("RUNNING_BUILDING", Stage::Ready),
            ("RUNNING_APP_STARTING", Stage::Ready),
            ("SOMETHING_NEW", Stage::Ready),
            ("BUILDING", Stage::Starting),
            ("APP_STARTING", Stage::Starting),
            ("SLEEPING", Stage::Asleep),
            ("STOPPED", Stage::Asleep),
        ] {
            let runtime = read(&json!({"stage": stage, "hardware": {"current": "cpu-basic"}}));
            assert_eq!((runtime.stage.clone(), runtime.zero_gpu), (want, false), "{stage}");
            assert!(runtime.stage.error("a/b").is_none());
        }
        for (stage, word) in [("PAUSED", "paused"), ("RUNTIME_ERROR", "crashed"), ("BUILD_ERROR", "built")] {
            let said = read(
                &json!({"stage": stage, "errorMessage": "Exit code: 1.", "hardware": {"requested": "zero-a10g"}}),
            );
            let error = said.stage.error("a/b").unwrap();
            assert!(error.message.contains(word) && said.zero_gpu, "{error}");
            assert_eq!((error.code, error.detail.as_deref()), (ErrorCode::Provider, Some("Exit code: 1")));
        }
    }
}
