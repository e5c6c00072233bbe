//! Every scenario of the recorder, asked for a picture and for a sound, ends with the right code, in time: no hang, no
//! empty success, no file of another kind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use limerick_inference::{ErrorCode, Media, Style, WireTask};
use limerick_tasks::{TextToImage, TextToSpeech};
use limerick_tests::recorder::{Recorder, scenarios};
use limerick_tests::scenarios::{HEAVY, SLACK, TOTAL, Told, client, play, sensible, server};
use serde_json::{Value, json};

/// How a scenario must end.
#[derive(Clone, Copy)]
enum Want {
    /// With the recorder's picture or sound.
    File,
    /// With this code.
    Fails(ErrorCode),
}
use ErrorCode::{
    Auth, Credits, Format, Gated, Incomplete, Input, Limit, Network, Provider, Refused, Timeout,
};
use Want::{Fails, File};

const PICTURE: &[u8] = include_bytes!("../../peers/png8x8.png");
const SOUND: &[u8] = include_bytes!("../../peers/wav440.wav");

/// Scenario, asked for a picture, asked for a sound.
type Row = (&'static str, Want, Want);

/// What ends the same whichever is asked for.
const fn both(scenario: &'static str, code: ErrorCode) -> Row {
    (scenario, Fails(code), Fails(code))
}

const WANTED: &[Row] = &[
    ("image-png", File, Fails(Format)),
    ("image-json-b64", File, Fails(Format)),
    ("image-json-url", File, Fails(Format)),
    ("503-then-image", File, Fails(Format)),
    ("audio-wav", Fails(Format), File),
    both("chat-ok", Format),
    both("chat-stream", Format),
    both("chat-stream-usage", Format),
    both("chat-unicode", Format),
    both("sse-crlf", Format),
    both("sse-cr", Format),
    both("sse-nospace", Format),
    both("sse-bom", Format),
    both("sse-comments", Format),
    both("sse-multi-data", Format),
    both("sse-event-id", Format),
    both("sse-last-line-unended", Format),
    both("sse-no-done", Format),
    both("sse-after-done", Format),
    both("sse-reasoning", Format),
    both("sse-tool-calls", Format),
    both("sse-length", Format),
    both("sse-gzip", Format),
    both("sse-no-ctype", Format),
    both("sse-bytes", Format),
    both("sse-utf8-split", Format),
    both("sse-line-split", Format),
    both("sse-one-write", Format),
    both("sse-huge-line", Format),
    both("sse-many", Format),
    both("sse-error-first", Provider),
    both("sse-error-mid", Provider),
    both("sse-truncated", Incomplete),
    both("sse-stall", Timeout),
    both("sse-html", Format),
    both("503-then-ok", Format),
    both("503-html", Provider),
    both("429-seconds", Format),
    both("429-date", Limit),
    both("429-bare", Limit),
    both("401", Auth),
    both("402", Credits),
    both("403", Auth),
    both("403-gated", Gated),
    both("400-openai", Input),
    both("400-list", Input),
    both("422-tgi", Input),
    both("422-fastapi", Input),
    both("413", Input),
    both("424-tgi", Provider),
    both("500-empty", Provider),
    both("500-json", Provider),
    both("502-html", Provider),
    both("504", Provider),
    both("fal-422", Input),
    both("replicate-failed", Refused),
    both("204", Format),
    both("json-deep", Format),
    both("json-dup-keys", Format),
    both("json-huge", Format),
    both("json-invalid-utf8", Provider),
    both("json-latin1", Input),
    both("image-garbage", Format),
    both("image-short-body", Incomplete),
    both("image-svg", Format),
    both("image-empty-list", Format),
    both("audio-garbage", Format),
    both("zeros-512m", Format),
    both("gzip-bomb", Format),
    both("slow-loris-head", Timeout),
    both("slow-loris-body", Timeout),
    both("late-3s", Timeout),
    both("drop", Network),
    both("drop-then-ok", Format),
    both("garbage", Format),
    both("garbage-status", Format),
    both("http09", Format),
    both("ssh-banner", Format),
    both("length-too-long", Incomplete),
    both("length-too-short", Format),
    both("chunk-garbage", Format),
    both("huge-header", Format),
    both("many-headers", Format),
    both("redirect-ok", Format),
    both("redirect-other-origin", Format),
    both("redirect-303", Format),
];

/// The files of an output, one of whose kinds it is.
fn files(output: &Value) -> Vec<Media> {
    let sound = output["audio"].as_str();
    let pictures = output["images"].as_array().into_iter().flatten().filter_map(Value::as_str);
    pictures.chain(sound).map(|uri| Media::from_data_uri(uri).unwrap()).collect()
}

fn judge(want: Want, file: &[u8], told: &Told) -> Result<(), String> {
    if told.took > TOTAL + SLACK {
        return Err(format!("took {:?}", told.took));
    }
    match (want, &told.ending) {
        (File, Ok(output)) if files(output).iter().map(|file| &file.bytes[..]).eq([file]) => Ok(()),
        (Fails(code), Err(error)) if error.code == code => sensible(error),
        (_, ending) => Err(format!("{ending:.400?}")),
    }
}

/// Runs scenarios in one form, all at once or one after the other, and gives what went wrong.
async fn run<T: WireTask>(input: &Value, file: &[u8], want: fn(&Row) -> Want, heavy: bool) -> Vec<String> {
    let recorder = Recorder::start();
    let chosen = WANTED.iter().filter(|(name, ..)| HEAVY.contains(name) == heavy);
    let one = async |row: &Row| {
        let route = server(&recorder, &format!("/s/{}/v1", row.0), Style::Auto);
        let told = play::<T>(&client(), &route, input).await;
        judge(want(row), file, &told).err().map(|why| format!("{} as {}: {why}", row.0, T::NAME))
    };
    let mut wrong = Vec::new();
    if heavy {
        for row in chosen {
            wrong.extend(one(row).await);
        }
    } else {
        wrong.extend(futures_util::future::join_all(chosen.map(one)).await.into_iter().flatten());
    }
    wrong
}

async fn pictures(heavy: bool) -> Vec<String> {
    run::<TextToImage>(&json!({"prompt": "a cat"}), PICTURE, |row| row.1, heavy).await
}

async fn sounds(heavy: bool) -> Vec<String> {
    run::<TextToSpeech>(&json!({"text": "hello"}), SOUND, |row| row.2, heavy).await
}

#[test]
fn every_scenario_has_its_wanted_ending() {
    let wanted: BTreeSet<_> = WANTED.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(wanted.len(), WANTED.len(), "a scenario is named twice");
    assert_eq!(wanted, scenarios().into_iter().collect());
}

#[tokio::test]
async fn pictures_end_as_they_should() {
    assert_eq!(pictures(false).await, Vec::<String>::new());
}

#[tokio::test]
async fn sounds_end_as_they_should() {
    assert_eq!(sounds(false).await, Vec::<String>::new());
}

#[tokio::test]
async fn huge_answers_end_as_they_should() {
    assert_eq!(pictures(true).await, Vec::<String>::new());
    assert_eq!(sounds(true).await, Vec::<String>::new());
}
