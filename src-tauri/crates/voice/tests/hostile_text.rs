//! Any text at all is cut and numbered without a panic, without loss and in little time.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::{Duration, Instant};

use limerick_voice::takes;

#[test]
fn takes_of_any_text_lose_nothing() {
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..2_000 {
        let length = random.usize(0..200);
        let text: String = (0..length).map(|_| letter(&mut random)).collect();
        let plain = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
        assert_eq!(plain(&takes(&text, random.f64() * 20.0).concat()), plain(&text));
    }
}

#[test]
fn a_hundred_kilobytes_are_cut_in_a_moment() {
    for line in ["word and word. ", "a", ". ", "\n", "(", "3.14 ", "你好。", "A.B. "] {
        let text = line.repeat(100_000 / line.len());
        let started = Instant::now();
        assert!(!takes(&text, 13.0).is_empty() || text.trim().is_empty());
        assert!(started.elapsed() < Duration::from_secs(20), "{line:?} {:?}", started.elapsed());
    }
}

fn letter(random: &mut fastrand::Rng) -> char {
    let common =
        ['.', ',', '!', ' ', ' ', '\n', '"', ')', '1', 'a', 'B', '。', '…', '-', '\u{301}', '\u{200d}'];
    match random.u8(0..4) {
        0 => random.char('\0'..'\u{10ffff}'),
        1 => random.char(' '..'~'),
        2 => random.char('\u{a0}'..'\u{2fff}'),
        _ => random.choice(common).unwrap(),
    }
}
