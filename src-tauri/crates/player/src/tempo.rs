//! One sound at another speed, with its pitch: stretched as it is read, because it may still be growing.

use std::{fmt, sync::Arc};

use limerick_sound::{Clip, Stretch};

use crate::{
    kernel::{Change, Frame},
    line::sides,
    numbers::{float, whole},
};

/// A sound that is read faster or slower, from one place on.
pub(crate) struct Tempo {
    stretch: Stretch,
    clip: Arc<Clip>,
    /// What was stretched and may still be looked at.
    held: Vec<Frame>,
    /// The next moment, counted in `held`.
    at: f64,
    fresh: Vec<f32>,
}

impl Tempo {
    /// From this place of the sound on, in seconds.
    pub(crate) fn new(clip: Arc<Clip>, seconds: f64) -> Self {
        let mut stretch = Stretch::new(clip.clone());
        stretch.seek(whole((seconds * f64::from(clip.sample_rate())).round()));
        Self { stretch, clip, held: Vec::new(), at: 0.0, fresh: Vec::new() }
    }

    /// The next moments at this speed, for a device of this rate: fewer than asked for where no more is there.
    pub(crate) fn read(&mut self, into: &mut [Frame], rate: u32, speed: f32) -> usize {
        let change = Change::new(self.clip.sample_rate(), rate);
        let all = whole((self.at + float(into.len()) * change.step).ceil()) + change.reach();
        let comes = self.hold(all, speed);
        let end = float(self.held.len()) - if comes { float(change.reach()) } else { 0.0 };
        let left = (end - self.at) / change.step;
        let count = whole(if comes { left } else { left.ceil() }).min(into.len());
        for (nth, frame) in into[..count].iter_mut().enumerate() {
            *frame = change.at(&self.held, self.at + float(nth) * change.step);
        }
        self.at += float(count) * change.step;
        self.let_go(change.reach());
        count
    }

    /// Where in the sound the next moment lies, in seconds.
    pub(crate) fn seconds(&self, speed: f32) -> f64 {
        let ahead = (float(self.held.len()) - self.at).max(0.0) * f64::from(speed);
        (float(self.stretch.frame()) - ahead).max(0.0) / f64::from(self.clip.sample_rate().max(1))
    }

    /// Stretches until this much is held; whether more may come.
    fn hold(&mut self, all: usize, speed: f32) -> bool {
        // Asked first: what was whole before has nothing left when nothing comes.
        let grows = !self.clip.is_whole();
        let channels = usize::from(self.clip.channels());
        while self.held.len() < all {
            self.fresh.clear();
            if !self.stretch.next(speed, &mut self.fresh) {
                return grows;
            }
            self.held.extend(self.fresh.chunks_exact(channels).map(sides));
        }
        true
    }

    /// Forgets what the filter looks at no more.
    fn let_go(&mut self, reach: usize) {
        let past = whole(self.at).saturating_sub(reach).min(self.held.len());
        self.held.drain(..past);
        self.at -= float(past);
    }
}

impl fmt::Debug for Tempo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tempo").field("at", &self.at).finish_non_exhaustive()
    }
}
