//! Puts right, behind a start, what changed in the data folder while Limerick was away: files that were removed, files
//! that came back, files that nobody names.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, Weak},
    time::Duration,
};

use limerick_tasks::Result;
use serde_json::Value;

use crate::{
    Playground,
    keys::off_thread,
    playground::{Inner, lock},
    store::{self, pictures},
};

/// The window's own questions come first.
const LATER: Duration = Duration::from_secs(2);
/// A file of this age belongs to a run that is stored, or to none.
const SETTLED: Duration = Duration::from_secs(3600);
/// How many rows are changed at once, so that nobody waits for the history.
const PIECE: usize = 500;

/// Tidies up a little later, as long as the playground is there.
pub(crate) fn tidy_later(inner: &Arc<Inner>) {
    let inner = Arc::downgrade(inner);
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move {
            tokio::time::sleep(LATER).await;
            if let Err(error) = tidy(&inner).await {
                tracing::warn!(detail = error.detail, "the data folder was not tidied: {error}");
            }
        });
    }
}

async fn tidy(inner: &Weak<Inner>) -> Result<()> {
    let Some(inner) = inner.upgrade() else { return Ok(()) };
    let playground = Playground { inner };
    playground.sweep(SETTLED).await?;
    playground.reconcile().await
}

impl Playground {
    /// Deletes files that no run and no draft names; not while another process shares the history.
    async fn sweep(&self, age: Duration) -> Result<()> {
        let (data, files, store) =
            (self.inner.folders.data.clone(), self.inner.files.clone(), self.inner.store.clone());
        let mut names = HashSet::new();
        lock(&self.inner.settings).values().for_each(|value| drafted(value, &mut names));
        off_thread("tidy the data folder", move || {
            if store.is_alone() {
                names.extend(store::names_in_use(&data)?);
                files.sweep(&names, age);
            }
            Ok(())
        })
        .await
    }

    /// Notes which pictures are gone and which are here again, and looks at those that nobody has looked at.
    pub(crate) async fn reconcile(&self) -> Result<()> {
        let rows =
            self.inner.store.ask("compare your pictures with the disk", |db| pictures::all(db)).await?;
        let files = self.inner.files.clone();
        let here = off_thread("compare your pictures with the disk", move || Ok(files.names())).await?;
        let (mut gone, mut back, mut unseen) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for row in rows {
            match (here.contains(&row.file), row.missing) {
                (false, false) => drop(gone.insert(row.file)),
                (true, true) => drop(back.insert(row.file)),
                (true, false) if row.unseen => unseen.push(row.file),
                _ => {}
            }
        }
        self.note(gone, true).await?;
        self.note(back, false).await?;
        self.look_behind(unseen);
        Ok(())
    }

    async fn note(&self, files: BTreeSet<String>, missing: bool) -> Result<()> {
        let files: Vec<String> = files.into_iter().collect();
        for piece in files.chunks(PIECE).map(<[String]>::to_vec) {
            let doing = "note which pictures are here";
            self.inner.store.ask(doing, move |db| pictures::set_missing(db, &piece, missing)).await?;
        }
        Ok(())
    }
}

/// The files that the window holds in what it keeps for its next start, such as pictures that are not sent yet.
fn drafted(kept: &Value, names: &mut HashSet<String>) {
    match kept {
        Value::String(text) => names.extend(text.strip_prefix("media:").map(str::to_owned)),
        Value::Array(values) => values.iter().for_each(|value| drafted(value, names)),
        Value::Object(fields) => fields.values().for_each(|value| drafted(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pictures_that_are_not_sent_yet_are_in_use() {
        let kept = json!({ "visionPictures": { "new": [{ "address": "media:ab.png", "width": 3 }] }, "tab": "text" });
        let mut names = HashSet::new();
        drafted(&kept, &mut names);
        assert_eq!(names, HashSet::from(["ab.png".to_owned()]));
    }
}
