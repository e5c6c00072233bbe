//! One row a provider, one column a task: what `PROVIDERS` is made of. A column is added here, in one line.

use limerick_tasks::{
    AutomaticSpeechRecognition, ChatCompletion, ChatDelta, ChatOutput, FeatureExtraction, FillMask,
    ImageClassification, ImageToImage, ImageToText, ObjectDetection, QuestionAnswering, SentenceSimilarity,
    Summarization, Task, TextClassification, TextDelta, TextGeneration, TextOutput, TextToImage,
    TextToSpeech, TokenClassification, Translation, VisualQuestionAnswering, ZeroShotClassification,
    ZeroShotImageClassification,
};

use super::by_address::ByAddress as Media;
use super::embeddings::{EmbeddingsByAddress, OPEN_EMBEDDINGS};
use super::hf_inference::Pipeline;
use super::{Adapter, OPEN_CHAT, OPEN_COMPLETIONS, Style, TGI_CHAT, tgi};
use crate::key::Scheme;

/// A task that goes over the wire.
pub trait WireTask: Task {
    /// The task's name in the Hub's provider mappings.
    const MAPPING: &'static str;
    /// The provider's column for this task; `None` when it does not offer it.
    fn column(provider: &Provider) -> Option<&'static dyn Adapter<Self>>;
    /// The adapter for the router's own choice of a provider; `None` when the client must choose.
    fn automatic() -> Option<&'static dyn Adapter<Self>>;
    /// The adapter for a server by address; `None` when no kind of server offers this task.
    fn server(style: Style) -> Option<&'static dyn Adapter<Self>>;
    /// A whole answer as the one delta it consists of, so that deltas always add up to the output; `None`
    /// for a task that has no deltas.
    fn as_delta(output: &Self::Output) -> Option<Self::Delta>;
    /// Notes which provider answered, unless the answer said so.
    fn credit(output: &mut Self::Output, provider: &str);
}

/// Writes `Provider` and the columns' half of `WireTask`.
macro_rules! columns {
    ($($(#[doc = $about:literal])+ $column:ident: $task:ident = $mapping:literal, $rest:tt;)+) => {
        /// One provider: where it lives and how each task is asked there.
        #[derive(Clone, Copy)]
        pub struct Provider {
            /// Its name in mappings, in the router's paths and in `:suffix`.
            pub name: &'static str,
            /// Its name on screen.
            pub title: &'static str,
            /// Its own host; `None` when it is reached through the router only.
            pub base: Option<&'static str>,
            /// How its own key is written.
            pub scheme: Scheme,
            /// Further hosts of its own, which its key may go to.
            pub hosts: &'static [&'static str],
            /// Whether the router leads to it; otherwise it wants its own key.
            pub routed: bool,
            /// Whether the Hub's mapping translates model ids for it.
            pub mapped: bool,
            /// Whether it may give an answer that it made for someone before; `x-use-cache: 0` asks for a new one
            /// (hf-api 5.4).
            pub keeps: bool,
            $($(#[doc = $about])+ pub $column: Option<&'static dyn Adapter<$task>>,)+
        }

        impl Provider {
            /// A row without a host of its own and without tasks; the router leads to it.
            pub(super) const fn named(name: &'static str, title: &'static str) -> Self {
                let (base, scheme, hosts) = (None, Scheme::Bearer, &[]);
                let (routed, mapped, keeps) = (true, true, false);
                Self { name, title, base, scheme, hosts, routed, mapped, keeps, $($column: None,)+ }
            }

            /// The tasks that it offers, by their names.
            pub fn tasks(&self) -> Vec<&'static str> {
                let mut tasks = Vec::new();
                $(if self.$column.is_some() { tasks.push(<$task as Task>::NAME); })+
                tasks
            }

            /// Names of a task's parameters that have no effect there.
            pub fn ignored(&self, task: &str) -> &'static [&'static str] {
                $(if task == <$task as Task>::NAME {
                    return self.$column.map_or(&[], Adapter::ignored);
                })+
                &[]
            }
        }

        /// What the Hub's mappings and pipelines call a task; `None` for one that does not go over the wire.
        pub fn mapping_name(task: &str) -> Option<&'static str> {
            $(if task == <$task as Task>::NAME { return Some($mapping); })+
            None
        }

        $(impl WireTask for $task {
            const MAPPING: &'static str = $mapping;
            fn column(provider: &Provider) -> Option<&'static dyn Adapter<Self>> {
                provider.$column
            }
            columns!(@rest $rest);
        })+
    };
    // The task streams, or credits its provider: it says the rest itself.
    (@rest { $($rest:item)* }) => { $($rest)* };
    // The task answers in one piece: `server` is all there is to say.
    (@rest ($server:expr)) => {
        fn automatic() -> Option<&'static dyn Adapter<Self>> {
            None
        }
        fn server(style: Style) -> Option<&'static dyn Adapter<Self>> {
            let server: fn(Style) -> Option<&'static dyn Adapter<Self>> = $server;
            server(style)
        }
        fn as_delta(_: &Self::Output) -> Option<Self::Delta> {
            None
        }
        fn credit(_: &mut Self::Output, _: &str) {}
    };
}

columns! {
    /// Chat.
    chat_completion: ChatCompletion = "conversational", {
        fn automatic() -> Option<&'static dyn Adapter<Self>> {
            Some(&OPEN_CHAT)
        }
        fn server(style: Style) -> Option<&'static dyn Adapter<Self>> {
            Some(if style == Style::Tgi { &TGI_CHAT } else { &OPEN_CHAT })
        }
        fn as_delta(output: &ChatOutput) -> Option<ChatDelta> {
            Some(ChatDelta { text: output.text.clone(), reasoning: output.reasoning.clone() })
        }
        fn credit(output: &mut ChatOutput, provider: &str) {
            output.provider.get_or_insert_with(|| provider.to_owned());
        }
    };
    /// Raw continuation of a prompt.
    text_generation: TextGeneration = "text-generation", {
        fn automatic() -> Option<&'static dyn Adapter<Self>> {
            None
        }
        fn server(style: Style) -> Option<&'static dyn Adapter<Self>> {
            Some(if style == Style::Tgi { &tgi::Generate } else { &OPEN_COMPLETIONS })
        }
        fn as_delta(output: &TextOutput) -> Option<TextDelta> {
            Some(TextDelta { text: output.text.clone() })
        }
        fn credit(output: &mut TextOutput, provider: &str) {
            output.provider.get_or_insert_with(|| provider.to_owned());
        }
    };
    /// Words to a picture.
    text_to_image: TextToImage = "text-to-image", (|style| Some(Media::of(style)));
    /// A picture to another.
    image_to_image: ImageToImage = "image-to-image", (|style| Some(Media::of(style)));
    /// Words to speech.
    text_to_speech: TextToSpeech = "text-to-speech", (|style| Some(Media::of(style)));
    /// Speech to words.
    automatic_speech_recognition: AutomaticSpeechRecognition = "automatic-speech-recognition", (|style| Some(Media::of(style)));
    /// Words for a picture: a description, or the text on it.
    image_to_text: ImageToText = "image-to-text", (|_| Some(&Pipeline));
    /// Questions about a picture.
    visual_question_answering: VisualQuestionAnswering = "visual-question-answering", (|_| Some(&Pipeline));
    /// Classes for a picture.
    image_classification: ImageClassification = "image-classification", (|_| Some(&Pipeline));
    /// Classes of one's own for a picture.
    zero_shot_image_classification: ZeroShotImageClassification = "zero-shot-image-classification", (|_| Some(&Pipeline));
    /// Things on a picture.
    object_detection: ObjectDetection = "object-detection", (|_| Some(&Pipeline));
    /// Classes for a text.
    text_classification: TextClassification = "text-classification", (|_| Some(&Pipeline));
    /// Names and places in a text.
    token_classification: TokenClassification = "token-classification", (|_| Some(&Pipeline));
    /// Classes of one's own for a text.
    zero_shot_classification: ZeroShotClassification = "zero-shot-classification", (|_| Some(&Pipeline));
    /// A long text made short.
    summarization: Summarization = "summarization", (|_| Some(&Pipeline));
    /// A text in another language.
    translation: Translation = "translation", (|_| Some(&Pipeline));
    /// Words for the gaps of a text.
    fill_mask: FillMask = "fill-mask", (|_| Some(&Pipeline));
    /// Questions to a text.
    question_answering: QuestionAnswering = "question-answering", (|_| Some(&Pipeline));
    /// Texts as lists of numbers.
    feature_extraction: FeatureExtraction = "feature-extraction", (|style| Some(match style {
        Style::OpenAi => &OPEN_EMBEDDINGS,
        Style::Tgi => &Pipeline,
        Style::Auto => &EmbeddingsByAddress,
    }));
    /// How alike sentences are.
    sentence_similarity: SentenceSimilarity = "sentence-similarity", (|_| Some(&Pipeline));
}

#[cfg(test)]
mod tests {
    use super::super::PROVIDERS;

    #[test]
    fn the_table_is_in_the_order_of_the_alphabet_and_names_no_provider_twice() {
        assert!(PROVIDERS.is_sorted_by(|one, next| one.name < next.name));
    }

    #[test]
    fn who_is_not_routed_has_a_host_of_its_own_and_further_hosts_are_encrypted() {
        for row in PROVIDERS {
            assert!(row.routed || row.base.is_some(), "{}", row.name);
            assert!(
                row.base.iter().chain(row.hosts).all(|host| host.starts_with("https://")),
                "{}",
                row.name
            );
            assert!(!row.tasks().is_empty(), "{}", row.name);
        }
    }

    #[test]
    fn names_without_effect_are_known_by_task() {
        let ignored =
            |name: &str, task| PROVIDERS.iter().find(|row| row.name == name).map(|row| row.ignored(task));
        assert!(
            ignored("nscale", "text_to_image").is_some_and(|names| names.contains(&"num_inference_steps"))
        );
        assert!(ignored("together", "text_to_speech").is_some_and(|names| names.contains(&"do_sample")));
        assert_eq!(ignored("nscale", "chat_completion"), Some(&[][..]));
        assert_eq!(ignored("nscale", "image_to_image"), Some(&[][..]));
    }
}
