//! Pictures and sounds between us and other programs.

mod pictures;
mod sounds;
