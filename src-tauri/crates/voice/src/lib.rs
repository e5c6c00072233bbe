//! Reads text aloud with built-in voices, in this process: sentence by sentence, so that sound starts early; no network.
//!
//! `VoiceFiles` knows which voices there are; `Speaker` speaks with them.

mod clauses;
mod endings;
mod espeak;
mod kokoro;
mod phonemes;
mod piper;
mod reading;
mod runtime;
mod script;
mod sentences;
mod silence;
mod speaker;
mod spoken;
mod tokens;
mod tongue;
mod voices;
mod words;

pub use reading::numbers;
pub use sentences::takes;
pub use speaker::{Speaker, SpeakerOptions, Spoken};
pub use voices::VoiceFiles;
