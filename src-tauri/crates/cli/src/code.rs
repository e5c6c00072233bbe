//! `limerick code`: a past run as code in other languages.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use limerick_playground::{Language, ListRuns, Playground, Snippet, commands::Id};
use limerick_tasks::Error;

use crate::{
    Stop,
    args::{CodeArgs, Tongue},
    place,
};

/// Writes the code to stdout, and why there is none to stderr.
pub(crate) async fn code(args: CodeArgs) -> Result<ExitCode, Stop> {
    let playground = place::open()?;
    let id = match args.run {
        Some(id) => id,
        None => newest(&playground).await?,
    };
    let snippets = playground.code(Id { id }).await?;
    match args.language {
        None => write(&snippets.iter().map(section).collect::<String>()),
        Some(tongue) => {
            let wanted = snippets.into_iter().find(|snippet| snippet.language == language(tongue));
            match wanted.map(|snippet| (snippet.code, snippet.why)) {
                Some((Some(code), _)) => write(&code),
                Some((None, why)) => Err(Stop::Usage(why.unwrap_or_default())),
                None => Err(Stop::Usage("there is no code in this language.".into())),
            }
        }
    }
}

async fn newest(playground: &Playground) -> Result<String, Stop> {
    let page = playground.runs(ListRuns { limit: 1, ..ListRuns::default() }).await?;
    let newest = page.runs.into_iter().next().map(|run| run.id);
    newest.ok_or_else(|| Stop::Usage("there are no runs yet. Start one with `limerick run`.".into()))
}

fn language(tongue: Tongue) -> Language {
    match tongue {
        Tongue::Curl => Language::Curl,
        Tongue::Python => Language::Python,
        Tongue::Openai => Language::PythonOpenai,
        Tongue::Javascript => Language::Javascript,
        Tongue::Cli => Language::Cli,
    }
}

fn section(snippet: &Snippet) -> String {
    let words = snippet.code.as_ref().or(snippet.why.as_ref());
    format!("── {}\n\n{}\n\n", snippet.title, words.map_or("", |words| words.trim_end()))
}

/// Code goes out as it is: whatever a terminal would take for a command is escaped in it.
fn write(text: &str) -> Result<ExitCode, Stop> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::internal("write the code", cause).into())
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
