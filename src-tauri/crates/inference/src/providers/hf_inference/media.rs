//! Pictures and sounds in Hugging Face's own form (hf-api 2.2, 2.3): at hf-inference, and at a container that
//! serves one model by its address.

use limerick_tasks::{
    AudioOutput, AutomaticSpeechRecognition, ImageOutput, ImageToImage, ImageToImageInput, Result,
    SpeechRecognitionInput, SpeechRecognitionOutput, TextToImage, TextToImageInput, TextToSpeech,
    TextToSpeechInput,
};
use serde_json::json;

use super::super::settings::Settings;
use super::super::{Adapter, Place, Target, bark, results, speech};
use super::{model_url, pipeline};
use crate::wire::{Body, Method, Reply, Request, Response, Written};

/// All four tasks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HfMedia;

impl Adapter<TextToImage> for HfMedia {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        let body = pipeline::json(json!(input.prompt), Settings::of_image(input)?.alone());
        write(target, body, Some("image/png"))
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        results::images(target, response)
    }
}

impl Adapter<ImageToImage> for HfMedia {
    fn request(&self, target: &Target, input: &ImageToImageInput) -> Result<Written> {
        let body = pipeline::file(&input.image, Settings::of_edit(input)?.alone());
        write(target, body, Some("image/png"))
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        results::images(target, response)
    }
}

impl Adapter<TextToSpeech> for HfMedia {
    fn request(&self, target: &Target, input: &TextToSpeechInput) -> Result<Written> {
        let mut settings = Settings::of_speech(input)?;
        // hf-inference gets what huggingface_hub sends; a container hands each name on to its pipeline.
        if matches!(target.place, Place::Given(_)) {
            bark::for_pipeline(&mut settings);
        }
        let body = pipeline::json(json!(input.text), settings.alone());
        write(target, body, sound(target))
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<AudioOutput>> {
        results::audio(target, response)
    }
}

impl Adapter<AutomaticSpeechRecognition> for HfMedia {
    fn request(&self, target: &Target, input: &SpeechRecognitionInput) -> Result<Written> {
        let body = pipeline::file(&input.audio, Settings::of_recognition(input)?.alone());
        write(target, body, None)
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<SpeechRecognitionOutput>> {
        speech::transcript(response).map(Reply::Done)
    }
}

/// A container wants to be told what to answer with, and answers in JSON otherwise; hf-inference does not.
fn sound(target: &Target) -> Option<&'static str> {
    matches!(target.place, Place::Given(_)).then_some("audio/wav")
}

fn write(target: &Target, body: Body, accept: Option<&str>) -> Result<Written> {
    let url = match &target.place {
        Place::Base(_) => model_url(target)?,
        Place::Given(url) => url.clone(),
    };
    let headers = accept.map(|accept| ("Accept", accept.to_owned())).into_iter().collect();
    let request = Request { method: Method::Post, body, headers, ..Request::get(url) };
    Ok(Written { request, notes: Vec::new() })
}
