//! Weighs what a template makes, and stops it before it takes more memory or time than any real one needs.

use std::sync::atomic::{AtomicU64, Ordering};

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

/// Steps of minijinja that a template may take; a conversation of a thousand messages takes some 100,000.
pub(crate) const STEPS: u64 = 4_000_000;
/// What all values together may weigh, in bytes.
const ALL: u64 = 256 << 20;
/// What one value may weigh, in bytes: larger than the longest context of any model.
const ONE: u64 = 32 << 20;
/// What a value weighs beside its letters.
const PLACE: u64 = 16;
/// Lists inside each other.
const DEEPEST: usize = 64;

/// The budget of one rendering.
#[derive(Debug)]
pub(crate) struct Meter {
    left: AtomicU64,
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self { left: AtomicU64::new(ALL) }
    }

    /// Takes from the budget before something of this size is made.
    pub(crate) fn take(&self, bytes: usize) -> Result<(), Error> {
        let bytes = bytes as u64;
        let fits = |left: u64| left.checked_sub(bytes).filter(|_| bytes <= ONE);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).map(|_| ()).map_err(|_| too_much())
    }

    /// Takes for a value that is about to be read from end to end.
    pub(crate) fn take_reading(&self, value: &Value) -> Result<(), Error> {
        let places = |count: usize| count.saturating_mul(16);
        match value.kind() {
            ValueKind::String => self.take(value.as_str().unwrap_or_default().len() / 16),
            _ => self.take(value.len().map_or(16, places)),
        }
    }

    /// Passes on a new value if it is not too heavy: with all that is in it, as often as it is in it.
    pub(crate) fn weighed(&self, value: Value) -> Result<Value, Error> {
        let mut weight = 0;
        self.weigh(&value, &mut weight, 0)?;
        Ok(value)
    }

    fn weigh(&self, value: &Value, weight: &mut u64, depth: usize) -> Result<(), Error> {
        if depth > DEEPEST {
            return Err(too_much());
        }
        self.take(usize::try_from(PLACE).unwrap_or_default())?;
        *weight += PLACE;
        match value.kind() {
            ValueKind::String => {
                *weight += value.as_str().unwrap_or_default().len() as u64;
                if depth == 0 {
                    self.take(value.as_str().unwrap_or_default().len())?;
                }
            }
            ValueKind::Bytes | ValueKind::Seq | ValueKind::Iterable => {
                for item in value.try_iter()? {
                    self.weigh(&item, weight, depth + 1)?;
                }
            }
            ValueKind::Map if is_namespace(value) => {
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    "a namespace may not be in another value",
                ));
            }
            ValueKind::Map => {
                for key in value.try_iter()? {
                    self.weigh(&key, weight, depth + 1)?;
                    self.weigh(&value.get_item(&key)?, weight, depth + 1)?;
                }
            }
            _ => {}
        }
        if *weight > ONE { Err(too_much()) } else { Ok(()) }
    }
}

/// minijinja keeps its type of namespaces to itself.
pub(crate) fn is_namespace(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.type_name().ends_with("::Namespace"))
}

pub(crate) fn too_much() -> Error {
    Error::from(ErrorKind::OutOfFuel)
}
