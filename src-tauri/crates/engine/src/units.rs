//! What a model reads, in order: tokens of text, and pictures between them.

use llama_cpp_2::token::LlamaToken;

/// SHA-256 of a picture's file.
pub(crate) type Id = [u8; 32];

/// A picture, as far as the model's memory is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) id: Id,
    /// Tokens of the context that it fills, with the words around it.
    pub(crate) tokens: u32,
    /// Places in the order of reading that it takes; fewer than tokens, where places have two dimensions.
    pub(crate) positions: u32,
}

/// One token, or one whole picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Token(LlamaToken),
    Picture(Seen),
}

impl Unit {
    pub(crate) fn tokens(&self) -> usize {
        match self {
            Self::Token(_) => 1,
            Self::Picture(seen) => seen.tokens as usize,
        }
    }

    fn positions(&self) -> usize {
        match self {
            Self::Token(_) => 1,
            Self::Picture(seen) => seen.positions as usize,
        }
    }

    pub(crate) fn is_picture(&self) -> bool {
        matches!(self, Self::Picture(_))
    }
}

/// Tokens that these take of the context.
pub(crate) fn tokens(units: &[Unit]) -> usize {
    units.iter().map(Unit::tokens).sum()
}

/// The place of what comes after these.
pub(crate) fn place(units: &[Unit]) -> usize {
    units.iter().map(Unit::positions).sum()
}

/// The tokens of text among these.
pub(crate) fn text(units: &[Unit]) -> Vec<LlamaToken> {
    let token = |unit: &Unit| match unit {
        Unit::Token(token) => Some(*token),
        Unit::Picture(_) => None,
    };
    units.iter().filter_map(token).collect()
}

/// Where the step that begins at `at` ends: a picture, or the rest of a piece of text. Pieces are counted anew after
/// each picture, so that the same prompt is always read in the same steps.
pub(crate) fn step(units: &[Unit], at: usize, piece: usize) -> usize {
    let (before, after) = units.split_at(at.min(units.len()));
    if after.first().is_some_and(Unit::is_picture) {
        return at + 1;
    }
    let run = before.iter().rposition(Unit::is_picture).map_or(0, |picture| picture + 1);
    let whole = run + ((at - run) / piece + 1) * piece;
    let next = after.iter().position(Unit::is_picture).map_or(units.len(), |picture| at + picture);
    whole.min(next)
}

/// Whether one step ends and another one begins here, whatever comes later.
pub(crate) fn is_border(units: &[Unit], at: usize, piece: usize) -> bool {
    let (before, after) = units.split_at(at.min(units.len()));
    let run = before.iter().rposition(Unit::is_picture).map_or(0, |picture| picture + 1);
    (at - run).is_multiple_of(piece) || after.first().is_some_and(Unit::is_picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<Unit> {
        let unit = |letter: char| match letter {
            'P' => Unit::Picture(Seen { id: [0; 32], tokens: 100, positions: 10 }),
            other => Unit::Token(LlamaToken(other as i32)),
        };
        text.chars().map(unit).collect()
    }

    fn steps(units: &[Unit]) -> Vec<usize> {
        let mut ends = vec![0];
        while let Some(at) = ends.last().copied().filter(|at| *at < units.len()) {
            ends.push(step(units, at, 4));
        }
        ends
    }

    #[test]
    fn text_is_read_in_pieces_that_begin_anew_after_a_picture() {
        assert_eq!(steps(&units("abcdefghij")), [0, 4, 8, 10]);
        assert_eq!(steps(&units("abcdePfghijPP")), [0, 4, 5, 6, 10, 11, 12, 13]);
        assert_eq!(step(&units("abcdefgh"), 5, 4), 8);
    }

    #[test]
    fn borders_are_where_steps_meet() {
        let units = units("abcdePfghij");
        let borders: Vec<usize> = (0..units.len()).filter(|at| is_border(&units, *at, 4)).collect();
        assert_eq!(borders, [0, 4, 5, 6, 10]);
    }

    #[test]
    fn a_picture_fills_more_of_the_context_than_places() {
        let units = units("aPb");
        assert_eq!((tokens(&units), place(&units), text(&units).len()), (102, 12, 2));
    }
}
