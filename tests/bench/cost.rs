//! What our client costs beside the official ones of Python and JavaScript: CPU, time, memory and allocations of a
//! streamed token and of a picture. Without words it starts `cost.py`, which plays the server and starts every client
//! as a process of its own; with words it is our client. Needs Python and Node.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::alloc::System;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use limerick_inference::{
    ChatCompletion, ChatDelta, ChatInput, Client, ClientConfig, Ending, Message, Progress, Role, Route,
    Server, Style,
};
use limerick_tasks::{TextToImage, TextToImageInput};
use limerick_tests::python::python_with;
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio_util::sync::CancellationToken;
use url::Url;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Counts what is taken from the heap, by every thread of this program; it makes us a little slower than we are.
#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[tokio::main]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Ok([task, base, count]) = <[String; 3]>::try_from(words) else { return compare() };
    // As in the app: every core works, and a run is a task among others.
    let got = tokio::spawn(async move { ask(&task, &base, count.parse()?).await }).await??;
    let heap = HEAP.stats();
    let taken = heap.allocations + heap.reallocations;
    println!("{}", json!({ "got": got, "allocations": taken, "allocated": heap.bytes_allocated }));
    // Until it was looked at.
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// Bytes that came.
async fn ask(task: &str, base: &str, count: usize) -> Outcome<usize> {
    let client = Client::new(ClientConfig::default())?;
    match task {
        "tokens" => tokens(&client, base).await,
        form => pictures(&client, base, form, count).await,
    }
}

/// Bytes of the answer's words.
async fn tokens(client: &Client, base: &str) -> Outcome<usize> {
    let message = Message::new(Role::User, "Count.");
    let input = ChatInput { model: "m".into(), messages: vec![message], ..ChatInput::default() };
    let mut got = 0;
    let mut on = |progress| {
        if let Progress::Delta(ChatDelta { text, .. }) = progress {
            got += text.len();
        }
    };
    let route = server(&format!("{base}/v1"))?;
    client.run::<ChatCompletion>(&route, &input, &CancellationToken::new(), &mut on).await?;
    Ok(got)
}

/// Bytes of as many pictures.
async fn pictures(client: &Client, base: &str, form: &str, count: usize) -> Outcome<usize> {
    let path = if form == "base64" { "v1" } else { "models/m" };
    let route = server(&format!("{base}/{path}"))?;
    let input = TextToImageInput { model: "m".into(), prompt: "a cat".into(), ..TextToImageInput::default() };
    let mut got = 0;
    for _ in 0..count {
        let ending =
            client.run::<TextToImage>(&route, &input, &CancellationToken::new(), &mut |_| {}).await?;
        let Ending::Done(output) = ending else { return Err("The run was cancelled.".into()) };
        got += output.images.iter().map(|image| image.bytes.len()).sum::<usize>();
    }
    Ok(got)
}

fn server(url: &str) -> Outcome<Route> {
    let url = Url::parse(url)?;
    Ok(Route::Server(Server { url, key: None, headers: Vec::new(), style: Style::Auto }))
}

/// Starts the comparison, with the Python that the tests of View code made, or one like it.
fn compare() -> Outcome {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| tests.join("../target"), PathBuf::from);
    let python = python_with(&tests.join("code/requirements.txt"), &target.join("tmp/python-code"));
    let mut comparison = Command::new(python);
    comparison.arg(tests.join("bench/cost.py")).arg(std::env::current_exe()?);
    if comparison.status()?.success() { Ok(()) } else { Err("The comparison failed.".into()) }
}
