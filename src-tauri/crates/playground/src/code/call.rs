//! What the code of a run needs to know: gathered from the history, the connection, and the request itself.

use limerick_inference::{Client, ErrorCode, Exchange, Preview, Route, provider};
use limerick_tasks::{self as tasks, Error, Result};
use serde_json::{Map, Value, json};
use url::Url;

use super::files::Files;
use crate::{
    Playground, Run, RunInput, RunOutput,
    commands::{Id, to_value},
    reach::{Found, Reach},
};

/// The suffixes by which the router chooses (hf-api 1.2).
const POLICIES: [&str; 3] = ["fastest", "cheapest", "preferred"];

/// Variables that hold providers' own keys, where they are called otherwise than `NAME_API_KEY` (the providers'
/// own documentation).
const VARIABLES: [(&str, &str); 7] = [
    ("black-forest-labs", "BFL_API_KEY"),
    ("cohere", "CO_API_KEY"),
    ("fal-ai", "FAL_KEY"),
    ("featherless-ai", "FEATHERLESS_API_KEY"),
    ("fireworks-ai", "FIREWORKS_API_KEY"),
    ("replicate", "REPLICATE_API_TOKEN"),
    ("zai-org", "ZAI_API_KEY"),
];

/// A run as it is asked again.
pub(super) struct Call {
    pub(super) task: &'static str,
    /// The model, with the router's suffix where a policy was chosen.
    pub(super) model: String,
    /// The input's other fields, those that are set.
    pub(super) fields: Map<String, Value>,
    pub(super) files: Files,
    pub(super) place: Place,
    /// What our client would send first, or one sentence why that cannot be said.
    pub(super) sent: std::result::Result<Preview, String>,
    pub(super) answer: Answer,
}

/// Where it is asked.
pub(super) enum Place {
    Builtin,
    /// A Gradio Space, by its id or its address.
    Space {
        place: String,
    },
    HuggingFace {
        /// `None` where the router chooses.
        provider: Option<String>,
        bill_to: Option<String>,
        /// With the provider's own key, past the router.
        direct: bool,
    },
    Server {
        url: Url,
        keyed: bool,
        /// Names of further headers. Their values may be secrets: code reads them from variables.
        headers: Vec<String>,
    },
}

/// What came back.
pub(super) struct Answer {
    /// A name for the file that comes: `answer.png`.
    pub(super) file: String,
    /// The first answer was the file itself.
    pub(super) raw: bool,
    /// The first answer said where to ask on.
    pub(super) steps: bool,
    /// It was asked for again and again.
    pub(super) waits: bool,
}

impl Call {
    /// The variable that holds the key; `None` where none goes along.
    pub(super) fn variable(&self) -> Option<String> {
        match &self.place {
            Place::Builtin | Place::Space { .. } | Place::Server { keyed: false, .. } => None,
            Place::Server { .. } => Some("API_KEY".to_owned()),
            Place::HuggingFace { provider: Some(name), direct: true, .. } => {
                let known = VARIABLES.iter().find(|(known, _)| known == name);
                Some(
                    known.map_or_else(|| format!("{}_API_KEY", variable(name)), |(_, own)| (*own).to_owned()),
                )
            }
            Place::HuggingFace { .. } => Some("HF_TOKEN".to_owned()),
        }
    }

    /// The organisation that pays, and the header that says so.
    pub(super) fn bill_to(&self) -> Option<&str> {
        match &self.place {
            Place::HuggingFace { bill_to, direct: false, .. } => {
                bill_to.as_deref().filter(|org| !org.is_empty())
            }
            _ => None,
        }
    }

    /// A server's further headers, each with the variable that holds its value.
    pub(super) fn headers(&self) -> Vec<(&str, String)> {
        match &self.place {
            Place::Server { headers, .. } => {
                headers.iter().map(|name| (name.as_str(), variable(name))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a picture or a sound comes back.
    pub(super) fn makes_file(&self) -> bool {
        matches!(self.task, "text_to_image" | "image_to_image" | "text_to_speech")
    }

    /// Whether the answer comes in pieces.
    pub(super) fn streams(&self) -> bool {
        self.fields.get("stream") == Some(&Value::Bool(true))
    }
}

/// A name as an environment variable is called.
fn variable(name: &str) -> String {
    let sign = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = name.chars().map(sign).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

impl Playground {
    pub(super) async fn call_of(&self, id: String) -> Result<Call> {
        let mut run = self.run(Id { id: id.clone() }).await?;
        if let RunInput::TextGeneration(input) = &mut run.input {
            *input = self.with_pictures(input).await?;
        }
        let mut exchanges = self.exchanges(Id { id }).await?;
        let hub = self.inner.network.hub.origin();
        exchanges.retain(|one| Url::parse(&one.url).is_ok_and(|url| url.origin() != hub));
        let found = self.find_connection(&run.connection).await?;
        let provider = self.provider_asked(&run, exchanges.first());
        let reached = self.reached(&found, provider.as_deref(), &run.input).await;
        let direct = match &reached {
            Ok((_, route)) => matches!(route, Route::Provider { .. }),
            Err(_) => {
                exchanges.first().is_some_and(|one| !one.url.starts_with(self.inner.network.router.as_str()))
            }
        };
        let sent = match reached {
            Ok((client, route)) => preview(&client, &route, &run.input).await,
            Err(error) => Err(error),
        };
        let place = self.place(&found, provider.clone(), direct, sent.as_ref().ok()).await;
        let mut fields = fields(&run.input, sent.as_ref().ok())?;
        let model = fields.shift_remove("model").and_then(|model| model.as_str().map(str::to_owned));
        Ok(Call {
            task: run.input.task(),
            model: suffixed(model.unwrap_or_default(), provider.as_deref()),
            files: Files::of(&Value::Object(fields.clone())),
            fields,
            place,
            sent: sent.map_err(|error| error.message),
            answer: answer(&run, &exchanges),
        })
    }

    /// The provider that was asked for: a run remembers who answered, its first exchange whether that was the
    /// router's choice.
    fn provider_asked(&self, run: &Run, first: Option<&Exchange>) -> Option<String> {
        let router = self.inner.network.router.as_str().trim_end_matches('/');
        let automatic = first.filter(|one| one.url == format!("{router}/v1/chat/completions"));
        let Some(automatic) = automatic else { return run.provider.clone() };
        let body: Value = serde_json::from_str(&automatic.request.body).unwrap_or_default();
        let suffix = body["model"].as_str().and_then(|model| model.rsplit_once(':'))?.1.to_owned();
        let chosen_here = run.input.model().rsplit_once(':').is_none();
        (chosen_here && POLICIES.contains(&suffix.as_str())).then_some(suffix)
    }

    /// The route, with the key where there is one. Without one the Hub is asked as a stranger.
    async fn reached(
        &self,
        found: &Found,
        provider: Option<&str>,
        input: &RunInput,
    ) -> Result<(Client, Route)> {
        let Reach::HuggingFace { bill_to } = &found.reach else { return self.route(found, provider).await };
        let own = self.inner.keys.of_provider(provider).await?;
        if own.is_some() || self.key_of(found).await?.is_some() {
            return self.route(found, provider).await;
        }
        let network = &self.inner.network;
        let client = network.client_for(&self.settings_now(), &[&network.hub, &network.router])?;
        let automatic = matches!(input, RunInput::ChatCompletion(_)) && policy(provider);
        if !automatic && mapped(provider) {
            client.mapping(input.model(), None).await?;
        }
        // It is never sent: what the plan would ask the Hub for is known by now.
        let route = client.route(provider, Some(&"hf_".into()), bill_to.as_deref())?;
        Ok((client, route))
    }

    async fn place(
        &self,
        found: &Found,
        provider: Option<String>,
        direct: bool,
        sent: Option<&Preview>,
    ) -> Place {
        match &found.reach {
            Reach::Builtin => Place::Builtin,
            Reach::Space { place } => Place::Space { place: place.clone() },
            Reach::Server { url, headers } => Place::Server {
                url: url.clone(),
                keyed: self.key_of(found).await.is_ok_and(|key| key.is_some()),
                headers: headers.iter().map(|header| header.name.clone()).collect(),
            },
            Reach::HuggingFace { bill_to } => {
                let named = provider.filter(|name| !policy(Some(name)));
                let provider = named.or_else(|| sent.and_then(|sent| sent.provider.clone()));
                Place::HuggingFace { provider, bill_to: bill_to.clone(), direct }
            }
        }
    }
}

/// Whether the choice is left to others.
fn policy(provider: Option<&str>) -> bool {
    provider.is_none_or(|name| matches!(name, "" | "auto") || POLICIES.contains(&name))
}

fn mapped(name: Option<&str>) -> bool {
    name.filter(|_| !policy(name)).is_none_or(|name| provider(name).is_ok_and(|row| row.mapped))
}

/// The router reads a policy from the end of the model's id.
fn suffixed(model: String, provider: Option<&str>) -> String {
    match provider.filter(|name| POLICIES.contains(name) && !model.contains(':')) {
        Some(policy) => format!("{model}:{policy}"),
        None => model,
    }
}

async fn preview(client: &Client, route: &Route, input: &RunInput) -> Result<Preview> {
    macro_rules! each {
        ($($name:ident: $task:ident;)+) => {
            match input {
                // On the heap, so that twenty tasks take the room of one.
                $(RunInput::$task(input) => Box::pin(client.preview::<tasks::$task>(route, input)).await,)+
            }
        };
    }
    tasks::for_each_task!(each)
}

/// The input's fields, as the client understands them: what it adds and leaves out of a chat is known from what it
/// sends.
fn fields(input: &RunInput, sent: Option<&Preview>) -> Result<Map<String, Value>> {
    let Value::Object(mut fields) = to_value(input)? else {
        return Err(Error::new(ErrorCode::Internal, "This run's input has another shape. Start it again."));
    };
    fields.shift_remove("task");
    let streamable = matches!(input, RunInput::ChatCompletion(_) | RunInput::TextGeneration(_));
    if streamable {
        fields.entry("stream").or_insert(json!(true));
    }
    let Some(body) = sent.and_then(|sent| sent.request.body.json()).filter(|_| streamable) else {
        return Ok(fields);
    };
    for name in ["messages", "stream_options"] {
        match body.get(name).filter(|_| matches!(input, RunInput::ChatCompletion(_))) {
            Some(value) => drop(fields.insert(name.to_owned(), value.clone())),
            None if name == "stream_options" => drop(fields.shift_remove(name)),
            None => {}
        }
    }
    Ok(fields)
}

fn answer(run: &Run, exchanges: &[Exchange]) -> Answer {
    let kind = |one: &Exchange| {
        let mut headers = one.response.headers.iter();
        headers.find(|(name, _)| name == "content-type").map(|(_, kind)| kind.clone())
    };
    let kind = exchanges.first().and_then(kind).unwrap_or_default();
    let extension = match &run.output {
        RunOutput::TextToImage(output) | RunOutput::ImageToImage(output) => {
            output.images.first().map_or("png", |image| image.extension())
        }
        RunOutput::TextToSpeech(output) if !output.audio.bytes.is_empty() => output.audio.extension(),
        RunOutput::TextToSpeech(_) => "wav",
        _ => "json",
    };
    Answer {
        file: format!("answer.{extension}"),
        raw: kind.starts_with("image/") || kind.starts_with("audio/"),
        steps: exchanges.len() > 1,
        // One for the job, one for the file that it made.
        waits: exchanges.len() > 2,
    }
}
