//! Files that were broken on purpose: whatever a stranger's CSV or JSONL holds, it is read or refused in a sentence.

use limerick_tasks::ErrorCode;

use super::lines::read;

/// What is mixed into the good files.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"{",
    b"}",
    b"[",
    b"\\u",
    b"\\",
    b"\xf0\x9f\x98\x80",
    b"\xd8\x00",
    b"null",
    b"1e999",
    b"=",
    b"{\"a\":",
    b"PK\x03\x04",
];
const GOOD: &[&[u8]] = &[
    b"id,text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,d\r\n",
    b"\xef\xbb\xbfa;b;c\n1;2;3\n\n4;5\n",
    b"{\"text\": \"a\\nb\", \"n\": 1.5}\n{\"n\": null, \"more\": {\"x\": [true]}}\n",
];

/// A generator of numbers that gives the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most.max(1)
    }

    fn broken(&mut self) -> Vec<u8> {
        let mut file = GOOD[self.below(GOOD.len())].to_vec();
        for _ in 0..=self.below(8) {
            let at = self.below(file.len() + 1);
            match self.below(4) {
                0 => file.truncate(at),
                1 if at < file.len() => file[at] ^= 1 << self.below(8),
                2 => drop(file.drain(at..(at + self.below(6)).min(file.len()))),
                _ => drop(file.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
            }
        }
        file
    }
}

#[test]
fn whatever_a_file_holds_it_is_read_or_refused_in_a_sentence() {
    let mut dice = Dice(7);
    for turn in 0..20_000 {
        let file = dice.broken();
        let mut widest = 0;
        let done = read(&*file, &mut |row| {
            widest = row.len().max(widest);
            Ok(())
        });
        match done {
            Ok(columns) => {
                assert!(widest <= columns.len(), "{turn}: {}", file.escape_ascii());
                let mut names = columns.clone();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), columns.len(), "{turn}: {}", file.escape_ascii());
            }
            Err(error) => {
                assert_eq!(error.code, ErrorCode::Input);
                assert!(error.message.ends_with('.') && error.message.len() < 200, "{turn}: {error}");
            }
        }
    }
}
