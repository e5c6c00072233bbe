//! Picture files: what they are, the settings that they were made with, small and other forms of them, and what
//! their pixels say. Knows neither runs nor the app; no I/O, no threads: everything here takes bytes and works
//! until it is done, so call it off the main thread.
//!
//! Files come from strangers: a picture is named by its first bytes, never by its name, and what one may cost is
//! bounded before it is opened (`Limits`).

mod convert;
mod exif;
mod facts;
mod grown;
mod jpeg;
mod open;
mod pixels;
mod png;
mod prepare;
mod settings;
mod square;
mod thumbnail;
mod timed;
mod webp;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod fuzz;

pub use convert::{Form, convert};
pub use facts::{Facts, look};
pub use grown::{Growing, grown};
pub use open::{Decoded, Limits, decode};
pub use pixels::{Look, fingerprint, look_of, same_pixels};
pub use prepare::{Prepared, prepare};
pub use settings::{Settings, read_settings, with_settings};
pub use thumbnail::{Thumb, thumbnail};
