//! The real built-in voice through the whole house: heard while it speaks, with captions, stopped, kept, and written
//! by the command line.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use limerick_playground::{
    ListVoices, RunDelta, RunEvent, RunInput, RunOutput, RunState, StartRun,
    commands::{Id, ListModels},
};
use limerick_tasks::{AudioOutput, ErrorCode, TextToSpeechInput};
use limerick_tests::front::{limerick, open_with_models, run, stopped_at};
use serde_json::json;

const TEXT: &str = "Good morning. This is the second sentence, and it is longer. Goodbye.";

fn saying(text: &str, voice: &str) -> StartRun {
    let extra_body = json!({"voice": voice, "speed": 1.5}).as_object().unwrap().clone();
    let (model, text) = ("kokoro".into(), text.into());
    let input = TextToSpeechInput { model, text, extra_body, ..TextToSpeechInput::default() };
    StartRun::new("builtin", RunInput::TextToSpeech(input))
}

fn said(event: &RunEvent) -> usize {
    match event {
        RunEvent::Delta { delta: RunDelta::TextToSpeech(delta), .. } => delta.captions.len(),
        _ => 0,
    }
}

/// Seconds of a WAV file of one channel and 16 bits.
fn seconds(output: &AudioOutput) -> f64 {
    let rate = u32::from_le_bytes(output.audio.bytes[24..28].try_into().unwrap());
    let samples = u32::try_from(output.audio.bytes.len() - 44).unwrap() / 2;
    f64::from(samples) / f64::from(rate)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_voice_is_heard_sentence_by_sentence_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let wanted = ListModels { connection: "builtin".into(), task: "text_to_speech".into(), refresh: false };
    let models = playground.models(wanted).await.unwrap();
    let kokoro = models.iter().find(|model| model.id == "kokoro").unwrap();
    assert!(kokoro.ready, "fetch the built-in voice with `cargo xtask models`");
    assert!(kokoro.ignored.contains(&"temperature".into()) && !kokoro.ignored.contains(&"speed".into()));
    let listed = ListVoices { connection: "builtin".into(), model: String::new() };
    let voices = playground.voices(listed).await.unwrap();
    assert!(voices.iter().any(|voice| voice.id == "bf_emma"), "{voices:?}");

    let start = saying(TEXT, "bf_emma");
    let (id, name) = (start.id.clone(), format!("run:{}", start.id));
    let (listener, growing) = (playground.clone(), Arc::new(Mutex::new(None)));
    let first = growing.clone();
    let events = run(&playground, start, move |event| {
        if said(event) > 0 {
            // From the first caption on it can be heard.
            let clip = listener.sound_of(&name).unwrap();
            first.lock().unwrap().get_or_insert((clip.is_whole(), clip.seconds(), clip));
        }
    })
    .await;
    let Some(RunEvent::Done { output: RunOutput::TextToSpeech(output), figures }) = events.last() else {
        panic!("{events:?}")
    };
    let told: usize = events.iter().map(said).sum();
    assert!(told == output.captions.len() && told >= 3, "{:?}", output.captions);
    let text: String =
        output.captions.iter().map(|caption| caption.text.trim()).collect::<Vec<_>>().join(" ");
    assert_eq!(text, TEXT);
    assert!(output.captions.is_sorted_by(|a, b| a.start < a.end && a.end <= b.start));
    let (was_whole, early, clip) = growing.lock().unwrap().take().unwrap();
    assert!(!was_whole && early > 0.3 && early < clip.seconds(), "{early} of {}", clip.seconds());
    assert!(clip.is_whole() && (seconds(output) - clip.seconds()).abs() < 0.01);
    assert!(output.captions.last().unwrap().end <= clip.seconds());
    assert!(figures.first_token_ms < figures.total_ms && figures.completion_tokens.is_none(), "{figures:?}");
    let kept = playground.run(Id { id }).await.unwrap();
    assert_eq!((kept.state, kept.model.contains("Kokoro")), (RunState::Done, true), "{}", kept.model);
    assert_eq!(kept.output, RunOutput::TextToSpeech(output.clone()));
    playground.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_the_voice_at_once_and_keeps_what_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let start = saying(&TEXT.repeat(6), "af_heart");
    let id = start.id.clone();
    let (events, took) = stopped_at(&playground, start, |event| said(event) > 0).await;
    let Some(RunEvent::Cancelled { output: RunOutput::TextToSpeech(output), .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(took < Duration::from_millis(250), "{took:?}");
    assert!(!output.captions.is_empty() && seconds(output) >= output.captions[0].end - 0.1);
    let kept = playground.run(Id { id }).await.unwrap();
    assert_eq!((kept.state, &kept.output), (RunState::Cancelled, &RunOutput::TextToSpeech(output.clone())));
    let events = run(&playground, saying("Hello.", "nobody"), |_| ()).await;
    let Some(RunEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!(error.code, ErrorCode::Input, "{error:?}");
    playground.close().await;
}

#[test]
fn the_command_line_writes_a_voice_into_the_file_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(limerick());
        command.args(["run", "text_to_speech", "--input", "Hello."]).args(arguments);
        command.env("LIMERICK_DATA", folder.path()).current_dir(folder.path()).output().unwrap()
    };
    let done = run(&["--voice", "am_michael", "--speed", "1.2", "--out", "hello.flac"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(std::fs::read(folder.path().join("hello.flac")).unwrap().starts_with(b"fLaC"));
    let refused = run(&["--voice", "am_michael", "--speed", "fast"]);
    assert_eq!(refused.status.code(), Some(2));
}
