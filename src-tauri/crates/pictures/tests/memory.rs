//! What a bomb may cost: less than its own small file unpacks to, and no time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::System;
use std::time::{Duration, Instant};

use limerick_pictures::{look, read_settings, thumbnail};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

/// Counts what is taken from the heap.
#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BOMB: &[u8] = include_bytes!("../../../../tests/pictures/bomb.30000x30000.png");
const CLAIMS: &[u8] = include_bytes!("../../../../tests/pictures/claims.65535x65535.png");

#[test]
fn a_bomb_costs_no_memory_and_no_time() {
    for bomb in [BOMB, CLAIMS] {
        let (heap, began) = (Region::new(HEAP), Instant::now());
        look(bomb).unwrap();
        assert!(read_settings(bomb).is_none());
        let words = thumbnail(bomb).unwrap_err().message;
        assert!(words.contains("larger than Limerick opens"), "{words}");
        // All that was ever taken; at one moment it is less.
        let taken = heap.change().bytes_allocated;
        assert!(taken < 2_000_000, "{taken} bytes");
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
}
