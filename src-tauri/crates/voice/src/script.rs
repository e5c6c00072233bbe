//! Which script a letter belongs to, and what an accented letter is without its accent or apart from it.

use icu_normalizer::DecomposingNormalizer;

/// The scripts that people write models' texts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Script {
    /// No letter.
    None,
    /// A mark that belongs to the letter before it.
    Mark,
    Latin,
    Chinese,
    Japanese,
    Korean,
    Arabic,
    Cyrillic,
    Greek,
    Hebrew,
    Devanagari,
    Thai,
    Other,
}

impl Script {
    /// Whether this stands inside words without being a letter.
    pub(crate) fn is_mark(self) -> bool {
        self == Self::Mark
    }

    /// Its name on screen.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None | Self::Mark | Self::Other => "another",
            Self::Latin => "Latin",
            Self::Chinese => "Chinese",
            Self::Japanese => "Japanese",
            Self::Korean => "Korean",
            Self::Arabic => "Arabic",
            Self::Cyrillic => "Cyrillic",
            Self::Greek => "Greek",
            Self::Hebrew => "Hebrew",
            Self::Devanagari => "Devanagari",
            Self::Thai => "Thai",
        }
    }
}

/// The script of a letter.
pub(crate) fn script(letter: char) -> Script {
    match u32::from(letter) {
        0x0300..=0x036F | 0x200C..=0x200D | 0xFE00..=0xFE0F | 0x064B..=0x065F | 0x093A..=0x094F => {
            Script::Mark
        }
        _ if !letter.is_alphabetic() => Script::None,
        0x0000..=0x024F | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF | 0xFB00..=0xFB06 => {
            Script::Latin
        }
        0xFF21..=0xFF5A => Script::Latin,
        0x0370..=0x03FF | 0x1F00..=0x1FFF => Script::Greek,
        0x0400..=0x052F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Script::Cyrillic,
        0x0590..=0x05FF | 0xFB1D..=0xFB4F => Script::Hebrew,
        0x0600..=0x077F | 0x08A0..=0x08FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => Script::Arabic,
        0x0900..=0x097F | 0xA8E0..=0xA8FF => Script::Devanagari,
        0x0E00..=0x0E7F => Script::Thai,
        0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF => Script::Korean,
        0x3040..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9D => Script::Japanese,
        0x2E80..=0x2FFF | 0x3005..=0x3007 | 0x3100..=0x312F | 0x3400..=0x9FFF | 0xF900..=0xFAFF => {
            Script::Chinese
        }
        0x2_0000..=0x3_FFFF => Script::Chinese,
        _ => Script::Other,
    }
}

/// Whether this is a picture among letters, such as an emoji, or belongs to one.
pub(crate) fn is_picture(letter: char) -> bool {
    matches!(u32::from(letter),
        0x20E3 | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0xFE0E..=0xFE0F | 0x1_F000..=0x1_FAFF | 0xE_0020..=0xE_007F)
}

/// Letters apart from their marks (NFD), as the phonemes of Piper's voices are: `ç` is `c` and a cedilla.
pub(crate) fn decomposed(text: &str) -> String {
    DecomposingNormalizer::new_nfd().normalize(text).into_owned()
}

/// Latin letters without their accents; marks of other scripts go, other letters stay.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        if script(letter).is_mark() {
            continue;
        }
        match plain(letter) {
            Some(plain) if letter.is_uppercase() => out.push_str(&plain.to_uppercase()),
            Some(plain) => out.push_str(plain),
            None => out.push(letter),
        }
    }
    out
}

/// The small letters that an accented one stands for.
fn plain(letter: char) -> Option<&'static str> {
    const TABLE: &[(&str, &str)] = &[
        ("a", "àáâãäåāăąǎǟǻạảấầẩẫậắằẳẵặ"),
        ("ae", "æǽ"),
        ("b", "ḃ"),
        ("c", "çćĉċč"),
        ("d", "ďđḋð"),
        ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
        ("f", "ḟƒ"),
        ("g", "ĝğġģǧ"),
        ("h", "ĥħ"),
        ("i", "ìíîïĩīĭįıǐỉị"),
        ("j", "ĵ"),
        ("k", "ķǩ"),
        ("l", "ĺļľŀł"),
        ("m", "ṁ"),
        ("n", "ñńņňŋ"),
        ("o", "òóôõöøōŏőơǒǿọỏốồổỗộớờởỡợ"),
        ("oe", "œ"),
        ("p", "ṗ"),
        ("r", "ŕŗř"),
        ("s", "śŝşšșṡſ"),
        ("ss", "ß"),
        ("t", "ţťŧțṫ"),
        ("th", "þ"),
        ("u", "ùúûüũūŭůűųưǔǖǘǚǜụủứừửữự"),
        ("w", "ŵẁẃẅ"),
        ("y", "ýÿŷỳỵỷỹ"),
        ("z", "źżž"),
        ("ff", "ﬀ"),
        ("fi", "ﬁ"),
        ("fl", "ﬂ"),
    ];
    let low = letter.to_lowercase().next()?;
    if low.is_ascii() {
        return None;
    }
    TABLE.iter().find(|(_, accented)| accented.contains(low)).map(|(plain, _)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_go_and_their_letters_stay() {
        for (word, plain) in
            [("Łukasz", "Lukasz"), ("Zürich", "Zurich"), ("naïve", "naive"), ("cafe\u{301}", "cafe")]
        {
            assert_eq!(fold(word), plain);
        }
    }

    #[test]
    fn letters_are_told_apart_by_script() {
        let seen: Vec<Script> = "aé你かㄱ가عЖλא नไ🙂1".chars().map(script).collect();
        assert_eq!(
            seen,
            [
                Script::Latin,
                Script::Latin,
                Script::Chinese,
                Script::Japanese,
                Script::Korean,
                Script::Korean,
                Script::Arabic,
                Script::Cyrillic,
                Script::Greek,
                Script::Hebrew,
                Script::None,
                Script::Devanagari,
                Script::Thai,
                Script::None,
                Script::None
            ]
        );
    }
}
