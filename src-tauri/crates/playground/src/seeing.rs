//! Runs that look at pictures: what is asked about which of them, whoever answers.

use limerick_engine::ModelRef;
use limerick_tasks::{
    ChatInput, ChatOutput, Content, Ending, FinishReason, ImageToTextOutput, ImageUrl, Media, Message, Part,
    Progress, Result, Role, TextInput, VisualAnswer, VisualQuestionAnsweringOutput,
};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    ModelRow, Playground, RunInput, RunOutput,
    catalogue::SEEING,
    keys::off_thread,
    labels_in_words::DESCRIBE,
    media,
    running::{Live, Told},
    said,
    starting::{pass_on, wrap},
};

/// The built-in model for pictures that every machine can run: the classifier's labels, put into words.
pub(crate) const LABELS: &str = "labels";
/// The built-in classifier of pictures.
const CLASSIFIER: &str = "efficientnet";

/// The newest question of a run, and the pictures that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) pictures: Vec<Media>,
    /// Empty where a description is wanted.
    pub(crate) words: String,
    answer: Answer,
}

/// How a task answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Chat,
    Description,
    Answers,
}

impl Question {
    /// What is asked about pictures; none where no picture is shown.
    pub(crate) fn of(input: &RunInput) -> Option<Self> {
        let one = |image: &Media, words: &str, answer| {
            Some(Self { pictures: vec![image.clone()], words: words.to_owned(), answer })
        };
        match input {
            RunInput::ChatCompletion(input) => {
                let mut asked = input.messages.iter().rev().filter(|message| message.role == Role::User);
                let words = asked.clone().next().map(|last| last.content.text()).unwrap_or_default();
                let pictures = asked.find_map(|message| pictures(&message.content))?;
                Some(Self { pictures, words, answer: Answer::Chat })
            }
            RunInput::ImageToText(input) => one(&input.image, "", Answer::Description),
            RunInput::VisualQuestionAnswering(input) => one(&input.image, &input.question, Answer::Answers),
            _ => None,
        }
    }

    /// These words as the answer of the task that asked.
    pub(crate) fn answer(&self, text: String) -> RunOutput {
        match self.answer {
            Answer::Chat => {
                let finish_reason = Some(FinishReason::Stop);
                RunOutput::ChatCompletion(ChatOutput { text, finish_reason, ..ChatOutput::default() })
            }
            Answer::Description => RunOutput::ImageToText(ImageToTextOutput { generated_text: text }),
            Answer::Answers => RunOutput::VisualQuestionAnswering(VisualQuestionAnsweringOutput {
                answers: vec![VisualAnswer { answer: text, score: None }],
            }),
        }
    }
}

/// The pictures that a message shows; none where it shows none.
fn pictures(content: &Content) -> Option<Vec<Media>> {
    let Content::Parts(parts) = content else { return None };
    let shown = parts.iter().filter_map(|part| match part {
        Part::ImageUrl { image_url } => Media::from_data_uri(&image_url.url).ok(),
        Part::Text { .. } => None,
    });
    Some(shown.collect::<Vec<_>>()).filter(|shown| !shown.is_empty())
}

/// What looks at pictures inside the app.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Eyes {
    /// The classifier, and the language model that puts its labels into words.
    Labels,
    /// A model that sees; one that does not says so.
    Model(Box<ModelRef>),
}

impl Playground {
    /// A prompt with the pictures that it shows in it, as a server takes them.
    pub(crate) async fn with_pictures(&self, input: &TextInput) -> Result<TextInput> {
        let (files, mut input) = (self.inner.files.clone(), input.clone());
        off_thread("read the pictures of this prompt", move || {
            input.prompt = said::with_files(&input.prompt, |name| media::read(&files, name))?;
            Ok(input)
        })
        .await
    }

    /// Which built-in model looks at what this run shows; none where it shows nothing. Unless one is named, it is the
    /// best that is here.
    pub(crate) fn eyes_for(&self, input: &RunInput) -> Option<Eyes> {
        let models = &self.inner.models;
        match input.model() {
            LABELS => Some(Eyes::Labels),
            _ if !shows_pictures(input) => None,
            "" | "auto" => {
                let best = models.sees().ok().and_then(|seers| seers.into_iter().next());
                Some(best.map_or(Eyes::Labels, |model| Eyes::Model(Box::new(model))))
            }
            named => models.find(named).ok().map(|model| Eyes::Model(Box::new(model))),
        }
    }

    /// How a person knows them; both parts of the labels in words.
    pub(crate) fn eyes_name(&self, eyes: &Eyes) -> Option<String> {
        let models = &self.inner.models;
        match eyes {
            Eyes::Model(model) => Some(model.name.clone()),
            Eyes::Labels => {
                Some(format!("{} + {}", models.named(CLASSIFIER).ok()?.name, models.find("").ok()?.name))
            }
        }
    }

    /// Has a built-in model look at pictures.
    pub(crate) async fn look_and_tell(
        &self,
        live: &Live,
        input: &RunInput,
        eyes: Eyes,
        tell: &UnboundedSender<Told>,
    ) -> Result<Ending<RunOutput>> {
        let (chat, in_pieces) = (as_chat(input), matches!(input, RunInput::ChatCompletion(_)));
        let mut on = |told| {
            if in_pieces || matches!(told, Progress::Status(_)) {
                pass_on(tell, told);
            }
        };
        let name = self.eyes_name(&eyes);
        if in_pieces && matches!(eyes, Eyes::Labels) {
            live.expect_aside();
        }
        let said = match eyes {
            Eyes::Labels => self.put_labels_into_words(&chat, &live.stop, &mut on).await?,
            Eyes::Model(model) => self.inner.engine.chat(*model, &chat, &live.stop, &mut on).await?,
        };
        Ok(wrap(said, |said| match Question::of(input) {
            Some(question) if !in_pieces => question.answer(said.text),
            _ => RunOutput::ChatCompletion(ChatOutput { model: name.or(said.model.clone()), ..said }),
        }))
    }

    /// The classifier's labels in words, in the list of models that look at pictures.
    pub(crate) fn labels_row(&self) -> ModelRow {
        let models = &self.inner.models;
        ModelRow {
            id: LABELS.into(),
            name: "Labels into words".into(),
            about: Some("What a classifier makes of the picture, put into words by a language model".into()),
            tasks: vec![SEEING.into()],
            context_length: None,
            vision: true,
            ready: models.photo().is_ok() && models.find("").is_ok(),
            providers: Vec::new(),
            ignored: Vec::new(),
            as_of: None,
        }
    }
}

/// Whether a run asks about pictures.
fn shows_pictures(input: &RunInput) -> bool {
    let shows = |message: &Message| match &message.content {
        Content::Parts(parts) => parts.iter().any(|part| matches!(part, Part::ImageUrl { .. })),
        Content::Text(_) => false,
    };
    match input {
        RunInput::ChatCompletion(input) => input.messages.iter().any(shows),
        RunInput::ImageToText(_) | RunInput::VisualQuestionAnswering(_) => true,
        _ => false,
    }
}

/// What a run asks about a picture, as a chat.
fn as_chat(input: &RunInput) -> ChatInput {
    let ask = |image: &Media, words: &str, max_tokens| {
        let image_url = ImageUrl { url: image.data_uri() };
        let parts = vec![Part::ImageUrl { image_url }, Part::Text { text: words.to_owned() }];
        let message = Message { content: Content::Parts(parts), ..Message::new(Role::User, "") };
        ChatInput { messages: vec![message], max_tokens, ..ChatInput::default() }
    };
    match input {
        RunInput::ChatCompletion(input) => input.clone(),
        RunInput::ImageToText(input) => ask(&input.image, DESCRIBE, input.max_new_tokens),
        RunInput::VisualQuestionAnswering(input) => ask(&input.image, &input.question, None),
        _ => ChatInput::default(),
    }
}
