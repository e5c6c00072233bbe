//! Random changes to good input, for as long as the checks may take: whatever comes out must neither fall nor
//! hang. The checks try the same changes each time; `LIMERICK_FUZZ_SECONDS` is a search: it lasts so long, and its
//! changes are new ones. Also part of the inference crate's own tests.

#![expect(clippy::print_stdout, reason = "a test tells how far it came")]

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

/// No input may keep a reader busy for longer: anything that grows faster than its input does.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pieces that parsers have stumbled over before.
const ODD: &[&[u8]] = &[
    b"\0",
    b"\xff\xfe",
    b"\xf0\x9f",
    b"\r",
    b"\n\n",
    b"data:",
    b"event: error\n",
    b"null",
    b"[]",
    b"{}",
    b"\"\"",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"0.1",
    b"true",
    b"\\u0000",
    b"\\ud800",
    b"../",
    b"data:image/png;base64,",
    b"{{",
    b"}}",
    b"{%",
    b"%}",
    b"[[[[[[[[",
    b"{\"a\":{\"a\":",
    b"\xef\xbb\xbf",
    b"RIFF\xff\xff\xff\xff",
];

/// How long one target is tried, and with which dice.
fn effort() -> (Duration, fastrand::Rng) {
    match env::var("LIMERICK_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()) {
        Some(asked) => (Duration::from_secs(asked), fastrand::Rng::new()),
        None => (Duration::from_secs(2), fastrand::Rng::with_seed(7)),
    }
}

/// Feeds `target` with changed copies of `seeds`; the first input that makes it fall is shown.
pub(crate) fn fuzz(name: &str, seeds: &[&[u8]], target: impl Fn(&[u8])) {
    let (time, mut rng) = effort();
    let (began, mut tries) = (Instant::now(), 0_u64);
    while began.elapsed() < time {
        let input = changed(&mut rng, seeds);
        let fell = |at: Instant| {
            let fell = catch_unwind(AssertUnwindSafe(|| target(&input))).is_err();
            fell || at.elapsed() > PATIENCE
        };
        // On a busy machine anything may be slow once.
        let twice = fell(Instant::now()) && fell(Instant::now());
        assert!(!twice, "{name}: fell or hung on b\"{}\"", input.escape_ascii());
        tries += 1;
    }
    println!("{name}: {tries} inputs in {:?}", began.elapsed());
}

/// What a person is told: something, shorter than `most` bytes, on one line.
pub(crate) fn is_a_sentence(message: &str, most: usize) {
    assert!(!message.trim().is_empty() && message.len() < most, "{message:?}");
    assert!(!message.contains(['\n', '\r', '\0', '\u{1b}']), "{message:?}");
}

fn changed(rng: &mut fastrand::Rng, seeds: &[&[u8]]) -> Vec<u8> {
    let mut input = seeds[rng.usize(..seeds.len())].to_vec();
    for _ in 0..rng.usize(..6) {
        change(rng, &mut input, seeds);
    }
    input.truncate(1 << 16);
    input
}

fn change(rng: &mut fastrand::Rng, input: &mut Vec<u8>, seeds: &[&[u8]]) {
    let at = rng.usize(..=input.len());
    let end = (at + rng.usize(..=40)).min(input.len());
    match rng.u8(..7) {
        0 => drop(input.drain(at..end)),
        1 => drop(input.splice(at..at, ODD[rng.usize(..ODD.len())].iter().copied())),
        2 => drop(input.splice(at..end, ODD[rng.usize(..ODD.len())].iter().copied())),
        3 => {
            let again = input[at..end].repeat(rng.usize(1..8));
            input.splice(at..at, again);
        }
        4 => {
            let other = seeds[rng.usize(..seeds.len())];
            let from = rng.usize(..=other.len());
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        5 => input.truncate(at),
        _ if at < input.len() => input[at] = rng.u8(..),
        _ => {}
    }
}
