//! The built-in engine against the real llama.cpp server: the same file, threads and prompt, in one run.
//! Prints a JSON line a figure, for `cargo xtask bench engine`. Rounds alternate, so that what else the machine does
//! meets both alike; figures are medians. Needs Python; llama.cpp's server is put into a venv in the cache once.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is its purpose")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use limerick_engine::{Engine, EngineOptions, ModelRef, Models};
use limerick_tasks::{Ending, TextInput};
use limerick_tests::measure::median;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Tokens that each round writes.
const TOKENS: u32 = 64;

const PROMPT: &str = "Limericks are five-line poems with a strict rhyme scheme. The first, second and fifth lines \
    rhyme with each other and are longer; the third and fourth lines rhyme with each other and are shorter. The form \
    appeared in England in the early years of the eighteenth century and was made popular by Edward Lear in the \
    nineteenth, although he did not use the name himself. A good limerick tells a small story: somebody from \
    somewhere does something strange, and the last line turns it around. The rhythm matters as much as the rhyme, \
    because the poem is meant to be spoken aloud, often at a table among friends. Many of the best known ones have no \
    known author, and each teller changes a word or two. Children learn them quickly, since the pattern is easy to \
    hear and hard to forget. Teachers use them to show how stress works in English verse. Some writers say that the \
    form is too simple to hold a serious thought, others answer that this is exactly what makes it useful: a serious \
    thought that fits into a limerick has been understood. Here is an explanation, step by step, of how to write one \
    about a lighthouse keeper and his clever cat:";

/// One round, in tokens a second.
struct Round {
    read: f64,
    wrote: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let models = Models::new(cached("LIMERICK_MODELS", "models")?);
    let usual = EngineOptions::default().threads();
    let all = u32::try_from(std::thread::available_parallelism()?.get())?;
    for (id, rounds) in [("quick", 5), ("good", 3)] {
        let Ok(model) = models.find(id) else {
            eprintln!("The {id} model is not here, so it is not measured; `cargo xtask models` fetches it.");
            continue;
        };
        measure(&model, usual, rounds).await?;
        // With all cores once, on the model that takes seconds.
        if all != usual && id == "quick" {
            measure(&model, all, rounds).await?;
        }
    }
    Ok(())
}

async fn measure(model: &ModelRef, threads: u32, rounds: usize) -> Outcome {
    let server = Server::start(&model.path, threads).await?;
    let engine = Engine::new(EngineOptions { threads: Some(threads), ..EngineOptions::default() });
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        println!("   {}, {threads} thread(s), round {round} of {rounds}", model.id);
        ours.push(ask_engine(&engine, model).await?);
        theirs.push(server.ask().await?);
    }
    for (what, speed) in
        [("reads", (|round| round.read) as fn(&Round) -> f64), ("writes", |round| round.wrote)]
    {
        let (ours, theirs) = (middle(&ours, speed), middle(&theirs, speed));
        let note = format!("llama.cpp's server {theirs:.1}; ratio {:.2}; medians of {rounds}", ours / theirs);
        let name = format!("engine {what}, {}, {threads} thread(s)", model.id);
        println!("{}", json!({ "name": name, "value": ours, "unit": "tokens/s", "note": note }));
    }
    Ok(())
}

async fn ask_engine(engine: &Engine, model: &ModelRef) -> Outcome<Round> {
    let input = TextInput {
        prompt: PROMPT.into(),
        max_new_tokens: Some(TOKENS),
        temperature: Some(0.0),
        ..TextInput::default()
    };
    // Another prompt before it makes the engine forget the last round's.
    let other = TextInput { prompt: "Hello".into(), max_new_tokens: Some(1), ..input.clone() };
    engine.text(model.clone(), &other, &CancellationToken::new(), &mut |_| {}).await?;
    let ending = engine.text(model.clone(), &input, &CancellationToken::new(), &mut |_| {}).await?;
    let Ending::Done(output) = ending else { return Err("The engine was cancelled.".into()) };
    let timings = output.timings.unwrap_or_default();
    let told = |speed: Option<f64>| speed.ok_or("The engine gave no speed.");
    Ok(Round { read: told(timings.prompt_per_second)?, wrote: told(timings.predicted_per_second)? })
}

/// llama.cpp's server; ends when dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    async fn start(model: &Path, threads: u32) -> Outcome<Self> {
        let servers = Path::new(env!("CARGO_MANIFEST_DIR")).join("servers");
        let python = python(&servers)?;
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let child = Command::new(python)
            .arg(servers.join("llama_server.py"))
            .arg(model)
            .args([port.to_string(), threads.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let server = Self { child, port };
        for _ in 0..600 {
            if server.send("GET /health", "").await.is_ok_and(|answer| answer["status"] == "ok") {
                server.ask().await?;
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("llama.cpp's server did not start within a minute.".into())
    }

    async fn ask(&self) -> Outcome<Round> {
        let body = json!({ "prompt": PROMPT, "n_predict": TOKENS, "temperature": 0, "cache_prompt": false });
        let answer = self.send("POST /completion", &body.to_string()).await?;
        let told = |name: &str| answer["timings"][name].as_f64().ok_or("llama.cpp's server gave no speed.");
        Ok(Round { read: told("prompt_per_second")?, wrote: told("predicted_per_second")? })
    }

    async fn send(&self, line: &str, body: &str) -> Outcome<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let head = format!(
            "{line} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("llama.cpp's server did not answer.")?;
        Ok(serde_json::from_str(body)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Python that has llama.cpp's server; makes it when it is missing (needs the package index once).
fn python(servers: &Path) -> Outcome<PathBuf> {
    let venv = cached("LIMERICK_VENV", "venv")?;
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let has_server = |python: &Path| {
        let mut look = Command::new(python);
        look.args(["-c", "import xllamacpp"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !has_server(&python) {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        let install = ["-m", "pip", "install", "--quiet", "-r"];
        run(Command::new(&python).args(install).arg(servers.join("requirements.txt")))?;
    }
    Ok(python)
}

fn run(command: &mut Command) -> Outcome {
    if command.stdout(Stdio::null()).status()?.success() {
        Ok(())
    } else {
        Err(format!("{command:?} failed.").into())
    }
}

/// A folder that the environment names, else one in the person's cache.
fn cached(variable: &str, folder: &str) -> Outcome<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = named(variable) {
        return Ok(path);
    }
    let home = || named("HOME").map(|home| home.join(".cache"));
    let cache =
        named("XDG_CACHE_HOME").or_else(home).ok_or("No home folder was found; set XDG_CACHE_HOME.")?;
    Ok(cache.join("limerick").join(folder))
}

fn middle(rounds: &[Round], speed: fn(&Round) -> f64) -> f64 {
    median(rounds.iter().map(speed).collect())
}
