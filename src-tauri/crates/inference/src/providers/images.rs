//! Pictures in `OpenAI`'s form, as half a dozen providers and most servers take it (hf-api 3.2, 8.3).

use limerick_tasks::{ImageOutput, ImageToImage, ImageToImageInput, Result, TextToImage, TextToImageInput};
use serde_json::{Map, Value, json};

use super::settings::Settings;
use super::{Adapter, Place, Target, results};
use crate::address;
use crate::wire::Body;
use crate::wire::{FormField, Method, Reply, Request, Response, Written};

/// `OpenAI`'s form, with what differs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Images {
    /// The path below the provider's base.
    pub(crate) route: &'static str,
    /// The word for pictures in base64.
    pub(crate) format: &'static str,
    /// Whether width and height go as one text, `size`.
    pub(crate) size: bool,
    /// The provider's name for `num_inference_steps`.
    pub(crate) steps: &'static str,
    /// What is left out, as the provider would refuse it.
    pub(crate) dropped: &'static [&'static str],
    /// What has no effect there, what is left out included.
    pub(crate) ignored: &'static [&'static str],
}

/// As `OpenAI` has it, with the settings of diffusion models beside.
pub(crate) const IMAGES: Images = Images {
    route: "/v1/images/generations",
    format: "b64_json",
    size: false,
    steps: "num_inference_steps",
    dropped: &[],
    ignored: &["scheduler"],
};
/// The same at a server by its address.
pub(crate) const SERVER_IMAGES: Images = Images { size: true, ignored: &[], ..IMAGES };

impl Images {
    /// The settings in this provider's words; what has no effect is noted, what it would refuse is left out.
    pub(super) fn settings(&self, mut settings: Settings, notes: &mut Vec<String>) -> Settings {
        notes.extend(settings.without_effect(self.ignored));
        for name in self.dropped {
            settings.take(name);
        }
        settings.rename("num_inference_steps", self.steps);
        settings
    }

    /// Model, format and size: what every body begins with.
    fn body(&self, target: &Target, prompt: &str, mut settings: Settings) -> Map<String, Value> {
        let size = if self.size { settings.take_size() } else { None };
        let mut body = settings.after([
            ("model", json!(target.model)),
            ("prompt", json!(prompt)),
            ("response_format", json!(self.format)),
        ]);
        if target.model.is_empty() {
            body.shift_remove("model");
        }
        // OpenAI's own models always answer in base64, and refuse to be asked for it.
        if ["gpt-image", "chatgpt-image"].iter().any(|own| target.model.starts_with(own)) {
            body.shift_remove("response_format");
        }
        if let Some(size) = size {
            body.insert("size".into(), Value::String(size));
        }
        body
    }
}

impl Adapter<TextToImage> for Images {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        let url = match &target.place {
            Place::Base(base) => address::join(base, self.route),
            Place::Given(url) => address::openai(url, "/images/generations"),
        };
        let mut notes = Vec::new();
        let settings = self.settings(Settings::of_image(input)?, &mut notes);
        let body = self.body(target, &input.prompt, settings);
        Ok(Written { request: Request::post(url, Value::Object(body)), notes })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        results::images(target, response)
    }

    fn ignored(&self) -> &'static [&'static str] {
        self.ignored
    }
}

/// `/images/edits`: a form with the picture in it, at servers by their address.
impl Adapter<ImageToImage> for Images {
    fn request(&self, target: &Target, input: &ImageToImageInput) -> Result<Written> {
        let mut notes = Vec::new();
        let mut settings = self.settings(Settings::of_edit(input)?, &mut notes);
        settings.spread_target_size();
        let prompt = input.prompt.clone().unwrap_or_default();
        let mut form = vec![FormField::file("image", "image", &input.image)];
        form.extend(
            self.body(target, &prompt, settings)
                .into_iter()
                .map(|(name, value)| FormField::value(name, &value)),
        );
        let url = address::openai(target.url(), "/images/edits");
        Ok(Written {
            request: Request { method: Method::Post, body: Body::Multipart(form), ..Request::get(url) },
            notes,
        })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        results::images(target, response)
    }
}
