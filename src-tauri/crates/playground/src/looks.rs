//! Looks at pictures: makes the small form of each, once, and finds out whether it is wholly one colour. Off the main
//! thread and off the history's, two at a time.

use std::{collections::HashSet, sync::Mutex};

use futures_util::{StreamExt, stream};
use limerick_pictures::{Limits, decode, look_of};
use limerick_tasks::{Media, Result};
use tokio::sync::Semaphore;

use crate::{
    Playground, Run,
    keys::off_thread,
    media,
    playground::lock,
    store::{
        files::Files,
        pictures::{self, Seen},
    },
};

/// How many pictures are opened at once.
const AT_ONCE: usize = 2;

/// Who opens pictures.
pub(crate) struct Looks {
    room: Semaphore,
    /// Files that were looked at behind a list, so that a list that is shown again does not ask again.
    begun: Mutex<HashSet<String>>,
}

impl Default for Looks {
    fn default() -> Self {
        Self { room: Semaphore::new(AT_ONCE), begun: Mutex::default() }
    }
}

impl Playground {
    /// The small form of a picture, a JPEG file of at most 40 kB and 384 pixels a side; made where it is not there.
    ///
    /// # Errors
    /// As `media`; `input` for a sound and for a picture that cannot be opened.
    pub async fn small_media(&self, name: &str) -> Result<Media> {
        let name = media::name_in(&format!("media:{name}"))?;
        if let Some(small) = self.small(&name).await? {
            return Ok(small);
        }
        let _room = self.inner.looks.room.acquire().await;
        match self.small(&name).await? {
            Some(small) => Ok(small),
            None => self.look(&name).await,
        }
    }

    async fn small(&self, name: &str) -> Result<Option<Media>> {
        let (files, name) = (self.inner.files.clone(), name.to_owned());
        off_thread("read this picture", move || Ok(files.read_small(&name).ok()))
            .await
            .map(|small| small.filter(|bytes| !bytes.is_empty()).map(|bytes| Media::new(bytes, "")))
    }

    /// Looks at a picture, keeps its small form and notes what was seen.
    async fn look(&self, name: &str) -> Result<Media> {
        let (files, own) = (self.inner.files.clone(), name.to_owned());
        let looked = off_thread("look at this picture", move || look_now(&files, &own)).await;
        let (seen, file) = (looked.as_ref().ok().map(|(seen, _)| *seen), name.to_owned());
        self.inner.store.ask("note this picture", move |db| pictures::seen(db, &file, seen)).await?;
        looked.map(|(_, small)| small)
    }

    /// Looks at these files and returns when all were seen; one that cannot be opened is no error.
    pub(crate) async fn look_at(&self, names: Vec<String>) {
        let each = stream::iter(names).for_each_concurrent(AT_ONCE, |name| async move {
            let _room = self.inner.looks.room.acquire().await;
            if let Err(error) = self.look(&name).await {
                tracing::debug!(detail = error.detail, "a picture was not opened: {error}");
            }
        });
        each.await;
    }

    /// Looks at these files behind what is shown, each once.
    pub(crate) fn look_behind(&self, mut names: Vec<String>) {
        names.retain(|name| lock(&self.inner.looks.begun).insert(name.clone()));
        if !names.is_empty() {
            let this = self.clone();
            tokio::spawn(async move { this.look_at(names).await });
        }
    }

    /// Looks at the pictures of a run that has ended.
    pub(crate) async fn look_at_run(&self, run: &Run) {
        if run.input.makes_pictures() {
            let id = run.id.clone();
            match self.inner.store.ask("look at this run", move |db| pictures::of(db, &id)).await {
                Ok(names) => self.look_behind(names),
                Err(error) => tracing::warn!(detail = error.detail, "{error}"),
            }
        }
    }
}

fn look_now(files: &Files, name: &str) -> Result<(Seen, Media)> {
    let file = media::read(files, name)?;
    let picture = decode(&file.bytes, &Limits::default())?;
    let small = picture.thumbnail()?;
    if let Err(error) = files.keep_small(name, &small.bytes) {
        // It is shown all the same, and made again the next time.
        tracing::warn!(detail = error.detail, "{error}");
    }
    let seen = Seen {
        width: picture.facts.width,
        height: picture.facts.height,
        bytes: u32::try_from(file.bytes.len()).unwrap_or(u32::MAX),
        blank: look_of(&picture).flat,
    };
    Ok((seen, Media::new(small.bytes, "")))
}
