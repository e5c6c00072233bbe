//! Gradio Spaces: the real server, its recorded sessions, and pictures and voices that it makes for us.

mod cli;
mod gradio;
mod pictures;
mod voices;
mod wire;
