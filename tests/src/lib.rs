//! What the tests share: one module a subject.

pub mod engine;
pub mod recorder;
