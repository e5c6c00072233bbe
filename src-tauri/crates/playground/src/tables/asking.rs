//! What is asked of a row, and what a row keeps of the answer. Pure.

use limerick_tasks::{
    self as tasks, Content, Error, ErrorCode, ImageUrl, Label, Labels, Media, Message, Part, Result, Role,
    Task,
};
use serde::Serialize;
use serde_json::Value;

use super::refuse;
use crate::{
    RunInput, RunOutput,
    said::{self, Said},
};

/// Where a row's text goes, where this stands in the words.
const HERE: &str = "{text}";
/// As many labels stay with a row; its run has all.
const BEST: usize = 10;

/// What a row brings.
#[derive(Debug, Clone)]
pub(super) enum Brought {
    Text(String),
    Picture {
        media: Media,
        /// Its name among the files of the data folder.
        file: String,
    },
}

/// Refuses what no row could be asked, before a table is made.
pub(super) fn check(input: &RunInput, pictures: bool) -> Result<()> {
    let brought = if pictures {
        Brought::Picture { media: Media::new(&b"\x89PNG\r\n\x1a\n"[..], ""), file: String::new() }
    } else {
        Brought::Text("text".into())
    };
    let filled = fill(input.clone(), brought)?;
    macro_rules! each {
        ($($name:ident: $task:ident;)+) => {
            match &filled { $(RunInput::$task(input) => tasks::$task::check(input),)+ }
        };
    }
    tasks::for_each_task!(each)
}

/// Puts what a row brings into what is asked.
///
/// # Errors
/// `input` for a task that takes no texts, or no pictures.
pub(super) fn fill(mut input: RunInput, brought: Brought) -> Result<RunInput> {
    match brought {
        Brought::Text(text) => put_text(&mut input, text)?,
        Brought::Picture { media, file } => put_picture(&mut input, media, &file)?,
    }
    Ok(input)
}

fn put_text(input: &mut RunInput, text: String) -> Result<()> {
    let place = match input {
        RunInput::ChatCompletion(input) => {
            let message = last_said(&mut input.messages);
            message.content = Content::Text(joined(&message.content.text(), &text));
            return Ok(());
        }
        RunInput::TextGeneration(input) => {
            input.prompt = joined(&input.prompt, &text);
            return Ok(());
        }
        RunInput::TextClassification(input) => &mut input.text,
        RunInput::TokenClassification(input) => &mut input.text,
        RunInput::ZeroShotClassification(input) => &mut input.text,
        RunInput::Summarization(input) => &mut input.text,
        RunInput::Translation(input) => &mut input.text,
        RunInput::FillMask(input) => &mut input.text,
        RunInput::QuestionAnswering(input) => &mut input.context,
        other => return Err(misfit("texts", other.task())),
    };
    *place = text;
    Ok(())
}

fn put_picture(input: &mut RunInput, media: Media, file: &str) -> Result<()> {
    if let RunInput::TextGeneration(asked) = input {
        // The form that servers take pictures in; the bytes are put there when it is sent.
        let text = std::mem::take(&mut asked.prompt);
        let said = Said { role: Role::User, text, pictures: vec![file.to_owned()] };
        return said::fill(input, &[said], |_| Ok(media.clone()));
    }
    let place = match input {
        RunInput::ChatCompletion(input) => {
            let message = last_said(&mut input.messages);
            message.content = with_picture(&message.content, &media);
            return Ok(());
        }
        RunInput::ImageToText(input) => &mut input.image,
        RunInput::VisualQuestionAnswering(input) => &mut input.image,
        RunInput::ImageClassification(input) => &mut input.image,
        RunInput::ZeroShotImageClassification(input) => &mut input.image,
        RunInput::ObjectDetection(input) => &mut input.image,
        other => return Err(misfit("pictures", other.task())),
    };
    *place = media;
    Ok(())
}

fn misfit(what: &str, task: &str) -> Error {
    refuse(format!("A table of {what} cannot be asked for {task}. Choose another task."))
}

/// What the person says last; said now, where they say nothing.
fn last_said(messages: &mut Vec<Message>) -> &mut Message {
    let last = messages.iter().rposition(|message| message.role == Role::User);
    let last = last.unwrap_or_else(|| {
        messages.push(Message::new(Role::User, ""));
        messages.len() - 1
    });
    &mut messages[last]
}

/// The text in its place in the words, else behind them.
fn joined(words: &str, text: &str) -> String {
    match words {
        _ if words.trim().is_empty() => text.to_owned(),
        _ if words.contains(HERE) => words.replace(HERE, text),
        _ => format!("{words}\n\n{text}"),
    }
}

/// The picture after those that stand there already, and before the words.
fn with_picture(content: &Content, media: &Media) -> Content {
    let mut parts = match content {
        Content::Text(text) if text.trim().is_empty() => Vec::new(),
        Content::Text(text) => vec![Part::Text { text: text.clone() }],
        Content::Parts(parts) => parts.clone(),
    };
    let words = parts.iter().position(|part| matches!(part, Part::Text { .. })).unwrap_or(parts.len());
    parts.insert(words, Part::ImageUrl { image_url: ImageUrl { url: media.data_uri() } });
    Content::Parts(parts)
}

/// What a row keeps of a run's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Answered {
    pub(crate) answer: String,
    /// The best of what came with scores.
    pub(crate) labels: Vec<Value>,
}

impl Answered {
    /// Of an answer that came whole.
    ///
    /// # Errors
    /// `refused` for one without a word, unless nothing is an answer (no object, no name was found).
    pub(crate) fn of(output: &RunOutput) -> Result<Self> {
        let labels = |labels: &Labels| {
            let best = labels.labels.first().map(|best| best.label.clone()).unwrap_or_default();
            Self { answer: best, labels: values(&labels.labels) }
        };
        let answered = match output {
            RunOutput::ImageClassification(output)
            | RunOutput::ZeroShotImageClassification(output)
            | RunOutput::TextClassification(output)
            | RunOutput::ZeroShotClassification(output) => labels(output),
            RunOutput::ObjectDetection(output) => {
                let names: Vec<&str> = output.objects.iter().map(|object| object.label.as_str()).collect();
                return Ok(Self { answer: names.join(", "), labels: values(&output.objects) });
            }
            RunOutput::TokenClassification(output) => {
                let words: Vec<&str> = output.entities.iter().map(|entity| entity.word.trim()).collect();
                return Ok(Self { answer: words.join(", "), labels: every(&output.entities) });
            }
            RunOutput::VisualQuestionAnswering(output) => {
                let best = output.answers.first().map(|best| best.answer.clone());
                Self { answer: best.unwrap_or_default(), labels: Vec::new() }
            }
            RunOutput::QuestionAnswering(output) => {
                let best = output.answers.first().map(|best| best.answer.clone());
                Self { answer: best.unwrap_or_default(), labels: Vec::new() }
            }
            other => Self { answer: other.words().trim().to_owned(), labels: Vec::new() },
        };
        if answered.answer.trim().is_empty() {
            return Err(Error::new(ErrorCode::Refused, "The model said nothing. Ask this row again."));
        }
        Ok(answered)
    }
}

fn values(all: &[impl Serialize]) -> Vec<Value> {
    every(&all[..all.len().min(BEST)])
}

fn every(all: &[impl Serialize]) -> Vec<Value> {
    all.iter().filter_map(|one| serde_json::to_value(one).ok()).collect()
}

/// What of a row's labels is a label with a score.
pub(crate) fn labels_of(kept: &[Value]) -> Vec<Label> {
    kept.iter().filter_map(|one| serde_json::from_value(one.clone()).ok()).take(BEST).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use limerick_tasks::{
        ChatInput, ChatOutput, ImageClassificationInput, SpeechRecognitionInput, TextInput, TextToImageInput,
        ZeroShotClassificationInput,
    };

    use super::*;

    fn chat(words: &str) -> RunInput {
        let messages = vec![Message::new(Role::System, "Be short."), Message::new(Role::User, words)];
        RunInput::ChatCompletion(ChatInput { messages, ..ChatInput::default() })
    }

    fn said(input: RunInput, text: &str) -> Content {
        match fill(input, Brought::Text(text.into())).unwrap() {
            RunInput::ChatCompletion(input) => input.messages.last().unwrap().content.clone(),
            RunInput::TextGeneration(input) => Content::Text(input.prompt),
            other => unreachable!("{other:?}"),
        }
    }

    fn picture() -> Brought {
        Brought::Picture { media: Media::new(&b"\x89PNG\r\n\x1a\nx"[..], ""), file: "0.png".into() }
    }

    #[test]
    fn a_text_goes_where_its_place_is_else_behind_the_words() {
        assert_eq!(said(chat("Translate:"), "hello"), Content::Text("Translate:\n\nhello".into()));
        assert_eq!(
            said(chat("In {text}, who is {text}?"), "A {text}"),
            Content::Text("In A {text}, who is A {text}?".into())
        );
        assert_eq!(said(chat(" "), "hello"), Content::Text("hello".into()));
        let nothing = RunInput::ChatCompletion(ChatInput::default());
        assert_eq!(said(nothing, "hello"), Content::Text("hello".into()));
        let prompt = TextInput { prompt: "Q: {text}\nA:".into(), ..TextInput::default() };
        assert_eq!(said(RunInput::TextGeneration(prompt), "why"), Content::Text("Q: why\nA:".into()));
    }

    #[test]
    fn a_picture_stands_before_the_words() {
        let RunInput::ChatCompletion(filled) = fill(chat("What is it?"), picture()).unwrap() else {
            unreachable!()
        };
        let Content::Parts(parts) = &filled.messages[1].content else { unreachable!() };
        let [Part::ImageUrl { image_url }, Part::Text { text }] = &parts[..] else {
            unreachable!("{parts:?}")
        };
        assert!(image_url.url.starts_with("data:image/png;base64,") && text == "What is it?");
        let prompt = TextInput { prompt: "Say".into(), ..TextInput::default() };
        let RunInput::TextGeneration(filled) = fill(RunInput::TextGeneration(prompt), picture()).unwrap()
        else {
            unreachable!()
        };
        assert_eq!(filled.prompt, "User:![](media:0.png)Say<end_of_utterance>\nAssistant:");
    }

    #[test]
    fn what_no_row_could_be_asked_is_refused_before_the_first() {
        check(&chat(""), true).unwrap();
        check(&RunInput::ImageClassification(ImageClassificationInput::default()), true).unwrap();
        for (input, pictures) in [
            (RunInput::ImageClassification(ImageClassificationInput::default()), false),
            (RunInput::TextToImage(TextToImageInput::default()), false),
            (RunInput::AutomaticSpeechRecognition(SpeechRecognitionInput::default()), true),
            (RunInput::ZeroShotClassification(ZeroShotClassificationInput::default()), true),
            (RunInput::ZeroShotClassification(ZeroShotClassificationInput::default()), false),
        ] {
            assert_eq!(check(&input, pictures).unwrap_err().code, ErrorCode::Input, "{input:?}");
        }
    }

    #[test]
    fn of_labels_the_best_is_the_answer_and_ten_stay() {
        let label = |n: i32| Label { label: format!("l{n}"), score: 1.0 / f64::from(n + 1) };
        let output = RunOutput::TextClassification(Labels { labels: (0..30).map(label).collect() });
        let answered = Answered::of(&output).unwrap();
        assert_eq!((answered.answer.as_str(), answered.labels.len()), ("l0", 10));
        assert_eq!(labels_of(&answered.labels)[1], label(1));
    }

    #[test]
    fn a_model_that_says_nothing_has_not_answered() {
        let output = RunOutput::ChatCompletion(ChatOutput { text: " \n".into(), ..ChatOutput::default() });
        assert_eq!(Answered::of(&output).unwrap_err().code, ErrorCode::Refused);
        let nothing_found = RunOutput::ObjectDetection(tasks::ObjectDetectionOutput::default());
        assert_eq!(Answered::of(&nothing_found).unwrap(), Answered::default());
    }
}
