//! Black Forest Labs: Flux from its makers, with a key of their own (hf-api 3.7).

use std::time::Duration;

use limerick_tasks::{ImageOutput, Result, Status, TextToImage, TextToImageInput};
use serde_json::{Value, json};

use super::jobs::{self, Job, Look};
use super::settings::Settings;
use super::{Adapter, Target, path_of, refused, results};
use crate::address;
use crate::wire::{Reply, Request, Response, Written};

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// What it does not know.
const IGNORED: &[&str] = &["negative_prompt", "scheduler"];

/// Pictures as tasks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tasks;

impl Adapter<TextToImage> for Tasks {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        let mut settings = Settings::of_image(input)?;
        let notes = settings.without_effect(IGNORED);
        settings.rename("num_inference_steps", "steps");
        settings.rename("guidance_scale", "guidance");
        let body = settings.after([("prompt", json!(input.prompt))]);
        let url = address::join(target.url(), &format!("/v1{}", path_of(&target.model)?));
        Ok(Written { request: Request::post(url, Value::Object(body)), notes })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        let task = response.json()?;
        let said = task["polling_url"].as_str().ok_or_else(|| jobs::unknown(&task))?;
        let ask = Request::get(jobs::home(target.url(), target.routed, said)?);
        let target = target.clone();
        let look = move |value: &Value| look(&target, value);
        Ok(Job { ask, first: EVERY, every: EVERY, cancel: None, look: Box::new(look), told: None }.wait(None))
    }

    fn ignored(&self) -> &'static [&'static str] {
        IGNORED
    }
}

fn look(target: &Target, task: &Value) -> Result<Look<Reply<ImageOutput>>> {
    match task["status"].as_str().unwrap_or_default() {
        "Ready" => results::images_of(target, &task["result"]).map(Look::Done),
        "Pending" => Ok(Look::Wait(Some(Status::Queued { position: None }))),
        words @ ("Request Moderated" | "Content Moderated") => Err(refused(words)),
        words @ ("Error" | "Task not found") => {
            let more = jobs::words(&task["details"]);
            Err(jobs::failed(if more.is_empty() { words } else { more }))
        }
        _ => Err(jobs::unknown(task)),
    }
}
