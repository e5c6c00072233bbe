//! The whole app without its window, and the command line: runs, their history, the Hub, what goes wrong.

mod builtin_voice;
mod cli;
mod every_task;
mod faults;
mod hub;
mod kept;
mod meanings;
mod painting;
mod runs;
mod seeing;
mod tgi;
mod view_code;
