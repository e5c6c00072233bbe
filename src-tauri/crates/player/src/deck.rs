//! What is heard from moment to moment: the line, how loud and how fast it goes, and no click where it changes.
//! A sound device pulls; whoever gives orders holds it for an instant only.

use limerick_sound::{Playing, SoundPhase};

use crate::{
    kernel::Frame,
    line::{Line, Pace, Short, Slot, Sound},
};

/// Seconds in which a sound comes or goes, where it is cut.
const FADE: f32 = 0.005;

/// What the needle is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    Holds,
    Goes,
    /// Holds, because it reached the end.
    Ended,
}

/// The sounds under the needle.
#[derive(Debug)]
pub(crate) struct Deck {
    line: Line,
    /// What comes instead, as soon as the line has faded out.
    next: Option<Line>,
    aim: Aim,
    /// Whether the last reading found nothing yet.
    waits: bool,
    /// Whether a device pulls.
    plugged: bool,
    repeat: bool,
    volume: f32,
    speed: f32,
    /// How loud it is at this moment.
    gain: f32,
    /// Moments that a device has taken so far, silent ones too.
    handed: u64,
}

impl Default for Deck {
    fn default() -> Self {
        Self {
            line: Line::default(),
            next: None,
            aim: Aim::Holds,
            waits: false,
            plugged: false,
            repeat: false,
            volume: 1.0,
            speed: 1.0,
            gain: 0.0,
            handed: 0,
        }
    }
}

impl Deck {
    /// The next moments for a device of this rate, in hertz. Silence where there is nothing.
    pub(crate) fn fill(&mut self, into: &mut [Frame], rate: u32) {
        into.fill(Frame::default());
        self.handed += into.len() as u64;
        let mut made = 0;
        while made < into.len() && self.moves() {
            made += self.fill_on(&mut into[made..], rate);
        }
    }

    /// Whether the needle moves. A change waits for silence, and is made here.
    fn moves(&mut self) -> bool {
        if self.gain <= 0.0 {
            self.change();
        }
        self.is_going() || self.gain > 0.0
    }

    fn change(&mut self) {
        if let Some(next) = self.next.take() {
            self.line = next;
            // A sound is heard from its first moment on as it is; in its middle it fades in.
            self.gain = if self.is_going() && self.line.at_a_start() { self.volume } else { 0.0 };
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "rates below 2^24")]
    fn fill_on(&mut self, into: &mut [Frame], rate: u32) -> usize {
        let step = 1.0 / (FADE * rate.max(1) as f32);
        let goes = self.is_going() && self.next.is_none();
        let target = if goes { self.volume } else { 0.0 };
        let count = if goes { into.len() } else { fading(self.gain / step).min(into.len()) };
        let (made, short) =
            self.line.read(&mut into[..count], Pace { rate, speed: self.speed, repeat: self.repeat });
        for frame in &mut into[..made] {
            self.gain += (target - self.gain).clamp(-step, step);
            *frame = frame.map(|side| side * self.gain);
        }
        match short {
            None => {
                self.waits = false;
                made
            }
            Some(Short::Waits) => {
                self.waits = true;
                self.gain = if goes && self.line.at_a_start() { self.volume } else { 0.0 };
                into.len()
            }
            Some(Short::Ended) => {
                self.end();
                made
            }
        }
    }

    fn end(&mut self) {
        self.gain = 0.0;
        if self.next.is_none() {
            self.aim = Aim::Ended;
        }
    }

    /// Plays these instead of what is there.
    pub(crate) fn play(&mut self, slots: Vec<Slot>, piece: usize, at: f64) {
        (self.aim, self.waits) = (Aim::Goes, true);
        self.put(Line::new(slots, piece, at));
        self.look_for_an_end();
    }

    /// Holds.
    pub(crate) fn pause(&mut self) {
        if self.is_going() {
            self.aim = Aim::Holds;
        }
    }

    /// Goes on; from the start, where it ended.
    pub(crate) fn resume(&mut self) {
        if self.aim == Aim::Ended {
            let mut line = self.present().anew();
            line.rewind();
            self.put(line);
        }
        self.aim = if self.present().slots.is_empty() { Aim::Holds } else { Aim::Goes };
        self.look_for_an_end();
    }

    /// Goes to a place.
    pub(crate) fn seek(&mut self, piece: usize, at: f64) {
        let mut line = self.present().anew();
        line.seek(piece, at);
        if self.aim == Aim::Ended {
            self.aim = Aim::Holds;
        }
        self.put(line);
    }

    /// Lets go of everything.
    pub(crate) fn stop(&mut self) {
        self.aim = Aim::Holds;
        self.put(Line::default());
    }

    /// 0 to 1.
    pub(crate) fn set_volume(&mut self, volume: f32) {
        self.volume = volume.clamp(0.0, 1.0);
    }

    /// 0.5 to 2.
    pub(crate) fn set_speed(&mut self, speed: f32) {
        self.speed = speed.clamp(0.5, 2.0);
    }

    pub(crate) fn set_repeat(&mut self, repeat: bool) {
        self.repeat = repeat;
    }

    /// A sound of the line was found, or cannot be.
    pub(crate) fn put_sound(&mut self, piece: usize, sound: Sound) {
        let line = self.next.as_mut().unwrap_or(&mut self.line);
        if let Some(slot) = line.slots.get_mut(piece) {
            slot.sound = sound;
        }
        self.look_for_an_end();
    }

    /// A device pulls from now on, or none does: then a change need not wait for silence.
    pub(crate) fn plug(&mut self, plugged: bool) {
        self.plugged = plugged;
        if !plugged {
            self.gain = 0.0;
            self.change();
        }
    }

    /// Whether it is to be heard.
    pub(crate) fn is_going(&self) -> bool {
        self.aim == Aim::Goes
    }

    /// Whether the next moments move the needle: it goes, or fades out.
    pub(crate) fn is_moving(&self) -> bool {
        self.plugged && (self.is_going() || self.gain > 0.0)
    }

    /// Moments that a device has taken so far.
    pub(crate) fn handed(&self) -> u64 {
        self.handed
    }

    /// How it stands, as far as the deck knows.
    pub(crate) fn standing(&self) -> Playing {
        let line = self.present();
        let (piece, position) = line.place();
        let (duration, growing) = line.length();
        Playing {
            phase: self.phase(),
            pieces: line.slots.iter().map(|slot| slot.piece.clone()).collect(),
            piece,
            position,
            duration,
            growing,
            volume: self.volume,
            speed: self.speed,
            repeat: self.repeat,
            ..Playing::default()
        }
    }

    fn phase(&self) -> SoundPhase {
        match () {
            () if self.present().slots.is_empty() => SoundPhase::Idle,
            () if self.aim == Aim::Ended => SoundPhase::Ended,
            () if self.aim == Aim::Holds => SoundPhase::Paused,
            () if self.waits || !self.plugged => SoundPhase::Waiting,
            () => SoundPhase::Playing,
        }
    }

    /// The line that counts: the one that comes, if one comes.
    fn present(&self) -> &Line {
        self.next.as_ref().unwrap_or(&self.line)
    }

    fn put(&mut self, line: Line) {
        self.next = Some(line);
        if !self.plugged {
            self.change();
        }
    }

    /// What can never be heard has ended, whether a device pulls or not.
    fn look_for_an_end(&mut self) {
        if self.is_going() && self.present().is_broken() {
            self.aim = Aim::Ended;
        }
    }
}

/// Moments until silence, at least one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a gain is 0 to 1")]
fn fading(steps: f32) -> usize {
    steps.ceil().max(1.0) as usize
}
