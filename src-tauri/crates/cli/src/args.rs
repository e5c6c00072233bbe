//! The command line: names, help and defaults.

use std::{path::PathBuf, time::Duration};

use clap::{
    Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser},
};

use crate::tasks::TASKS;

const EXAMPLES: &str = "\
Examples:
  limerick run chat_completion --input \"Why is the sky blue?\"
  limerick run text_generation --input '{\"prompt\": \"Once upon a time\", \"max_new_tokens\": 40}'
  limerick run chat_completion --connection hf --model openai/gpt-oss-20b --input @question.json
  limerick run text_to_image --connection hf --model black-forest-labs/FLUX.1-schnell --input \"a red fox\" --out fox.png
  limerick run text_to_speech --input \"Hello!\" --voice af_heart --out hello.flac
  limerick run image_classification --input @photo.jpg
  limerick run chat_completion --input \"What is this?\" --image photo.jpg
  limerick run chat_completion --url http://localhost:8080 --events --input -
  limerick template --model Qwen/Qwen3-8B --input \"Hello!\"

A key comes from HF_TOKEN (Hugging Face alone) or from the variable that --key-env names.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.";

const MODELS: &str = "\
Examples:
  limerick models
  limerick models --connection hf
  limerick models --task text_to_image --provider fal-ai,replicate --sort likes --limit 10
  limerick models --connection hf --task automatic_speech_recognition --search whisper --json";

const SPACES: &str = "\
Examples:
  limerick space stabilityai/stable-diffusion-3.5-large
  limerick space acme/chat --call /chat --input '{\"message\": \"Hello\"}'
  limerick space http://localhost:7860 --call /caption --input '{\"image\": \"@photo.jpg\"}' --events";

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
    /// Print the exact prompt that a model reads
    Template(TemplateArgs),
    /// List the models that a connection offers, or find models on Hugging Face
    #[command(after_help = MODELS)]
    Models(ModelsArgs),
    /// Describe a model of Hugging Face: who serves it, at which price, what it needs
    Model(ModelArgs),
    /// Say whose Hugging Face token this is, and what it may do
    Whoami(Token),
    /// Say what a Gradio Space can be asked, or ask it
    #[command(after_help = SPACES)]
    Space(SpaceArgs),
    /// Write a past run as code: cURL, Python, JavaScript
    Code(CodeArgs),
    /// List past runs, newest first, those of the app too
    History(Wanted),
}

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// What to do
    #[arg(value_parser = task_names())]
    pub(crate) task: String,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Hugging Face: who answers (a provider's name, fastest, cheapest, preferred, or auto)
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// The model's id; built-in: quick or good, for speech kokoro
    #[arg(long, value_name = "ID")]
    pub(crate) model: Option<String>,
    /// Plain text, or a JSON object with `huggingface_hub`'s names; @FILE reads a file, - reads stdin.
    /// A picture or a sound is @FILE, a data: URI or an https address, alone or as a field of the object
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub(crate) input: String,
    /// A picture to show with the input, again for more: in a chat upright and shrunk, else as it is
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Vec<String>,
    /// Write each event as one line of JSON
    #[arg(long)]
    pub(crate) events: bool,
    /// Write the finished answer to a file, too; a voice becomes WAV or FLAC by the file's ending
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Speech: who speaks, under the model's own name for it (built-in: `af_heart`, `bm_george`, …)
    #[arg(long, value_name = "NAME")]
    pub(crate) voice: Option<String>,
    /// Speech: how fast; 1 is as the voice likes it, built-in: 0.5 to 2
    #[arg(long, value_name = "NUMBER", value_parser = speed)]
    pub(crate) speed: Option<f64>,
    /// Seconds for all of it; then the run fails, and what came is kept
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) deadline: Option<f64>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TemplateArgs {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The model's id; built-in: quick or good
    #[arg(long, value_name = "ID")]
    pub(crate) model: Option<String>,
    /// A built-in format (chatml, llama3, starcoder, …) or a template of the model's by its name (`tool_use`, rag)
    #[arg(long, value_name = "NAME")]
    pub(crate) format: Option<String>,
    /// Plain text, or a JSON object as for `chat_completion`; @FILE reads a file, - reads stdin.
    /// With --fim: text with `<FILL_ME>` in it, or an object with prefix and suffix
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub(crate) input: String,
    /// Fill in the middle: the prompt that asks for what stands in a gap
    #[arg(long)]
    pub(crate) fim: bool,
}

/// Which models to list.
#[derive(Debug, clap::Args)]
pub(crate) struct ModelsArgs {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Only models for this task; `image_text_to_text` are those that see in a chat
    #[arg(long, value_parser = tags())]
    pub(crate) task: Option<String>,
    /// Hugging Face: words in the name
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Option<String>,
    /// Hugging Face: served by this provider (several: a,b; any: all)
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// Hugging Face: made by this user or organisation
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// Hugging Face: the largest first
    #[arg(long, value_parser = limerick_playground::SORTS)]
    pub(crate) sort: Option<String>,
    /// How many to list
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: Option<u32>,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl ModelsArgs {
    /// Whether this asks for more than the list of a connection.
    pub(crate) fn is_search(&self) -> bool {
        [&self.search, &self.provider, &self.author, &self.sort].into_iter().any(Option::is_some)
    }
}

/// Which model to describe.
#[derive(Debug, clap::Args)]
pub(crate) struct ModelArgs {
    /// The model's id: organisation/name
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) token: Token,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which Space, and what to ask it.
#[derive(Debug, clap::Args)]
pub(crate) struct SpaceArgs {
    /// owner/name on Hugging Face, or an address
    #[arg(value_name = "ID|URL")]
    pub(crate) place: String,
    /// The endpoint to call; without it, the endpoints are listed
    #[arg(long, value_name = "ENDPOINT")]
    pub(crate) call: Option<String>,
    /// The parameters by their names, as a JSON object; @FILE reads a file, - reads stdin. A file is @PATH,
    /// a data: URI or an https address. Plain text is the first text parameter
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true, requires = "call")]
    pub(crate) input: Option<String>,
    /// Write the answer's file there (its text, when there is none); in a folder, each file under its own name
    #[arg(long, value_name = "FILE", requires = "call")]
    pub(crate) out: Option<PathBuf>,
    /// Write each event as one line of JSON
    #[arg(long, requires = "call")]
    pub(crate) events: bool,
    /// List the endpoints as JSON
    #[arg(long, conflicts_with = "call")]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) token: Token,
}

/// Where to ask.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// Where to ask; without it: server with --url, space with --space, else hf with --provider, else builtin
    #[arg(long)]
    pub(crate) connection: Option<Kind>,
    /// A server's address
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// A Gradio Space that makes pictures or speaks: its id (OWNER/NAME) or address
    #[arg(long, value_name = "SPACE", conflicts_with = "url")]
    pub(crate) space: Option<String>,
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

/// Which run, and in which language.
#[derive(Debug, clap::Args)]
pub(crate) struct CodeArgs {
    /// The run's id; without it, the newest
    pub(crate) run: Option<String>,
    /// The one language to write; without it, all
    #[arg(long)]
    pub(crate) language: Option<Tongue>,
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
pub(crate) enum Tongue {
    /// A shell with curl
    Curl,
    /// Python with `huggingface_hub`
    Python,
    /// Python with openai
    Openai,
    /// JavaScript
    Javascript,
    /// A shell with limerick
    Cli,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The models inside Limerick
    Builtin,
    /// Hugging Face
    Hf,
    /// An OpenAI-compatible or TGI server, or an Inference Endpoint
    Server,
    /// A Gradio Space
    Space,
}

/// The tasks, and the Hub's name for chat about pictures.
fn tags() -> PossibleValuesParser {
    let sees = PossibleValue::new("image_text_to_text").help("A chat about pictures");
    PossibleValuesParser::new(named_tasks().chain([sees]))
}

fn task_names() -> PossibleValuesParser {
    PossibleValuesParser::new(named_tasks())
}

fn named_tasks() -> impl Iterator<Item = PossibleValue> {
    TASKS.iter().map(|row| PossibleValue::new(row.name).help(row.about))
}

fn seconds(text: &str) -> Result<f64, String> {
    let usable = |seconds: &f64| *seconds > 0.0 && Duration::try_from_secs_f64(*seconds).is_ok();
    text.parse().ok().filter(usable).ok_or_else(|| "give seconds over 0, such as 30 or 1.5".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    let usable = |speed: &f64| (0.1..=10.0).contains(speed);
    text.parse().ok().filter(usable).ok_or_else(|| "give a number such as 0.8 or 1.5".to_owned())
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
