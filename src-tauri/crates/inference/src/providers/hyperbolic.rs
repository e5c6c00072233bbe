//! Hyperbolic's pictures, with a key of its own (hf-api 3.7).

use limerick_tasks::{ImageOutput, Result, TextToImage, TextToImageInput};
use serde_json::{Value, json};

use super::settings::Settings;
use super::{Adapter, Target, results};
use crate::address;
use crate::wire::{Reply, Request, Response, Written};

/// The side of a picture in pixels where none is asked for: it has no default of its own.
const SIDE: u32 = 512;

/// Pictures at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pictures;

impl Adapter<TextToImage> for Pictures {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        let mut settings = Settings::of_image(input)?;
        settings.rename("num_inference_steps", "steps");
        settings.rename("guidance_scale", "cfg_scale");
        let first = [
            ("model_name", json!(target.model)),
            ("prompt", json!(input.prompt)),
            ("width", json!(SIDE)),
            ("height", json!(SIDE)),
        ];
        let url = address::join(target.url(), "/v1/images/generations");
        Ok(Written { request: Request::post(url, Value::Object(settings.after(first))), notes: Vec::new() })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        results::images(target, response)
    }
}
