//! The words that the English voices know, and how letters sound in words that they do not know.
//! `words/make.py` says where the tables come from.

use std::io::Read;

use flate2::read::GzDecoder;
use limerick_tasks::{Error, Result};

static PACKED: &[u8] = include_bytes!("../words/english.gz");

/// The context of a letter in the table: the letter, then its neighbours in this order.
const CONTEXT: [isize; 7] = [1, -1, 2, -2, 3, -3, 4];

/// Which English a voice speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Land {
    American,
    British,
}

/// What a word is in its sentence, as far as its sound depends on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Any,
    Noun,
    Verb,
    /// `read` as in "have read".
    Past,
}

/// Both tables, unpacked: about 8 MB.
pub(crate) struct Words {
    text: String,
    /// Where each line begins.
    lines: Vec<usize>,
    /// The number of lines that are words; an empty line follows, then the rules.
    known: usize,
}

impl Words {
    /// # Errors
    /// `Internal` where the table in the program is damaged.
    pub(crate) fn unpack() -> Result<Self> {
        let mut text = String::new();
        GzDecoder::new(PACKED)
            .read_to_string(&mut text)
            .map_err(|cause| Error::internal("read its list of words", cause))?;
        let mut lines = vec![0];
        lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        lines.pop();
        let mut known = lines.len();
        for (at, start) in lines.iter().enumerate() {
            if text[*start..].starts_with('\n') {
                known = at;
                break;
            }
        }
        Ok(Self { text, lines, known })
    }

    /// The sound of a word exactly as it is written here.
    pub(crate) fn sound(&self, word: &str, land: Land, used: Use) -> Option<String> {
        let mut columns = self.find(word, 0..self.known)?.split('\t');
        let american = columns.next().unwrap_or_default();
        let british = columns.next().unwrap_or_default();
        match land {
            Land::American if american.is_empty() => Some(as_american(choose(british, used))),
            Land::American => Some(choose(american, used).to_owned()),
            Land::British if british.is_empty() => Some(as_british(choose(american, used))),
            Land::British if british == "=" => Some(choose(american, used).to_owned()),
            Land::British => Some(choose(british, used).to_owned()),
        }
    }

    /// How a word in small Latin letters probably sounds.
    pub(crate) fn guess(&self, word: &str, land: Land) -> String {
        let letters: Vec<char> = word.chars().collect();
        let mut said: Vec<&str> = (0..letters.len()).map(|at| self.letter(&letters, at, false)).collect();
        if !said.iter().any(|sound| sound.contains('ˈ'))
            && let Some(at) = said.iter().position(|sound| sound.contains(is_vowel))
        {
            said[at] =
                Some(self.letter(&letters, at, true)).filter(|sound| !sound.is_empty()).unwrap_or(said[at]);
        }
        let said = one_stress(&said.concat());
        match land {
            Land::American => said,
            Land::British => as_british(&said),
        }
    }

    /// What the letter at `at` sounds like; the longest context that the table knows decides.
    fn letter(&self, letters: &[char], at: usize, stressed: bool) -> &str {
        let mut key = String::from(if stressed { "*" } else { "" });
        let mut said = "";
        let neighbours =
            CONTEXT.iter().map(|step| at.checked_add_signed(*step).and_then(|at| letters.get(at)));
        for letter in [letters.get(at)].into_iter().chain(neighbours) {
            key.push(letter.copied().unwrap_or('.'));
            said = self.find(&key, self.known + 1..self.lines.len()).unwrap_or(said);
        }
        said
    }

    /// What follows the first tab of the line that begins with `key`.
    fn find(&self, key: &str, lines: std::ops::Range<usize>) -> Option<&str> {
        let lines = self.lines.get(lines)?;
        let of = |start: usize| {
            let line = self.text[start..].split('\n').next().unwrap_or_default();
            line.split_once('\t').unwrap_or((line, ""))
        };
        let at = lines.binary_search_by(|start| of(*start).0.cmp(key)).ok()?;
        Some(of(lines[at]).1)
    }
}

/// The sound for this use: `default;N:noun;V:verb`.
fn choose(column: &str, used: Use) -> &str {
    let mut sounds = column.split(';');
    let default = sounds.next().unwrap_or_default();
    let mark = match used {
        Use::Any => return default,
        Use::Noun => "N:",
        Use::Verb => "V:",
        Use::Past => "P:",
    };
    sounds.find_map(|sound| sound.strip_prefix(mark)).unwrap_or(default)
}

/// A guess has as many main stresses as its letters brought: the first one stays.
fn one_stress(said: &str) -> String {
    match said.find('ˈ') {
        Some(first) => {
            let (before, after) = said.split_at(first + 'ˈ'.len_utf8());
            before.to_owned() + &after.replace('ˈ', "")
        }
        None => said.to_owned(),
    }
}

/// American phonemes as a British voice would say them: no `ɹ` before a consonant or at the end, long vowels.
pub(crate) fn as_british(american: &str) -> String {
    let phonemes: Vec<char> = american.chars().collect();
    let mut out = String::with_capacity(american.len() + 4);
    for (at, phoneme) in phonemes.iter().enumerate() {
        let next = phonemes.get(at + 1).copied();
        let silent_next = next == Some('ɹ') && !phonemes.get(at + 2).is_some_and(|after| is_vowel(*after));
        match phoneme {
            'ɹ' if at > 0 && is_vowel(phonemes[at - 1]) && !next.is_some_and(is_vowel) => {}
            'O' => out.push('Q'),
            'T' => out.push('t'),
            'æ' => out.push('a'),
            'ɑ' if silent_next => out.push_str("ɑː"),
            'ɑ' => out.push('ɒ'),
            'i' if at == 0 || !"ˈˌ".contains(phonemes[at - 1]) => out.push('i'),
            'i' | 'u' | 'ɔ' | 'ɜ' => {
                out.push(*phoneme);
                out.push('ː');
            }
            'ɛ' if silent_next => out.push_str("ɛː"),
            'ɪ' | 'ʊ' if silent_next => {
                out.push(*phoneme);
                out.push('ə');
            }
            other => out.push(*other),
        }
    }
    out
}

/// British phonemes for an American voice, for the few words that only the British list has.
fn as_american(british: &str) -> String {
    let changed = british.chars().filter(|phoneme| *phoneme != 'ː').map(|phoneme| match phoneme {
        'Q' => 'O',
        'ɒ' => 'ɑ',
        'a' => 'æ',
        other => other,
    });
    changed.collect()
}

/// Whether a phoneme, or the stress mark before one, begins a vowel.
pub(crate) fn is_vowel(phoneme: char) -> bool {
    "ˈˌAIOQWYaiuæɑɒɔəɐɛɜɪʊʌᵊᵻ".contains(phoneme)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn known_words_sound_as_their_land_and_their_use_have_it() {
        let words = Words::unpack().unwrap();
        let us = |word, used| words.sound(word, Land::American, used).unwrap();
        assert_eq!(us("hello", Use::Any), "həlˈO");
        assert_eq!(us("use", Use::Verb), "jˈuz");
        assert_eq!(us("use", Use::Noun), "jˈus");
        assert_eq!(us("read", Use::Past), "ɹˈɛd");
        assert_eq!(words.sound("car", Land::British, Use::Any).unwrap(), "kˈɑː");
        assert_eq!(words.sound("qzxwv", Land::American, Use::Any), None);
    }

    #[test]
    fn every_line_of_both_tables_is_found_again() {
        let words = Words::unpack().unwrap();
        assert!(words.known > 150_000 && words.lines.len() - words.known > 9_000);
        for (at, start) in words.lines.iter().enumerate().filter(|(at, _)| at % 37 == 0 && *at != words.known)
        {
            let key = words.text[*start..].split(['\t', '\n']).next().unwrap();
            let half = if at < words.known { 0..words.known } else { words.known + 1..words.lines.len() };
            assert!(words.find(key, half).is_some(), "{key}");
        }
    }

    #[test]
    fn unknown_words_are_guessed_from_their_letters() {
        let words = Words::unpack().unwrap();
        for (word, sound) in [("blorp", "blˈɔɹp"), ("snib", "snˈɪb"), ("frade", "fɹˈAd"), ("tish", "tˈɪʃ")]
        {
            assert_eq!(words.guess(word, Land::American), sound, "{word}");
        }
        assert_eq!(words.guess("blorp", Land::British), "blˈɔːp");
        assert!(words.guess("ǿ", Land::American).is_empty());
    }
}
