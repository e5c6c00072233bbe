//! What the tests share: one module a subject.

#[cfg(unix)]
pub mod code;
pub mod decode;
pub mod disk;
pub mod engine;
pub mod front;
pub mod gradio;
pub mod labels;
pub mod measure;
pub mod painter;
pub mod peers;
pub mod python;
pub mod recorder;
pub mod scenarios;
pub mod sight;
pub mod transformers;
pub mod voice;
