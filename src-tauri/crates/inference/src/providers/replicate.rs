//! Replicate: predictions that are waited for, then asked after (hf-api 3.4).

use std::time::Duration;

use limerick_tasks::{
    AudioOutput, AutomaticSpeechRecognition, Error, ErrorCode, ImageOutput, ImageToImage, ImageToImageInput,
    Result, SpeechRecognitionInput, SpeechRecognitionOutput, Status, TextToImage, TextToImageInput,
    TextToSpeech, TextToSpeechInput,
};
use serde_json::{Map, Value, json};
use url::Url;

use super::jobs::{self, Job, Look};
use super::settings::Settings;
use super::{Adapter, Target, bark, path_of, results, speech};
use crate::address;
use crate::wire::{Method, Next, Reply, Request, Response, Written, decode};

/// Time between two looks.
const EVERY: Duration = Duration::from_millis(500);

/// Its predictions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Predictions;

/// Reads what a prediction has put out.
type Output<O> = fn(&Target, &Value) -> Result<Reply<O>>;

impl Adapter<TextToImage> for Predictions {
    fn request(&self, target: &Target, input: &TextToImageInput) -> Result<Written> {
        let mut fields = Settings::of_image(input)?.after([("prompt", json!(input.prompt))]);
        if let Some(lora) = &target.lora {
            let weights = format!("https://huggingface.co/{}", lora.repository);
            fields.insert("lora_weights".into(), Value::String(weights));
        }
        predict(target, fields)
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        predicted(target, response, results::images_of)
    }
}

impl Adapter<ImageToImage> for Predictions {
    fn request(&self, target: &Target, input: &ImageToImageInput) -> Result<Written> {
        let image = json!(input.image.data_uri());
        // Each model there has its own name for it.
        let names = [
            ("image", image.clone()),
            ("images", json!([image])),
            ("input_image", image.clone()),
            ("input_images", json!([image])),
        ];
        predict(target, Settings::of_edit(input)?.after(names))
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
        predicted(target, response, results::images_of)
    }
}

impl Adapter<TextToSpeech> for Predictions {
    fn request(&self, target: &Target, input: &TextToSpeechInput) -> Result<Written> {
        let model = bark::at_replicate(&target.model);
        let mut settings = Settings::of_speech(input)?;
        // Bark alone calls the text a prompt, and says a line of its own when it gets none (hf-api 9.3).
        let text = if bark::is_at_replicate(model) { "prompt" } else { "text" };
        if text == "prompt" {
            bark::for_replicate(&mut settings);
        }
        let target = Target { model: model.to_owned(), ..target.clone() };
        predict(&target, settings.after([(text, json!(input.text))]))
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<AudioOutput>> {
        predicted(target, response, results::audio_of)
    }
}

impl Adapter<AutomaticSpeechRecognition> for Predictions {
    fn request(&self, target: &Target, input: &SpeechRecognitionInput) -> Result<Written> {
        let audio = json!(input.audio.data_uri());
        predict(target, Settings::of_recognition(input)?.after([("audio", audio)]))
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<SpeechRecognitionOutput>> {
        predicted(target, response, heard)
    }
}

/// Asks for a prediction and for up to a minute of patience; a model of a person's own is named by its version.
fn predict(target: &Target, input: Map<String, Value>) -> Result<Written> {
    let mut body = Map::new();
    body.insert("input".into(), Value::Object(input));
    let route = match target.model.split_once(':') {
        Some((_, version)) => {
            body.insert("version".into(), json!(version));
            "/v1/predictions".to_owned()
        }
        None => format!("/v1/models{}/predictions", path_of(&target.model)?),
    };
    let mut request = Request::post(address::join(target.url(), &route), Value::Object(body));
    request.headers.push(("Prefer", "wait".to_owned()));
    Ok(Written { request, notes: Vec::new() })
}

/// Reads the first answer; a prediction that needs longer is asked after.
fn predicted<O: 'static>(target: &Target, response: &Response, output: Output<O>) -> Result<Reply<O>> {
    let prediction = response.json()?;
    let status = match look(target, &prediction, output)? {
        Look::Done(reply) => return Ok(reply),
        Look::Wait(status) => status,
    };
    let home = |name: &str| {
        let said = prediction.pointer(name).and_then(Value::as_str);
        said.map(|said| jobs::home(target.url(), target.routed, said)).transpose()
    };
    let Some(url) = home("/urls/get")? else { return Err(jobs::unknown(&prediction)) };
    let cancel = home("/urls/cancel")?.map(|url| Request { method: Method::Post, ..Request::get(url) });
    let target = target.clone();
    let look = move |value: &Value| look(&target, value, output);
    Ok(Job { ask: Request::get(url), first: EVERY, every: EVERY, cancel, look: Box::new(look), told: None }
        .wait(status))
}

/// Reads where a prediction stands. What it has put out counts, whatever it calls its state.
fn look<O>(target: &Target, prediction: &Value, output: Output<O>) -> Result<Look<Reply<O>>> {
    let logs = prediction.get("logs").and_then(Value::as_str).unwrap_or_default();
    match prediction.get("status").and_then(Value::as_str).unwrap_or_default() {
        "failed" => Err(jobs::failed(jobs::words(&prediction["error"]))),
        "canceled" | "aborted" => Err(jobs::called_off()),
        _ if prediction.get("output").is_some_and(is_something) => {
            output(target, &prediction["output"]).map(Look::Done)
        }
        "starting" => Ok(Look::Wait(Some(Status::Loading { fraction: None, estimated_time: None }))),
        "processing" => {
            let sent = Status::Sent { provider: Some("replicate".into()) };
            Ok(Look::Wait(Some(jobs::step(logs).unwrap_or(sent))))
        }
        "succeeded" => {
            Err(Error::new(ErrorCode::Format, "The model ended without making anything: try again."))
        }
        _ => Err(jobs::unknown(prediction)),
    }
}

fn is_something(output: &Value) -> bool {
    !(output.is_null() || output.as_array().is_some_and(Vec::is_empty) || output == "")
}

/// Text alone, in a list, or by its name; some models write it into a file.
fn heard(_target: &Target, output: &Value) -> Result<Reply<SpeechRecognitionOutput>> {
    let output = output.as_array().and_then(|list| list.first()).unwrap_or(output);
    if let Some(text) = output.as_str() {
        return Ok(Reply::Done(SpeechRecognitionOutput { text: text.to_owned(), ..Default::default() }));
    }
    if let Some(url) = output.get("txt_file").and_then(Value::as_str).and_then(|url| Url::parse(url).ok()) {
        let read = |response: &Response| {
            let text = decode(&response.head, &response.body).into_owned();
            Ok(Reply::Done(SpeechRecognitionOutput { text, ..Default::default() }))
        };
        let (request, read) = (Request::file(url), Box::new(read));
        return Ok(Reply::Next(Box::new(Next {
            request,
            wait: Duration::ZERO,
            status: None,
            cancel: None,
            read,
        })));
    }
    if let Some(text) = output.get("translation").and_then(Value::as_str) {
        return Ok(Reply::Done(SpeechRecognitionOutput { text: text.to_owned(), ..Default::default() }));
    }
    speech::transcript_of(output).map(Reply::Done)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::providers::Place;

    fn target() -> Target {
        let place = Place::Base(Url::parse("https://api.replicate.com").unwrap());
        Target { place, model: "suno/bark".into(), routed: false, lora: None }
    }

    #[test]
    fn an_output_with_names_of_its_own_is_searched_for_a_sound() {
        let bark = json!({"audio_out": "https://replicate.delivery/a/audio.wav", "prompt_npz": null});
        let odd = json!({"speech": "https://replicate.delivery/a/out.wav?x=1", "log": "https://replicate.delivery/l"});
        for output in [bark, odd] {
            let fetches = match results::audio_of(&target(), &output).unwrap() {
                Reply::Next(next) => next.request.keyless && next.request.url.path().contains(".wav"),
                Reply::Done(_) => false,
            };
            assert!(fetches, "{output}");
        }
    }

    #[test]
    fn a_prediction_is_waited_for_until_it_ends() {
        let look = |value: Value| look(&target(), &value, results::images_of);
        for state in ["starting", "processing"] {
            let waits = look(json!({"status": state, "output": null})).unwrap();
            assert!(matches!(waits, Look::Wait(Some(_))), "{state}");
        }
        for (value, want) in [
            (json!({"status": "failed", "error": "NSFW content detected"}), ErrorCode::Refused),
            (json!({"status": "failed", "error": "x"}), ErrorCode::Provider),
            (json!({"status": "canceled"}), ErrorCode::Provider),
            (json!({"status": "succeeded", "output": []}), ErrorCode::Format),
            (json!({"hello": 1}), ErrorCode::Format),
        ] {
            assert_eq!(look(value.clone()).err().unwrap().code, want, "{value}");
        }
    }
}
