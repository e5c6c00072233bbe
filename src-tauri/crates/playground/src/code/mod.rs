//! View code: a stored run as a few lines in other languages that ask the same. Keys never stand in them, only
//! the names of the variables that hold them; pictures and sounds are read from files.

mod call;
mod cli;
mod clients;
mod curl;
mod fetch;
mod files;
mod javascript;
mod openai;
mod python;
mod values;

use limerick_tasks::Result;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Playground, commands::Id};
use call::{Call, Place};

/// A language, and the library used in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// A shell with curl.
    Curl,
    /// Python with `huggingface_hub`.
    Python,
    /// Python with `openai`.
    PythonOpenai,
    /// JavaScript with @huggingface/inference, or with `fetch` alone.
    Javascript,
    /// A shell with `limerick`.
    Cli,
}

/// A run in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snippet {
    /// Which language.
    pub language: Language,
    /// Its name on screen, with the library.
    pub title: String,
    /// The code, ending in a line end; it runs as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<String>,
    /// Why there is none: one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub why: Option<String>,
}

/// The code, or why there is none.
type Written = std::result::Result<String, String>;

impl Playground {
    /// A run as code in every language. The Hub alone may be asked, for who serves the model.
    pub async fn code(&self, Id { id }: Id) -> Result<Vec<Snippet>> {
        Ok(snippets(&self.call_of(id).await?))
    }
}

fn snippets(call: &Call) -> Vec<Snippet> {
    let other = |write: fn(&Call) -> Written| match call.place {
        Place::Builtin => Err("The built-in models run inside Limerick: use its command line.".to_owned()),
        Place::Space { .. } => {
            Err("A Space has code of its own: look for “Use via API” at the foot of its page.".to_owned())
        }
        _ => write(call),
    };
    let (javascript, script) = match other(javascript::write) {
        Ok(code) => ("JavaScript (@huggingface/inference)", Ok(code)),
        Err(_) => ("JavaScript (fetch)", other(fetch::write)),
    };
    [
        (Language::Curl, "cURL", other(curl::write)),
        (Language::Python, "Python (huggingface_hub)", other(python::write)),
        (Language::PythonOpenai, "Python (openai)", other(openai::write)),
        (Language::Javascript, javascript, script),
        (Language::Cli, "Command line (limerick)", cli::write(call)),
    ]
    .into_iter()
    .map(|(language, title, written)| {
        let (code, why) = (written.as_ref().ok().cloned(), written.err());
        Snippet { language, title: title.to_owned(), code, why }
    })
    .collect()
}
