//! The player's own thread: finds the sounds, has a device open while something is to be heard, and tells how it
//! stands. It sleeps while nothing changes.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use limerick_sound::{Piece, Playing, SoundOrder, SoundPhase};
use limerick_tasks::Error;

use crate::{
    deck::Deck,
    line::{Slot, Sound},
    outlet::{Event, Outlet},
    player::{Message, Sounds, Watcher},
};

/// How often a watcher hears of a position, at most.
const BEAT: Duration = Duration::from_millis(34);
/// How often the length of a sound that grows is looked at while it holds.
const GLANCE: Duration = Duration::from_millis(250);
/// How long a device stays open for what comes next. An open one takes a little of the processor, even in silence.
const LINGER: Duration = Duration::from_secs(3);
/// How long until a device that is not there is tried again.
const AGAIN: Duration = Duration::from_secs(3);
/// After this long without taking anything a device counts as lost.
const DEAF: Duration = Duration::from_secs(2);

/// How far a device is.
#[derive(Debug, Clone, Copy)]
enum Plug {
    /// None is open, or asked for.
    Out,
    Coming,
    /// Open; since when, and how much it had taken then.
    In {
        since: Instant,
        taken: u64,
    },
    /// It cannot be opened, at this time.
    Broken(Instant),
}

/// The player's own thread.
pub(crate) struct Desk {
    sounds: Sounds,
    outlet: Outlet,
    deck: Arc<Mutex<Deck>>,
    messages: Sender<Message>,
    plug: Plug,
    device: Option<String>,
    /// Counts devices, so that a word about an old one is not taken for the new one's.
    turn: u64,
    /// Counts orders to play, for the same reason, and so that nothing is found any more for an old one.
    play: Arc<AtomicU64>,
    /// When it was last to be heard.
    heard: Instant,
    unheard: Option<Error>,
    unread: Option<Error>,
    watcher: Option<Watcher>,
    told: Option<(Playing, Instant)>,
}

impl Desk {
    pub(crate) fn new(
        sounds: Sounds,
        outlet: Outlet,
        deck: Arc<Mutex<Deck>>,
        messages: Sender<Message>,
    ) -> Self {
        Self {
            sounds,
            outlet,
            deck,
            messages,
            plug: Plug::Out,
            device: None,
            turn: 0,
            play: Arc::default(),
            heard: Instant::now(),
            unheard: None,
            unread: None,
            watcher: None,
            told: None,
        }
    }

    /// Works until the player is gone.
    pub(crate) fn work(mut self, inbox: &Receiver<Message>) {
        loop {
            let message = match self.patience() {
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(patience) => inbox.recv_timeout(patience),
            };
            match message {
                Ok(Message::Quit) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => (),
            }
            self.tend();
            self.tell();
        }
    }

    /// How long to sleep; for ever, where nothing can change by itself.
    fn patience(&self) -> Option<Duration> {
        // One after the other: a deck that is held twice is held for ever.
        let going = self.deck().is_going();
        let moving = self.deck().is_moving();
        let holds_back = self.told.as_ref().is_some_and(|(told, _)| *told != self.playing());
        let grows = self.told.as_ref().is_some_and(|(told, _)| told.growing);
        match self.plug {
            Plug::In { .. } if moving => Some(BEAT),
            _ if holds_back => Some(BEAT),
            _ if grows => Some(GLANCE),
            Plug::In { .. } => Some(LINGER.saturating_sub(self.heard.elapsed()).max(BEAT)),
            Plug::Broken(since) if going => Some(AGAIN.saturating_sub(since.elapsed()).max(BEAT)),
            _ => None,
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Order(order) => self.follow(order),
            Message::Watch(watcher) => {
                self.watcher = Some(watcher);
                self.told = None;
            }
            Message::Sound { play, piece, sound } if play == self.play.load(Ordering::Relaxed) => {
                let sound = sound.map_or_else(|error| self.is_unread(error), Sound::Here);
                self.deck().put_sound(piece, sound);
            }
            Message::Device { turn, event } if turn == self.turn => self.hear_of_device(event),
            Message::Sound { .. } | Message::Device { .. } | Message::Quit => (),
        }
    }

    fn follow(&mut self, order: SoundOrder) {
        match order {
            SoundOrder::Play { pieces, piece, at } => self.play(pieces, piece, at),
            SoundOrder::Pause => self.deck().pause(),
            SoundOrder::Resume => {
                self.deck().resume();
                self.try_again();
            }
            SoundOrder::Seek { piece, at } => self.deck().seek(piece, at),
            SoundOrder::Stop => {
                self.play.fetch_add(1, Ordering::Relaxed);
                self.unread = None;
                self.deck().stop();
            }
            SoundOrder::Volume { volume } => self.deck().set_volume(volume),
            SoundOrder::Speed { speed } => self.deck().set_speed(speed),
            SoundOrder::Repeat { repeat } => self.deck().set_repeat(repeat),
            SoundOrder::Device { id } if id != self.device => {
                self.device = id;
                self.unplug();
            }
            SoundOrder::Device { .. } => self.try_again(),
        }
    }

    /// Only the last order to play counts: what is found for an earlier one comes too late.
    fn play(&mut self, pieces: Vec<Piece>, piece: usize, at: f64) {
        self.play.fetch_add(1, Ordering::Relaxed);
        self.unread = None;
        let names: Vec<String> = pieces.iter().map(|piece| piece.sound.clone()).collect();
        let slots = pieces.into_iter().map(|piece| Slot { piece, sound: Sound::Coming }).collect();
        self.deck().play(slots, piece, at);
        self.find(names, piece);
        self.try_again();
    }

    /// Finds the sounds, the first to be heard first.
    fn find(&mut self, names: Vec<String>, first: usize) {
        let (sounds, messages, latest) = (self.sounds.clone(), self.messages.clone(), self.play.clone());
        let play = latest.load(Ordering::Relaxed);
        let first = if first < names.len() { first } else { 0 };
        let finding = thread::Builder::new().name("sound-finder".into()).spawn(move || {
            for piece in (first..names.len()).chain(0..first) {
                if latest.load(Ordering::Relaxed) != play {
                    return;
                }
                let _ = messages.send(Message::Sound { play, piece, sound: sounds(&names[piece]) });
            }
        });
        if let Err(cause) = finding {
            self.unread = Some(Error::internal("play sounds", cause));
            self.deck().stop();
        }
    }

    fn is_unread(&mut self, error: Error) -> Sound {
        tracing::info!("a sound cannot be played: {error}");
        self.unread = Some(error);
        Sound::Broken
    }

    fn hear_of_device(&mut self, event: Event) {
        match event {
            Event::Opened => {
                self.unheard = None;
                let mut deck = self.deck();
                deck.plug(true);
                let taken = deck.handed();
                drop(deck);
                self.plug = Plug::In { since: Instant::now(), taken };
            }
            Event::Failed(error) => {
                tracing::info!("no sound: {error} {}", error.detail.as_deref().unwrap_or_default());
                self.unheard = Some(error);
                self.plug = Plug::Broken(Instant::now());
            }
            Event::Lost => {
                tracing::info!("the sound device is lost");
                self.unplug();
            }
        }
    }

    /// A device that could not be opened is tried at once, because a person asks for it.
    fn try_again(&mut self) {
        if matches!(self.plug, Plug::Broken(_)) {
            self.plug = Plug::Out;
        }
    }

    /// Lets the device go; the place is kept.
    fn unplug(&mut self) {
        self.turn += 1;
        self.outlet.close();
        self.plug = Plug::Out;
        self.deck().plug(false);
    }

    /// Opens a device where something is to be heard, and lets it go where nothing is.
    fn tend(&mut self) {
        let going = self.deck().is_going();
        if going {
            self.heard = Instant::now();
        }
        match self.plug {
            Plug::Out if going => self.plug_in(),
            Plug::Broken(since) if going && since.elapsed() >= AGAIN => self.plug_in(),
            Plug::In { since, taken } if going => self.listen(since, taken),
            Plug::In { .. } if self.heard.elapsed() >= LINGER => self.unplug(),
            _ => (),
        }
    }

    fn plug_in(&mut self) {
        self.turn += 1;
        self.plug = Plug::Coming;
        let (messages, turn) = (self.messages.clone(), self.turn);
        self.outlet.open(self.device.clone(), move |event| {
            let _ = messages.send(Message::Device { turn, event });
        });
    }

    /// Looks whether the open device still takes what it is given.
    fn listen(&mut self, since: Instant, taken: u64) {
        let now = self.deck().handed();
        if now != taken {
            self.plug = Plug::In { since: Instant::now(), taken: now };
        } else if since.elapsed() >= DEAF {
            self.unplug();
        }
    }

    fn tell(&mut self) {
        let Some(watcher) = &self.watcher else { return };
        let playing = self.playing();
        let news = match &self.told {
            None => true,
            Some((told, when)) => {
                let flows = told.phase == SoundPhase::Playing && playing.phase == SoundPhase::Playing;
                *told != playing && (!flows || when.elapsed() >= BEAT)
            }
        };
        if news {
            watcher(playing.clone());
            self.told = Some((playing, Instant::now()));
        }
    }

    fn playing(&self) -> Playing {
        let deck = self.deck();
        Playing {
            device: self.device.clone(),
            problem: self.unread.clone().or_else(|| self.unheard.clone()),
            ..deck.standing()
        }
    }

    fn deck(&self) -> MutexGuard<'_, Deck> {
        self.deck.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
