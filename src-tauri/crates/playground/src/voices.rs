//! The voices that a model speaks with, and a long text in takes that a model can say in one go.

use std::ops::RangeInclusive;

use limerick_tasks::{Error, ErrorCode, Result, Voice};
use limerick_voice::takes;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Playground, keys::off_thread, reach::Reach};

/// Seconds that a take may last.
const TAKE: RangeInclusive<f64> = 1.0..=600.0;

/// Whose voices to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListVoices {
    /// The connection.
    pub connection: String,
    /// The model, as it is picked for a run.
    pub model: String,
}

/// A text to be split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SplitText {
    /// The text.
    pub text: String,
    /// How long a take may last, 1 to 600.
    pub seconds: f64,
}

impl Playground {
    /// The voices that a model speaks with, as far as they are known; empty where any may be named.
    pub async fn voices(&self, ListVoices { connection, model }: ListVoices) -> Result<Vec<Voice>> {
        let found = self.find_connection(&connection).await?;
        match &found.reach {
            Reach::Builtin => {
                let files = self.voice_files(&model)?;
                off_thread("list the voices", move || files.voices()).await
            }
            // No provider has a list of them; the page knows the usual ones.
            Reach::HuggingFace { .. } => Ok(Vec::new()),
            Reach::Server { url, headers } => {
                let client = self.inner.network.client_for(&self.settings_now(), &[url])?;
                client.server_voices(&self.server(&found, url, headers).await?).await
            }
            Reach::Space { place } => {
                let space = self.space_now(place).await?;
                let endpoint = space.speakers().find(|one| model.is_empty() || one.name == model);
                Ok(endpoint.map(limerick_inference::Endpoint::voices).unwrap_or_default())
            }
        }
    }

    /// Splits a text at its sentences into takes that last so many seconds at most.
    pub async fn takes(&self, SplitText { text, seconds }: SplitText) -> Result<Vec<String>> {
        if !TAKE.contains(&seconds) {
            return Err(Error::new(ErrorCode::Input, "A take lasts from 1 to 600 seconds. Choose a time."));
        }
        // A book takes a moment.
        off_thread("split this text", move || Ok(takes(&text, seconds))).await
    }
}
