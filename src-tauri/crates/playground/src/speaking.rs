//! The built-in voice as a way of a run: what it says goes to the run's sound as it is said, and can be heard at once.

use limerick_engine::{VoiceFiles as OnDisk, VoiceRef};
use limerick_tasks::{
    AudioOutput, Ending, Error, ErrorCode, Progress, Result, SpeechDelta, TextToSpeechInput,
};
use limerick_voice::{Spoken, VoiceFiles};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    Playground, RunDelta, RunOutput,
    running::{Live, Told},
};

impl Playground {
    /// Has a built-in voice say a text. What was said is in the run's sound, whatever the ending.
    pub(crate) async fn speak(
        &self,
        live: &Live,
        input: &TextToSpeechInput,
        tell: &UnboundedSender<Told>,
    ) -> Result<Ending<RunOutput>> {
        let (files, speaker) = (self.voice_files(&input.model)?, self.inner.speaker.get(&self.inner.models)?);
        let mut captions = Vec::new();
        let mut on = |told: Progress<Spoken>| {
            let told = match told {
                Progress::Status(status) => Progress::Status(status),
                Progress::Delta(Spoken { caption, samples, sample_rate }) => {
                    // First, so that what is told of can be heard.
                    live.sound.push(sample_rate, &samples);
                    captions.push(caption.clone());
                    Progress::Delta(RunDelta::TextToSpeech(SpeechDelta { captions: vec![caption] }))
                }
            };
            // Nobody listens any more only when the run has ended.
            let _ = tell.send(told);
        };
        Ok(match speaker.speak(files, input, &live.stop, &mut on).await? {
            Ending::Done(()) => {
                let audio = live.sound.finish().ok_or_else(silent)?;
                Ending::Done(RunOutput::TextToSpeech(AudioOutput { audio, captions }))
            }
            Ending::Cancelled => Ending::Cancelled,
        })
    }

    /// What a built-in voice is made of.
    pub(crate) fn voice_files(&self, model: &str) -> Result<VoiceFiles> {
        Ok(match self.voice_here(model)?.files {
            OnDisk::Kokoro { model, voices } => VoiceFiles::Kokoro { model, voices },
            OnDisk::Piper { model, config } => VoiceFiles::Piper { model, config },
        })
    }

    /// How a person knows a built-in voice.
    pub(crate) fn voice_name(&self, model: &str) -> Result<String> {
        self.voice_here(model).map(|voice| voice.name)
    }

    /// `auto` and nothing are the best that is here.
    fn voice_here(&self, model: &str) -> Result<VoiceRef> {
        self.inner.models.voice(if model == "auto" { "" } else { model })
    }
}

fn silent() -> Error {
    Error::new(ErrorCode::Input, "There is nothing in this text that the voice can say. Write some words.")
}
