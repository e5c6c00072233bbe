//! hf-inference: Hugging Face's own machines; the model stands in the path, the servers are TGI's kin.

use limerick_tasks::{
    ChatCompletion, ChatInput, ChatOutput, Error, ErrorCode, Result, TextGeneration, TextInput, TextOutput,
};
use url::Url;

use super::openai::{Chat, Schema};
use super::text_reader::{self, TextReader};
use super::{Adapter, Place, Reader, TGI_CHAT, Target, chat_reader, tgi};
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
    let (Place::Base(base) | Place::Given(base)) = &target.place;
    let steps_out = target.model.split('/').any(|part| matches!(part, "" | "." | ".."));
    if steps_out {
        return Err(Error::new(
            ErrorCode::Model,
            "Choose a model first: its name looks like organisation/model.",
        ));
    }
    Ok(address::join(base, &format!("/models/{}", target.model)))
}
