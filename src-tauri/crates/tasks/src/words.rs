//! What a person reads of each task's input and output in one line: for lists, for search, for a terminal.

use crate::{
    AutomaticSpeechRecognition, ChatCompletion, FeatureExtraction, FillMask, ImageClassification,
    ImageToImage, ImageToText, Labels, ObjectDetection, QuestionAnswering, Role, SentenceSimilarity,
    Summarization, Task, TextClassification, TextGeneration, TextToImage, TextToSpeech, TokenClassification,
    Translation, VisualQuestionAnswering, ZeroShotClassification, ZeroShotImageClassification,
};

/// The words of a task's input and output; empty where there are none (a picture, a sound).
pub trait Words: Task {
    /// What the person asked.
    fn asked(input: &Self::Input) -> String;
    /// What came.
    fn answered(output: &Self::Output) -> String;
}

macro_rules! words {
    ($($task:ident: |$input:ident| $asked:expr, |$output:ident| $answered:expr;)+) => {
        $(impl Words for $task {
            fn asked($input: &Self::Input) -> String {
                $asked
            }
            fn answered($output: &Self::Output) -> String {
                $answered
            }
        })+
    };
}

words! {
    ChatCompletion: |input| {
        let asked = input.messages.iter().rfind(|message| message.role == Role::User);
        asked.or(input.messages.last()).map(|message| message.content.text()).unwrap_or_default()
    }, |output| output.text.clone();
    TextGeneration: |input| input.prompt.clone(), |output| output.text.clone();
    TextToImage: |input| input.prompt.clone(), |_output| String::new();
    ImageToImage: |input| input.prompt.clone().unwrap_or_default(), |_output| String::new();
    TextToSpeech: |input| input.text.clone(), |_output| String::new();
    AutomaticSpeechRecognition: |_input| String::new(), |output| output.text.clone();
    ImageToText: |_input| String::new(), |output| output.generated_text.clone();
    VisualQuestionAnswering: |input| input.question.clone(), |output| {
        lines(output.answers.iter().map(|answer| match answer.score {
            Some(score) => row(&answer.answer, score),
            None => answer.answer.clone(),
        }))
    };
    ImageClassification: |_input| String::new(), |output| labels(output);
    ZeroShotImageClassification: |input| input.candidate_labels.join(", "), |output| labels(output);
    ObjectDetection: |_input| String::new(), |output| {
        lines(output.objects.iter().map(|object| row(&object.label, object.score)))
    };
    TextClassification: |input| input.text.clone(), |output| labels(output);
    TokenClassification: |input| input.text.clone(), |output| {
        lines(output.entities.iter().map(|entity| {
            let kind = entity.entity_group.as_deref().or(entity.entity.as_deref()).unwrap_or_default();
            format!("{} {}", row(&entity.word, entity.score), kind)
        }))
    };
    ZeroShotClassification: |input| input.text.clone(), |output| labels(output);
    Summarization: |input| input.text.clone(), |output| output.summary_text.clone();
    Translation: |input| input.text.clone(), |output| output.translation_text.clone();
    FillMask: |input| input.text.clone(), |output| {
        lines(output.masks.iter().flatten().map(|mask| row(mask.token_str.trim(), mask.score)))
    };
    QuestionAnswering: |input| input.question.clone(), |output| {
        lines(output.answers.iter().map(|answer| row(&answer.answer, answer.score)))
    };
    FeatureExtraction: |input| input.text.all().join("\n"), |output| {
        lines(output.embeddings.iter().map(|numbers| join(numbers.iter().map(f32::to_string), " ")))
    };
    SentenceSimilarity: |input| input.sentence.clone(), |output| {
        lines(output.scores.iter().map(|score| format!("{score:.4}")))
    };
}

fn labels(labels: &Labels) -> String {
    lines(labels.labels.iter().map(|one| row(&one.label, one.score)))
}

/// A score of 0 to 1, before its label.
fn row(label: &str, score: f64) -> String {
    format!("{score:.4} {label}")
}

fn lines(rows: impl Iterator<Item = String>) -> String {
    join(rows, "\n")
}

fn join(pieces: impl Iterator<Item = String>, between: &str) -> String {
    pieces.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChatInput, Label, Message};

    #[test]
    fn a_chat_asks_what_the_person_said_last() {
        let said = |role, text: &str| Message::new(role, text);
        let messages = vec![said(Role::User, "one"), said(Role::User, "two"), said(Role::Assistant, "three")];
        assert_eq!(ChatCompletion::asked(&ChatInput { messages, ..ChatInput::default() }), "two");
    }

    #[test]
    fn labels_are_lines_with_their_scores() {
        let labels =
            vec![Label { label: "cat".into(), score: 0.75 }, Label { label: "lynx".into(), score: 0.05 }];
        assert_eq!(ImageClassification::answered(&Labels { labels }), "0.7500 cat\n0.0500 lynx");
    }
}
