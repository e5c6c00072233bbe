//! What a task is: its input, what streams while it runs, its output, and the closed error code.
//! Shared by the inference client and the built-in engine. No I/O, no clock, no threads.

mod automatic_speech_recognition;
mod chat_completion;
mod check;
mod error;
mod image_to_image;
mod media;
mod progress;
mod text_generation;
mod text_to_image;
mod text_to_speech;

pub use automatic_speech_recognition::{
    AutomaticSpeechRecognition, SpeechChunk, SpeechRecognitionInput, SpeechRecognitionOutput,
};
pub use chat_completion::{
    ChatCompletion, ChatDelta, ChatInput, ChatOutput, Content, ImageUrl, Message, Part, Role, ToolCall,
    ToolFunction,
};
pub use error::{Error, ErrorCode, Result};
pub use image_to_image::{ImageToImage, ImageToImageInput, TargetSize};
pub use media::Media;
pub use progress::{Ending, FinishReason, Progress, Status, Timings, Usage};
pub use text_generation::{TextDelta, TextGeneration, TextInput, TextOutput};
pub use text_to_image::{ImageOutput, TextToImage, TextToImageInput};
pub use text_to_speech::{AudioOutput, TextToSpeech, TextToSpeechInput};

use serde::{Serialize, de::DeserializeOwned};
use ts_rs::TS;

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

    /// The model that the input names; empty means the connection's own choice.
    fn model(input: &Self::Input) -> &str;

    /// Checks what can be checked before anything is sent: what must be there, and every range.
    ///
    /// # Errors
    /// `input`, with the field's name and the range that it has.
    fn check(input: &Self::Input) -> Result<()> {
        let _ = input;
        Ok(())
    }
}

/// The delta of a task that answers in one piece: there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub enum NoDelta {}
