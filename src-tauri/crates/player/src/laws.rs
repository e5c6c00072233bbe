//! What the deck owes whoever listens, without a device: time, silence, growth, ends, and no clicks.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

use std::{f64::consts::TAU, sync::Arc};

use limerick_sound::{Clip, Piece, SoundPhase};

use crate::{
    deck::Deck,
    kernel::Frame,
    line::{Slot, Sound},
};

const RATE: u32 = 48_000;

fn whole(rate: u32, samples: &[f32]) -> Arc<Clip> {
    let clip = Clip::new(rate, 1);
    clip.push(samples);
    clip.finish();
    clip
}

/// Samples that say which they are.
fn counted(count: usize) -> Vec<f32> {
    (1..=count).map(|at| at as f32 / 100_000.0).collect()
}

fn tone(rate: u32, seconds: f64) -> Vec<f32> {
    let count = (seconds * f64::from(rate)) as usize;
    (0..count).map(|at| (0.5 * (TAU * 440.0 * at as f64 / f64::from(rate)).sin()) as f32).collect()
}

fn slot(clip: &Arc<Clip>, gap: f64) -> Slot {
    Slot { piece: Piece { sound: "media:one".into(), gap }, sound: Sound::Here(clip.clone()) }
}

/// A deck that a device pulls from, and plays these.
fn playing(slots: Vec<Slot>) -> Deck {
    let mut deck = Deck::default();
    deck.plug(true);
    deck.play(slots, 0, 0.0);
    deck
}

fn pull(deck: &mut Deck, count: usize) -> Vec<f32> {
    let mut frames = vec![Frame::default(); count];
    // Odd blocks, as devices ask for them.
    for block in frames.chunks_mut(441) {
        deck.fill(block, RATE);
    }
    assert!(
        frames.iter().all(|[left, right]| left.to_bits() == right.to_bits()),
        "both sides hear a mono sound"
    );
    frames.iter().map(|[left, _]| *left).collect()
}

fn steepest(samples: &[f32]) -> f32 {
    samples.windows(2).map(|two| (two[1] - two[0]).abs()).fold(0.0, f32::max)
}

#[test]
fn a_sound_of_the_devices_rate_passes_unchanged_and_ends_once() {
    let samples = counted(5_000);
    let mut deck = playing(vec![slot(&whole(RATE, &samples), 0.0)]);
    let heard = pull(&mut deck, 6_000);
    assert_eq!(heard[..5_000], samples);
    assert!(heard[5_000..].iter().all(|sample| *sample == 0.0));
    let standing = deck.standing();
    assert_eq!((standing.phase, standing.position), (SoundPhase::Ended, standing.duration));
    deck.resume();
    assert_eq!(pull(&mut deck, 5_000), samples, "it begins again");
}

#[test]
fn pieces_follow_without_a_gap_but_their_own() {
    let samples = counted(3_000);
    let (one, two) = (whole(RATE, &samples[..1_000]), whole(RATE, &samples[1_000..]));
    let mut deck = playing(vec![slot(&one, 0.5), slot(&two, 0.0)]);
    assert_eq!(pull(&mut deck, 3_000), samples, "nor is there one before the first");
    let mut deck = playing(vec![slot(&one, 0.0), slot(&two, 0.25)]);
    let heard = pull(&mut deck, 1_000 + 12_000 + 2_000);
    assert!(heard[1_000..13_000].iter().all(|sample| *sample == 0.0));
    assert_eq!(heard[13_000..], samples[1_000..]);
    assert_eq!(deck.standing().piece, 1);
}

#[test]
fn another_rate_keeps_the_pitch_and_the_level_across_pieces() {
    for rate in [8_000, 22_050, 24_000, 44_100, 96_000] {
        let samples = tone(rate, 1.0);
        let (one, two) = samples.split_at(samples.len() / 3);
        let mut deck = playing(vec![slot(&whole(rate, one), 0.0), slot(&whole(rate, two), 0.0)]);
        let heard = pull(&mut deck, 48_000);
        let wanted = tone(RATE, 1.0);
        // At its two ends the filter hears the silence around the sound.
        let off = heard[200..47_800].iter().zip(&wanted[200..]).map(|(one, two)| (one - two).abs());
        assert!(off.fold(0.0, f32::max) < 2e-3, "at {rate} Hz");
    }
}

#[test]
fn a_sound_that_grows_is_waited_for_and_goes_on_by_itself() {
    let samples = counted(2_000);
    let clip = Clip::new(RATE, 1);
    let mut deck = playing(vec![slot(&clip, 0.0)]);
    pull(&mut deck, 500);
    assert_eq!(deck.standing().phase, SoundPhase::Waiting);
    clip.push(&samples[..1_000]);
    let first = pull(&mut deck, 900);
    assert_eq!(first, samples[..900]);
    assert_eq!(deck.standing().phase, SoundPhase::Playing);
    pull(&mut deck, 900);
    assert_eq!(deck.standing().phase, SoundPhase::Waiting);
    clip.push(&samples[1_000..]);
    clip.finish();
    let last = pull(&mut deck, 2_000);
    assert_eq!(last.iter().rev().find(|sample| **sample > 0.0), samples.last(), "nothing of it is left out");
    assert_eq!(deck.standing().phase, SoundPhase::Ended);
}

#[test]
fn a_seek_is_exact_and_waits_where_nothing_is_yet() {
    let clip = Clip::new(RATE, 1);
    clip.push(&counted(48_000));
    let mut deck = playing(vec![slot(&clip, 0.0)]);
    pull(&mut deck, 441);
    deck.seek(0, 0.5);
    assert!((deck.standing().position - 0.5).abs() < 1e-9, "it is there at once");
    let heard = pull(&mut deck, 1_000);
    // Five milliseconds to leave, and five to come: then each sample says where it is.
    assert!((heard[600] * 100_000.0 - 24_361.0).abs() < 2.0, "{}", heard[600]);
    deck.seek(0, 2.0);
    pull(&mut deck, 1_000);
    assert_eq!(deck.standing().phase, SoundPhase::Waiting);
    clip.finish();
    pull(&mut deck, 10);
    let standing = deck.standing();
    assert_eq!((standing.phase, standing.position), (SoundPhase::Ended, 1.0), "past the end is the end");
}

#[test]
fn nothing_clicks() {
    let clip = whole(RATE, &vec![0.5; 48_000]);
    let mut deck = playing(vec![slot(&clip, 0.0)]);
    let mut heard = pull(&mut deck, 441)[1..].to_vec();
    let mut go_on = |deck: &mut Deck| heard.extend(pull(deck, 882));
    deck.set_volume(0.1);
    go_on(&mut deck);
    deck.set_volume(1.0);
    go_on(&mut deck);
    deck.pause();
    go_on(&mut deck);
    deck.resume();
    go_on(&mut deck);
    deck.seek(0, 0.2);
    go_on(&mut deck);
    deck.stop();
    go_on(&mut deck);
    assert!(steepest(&heard) < 0.01, "{}", steepest(&heard));
    assert_eq!(heard.last(), Some(&0.0));
}

#[test]
fn a_pause_is_silent_in_five_milliseconds_and_holds_the_place() {
    let mut deck = playing(vec![slot(&whole(RATE, &vec![0.5; 48_000]), 0.0)]);
    pull(&mut deck, 4_800);
    deck.pause();
    let heard = pull(&mut deck, 4_800);
    assert!(heard[241..].iter().all(|sample| *sample == 0.0));
    let standing = deck.standing();
    assert_eq!(standing.phase, SoundPhase::Paused);
    assert!((standing.position - 0.105).abs() < 1e-3, "{}", standing.position);
}

#[test]
fn half_the_volume_is_half_of_each_sample() {
    let samples = counted(2_000);
    let mut deck = Deck::default();
    deck.plug(true);
    deck.set_volume(0.5);
    deck.play(vec![slot(&whole(RATE, &samples), 0.0)], 0, 0.0);
    let halves: Vec<f32> = samples.iter().map(|sample| sample / 2.0).collect();
    assert_eq!(pull(&mut deck, 2_000), halves);
}

#[test]
fn twice_the_speed_is_half_as_long_at_the_same_pitch() {
    for rate in [24_000, RATE] {
        let mut deck = playing(vec![slot(&whole(rate, &tone(rate, 2.0)), 0.0)]);
        deck.set_speed(2.0);
        let heard = pull(&mut deck, 72_000);
        let end = heard.iter().rposition(|sample| *sample != 0.0).unwrap_or(0);
        assert!(end.abs_diff(48_000) < 2_400, "{end} moments of a sound at {rate} Hz");
        let crossings = heard[4_800..43_200].windows(2).filter(|two| two[0] < 0.0 && two[1] >= 0.0).count();
        assert!(crossings.abs_diff(352) <= 3, "{crossings} turns in 0.8 s");
        assert!(steepest(&heard[..end]) < 0.08, "{}", steepest(&heard[..end]));
    }
}

#[test]
fn the_place_follows_the_speed_and_its_change() {
    let mut deck = playing(vec![slot(&whole(RATE, &tone(RATE, 4.0)), 0.0)]);
    pull(&mut deck, 24_000);
    deck.set_speed(2.0);
    pull(&mut deck, 24_000);
    assert!((deck.standing().position - 1.5).abs() < 0.05, "{}", deck.standing().position);
    deck.set_speed(1.0);
    let heard = pull(&mut deck, 24_000);
    assert!((deck.standing().position - 2.0).abs() < 0.05, "{}", deck.standing().position);
    assert!(steepest(&heard) < 0.08);
}

#[test]
fn what_repeats_begins_again_without_a_gap() {
    let samples = counted(1_000);
    let mut deck = playing(vec![slot(&whole(RATE, &samples), 0.0)]);
    deck.set_repeat(true);
    assert_eq!(pull(&mut deck, 3_000), [samples.clone(), samples.clone(), samples].concat());
    let mut deck = playing(vec![slot(&whole(RATE, &[]), 0.0)]);
    deck.set_repeat(true);
    pull(&mut deck, 10);
    assert_eq!(deck.standing().phase, SoundPhase::Ended, "nothing is not repeated for ever");
}

#[test]
fn a_sound_that_cannot_be_read_is_passed_over() {
    let samples = counted(100);
    let mut deck = playing(vec![slot(&whole(RATE, &[]), 0.0), slot(&whole(RATE, &samples), 0.0)]);
    deck.put_sound(0, Sound::Broken);
    assert_eq!(pull(&mut deck, 100), samples);
    deck.play(vec![slot(&whole(RATE, &samples), 0.0)], 0, 0.0);
    deck.put_sound(0, Sound::Broken);
    assert_eq!(deck.standing().phase, SoundPhase::Ended, "without a device, too");
}

#[test]
fn a_place_survives_the_loss_of_the_device() {
    let mut deck = playing(vec![slot(&whole(RATE, &counted(48_000)), 0.0)]);
    pull(&mut deck, 4_800);
    deck.plug(false);
    let standing = deck.standing();
    assert_eq!(standing.phase, SoundPhase::Waiting);
    deck.plug(true);
    let heard = pull(&mut deck, 480);
    assert_eq!(heard[240..], counted(48_000)[5_040..5_280], "it fades in, where it was");
}

#[test]
fn more_than_two_sides_are_heard_together() {
    let clip = Clip::new(RATE, 4);
    clip.push(&[0.1, 0.2, 0.3, 0.4]);
    clip.finish();
    let mut deck = playing(vec![slot(&clip, 0.0)]);
    assert!((pull(&mut deck, 1)[0] - 0.25).abs() < 1e-6);
}
