//! Voices on the wire: Bark in the words of each of its routes, the other voices' settings, what answers look like,
//! and the lists of voices that servers have.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use limerick_inference::{
    Client, ClientConfig, Deadlines, Ending, ErrorCode, Media, Result, Retries, Route, Server, Style,
};
use limerick_tasks::{AudioOutput, TextToSpeech, TextToSpeechInput};
use limerick_tests::recorder::Recorder;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;

/// A key that is no Hugging Face token.
const KEY: &str = "key_of_a_provider";
const TOKEN: &str = "hf_test_token";
/// An address of Inference Endpoints.
const ENDPOINT: &str = "https://x.eu-west-1.aws.endpoints.huggingface.cloud/";
/// Cues are plain text.
const TEXT: &str = "MAN: Hello [laughs] … ♪ la la ♪ GREAT!";
/// One sample of silence at 8000 hertz.
const WAV: &[u8] =
    b"RIFF\x26\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x02\0\0\0\0\0";

fn client(recorder: &Recorder) -> Client {
    let retries = Retries { base: Duration::from_millis(10), ..Retries::default() };
    let proxy = Some(recorder.base().to_string());
    let ca_file = Some(recorder.ca());
    let deadlines = Deadlines::default();
    Client::new(ClientConfig { proxy, ca_file, retries, deadlines, ..ClientConfig::default() }).unwrap()
}

fn through(client: &Client, provider: &str, key: &str) -> Route {
    client.route(Some(provider), Some(&key.to_owned().into()), None).unwrap()
}

fn server(url: &str) -> Server {
    Server { url: Url::parse(url).unwrap(), key: None, headers: Vec::new(), style: Style::Auto }
}

fn input(model: &str, extra: &Value) -> TextToSpeechInput {
    let extra_body = extra.as_object().unwrap().clone();
    TextToSpeechInput { model: model.into(), text: TEXT.into(), extra_body, ..TextToSpeechInput::default() }
}

fn bark() -> Value {
    json!({"voice": "v2/en_speaker_6", "text_temp": 0.6, "waveform_temp": 0.7})
}

async fn say(client: &Client, route: &Route, input: &TextToSpeechInput) -> Result<AudioOutput> {
    match client.run::<TextToSpeech>(route, input, &CancellationToken::new(), &mut |_| ()).await? {
        Ending::Done(output) => Ok(output),
        Ending::Cancelled => panic!("nobody stopped it"),
    }
}

fn rule(url: &str, respond: &Value) -> Value {
    json!({"name": url, "match": {"url": url}, "respond": respond})
}

fn sound() -> Value {
    json!({"headers": {"Content-Type": "audio/wav"}, "b64": Media::new(WAV, "").base64()})
}

/// The Hub, which knows of this one model that this provider serves.
fn hub(model: &str, provider: &str, id: &str) -> Value {
    let mapping = json!({provider: {"status": "live", "providerId": id, "task": "text-to-speech"}});
    rule("//huggingface.co/api/models", &json!({"json": {"id": model, "inferenceProviderMapping": mapping}}))
}

/// What was asked of others than the Hub: method, address, body.
async fn asked(recorder: &Recorder) -> Vec<(String, String, Value)> {
    let ours = |record: &Value| !record["url"].as_str().unwrap().contains("//huggingface.co/");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let records = recorder.take().await.into_iter().filter(ours);
    records.map(|record| (text(&record["method"]), text(&record["url"]), record["json"].clone())).collect()
}

#[tokio::test]
async fn bark_at_replicate_is_a_version_that_knows_presets_by_their_older_names() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let prediction = "https://api.replicate.com/v1/predictions/P";
    let first = json!({"id": "P", "status": "starting", "output": null, "urls": {"get": prediction}});
    let file = "https://replicate.delivery/pbxt/x/audio.wav";
    let last = json!({"id": "P", "status": "succeeded", "output": {"audio_out": file, "prompt_npz": null}});
    recorder
        .rules(&json!([
            rule("predictions/P$", &json!({"json": last})),
            rule("replicate.com/v1/predictions$", &json!({"status": 201, "json": first})),
            rule("replicate.delivery", &sound()),
        ]))
        .await;
    let route = through(&client, "replicate", KEY);
    let version = "b76242b40d67c76ab6742e987628a2a9ac019e11d56ab96c4e91ce03b79b2787";
    for model in ["suno/bark", &format!("suno-ai/bark:{version}")] {
        let output = say(&client, &route, &input(model, &bark())).await.unwrap();
        assert_eq!(output.audio.bytes, WAV);
        let body = json!({"version": version, "input": {"prompt": TEXT, "history_prompt": "en_speaker_6",
            "text_temp": 0.6, "waveform_temp": 0.7}});
        let sent = asked(&recorder).await;
        assert_eq!(sent[0], ("POST".into(), "https://api.replicate.com/v1/predictions".into(), body));
        let gets: Vec<_> = sent[1..].iter().map(|(method, url, _)| (method.as_str(), url.as_str())).collect();
        assert_eq!(gets, [("GET", prediction), ("GET", file)]);
    }
}

#[tokio::test]
async fn an_endpoint_hands_the_preset_to_bark_and_may_answer_in_numbers() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let route = Route::Server(server(ENDPOINT));
    let wav = Media::new(WAV, "");
    for answer in [
        sound(),
        json!({"json": {"audio": [[0.0]], "sampling_rate": 8000}}),
        json!({"json": [{"audio": [0.0], "sampling_rate": 8000}]}),
        json!({"json": {"audio": [[[null]]], "sampling_rate": 8000.0}}),
        json!({"json": [{"audio": wav.base64(), "sampling_rate": 8000}]}),
        json!({"json": {"audio": wav.data_uri()}}),
        json!({"json": {"blob": wav.base64(), "content-type": "audio/wav"}}),
    ] {
        recorder.rules(&json!([rule("endpoints.huggingface.cloud", &answer)])).await;
        let output = say(&client, &route, &input("", &bark())).await;
        assert_eq!(output.unwrap_or_else(|error| panic!("{answer}: {error}")).audio.bytes, WAV, "{answer}");
        let body = json!({"inputs": TEXT, "parameters": {"preprocess_params": {"voice_preset": "v2/en_speaker_6"},
            "generate_kwargs": {"semantic_temperature": 0.6, "coarse_temperature": 0.7}}});
        assert_eq!(asked(&recorder).await, [("POST".into(), ENDPOINT.into(), body)]);
    }
}

#[tokio::test]
async fn numbers_that_are_no_sound_are_refused_in_plain_words() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let route = Route::Server(server(ENDPOINT));
    let deep = (0..60).fold(json!([0.5]), |inner, _| json!([inner]));
    for answer in [
        json!({"json": {"audio": [0.5], "sampling_rate": 4_000_000_000_000_u64}}),
        json!({"json": {"audio": [0.5], "sampling_rate": 0}}),
        json!({"json": {"audio": [], "sampling_rate": 24_000}}),
        json!({"json": {"audio": ["0.5"], "sampling_rate": 24_000}}),
        json!({"json": {"audio": deep, "sampling_rate": 24_000}}),
        json!({"headers": {"Content-Type": "application/json"}, "text": "{\"audio\": [NaN, 1.0], \"sampling_rate\": 24000}"}),
        json!({"json": {"audio": "aGVsbG8=", "sampling_rate": 24_000}}),
    ] {
        recorder.rules(&json!([rule("endpoints.huggingface.cloud", &answer)])).await;
        let error = say(&client, &route, &input("", &bark())).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Format, "{answer}: {error}");
    }
}

#[tokio::test]
async fn hf_inference_gets_what_huggingface_hub_sends() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let model = "suno/bark";
    recorder.rules(&json!([hub(model, "hf-inference", model), rule("/hf-inference/", &sound())])).await;
    let route = through(&client, "hf-inference", TOKEN);
    let mut asks = input(model, &bark());
    asks.do_sample = Some(true);
    assert_eq!(say(&client, &route, &asks).await.unwrap().audio.bytes, WAV);
    let body = json!({"inputs": TEXT, "parameters": {"do_sample": true, "voice": "v2/en_speaker_6",
        "text_temp": 0.6, "waveform_temp": 0.7}});
    let url = "https://router.huggingface.co/hf-inference/models/suno/bark";
    assert_eq!(asked(&recorder).await, [("POST".into(), url.into(), body)]);
}

#[tokio::test]
async fn a_speech_server_gets_voice_speed_and_form_and_bare_samples_become_a_file() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let bare =
        json!({"headers": {"Content-Type": "audio/pcm"}, "b64": Media::new(&[1, 0, 2, 0][..], "").base64()});
    recorder.rules(&json!([rule("/v1/audio/speech$", &bare)])).await;
    let extra = json!({"voice": "v2/en_speaker_6", "speed": 1.25, "response_format": "pcm"});
    let route = Route::Server(server(recorder.at("/v1").as_str()));
    let output = say(&client, &route, &input("bark", &extra)).await.unwrap();
    assert_eq!((output.audio.media_type.as_str(), output.audio.bytes.len()), ("audio/wav", 48));
    let body = json!({"model": "bark", "input": TEXT, "voice": "v2/en_speaker_6", "speed": 1.25,
        "response_format": "pcm"});
    assert_eq!(asked(&recorder).await, [("POST".into(), recorder.at("/v1/audio/speech").into(), body)]);
}

#[tokio::test]
async fn voice_and_speed_reach_every_provider() {
    let recorder = Recorder::start();
    let model = "hexgrad/Kokoro-82M";
    let extra = json!({"voice": "af_heart", "speed": 1.2});
    let file = json!({"json": {"audio": {"url": Media::new(WAV, "").data_uri()}}});
    let output = json!({"json": {"status": "succeeded", "output": Media::new(WAV, "").data_uri()}});
    for (provider, id, answer, url) in [
        ("fal-ai", "fal-ai/kokoro", &file, "fal-ai/fal-ai/kokoro"),
        ("replicate", "a/kokoro:v1", &output, "replicate/v1/predictions"),
        ("together", "hexgrad/Kokoro", &sound(), "together/v1/audio/speech"),
        ("deepinfra", "hexgrad/Kokoro", &sound(), "deepinfra/v1/openai/audio/speech"),
    ] {
        recorder.rules(&json!([hub(model, provider, id), rule("router.huggingface.co", answer)])).await;
        // A client of its own, which has not asked the Hub yet.
        let client = client(&recorder);
        let route = through(&client, provider, TOKEN);
        say(&client, &route, &input(model, &extra))
            .await
            .unwrap_or_else(|error| panic!("{provider}: {error}"));
        let sent = asked(&recorder).await;
        assert_eq!(sent[0].1, format!("https://router.huggingface.co/{url}"));
        let fields = sent[0].2.get("input").filter(|input| input.is_object()).unwrap_or(&sent[0].2);
        assert_eq!((&fields["voice"], &fields["speed"]), (&json!("af_heart"), &json!(1.2)), "{provider}");
    }
}

#[tokio::test]
async fn a_server_tells_its_voices_or_has_no_list() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let kokoro =
        json!({"json": {"voices": ["af_heart", {"id": "bf_emma", "name": "Emma", "language": "en-GB"}]}});
    recorder.rules(&json!([rule("/v1/audio/voices$", &kokoro)])).await;
    let server = server(recorder.at("/v1").as_str());
    let voices = client.server_voices(&server).await.unwrap();
    let told: Vec<_> = voices.iter().map(|voice| (voice.id.as_str(), voice.name.as_str())).collect();
    assert_eq!(told, [("af_heart", "af_heart"), ("bf_emma", "Emma")]);
    for none in [json!({"status": 404, "json": {}}), json!({"status": 405}), json!({"text": "<html>"})] {
        recorder.rules(&json!([rule("/v1/audio/voices$", &none)])).await;
        assert_eq!(client.server_voices(&server).await.unwrap(), [], "{none}");
    }
    recorder.rules(&json!([rule("/v1/audio/voices$", &json!({"status": 401, "json": {}}))])).await;
    assert_eq!(client.server_voices(&server).await.unwrap_err().code, ErrorCode::Auth);
}
