//! Chat templates: which one a model has, the exact prompt that it makes of a conversation, the built-in formats
//! for models without one, and fill-in-the-middle. One renderer for the whole house. No I/O, no clock.
//!
//! Templates come from strangers: what one may take of time and memory is bounded (`guard`, `meter`).

mod choose;
mod clock;
mod conversation;
mod environment;
mod fill;
mod filters;
mod formats;
mod guard;
mod json;
mod meter;
mod methods;
mod operators;
mod render;
mod written;

pub use choose::{Origin, Source, Template, choose};
pub use conversation::Conversation;
pub use fill::{FILLS, Fill};
pub use formats::{FORMATS, Format};
pub use render::render;
