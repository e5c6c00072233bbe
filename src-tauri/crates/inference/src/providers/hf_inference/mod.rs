//! hf-inference: Hugging Face's own machines; the model stands in the path. Chat and text go to TGI's kin,
//! the classic tasks to pipelines.

pub(super) mod answers;
mod media;
#[cfg(test)]
mod peers;
mod pictures;
mod pipeline;
mod texts;

use limerick_tasks::{ChatCompletion, ChatInput, ChatOutput, Result, TextGeneration, TextInput, TextOutput};
pub(super) use media::HfMedia;
pub(super) use pipeline::{Pipeline, parameters};
use url::Url;

use super::openai::{Chat, Schema};
use super::text_reader::{self, TextReader};
use super::{Adapter, Place, Reader, TGI_CHAT, Target, chat_reader, path_of, tgi};
use crate::address;
use crate::wire::{Head, Reply, Response, Written};

/// Chat at `/models/{id}/v1/chat/completions`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HfChat;

/// Raw text in TGI's form at `/models/{id}`, as `huggingface_hub` asks; the other client uses completions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HfText;

const CHAT: Chat = Chat { schema: Schema::ObjectValue, usage: false, ..TGI_CHAT };

impl Adapter<ChatCompletion> for HfChat {
    fn request(&self, target: &Target, input: &ChatInput) -> Result<Written> {
        let place = Place::Base(model_url(target)?);
        CHAT.request(&Target { place, ..target.clone() }, input)
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<ChatOutput>> {
        chat_reader::read(response)
    }

    fn reader(&self, head: &Head) -> Option<Box<dyn Reader<ChatCompletion>>> {
        CHAT.reader(head)
    }
}

impl Adapter<TextGeneration> for HfText {
    fn request(&self, target: &Target, input: &TextInput) -> Result<Written> {
        Ok(tgi::write(model_url(target)?, input))
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<TextOutput>> {
        text_reader::read(response)
    }

    fn reader(&self, head: &Head) -> Option<Box<dyn Reader<TextGeneration>>> {
        Some(Box::new(TextReader::new(head)))
    }
}

fn model_url(target: &Target) -> Result<Url> {
    Ok(address::join(target.url(), &format!("/models{}", path_of(&target.model)?)))
}
