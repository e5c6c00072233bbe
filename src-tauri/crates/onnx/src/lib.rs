//! Runs models in ONNX form, in this process: the library that does it, loaded once, and threads that each keep one
//! model warm and take one job after the other; no network.
//!
//! `Worker` does jobs with whatever is `Work`; `Model` is what such work computes with.

mod line;
mod runtime;
mod stop;
mod worker;

pub use runtime::{Environment, Input, Model, Recipe, environment, tensor};
pub use stop::Stop;
pub use worker::{Desk, Work, Worker, WorkerOptions};
