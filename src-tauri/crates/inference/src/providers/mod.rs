//! The table of providers: one row a provider, one column a task. Adapters are pure: they write a request,
//! read an answer, and read one stream event; they never send, sleep, loop or look at a clock.

mod chat_reader;
mod columns;
mod completions;
mod hf_inference;
mod openai;
mod reasoning;
mod text_reader;
mod tgi;

use limerick_tasks::{Error, ErrorCode, Result, Task};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use url::Url;

use crate::error;
use crate::sse::Event;
use crate::wire::{Head, Reply, Response, Written};
pub use columns::{Provider, WireTask};
use completions::{Completions, Words};
use openai::{Chat, Schema};

/// Where a request goes, and what the server calls the model.
#[derive(Debug, Clone)]
pub struct Target {
    /// A base that the adapter's route is added to, or an address that a person gave.
    pub place: Place,
    /// The model as this server knows it; empty when the person named none.
    pub model: String,
    /// Whether the way leads through the router, and not to the provider's own host.
    pub routed: bool,
    /// What the Hub's mapping says of a LoRA: the model is one, and a base model stands behind it.
    pub lora: Option<Lora>,
}

/// A LoRA that a provider puts on a base model (hf-api 1.4, `adapter: lora`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lora {
    /// The model's id on the Hub.
    pub repository: String,
    /// Where its weights are fetched from: a file of the Hub.
    pub weights: Url,
}

/// An address to make a route from.
#[derive(Debug, Clone)]
pub enum Place {
    /// The provider's own host, or the router's door to it.
    Base(Url),
    /// The address of a server as a person gave it (hf-api 1.1, custom base URL rules).
    Given(Url),
}

/// How a server wants a task asked. Pure.
pub trait Adapter<T: Task>: Sync {
    /// Writes the request for `input`.
    ///
    /// # Errors
    /// `input` when something in it cannot be sent.
    fn request(&self, target: &Target, input: &T::Input) -> Result<Written>;

    /// Reads a whole answer that came with a good status.
    ///
    /// # Errors
    /// The provider's own error, or `format` when there is no answer in it.
    fn read(&self, target: &Target, response: &Response) -> Result<Reply<T::Output>>;

    /// Begins to read a stream; `None` for a task that answers in one piece.
    fn reader(&self, head: &Head) -> Option<Box<dyn Reader<T>>> {
        let _ = head;
        None
    }
}

/// Collects a streamed answer. Pure.
pub trait Reader<T: Task>: Send {
    /// Reads one event.
    ///
    /// # Errors
    /// The provider's error inside the stream.
    fn event(&mut self, event: &Event) -> Result<Step<T::Delta>>;

    /// Gives what was held back, when no more events come.
    fn flush(&mut self) -> Option<T::Delta>;

    /// The whole answer.
    ///
    /// # Errors
    /// `incomplete` when the stream broke off, `format` when nothing sensible came, `refused`.
    fn end(&mut self) -> Result<T::Output>;
}

/// What one event means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<D> {
    /// The next piece of the answer.
    Delta(D),
    /// Nothing to show.
    Nothing,
    /// The answer is whole; what follows is not read.
    End,
}

/// Which form a server by address is asked in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// `OpenAI`'s, which nearly all servers speak.
    #[default]
    Auto,
    /// `OpenAI`'s.
    OpenAi,
    /// Hugging Face's TGI: its own form for raw text, and its narrower ranges.
    Tgi,
}

/// `OpenAI`'s chat as most providers speak it, below `/v1`.
const CHAT: Chat =
    Chat { route: "/v1/chat/completions", schema: Schema::Keep, headers: &[], tgi: false, usage: false };
/// The router's own choice, and servers by address.
const OPEN_CHAT: Chat = Chat { usage: true, ..CHAT };
/// The same at a TGI server.
const TGI_CHAT: Chat = Chat { tgi: true, ..OPEN_CHAT };
/// `OpenAI`'s completions, with its words.
const COMPLETIONS: Completions = Completions { route: "/v1/completions", words: Words::OpenAi, usage: false };
/// The same at servers by address.
const OPEN_COMPLETIONS: Completions = Completions { usage: true, ..COMPLETIONS };

/// A row that differs from the usual by its host only.
const fn row(name: &'static str, title: &'static str, base: &'static str) -> Provider {
    Provider { base: Some(base), chat_completion: Some(&CHAT), ..Provider::named(name, title) }
}

/// All providers, from hf-api 3.1; those without chat and text join with their own tasks.
pub const PROVIDERS: &[Provider] = &[
    row("baseten", "Baseten", "https://inference.baseten.co"),
    row("cerebras", "Cerebras", "https://api.cerebras.ai"),
    Provider {
        chat_completion: Some(&Chat {
            route: "/compatibility/v1/chat/completions",
            schema: Schema::InObject,
            ..CHAT
        }),
        ..row("cohere", "Cohere", "https://api.cohere.com")
    },
    Provider {
        chat_completion: Some(&Chat { route: "/v1/openai/chat/completions", ..CHAT }),
        text_generation: Some(&Completions { route: "/v1/openai/completions", ..COMPLETIONS }),
        ..row("deepinfra", "DeepInfra", "https://api.deepinfra.com")
    },
    Provider {
        text_generation: Some(&COMPLETIONS),
        ..row("featherless-ai", "Featherless AI", "https://api.featherless.ai")
    },
    Provider {
        chat_completion: Some(&Chat {
            route: "/inference/v1/chat/completions",
            schema: Schema::InObject,
            ..CHAT
        }),
        ..row("fireworks-ai", "Fireworks", "https://api.fireworks.ai")
    },
    // No raw text: @huggingface/inference posts a prompt to Groq's chat route, which Groq refuses.
    Provider {
        chat_completion: Some(&Chat { route: "/openai/v1/chat/completions", ..CHAT }),
        ..row("groq", "Groq", "https://api.groq.com")
    },
    Provider {
        mapped: false,
        chat_completion: Some(&hf_inference::HfChat),
        text_generation: Some(&hf_inference::HfText),
        ..Provider::named("hf-inference", "HF Inference")
    },
    Provider {
        chat_completion: Some(&Chat { route: "/v3/openai/chat/completions", ..CHAT }),
        text_generation: Some(&Completions {
            route: "/v3/openai/completions",
            words: Words::Tgi,
            ..COMPLETIONS
        }),
        ..row("novita", "Novita", "https://api.novita.ai")
    },
    row("nscale", "Nscale", "https://inference.api.nscale.com"),
    Provider { routed: false, mapped: false, ..row("openai", "OpenAI", "https://api.openai.com") },
    Provider {
        text_generation: Some(&COMPLETIONS),
        ..row("ovhcloud", "OVHcloud", "https://oai.endpoints.kepler.ai.cloud.ovh.net")
    },
    row("publicai", "Public AI", "https://api.publicai.co"),
    Provider {
        text_generation: Some(&Completions { words: Words::Nested, ..COMPLETIONS }),
        ..row("scaleway", "Scaleway", "https://api.scaleway.ai")
    },
    Provider {
        chat_completion: Some(&Chat { schema: Schema::Flat, ..CHAT }),
        text_generation: Some(&Completions { words: Words::Tgi, ..COMPLETIONS }),
        ..row("together", "Together AI", "https://api.together.xyz")
    },
    Provider {
        chat_completion: Some(&Chat {
            route: "/api/paas/v4/chat/completions",
            headers: &[("Accept-Language", "en-US,en"), ("x-source-channel", "hugging_face")],
            ..CHAT
        }),
        ..row("zai-org", "Z.ai", "https://api.z.ai")
    },
];

/// The row of a provider.
///
/// # Errors
/// `model`, naming those that there are.
pub fn provider(name: &str) -> Result<&'static Provider> {
    PROVIDERS.iter().find(|row| row.name == name).ok_or_else(|| {
        let names = PROVIDERS.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
        let shown: String = name.chars().take(60).collect();
        Error::new(
            ErrorCode::Model,
            format!("Limerick does not know the provider \"{shown}\": choose one of {names}."),
        )
    })
}

/// The JSON of an event: `None` when it holds none worth reading.
fn event_json(event: &Event) -> Result<Option<Value>> {
    let value: Option<Value> = serde_json::from_str(&event.data).ok();
    if let Some(error) = value.as_ref().and_then(error::from_value) {
        return Err(error);
    }
    if event.name == "error" {
        return Err(error::from_text(&event.data));
    }
    Ok(value)
}

/// The stream ended without saying that it is whole.
fn broke_off() -> Error {
    Error::new(ErrorCode::Incomplete, "The answer broke off before its end; what came is kept.")
}

/// The provider declined; with its own words where there are any.
fn refused(words: &str) -> Error {
    let words = error::tidy(words);
    let message = if words.is_empty() { String::new() } else { format!(": {words}") };
    Error::new(ErrorCode::Refused, format!("The provider declined this content{message}."))
}
