//! The built-in engine with real models: what it answers, where it stops, and what it sees.

mod answers;
mod limits;
mod sees;
