//! What the shape of a sound may cost: a small part of the sound, however long that is and whatever its head claims.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::System;

use limerick_sound::{Sound, look, peaks, to_flac, to_wav};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

/// Counts what is taken from the heap.
#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn a_long_sound_is_never_held_whole() {
    let samples: Vec<f32> = (0..8_000_u16).map(|at| f32::from(at % 100) / 100.0).collect();
    let long = Sound { sample_rate: 8_000, channels: 1, samples: samples.repeat(600), whole: true };
    let wav = to_wav(&long);
    let heap = Region::new(HEAP);
    assert_eq!(peaks(&wav, 1000).unwrap().low.len(), 1000);
    assert!((look(&wav).unwrap().seconds - 600.0).abs() < 0.001);
    // All that was ever taken; at one moment it is less.
    let taken = heap.change().bytes_allocated;
    assert!(taken < 4_000_000, "{taken} bytes for {} samples", long.samples.len());
    // A head that claims a month.
    let mut flac = to_flac(&Sound { samples, ..long }).unwrap();
    flac[21] |= 0x0f;
    flac[22..26].fill(0xff);
    let heap = Region::new(HEAP);
    let facts = look(&flac).unwrap();
    assert!(!facts.whole && (facts.seconds - 1.0).abs() < 0.001);
    assert!(peaks(&flac, 1000).unwrap().seconds < 1.1);
    let taken = heap.change().bytes_allocated;
    assert!(taken < 4_000_000, "{taken} bytes");
}
