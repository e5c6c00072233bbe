//! The second front: `limerick` asks models without a window, and shares its history with the app.

mod args;
mod code;
mod fields;
mod host;
mod hub;
mod input;
mod lists;
mod media;
mod place;
mod run;
mod screen;
mod space;
mod tasks;
mod teller;
mod template;

use std::process::ExitCode;

use clap::Parser;
use limerick_tasks::Error;
use tracing_subscriber::EnvFilter;

use crate::args::{Args, Command};

/// Why there is no answer.
#[derive(Debug)]
enum Stop {
    /// The command line makes no sense: one sentence with the next step.
    Usage(String),
    /// It was tried and failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Stop {
    /// Says it on stderr.
    fn tell(&self) -> ExitCode {
        match self {
            Self::Usage(message) => {
                screen::say(&format!("error: {message}\n\nFor more information, try 'limerick --help'."));
                ExitCode::from(2)
            }
            Self::Failed(error) => {
                screen::say_failure(error);
                ExitCode::FAILURE
            }
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let Ok(kept) = EnvFilter::try_from_env("LIMERICK_LOG") {
        tracing_subscriber::fmt().with_env_filter(kept).with_writer(std::io::stderr).init();
    }
    carry_out(args).unwrap_or_else(|stop| stop.tell())
}

fn carry_out(args: Args) -> Result<ExitCode, Stop> {
    // Read before Ctrl-C is ours, so that it ends a wait for stdin at once.
    let work = match args.command {
        Command::Run(args) => {
            let asked = run::Asked::read(args)?;
            Work::Run(Box::new(asked))
        }
        Command::Template(args) => Work::Template(Box::new(template::Asked::read(args)?)),
        Command::Models(args) => Work::Models(args),
        Command::Model(args) => Work::Model(args),
        Command::Whoami(token) => Work::Whoami(token),
        Command::Space(args) => Work::Space(Box::new(space::Asked::read(args)?)),
        Command::Code(args) => Work::Code(args),
        Command::History(wanted) => Work::History(wanted),
    };
    // With a second worker the two ends of a stream wake each other's thread for every token, which costs more than to
    // read it.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|cause| Error::internal("start", cause))?;
    let done = runtime.block_on(async {
        match work {
            Work::Run(asked) => run::run(*asked).await,
            Work::Template(asked) => template::show(*asked).await,
            Work::Models(args) => lists::models(&args).await,
            Work::Model(args) => hub::model(&args).await,
            Work::Whoami(token) => hub::whoami(&token).await,
            Work::Space(asked) => space::run(*asked).await,
            Work::Code(args) => code::code(args).await,
            Work::History(wanted) => lists::history(&wanted).await,
        }
    });
    // What still runs (a reader of the network, an engine on its way out) is not waited for.
    runtime.shutdown_background();
    done
}

/// A command whose input is read.
enum Work {
    Run(Box<run::Asked>),
    Template(Box<template::Asked>),
    Models(args::ModelsArgs),
    Model(args::ModelArgs),
    Whoami(args::Token),
    Space(Box<space::Asked>),
    Code(args::CodeArgs),
    History(args::Wanted),
}
