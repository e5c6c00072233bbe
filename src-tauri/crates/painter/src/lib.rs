//! Paints small pictures from words with a built-in model, in this process; no network.
//!
//! The words come as numbers, which another model makes of them; the pictures are pixels, which others make files of.

mod canvas;
mod noise;
mod painter;
mod sampler;

pub use canvas::Canvas;
pub use noise::noise;
pub use painter::{Painter, PainterFiles, PainterOptions};
pub use sampler::{Asked, Painted};
