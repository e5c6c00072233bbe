//! The words between a window and the player: what to play, what to change, and where it stands.

use limerick_tasks::Error;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One sound of what is played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Piece {
    /// `media:` and the name of a file, or `run:` and the id of a run whose voice is still speaking.
    pub sound: String,
    /// Seconds of silence before it, 0 to 10.
    #[serde(default)]
    #[ts(optional, as = "Option<f64>")]
    pub gap: f64,
}

/// Something that a person does with the player.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum SoundOrder {
    /// Plays these sounds one after the other, without a gap but their own, instead of what was there.
    Play {
        /// At least one.
        pieces: Vec<Piece>,
        /// Which of them comes first, from 0.
        #[serde(default)]
        #[ts(optional, as = "Option<usize>")]
        piece: usize,
        /// Seconds into that one.
        #[serde(default)]
        #[ts(optional, as = "Option<f64>")]
        at: f64,
    },
    /// Holds.
    Pause,
    /// Goes on; from the start, where the end was reached.
    Resume,
    /// Goes to a place, whether it plays or holds; past the end is the end.
    Seek {
        /// Which piece, from 0.
        piece: usize,
        /// Seconds into it.
        at: f64,
    },
    /// Lets go of everything that was to be played.
    Stop,
    /// How loud: 0 (silent) to 1 (as recorded).
    Volume {
        /// 0 to 1.
        volume: f32,
    },
    /// How fast: 0.5 to 2; 1 is as recorded. The pitch stays.
    Speed {
        /// 0.5 to 2.
        speed: f32,
    },
    /// Whether it begins again at its end.
    Repeat {
        /// Whether.
        repeat: bool,
    },
    /// Where it is heard.
    Device {
        /// A device's id; `None` is the system's own choice.
        #[serde(default)]
        #[ts(optional)]
        id: Option<String>,
    },
}

/// Whether anything is heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SoundPhase {
    /// Nothing is there to be played.
    #[default]
    Idle,
    /// It plays.
    Playing,
    /// It would play, and waits for more of a sound that is still being made.
    Waiting,
    /// It holds.
    Paused,
    /// It reached its end.
    Ended,
}

/// Where the player stands: told when it changes, at most 30 times a second while it plays, and never while it is
/// still.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Playing {
    /// Whether anything is heard.
    pub phase: SoundPhase,
    /// What is being played.
    pub pieces: Vec<Piece>,
    /// Which of them, from 0.
    pub piece: usize,
    /// Seconds into that one, as recorded (at double speed it grows by 2 a second).
    pub position: f64,
    /// Seconds of that one; so far, where it is still being made.
    pub duration: f64,
    /// Whether that one is still being made.
    pub growing: bool,
    /// 0 to 1.
    pub volume: f32,
    /// 0.5 to 2.
    pub speed: f32,
    /// Whether it begins again at its end.
    pub repeat: bool,
    /// The id of the device that was picked; `None` is the system's own choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub device: Option<String>,
    /// Why nothing can be heard (no sound device, a sound that cannot be read).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Error>,
}

/// A place where sound can be heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoundDevice {
    /// Stays the same as long as the device is there.
    pub id: String,
    /// The system's name for it.
    pub name: String,
    /// Whether it is the system's own choice.
    pub default: bool,
}
