//! What a task is: its input, what streams while it runs, its output, and the closed error code.
//! Shared by the inference client and the built-in engine. No I/O, no clock, no threads.

mod automatic_speech_recognition;
mod chat_completion;
mod check;
mod error;
mod feature_extraction;
mod fill_mask;
mod image_classification;
mod image_to_image;
mod image_to_text;
mod labels;
mod media;
mod object_detection;
mod progress;
mod question_answering;
mod sentence_similarity;
mod summarization;
mod text_classification;
mod text_generation;
mod text_to_image;
mod text_to_speech;
mod token_classification;
mod translation;
mod visual_question_answering;
mod words;
mod zero_shot_classification;
mod zero_shot_image_classification;

pub use automatic_speech_recognition::{
    AutomaticSpeechRecognition, SpeechChunk, SpeechRecognitionInput, SpeechRecognitionOutput,
};
pub use chat_completion::{
    ChatCompletion, ChatDelta, ChatInput, ChatOutput, Content, ImageUrl, Message, Part, Role, ToolCall,
    ToolFunction,
};
pub use error::{Error, ErrorCode, Result};
pub use feature_extraction::{
    EncodingFormat, FeatureExtraction, FeatureExtractionInput, FeatureExtractionOutput, Texts,
    TruncationDirection,
};
pub use fill_mask::{FillMask, FillMaskInput, FillMaskOutput, MaskFilling};
pub use image_classification::{ImageClassification, ImageClassificationInput};
pub use image_to_image::{ImageToImage, ImageToImageInput, TargetSize};
pub use image_to_text::{ImageToText, ImageToTextInput, ImageToTextOutput};
pub use labels::{Label, Labels, OutputTransform};
pub use media::Media;
pub use object_detection::{
    BoundingBox, DetectedObject, ObjectDetection, ObjectDetectionInput, ObjectDetectionOutput,
};
pub use progress::{Ending, FinishReason, Progress, Status, Timings, Usage};
pub use question_answering::{
    QuestionAnswering, QuestionAnsweringInput, QuestionAnsweringOutput, TextAnswer,
};
pub use sentence_similarity::{SentenceSimilarity, SentenceSimilarityInput, SentenceSimilarityOutput};
pub use summarization::{Summarization, SummarizationInput, SummarizationOutput, Truncation};
pub use text_classification::{TextClassification, TextClassificationInput};
pub use text_generation::{TextDelta, TextGeneration, TextInput, TextOutput};
pub use text_to_image::{ImageDelta, ImageOutput, TextToImage, TextToImageInput};
pub use text_to_speech::{AudioOutput, Caption, SpeechDelta, TextToSpeech, TextToSpeechInput, Voice};
pub use token_classification::{
    AggregationStrategy, Entity, TokenClassification, TokenClassificationInput, TokenClassificationOutput,
};
pub use translation::{Translation, TranslationInput, TranslationOutput};
pub use visual_question_answering::{
    VisualAnswer, VisualQuestionAnswering, VisualQuestionAnsweringInput, VisualQuestionAnsweringOutput,
};
pub use words::Words;
pub use zero_shot_classification::{ZeroShotClassification, ZeroShotClassificationInput};
pub use zero_shot_image_classification::{ZeroShotImageClassification, ZeroShotImageClassificationInput};

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

/// Hands the list of all tasks to a macro: one row a task, its name and its type.
///
/// ```
/// macro_rules! names {
///     ($($name:ident: $task:ident;)+) => { [$(<limerick_tasks::$task as limerick_tasks::Task>::NAME),+] };
/// }
/// assert!(limerick_tasks::for_each_task!(names).contains(&"chat_completion"));
/// ```
#[macro_export]
macro_rules! for_each_task {
    ($then:ident) => {
        $then! {
            chat_completion: ChatCompletion;
            text_generation: TextGeneration;
            text_to_image: TextToImage;
            image_to_image: ImageToImage;
            text_to_speech: TextToSpeech;
            automatic_speech_recognition: AutomaticSpeechRecognition;
            image_to_text: ImageToText;
            visual_question_answering: VisualQuestionAnswering;
            image_classification: ImageClassification;
            zero_shot_image_classification: ZeroShotImageClassification;
            object_detection: ObjectDetection;
            text_classification: TextClassification;
            token_classification: TokenClassification;
            zero_shot_classification: ZeroShotClassification;
            summarization: Summarization;
            translation: Translation;
            fill_mask: FillMask;
            question_answering: QuestionAnswering;
            feature_extraction: FeatureExtraction;
            sentence_similarity: SentenceSimilarity;
        }
    };
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn stands<T: Task>(name: &str) {
        assert_eq!(T::NAME, name);
        let empty: T::Input = serde_json::from_str("{}").unwrap();
        assert_eq!(T::model(&empty), "");
        let named: T::Input = serde_json::from_str(r#"{"model":"acme/m"}"#).unwrap();
        assert_eq!(T::model(&named), "acme/m");
        serde_json::from_str::<T::Output>("{}").unwrap();
        let Err(refused) = T::check(&empty) else { return assert_eq!(name, "text_generation") };
        assert_eq!(refused.code, ErrorCode::Input);
        assert!(refused.field.is_some_and(|field| refused.message.starts_with(&field)), "{name}");
    }

    #[test]
    fn every_task_bears_its_name_and_refuses_to_send_nothing() {
        macro_rules! stand {
            ($($name:ident: $task:ident;)+) => { $(stands::<$task>(stringify!($name));)+ };
        }
        for_each_task!(stand);
    }
}
