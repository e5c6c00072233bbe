//! Endings of English words: how a plural, a past and the like sound, by the last sound of their stem.

use crate::words::Land;

/// `stop` of `stopp`.
pub(crate) fn undoubled(stem: &str) -> Option<&str> {
    let mut letters = stem.chars().rev();
    let (last, before) = (letters.next()?, letters.next()?);
    (last == before && "bdgklmnprtvz".contains(last)).then(|| &stem[..stem.len() - last.len_utf8()])
}

/// A stem's sound with an `s`.
pub(crate) fn with_s(sound: &str, land: Land) -> String {
    let last = sound.chars().last().unwrap_or('d');
    if "ptkfθ".contains(last) {
        format!("{sound}s")
    } else if "szʃʒʧʤ".contains(last) {
        format!("{sound}{}z", weak_i(land))
    } else {
        format!("{sound}z")
    }
}

/// A stem's sound with an `ed`.
pub(crate) fn with_ed(sound: &str, land: Land) -> String {
    let last = sound.chars().last().unwrap_or('d');
    if "pkfθʃsʧ".contains(last) {
        format!("{sound}t")
    } else if "td".contains(last) {
        format!("{sound}{}d", weak_i(land))
    } else {
        format!("{sound}d")
    }
}

fn weak_i(land: Land) -> char {
    if land == Land::British { 'ɪ' } else { 'ᵻ' }
}
