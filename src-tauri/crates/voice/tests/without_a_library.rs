//! Without the speech library, or with a file that is none, a voice says so in plain words and nothing else breaks.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::PathBuf;
use std::time::Duration;

use limerick_tasks::{ErrorCode, TextToSpeechInput};
use limerick_voice::{Speaker, SpeakerOptions, VoiceFiles};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_library_that_cannot_be_loaded_is_one_plain_error() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for library in [folder.join("libnothing.so"), folder.join("Cargo.toml"), folder.clone(), PathBuf::new()] {
        let speaker = Speaker::new(SpeakerOptions { library, threads: None, idle: Duration::ZERO });
        let files = VoiceFiles::Kokoro { model: folder.join("none.onnx"), voices: folder.join("src") };
        let input = TextToSpeechInput { text: "Hello.".into(), ..TextToSpeechInput::default() };
        let cancel = CancellationToken::new();
        let error = speaker.speak(files, &input, &cancel, &mut |_| {}).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(error.message.starts_with("The speech library could not be loaded"), "{error}");
        speaker.unload().await;
    }
}

#[tokio::test]
async fn an_empty_text_is_refused_before_anything_is_loaded() {
    let speaker =
        Speaker::new(SpeakerOptions { library: PathBuf::new(), threads: Some(1), idle: Duration::ZERO });
    let files = VoiceFiles::Piper { model: PathBuf::new(), config: PathBuf::new() };
    assert_eq!(files.voices().unwrap_err().code, ErrorCode::Model);
    let nothing = TextToSpeechInput { text: "  ".into(), ..TextToSpeechInput::default() };
    let refused = speaker.speak(files, &nothing, &CancellationToken::new(), &mut |_| {}).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::Input, Some("text")));
}
