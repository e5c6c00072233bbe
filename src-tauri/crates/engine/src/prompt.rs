//! What is asked, in the words of the model's own template, and the pictures in it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use limerick_tasks::{Content, Error, ErrorCode, Media, Message, Part, Result, Role};
use limerick_templates::{Conversation, Template, render};
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;

use crate::ask::Prompt;
use crate::gguf::Gguf;

/// How a model wants to be asked.
pub(crate) struct Manner {
    template: Option<Template>,
    /// Its template knows contents in parts only.
    in_parts: bool,
    /// Stands for a picture while the template writes; nobody can know it.
    mark: String,
}

/// A prompt as text, and the pictures between its pieces: one fewer than there are pieces.
pub(crate) struct Written {
    pub(crate) pieces: Vec<String>,
    pub(crate) pictures: Vec<Media>,
}

impl Manner {
    pub(crate) fn of(head: &Gguf, vocab: &LlamaVocab<'_>) -> Self {
        let template = head.template(false).map(|template| {
            template
                .with_token("bos_token", word(vocab, vocab.bos()))
                .with_token("eos_token", word(vocab, vocab.eos()))
        });
        let mark = format!("<picture-{:016x}>", RandomState::new().build_hasher().finish());
        let in_parts = template.as_ref().is_some_and(|template| takes_only_parts(template, &mark));
        Self { template, in_parts, mark }
    }

    /// Writes the prompt.
    ///
    /// # Errors
    /// `Model` when the model cannot chat, or not about pictures; `Input` for a picture that is none.
    pub(crate) fn write(&self, prompt: &Prompt) -> Result<Written> {
        let messages = match prompt {
            Prompt::Raw(text) => return Ok(Written { pieces: vec![text.clone()], pictures: Vec::new() }),
            Prompt::Chat(messages) => messages,
        };
        let template = self.template.as_ref().ok_or_else(|| {
            let message = "This model has no chat template, so it cannot chat; try it in Completion.";
            Error::new(ErrorCode::Model, message)
        })?;
        let mut pictures = Vec::new();
        let marked = messages.iter().map(|message| self.marked(message, &mut pictures));
        let text = self.render(template, &marked.collect::<Result<Vec<_>>>()?)?;
        let pieces: Vec<String> = text.split(&self.mark).map(str::to_owned).collect();
        if pieces.len() != pictures.len() + 1
            || (!pictures.is_empty() && pieces.last().is_some_and(String::is_empty))
        {
            let message = "This model's chat template leaves pictures out; pick another model that sees.";
            return Err(Error::new(ErrorCode::Model, message));
        }
        Ok(Written { pieces, pictures })
    }

    fn render(&self, template: &Template, messages: &[Message]) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let plain =
            Conversation::of_messages(messages).at(i64::try_from(now).unwrap_or_default()).in_plain_text();
        render(template, &if self.in_parts { plain.in_parts() } else { plain })
    }

    /// The message with the mark in place of its pictures, which are put aside.
    fn marked(&self, message: &Message, pictures: &mut Vec<Media>) -> Result<Message> {
        let mut marked = message.clone();
        if let Content::Parts(parts) = &mut marked.content {
            for part in parts {
                if let Part::ImageUrl { image_url } = part {
                    pictures.push(Media::from_data_uri(&image_url.url)?);
                    *part = Part::Text { text: self.mark.clone() };
                }
            }
        }
        Ok(marked)
    }
}

/// Whether a template writes nothing of a content that is one text, but of one in parts.
fn takes_only_parts(template: &Template, mark: &str) -> bool {
    let asked = Conversation::of_messages(&[Message::new(Role::User, mark)]);
    let says = |conversation| render(template, &conversation).is_ok_and(|text| text.contains(mark));
    !says(asked.clone()) && says(asked.in_parts())
}

fn word(vocab: &LlamaVocab<'_>, token: LlamaToken) -> String {
    // A model without such a token says -1, and llama.cpp does not take that back kindly.
    let text = if token.0 < 0 { None } else { vocab.text(token) };
    text.map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}
