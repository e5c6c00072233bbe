//! A run that repeats another one: did the same come, and was the seed honoured?

use limerick_pictures::same_pixels;
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Playground, commands::Id, keys::off_thread, made_with::seed, store::files::Files};

/// Whether a repeated run gave the same pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sameness {
    /// Byte for byte.
    Same,
    /// The same pixels in another file.
    SamePixels,
    /// Other pictures.
    Different,
    /// One of both has no picture, or its file is gone.
    Unknown,
}

/// What a repeated run showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Repeated {
    /// The run that was repeated.
    pub of: String,
    /// How the pictures compare.
    pub sameness: Sameness,
    /// Whether a seed was sent both times.
    pub seeded: bool,
}

impl Playground {
    /// Whether a repeated run gave the same.
    pub async fn repeated(&self, Id { id }: Id) -> Result<Repeated> {
        let gone = |words: &str| Error::new(ErrorCode::Input, words);
        let run = self.record(id).await?.ok_or_else(|| gone("This run is no longer in your history."))?;
        let of = run.repeats.clone().ok_or_else(|| gone("This run repeats no other one."))?;
        let Some(first) = self.record(of.clone()).await? else {
            return Ok(Repeated { of, sameness: Sameness::Unknown, seeded: false });
        };
        let seeded = [&first, &run].iter().all(|run| seed(&run.input).is_some());
        let (files, first, second) = (self.inner.files.clone(), first.made(), run.made());
        let compare = move || Ok(compare(&files, &first, &second));
        let sameness = off_thread("compare these pictures", compare).await?;
        Ok(Repeated { of, sameness, seeded })
    }
}

/// Compares the files of two runs, one by one.
fn compare(files: &Files, first: &[String], second: &[String]) -> Sameness {
    if first.is_empty() || second.is_empty() {
        return Sameness::Unknown;
    }
    if first == second {
        return Sameness::Same;
    }
    for (one, two) in first.iter().zip(second) {
        let (Ok(one), Ok(two)) = (files.read(one), files.read(two)) else { return Sameness::Unknown };
        if !same_pixels(&one, &two) {
            return Sameness::Different;
        }
    }
    if first.len() == second.len() { Sameness::SamePixels } else { Sameness::Different }
}
