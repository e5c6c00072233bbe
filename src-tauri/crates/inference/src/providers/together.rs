//! Together's changed pictures: the route of new ones, with the picture under one of two names (hf-api 3.5).

use limerick_tasks::{ImageOutput, ImageToImage, ImageToImageInput, Result};
use serde_json::{Value, json};

use super::images::{IMAGES, Images};
use super::settings::Settings;
use super::{Adapter, Target, results};
use crate::address;
use crate::wire::{Reply, Request, Response, Written};

/// How Together is asked for pictures.
pub(super) const NEW: Images = Images { format: "base64", steps: "steps", ..IMAGES };

/// Changed pictures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edits;

impl Adapter<ImageToImage> for Edits {
    fn request(&self, target: &Target, input: &ImageToImageInput) -> Result<Written> {
        let mut notes = Vec::new();
        let mut settings = NEW.settings(Settings::of_edit(input)?, &mut notes);
        settings.spread_target_size();
        let image = input.image.data_uri();
        let model = target.model.to_lowercase();
        // FLUX.1 Kontext reads the one name, all others the other.
        let kontext = model.contains("kontext") && model.contains("flux.1");
        let image = if kontext { ("image_url", json!(image)) } else { ("reference_images", json!([image])) };
        let first = [
            ("model", json!(target.model)),
            ("prompt", json!("")),
            image,
            ("response_format", json!(NEW.format)),
        ];
        let url = address::join(target.url(), NEW.route);
        Ok(Written { request: Request::post(url, Value::Object(settings.after(first))), notes })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        results::images(target, response)
    }
}
