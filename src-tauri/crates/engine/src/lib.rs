//! Runs the built-in models in this process: the same inputs, deltas and outputs as every provider, no network.
//!
//! `Models` knows which models there are and which are on this machine; `Engine` runs them.

mod answer;
mod ask;
mod choose;
mod engine;
mod ggml;
mod gguf;
mod held;
mod load;
mod models;
mod own;
mod session;
mod worker;

pub use engine::{Engine, EngineOptions};
pub use gguf::Gguf;
pub use models::{Advice, Manifest, Model, ModelRef, Models, Part, Source, State, manifest};
pub use own::OwnModel;
