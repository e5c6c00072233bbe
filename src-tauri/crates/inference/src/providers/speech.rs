//! Speech in `OpenAI`'s form: `/audio/speech` one way, `/audio/transcriptions` the other (hf-api 8.3).

use limerick_tasks::{
    AudioOutput, AutomaticSpeechRecognition, Error, ErrorCode, Result, SpeechChunk, SpeechRecognitionInput,
    SpeechRecognitionOutput, TextToSpeech, TextToSpeechInput,
};
use serde_json::{Value, json};

use super::settings::{GENERATION, Settings};
use super::{Adapter, Place, Target, results};
use crate::address;
use crate::error;
use crate::wire::{Body, FormField, Method, Reply, Request, Response, Written, decode};

/// Text to sound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speech {
    /// The path below the provider's base.
    pub(crate) route: &'static str,
}

/// Sound to text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Transcriptions {
    /// The path below the provider's base.
    pub(crate) route: &'static str,
}

/// `OpenAI`'s own path.
pub(crate) const SPEECH: Speech = Speech { route: "/v1/audio/speech" };
/// `OpenAI`'s own path.
pub(crate) const TRANSCRIPTIONS: Transcriptions = Transcriptions { route: "/v1/audio/transcriptions" };

impl Adapter<TextToSpeech> for Speech {
    fn request(&self, target: &Target, input: &TextToSpeechInput) -> Result<Written> {
        let url = match &target.place {
            Place::Base(base) => address::join(base, self.route),
            Place::Given(url) => address::openai(url, "/audio/speech"),
        };
        let settings = Settings::of_speech(input)?;
        let notes = settings.without_effect(GENERATION);
        let mut body = settings.after([("model", json!(target.model)), ("input", json!(input.text))]);
        if target.model.is_empty() {
            body.shift_remove("model");
        }
        Ok(Written { request: Request::post(url, Value::Object(body)), notes })
    }

    fn read(&self, target: &Target, response: &Response) -> Result<Reply<AudioOutput>> {
        results::audio(target, response)
    }

    fn ignored(&self) -> &'static [&'static str] {
        GENERATION
    }
}

impl Adapter<AutomaticSpeechRecognition> for Transcriptions {
    fn request(&self, target: &Target, input: &SpeechRecognitionInput) -> Result<Written> {
        let url = match &target.place {
            Place::Base(base) => address::join(base, self.route),
            Place::Given(url) => address::openai(url, "/audio/transcriptions"),
        };
        let mut settings = Settings::of_recognition(input)?;
        let notes = settings.without_effect(&["generation_parameters"]);
        // The protocol's own way to ask for times.
        let timed = settings.take("return_timestamps") == Some(Value::Bool(true));
        settings.take("generation_parameters");
        let mut fields = settings.alone();
        if timed {
            fields.entry("response_format").or_insert("verbose_json".into());
        }
        if !target.model.is_empty() {
            fields.insert("model".into(), json!(target.model));
        }
        let mut form = vec![FormField::file("file", "audio", &input.audio)];
        form.extend(fields.into_iter().map(|(name, value)| FormField::value(name, &value)));
        let request = Request { method: Method::Post, body: Body::Multipart(form), ..Request::get(url) };
        Ok(Written { request, notes })
    }

    fn read(&self, _target: &Target, response: &Response) -> Result<Reply<SpeechRecognitionOutput>> {
        transcript(response).map(Reply::Done)
    }

    fn ignored(&self) -> &'static [&'static str] {
        &["generation_parameters"]
    }
}

/// What was heard, from JSON of any known form, or from plain text (`response_format` `text`, `srt`, `vtt`).
pub(super) fn transcript(response: &Response) -> Result<SpeechRecognitionOutput> {
    let begins = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
    let plain = response.head.media_type() == "text/plain" || response.head.media_type() == "text/vtt";
    if plain && begins.is_some_and(|byte| !b"{[<".contains(byte)) {
        let text = decode(&response.head, &response.body).trim().to_owned();
        return Ok(SpeechRecognitionOutput { text, ..SpeechRecognitionOutput::default() });
    }
    let answer = response.json()?;
    transcript_of(&answer)
}

/// What was heard, from JSON: `text`, or `output` as fal's newer models have it; times in `chunks` or `segments`.
pub(super) fn transcript_of(answer: &Value) -> Result<SpeechRecognitionOutput> {
    let answer = answer.as_array().and_then(|list| list.first()).unwrap_or(answer);
    if let Some(error) = error::from_value(answer) {
        return Err(error);
    }
    let places = ["/text", "/output", "/output/text", "/transcription"];
    let text = places.iter().find_map(|place| answer.pointer(place)?.as_str());
    let text = text.ok_or_else(|| {
        let shown: String = answer.to_string().chars().take(300).collect();
        let message = "The server answered without any text: try again, or choose another model.";
        Error::new(ErrorCode::Format, message).with_detail(shown)
    })?;
    let pieces = ["chunks", "segments"].iter().find_map(|place| answer.get(*place)?.as_array());
    let chunks = pieces.map(|pieces| pieces.iter().filter_map(chunk).collect()).unwrap_or_default();
    Ok(SpeechRecognitionOutput { text: text.to_owned(), chunks })
}

fn chunk(piece: &Value) -> Option<SpeechChunk> {
    let text = piece.get("text")?.as_str()?.to_owned();
    let at = |place: &str, own: &str| piece.pointer(place).or(piece.get(own)).and_then(Value::as_f64);
    Some(SpeechChunk { text, timestamp: [at("/timestamp/0", "start"), at("/timestamp/1", "end")] })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn times_come_as_chunks_or_as_segments() {
        for answer in [
            json!({"text": "hi", "chunks": [{"text": "hi", "timestamp": [0.0, null]}, {"x": 1}]}),
            json!({"text": "hi", "segments": [{"text": "hi", "start": 0, "end": null}]}),
        ] {
            let heard = transcript_of(&answer).unwrap();
            assert_eq!(
                heard.chunks,
                [SpeechChunk { text: "hi".into(), timestamp: [Some(0.0), None] }],
                "{answer}"
            );
        }
        assert_eq!(transcript_of(&json!({"output": "hi"})).unwrap().text, "hi");
        assert_eq!(transcript_of(&json!({"error": "bad"})).unwrap_err().code, ErrorCode::Provider);
        assert_eq!(transcript_of(&json!({})).unwrap_err().code, ErrorCode::Format);
    }
}
