//! The contract with every front: one row a command. TypeScript is generated from this table,
//! and a front reaches all of them through `Playground::call` and `Playground::stream`.
//!
//! To add a command: write its row here, its method on `Playground`, then run `cargo xtask bindings`.

use limerick_inference::{Exchange, RateLimit};
use limerick_sound::Peaks;
use limerick_tasks::{Error, ErrorCode, Result, Role, Voice};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{
    Account, Address, AppInfo, BarkRoute, BuiltinModel, Columns, Connection, Conversation,
    ConversationSummary, DescribeModel, EditRow, ExportRuns, ExportTable, Exported, FetchEvent,
    FilterChoices, FoundModels, FoundToken, ListConversations, ListPictures, ListRows, ListRuns, ListVoices,
    Look, MakePeaks, MakePrompt, MakeTable, Meanings, ModelFacts, ModelRow, MoveRun, PauseQueue,
    PictureFacts, PicturePage, Playground, PreparePicture, PreparedPicture, Prompt, Queue, Repeated, RowPage,
    Run, RunEvent, RunPage, RunTable, SaveConnection, SavePicture, SaveSound, SearchModels, SetKey, Settings,
    SignIn, SignInEvent, Snippet, SoundFile, SplitText, StartRun, Storage, Table, TableEvent, TableFile,
    TableRow, TestReport, UseToken,
};

/// No arguments, or nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// One thing by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Id {
    /// The id.
    pub id: String,
}

/// Several things by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ids {
    /// The ids.
    pub ids: Vec<String>,
}

/// Which models to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListModels {
    /// The connection.
    pub connection: String,
    /// Only models for this task (`chat_completion`, `text_generation`).
    pub task: String,
    /// Ask again, past the cache of ten minutes.
    #[serde(default)]
    pub refresh: bool,
}

/// Stars, tags or annotates runs; what is not set stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MarkRuns {
    /// Which.
    pub ids: Vec<String>,
    /// Starred or not.
    #[ts(optional)]
    pub favourite: Option<bool>,
    /// Tags to add, 1 to 60 characters each.
    #[ts(optional, as = "Option<Vec<String>>")]
    pub add_tags: Vec<String>,
    /// Tags to take away.
    #[ts(optional, as = "Option<Vec<String>>")]
    pub remove_tags: Vec<String>,
    /// The person's own words, at most 10,000 characters.
    #[ts(optional)]
    pub note: Option<String>,
}

/// Text for a thing: a title, a system prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetText {
    /// The thing's id.
    pub id: String,
    /// The text.
    pub text: String,
}

/// Writes a message beside another, without a run (the person edits an answer); it keeps its pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditMessage {
    /// The message whose sibling is made.
    pub message: String,
    /// Who speaks in it.
    pub role: Role,
    /// What it says.
    pub text: String,
}

/// A path to a file of the person's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct File {
    /// Absolute path.
    pub path: String,
}

/// Writes the contract once; the macros `for_each_command!` and `for_each_stream!` hand it to whoever needs it
/// (the dispatcher of `Playground`, the generator of TypeScript).
macro_rules! for_each_command {
    ($use_rows:ident) => {
        $use_rows! {
            /// What the app is and where its files lie.
            app_info(Nothing) -> AppInfo;
            /// All settings.
            settings(Nothing) -> Settings;
            /// Stores all settings.
            set_settings(Settings) -> Nothing;
            /// All connections, Built-in first.
            connections(Nothing) -> Vec<Connection>;
            /// Makes or changes a connection.
            save_connection(SaveConnection) -> Connection;
            /// Forgets a server connection and its key.
            remove_connection(Id) -> Nothing;
            /// Says what a connection finds.
            test_connection(Id) -> TestReport;
            /// Keeps a key for a connection's origin; says where.
            set_key(SetKey) -> Connection;
            /// Forgets a connection's key.
            forget_key(Id) -> Connection;
            /// Hugging Face tokens that other programs keep on this machine, with where they lie.
            found_tokens(Nothing) -> Vec<FoundToken>;
            /// Keeps one of these tokens for the Hugging Face connection.
            use_token(UseToken) -> Connection;
            /// Stops a sign-in. Never an error.
            stop_sign_in(Nothing) -> Nothing;
            /// Who the Hugging Face connection's token belongs to, and what it may do.
            whoami(Look) -> Account;
            /// What the Hub last said of how many questions it takes.
            rate_limits(Nothing) -> Vec<RateLimit>;
            /// Models that a connection offers for a task.
            models(ListModels) -> Vec<ModelRow>;
            /// Finds models on the Hub.
            search_models(SearchModels) -> FoundModels;
            /// Describes a model of the Hub: what it is, who serves it, at which price.
            model_card(DescribeModel) -> ModelFacts;
            /// The exact prompt that a model reads: its chat template, rendered, or a gap to be filled.
            template(MakePrompt) -> Prompt;
            /// The ways to Bark, and which of them are open to this person.
            bark_routes(Nothing) -> Vec<BarkRoute>;
            /// Models that run inside the app.
            builtin_models(Nothing) -> Vec<BuiltinModel>;
            /// Deletes a fetched model, or takes the person's own file off the list.
            remove_model(Id) -> Nothing;
            /// Adds a file of the person's own: a language model (GGUF) or a voice (Piper's ONNX).
            add_model(File) -> BuiltinModel;
            /// Stops fetching or verifying a model.
            stop_fetch(Id) -> Nothing;
            /// Stops a run; what came is kept. Never an error.
            stop_run(Id) -> Nothing;
            /// One run.
            run(Id) -> Run;
            /// What went over the wire in a run, secrets masked.
            exchanges(Id) -> Vec<Exchange>;
            /// A run as code that asks the same, in every language.
            code(Id) -> Vec<Snippet>;
            /// A page of History.
            runs(ListRuns) -> RunPage;
            /// Deletes runs; `restore_runs` undoes it until the app closes.
            delete_runs(Ids) -> Nothing;
            /// Undoes `delete_runs`.
            restore_runs(Ids) -> Nothing;
            /// Stars, tags or annotates runs.
            mark_runs(MarkRuns) -> Nothing;
            /// Exports runs with their pictures and parameters.
            export_runs(ExportRuns) -> Exported;
            /// A piece of the gallery: pictures that runs made.
            pictures(ListPictures) -> PicturePage;
            /// What can be chosen in the filters of History.
            filter_choices(Nothing) -> FilterChoices;
            /// One picture's facts, and how it was made as far as its file tells.
            picture(Address) -> PictureFacts;
            /// Takes in a picture file of the person's own.
            open_picture(File) -> PictureFacts;
            /// Saves a picture where the person wants it, its settings in it.
            save_picture(SavePicture) -> Nothing;
            /// Whether a repeated run gave the same pictures.
            repeated(Id) -> Repeated;
            /// The voices that a model speaks with, as far as they are known; empty where any may be named.
            voices(ListVoices) -> Vec<Voice>;
            /// Splits a text at its sentences into takes that last so many seconds at most.
            takes(SplitText) -> Vec<String>;
            /// One sound's facts.
            sound(Address) -> SoundFile;
            /// Takes in a sound file of the person's own.
            open_sound(File) -> SoundFile;
            /// The shape of a sound, for drawing it.
            peaks(MakePeaks) -> Peaks;
            /// Saves a sound, or several joined, where the person wants it.
            save_sound(SaveSound) -> Nothing;
            /// Makes a picture ready for sending, and says what it will cost.
            prepare_picture(PreparePicture) -> PreparedPicture;
            /// What the data folder holds.
            storage(Nothing) -> Storage;
            /// The queue as it stands; takes up what waited in an app that is gone.
            queue(Nothing) -> Queue;
            /// Lets the queue rest or go on.
            pause_queue(PauseQueue) -> Queue;
            /// Gives a waiting run another place.
            move_run(MoveRun) -> Queue;
            /// Stops several runs, waiting or under way. Never an error.
            stop_runs(Ids) -> Nothing;
            /// All conversations of a kind, newest first.
            conversations(ListConversations) -> Vec<ConversationSummary>;
            /// One conversation with its open path.
            conversation(Id) -> Conversation;
            /// Names a conversation.
            set_title(SetText) -> Nothing;
            /// Sets a conversation's system prompt.
            set_system(SetText) -> Nothing;
            /// Opens the path that leads through this message to its newest end.
            open_branch(Id) -> Conversation;
            /// Writes a message beside another.
            edit_message(EditMessage) -> Conversation;
            /// Deletes a conversation with its runs; `restore_conversation` undoes it until the app closes.
            delete_conversation(Id) -> Nothing;
            /// Undoes `delete_conversation`.
            restore_conversation(Id) -> Nothing;
            /// All tables, newest first.
            tables(Nothing) -> Vec<Table>;
            /// Makes a table of many rows; nothing runs yet.
            make_table(MakeTable) -> Table;
            /// Looks into a CSV or JSONL file.
            columns(File) -> Columns;
            /// A piece of a table.
            table_rows(ListRows) -> RowPage;
            /// Works on a table's rows, several at a time.
            run_table(RunTable) -> Table;
            /// Stops working on a table; what has come is kept.
            rest_table(Id) -> Table;
            /// Writes an answer in place of the model's, or takes the model's again.
            edit_row(EditRow) -> TableRow;
            /// Writes a table to a file, or beside its pictures.
            export_table(ExportTable) -> TableFile;
            /// Deletes a table; its runs stay in History. `restore_table` undoes it until the app closes.
            delete_table(Id) -> Nothing;
            /// Undoes `delete_table`.
            restore_table(Id) -> Nothing;
            /// What search by meaning can do now.
            meanings(Nothing) -> Meanings;
        }
    };
}

/// The rows that answer with a stream of events.
macro_rules! for_each_stream {
    ($use_rows:ident) => {
        $use_rows! {
            /// Starts a run: stored first, then sent.
            start_run(StartRun) -> RunEvent;
            /// Follows a run that is under way (after a reload of the page): first one delta with all that
            /// came, then what comes. A run that has ended gives its ending at once.
            watch_run(Id) -> RunEvent;
            /// Signs in to Hugging Face with a code that the person enters in their browser.
            sign_in(SignIn) -> SignInEvent;
            /// Fetches a built-in model.
            fetch_model(Id) -> FetchEvent;
            /// Checks a model's hash.
            verify_model(Id) -> FetchEvent;
            /// Follows a table: its rows as they change, at most ten times a second.
            watch_table(Id) -> TableEvent;
        }
    };
}

#[cfg(test)]
pub(crate) use {for_each_command, for_each_stream};

macro_rules! call_rows {
    ($($(#[doc = $about:literal])+ $name:ident($args:ty) -> $reply:ty;)+) => {
        impl Playground {
            /// Calls a command of the contract by its name. Pictures and sounds in the answer are addresses.
            ///
            /// # Errors
            /// The command's own; `Input` for an unknown name or arguments of another shape.
            pub async fn call(&self, name: &str, args: Value) -> Result<Value> {
                match name {
                    $(stringify!($name) => {
                        let args = from_value::<$args>(name, args)?;
                        let reply: $reply = Box::pin(self.$name(args)).await?;
                        Ok(self.addressed(to_value(&reply)?))
                    })+
                    _ => Err(unknown(name)),
                }
            }
        }
    };
}

macro_rules! stream_rows {
    ($($(#[doc = $about:literal])+ $name:ident($args:ty) -> $event:ty;)+) => {
        impl Playground {
            /// Calls a command that answers with events, by its name; returns after the last event. Dropping
            /// the future stops nothing. Pictures and sounds are addresses in what comes, and may be in `args`.
            ///
            /// # Errors
            /// `Input` for an unknown name, arguments of another shape, or a thing that is not there; whatever
            /// goes wrong later comes as an event.
            pub async fn stream(
                &self,
                name: &str,
                args: Value,
                on: impl Fn(Value) + Send + Sync + 'static,
            ) -> Result<()> {
                let (args, window) = (self.with_bytes(args).await?, self.clone());
                match name {
                    $(stringify!($name) => {
                        let args = from_value::<$args>(name, args)?;
                        let on = move |event: $event| match to_value(&event) {
                            Ok(event) => on(window.addressed(event)),
                            Err(error) => tracing::error!(detail = error.detail, "an event was lost: {error}"),
                        };
                        Box::pin(self.$name(args, on)).await
                    })+
                    _ => Err(unknown(name)),
                }
            }
        }
    };
}

for_each_command!(call_rows);
for_each_stream!(stream_rows);

fn from_value<T: DeserializeOwned>(name: &str, args: Value) -> Result<T> {
    let args = if args.is_null() { Value::Object(Map::new()) } else { args };
    serde_json::from_value(args).map_err(|cause| {
        Error::new(ErrorCode::Input, format!("The arguments of {name} have another shape."))
            .with_detail(cause)
    })
}

pub(crate) fn to_value(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|cause| Error::internal("write the answer", cause))
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorCode::Input, format!("There is no command {name}."))
}
