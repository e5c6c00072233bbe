//! Pictures and sounds at a server by its address: `OpenAI`'s form, or Hugging Face's where the address says so.

use limerick_tasks::{
    AudioOutput, AutomaticSpeechRecognition, ImageOutput, ImageToImage, ImageToImageInput, Result,
    SpeechRecognitionInput, SpeechRecognitionOutput, Task, TextToImage, TextToImageInput, TextToSpeech,
    TextToSpeechInput,
};

use super::hf_inference::HfMedia;
use super::images::SERVER_IMAGES;
use super::speech::{SPEECH, TRANSCRIPTIONS};
use super::{Adapter, Style, Target};
use crate::wire::{Reply, Response, Written};

/// A server in the form that its address and its settings tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ByAddress(Style);

const AUTO: ByAddress = ByAddress(Style::Auto);
const OPEN_AI: ByAddress = ByAddress(Style::OpenAi);
const HUGGING_FACE: ByAddress = ByAddress(Style::Tgi);

impl ByAddress {
    /// The one of a style.
    pub(super) const fn of(style: Style) -> &'static Self {
        match style {
            Style::Auto => &AUTO,
            Style::OpenAi => &OPEN_AI,
            Style::Tgi => &HUGGING_FACE,
        }
    }

    /// Inference Endpoints, and paths that name one model, take Hugging Face's form.
    fn form<T: Task>(
        self,
        target: &Target,
        openai: &'static dyn Adapter<T>,
        own: &'static dyn Adapter<T>,
    ) -> &'static dyn Adapter<T> {
        let url = target.url();
        let endpoint = url.host_str().is_some_and(|host| host.ends_with(".endpoints.huggingface.cloud"));
        let by_name = endpoint && !url.path().contains("/v1") || url.path().contains("/models/");
        if self.0 == Style::Tgi || self.0 == Style::Auto && by_name { own } else { openai }
    }
}

impl Adapter<TextToImage> for ByAddress {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        self.form::<TextToImage>(target, &SERVER_IMAGES, &HfMedia).request(target, input)
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        self.form::<TextToImage>(target, &SERVER_IMAGES, &HfMedia).read(target, response)
    }
}

impl Adapter<ImageToImage> for ByAddress {
    fn request(&self, target: &Target, input: &ImageToImageInput) -> Result<Written> {
        self.form::<ImageToImage>(target, &SERVER_IMAGES, &HfMedia).request(target, input)
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        self.form::<ImageToImage>(target, &SERVER_IMAGES, &HfMedia).read(target, response)
    }
}

impl Adapter<TextToSpeech> for ByAddress {
    fn request(&self, target: &Target, input: &TextToSpeechInput) -> Result<Written> {
        self.form::<TextToSpeech>(target, &SPEECH, &HfMedia).request(target, input)
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<AudioOutput>> {
        self.form::<TextToSpeech>(target, &SPEECH, &HfMedia).read(target, response)
    }
}

impl Adapter<AutomaticSpeechRecognition> for ByAddress {
    fn request(&self, target: &Target, input: &SpeechRecognitionInput) -> Result<Written> {
        self.form::<AutomaticSpeechRecognition>(target, &TRANSCRIPTIONS, &HfMedia).request(target, input)
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<SpeechRecognitionOutput>> {
        self.form::<AutomaticSpeechRecognition>(target, &TRANSCRIPTIONS, &HfMedia).read(target, response)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use limerick_tasks::{Media, TargetSize};
    use serde_json::json;
    use url::Url;

    use super::*;
    use crate::providers::Place;
    use crate::wire::{Body, Request};

    fn at(url: &str, model: &str) -> Target {
        let place = Place::Given(Url::parse(url).unwrap());
        Target { place, model: model.into(), routed: false, lora: None }
    }

    fn asked(style: Style, url: &str, model: &str) -> Request {
        let (width, height) = (Some(64), Some(32));
        let input = TextToImageInput { prompt: "a cat".into(), width, height, ..TextToImageInput::default() };
        let adapter: &dyn Adapter<TextToImage> = ByAddress::of(style);
        adapter.request(&at(url, model), &input).unwrap().request
    }

    #[test]
    fn the_address_tells_the_form() {
        let endpoint = "https://x.eu-west-1.aws.endpoints.huggingface.cloud/";
        let hugging_face = json!({"inputs": "a cat", "parameters": {"width": 64, "height": 32}});
        let openai = json!({"model": "m", "prompt": "a cat", "response_format": "b64_json", "size": "64x32"});
        let home = "http://localhost:8080";
        for (style, url, to, body) in [
            (Style::Auto, endpoint, endpoint, &hugging_face),
            (Style::Auto, "http://localhost:1/models/a/b", "http://localhost:1/models/a/b", &hugging_face),
            (Style::Tgi, "http://localhost:1/", "http://localhost:1/", &hugging_face),
            (Style::Auto, home, "http://localhost:8080/v1/images/generations", &openai),
            (
                Style::OpenAi,
                "http://localhost:1/models/x/v1",
                "http://localhost:1/models/x/v1/images/generations",
                &openai,
            ),
        ] {
            let request = asked(style, url, "m");
            assert_eq!((request.url.as_str(), request.body.json()), (to, Some(body)), "{url}");
        }
    }

    #[test]
    fn a_server_is_not_told_what_it_would_refuse() {
        let body = |model| asked(Style::OpenAi, "http://localhost:1/v1", model).body;
        assert_eq!(body("").json().unwrap().get("model"), None);
        assert_eq!(body("gpt-image-1").json().unwrap().get("response_format"), None);
    }

    #[test]
    fn a_picture_to_change_goes_as_a_form() {
        let image = Media::new(&b"\xff\xd8\xff"[..], "");
        let target_size = Some(TargetSize { width: 64, height: 32 });
        let prompt = Some("blue".to_owned());
        let input = ImageToImageInput { image, prompt, target_size, ..ImageToImageInput::default() };
        let adapter: &dyn Adapter<ImageToImage> = ByAddress::of(Style::Auto);
        let request = adapter.request(&at("http://localhost:1", "m"), &input).unwrap().request;
        assert_eq!(request.url.path(), "/v1/images/edits");
        let Body::Multipart(fields) = request.body else { unreachable!("a form was asked for") };
        let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["image", "model", "prompt", "response_format", "size"]);
        assert_eq!(fields[0].file, Some(("image.jpg".to_owned(), "image/jpeg".to_owned())));
    }
}
