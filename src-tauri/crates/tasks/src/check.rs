//! Ranges and what must be there, checked before anything is sent: one sentence that names the field.

use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::{Error, ErrorCode, Media, Result};

/// `input`, about one field.
pub(crate) fn refuse(field: &str, message: impl Into<String>) -> Error {
    Error { field: Some(field.to_owned()), ..Error::new(ErrorCode::Input, message) }
}

/// A number must lie in a range, its ends included.
pub(crate) fn within<N>(field: &str, value: Option<N>, range: RangeInclusive<N>) -> Result<()>
where
    N: PartialOrd + Display,
{
    let (low, high) = (range.start(), range.end());
    match value {
        Some(value) if !range.contains(&value) => {
            Err(refuse(field, format!("{field} goes from {low} to {high}: {value} is outside.")))
        }
        _ => Ok(()),
    }
}

/// A number must not be smaller than `least`.
pub(crate) fn at_least<N>(field: &str, value: Option<N>, least: N) -> Result<()>
where
    N: PartialOrd + Display + Copy,
{
    match value {
        // What is no number is in no range.
        Some(value) if !(least..).contains(&value) => {
            Err(refuse(field, format!("{field} starts at {least}: {value} is too small.")))
        }
        _ => Ok(()),
    }
}

/// A number must be greater than `limit`.
pub(crate) fn above(field: &str, value: Option<f64>, limit: f64) -> Result<()> {
    match value {
        Some(value) if value <= limit || value.is_nan() => {
            Err(refuse(field, format!("{field} must be more than {limit}: {value} is too small.")))
        }
        _ => Ok(()),
    }
}

/// A text must say something.
pub(crate) fn filled(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(refuse(field, format!("{field} is empty: write something there first.")));
    }
    Ok(())
}

/// A list must have so many entries, each of which says something.
pub(crate) fn listed(field: &str, entries: &[String], least: usize) -> Result<()> {
    if entries.len() < least {
        let entries = if least == 1 { "entry" } else { "entries" };
        return Err(refuse(field, format!("{field} needs at least {least} {entries}.")));
    }
    if entries.iter().any(|entry| entry.trim().is_empty()) {
        return Err(refuse(field, format!("{field} has an empty entry: fill it or take it away.")));
    }
    Ok(())
}

/// A sentence that something is put into must have a place for it.
pub(crate) fn template(field: &str, template: Option<&str>) -> Result<()> {
    match template {
        Some(template) if !template.contains('{') => {
            Err(refuse(field, format!("{field} needs a {{}} where the label goes, as in \"This is {{}}.\".")))
        }
        _ => Ok(()),
    }
}

/// Two fields go together: each is there, or none is.
pub(crate) fn together(one: (&str, bool), other: (&str, bool)) -> Result<()> {
    let (missing, given) = match (one.1, other.1) {
        (true, false) => (other.0, one.0),
        (false, true) => (one.0, other.0),
        _ => return Ok(()),
    };
    Err(refuse(missing, format!("{missing} is missing: it goes together with {given}.")))
}

/// There must be a picture.
pub(crate) fn picture(field: &str, media: &Media) -> Result<()> {
    file(field, media, media.is_image(), "picture")
}

/// There must be a sound.
pub(crate) fn sound(field: &str, media: &Media) -> Result<()> {
    file(field, media, media.is_audio(), "sound")
}

/// There must be a file, and of this kind as far as its bytes tell.
fn file(field: &str, media: &Media, fits: bool, kind: &str) -> Result<()> {
    if media.bytes.is_empty() {
        return Err(refuse(field, format!("{field} is empty: choose a {kind} first.")));
    }
    let unknown = matches!(media.media_type.as_str(), "" | "application/octet-stream");
    if !fits && !unknown {
        return Err(refuse(field, format!("{field} is not a {kind} but {}.", media.media_type)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn an_error_names_the_field_and_its_range() {
        let error = within("temperature", Some(3.0), 0.0..=2.0).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Input, Some("temperature")));
        assert_eq!(error.message, "temperature goes from 0 to 2: 3 is outside.");
        assert_eq!(at_least("top_k", Some(0), 1).unwrap_err().message, "top_k starts at 1: 0 is too small.");
    }

    #[test]
    fn ends_and_absence_are_fine_and_what_is_no_number_is_not() {
        assert!(within("t", Some(0.0), 0.0..=2.0).is_ok() && within("t", Some(2.0), 0.0..=2.0).is_ok());
        assert!(within("t", None, 0.0..=2.0).is_ok() && at_least("n", Some(1), 1).is_ok());
        assert!(
            within("t", Some(f64::NAN), 0.0..=2.0).is_err() && at_least("t", Some(f64::NAN), 0.0).is_err()
        );
        assert!(above("t", Some(f64::NAN), 0.0).is_err() && above("t", Some(0.0), 0.0).is_err());
    }

    #[test]
    fn lists_count_and_have_no_holes() {
        let list = |entries: &[&str]| entries.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            listed("labels", &list(&["a"]), 2).unwrap_err().message,
            "labels needs at least 2 entries."
        );
        assert!(
            listed("labels", &list(&["a", " "]), 2).is_err() && listed("labels", &list(&["a"]), 1).is_ok()
        );
    }

    #[test]
    fn a_picture_is_a_picture_unless_its_bytes_say_otherwise() {
        assert!(picture("image", &Media::default()).is_err());
        assert!(picture("image", &Media::new(&b"fLaC\0"[..], "image/png")).is_err());
        assert!(picture("image", &Media::new(&b"odd"[..], "image/heic")).is_ok());
        assert!(sound("audio", &Media::new(&b"odd"[..], "")).is_ok());
    }
}
