//! The built-in voice: what it says, and that others understand it.

mod speaks;
mod understood;
