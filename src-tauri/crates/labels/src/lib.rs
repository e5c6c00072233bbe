//! Says what a picture shows and what a text means, by built-in models in this process; no network.
//!
//! `Labeller` asks the models; what follows from their numbers is worked out beside it.

mod labeller;
mod nearness;
mod photo;
mod scores;
mod tasks;
mod texts;
mod tone;
mod wordpiece;

pub use labeller::{Labeller, LabellerOptions};
pub use nearness::cosine;
pub use texts::TextFiles;
pub use wordpiece::WordPiece;
