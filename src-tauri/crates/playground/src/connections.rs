//! Connections: what the app can talk to, and how it is tested.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The kinds of connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    /// The engine inside the app.
    Builtin,
    /// Hugging Face's router and its Inference Providers.
    HuggingFace,
    /// Any OpenAI-compatible or TGI server, or an Inference Endpoint.
    Server,
    /// A Gradio Space: pictures and voices.
    Space,
}

/// A header that is sent to a server with each request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value; not for keys (a key belongs in the keychain).
    pub value: String,
}

/// A connection as the UI sees it: never with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Connection {
    /// `builtin`, `hf`, or a UUID.
    pub id: String,
    /// What it reaches.
    pub kind: ConnectionKind,
    /// The person's name for it.
    pub name: String,
    /// A server's base URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub url: Option<String>,
    /// Extra headers for a server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// Hugging Face: the organisation that pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub bill_to: Option<String>,
    /// A Space's id (`owner/name`) or address, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub space: Option<String>,
    /// Whether a key is stored or found for it.
    pub has_key: bool,
    /// Where that key was found, in plain words ("your keychain", "`HF_TOKEN`", …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key_source: Option<String>,
}

/// A connection to be made or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SaveConnection {
    /// `None` makes a new connection to a server or a Space.
    #[ts(optional)]
    pub id: Option<String>,
    /// The person's name for it; empty takes the host's.
    pub name: String,
    /// Base URL of a server: `http` or `https`.
    #[ts(optional)]
    pub url: Option<String>,
    /// Extra headers for a server.
    pub headers: Vec<Header>,
    /// Hugging Face: the organisation that pays.
    #[ts(optional)]
    pub bill_to: Option<String>,
    /// Instead of a base URL: a Space's id on the Hub, its page there, or its own address.
    #[ts(optional)]
    pub space: Option<String>,
}

/// Stores a key for a connection's origin. It is read from the UI's call and never written anywhere else.
#[derive(Clone, Deserialize, TS)]
pub struct SetKey {
    /// The connection.
    pub connection: String,
    /// The key; surrounding white space is dropped.
    pub key: String,
    /// Where no keychain works: the person agrees to a file that only they can read; else it is kept until the
    /// app closes.
    #[serde(default)]
    pub allow_file: bool,
}

/// Where keys are kept on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyStorage {
    /// The system's keychain.
    Keychain,
    /// A file that only the person can read.
    File,
    /// Memory, until the app closes.
    Memory,
}

/// What a Test button found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TestReport {
    /// One sentence: "llama.cpp server, 1 model, answers in 3 ms".
    pub summary: String,
    /// More lines: account, plan, organisations, version, models.
    pub details: Vec<String>,
    /// Organisations that could pay (Hugging Face).
    #[serde(default)]
    pub organisations: Vec<String>,
    /// How long the test took, milliseconds.
    pub ms: f64,
}

/// A provider that serves a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProviderRow {
    /// Its name on the wire.
    pub name: String,
    /// It passed its last health check.
    pub live: bool,
    /// Tokens of context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub context_length: Option<u32>,
    /// US dollars for a million tokens of prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub input_price: Option<f64>,
    /// US dollars for a million tokens of answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub output_price: Option<f64>,
    /// Tokens a second, as the router measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub throughput: Option<f64>,
    /// Milliseconds to the first token, as the router measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub first_token_latency_ms: Option<f64>,
    /// It takes tools.
    pub tools: bool,
    /// It takes a JSON schema.
    pub structured_output: bool,
    /// Names of the asked task's parameters that have no effect there.
    #[serde(default)]
    pub ignored: Vec<String>,
}

/// A model that can be picked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelRow {
    /// Its id on the wire.
    pub id: String,
    /// How a person knows it.
    pub name: String,
    /// One plain sentence, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<String>,
    /// Tasks it can do here.
    pub tasks: Vec<String>,
    /// The largest context any provider offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub context_length: Option<u32>,
    /// It sees pictures.
    pub vision: bool,
    /// It is ready to answer (a built-in model that is not yet here is not).
    pub ready: bool,
    /// Who serves it; empty for built-in models, servers and Spaces.
    pub providers: Vec<ProviderRow>,
    /// Names of the asked task's parameters that it has no place for.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Hugging Face: when this was known, milliseconds since 1970 UTC; it may come from the disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub as_of: Option<i64>,
}
