//! The page's way to the player: orders to it, and how it stands. The page never holds a sample.

use limerick_player::{Player, devices};
use limerick_sound::{Playing, SoundDevice, SoundOrder};
use limerick_tasks::{Error, Result};
use tauri::{AppHandle, Manager, State, ipc::Channel};
use tokio::task::spawn_blocking;

use crate::ready::Ready;

/// The player, or why there is none. No sound device is touched before something is to be heard.
pub(crate) struct Sound(Result<Player>);

impl Sound {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self(Player::new(move |sound| app.state::<Ready>().playground()?.sound_of(sound)))
    }

    /// Ends all sound.
    pub(crate) fn stop(&self) {
        if let Ok(player) = &self.0 {
            player.order(SoundOrder::Stop);
        }
    }

    fn player(&self) -> Result<&Player> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

/// Tells the player what to do. What comes of it is told to `watch_sound`.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments")]
pub(crate) fn sound(sound: State<'_, Sound>, order: SoundOrder) -> Result<()> {
    sound.player().map(|player| player.order(order))
}

/// Tells how the player stands, now and at each change. A page that was reloaded asks again, and is told alone.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments")]
pub(crate) fn watch_sound(sound: State<'_, Sound>, events: Channel<Playing>) -> Result<()> {
    sound.player().map(|player| {
        player.watch(move |playing| {
            let _ = events.send(playing);
        });
    })
}

/// Places where sound can be heard.
#[tauri::command]
pub(crate) async fn sound_devices() -> Result<Vec<SoundDevice>> {
    let found = spawn_blocking(devices).await;
    found.map_err(|cause| Error::internal("look for sound devices", cause))?
}
