//! Plays sounds on this machine's sound device; knows no window and no file.
//!
//! A person's orders go to a thread of its own (`desk`), which finds the sounds and keeps a device open while one is
//! to be heard. The device pulls from the `deck`, which reads from a `line` of sounds. Where there is no device,
//! everything else works, and why it is silent is told.

mod deck;
mod desk;
mod devices;
mod kernel;
#[cfg(test)]
mod laws;
mod line;
mod numbers;
mod outlet;
mod player;
mod tempo;

pub use devices::devices;
pub use player::Player;
