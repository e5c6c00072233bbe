//! Cuts a text into the pieces of words that BERT's models read: their numbers in `vocab.txt`.
//! The rules are those of the uncased BERT tokenizer, as the `tokenizers` library has them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
use limerick_tasks::{Error, ErrorCode, Result};

/// Letters of one word at most; a longer one is unknown.
const LONGEST: usize = 100;

/// The pieces that a model knows.
pub struct WordPiece {
    pieces: HashMap<Box<str>, i64>,
    start: i64,
    end: i64,
    unknown: i64,
}

impl WordPiece {
    /// Reads a `vocab.txt`: one piece a line, its number is that of the line, from 0.
    ///
    /// # Errors
    /// `Model` where it cannot be read or is none.
    pub fn read(file: &Path) -> Result<Self> {
        let refused = |cause: String| {
            let message =
                "The list of words of the text model cannot be used; fetch the model again in Settings.";
            Error::new(ErrorCode::Model, message).with_detail(cause)
        };
        let text = fs::read_to_string(file).map_err(|cause| refused(cause.to_string()))?;
        let pieces: HashMap<Box<str>, i64> = text.lines().map(Box::from).zip(0..).collect();
        let mark = |name: &str| pieces.get(name).copied().ok_or_else(|| refused(format!("no {name}")));
        let (start, end, unknown) = (mark("[CLS]")?, mark("[SEP]")?, mark("[UNK]")?);
        Ok(Self { pieces, start, end, unknown })
    }

    /// The numbers of a text between the marks of start and end, `most` in all at most: the rest is left out.
    /// Marks that stand in the text are text.
    pub fn numbers(&self, text: &str, most: usize) -> Vec<i64> {
        let room = most.saturating_sub(1);
        let mut numbers = vec![self.start];
        for word in Words::of(text) {
            if numbers.len() >= room {
                break;
            }
            self.pieces_of(&word, &mut numbers);
        }
        numbers.truncate(room);
        numbers.push(self.end);
        numbers
    }

    /// The longest piece that is known, and so on to the word's end; all or nothing.
    fn pieces_of(&self, word: &str, numbers: &mut Vec<i64>) {
        let before = numbers.len();
        let mut rest = word;
        let mut piece = String::new();
        let fits = word.chars().count() <= LONGEST;
        while fits && !rest.is_empty() {
            let mark = if rest.len() == word.len() { "" } else { "##" };
            let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8()).rev();
            let longest = ends.into_iter().find_map(|end| {
                piece.clear();
                piece.push_str(mark);
                piece.push_str(&rest[..end]);
                self.pieces.get(piece.as_str()).map(|number| (end, *number))
            });
            let Some((end, number)) = longest else { break };
            numbers.push(number);
            rest = &rest[end..];
        }
        if !fits || !rest.is_empty() {
            numbers.truncate(before);
            numbers.push(self.unknown);
        }
    }
}

/// A text's words and signs, in small letters and without accents.
struct Words<I: Iterator<Item = char>> {
    letters: std::iter::Peekable<I>,
}

impl Words<std::iter::Empty<char>> {
    fn of(text: &str) -> Words<impl Iterator<Item = char>> {
        let kept = text.chars().filter(|letter| !is_dropped(*letter)).flat_map(spaced);
        let plain = DecomposingNormalizerBorrowed::new_nfd().normalize_iter(kept);
        let plain = plain.filter(|letter| kind(*letter) != GeneralCategory::NonspacingMark);
        Words { letters: plain.flat_map(char::to_lowercase).peekable() }
    }
}

impl<I: Iterator<Item = char>> Iterator for Words<I> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        while self.letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        let first = self.letters.next()?;
        let mut word = String::from(first);
        if is_sign(first) {
            return Some(word);
        }
        while let Some(letter) = self.letters.next_if(|letter| !letter.is_whitespace() && !is_sign(*letter)) {
            word.push(letter);
        }
        Some(word)
    }
}

fn kind(letter: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(letter)
}

/// What no word is made of: controls, formats, and the sign of a letter that was lost.
fn is_dropped(letter: char) -> bool {
    let unseen = [
        GeneralCategory::Control,
        GeneralCategory::Format,
        GeneralCategory::PrivateUse,
        GeneralCategory::Surrogate,
    ];
    !"\t\n\r".contains(letter) && (letter == '\u{fffd}' || unseen.contains(&kind(letter)))
}

/// A Chinese letter is a word; every kind of space is one.
fn spaced(letter: char) -> impl Iterator<Item = char> {
    let three = if letter.is_whitespace() {
        [Some(' '), None, None]
    } else if is_chinese(letter) {
        [Some(' '), Some(letter), Some(' ')]
    } else {
        [Some(letter), None, None]
    };
    three.into_iter().flatten()
}

/// As BERT has it, with its gap.
fn is_chinese(letter: char) -> bool {
    matches!(letter,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}'
        | '\u{2f800}'..='\u{2fa1f}')
}

/// A sign stands for itself.
fn is_sign(letter: char) -> bool {
    letter.is_ascii_punctuation() || GeneralCategoryGroup::Punctuation.contains(kind(letter))
}
