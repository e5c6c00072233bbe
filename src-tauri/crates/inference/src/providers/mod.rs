//! The table of providers: one row a provider, one column a task. Adapters are pure: they write a request,
//! read an answer, and read one stream event; they never send, sleep, loop or look at a clock.

pub(crate) mod bark;
mod black_forest_labs;
mod by_address;
mod chat_chunk;
mod chat_reader;
mod columns;
mod completions;
mod embeddings;
mod fal_ai;
mod hf_inference;
mod hyperbolic;
mod images;
mod jobs;
mod layout_parsing;
mod openai;
mod reasoning;
mod replicate;
mod results;
mod settings;
#[cfg(test)]
mod sight;
mod speech;
mod text_reader;
mod tgi;
mod together;
mod wav;
mod wavespeed;
mod zai_org;

use limerick_tasks::{Error, ErrorCode, Result, Task};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use url::Url;

use crate::error;
use crate::key::Scheme;
use crate::sse::Event;
use crate::wire::{Head, Reply, Response, Written};
pub use columns::{Provider, WireTask, mapping_name};
use completions::{Completions, Words};
use embeddings::{Embeddings, OPEN_EMBEDDINGS};
use images::{IMAGES, Images};
use openai::{Chat, Schema};
pub use settings::GENERATION;
use speech::{SPEECH, Speech, TRANSCRIPTIONS, Transcriptions};

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

impl Target {
    /// The address that routes are added to.
    fn url(&self) -> &Url {
        let (Place::Base(url) | Place::Given(url)) = &self.place;
        url
    }
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

    /// Names of parameters that have no effect there, whether they are sent or left out.
    fn ignored(&self) -> &'static [&'static str] {
        &[]
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

/// What Z.ai wants to be told along with every request.
const ZAI_HEADERS: &[(&str, &str)] = &[("Accept-Language", "en-US,en"), ("x-source-channel", "hugging_face")];

/// A row that differs from the usual by its host only.
const fn row(name: &'static str, title: &'static str, base: &'static str) -> Provider {
    Provider { base: Some(base), chat_completion: Some(&CHAT), ..Provider::named(name, title) }
}

/// The same without a way through the router or a mapping: a key of its own, and its own ids of models.
const fn own(name: &'static str, title: &'static str, base: &'static str) -> Provider {
    Provider { routed: false, mapped: false, ..row(name, title, base) }
}

/// All providers, from hf-api 3.1 and 3.7.
pub const PROVIDERS: &[Provider] = &[
    row("baseten", "Baseten", "https://inference.baseten.co"),
    Provider {
        scheme: Scheme::XKey,
        chat_completion: None,
        text_to_image: Some(&black_forest_labs::Tasks),
        ..own("black-forest-labs", "Black Forest Labs", "https://api.us1.bfl.ai")
    },
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
        text_to_image: Some(&Images { route: "/v1/openai/images/generations", ..IMAGES }),
        text_to_speech: Some(&Speech { route: "/v1/openai/audio/speech" }),
        automatic_speech_recognition: Some(&Transcriptions { route: "/v1/openai/audio/transcriptions" }),
        feature_extraction: Some(&Embeddings { route: "/v1/openai/embeddings" }),
        ..row("deepinfra", "DeepInfra", "https://api.deepinfra.com")
    },
    Provider {
        base: Some("https://fal.run"),
        hosts: &["https://queue.fal.run"],
        scheme: Scheme::Key,
        text_to_image: Some(&fal_ai::Queue),
        image_to_image: Some(&fal_ai::Queue),
        text_to_speech: Some(&fal_ai::Direct),
        automatic_speech_recognition: Some(&fal_ai::Direct),
        ..Provider::named("fal-ai", "fal")
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
        keeps: true,
        chat_completion: Some(&hf_inference::HfChat),
        text_generation: Some(&hf_inference::HfText),
        text_to_image: Some(&hf_inference::HfMedia),
        image_to_image: Some(&hf_inference::HfMedia),
        text_to_speech: Some(&hf_inference::HfMedia),
        automatic_speech_recognition: Some(&hf_inference::HfMedia),
        image_to_text: Some(&hf_inference::Pipeline),
        visual_question_answering: Some(&hf_inference::Pipeline),
        image_classification: Some(&hf_inference::Pipeline),
        zero_shot_image_classification: Some(&hf_inference::Pipeline),
        object_detection: Some(&hf_inference::Pipeline),
        text_classification: Some(&hf_inference::Pipeline),
        token_classification: Some(&hf_inference::Pipeline),
        zero_shot_classification: Some(&hf_inference::Pipeline),
        summarization: Some(&hf_inference::Pipeline),
        translation: Some(&hf_inference::Pipeline),
        fill_mask: Some(&hf_inference::Pipeline),
        question_answering: Some(&hf_inference::Pipeline),
        feature_extraction: Some(&hf_inference::Pipeline),
        sentence_similarity: Some(&hf_inference::Pipeline),
        ..Provider::named("hf-inference", "HF Inference")
    },
    Provider {
        text_to_image: Some(&hyperbolic::Pictures),
        ..own("hyperbolic", "Hyperbolic", "https://api.hyperbolic.xyz")
    },
    Provider {
        chat_completion: Some(&Chat { schema: Schema::Guided, ..CHAT }),
        text_generation: Some(&COMPLETIONS),
        text_to_image: Some(&Images {
            dropped: &["guidance_scale"],
            ignored: &["guidance_scale", "scheduler"],
            ..IMAGES
        }),
        feature_extraction: Some(&OPEN_EMBEDDINGS),
        ..own("nebius", "Nebius", "https://api.studio.nebius.ai")
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
    Provider {
        text_to_image: Some(&Images {
            size: true,
            dropped: &["num_inference_steps", "cfg_scale"],
            ignored: &["num_inference_steps", "guidance_scale", "scheduler"],
            ..IMAGES
        }),
        ..row("nscale", "Nscale", "https://inference.api.nscale.com")
    },
    own("openai", "OpenAI", "https://api.openai.com"),
    Provider {
        text_generation: Some(&COMPLETIONS),
        ..row("ovhcloud", "OVHcloud", "https://oai.endpoints.kepler.ai.cloud.ovh.net")
    },
    row("publicai", "Public AI", "https://api.publicai.co"),
    Provider {
        base: Some("https://api.replicate.com"),
        text_to_image: Some(&replicate::Predictions),
        image_to_image: Some(&replicate::Predictions),
        text_to_speech: Some(&replicate::Predictions),
        automatic_speech_recognition: Some(&replicate::Predictions),
        ..Provider::named("replicate", "Replicate")
    },
    Provider {
        feature_extraction: Some(&OPEN_EMBEDDINGS),
        ..own("sambanova", "SambaNova", "https://api.sambanova.ai")
    },
    Provider {
        text_generation: Some(&Completions { words: Words::Nested, ..COMPLETIONS }),
        feature_extraction: Some(&OPEN_EMBEDDINGS),
        ..row("scaleway", "Scaleway", "https://api.scaleway.ai")
    },
    Provider {
        chat_completion: Some(&Chat { schema: Schema::Flat, ..CHAT }),
        text_generation: Some(&Completions { words: Words::Tgi, ..COMPLETIONS }),
        text_to_image: Some(&together::NEW),
        image_to_image: Some(&together::Edits),
        text_to_speech: Some(&SPEECH),
        automatic_speech_recognition: Some(&TRANSCRIPTIONS),
        feature_extraction: Some(&OPEN_EMBEDDINGS),
        ..row("together", "Together AI", "https://api.together.xyz")
    },
    Provider {
        base: Some("https://api.wavespeed.ai"),
        text_to_image: Some(&wavespeed::Jobs),
        image_to_image: Some(&wavespeed::Jobs),
        ..Provider::named("wavespeed", "WaveSpeed")
    },
    Provider {
        chat_completion: Some(&Chat { route: "/api/paas/v4/chat/completions", headers: ZAI_HEADERS, ..CHAT }),
        text_to_image: Some(&zai_org::AsyncImages),
        image_to_text: Some(&layout_parsing::LayoutParsing),
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

/// A model's id as a part of a path, with a slash before it.
fn path_of(model: &str) -> Result<String> {
    // The parts that a server would take for a step out of where it was asked.
    let steps_out = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', '%']);
    if model.split('/').any(steps_out) {
        let message = "Choose a model first: its name looks like organisation/model.";
        return Err(Error::new(ErrorCode::Model, message));
    }
    Ok(format!("/{model}"))
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
