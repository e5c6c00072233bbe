//! Talks to inference providers; does not know there is an app.
//!
//! [`Client::run`] takes a task's input along a [`Route`] and tells its progress; [`PROVIDERS`] says who offers
//! what. Everything but `client` is pure.

mod address;
mod client;
mod error;
#[cfg(test)]
mod fuzz;
mod gradio;
mod hub;
mod key;
mod providers;
mod server;
mod sse;
mod voices;
mod wire;

pub use address::server_url;
pub use client::{
    Client, ClientConfig, Deadlines, Download, Exchange, Preview, Received, Retries, Route, Server, Sheet,
    Sight,
};
pub use gradio::{
    Change, Choice, Endpoint, Parameter, ParameterKind, Returned, Space, SpaceDelta, SpaceFile, SpaceOutput,
    space_address,
};
pub use hub::{
    ChatTemplate, DeviceCode, Granted, Mapping, ModelCard, ModelHit, ModelPage, ModelProvider, ModelQuery,
    Org, RateLimit, RouterModel, SORTS, Serving, Templates, TokenScope, WhoAmI, serving,
};
pub use key::{Key, Scheme};
pub use limerick_tasks::{
    ChatCompletion, ChatDelta, ChatInput, ChatOutput, Content, Ending, Error, ErrorCode, FinishReason,
    ImageUrl, Media, Message, NoDelta, Part, Progress, Result, Role, Status, Task, TextDelta, TextGeneration,
    TextInput, TextOutput, Timings, ToolCall, ToolFunction, Usage,
};
pub use providers::{
    Adapter, GENERATION, Lora, PROVIDERS, Place, Provider, Reader, Step, Style, Target, WireTask,
    mapping_name, provider,
};
pub use server::{ServerKind, ServerModel, ServerReport};
pub use sse::Event;
pub use wire::{Body, FormField, Head, Method, Next, ReadNext, Reply, Request, Response, Written};
