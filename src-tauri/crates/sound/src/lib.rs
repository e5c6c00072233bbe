//! Sound files: what they are, their samples, their shape, and other forms of them. Knows neither runs nor the app,
//! and no sound device; everything here takes bytes and works until it is done, so call it off the main thread.
//!
//! Files come from strangers: a sound is named by its first bytes, never by its name, and what one may cost is
//! bounded.

mod clip;
mod decode;
mod facts;
mod flac;
mod join;
mod packets;
mod peaks;
mod playing;
mod reader;
mod stretch;
mod wav;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tones;

pub use clip::Clip;
pub use decode::{Sound, decode, open};
pub use facts::{SoundFacts, look};
pub use flac::to_flac;
pub use join::join;
pub use peaks::{Peaks, peaks};
pub use playing::{Piece, Playing, SoundDevice, SoundOrder, SoundPhase};
pub use stretch::Stretch;
pub use wav::{from_bare, to_wav};
