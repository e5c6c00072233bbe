//! Voices from a Space: the real Gradio server speaks for `text_to_speech` as a provider would, with its presets, its
//! progress, failures and a Stop, and everything is in the history.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use limerick_playground::{
    ListVoices, RunEvent, RunInput, RunOutput, StartRun,
    commands::{Id, ListModels},
};
use limerick_tasks::{ErrorCode, Status, TextToSpeechInput};
use limerick_tests::{
    front::{is_a_step, run, stopped_at},
    gradio::connected,
};
use serde_json::json;

fn saying(connection: &str, model: &str, text: &str) -> StartRun {
    let extra = json!({"voice": "v2/en_speaker_6", "text_temp": 0.5, "waveform_temp": 0.25, "speed": 1.2});
    let extra_body = extra.as_object().unwrap().clone();
    let (model, text) = (model.into(), text.into());
    let input = TextToSpeechInput { model, text, extra_body, ..TextToSpeechInput::default() };
    StartRun::new(connection, RunInput::TextToSpeech(input))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_barks_with_the_preset_that_was_meant_and_with_progress() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    let task = "text_to_speech".into();
    let wanted = ListModels { connection: connection.clone(), task, refresh: false };
    let models = playground.models(wanted).await.unwrap();
    let names: Vec<_> = models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(names, ["/speak", "/bark"]);
    assert!(models[1].ignored.contains(&"speed".into()) && !models[1].ignored.contains(&"voice".into()));
    let listed = ListVoices { connection: connection.clone(), model: "/bark".into() };
    let voices = playground.voices(listed).await.unwrap();
    assert_eq!((voices.len(), voices[8].id.as_str()), (22, "Speaker 6 (en)"));
    let start = saying(&connection, "/bark", "Hello ♪");
    let id = start.id.clone();
    let events = run(&playground, start, |_| {}).await;
    let step =
        |event: &&RunEvent| matches!(event, RunEvent::Status { status: Status::Step { total: 2, .. } });
    assert!(events.iter().any(|event| step(&event)), "{events:?}");
    let Some(RunEvent::Done { output: RunOutput::TextToSpeech(output), .. }) = events.last() else {
        panic!("{events:?}")
    };
    // Its length tells the temperatures.
    let heard = playground.sound_of(&format!("run:{id}")).unwrap();
    while !heard.is_whole() {
        tokio::task::yield_now().await;
    }
    assert!((heard.seconds() - 1.25).abs() < 0.01 && output.audio.is_audio(), "{}", heard.seconds());
    let exchanges = playground.exchanges(Id { id }).await.unwrap();
    let joined = exchanges.iter().find(|one| one.url.ends_with("/queue/join")).unwrap();
    let sent = serde_json::to_string(joined).unwrap();
    assert!(sent.contains("Speaker 6 (en)") && sent.contains('♪'), "{sent}");
    // Without a name it is the first that speaks, which has no voices to choose from.
    let events = run(&playground, saying(&connection, "", "Hello"), |_| {}).await;
    assert!(matches!(events.last(), Some(RunEvent::Done { .. })), "{events:?}");
    let none = playground.voices(ListVoices { connection, model: String::new() }).await.unwrap();
    assert_eq!(none, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_that_fails_or_does_not_speak_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    for (model, text, code, says) in [
        ("/bark", "ERROR: hoarse today", ErrorCode::Provider, "hoarse today"),
        ("/infer", "Hello", ErrorCode::Model, "makes a sound from words"),
    ] {
        let events = run(&playground, saying(&connection, model, text), |_| {}).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
        assert!(error.code == code && error.message.contains(says), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_a_voice_on_a_space_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    let start = saying(&connection, "/bark", "SLOW 20");
    let (events, took) = stopped_at(&playground, start, is_a_step).await;
    assert!(matches!(events.last(), Some(RunEvent::Cancelled { .. })), "{events:?}");
    assert!(took < Duration::from_millis(500), "{took:?}");
    playground.close().await;
}
