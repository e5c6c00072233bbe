//! Z.ai's pictures: a task is handed in and asked after every five seconds (hf-api 3.6).

use std::time::Duration;

use limerick_tasks::{ImageOutput, Result, Status, TextToImage, TextToImageInput};
use serde_json::{Value, json};

use super::jobs::{self, Job, Look};
use super::settings::Settings;
use super::{Adapter, Target, ZAI_HEADERS, path_of, results};
use crate::address;
use crate::wire::{Reply, Request, Response, Written};

/// Time between two looks; the official clients wait as long.
const EVERY: Duration = Duration::from_secs(5);
/// What its picture models do not know, although it takes them.
const IGNORED: &[&str] = &["negative_prompt", "num_inference_steps", "guidance_scale", "scheduler", "seed"];

/// Pictures as tasks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsyncImages;

impl Adapter<TextToImage> for AsyncImages {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        let mut settings = Settings::of_image(input)?;
        let mut notes = settings.without_effect(IGNORED);
        let size = settings.take_size();
        for side in ["width", "height"] {
            if settings.take(side).is_some() {
                notes.push(format!("{side} was left out: this provider wants both width and height."));
            }
        }
        let mut body = settings.after([("model", json!(target.model)), ("prompt", json!(input.prompt))]);
        body.extend(size.map(|size| ("size".to_owned(), Value::String(size))));
        let url = address::join(target.url(), "/api/paas/v4/async/images/generations");
        Ok(Written { request: signed(Request::post(url, Value::Object(body))), notes })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        let task = response.json()?;
        let status = match look(target, &task)? {
            Look::Done(reply) => return Ok(reply),
            Look::Wait(status) => status,
        };
        let id = task["id"].as_str().ok_or_else(|| jobs::unknown(&task))?;
        let url = address::join(target.url(), &format!("/api/paas/v4/async-result{}", path_of(id)?));
        let target = target.clone();
        let look = move |value: &Value| look(&target, value);
        let ask = signed(Request::get(url));
        Ok(Job { ask, first: Duration::ZERO, every: EVERY, cancel: None, look: Box::new(look), told: None }
            .wait(status))
    }

    fn ignored(&self) -> &'static [&'static str] {
        IGNORED
    }
}

/// With the headers that Z.ai wants.
pub(super) fn signed(mut request: Request) -> Request {
    request.headers = ZAI_HEADERS.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    request
}

fn look(target: &Target, task: &Value) -> Result<Look<Reply<ImageOutput>>> {
    match task["task_status"].as_str().unwrap_or_default() {
        "SUCCESS" => results::images_of(target, task).map(Look::Done),
        "PROCESSING" => Ok(Look::Wait(Some(Status::Sent { provider: Some("zai-org".into()) }))),
        "FAIL" => Err(jobs::failed(jobs::words(task))),
        _ => Err(jobs::unknown(task)),
    }
}
