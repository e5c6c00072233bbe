//! Takes orders, and gives them to a thread of its own.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{self, Sender},
    },
    thread,
};

use limerick_sound::{Clip, Playing, SoundOrder};
use limerick_tasks::{Error, Result};

use crate::{
    deck::Deck,
    desk::Desk,
    outlet::{Event, Outlet},
};

/// Finds a sound by its name.
pub(crate) type Sounds = Arc<dyn Fn(&str) -> Result<Arc<Clip>> + Send + Sync>;
/// Hears how it stands.
pub(crate) type Watcher = Box<dyn Fn(Playing) + Send>;

/// Plays sounds. No device is touched before something is to be heard. Dropping it ends the sound.
pub struct Player {
    messages: Sender<Message>,
}

/// What the player's thread hears of.
pub(crate) enum Message {
    Order(SoundOrder),
    Watch(Watcher),
    /// A sound of the `play`-th order to play was found.
    Sound {
        play: u64,
        piece: usize,
        sound: Result<Arc<Clip>>,
    },
    /// What became of the `turn`-th device.
    Device {
        turn: u64,
        event: Event,
    },
    Quit,
}

impl Player {
    /// `sounds` finds a sound by its name, and may take its time: it is called on threads of its own.
    pub fn new(sounds: impl Fn(&str) -> Result<Arc<Clip>> + Send + Sync + 'static) -> Result<Self> {
        let (messages, inbox) = mpsc::channel();
        let deck = Arc::new(Mutex::new(Deck::default()));
        let desk = Desk::new(Arc::new(sounds), Outlet::new(deck.clone())?, deck, messages.clone());
        thread::Builder::new()
            .name("player".into())
            .spawn(move || desk.work(&inbox))
            .map_err(|cause| Error::internal("play sounds", cause))?;
        Ok(Self { messages })
    }

    /// Does what a person asks for. Returns at once; whatever goes wrong is told to the watcher.
    pub fn order(&self, order: SoundOrder) {
        let _ = self.messages.send(Message::Order(order));
    }

    /// Tells how it stands, and then each change: at most 30 a second, and none while it is still.
    /// A later watcher takes the place of this one.
    pub fn watch(&self, watcher: impl Fn(Playing) + Send + 'static) {
        let _ = self.messages.send(Message::Watch(Box::new(watcher)));
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.messages.send(Message::Quit);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::{
        sync::{Mutex, MutexGuard, PoisonError},
        time::{Duration, Instant},
    };

    use limerick_sound::{Piece, SoundPhase};
    use limerick_tasks::ErrorCode;

    use super::*;

    fn play(sound: &str) -> SoundOrder {
        SoundOrder::Play { pieces: vec![Piece { sound: sound.into(), gap: 0.0 }], piece: 0, at: 0.0 }
    }

    fn watched(player: &Player) -> Arc<Mutex<Vec<Playing>>> {
        let told = Arc::<Mutex<Vec<Playing>>>::default();
        let into = told.clone();
        player.watch(move |playing| into.lock().unwrap().push(playing));
        told
    }

    /// Waits until the player has told of such a standing.
    fn until(told: &Mutex<Vec<Playing>>, is_so: impl Fn(&Playing) -> bool) -> Playing {
        let begun = Instant::now();
        loop {
            let all: MutexGuard<'_, Vec<Playing>> = told.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(playing) = all.last().filter(|playing| is_so(playing)) {
                return playing.clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "last told: {:?}", all.last());
            drop(all);
            thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn a_sound_that_is_long_in_coming_holds_nothing_up_and_comes_too_late() {
        let (release, held) = mpsc::channel::<()>();
        let held = Mutex::new(held);
        let player = Player::new(move |sound| {
            if sound == "run:slow" {
                let _ = held.lock().unwrap().recv();
            }
            let clip = Clip::new(8_000, 1);
            clip.push(&[0.0; 8]);
            Ok(clip)
        });
        let player = player.unwrap();
        let told = watched(&player);
        player.order(play("run:slow"));
        until(&told, |playing| playing.phase == SoundPhase::Waiting);
        player.order(SoundOrder::Stop);
        until(&told, |playing| playing.phase == SoundPhase::Idle);
        player.order(play("run:slow"));
        player.order(play("media:quick"));
        let now = until(&told, |playing| playing.duration > 0.0);
        assert_eq!(now.pieces[0].sound, "media:quick");
        drop(release);
        player.order(SoundOrder::Stop);
        until(&told, |playing| playing.phase == SoundPhase::Idle && playing.duration == 0.0);
    }

    #[test]
    fn a_sound_that_cannot_be_read_says_why_and_the_next_play_forgets_it() {
        let player = Player::new(|sound| match sound {
            "media:bad" => Err(Error::new(ErrorCode::Input, "This is no sound.")),
            _ => Ok(Clip::new(8_000, 1)),
        });
        let player = player.unwrap();
        let told = watched(&player);
        player.order(play("media:bad"));
        let now = until(&told, |playing| playing.phase == SoundPhase::Ended);
        assert_eq!(now.problem.unwrap().message, "This is no sound.");
        player.order(play("run:live"));
        until(&told, |playing| playing.problem.as_ref().is_none_or(|why| why.code != ErrorCode::Input));
    }

    #[test]
    fn what_was_set_is_told_at_once_and_without_a_device() {
        let player = Player::new(|_| Ok(Clip::new(8_000, 1))).unwrap();
        player.order(SoundOrder::Volume { volume: 7.0 });
        player.order(SoundOrder::Speed { speed: 0.1 });
        player.order(SoundOrder::Repeat { repeat: true });
        let now = until(&watched(&player), |_| true);
        assert_eq!((now.phase, now.volume, now.speed, now.repeat), (SoundPhase::Idle, 1.0, 0.5, true));
    }
}
