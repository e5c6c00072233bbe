//! How a task is tried: its answers along both ways, its refusals, and leaving before the answer.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use limerick_inference::{
    Client, ClientConfig, Ending, Error, ErrorCode, Key, Progress, Retries, Route, Server, Status, Style,
};
use limerick_tasks::{Task, TextGeneration, TextToImage};
use limerick_tests::transformers::Transformers;
use secrecy::SecretString;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::questions::{Question, Tried};

/// The promise of the law of runs.
const AT_ONCE: Duration = Duration::from_millis(100);
/// How long a call waits for a machine that is at work before it is cancelled.
const PATIENCE: Duration = Duration::from_millis(150);

/// A token that the server takes.
pub(crate) const TOKEN: &str = "hf_a_local_token";

/// What went wrong, one sentence.
pub(crate) type Outcome<T = ()> = std::result::Result<T, String>;

/// The server, our client, and what was noticed on the way.
pub(crate) struct Bench {
    /// The server.
    pub(crate) server: Transformers,
    /// Our client, to which the server is the Hub and the router.
    pub(crate) client: Client,
    /// Models that were seen while they loaded.
    loaded: Mutex<BTreeSet<&'static str>>,
    /// The longest time from cancelling a call to its end.
    pub(crate) slowest: Mutex<Duration>,
}

/// Which way a question goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    HuggingFace,
    Address,
}

/// What a call told and how it ended.
struct Heard<T: Task> {
    ending: std::result::Result<Ending<T::Output>, Error>,
    statuses: Vec<Status>,
    /// The words of the deltas.
    text: String,
}

impl Bench {
    /// Starts the server.
    pub(crate) fn start() -> Outcome<Self> {
        let server = Transformers::start();
        let retries = Retries { max: 60, base: Duration::from_millis(100), ..Retries::default() };
        let (hub, router) = (server.url().clone(), server.url().clone());
        let config = ClientConfig { hub, router, retries, ..ClientConfig::default() };
        let client = Client::new(config).map_err(|error| error.to_string())?;
        Ok(Self { server, client, loaded: Mutex::default(), slowest: Mutex::default() })
    }

    /// A token as a key.
    pub(crate) fn token(&self, token: &str) -> Outcome<Key> {
        let token = SecretString::from(token.to_owned());
        self.client.hugging_face_key(&token).map_err(|error| error.to_string())
    }

    /// How many models were seen while they loaded.
    pub(crate) fn seen_loading(&self) -> usize {
        self.loaded.lock().map(|loaded| loaded.len()).unwrap_or_default()
    }

    fn path(way: Way, model: &str) -> String {
        let prefix = if way == Way::HuggingFace { "/hf-inference" } else { "" };
        format!("{prefix}/models/acme/{model}")
    }

    fn route<T: Task>(&self, way: Way, model: &str, token: &str) -> Outcome<Route> {
        if way == Way::HuggingFace {
            let token = Some(self.token(token)?);
            return Ok(Route::HuggingFace { provider: Some("hf-inference".into()), token, bill_to: None });
        }
        let url = self.server.url().join(&Self::path(way, model)).map_err(|error| error.to_string())?;
        let style = if T::NAME == TextGeneration::NAME { Style::Tgi } else { Style::Auto };
        Ok(Route::Server(Server { url, key: None, headers: Vec::new(), style }))
    }

    async fn call<T: Tried>(
        &self,
        route: &Route,
        input: &T::Input,
        cancel: &CancellationToken,
        mut at: impl FnMut(&Progress<T::Delta>) + Send,
    ) -> Heard<T> {
        let (mut statuses, mut text) = (Vec::new(), String::new());
        let mut on = |progress: Progress<T::Delta>| {
            at(&progress);
            match progress {
                Progress::Status(status) => statuses.push(status),
                Progress::Delta(delta) => {
                    let delta = serde_json::to_value(delta).unwrap_or_default();
                    text.push_str(delta["text"].as_str().unwrap_or_default());
                }
            }
        };
        let ending = self.client.run::<T>(route, input, cancel, &mut on).await;
        Heard { ending, statuses, text }
    }

    /// Every question along both ways.
    pub(crate) async fn answers<T: Tried>(&self) -> Outcome {
        for (model, question) in T::good() {
            for way in [Way::HuggingFace, Way::Address] {
                let answered = self.answer::<T>(way, model, &question).await;
                answered.map_err(|words| format!("{way:?}, {}: {words}", shown(&question)))?;
            }
        }
        Ok(())
    }

    async fn answer<T: Tried>(&self, way: Way, model: &'static str, question: &Value) -> Outcome {
        let input = input::<T>(model, question)?;
        let route = self.route::<T>(way, model, TOKEN)?;
        let heard = self.call::<T>(&route, &input, &CancellationToken::new(), |_| {}).await;
        if heard.statuses.iter().any(|status| matches!(status, Status::Loading { .. })) {
            self.loaded.lock().map_err(|error| error.to_string())?.insert(model);
        }
        let output = match heard.ending {
            Ok(Ending::Done(output)) => output,
            Ok(Ending::Cancelled) => return Err("nobody cancelled".into()),
            Err(error) => return Err(format!("{:?}: {error}", error.code)),
        };
        let told = serde_json::to_value(&output).unwrap_or_default();
        if !heard.text.is_empty() && told["text"] != heard.text {
            return Err(format!("the deltas {:?} do not add up to {}", heard.text, shown(&told)));
        }
        if T::is_right(&input, &output) { Ok(()) } else { Err(format!("a wrong answer: {}", shown(&told))) }
    }

    /// A question that the model refuses, a model that is not there, and a token that is none.
    pub(crate) async fn refusals<T: Tried>(&self) -> Outcome {
        let ((model, question), code, words) = T::bad();
        for way in [Way::HuggingFace, Way::Address] {
            self.refused::<T>(way, (model, &question), TOKEN, (code, words)).await?;
            let (_, good) = T::good().swap_remove(0);
            let missing = (ErrorCode::Model, "does not exist");
            self.refused::<T>(way, ("no-such-model", &good), TOKEN, missing).await?;
        }
        let (model, good) = T::good().swap_remove(0);
        let no_token = (ErrorCode::Auth, "Invalid username or password");
        self.refused::<T>(Way::HuggingFace, (model, &good), "hf_short", no_token).await
    }

    async fn refused<T: Tried>(
        &self,
        way: Way,
        (model, question): (&str, &Value),
        token: &str,
        (code, words): (ErrorCode, &str),
    ) -> Outcome {
        let (route, input) = (self.route::<T>(way, model, token)?, input::<T>(model, question)?);
        let heard = self.call::<T>(&route, &input, &CancellationToken::new(), |_| {}).await;
        match heard.ending {
            Err(error) if error.code == code && error.message.contains(words) => Ok(()),
            Err(error) => Err(format!("{way:?}: not {code:?} with {words:?} but {:?}: {error}", error.code)),
            Ok(_) => Err(format!("{way:?}: {} was answered", shown(question))),
        }
    }

    /// Cancels a call in the middle of its answer, where that takes long, and one that waits for a machine at work.
    pub(crate) async fn leaving<T: Tried>(&self) -> Outcome {
        if let Some(question) = T::long() {
            for way in [Way::HuggingFace, Way::Address] {
                self.left::<T>(way, &question, true).await?;
            }
        }
        tokio::select! {
            biased;
            left = self.left_waiting::<T>() => left,
            ended = self.at_work() => Err(format!("the machine was no longer at work: {ended:?}")),
        }
    }

    async fn left_waiting<T: Tried>(&self) -> Outcome {
        self.told("/models/acme/text-to-image", "begun").await?;
        self.left::<T>(Way::HuggingFace, &T::good().swap_remove(0), false).await
    }

    /// Keeps the machine at work until this future is dropped.
    async fn at_work(&self) -> Outcome {
        let (model, question) = <TextToImage as Tried>::long().unwrap_or_default();
        let (route, input) =
            (self.route::<TextToImage>(Way::Address, model, "")?, input::<TextToImage>(model, &question)?);
        let heard = self.call::<TextToImage>(&route, &input, &CancellationToken::new(), |_| {}).await;
        heard.ending.map(drop).map_err(|error| error.to_string())
    }

    /// Cancels; the call ends at once, and the server sees us leave. In the middle, its model stops, too.
    async fn left<T: Tried>(&self, way: Way, (model, question): &Question, middle: bool) -> Outcome {
        let (route, input) = (self.route::<T>(way, model, TOKEN)?, input::<T>(model, question)?);
        let path = Self::asked_path::<T>(way, model);
        self.server.forget().await;
        let (cancel, at) = (CancellationToken::new(), OnceLock::new());
        let stop = || {
            at.get_or_init(Instant::now);
            cancel.cancel();
        };
        let call = self.call::<T>(&route, &input, &cancel, |progress| {
            if let Progress::Delta(_) = progress {
                stop();
            }
        });
        let later = async {
            let begun = if middle { self.told(&path, "begun").await } else { Ok(()) };
            tokio::time::sleep(PATIENCE).await;
            stop();
            begun
        };
        let ((heard, ended), begun) = tokio::join!(timed(call), later);
        begun?;
        let took = at.get().map_or(Duration::MAX, |at| ended.saturating_duration_since(*at));
        self.check_left::<T>(&heard, took)?;
        self.told(&path, "left").await?;
        if middle { self.told(&path, "stopped").await } else { Ok(()) }
    }

    fn check_left<T: Tried>(&self, heard: &Heard<T>, took: Duration) -> Outcome {
        match &heard.ending {
            Ok(Ending::Cancelled) => {}
            Ok(Ending::Done(_)) => return Err("it was answered before it could be cancelled".into()),
            Err(error) => return Err(format!("cancelling was an error: {error}")),
        }
        let mut slowest = self.slowest.lock().map_err(|error| error.to_string())?;
        *slowest = took.max(*slowest);
        if took < AT_ONCE { Ok(()) } else { Err(format!("it ended only after {took:?}")) }
    }

    async fn told(&self, path: &str, state: &str) -> Outcome {
        let told = self.server.says(path, state).await;
        told.then_some(()).ok_or_else(|| format!("the server never said of {path}: {state}"))
    }

    /// Where the server saw the question.
    fn asked_path<T: Tried>(way: Way, model: &str) -> String {
        let base = Self::path(way, model);
        match (T::NAME, way) {
            ("chat_completion", _) => format!("{base}/v1/chat/completions"),
            ("text_generation", Way::Address) => format!("{base}/generate_stream"),
            ("feature_extraction", Way::HuggingFace) => format!("{base}/pipeline/feature-extraction"),
            ("sentence_similarity", Way::HuggingFace) => format!("{base}/pipeline/sentence-similarity"),
            _ => base,
        }
    }
}

/// A future's output, and when it was there.
async fn timed<O>(work: impl Future<Output = O>) -> (O, Instant) {
    (work.await, Instant::now())
}

/// The input of a question.
fn input<T: Task>(model: &str, question: &Value) -> Outcome<T::Input> {
    let mut question = question.clone();
    question["model"] = format!("acme/{model}").into();
    serde_json::from_value(question).map_err(|error| error.to_string())
}

/// The beginning of some JSON.
fn shown(value: &Value) -> String {
    value.to_string().chars().take(200).collect()
}
