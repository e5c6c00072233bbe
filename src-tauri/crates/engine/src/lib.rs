//! Runs the built-in models in this process: the same inputs, deltas and outputs as every provider, no network.
//!
//! `Models` knows which models there are and which are on this machine; `Engine` runs those that write. Voices are
//! `Models`' business too, but another crate's to run.

mod answer;
mod ask;
mod choose;
mod engine;
mod ggml;
mod gguf;
mod held;
mod labels;
mod load;
mod manifest;
mod models;
mod on_disk;
mod own;
mod piper;
mod projector;
mod prompt;
mod session;
mod sight;
mod units;
mod worker;

pub use engine::{Engine, EngineOptions};
pub use gguf::Gguf;
pub use labels::{Brushes, TextVectors};
pub use manifest::{Advice, Library, Manifest, Model, ModelFile, Part, Source, manifest};
pub use models::{ModelRef, Models, State, VoiceFiles, VoiceRef};
pub use on_disk::OnDisk;
pub use own::{Head, OwnModel};
pub use piper::Piper;
