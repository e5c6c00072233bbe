//! Sounds one after the other on one line of time, read at any rate from any place. Knows no device and no clock.

use std::{array::from_fn, sync::Arc};

use limerick_sound::{Clip, Piece};

use crate::{
    kernel::{Change, Frame},
    numbers::{float, whole},
    tempo::Tempo,
};

/// Frames that are made at once.
const BLOCK: usize = 256;
/// The longest silence before a sound, in seconds.
const LONGEST_GAP: f64 = 10.0;

/// One sound of the line.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// As it was ordered.
    pub(crate) piece: Piece,
    pub(crate) sound: Sound,
}

/// What is there of a sound.
#[derive(Debug, Clone)]
pub(crate) enum Sound {
    /// It is still being looked for.
    Coming,
    Here(Arc<Clip>),
    /// It cannot be read, and is passed over.
    Broken,
}

/// Why a reading gave less than it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Short {
    /// The rest is still being made.
    Waits,
    /// There is no rest.
    Ended,
}

/// How it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Of the device, in hertz.
    pub(crate) rate: u32,
    /// 0.5 to 2; the pitch stays.
    pub(crate) speed: f32,
    /// Whether it begins again at its end.
    pub(crate) repeat: bool,
}

/// The line, and the place on it.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) slots: Vec<Slot>,
    /// Which of them, from 0.
    piece: usize,
    /// Seconds into that one; below 0 in the silence before it.
    seconds: f64,
    /// The present sound, where it is or was read at another speed than its own.
    tempo: Option<Tempo>,
}

impl Slot {
    fn clip(&self) -> Option<&Clip> {
        match &self.sound {
            Sound::Here(clip) => Some(clip),
            Sound::Coming | Sound::Broken => None,
        }
    }

    fn gap(&self) -> f64 {
        self.piece.gap.clamp(0.0, LONGEST_GAP)
    }

    /// Seconds so far, and whether more will come.
    fn length(&self) -> (f64, bool) {
        match &self.sound {
            Sound::Coming => (0.0, true),
            // Asked in this order: what is whole has its last length.
            Sound::Here(clip) => {
                let grows = !clip.is_whole();
                (clip.seconds(), grows)
            }
            Sound::Broken => (0.0, false),
        }
    }
}

impl Line {
    /// A line that stands at a place.
    pub(crate) fn new(slots: Vec<Slot>, piece: usize, at: f64) -> Self {
        let mut line = Self { slots, ..Self::default() };
        line.seek(piece, at);
        line
    }

    /// The same sounds, from the same place.
    pub(crate) fn anew(&self) -> Self {
        Self { slots: self.slots.clone(), piece: self.piece, seconds: self.seconds, tempo: None }
    }

    /// Goes to a place. Past the end of a sound that is whole is its end.
    pub(crate) fn seek(&mut self, piece: usize, at: f64) {
        self.piece = piece.min(self.slots.len().saturating_sub(1));
        self.seconds = if at.is_finite() { at.max(0.0) } else { 0.0 };
        self.tempo = None;
    }

    /// Goes to its start.
    pub(crate) fn rewind(&mut self) {
        self.seek(0, 0.0);
    }

    /// Which sound, and the seconds into it.
    pub(crate) fn place(&self) -> (usize, f64) {
        let (length, grows) = self.length();
        let end = if grows { f64::INFINITY } else { length };
        (self.piece, self.seconds.clamp(0.0, end))
    }

    /// Seconds of the present sound, and whether more will come.
    pub(crate) fn length(&self) -> (f64, bool) {
        self.slots.get(self.piece).map_or((0.0, false), Slot::length)
    }

    /// Whether it stands where a sound begins, so that its first moment needs no fading in.
    pub(crate) fn at_a_start(&self) -> bool {
        self.seconds <= 0.0
    }

    /// Whether nothing of it can ever be heard.
    pub(crate) fn is_broken(&self) -> bool {
        self.slots.iter().all(|slot| matches!(slot.sound, Sound::Broken))
    }

    /// Reads from its place on, and moves it. Says how many moments came, and why not more.
    pub(crate) fn read(&mut self, into: &mut [Frame], pace: Pace) -> (usize, Option<Short>) {
        let mut made = 0;
        let mut turns = 0;
        while made < into.len() {
            match self.read_on(&mut into[made..], pace) {
                None => return (made, Some(Short::Waits)),
                Some(0) if turns > self.slots.len() || !self.step(pace.repeat) => {
                    return (made, Some(Short::Ended));
                }
                Some(0) => turns += 1,
                Some(count) => (made, turns) = (made + count, 0),
            }
        }
        (made, None)
    }

    /// Goes from the end of a sound to what follows it; whether anything does.
    fn step(&mut self, repeat: bool) -> bool {
        self.tempo = None;
        let (length, _) = self.length();
        let over = (self.seconds - length).max(0.0);
        let next = if self.piece + 1 < self.slots.len() { Some(self.piece + 1) } else { repeat.then_some(0) };
        let Some(slot) = next.and_then(|next| self.slots.get(next)) else {
            self.seconds = self.seconds.min(length);
            return false;
        };
        // What the last moment reached over its end belongs to the next sound; a seek far past it does not.
        self.seconds = if over < 0.01 { over - slot.gap() } else { -slot.gap() };
        self.piece = next.unwrap_or_default();
        true
    }

    /// Reads from the present sound, or the silence before it: nothing at its end, `None` where more is to come.
    fn read_on(&mut self, into: &mut [Frame], pace: Pace) -> Option<usize> {
        let a_second = f64::from(pace.rate.max(1));
        let silent = whole(-self.seconds * a_second).min(into.len());
        if silent > 0 {
            into[..silent].fill(Frame::default());
            self.seconds += float(silent) / a_second;
            return Some(silent);
        }
        // Asked first: what is whole now has nothing left when nothing comes.
        let (_, grows) = self.length();
        let count = match self.slots.get(self.piece).map(|slot| &slot.sound) {
            Some(Sound::Here(clip)) if self.tempo.is_some() || (pace.speed - 1.0).abs() > 0.001 => {
                let clip = clip.clone();
                self.read_stretched(into, pace, clip)
            }
            Some(Sound::Here(clip)) => {
                let change = Change::new(clip.sample_rate(), pace.rate);
                self.read_plain(into, &change, grows)
            }
            _ => 0,
        };
        if grows && count == 0 { None } else { Some(count) }
    }

    /// Once stretched, a sound goes on in this way to its end, so that a change of speed makes no click.
    fn read_stretched(&mut self, into: &mut [Frame], pace: Pace, clip: Arc<Clip>) -> usize {
        let seconds = self.seconds;
        let tempo = self.tempo.get_or_insert_with(|| Tempo::new(clip, seconds));
        let count = tempo.read(into, pace.rate, pace.speed);
        if count > 0 {
            self.seconds = tempo.seconds(pace.speed);
        }
        count
    }

    fn read_plain(&mut self, into: &mut [Frame], change: &Change, grows: bool) -> usize {
        let mut at = self.seconds * f64::from(self.rate());
        if change.is_none() {
            at = at.round();
        }
        let held = float(self.frames(self.piece));
        let end = if grows { held - float(change.reach()) } else { held };
        let left = (end - at) / change.step;
        let count = whole(if grows { left } else { left.ceil() }).min(into.len()).min(BLOCK);
        if count > 0 {
            self.make(&mut into[..count], change, at);
            self.seconds = (at + float(count) * change.step) / f64::from(self.rate());
        }
        count
    }

    /// Makes these moments of the present sound, from a fractional place in it on.
    fn make(&self, into: &mut [Frame], change: &Change, at: f64) {
        let first = signed(whole(at)) - signed(change.reach());
        let reach = 2 * change.reach() + whole(float(into.len()) * change.step);
        let mut window = vec![Frame::default(); reach + 1];
        self.look(self.piece, first, &mut window);
        // What joins without a silence is one sound, also for the filter.
        if first < 0 && self.piece > 0 && self.joins(self.piece) {
            let before = signed(self.frames(self.piece - 1));
            let part = whole_of(-first).min(window.len());
            self.look(self.piece - 1, before + first, &mut window[..part]);
        }
        let rest = signed(self.frames(self.piece)) - first;
        if rest < signed(window.len()) && self.joins(self.piece + 1) {
            self.look(self.piece + 1, 0, &mut window[whole_of(rest)..]);
        }
        let start = at - floating(first);
        for (nth, frame) in into.iter_mut().enumerate() {
            *frame = change.at(&window, start + float(nth) * change.step);
        }
    }

    /// Whether this sound goes on where the one before it ended: no silence, one rate, nothing missing.
    fn joins(&self, piece: usize) -> bool {
        let (Some(before), Some(slot)) =
            (piece.checked_sub(1).and_then(|at| self.slots.get(at)), self.slots.get(piece))
        else {
            return false;
        };
        let (Some(old), Some(new)) = (before.clip(), slot.clip()) else { return false };
        slot.gap() <= 0.0 && old.is_whole() && old.sample_rate() == new.sample_rate()
    }

    fn rate(&self) -> u32 {
        self.slots.get(self.piece).and_then(Slot::clip).map_or(1, |clip| clip.sample_rate().max(1))
    }

    fn frames(&self, piece: usize) -> usize {
        self.slots.get(piece).and_then(Slot::clip).map_or(0, |clip| clip.len() / usize::from(clip.channels()))
    }

    /// The moments of a sound from `first` on, as left and right; what lies outside of it stays as it was.
    fn look(&self, piece: usize, first: i64, into: &mut [Frame]) {
        let Some(clip) = self.slots.get(piece).and_then(Slot::clip) else { return };
        let channels = usize::from(clip.channels());
        let skipped = whole_of(-first).min(into.len());
        let mut samples = vec![0.0; (into.len() - skipped) * channels];
        let read = clip.read(whole_of(first) * channels, &mut samples);
        for (frame, samples) in into[skipped..].iter_mut().zip(samples[..read].chunks_exact(channels)) {
            *frame = sides(samples);
        }
    }
}

/// One moment as left and right. More than two channels are heard together on both.
pub(crate) fn sides(samples: &[f32]) -> Frame {
    match samples {
        [one] => [*one; 2],
        [left, right] => [*left, *right],
        more => from_fn(|_| more.iter().sum::<f32>() / narrow(more.len())),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sound of 2^52 samples does not fit in memory")]
fn floating(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "a number of channels")]
fn narrow(number: usize) -> f32 {
    number as f32
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn whole_of(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}
