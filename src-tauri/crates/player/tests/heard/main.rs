//! What is really heard: a device that leads nowhere is recorded, and every claim is read from the recording.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it found by failing")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "recordings are short"
)]

mod ear;
mod room;

use std::sync::{Arc, Mutex};

use limerick_player::{Player, devices};
use limerick_sound::{Clip, Piece, Playing, SoundOrder, SoundPhase};

use ear::{beginning, end, level, loudest, said, sounding, unbroken};
use room::{RATE, Recording, alone, until};

/// A sound of this many seconds.
fn clip(sample_rate: u32, seconds: f64, sample: impl Fn(f64) -> f64) -> Arc<Clip> {
    let clip = Clip::new(sample_rate, 1);
    let count = (seconds * f64::from(sample_rate)).round() as usize;
    let samples: Vec<f32> = (0..count).map(|at| sample(at as f64 / f64::from(sample_rate)) as f32).collect();
    clip.push(&samples);
    clip.finish();
    clip
}

fn tone(sample_rate: u32, seconds: f64) -> Arc<Clip> {
    clip(sample_rate, seconds, |at| 0.4 * (std::f64::consts::TAU * 440.0 * at).sin())
}

/// Each moment of it says when it is: 0.1 and a twentieth more a second.
fn ramp(seconds: f64) -> Arc<Clip> {
    clip(48_000, seconds, |at| 0.1 + at / 20.0)
}

struct Stage {
    player: Player,
    told: Arc<Mutex<Vec<Playing>>>,
}

impl Stage {
    fn new(sound: Arc<Clip>) -> Self {
        let player = Player::new(move |_| Ok(sound.clone())).unwrap();
        let told = Arc::<Mutex<Vec<Playing>>>::default();
        let into = told.clone();
        player.watch(move |playing| into.lock().unwrap().push(playing));
        Self { player, told }
    }

    fn play(&self, at: f64) {
        let pieces = vec![Piece { sound: "media:one".into(), gap: 0.0 }];
        self.player.order(SoundOrder::Play { pieces, piece: 0, at });
    }

    /// Returns when something is heard.
    fn hears(recording: &Recording) {
        let before = recording.now();
        until("the sound", || end(&recording.left()[before..]) > 0);
    }

    /// Plays to the end and gives what is heard, which must last this many seconds. A machine that is busy with
    /// other work may lose a piece of it, so it may be played again.
    fn whole(&self, recording: &Recording, seconds: f64) -> Vec<f32> {
        const TRIES: usize = 5;
        let mut lasted = Vec::new();
        loop {
            let before = recording.now();
            self.play(0.0);
            self.reaches(SoundPhase::Playing);
            self.reaches(SoundPhase::Ended);
            recording.wait(recording.now(), 0.3);
            let heard = recording.left().split_off(before);
            lasted.push(sounding(&heard));
            if (sounding(&heard) - seconds).abs() < 0.05 {
                return heard;
            }
            assert!(lasted.len() < TRIES, "{seconds} s were never heard whole: {lasted:?}");
        }
    }

    fn now(&self) -> Playing {
        self.told.lock().unwrap().last().cloned().unwrap_or_default()
    }

    fn reaches(&self, phase: SoundPhase) {
        until(&format!("{phase:?}"), || self.now().phase == phase);
    }
}

#[test]
fn a_tone_is_heard_at_its_pitch_and_level_on_both_sides() {
    alone("a_tone_is_heard_at_its_pitch_and_level_on_both_sides", |room| {
        room.open();
        let recording = Recording::start();
        let stage = Stage::new(tone(24_000, 2.0));
        let left = stage.whole(&recording, 2.0);
        let sides = recording.sides();
        let heard = unbroken(&left);
        assert!((loudest(heard) - 440.0).abs() < 1.0, "{} Hz", loudest(heard));
        assert!((level(heard) - 20.0 * (0.4 / 2f64.sqrt()).log10()).abs() < 1.0, "{} dB", level(heard));
        assert!(
            sides.iter().all(|[left, right]| (left - right).abs() < 1e-4),
            "a mono sound is heard on both"
        );
    });
}

#[test]
fn a_pause_is_heard_within_a_tenth_of_a_second_and_goes_on_where_it_stopped() {
    alone("a_pause_is_heard_within_a_tenth_of_a_second_and_goes_on_where_it_stopped", |room| {
        room.open();
        let recording = Recording::start();
        let stage = Stage::new(ramp(8.0));
        stage.play(0.0);
        Stage::hears(&recording);
        recording.wait(recording.now(), 1.0);
        stage.player.order(SoundOrder::Pause);
        let order = recording.now();
        recording.wait(order, 1.0);
        let stopped = end(&recording.left());
        assert!(stopped < order + RATE / 10, "{} ms", (stopped - order) * 1000 / RATE);
        stage.player.order(SoundOrder::Resume);
        recording.wait(recording.now(), 1.0);
        let left = recording.left();
        let again = stopped + beginning(&left[stopped..]);
        let missing = said(&left, again + RATE / 100) - said(&left, stopped - RATE / 100) - 0.02;
        assert!(missing.abs() < 0.02, "{missing} s are missing, or are said twice");
    });
}

#[test]
fn a_seek_lands_within_a_fiftieth_of_a_second() {
    alone("a_seek_lands_within_a_fiftieth_of_a_second", |room| {
        room.open();
        let recording = Recording::start();
        let stage = Stage::new(ramp(8.0));
        stage.play(0.0);
        Stage::hears(&recording);
        for at in [5.0, 1.25, 6.5] {
            let order = recording.now();
            stage.player.order(SoundOrder::Seek { piece: 0, at });
            recording.wait(order, 0.5);
            let left = recording.left();
            // Where it jumps: it fades out, and in again.
            let valley =
                (order..order + RATE / 2).min_by(|one, other| left[*one].total_cmp(&left[*other])).unwrap();
            assert!(valley < order + RATE / 10, "{} ms", (valley - order) * 1000 / RATE);
            let landed = said(&left, valley + RATE / 100) - 0.01;
            assert!((landed - at).abs() < 0.02, "{landed} instead of {at}");
        }
        stage.player.order(SoundOrder::Seek { piece: 0, at: 1e9 });
        stage.reaches(SoundPhase::Ended);
        assert!((stage.now().position - 8.0).abs() < 1e-6, "past the end is the end");
    });
}

#[test]
fn half_the_volume_is_six_decibels_less() {
    alone("half_the_volume_is_six_decibels_less", |room| {
        room.open();
        let recording = Recording::start();
        let stage = Stage::new(tone(48_000, 3.0));
        stage.play(0.0);
        Stage::hears(&recording);
        let begun = recording.now();
        recording.wait(begun, 0.6);
        stage.player.order(SoundOrder::Volume { volume: 0.5 });
        let order = recording.now();
        recording.wait(order, 0.8);
        let left = recording.left();
        let less = level(unbroken(&left[order + RATE / 4..order + RATE * 3 / 4]))
            - level(unbroken(&left[begun..begun + RATE / 2]));
        assert!((less + 6.02).abs() < 1.0, "{less} dB");
    });
}

#[test]
fn twice_the_speed_is_half_as_long_at_the_same_pitch() {
    alone("twice_the_speed_is_half_as_long_at_the_same_pitch", |room| {
        room.open();
        let recording = Recording::start();
        let stage = Stage::new(tone(24_000, 3.0));
        stage.player.order(SoundOrder::Speed { speed: 2.0 });
        let left = stage.whole(&recording, 1.5);
        let pitch = loudest(unbroken(&left));
        assert!((pitch - 440.0).abs() < 1.0, "{pitch} Hz");
    });
}

#[test]
fn a_device_that_goes_and_comes_back_is_survived() {
    alone("a_device_that_goes_and_comes_back_is_survived", |room| {
        let stage = Stage::new(ramp(30.0));
        stage.play(0.0);
        until("the reason", || stage.now().problem.is_some());
        assert_eq!(stage.now().phase, SoundPhase::Waiting, "it would play, if it could");
        room.open();
        let recording = Recording::start();
        stage.reaches(SoundPhase::Playing);
        assert_eq!(stage.now().problem, None);
        Stage::hears(&recording);
        recording.wait(recording.now(), 1.0);
        drop(recording);
        room.close();
        until("the reason", || stage.now().problem.is_some());
        let lost = stage.now().position;
        assert!(lost > 0.9, "{lost}");
        stage.player.order(SoundOrder::Seek { piece: 0, at: lost + 5.0 });
        room.open();
        let recording = Recording::start();
        stage.player.order(SoundOrder::Resume);
        stage.reaches(SoundPhase::Playing);
        Stage::hears(&recording);
        recording.wait(recording.now(), 0.3);
        let left = recording.left();
        let place = said(&left, beginning(&left) + RATE / 100);
        assert!((place - lost - 5.0).abs() < 0.1, "{place} instead of {}", lost + 5.0);
    });
}

#[test]
fn a_device_is_picked_by_its_id_and_one_that_is_not_there_says_so() {
    alone("a_device_is_picked_by_its_id_and_one_that_is_not_there_says_so", |room| {
        room.open();
        let all = devices().unwrap();
        assert_eq!(all.iter().filter(|device| device.default).count(), 1, "{all:?}");
        assert!(all.iter().all(|device| !device.name.is_empty()), "{all:?}");
        let recording = Recording::start();
        let stage = Stage::new(tone(48_000, 5.0));
        stage.player.order(SoundOrder::Device { id: Some("alsa:nowhere".into()) });
        stage.play(0.0);
        until("the reason", || stage.now().problem.is_some_and(|why| why.message.contains("picked")));
        assert_eq!(end(&recording.left()), 0);
        let other = all.iter().find(|device| !device.default).expect("the server's own way in");
        stage.player.order(SoundOrder::Device { id: Some(other.id.clone()) });
        stage.reaches(SoundPhase::Playing);
        Stage::hears(&recording);
        assert_eq!(stage.now().device.as_ref(), Some(&other.id));
        let before = stage.now().position;
        stage.player.order(SoundOrder::Device { id: None });
        until("the move", || stage.now().device.is_none() && stage.now().phase == SoundPhase::Playing);
        assert!(stage.now().position >= before, "the place is kept");
    });
}

#[test]
fn the_device_is_let_go_and_nothing_is_told_when_nothing_plays() {
    alone("the_device_is_let_go_and_nothing_is_told_when_nothing_plays", |room| {
        room.open();
        let stage = Stage::new(tone(48_000, 0.3));
        stage.play(0.0);
        stage.reaches(SoundPhase::Ended);
        until("the device's rest", || !room.is_used());
        let told = stage.told.lock().unwrap().len();
        let recording = Recording::start();
        recording.wait(recording.now(), 1.0);
        assert_eq!(end(&recording.left()), 0);
        assert_eq!(stage.told.lock().unwrap().len(), told, "nothing is told while it is still");
    });
}
