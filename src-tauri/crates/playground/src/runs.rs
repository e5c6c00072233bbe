//! What a run is: one start, any number of deltas and statuses, exactly one ending, then nothing.

use limerick_tasks::{
    self as tasks, ChatDelta, Error, ImageDelta, NoDelta, SpeechDelta, Status, Task, TextDelta, Words,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Writes the input and the output of a run, by task, from the list of all tasks.
macro_rules! by_task {
    ($($name:ident: $task:ident;)+) => {
        /// What a run asks for, by task.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        #[serde(tag = "task", rename_all = "snake_case")]
        #[expect(clippy::large_enum_variant, reason = "there is one of it a run, and it is never in a list")]
        pub enum RunInput {
            $(#[doc = concat!("Of `", stringify!($name), "`.")]
            $task(<tasks::$task as Task>::Input),)+
        }

        impl RunInput {
            /// `huggingface_hub`'s name of the task.
            pub fn task(&self) -> &'static str {
                match self { $(Self::$task(_) => <tasks::$task as Task>::NAME,)+ }
            }

            /// The model as the person picked it.
            pub fn model(&self) -> &str {
                match self { $(Self::$task(input) => <tasks::$task as Task>::model(input),)+ }
            }

            /// What the person asked, in words; empty for a picture or a sound alone.
            pub fn words(&self) -> String {
                match self { $(Self::$task(input) => <tasks::$task as Words>::asked(input),)+ }
            }

            /// Whether its answer is pictures.
            pub(crate) fn makes_pictures(&self) -> bool {
                matches!(self, Self::TextToImage(_) | Self::ImageToImage(_))
            }

            pub(crate) fn nothing_yet(&self) -> RunOutput {
                match self { $(Self::$task(_) => RunOutput::$task(Default::default()),)+ }
            }
        }

        /// A run's answer, by task. After a Stop, a failure or a crash it holds what had come.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        #[serde(tag = "task", rename_all = "snake_case")]
        pub enum RunOutput {
            $(#[doc = concat!("Of `", stringify!($name), "`.")]
            $task(<tasks::$task as Task>::Output),)+
        }

        impl RunOutput {
            /// The answer in words; empty for a picture or a sound.
            pub fn words(&self) -> String {
                match self { $(Self::$task(output) => <tasks::$task as Words>::answered(output),)+ }
            }
        }
    };
}

tasks::for_each_task!(by_task);

/// A piece of a run's answer, by task; the other tasks answer in one piece.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum RunDelta {
    /// Of a chat.
    ChatCompletion(ChatDelta),
    /// Of a completion.
    TextGeneration(TextDelta),
    /// Of a voice.
    TextToSpeech(SpeechDelta),
    /// Of a picture: what it looks like so far, in place of what came before.
    TextToImage(ImageDelta),
}

impl From<ChatDelta> for RunDelta {
    fn from(delta: ChatDelta) -> Self {
        Self::ChatCompletion(delta)
    }
}

impl From<TextDelta> for RunDelta {
    fn from(delta: TextDelta) -> Self {
        Self::TextGeneration(delta)
    }
}

impl From<SpeechDelta> for RunDelta {
    fn from(delta: SpeechDelta) -> Self {
        Self::TextToSpeech(delta)
    }
}

impl From<ImageDelta> for RunDelta {
    fn from(delta: ImageDelta) -> Self {
        Self::TextToImage(delta)
    }
}

impl From<NoDelta> for RunDelta {
    fn from(none: NoDelta) -> Self {
        match none {}
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It waits in the queue; nothing was sent yet.
    Waiting,
    /// It runs in this process.
    Running,
    /// It ended by itself.
    Done,
    /// It ended with an error.
    Failed,
    /// The person stopped it.
    Cancelled,
    /// The app went away while it ran; what had come is kept.
    Interrupted,
}

/// What was measured of a run. Times in milliseconds from the start of the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Figures {
    /// To the first delta, loading the model included; of a voice, to the first sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub first_token_ms: Option<f64>,
    /// To the ending.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total_ms: Option<f64>,
    /// Answer tokens a second, after the first; the engine's own figure where it gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tokens_per_second: Option<f64>,
    /// Tokens of the prompt, as counted by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub prompt_tokens: Option<u32>,
    /// Tokens of the answer: the server's count, else deltas received so far (then `estimated`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub completion_tokens: Option<u32>,
    /// `completion_tokens` is our own count of deltas.
    pub estimated: bool,
    /// US dollars, where the price is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub cost_usd: Option<f64>,
    /// Who had the answer already; none where it was made for this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub cached: Option<crate::Cached>,
}

/// Starts a run. The UI names it, so that it can stop it before the first event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StartRun {
    /// A fresh UUID, made by the caller.
    pub id: String,
    /// Which connection; `builtin` always exists.
    pub connection: String,
    /// `fastest`, `cheapest`, `preferred`, a provider's name, or `None` for the connection's own choice.
    #[serde(default)]
    #[ts(optional)]
    pub provider: Option<String>,
    /// What is asked. With a `turn`, the conversation fills in a chat's `messages`, and where they are empty a prompt (in
    /// Idefics2's form), a picture and a question.
    pub input: RunInput,
    /// Where the answer belongs in a conversation; `None` for a run of its own.
    #[serde(default)]
    #[ts(optional)]
    pub turn: Option<crate::Turn>,
    /// Seconds for all of it; then the run fails with `timeout`, and what came is kept.
    #[serde(default)]
    #[ts(optional)]
    pub deadline: Option<f64>,
    /// Whether it takes its turn in the queue, instead of starting at once.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub queued: bool,
    /// Runs that were asked for together (several pictures of one prompt, the cells of a grid) share this UUID.
    #[serde(default)]
    #[ts(optional)]
    pub batch: Option<String>,
    /// The run that this one repeats exactly, to see whether the same comes again.
    #[serde(default)]
    #[ts(optional)]
    pub repeats: Option<String>,
    /// Asks even where the history or the server has the answer already.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub anew: bool,
}

impl StartRun {
    /// A run of its own under a fresh id, started at once.
    pub fn new(connection: impl Into<String>, input: RunInput) -> Self {
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            connection: connection.into(),
            provider: None,
            input,
            turn: None,
            deadline: None,
            queued: false,
            batch: None,
            repeats: None,
            anew: false,
        }
    }
}

/// What happens in a run, in order. After `done`, `failed` or `cancelled` nothing follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunEvent {
    /// The run is stored and begins; for a turn, the ids of its messages are known.
    Started {
        /// The conversation it belongs to (made now, where the turn asked for a new one).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        conversation: Option<String>,
        /// The person's message of this turn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        user_message: Option<String>,
        /// The answer's message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        assistant_message: Option<String>,
    },
    /// Where it stands.
    Status {
        /// The status.
        status: Status,
    },
    /// More of the answer (several deltas joined: one event every 16 to 33 ms at most).
    Delta {
        /// The piece.
        delta: RunDelta,
        /// Bytes of answer text (not reasoning) before this piece: a watcher that joined late can check that
        /// it missed nothing.
        offset: usize,
        /// Figures so far.
        figures: Figures,
    },
    /// It ended by itself.
    Done {
        /// The whole answer.
        output: RunOutput,
        /// What was measured.
        figures: Figures,
    },
    /// It ended with an error; what came before is kept.
    Failed {
        /// The error.
        #[serde(flatten)]
        error: Error,
        /// What had come.
        output: RunOutput,
        /// What was measured.
        figures: Figures,
    },
    /// The person stopped it; what came before is kept.
    Cancelled {
        /// What had come.
        output: RunOutput,
        /// What was measured.
        figures: Figures,
    },
}

/// One run as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Run {
    /// Its UUID.
    pub id: String,
    /// Where it stands.
    pub state: RunState,
    /// When it was started, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub created_at: i64,
    /// Id of the connection it ran on (which may be gone by now).
    pub connection: String,
    /// That connection's name at the time.
    pub connection_name: String,
    /// The provider asked for (`fastest`, a name) or, once known, the one that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
    /// The model that answers, as a person knows it.
    pub model: String,
    /// What was asked.
    pub input: RunInput,
    /// What came.
    pub output: RunOutput,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<Error>,
    /// What was measured.
    pub figures: Figures,
    /// The conversation it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub conversation: Option<String>,
    /// The message there that holds its answer: `open_branch` opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub assistant_message: Option<String>,
    /// What it was asked for together with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub batch: Option<String>,
    /// The run that it repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub repeats: Option<String>,
    /// It was to be asked even where the answer was there already.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub anew: bool,
    /// What the person made of it.
    pub marks: Marks,
}

/// What the person made of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Marks {
    /// Starred.
    pub favourite: bool,
    /// In alphabetical order.
    pub tags: Vec<String>,
    /// The person's own words.
    pub note: String,
}
