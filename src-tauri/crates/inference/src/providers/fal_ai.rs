//! fal: pictures through its queue, speech at once (hf-api 3.3). The official clients differ: we queue as
//! @huggingface/inference does, and write `image_size` as `huggingface_hub` does.

use std::time::Duration;

use limerick_tasks::{
    AudioOutput, AutomaticSpeechRecognition, ImageOutput, ImageToImage, ImageToImageInput, Media, Result,
    SpeechRecognitionInput, SpeechRecognitionOutput, Status, TextToImage, TextToImageInput, TextToSpeech,
    TextToSpeechInput,
};
use serde_json::{Map, Value, json};
use url::Url;

use super::jobs::{self, Job, Look};
use super::settings::{Settings, loras};
use super::{Adapter, Target, path_of, results, speech};
use crate::address;
use crate::wire::{Method, Next, Reply, Request, Response, Written};

/// Time between two looks; the official clients wait as long.
const EVERY: Duration = Duration::from_millis(500);
/// The one model that wants its base model named.
const LORA: &str = "fal-ai/lora";
/// The base model that it wants.
const LORA_BASE: &str = "stabilityai/stable-diffusion-xl-base-1.0";

/// Asked through the queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queue;

/// Asked at once: an answer comes when it is ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Direct;

impl Adapter<TextToImage> for Queue {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        let mut settings = Settings::of_image(input)?;
        let size = settings.take_sides().map(|[width, height]| json!({"width": width, "height": height}));
        let mut body = settings.after([("prompt", json!(input.prompt))]);
        body.extend(size.map(|size| ("image_size".to_owned(), size)));
        add_lora(&mut body, target);
        submit(target, body)
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        submitted(target, response)
    }
}

impl Adapter<ImageToImage> for Queue {
    fn request(&self, target: &Target, input: &ImageToImageInput) -> Result<Written> {
        let mut settings = Settings::of_edit(input)?;
        settings.rename("target_size", "image_size");
        let image = input.image.data_uri();
        // Older models read one, newer ones the other.
        let mut body = settings.after([("image_url", json!(image)), ("image_urls", json!([image]))]);
        add_lora(&mut body, target);
        submit(target, body)
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        submitted(target, response)
    }
}

impl Adapter<TextToSpeech> for Direct {
    fn request(&self, target: &Target, input: &TextToSpeechInput) -> Result<Written> {
        let body = Settings::of_speech(input)?.after([("text", json!(input.text))]);
        Ok(Written { request: Request::post(at(target)?, Value::Object(body)), notes: Vec::new() })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<AudioOutput>> {
        results::audio(target, response)
    }
}

impl Adapter<AutomaticSpeechRecognition> for Direct {
    fn request(&self, target: &Target, input: &SpeechRecognitionInput) -> Result<Written> {
        let sound = json!(named_for_fal(&input.audio).data_uri());
        let body = Settings::of_recognition(input)?.after([("audio_url", sound)]);
        Ok(Written { request: Request::post(at(target)?, Value::Object(body)), notes: Vec::new() })
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<SpeechRecognitionOutput>> {
        speech::transcript(response).map(Reply::Done)
    }
}

/// fal knows some sounds under other names, as @huggingface/inference has found out.
fn named_for_fal(audio: &Media) -> Media {
    let media_type = match audio.media_type.as_str() {
        "audio/wav" => "audio/x-wav",
        "audio/webm" => "video/webm",
        other => other,
    };
    Media { media_type: media_type.to_owned(), bytes: audio.bytes.clone() }
}

fn add_lora(body: &mut Map<String, Value>, target: &Target) {
    let Some(lora) = &target.lora else { return };
    body.insert("loras".into(), loras(lora.weights.as_str()));
    if target.model == LORA {
        body.insert("model_name".into(), json!(LORA_BASE));
    }
}

fn at(target: &Target) -> Result<Url> {
    Ok(address::join(target.url(), &path_of(&target.model)?))
}

/// The queue's own host, or the router's door with a word for it.
fn queue(target: &Target) -> Url {
    let mut url = target.url().clone();
    if target.routed {
        url.set_query(Some("_subdomain=queue"));
    } else {
        let host = format!("queue.{}", url.host_str().unwrap_or_default());
        // A host stays one with a word before it.
        let _ = url.set_host(Some(&host));
    }
    url
}

fn submit(target: &Target, body: Map<String, Value>) -> Result<Written> {
    let url = address::join(&queue(target), &path_of(&target.model)?);
    Ok(Written { request: Request::post(url, Value::Object(body)), notes: Vec::new() })
}

/// The ticket that the queue gives; models that answer at once are read at once.
fn submitted(target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
    let ticket = response.json()?;
    let Some(said) = ticket.get("response_url").and_then(Value::as_str) else {
        return results::images_of(target, &ticket);
    };
    let queue = queue(target);
    let mut result = jobs::home(&queue, target.routed, said)?;
    result.set_query(queue.query());
    let ask = Request::get(address::join(&result, "/status"));
    let cancel = Request { method: Method::Put, ..Request::get(address::join(&result, "/cancel")) };
    let target = target.clone();
    let fetch = move |()| fetch(&target, &result);
    match look(&ticket)? {
        Look::Done(()) => Ok(fetch(())),
        Look::Wait(status) => {
            let look = move |value: &Value| Ok(look(value)?.map(&fetch));
            Ok(Job {
                ask,
                first: EVERY,
                every: EVERY,
                cancel: Some(cancel),
                look: Box::new(look),
                told: None,
            }
            .wait(status))
        }
    }
}

/// Gets what the job made.
fn fetch(target: &Target, result: &Url) -> Reply<ImageOutput> {
    let (target, request) = (target.clone(), Request::get(result.clone()));
    let read = move |response: &Response| results::images_of(&target, &response.json()?);
    Reply::Next(Box::new(Next {
        request,
        wait: Duration::ZERO,
        status: None,
        cancel: None,
        read: Box::new(read),
    }))
}

/// Reads where the job stands; what the official clients would wait for without end is an error here.
fn look(value: &Value) -> Result<Look<()>> {
    let position =
        || value.get("queue_position").and_then(Value::as_u64).and_then(|at| u32::try_from(at).ok());
    match value.get("status").and_then(Value::as_str).unwrap_or_default() {
        "COMPLETED" => Ok(Look::Done(())),
        "IN_QUEUE" => Ok(Look::Wait(Some(Status::Queued { position: position() }))),
        "IN_PROGRESS" => Ok(Look::Wait(Some(working(value)))),
        "CANCELED" | "CANCELLED" => Err(jobs::called_off()),
        "FAILED" | "ERROR" => Err(jobs::failed(jobs::words(value))),
        _ => Err(jobs::unknown(value)),
    }
}

/// The last step in the log, where there is one.
fn working(value: &Value) -> Status {
    let lines = value.get("logs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let step = lines.iter().rev().find_map(|line| jobs::step(line.get("message")?.as_str()?));
    step.unwrap_or(Status::Sent { provider: Some("fal-ai".into()) })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use limerick_tasks::ErrorCode;

    use super::*;

    #[test]
    fn states_that_never_end_well_are_errors() {
        for (state, want) in [
            (json!({"status": "FAILED", "error": "out of memory"}), ErrorCode::Provider),
            (json!({"status": "FAILED", "error": "content policy"}), ErrorCode::Refused),
            (json!({"status": "CANCELED"}), ErrorCode::Provider),
            (json!({"status": "ERROR"}), ErrorCode::Provider),
            (json!({"detail": "not found"}), ErrorCode::Provider),
            (json!({"status": 7}), ErrorCode::Format),
        ] {
            assert_eq!(look(&state).err().unwrap().code, want, "{state}");
        }
    }

    #[test]
    fn a_wav_goes_under_the_name_that_fal_knows() {
        let wave = Media::new(&b"RIFF....WAVE"[..], "");
        assert!(named_for_fal(&wave).data_uri().starts_with("data:audio/x-wav;base64,"));
    }
}
