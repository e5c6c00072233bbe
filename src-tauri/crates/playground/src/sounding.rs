//! The sound of a run while it is being made: a voice adds to it, the player reads it at the same time, and at the
//! run's ending it becomes a file.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use limerick_sound::{Clip, Sound, to_wav};
use limerick_tasks::Media;

use crate::{RunOutput, playground::lock};

/// What can be heard of a run; nothing, for one that makes no sound in this process.
#[derive(Debug, Default)]
pub(crate) struct Sounding {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    clip: Option<Arc<Clip>>,
    /// The run has ended: what is not there will not come.
    closed: bool,
}

impl Sounding {
    /// Adds samples of one channel. The first rate, in hertz, is that of the whole.
    pub(crate) fn push(&self, sample_rate: u32, samples: &[f32]) {
        let clip = lock(&self.state).clip.get_or_insert_with(|| Clip::new(sample_rate, 1)).clone();
        clip.push(samples);
        self.changed.notify_all();
    }

    /// What there is now.
    pub(crate) fn clip(&self) -> Option<Arc<Clip>> {
        lock(&self.state).clip.clone()
    }

    /// Waits, and blocks, until there is something to hear or the run has ended without it.
    pub(crate) fn wait(&self) -> Option<Arc<Clip>> {
        let silent = |state: &mut State| state.clip.is_none() && !state.closed;
        let state = self.changed.wait_while(lock(&self.state), silent);
        state.unwrap_or_else(PoisonError::into_inner).clip.clone()
    }

    /// No more will come: all of it as a 16-bit WAV file.
    pub(crate) fn finish(&self) -> Option<Media> {
        let clip = self.clip()?;
        clip.finish();
        (!clip.is_empty()).then(|| Media::new(to_wav(&Sound::of_clip(&clip)), ""))
    }

    /// The run has ended, and its file is where it belongs.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        state.closed = true;
        if let Some(clip) = &state.clip {
            clip.finish();
        }
        self.changed.notify_all();
    }
}

impl RunOutput {
    /// Puts in what was heard, where the answer has no sound of its own.
    pub(crate) fn take_sound(&mut self, sound: Option<Media>) {
        if let (Self::TextToSpeech(output), Some(sound)) = (self, sound)
            && output.audio.bytes.is_empty()
        {
            output.audio = sound;
        }
    }
}
