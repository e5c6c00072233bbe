//! `WaveSpeed`: a job is handed in and asked after (hf-api 3.6).

use std::time::Duration;

use limerick_tasks::{
    Error, ErrorCode, ImageOutput, ImageToImage, ImageToImageInput, Result, Status, TextToImage,
    TextToImageInput,
};
use serde_json::{Map, Value, json};

use super::jobs::{self, Job, Look};
use super::settings::{Settings, loras};
use super::{Adapter, Target, path_of, results};
use crate::address;
use crate::wire::{Reply, Request, Response, Written};

/// Time between two looks; the official clients wait as long.
const EVERY: Duration = Duration::from_millis(500);

/// Its jobs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Jobs;

impl Adapter<TextToImage> for Jobs {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        submit(target, Settings::of_image(input)?.after([("prompt", json!(input.prompt))]))
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        submitted(target, response)
    }
}

impl Adapter<ImageToImage> for Jobs {
    /// The picture as @huggingface/inference writes it: bare base64, alone and in a list.
    fn request(&self, target: &Target, input: &ImageToImageInput) -> Result<Written> {
        let image = json!(input.image.base64());
        submit(
            target,
            Settings::of_edit(input)?.after([("image", image.clone()), ("images", json!([image]))]),
        )
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        submitted(target, response)
    }
}

fn submit(target: &Target, mut body: Map<String, Value>) -> Result<Written> {
    if let Some(lora) = &target.lora {
        body.insert("loras".into(), loras(&lora.repository));
    }
    let url = address::join(target.url(), &format!("/api/v3{}", path_of(&target.model)?));
    Ok(Written { request: Request::post(url, Value::Object(body)), notes: Vec::new() })
}

fn submitted(target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
    let job = response.json()?;
    let status = match look(target, &job)? {
        Look::Done(reply) => return Ok(reply),
        Look::Wait(status) => status,
    };
    let said = job.pointer("/data/urls/get").and_then(Value::as_str).ok_or_else(|| jobs::unknown(&job))?;
    let ask = Request::get(jobs::home(target.url(), target.routed, said)?);
    let target = target.clone();
    let look = move |value: &Value| look(&target, value);
    Ok(Job { ask, first: EVERY, every: EVERY, cancel: None, look: Box::new(look), told: None }.wait(status))
}

/// Reads where the job stands. An error may come with a good status: `{code, message}`.
fn look(target: &Target, job: &Value) -> Result<Look<Reply<ImageOutput>>> {
    let data = &job["data"];
    let made = data["outputs"].as_array().is_some_and(|outputs| !outputs.is_empty());
    match data["status"].as_str().unwrap_or_default() {
        "completed" if made => results::images_of(target, data).map(Look::Done),
        "completed" => {
            Err(Error::new(ErrorCode::Format, "The provider ended the job without a picture: try again."))
        }
        "created" => Ok(Look::Wait(Some(Status::Queued { position: None }))),
        "processing" => Ok(Look::Wait(Some(Status::Sent { provider: Some("wavespeed".into()) }))),
        "failed" => Err(jobs::failed(jobs::words(&data["error"]))),
        _ => Err(refusal(job).unwrap_or_else(|| jobs::unknown(job))),
    }
}

fn refusal(job: &Value) -> Option<Error> {
    let bad = job["code"].as_u64().is_some_and(|code| code != 200);
    bad.then(|| jobs::failed(job["message"].as_str().unwrap_or_default()))
}
