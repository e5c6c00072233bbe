//! What a task is: its input, what streams while it runs, its output, and the closed error code.
//! Shared by the inference client and the built-in engine. No I/O, no clock, no threads.

mod chat_completion;
mod error;
mod progress;
mod text_generation;

pub use chat_completion::{
    ChatCompletion, ChatDelta, ChatInput, ChatOutput, Content, ImageUrl, Message, Part, Role, ToolCall,
    ToolFunction,
};
pub use error::{Error, ErrorCode, Result};
pub use progress::{Ending, FinishReason, Progress, Status, Timings, Usage};
pub use text_generation::{TextDelta, TextGeneration, TextInput, TextOutput};

use serde::{Serialize, de::DeserializeOwned};

/// One kind of work a model can be asked to do, by Hugging Face's name for it.
///
/// The three types are the same for every provider and for the built-in engine.
pub trait Task: Send + Sync + 'static {
    /// What the person asks for.
    type Input: Clone + Serialize + DeserializeOwned + Send + Sync;
    /// A piece of the answer, in order; joined they make the output.
    type Delta: Clone + Serialize + Send;
    /// The whole answer.
    type Output: Clone + Serialize + DeserializeOwned + Send;
    /// `huggingface_hub`'s method name, such as `chat_completion`.
    const NAME: &'static str;
}
