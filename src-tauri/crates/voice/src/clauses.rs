//! What espeak-ng writes, as Piper's own phonemizer would have it: espeak-ng gives one line for every clause and drops
//! the punctuation, which Piper's voices have learnt to hear.

use crate::script::decomposed;

/// Marks that end a clause, and how Piper writes them. Dashes are what espeak-ng itself takes them for; Piper's
/// voices never met the full stops of Hindi and Chinese.
const MARKS: &[(&str, char)] = &[
    ("।。", ' '),
    (".．۔…", '.'),
    ("?？؟", '?'),
    ("!！", '!'),
    (",，、،", ','),
    (":：", ':'),
    (";；؛—–", ';'),
];
/// Signs that may stand between a mark and the white space behind it.
const CLOSING: &str = "\"'”’“»«›)]}」』）";

/// The marks behind the clauses of a sentence, in order; `None` for one that has none.
pub(crate) fn marks(text: &str) -> Vec<Option<char>> {
    let mut marks = Vec::new();
    // Whether anything that sounds stands behind the last mark.
    let mut open = false;
    let mut last = None;
    for letter in text.chars() {
        if let Some(mark) = mark(letter) {
            last = Some(mark);
        } else if letter.is_whitespace() {
            end(&mut marks, &mut open, last.take());
        } else if !CLOSING.contains(letter) {
            open |= letter.is_alphanumeric();
            last = None;
        }
        // Chinese and Japanese have no white space behind theirs.
        if !letter.is_ascii() && last.is_some() && !"…—–".contains(letter) {
            end(&mut marks, &mut open, last.take());
        }
    }
    end(&mut marks, &mut open, last);
    if open {
        marks.push(None);
    }
    marks
}

fn end(marks: &mut Vec<Option<char>>, open: &mut bool, last: Option<char>) {
    if *open && last.is_some() {
        marks.push(last);
        *open = false;
    }
}

fn mark(letter: char) -> Option<char> {
    MARKS.iter().find(|(signs, _)| signs.contains(letter)).map(|(_, mark)| *mark)
}

/// The lines of espeak-ng as one line of phonemes, each clause with its mark.
///
/// Where espeak-ng has seen other clauses than we do, as behind an abbreviation, those within the sentence get commas.
pub(crate) fn punctuated(lines: &str, marks: &[Option<char>]) -> String {
    let lines: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut out = String::with_capacity(lines.len() * 32);
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out.push_str(&without_flags(line));
        let mark = if lines.len() == marks.len() {
            marks[at]
        } else if at + 1 < lines.len() {
            Some(',')
        } else {
            marks.last().copied().flatten()
        };
        out.extend(mark);
    }
    decomposed(out.trim_end())
}

/// A line without `(en)` and `(de)` around words that espeak-ng takes from another language.
fn without_flags(line: &str) -> String {
    let mut inside = false;
    let kept = line.chars().filter(|letter| {
        let flag = inside || *letter == '(';
        inside = flag && *letter != ')';
        !flag
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts, what espeak-ng 1.51 wrote for them (`espeak-ng -q --ipa -b 1 -v … --stdin`), and what a voice is given:
    /// what Piper 1.8's own phonemizer gives, but for the comma behind `z.`, where that one ends the sentence.
    const RECORDED: &[(&str, &str, &str)] = &[
        ("Guten Morgen!", "ɡˈuːtən mˈɔɾɡən\n", "ɡˈuːtən mˈɔɾɡən!"),
        (
            "Er sagte: „Nein“, und ging — schnell (zu schnell) weg; wirklich?",
            "ɛɾ zˈɑːɡtə\nnˈaɪn\nʊnt ɡˈɪŋ\nʃnˈɛl tsuː ʃnˈɛl vˈɛk\nvˈɪɾklɪç\n",
            "ɛɾ zˈɑːɡtə: nˈaɪn, ʊnt ɡˈɪŋ; ʃnˈɛl tsuː ʃnˈɛl vˈɛk; vˈɪɾklɪc\u{327}?",
        ),
        (
            "Das ist z. B. gut - oder?",
            "das ɪst tsˈɛt\nbˈeː ɡˈuːt ˈoːdɜ\n",
            "das ɪst tsˈɛt, bˈeː ɡˈuːt ˈoːdɜ?",
        ),
        ("eins\nzwei", "aɪns tsvˈaɪ\n", "aɪns tsvˈaɪ"),
        (
            "Bonjour, comment allez-vous ? Très bien !",
            "bɔ̃ʒˈuʁ\nkɔmˌɑ̃ alˈevˈu\ntʁɛ bjˈɛ̃\n",
            "bɔ̃ʒˈuʁ, kɔmˌɑ̃ alˈevˈu? tʁɛ bjˈɛ̃!",
        ),
        (
            "Привет, мир! Это OK.",
            "prʲivʲˈet\nmʲˈir\nˈɛtʌ (en)ˌəʊkˈeɪ(ru)\n",
            "prʲivʲˈet, mʲˈir! ˈɛtʌ ˌəʊkˈeɪ.",
        ),
        ("مرحبا، كيف حالك؟", "mrħbˈaː\nkˈajfa ħˈaːlik\n", "mrħbˈaː, kˈajfa ħˈaːlik?"),
        ("नमस्ते दुनिया।", "nəmˈʌsteː dˈʊnɪjˌaː\n", "nəmˈʌsteː dˈʊnɪjˌaː"),
        ("Xin chào các bạn.", "sˈi1n tʃˈaː2w kˌaːɜc bˈaː6n\n", "sˈi1n tʃˈaː2w kˌaːɜc bˈaː6n."),
    ];

    #[test]
    fn the_lines_of_espeak_become_the_phonemes_that_piper_gives_its_voices() {
        for (text, lines, phonemes) in RECORDED {
            assert_eq!(punctuated(lines, &marks(text)), decomposed(phonemes), "{text}");
        }
    }

    #[test]
    fn marks_are_those_that_end_a_clause() {
        let of = |text| marks(text).iter().map(|mark| mark.unwrap_or('_')).collect::<String>();
        assert_eq!(of("3,50 € um 12:30 Uhr, ja?!"), ",!");
        assert_eq!(of("Na ja... (oder auch nicht.) Gut"), ".._");
        assert_eq!(of("你好，世界。"), ", ");
        assert_eq!(of("... — !"), "");
        assert_eq!(of(""), "");
    }

    #[test]
    fn any_lines_become_phonemes_without_a_panic() {
        let mut random = fastrand::Rng::with_seed(3);
        let signs = ['.', ',', '(', ')', '\n', ' ', 'ç', 'a', '…', '“'];
        for _ in 0..2_000 {
            let mut text = || -> String {
                let letter = |random: &mut fastrand::Rng| match random.choice(signs) {
                    Some(sign) if random.bool() => sign,
                    _ => random.char('\0'..'\u{10ffff}'),
                };
                (0..random.usize(0..60)).map(|_| letter(&mut random)).collect()
            };
            let (lines, written) = (text(), text());
            assert!(!punctuated(&lines, &marks(&written)).contains('\n'));
        }
    }
}
