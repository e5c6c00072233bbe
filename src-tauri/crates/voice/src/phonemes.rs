//! English words into the phonemes of Kokoro (those of misaki): a list of words, endings, parts, then the letters.
//! Takes text that `spoken` has already made words of; says what it had to leave out.

use std::collections::BTreeSet;

use limerick_tasks::Result;

use crate::endings::{undoubled, with_ed, with_s};
use crate::script::{Script, fold, script};
use crate::tokens::{Token, is_shouted, join, tokens, used};
use crate::words::{Land, Use, Words, as_british, is_vowel};

/// Words that no list has, and that an app about AI models meets every day.
const NAMES: &[(&str, &str)] = &[
    ("claude", "klˈɔd"),
    ("genai", "ʤˈɛn ˌAˈI"),
    ("gguf", "ʤˌiʤˌiˌuˈɛf"),
    ("github", "ɡˈɪthˌʌb"),
    ("javascript", "ʤˈɑvəskɹˌɪpt"),
    ("json", "ʤˈAsˌɑn"),
    ("kokoro", "kOkˈɔɹO"),
    ("kubernetes", "kˌubəɹnˈɛTiz"),
    ("linux", "lˈɪnəks"),
    ("llama", "lˈɑmə"),
    ("mistral", "mɪstɹˈɑl"),
    ("numpy", "nˈʌmpˌI"),
    ("ollama", "Olˈɑmə"),
    ("openai", "ˈOpᵊnˌAˈI"),
    ("qwen", "kwˈɛn"),
    ("tauri", "tˈWɹi"),
    ("wifi", "wˈIfˌI"),
    ("résumé", "ɹˈɛzəmˌA"),
    ("xiaoyu", "ʃˌWjˈu"),
];

/// Short words that people write in capitals for emphasis; other short capitals are initials.
const STRESSED: &[&str] = &[
    "ALL", "AND", "ANY", "ARE", "AS", "AT", "BE", "BIG", "BUT", "BY", "CAN", "DID", "DO", "FOR", "GET", "GO",
    "HAD", "HAS", "HER", "HIM", "HIS", "HOW", "IF", "IN", "IS", "ME", "MY", "NEW", "NO", "NOR", "NOT", "NOW",
    "OF", "OFF", "ON", "ONE", "OR", "OUR", "OUT", "SEE", "SHE", "SO", "THE", "TO", "TOO", "TOP", "TRY",
    "TWO", "UP", "USE", "WAS", "WAY", "WE", "WHO", "WHY", "YES", "YET", "YOU",
];

/// The phonemes of one piece of text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sounds {
    /// Phonemes, one space between words, punctuation where it was.
    pub(crate) phonemes: String,
    /// Scripts of the words that were left out.
    pub(crate) left_out: BTreeSet<Script>,
}

/// Makes phonemes of English.
pub(crate) struct English {
    words: Words,
}

impl English {
    pub(crate) fn load() -> Result<Self> {
        Ok(Self { words: Words::unpack()? })
    }

    /// The phonemes of a text without digits.
    pub(crate) fn sounds(&self, text: &str, land: Land) -> Sounds {
        let tokens = tokens(text);
        let shouted = is_shouted(&tokens);
        let mut said = Sounds::default();
        let mut sounds: Vec<String> = Vec::with_capacity(tokens.len());
        let mut next_begins = None;
        for at in (0..tokens.len()).rev() {
            let token = &tokens[at];
            let sound = if token.is_word {
                self.in_context(&tokens, at, next_begins, land, shouted, &mut said.left_out)
            } else {
                token.text.to_owned()
            };
            next_begins = if token.is_word { sound.chars().next().or(next_begins) } else { None };
            sounds.push(sound);
        }
        sounds.reverse();
        said.phonemes = join(&tokens, &sounds);
        said
    }

    /// A word where it stands; `next` is how the word after it begins.
    fn in_context(
        &self,
        tokens: &[Token<'_>],
        at: usize,
        next: Option<char>,
        land: Land,
        shouted: bool,
        left_out: &mut BTreeSet<Script>,
    ) -> String {
        let text = tokens[at].text;
        let strange = text.chars().map(script).find(|script| !matches!(script, Script::Latin | Script::None));
        if let Some(strange) = strange {
            left_out.insert(strange);
            return String::new();
        }
        if let Some(weak) = weak(text, next) {
            return weak.to_owned();
        }
        let used = used(tokens, at);
        let shouted = shouted || STRESSED.contains(&text);
        if shouted { self.word(&text.to_lowercase(), land, used) } else { self.word(text, land, used) }
    }

    /// A word by itself.
    fn word(&self, word: &str, land: Land, used: Use) -> String {
        let word = word.replace(['’', '‘'], "'");
        if let Some(sound) = self.listed(&word, land, used) {
            return sound;
        }
        let plain = fold(&word);
        if plain != word
            && let Some(sound) = self.listed(&plain, land, used)
        {
            return sound;
        }
        let parts: Vec<&str> =
            plain.split(['-', '_', '\'', '.', '/']).filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [] => String::new(),
            [part] if part == plain => self.part(part, land),
            _ => {
                let sounds = parts.iter().map(|part| self.word(part, land, Use::Any));
                sounds.filter(|sound| !sound.is_empty()).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// A word that the lists have, or that ends as English words end.
    fn listed(&self, word: &str, land: Land, used: Use) -> Option<String> {
        self.in_lists(word, land, used).or_else(|| self.with_ending(word, land, used))
    }

    fn in_lists(&self, word: &str, land: Land, used: Use) -> Option<String> {
        let low = word.to_lowercase();
        if let Some((_, sound)) = NAMES.iter().find(|(name, _)| *name == low) {
            let sound = (*sound).to_owned();
            return Some(if land == Land::British { as_british(&sound) } else { sound });
        }
        let exact = self.words.sound(word, land, used).filter(|sound| !sound.is_empty());
        // Three capitals are an initialism, unless the list has them as such.
        if exact.is_some() || (is_capitals(word) && low.chars().count() < 4) {
            return exact;
        }
        let other =
            self.words.sound(&low, land, used).or_else(|| self.words.sound(&capitalised(&low), land, used));
        other.filter(|sound| !sound.is_empty())
    }

    /// Plurals, possessives, pasts and `-ing` of words in the lists.
    fn with_ending(&self, word: &str, land: Land, used: Use) -> Option<String> {
        let stem = |stem: &str| self.in_lists(stem, land, used).or_else(|| spelled_stem(self, stem, land));
        let verb = |stem: &str| self.in_lists(stem, land, Use::Verb);
        if let Some(owner) = word.strip_suffix("'s") {
            return self.listed(owner, land, used).or_else(|| stem(owner)).map(|sound| with_s(&sound, land));
        }
        if let Some(owners) = word.strip_suffix('\'') {
            return self.listed(owners, land, used);
        }
        if let Some(short) = word.strip_suffix('s').filter(|short| !short.ends_with('s') && short.len() > 1) {
            let y = word.strip_suffix("ies").map(|short| format!("{short}y"));
            let found = stem(short)
                .or_else(|| y.and_then(|y| stem(&y)))
                .or_else(|| short.strip_suffix('e').and_then(&stem));
            if let Some(sound) = found {
                return Some(with_s(&sound, land));
            }
        }
        if let Some(short) = word.strip_suffix("ed").filter(|short| short.len() > 2) {
            let found = verb(&format!("{short}e"))
                .or_else(|| verb(short))
                .or_else(|| undoubled(short).and_then(verb));
            return found.map(|sound| with_ed(&sound, land));
        }
        let short = word.strip_suffix("ing").filter(|short| short.len() > 2)?;
        let found =
            verb(&format!("{short}e")).or_else(|| verb(short)).or_else(|| undoubled(short).and_then(verb));
        found.map(|sound| format!("{sound}ɪŋ"))
    }

    /// A word of letters alone that no list has: its halves, its capitals, else its letters.
    fn part(&self, word: &str, land: Land) -> String {
        if let Some((first, rest)) = at_hump(word) {
            let both = [self.word(first, land, Use::Any), self.word(rest, land, Use::Any)];
            return both.join(" ").trim().to_owned();
        }
        let low = word.to_lowercase();
        let letters = low.chars().count();
        let sayable = low.chars().any(|letter| "aeiouy".contains(letter));
        if letters == 1 || (is_capitals(word) && letters < 6) || (!sayable && letters < 9) {
            return self.spelled(&low, land);
        }
        if let Some(sound) = self.compound(&low, land) {
            return sound;
        }
        self.words.guess(&low, land)
    }

    /// A word made of two that the lists have; words longer than any of these are none.
    fn compound(&self, word: &str, land: Land) -> Option<String> {
        if word.len() > 40 {
            return None;
        }
        let splits = word.char_indices().map(|(at, _)| at).filter(|at| *at >= 3 && word.len() - at >= 3);
        let whole = |part: &str| self.words.sound(part, land, Use::Any).filter(|sound| sound.contains('ˈ'));
        for at in splits.collect::<Vec<_>>().into_iter().rev() {
            if let (Some(first), Some(second)) = (whole(&word[..at]), whole(&word[at..])) {
                return Some(first + &second.replace('ˈ', "ˌ"));
            }
        }
        None
    }

    /// The letters' names, the last one stressed.
    pub(crate) fn spelled(&self, letters: &str, land: Land) -> String {
        // The list has a capital only where it sounds unlike the small letter.
        let known =
            |letter: String| self.words.sound(&letter, land, Use::Any).filter(|name| !name.is_empty());
        let name = |letter: char| {
            known(letter.to_uppercase().to_string()).or_else(|| known(letter.to_lowercase().to_string()))
        };
        let named: Vec<String> = fold(letters).chars().filter_map(name).collect();
        let names = named.join("").replace('ˈ', "ˌ");
        match names.rfind('ˌ') {
            Some(last) => format!("{}ˈ{}", &names[..last], &names[last + 'ˌ'.len_utf8()..]),
            None => names,
        }
    }
}

/// `PDF` of `PDFs`, which no list has.
fn spelled_stem(english: &English, stem: &str, land: Land) -> Option<String> {
    let letters = stem.chars().count();
    (is_capitals(stem) && (2..6).contains(&letters)).then(|| english.spelled(&stem.to_lowercase(), land))
}

/// Small words whose sound depends on how the next word begins.
fn weak(word: &str, next: Option<char>) -> Option<&'static str> {
    let vowel = next.is_some_and(is_vowel);
    match word {
        "the" | "The" | "THE" if vowel => Some("ði"),
        "the" | "The" | "THE" => Some("ðə"),
        "a" => Some("ɐ"),
        "A" if next.is_some() => Some("ɐ"),
        "an" | "An" => Some("ɐn"),
        "to" | "To" if vowel => Some("tʊ"),
        "to" | "To" if next.is_some() => Some("tə"),
        "I" => Some("ˌI"),
        "in" | "In" if next.is_some() => Some("ɪn"),
        "am" if next.is_some() => Some("ɐm"),
        _ => None,
    }
}

fn is_capitals(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

fn capitalised(low: &str) -> String {
    let mut letters = low.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Where a word goes on with a capital: `Py|Torch`, `Chat|GPT`, `GP|Us` not.
fn at_hump(word: &str) -> Option<(&str, &str)> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let hump = letters.windows(2).find(|pair| pair[0].1.is_lowercase() && pair[1].1.is_uppercase());
    hump.map(|pair| word.split_at(pair[1].0))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    /// Pairs: as written, as an American voice says it.
    const AMERICAN: &[(&str, &str)] = &[
        ("The quick brown fox.", "ðə kwˈɪk bɹˈWn fˈɑks."),
        ("the apple, the car", "ði ˈæpᵊl, ðə kˈɑɹ"),
        ("to Oslo, to go", "tʊ ˈɑzlˌO, tə ɡˌO"),
        ("He said “hello” — and left… or didn't he?", "hi sˈɛd “həlˈO” — ænd lˈɛft… ɔɹ dˈɪdᵊnt hi?"),
        ("I use the use.", "ˌI jˈuz ðə jˈus."),
        ("They refuse to throw out the refuse.", "ðA ɹəfjˈuz tə θɹˈO ˈWt ðə ɹˈɛfjˌus."),
        ("She had read it. Read it!", "ʃi hæd ɹˈɛd ɪt. ɹˈid ɪt!"),
        ("NASA and ESA", "nˈæsə ænd ˌiˌɛsˈA"),
        ("US GPUs and PDFs", "jˌuˈɛs ʤˌipˌijˈuz ænd pˌidˌiˈɛfs"),
        ("It is NOT here.", "ɪt ɪz nˌɑt hˈɪɹ."),
        ("THE CAT IS HERE", "ðə kˈæt ɪz hˈɪɹ"),
        ("PyTorch and ChatGPT", "pˈI tˈɔɹʧ ænd ʧˈæt ʤˌipˌitˈi"),
        ("Kokoro, Qwen, Xiaoyu", "kOkˈɔɹO, kwˈɛn, ʃˌWjˈu"),
        ("the cats’ toys stopped working", "ðə kˈæts tˈYz stˈɑpt wˈɜɹkɪŋ"),
        ("well-known", "wˈɛl nˈOn"),
        ("naïve café", "nɑˈiv kæfˈA"),
        ("snorgle wugs", "snˈɔɹɡᵊl wˈʌɡz"),
        ("a cow, A cow", "ɐ kˈW, ɐ kˈW"),
        ("...", "..."),
    ];

    #[test]
    fn words_sound_as_they_do_in_their_sentence() {
        let english = English::load().unwrap();
        let mut wrong = Vec::new();
        for (written, said) in AMERICAN {
            let heard = english.sounds(written, Land::American).phonemes;
            if heard != *said {
                wrong.push(format!("{written:?}: {heard:?} instead of {said:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_british_voice_speaks_british() {
        let english = English::load().unwrap();
        let heard = english.sounds("Ask for the car, or snorgle a bath.", Land::British).phonemes;
        assert_eq!(heard, "ˈɑːsk fɔː ðə kˈɑː, ɔː snˈɔːɡᵊl ɐ bˈɑːθ.");
    }

    #[test]
    fn words_in_other_scripts_are_left_out_and_told() {
        let english = English::load().unwrap();
        let said = english.sounds("你好 world, مرحبا!", Land::American);
        assert_eq!(said.phonemes, "wˈɜɹld,!");
        assert_eq!(said.left_out, BTreeSet::from([Script::Chinese, Script::Arabic]));
    }
}
