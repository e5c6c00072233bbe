//! The names of an input's fields, read from the types themselves, and which one a person may have meant.

use std::fmt;

use serde::{
    de::{Deserialize, Deserializer, Error, Visitor},
    forward_to_deserialize_any,
};

/// The names of a struct's fields, as they stand in JSON.
pub(crate) fn names<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &[&str] = &[];
    // Reading always breaks off once the names are known.
    let _ = T::deserialize(Asked(&mut names));
    names
}

/// Notes which fields a type asks for, and gives none.
struct Asked<'a>(&'a mut &'static [&'static str]);

/// What breaks off the reading.
#[derive(Debug)]
struct Enough;

impl fmt::Display for Enough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the names are known")
    }
}

impl std::error::Error for Enough {}

impl Error for Enough {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Enough;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Enough> {
        *self.0 = fields;
        Err(Enough)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Enough> {
        Err(Enough)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The known name that is closest to a mistyped one, if one is close at all.
pub(crate) fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let close = known.iter().map(|name| (distance(typed, name), *name)).min()?;
    (close.0 <= close.1.len().max(typed.len()) / 2).then_some(close.1)
}

/// How many letters must change (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, same) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *same);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use limerick_tasks::{ChatInput, TextInput};

    use super::{distance, names, nearest};

    #[test]
    fn the_names_are_those_of_the_types() {
        assert!(names::<ChatInput>().contains(&"messages") && names::<ChatInput>().contains(&"extra_body"));
        assert!(names::<TextInput>().contains(&"max_new_tokens"));
    }

    #[test]
    fn a_mistyped_name_finds_its_neighbour() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(nearest("temprature", names::<ChatInput>()), Some("temperature"));
        assert_eq!(nearest("max_tokens", names::<TextInput>()), Some("max_new_tokens"));
        assert_eq!(nearest("xyzzy_plugh", names::<ChatInput>()), None);
    }
}
