//! What the Hub answered, on disk with the time it came, so that much can be looked up without a network.
//! Never a key. One file an answer, written whole or not at all; any of them may be deleted at any time.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::store::{files::write_new, now};

/// The most answers that are kept; the oldest go first.
const MOST: usize = 300;

/// The answers on disk.
pub(crate) struct Cache {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Entry<T> {
    question: String,
    at: i64,
    answer: T,
}

/// An answer, and how fresh it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known<T> {
    pub(crate) answer: T,
    pub(crate) age: Age,
}

/// How fresh an answer of the Hub is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Age {
    /// When the Hub gave it, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    /// One sentence when the Hub could not be asked anew: why, and how old this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

impl Cache {
    pub(crate) fn new(data: &Path) -> Self {
        Self { folder: data.join("hub") }
    }

    /// What is known, or the answer to `ask`: asked when `refresh`, or when what is known is older than `fresh`
    /// milliseconds. Where the Hub cannot be reached, what is known is good enough, with a word about its age.
    pub(crate) async fn ask<T: Serialize + DeserializeOwned>(
        &self,
        question: &str,
        fresh: Option<i64>,
        ask: impl Future<Output = Result<T>>,
    ) -> Result<Known<T>> {
        let kept: Option<Entry<T>> = self.read(question);
        let young = |entry: &Entry<T>| fresh.is_some_and(|most| (0..=most).contains(&(now() - entry.at)));
        if let Some(entry) = kept.as_ref().filter(|entry| young(entry)) {
            let age = Age { at: entry.at, note: None };
            return Ok(Known { age, answer: kept.map(|entry| entry.answer).ok_or_else(lost)? });
        }
        match (ask.await, kept) {
            (Ok(answer), _) => {
                let age = Age { at: now(), note: None };
                self.keep(question, age.at, &answer);
                Ok(Known { answer, age })
            }
            (Err(error), Some(entry)) if may_pass(error.code) => {
                let note = Some(format!("{} What you see is from {}.", why(&error), ago(now() - entry.at)));
                Ok(Known { answer: entry.answer, age: Age { at: entry.at, note } })
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Forgets all answers.
    pub(crate) fn clear(&self) {
        if let Err(cause) = fs::remove_dir_all(&self.folder)
            && cause.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%cause, "old answers of the Hub stay on disk");
        }
    }

    fn read<T: DeserializeOwned>(&self, question: &str) -> Option<Entry<T>> {
        let entry: Entry<T> = serde_json::from_slice(&fs::read(self.file(question)).ok()?).ok()?;
        (entry.question == question).then_some(entry)
    }

    /// Keeps an answer; a disk that fails costs nothing but that.
    pub(crate) fn keep<T: Serialize>(&self, question: &str, at: i64, answer: &T) {
        let entry = Entry { question: question.to_owned(), at, answer };
        if let Err(cause) = self.write(&self.file(question), &entry) {
            tracing::warn!(%cause, "an answer of the Hub was not kept on disk");
        }
    }

    fn write<T: Serialize>(&self, file: &Path, entry: &Entry<T>) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        self.make_room()?;
        write_new(file, &serde_json::to_vec(entry)?)
    }

    fn make_room(&self) -> io::Result<()> {
        let mut files: Vec<_> = fs::read_dir(&self.folder)?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
            })
            .collect();
        if files.len() >= MOST {
            files.sort();
            for (_, path) in &files[..files.len() - MOST * 3 / 4] {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn file(&self, question: &str) -> PathBuf {
        let hash = Sha256::digest(question.as_bytes());
        let name = hash.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        self.folder.join(format!("{name:032x}.json"))
    }
}

fn lost() -> Error {
    Error::internal("read what is known of the Hub", "the answer is gone")
}

/// Failures that say nothing about what is known.
fn may_pass(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Offline | ErrorCode::Network | ErrorCode::Timeout | ErrorCode::Limit | ErrorCode::Provider
    )
}

fn why(error: &Error) -> &'static str {
    match error.code {
        ErrorCode::Offline => "You are offline by choice.",
        ErrorCode::Limit => "Hugging Face takes no more questions for now.",
        ErrorCode::Provider => "Hugging Face has trouble.",
        _ => "Hugging Face cannot be reached.",
    }
}

/// A span of time as a person would tell it: "3 hours ago".
pub fn ago(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    let (count, unit) = match seconds {
        ..60 => return "just now".into(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const HOUR: i64 = 3_600_000;

    async fn fails(code: ErrorCode) -> Result<u32> {
        Err(Error::new(code, "no"))
    }

    #[tokio::test]
    async fn an_answer_is_asked_for_once_while_it_is_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let asked = cache.ask("q", Some(HOUR), async { Ok(1) }).await.unwrap();
        assert_eq!((asked.answer, asked.age.note), (1, None));
        assert_eq!(cache.ask("q", Some(HOUR), async { Ok(2) }).await.unwrap().answer, 1);
        assert_eq!(cache.ask("q", None, async { Ok(3) }).await.unwrap().answer, 3);
        assert_eq!(cache.ask("other", Some(HOUR), async { Ok(4) }).await.unwrap().answer, 4);
        assert!(
            fs::read_dir(folder.path().join("hub")).unwrap().count() == 2,
            "nothing half-written is left"
        );
    }

    #[tokio::test]
    async fn without_a_network_what_is_known_comes_with_its_age() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        cache.keep("q", now() - 3 * HOUR, &7);
        let known = cache.ask("q", Some(HOUR), fails(ErrorCode::Offline)).await.unwrap();
        assert_eq!(known.answer, 7);
        assert_eq!(
            known.age.note.as_deref(),
            Some("You are offline by choice. What you see is from 3 hours ago.")
        );
        let refused = cache.ask("q", Some(HOUR), fails(ErrorCode::Auth)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Auth, "a refusal is news");
        assert_eq!(
            cache.ask("unknown", None, fails(ErrorCode::Network)).await.unwrap_err().code,
            ErrorCode::Network
        );
        cache.clear();
        assert!(cache.ask("q", Some(i64::MAX), fails(ErrorCode::Offline)).await.is_err());
    }

    #[tokio::test]
    async fn a_damaged_file_is_asked_for_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        cache.keep("q", now(), &7);
        fs::write(cache.file("q"), b"{\"question\": \"q\", \"at\"").unwrap();
        assert_eq!(cache.ask("q", Some(HOUR), async { Ok(8) }).await.unwrap().answer, 8);
    }

    #[test]
    fn the_oldest_answers_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        for number in 0..MOST + 5 {
            cache.keep(&number.to_string(), now(), &number);
        }
        assert!(fs::read_dir(&cache.folder).unwrap().count() <= MOST);
        assert!(cache.read::<usize>(&(MOST + 4).to_string()).is_some());
    }

    #[test]
    fn a_time_is_told_as_a_person_would() {
        assert_eq!(
            [5_000, 60_000, 7_300_000, 200_000_000, -1].map(ago),
            ["just now", "1 minute ago", "2 hours ago", "2 days ago", "just now"]
        );
    }
}
