//! Chat templates: as Jinja2 renders them, damaged ones, and on the command line.

mod cli;
mod fuzz;
mod jinja2;
