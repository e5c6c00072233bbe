//! Pictures and sounds as they come back: as they are, in base64, as `data:` URIs or as addresses to fetch.
//! The bytes decide what a file is; what a server says of it counts for nothing. Pure.

use std::time::Duration;
use std::vec::IntoIter;

use bytes::Bytes;
use limerick_tasks::{AudioOutput, Error, ErrorCode, ImageOutput, Media, Result};
use serde_json::Value;
use url::Url;

use super::{Target, jobs, wav};
use crate::error;
use crate::sse::{Decoder, Event};
use crate::wire::{Next, Reply, Request, Response};

/// The most files of one answer that are fetched.
const MOST: usize = 16;
/// Where servers put their files, the outermost first; the first that holds one wins (hf-api 2.3, 3.2 to 3.7).
const PLACES: [&str; 20] = [
    "images",
    "image_result",
    "outputs",
    "output",
    "data",
    "audio",
    "audio_file",
    "image",
    "artifacts",
    "result",
    "sample",
    "url",
    "b64_json",
    "image_url",
    "audio_url",
    "audio_out",
    "blob",
    "base64",
    "b64",
    "content",
];
/// How deep a file may lie in an answer.
const DEPTH: u8 = 6;

/// What an answer should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Picture,
    Sound,
}

/// A file, or where it is.
enum Source {
    Here(Media),
    At(Url),
}

type Finish<O> = Box<dyn FnOnce(Vec<Media>) -> Result<O> + Send>;

/// Reads pictures from an answer in any known form.
pub(super) fn images(target: &Target, response: &Response) -> Result<Reply<ImageOutput>> {
    match lone_file(Kind::Picture, response)? {
        Some(image) => Ok(Reply::Done(ImageOutput { images: vec![image], ..ImageOutput::default() })),
        None => images_of(target, &response.json()?),
    }
}

/// Reads pictures from JSON.
pub(super) fn images_of(target: &Target, value: &Value) -> Result<Reply<ImageOutput>> {
    let (seed, filtered) = (seed(value), is_filtered(value));
    let finish = move |images| Ok(ImageOutput { images, seed, filtered });
    files(Kind::Picture, target, value, Box::new(finish))
}

/// Reads a sound from an answer in any known form.
pub(super) fn audio(target: &Target, response: &Response) -> Result<Reply<AudioOutput>> {
    if let Some(audio) = lone_file(Kind::Sound, response)? {
        return Ok(Reply::Done(AudioOutput { audio, ..AudioOutput::default() }));
    }
    let value = response.json()?;
    // huggingface-inference-toolkit: the waveform as numbers.
    if let Some(wave) = wav::of_json(&value) {
        return Ok(Reply::Done(AudioOutput { audio: Media::new(wave, ""), ..AudioOutput::default() }));
    }
    audio_of(target, &value)
}

/// Reads a sound from JSON.
pub(super) fn audio_of(target: &Target, value: &Value) -> Result<Reply<AudioOutput>> {
    let finish = |sounds: Vec<Media>| {
        Ok(AudioOutput { audio: sounds.into_iter().next().unwrap_or_default(), ..AudioOutput::default() })
    };
    files(Kind::Sound, target, value, Box::new(finish))
}

/// The answer itself, when it is a file of this kind; `None` when it looks like JSON, a page or nothing.
fn lone_file(kind: Kind, response: &Response) -> Result<Option<Media>> {
    let said = response.head.media_type();
    let begins = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
    // Samples without a header may begin with anything.
    if begins.is_none_or(|byte| b"{[<\"".contains(byte) && !wav::is_bare(&said)) {
        return Ok(None);
    }
    streamed_error(response)?;
    checked(kind, response.body.clone(), &said).map(Some)
}

/// A stream of events holds no file; the error that it tells is worth more than that.
fn streamed_error(response: &Response) -> Result<()> {
    if response.head.media_type() != "text/event-stream" {
        return Ok(());
    }
    let mut decoder = Decoder::default();
    let mut events: Vec<Event> = decoder.push(&response.body).collect();
    events.extend(decoder.finish());
    events.iter().try_for_each(|event| super::event_json(event).map(drop))
}

/// A file that was fetched.
fn fetched(kind: Kind, response: &Response) -> Result<Media> {
    if let Some(media) = lone_file(kind, response)? {
        return Ok(media);
    }
    let value = response.json()?;
    Err(error::from_value(&value).unwrap_or_else(|| wrong(kind)))
}

fn files<O: 'static>(kind: Kind, target: &Target, value: &Value, finish: Finish<O>) -> Result<Reply<O>> {
    let mut found = Vec::new();
    collect(value, &mut found, DEPTH);
    if found.is_empty() {
        return Err(empty(kind, value));
    }
    found.truncate(if kind == Kind::Sound { 1 } else { MOST });
    let sources = found.into_iter().map(|text| source(kind, target, text));
    let sources = sources.collect::<Result<Vec<_>>>()?;
    take(kind, sources.into_iter(), Vec::new(), finish)
}

/// Takes what is here, and asks for the next that is not.
fn take<O: 'static>(
    kind: Kind,
    mut left: IntoIter<Source>,
    mut files: Vec<Media>,
    finish: Finish<O>,
) -> Result<Reply<O>> {
    while let Some(source) = left.next() {
        match source {
            Source::Here(media) => files.push(media),
            Source::At(url) => {
                let read = move |response: &Response| {
                    files.push(fetched(kind, response)?);
                    take(kind, left, files, finish)
                };
                let request = Request::file(url);
                let next =
                    Next { request, wait: Duration::ZERO, status: None, cancel: None, read: Box::new(read) };
                return Ok(Reply::Next(Box::new(next)));
            }
        }
    }
    finish(files).map(Reply::Done)
}

/// All texts that may be files, in the places where servers put them.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>, depth: u8) {
    match value {
        Value::String(text) if !text.trim().is_empty() => found.push(text.trim()),
        Value::Array(items) if depth > 0 => items.iter().for_each(|item| collect(item, found, depth - 1)),
        Value::Object(fields) if depth > 0 => {
            let before = found.len();
            for place in PLACES.iter().filter_map(|place| fields.get(*place)) {
                collect(place, found, depth - 1);
                if found.len() > before {
                    return;
                }
            }
            found.extend(fields.values().filter_map(Value::as_str).find(|text| names_a_file(text)));
        }
        _ => {}
    }
}

/// An address whose ending is that of a sound or a picture: what an output with names of its own is searched for.
fn names_a_file(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let endings = ["wav", "mp3", "flac", "ogg", "opus", "m4a", "png", "jpg", "jpeg", "webp"];
    path.starts_with("https://") && path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

fn source(kind: Kind, target: &Target, text: &str) -> Result<Source> {
    if text.starts_with("data:") {
        let media = Media::from_data_uri(text).map_err(|_| wrong(kind))?;
        return checked(kind, media.bytes, &media.media_type).map(Source::Here);
    }
    if let Ok(url) = Url::parse(text) {
        return Ok(Source::At(url));
    }
    match Media::from_base64(text, "") {
        // A picture in base64 may begin with a slash, as a path does.
        Ok(media) if !(text.starts_with('/') && media.media_type.is_empty()) => {
            checked(kind, media.bytes, "").map(Source::Here)
        }
        _ => relative(target, text).map(Source::At).ok_or_else(|| wrong(kind)),
    }
}

/// Servers at home name their files by paths.
fn relative(target: &Target, text: &str) -> Option<Url> {
    target.url().join(text).ok().filter(|_| text.starts_with('/'))
}

/// The file, if it is of this kind and whole as far as its own marks tell.
fn checked(kind: Kind, bytes: Bytes, said: &str) -> Result<Media> {
    if kind == Kind::Sound && wav::is_bare(said) {
        return Ok(Media::new(wav::around(&bytes), ""));
    }
    let media = Media::new(bytes, "");
    match media.media_type.as_str() {
        "image/png" if kind == Kind::Picture && !is_whole_png(&media.bytes) => {
            Err(Error::new(ErrorCode::Format, "The picture that came is cut off: ask again."))
        }
        "audio/wav" if kind == Kind::Sound => {
            let silent = || Error::new(ErrorCode::Format, "The sound that came is cut off: ask again.");
            wav::mended(&media.bytes).map(|bytes| Media::new(bytes, "")).ok_or_else(silent)
        }
        _ if kind == Kind::Picture && media.is_image() || kind == Kind::Sound && media.is_audio() => {
            Ok(media)
        }
        _ => Err(wrong(kind).with_detail(format!("it calls itself {said}"))),
    }
}

/// Whether the chunks of a PNG lead to its end (PNG specification, 5.3).
fn is_whole_png(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let next = at.saturating_add(length).saturating_add(12);
        if next > bytes.len() {
            return false;
        }
        if head.ends_with(b"IEND") {
            return true;
        }
        at = next;
    }
    false
}

/// The seed that fal and hyperbolic tell.
fn seed(value: &Value) -> Option<u64> {
    let places = ["/seed", "/images/0/seed", "/images/0/random_seed", "/data/0/seed"];
    places.iter().find_map(|place| value.pointer(place)?.as_u64())
}

/// fal and wavespeed say which pictures their filter blacked out.
fn is_filtered(value: &Value) -> bool {
    let places = ["/has_nsfw_concepts", "/has_nsfw_contents", "/data/has_nsfw_contents"];
    let lists = places.iter().filter_map(|place| value.pointer(place)?.as_array());
    lists.flatten().any(|flag| flag == true)
}

fn wrong(kind: Kind) -> Error {
    Error::new(
        ErrorCode::Format,
        match kind {
            Kind::Picture => {
                "The server sent something else than a picture: try again, or choose another model."
            }
            Kind::Sound => "The server sent something else than a sound: try again, or choose another model.",
        },
    )
}

/// JSON without a file in it: a job that failed, its own error, its words, or that there is nothing.
fn empty(kind: Kind, value: &Value) -> Error {
    let failed = value.get("status").is_some_and(|status| status == "failed");
    let failed = failed.then(|| jobs::failed(jobs::words(&value["error"])).with_detail(value));
    let words = value.get("message").and_then(Value::as_str).map(jobs::failed);
    failed.or_else(|| error::from_value(value)).or(words).unwrap_or_else(|| {
        let what = if kind == Kind::Picture { "a picture" } else { "a sound" };
        let shown: String = value.to_string().chars().take(300).collect();
        Error::new(ErrorCode::Format, format!("The server answered without {what}: try again."))
            .with_detail(shown)
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
    use serde_json::json;

    use super::*;
    use crate::providers::Place;
    use crate::wire::Head;

    fn target() -> Target {
        let place = Place::Given(Url::parse("http://127.0.0.1:8080/v1").unwrap());
        Target { place, model: String::new(), routed: false, lora: None }
    }

    fn response(bytes: &[u8], media_type: &'static str) -> Response {
        let headers = [(reqwest::header::CONTENT_TYPE, media_type.parse().unwrap())].into_iter().collect();
        Response { head: Head { status: 200, headers }, body: Bytes::copy_from_slice(bytes) }
    }

    fn next(reply: Reply<ImageOutput>) -> Next<ImageOutput> {
        match reply {
            Reply::Next(next) => *next,
            Reply::Done(output) => panic!("{output:?}"),
        }
    }

    #[test]
    fn several_pictures_are_fetched_in_order_and_those_at_hand_stay_between() {
        let (first, last) = ("https://a.test/1.jpg", "/files/3.jpg");
        let answer = json!({"seed": 7, "images": [{"url": first}, {"url": "data:image/jpeg;base64,/9j/AA=="}, {"url": last}]});
        let one = next(images_of(&target(), &answer).unwrap());
        assert!(one.request.keyless && one.request.url.as_str() == first);
        let two = next((one.read)(&response(b"\xff\xd8\xff1", "text/plain")).unwrap());
        assert_eq!(two.request.url.as_str(), "http://127.0.0.1:8080/files/3.jpg");
        let Reply::Done(output) = (two.read)(&response(b"\xff\xd8\xff3", "")).unwrap() else {
            panic!("not done")
        };
        let last_bytes: Vec<_> = output.images.iter().map(|image| image.bytes[3]).collect();
        assert_eq!((last_bytes, output.seed), (vec![b'1', 0, b'3'], Some(7)));
    }

    #[test]
    fn bare_base64_that_begins_like_a_path_is_a_picture() {
        let answer = json!({"data": [{"b64_json": "/9j/AA=="}]});
        assert!(matches!(images_of(&target(), &answer).unwrap(), Reply::Done(_)));
    }

    #[test]
    fn what_is_no_picture_is_refused_wherever_it_stands() {
        for answer in [
            json!({"data": [{"b64_json": "aGVsbG8="}]}),
            json!({"data": [{"url": "data:text/html;base64,PGh0bWw+"}]}),
            json!({"data": [{"url": "hello world"}]}),
            json!({"data": []}),
            json!({"images": null, "id": 7}),
            json!("plain words"),
        ] {
            assert_eq!(images_of(&target(), &answer).unwrap_err().code, ErrorCode::Format, "{answer}");
        }
    }

    #[test]
    fn a_failed_job_and_a_stream_of_errors_tell_their_reason() {
        let said = |answer: &Value| images_of(&target(), answer).unwrap_err();
        let declined =
            said(&json!({"id": "p", "status": "failed", "error": "NSFW content detected", "output": null}));
        assert_eq!(declined.code, ErrorCode::Refused);
        assert_eq!(declined.message, "The provider declined this content: NSFW content detected.");
        let broke = said(&json!({"status": "failed", "error": "out of memory"}));
        assert_eq!(
            (broke.code, broke.message.as_str()),
            (ErrorCode::Provider, "The provider failed: out of memory.")
        );
        let events =
            b": wait\n\nevent: error\ndata: {\"error\": {\"message\": \"Too busy\", \"code\": 429}}\n\n";
        let streamed = images(&target(), &response(events, "text/event-stream")).unwrap_err();
        assert_eq!(
            (streamed.code, streamed.message.as_str()),
            (ErrorCode::Limit, "Too many requests for now: Too busy.")
        );
        let other =
            images(&target(), &response(b"data: {\"hello\": 1}\n\n", "text/event-stream")).unwrap_err();
        assert_eq!(other.code, ErrorCode::Format);
    }

    #[test]
    fn samples_without_a_header_get_one_and_nothing_else_passes_for_sound() {
        let Reply::Done(heard) = audio(&target(), &response(b"{\0[\0", "audio/pcm; rate=24000")).unwrap()
        else {
            panic!("not done")
        };
        assert_eq!((heard.audio.media_type.as_str(), heard.audio.bytes.len()), ("audio/wav", 48));
        for (bytes, said) in [
            (&b"<html>"[..], "audio/wav"),
            (b"hello", "audio/mpeg"),
            (b"\x89PNG\r\n\x1a\n", "audio/wav"),
            (b"", "audio/wav"),
        ] {
            assert_eq!(
                audio(&target(), &response(bytes, said)).unwrap_err().code,
                ErrorCode::Format,
                "{said}"
            );
        }
    }
}
