//! The command line: names, help and defaults.

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  limerick run chat_completion --input \"Why is the sky blue?\"
  limerick run text_generation --input '{\"prompt\": \"Once upon a time\", \"max_new_tokens\": 40}'
  limerick run chat_completion --connection hf --model openai/gpt-oss-20b --input @question.json
  limerick run chat_completion --url http://localhost:8080 --events --input -

A key comes from HF_TOKEN (Hugging Face alone) or from the variable that --key-env names.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.";

/// Ask AI models: built-in ones, Hugging Face's, or those on a server of yours
#[derive(Debug, Parser)]
#[command(name = "limerick", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask a model; the answer streams to stdout
    #[command(after_help = EXAMPLES)]
    Run(RunArgs),
    /// List the models that a connection offers
    Models(Place),
    /// Say whose Hugging Face token this is, and what it may do
    Whoami(Token),
    /// List past runs, newest first, those of the app too
    History(Wanted),
}

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// What to do
    pub(crate) task: TaskName,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Hugging Face: who answers (a provider's name, fastest, cheapest, preferred, or auto)
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// The model's id; built-in: quick or good
    #[arg(long, value_name = "ID")]
    pub(crate) model: Option<String>,
    /// Plain text, or a JSON object with `huggingface_hub`'s names; @FILE reads a file, - reads stdin
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub(crate) input: String,
    /// Write each event as one line of JSON
    #[arg(long)]
    pub(crate) events: bool,
    /// Write the finished answer to a file, too
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Seconds for all of it; then the run fails, and what came is kept
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) deadline: Option<f64>,
}

/// Where to ask.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// Where to ask; without it: server with --url, else hf with --provider, else builtin
    #[arg(long)]
    pub(crate) connection: Option<Kind>,
    /// A server's address
    #[arg(long)]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) token: Token,
}

/// Where the key comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct Token {
    /// The environment variable that holds the key
    #[arg(long, value_name = "NAME")]
    pub(crate) key_env: Option<String>,
}

/// Which runs to list.
#[derive(Debug, clap::Args)]
pub(crate) struct Wanted {
    /// Words to find in prompts and answers
    pub(crate) words: Vec<String>,
    /// How many to list
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub(crate) limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The models inside Limerick
    Builtin,
    /// Hugging Face
    Hf,
    /// An OpenAI-compatible or TGI server, or an Inference Endpoint
    Server,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum TaskName {
    /// Messages in, the next message out
    ChatCompletion,
    /// A raw prompt in, its continuation out
    TextGeneration,
}

fn seconds(text: &str) -> Result<f64, String> {
    let usable = |seconds: &f64| *seconds > 0.0 && Duration::try_from_secs_f64(*seconds).is_ok();
    text.parse().ok().filter(usable).ok_or_else(|| "give seconds over 0, such as 30 or 1.5".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Args, seconds};

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_deadline_is_a_time_that_can_pass() {
        assert_eq!(seconds("1.5"), Ok(1.5));
        for text in ["0", "-1", "nan", "inf", "1e300", "soon", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
