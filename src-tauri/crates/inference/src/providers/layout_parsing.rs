//! Z.ai reads the text on a picture: its `layout_parsing` route as an `image_to_text` (hf-api 3.6).

use limerick_tasks::{ImageToText, ImageToTextInput, ImageToTextOutput, Result};
use serde_json::{Map, Value, json};

use super::hf_inference::answers::unknown;
use super::{Adapter, Target, zai_org};
use crate::address;
use crate::error;
use crate::wire::{Reply, Request, Response, Written};

/// What it has no place for.
const IGNORED: &[&str] = &["max_new_tokens", "generation_parameters"];

/// Reads a picture, or a page, as Markdown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LayoutParsing;

impl Adapter<ImageToText> for LayoutParsing {
    fn request(&self, target: &Target, input: &ImageToTextInput) -> Result<Written> {
        let mut body = Map::new();
        body.insert("model".into(), json!(target.model));
        body.insert("file".into(), Value::String(input.image.data_uri()));
        body.extend(input.extra_body.clone());
        let url = address::join(target.url(), "/api/paas/v4/layout_parsing");
        let request = zai_org::signed(Request::post(url, Value::Object(body)));
        Ok(Written { request, notes: left_out(input) })
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<ImageToTextOutput>> {
        let answer = response.json()?;
        if let Some(error) = error::from_value(&answer) {
            return Err(error);
        }
        let text = answer.get("md_results").and_then(Value::as_str);
        let generated_text = text.map(str::to_owned).ok_or_else(|| unknown(&answer))?;
        Ok(Reply::Done(ImageToTextOutput { generated_text }))
    }

    fn ignored(&self) -> &'static [&'static str] {
        IGNORED
    }
}

/// One sentence for each parameter that is given and has no place there.
fn left_out(input: &ImageToTextInput) -> Vec<String> {
    let given = [input.max_new_tokens.is_some(), !input.generation_parameters.is_empty()];
    let left_out = IGNORED.iter().zip(given).filter(|(_, given)| *given);
    left_out.map(|(name, _)| format!("{name} was left out: Z.ai reads pictures without it.")).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

    use limerick_tasks::{ErrorCode, Media};
    use url::Url;

    use super::super::Place;
    use super::*;
    use crate::wire::Head;

    fn target() -> Target {
        let place = Place::Base(Url::parse("https://router.huggingface.co/zai-org").unwrap());
        Target { place, model: "glm-ocr".into(), routed: true, lora: None }
    }

    fn read(body: &'static str) -> Result<String> {
        let response = Response { head: Head::default(), body: body.into() };
        LayoutParsing.read(&target(), &response).map(|reply| match reply {
            Reply::Done(output) => output.generated_text,
            Reply::Next(_) => panic!("an answer in one piece"),
        })
    }

    #[test]
    fn a_picture_goes_as_a_data_uri_and_what_has_no_place_is_named() {
        let image = Media::new(&b"BM"[..], "");
        let input = ImageToTextInput { image, max_new_tokens: Some(9), ..ImageToTextInput::default() };
        let written = LayoutParsing.request(&target(), &input).unwrap();
        let url = "https://router.huggingface.co/zai-org/api/paas/v4/layout_parsing";
        assert_eq!(written.request.url.as_str(), url);
        let body = written.request.body.json().unwrap().to_string();
        assert_eq!(body, r#"{"model":"glm-ocr","file":"data:image/bmp;base64,Qk0="}"#);
        assert_eq!(written.notes, ["max_new_tokens was left out: Z.ai reads pictures without it."]);
    }

    #[test]
    fn the_text_is_read_and_everything_else_is_an_error() {
        assert_eq!(read(r##"{"md_results":"# a cat"}"##).unwrap(), "# a cat");
        assert_eq!(read(r#"{"md_results":null}"#).unwrap_err().code, ErrorCode::Format);
        let refused = read(r#"{"error":{"code":"1211","message":"no such model"}}"#).unwrap_err();
        assert!(refused.message.contains("no such model"), "{refused}");
    }
}
