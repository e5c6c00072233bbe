//! Finds the run that asked the very same, by a digest that is stored with each run.

use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    Stored,
    files::{Files, each_name},
    runs::{from_json, unpacked},
};
use crate::{Run, kept::Kept};

/// As many of the newest runs that asked the same are looked at.
const LOOKED_AT: u32 = 8;

/// What a run asks, and where, in 64 hexadecimal digits; `input` is stored JSON, in which files are hashes.
pub(super) fn digest(run: &Run, input: &str) -> String {
    let provider = run.provider.as_deref().unwrap_or_default();
    let mut digest = Sha256::new();
    for part in [&run.connection, provider, &run.model, input] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    format!("{:x}", digest.finalize())
}

/// The answer of the newest other run that asked the very same, is done, and has all its files.
pub(crate) fn same(db: &Connection, id: &str) -> Stored<Option<Kept>> {
    let mut rows = db.prepare_cached(
        "select other.id, other.output, other.provider
         from runs mine join runs other on other.digest = mine.digest
         where mine.id = ?1 and other.id <> mine.id and other.state = 'done' and other.deleted_at is null
           and other.figures ->> '$.cached.by' is not 'history'
         order by other.number desc limit ?2",
    )?;
    let mut found = rows.query((id, LOOKED_AT))?;
    while let Some(row) = found.next()? {
        let (other, output): (String, String) = (row.get(0)?, row.get(1)?);
        if let Ok(run) = Uuid::parse_str(&other)
            && is_whole(db, &output)?
        {
            return Ok(Some(Kept { run, output: unpacked(db, &output)?, provider: row.get(2)? }));
        }
    }
    Ok(None)
}

/// Whether all files of an answer are on the disk.
fn is_whole(db: &Connection, output: &str) -> Stored<bool> {
    let (files, mut whole) = (Files::beside(db), true);
    each_name(&from_json::<Value>(output)?, &mut |name| whole &= files.has(name));
    Ok(whole)
}
