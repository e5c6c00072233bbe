//! Pictures of runs: the gallery, one picture's facts, pictures that come from outside, and saving one.

use std::path::Path;

use limerick_pictures::{Limits, decode, look, read_settings};
use limerick_tasks::{Media, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Playground, RunFilter,
    commands::{File, Nothing},
    keys::off_thread,
    made_with::shown,
    media::{self, LARGEST},
    store::{
        pictures,
        records::{self, Record},
    },
};

/// A picture that a run made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Picture {
    /// Where it is: `media:` and the file's name, which is the SHA-256 of its bytes and their kind.
    pub address: String,
    /// The run that made it.
    pub run: String,
    /// Its place among the run's pictures, from 0.
    pub place: u32,
    /// Pixels; 0 where it is not known.
    pub width: u32,
    /// Pixels; 0 where it is not known.
    pub height: u32,
    /// Size of its file.
    pub bytes: u32,
    /// When its run was started, milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub created_at: i64,
    /// What was asked, at most 200 characters.
    pub prompt: String,
    /// The model that made it.
    pub model: String,
    /// Starred.
    pub favourite: bool,
    /// Wholly one colour (nearly always a filter's doing).
    pub blank: bool,
    /// Its file is no longer in the data folder.
    pub missing: bool,
}

/// Which pictures to list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListPictures {
    /// Of which runs.
    #[serde(flatten)]
    pub filter: RunFilter,
    /// Pixels in all, at least.
    #[ts(optional)]
    pub min_pixels: Option<u32>,
    /// Pixels in all, at most.
    #[ts(optional)]
    pub max_pixels: Option<u32>,
    /// How many to pass over.
    pub offset: u32,
    /// 1 to 500; 0 means 100.
    pub limit: u32,
}

/// A piece of the gallery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PicturePage {
    /// Newest first.
    pub pictures: Vec<Picture>,
    /// All that match.
    pub total: u32,
}

/// What can be chosen in the filters of History.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FilterChoices {
    /// Models that runs were made with, the most used first.
    pub models: Vec<String>,
    /// Providers, else connections, that answered, the most used first.
    pub providers: Vec<String>,
    /// Tags, in alphabetical order.
    pub tags: Vec<String>,
}

/// How a picture was made, as far as its file tells; what is not known is missing. `huggingface_hub`'s names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PictureSettings {
    /// What it shows.
    pub prompt: String,
    /// What it must not show.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub negative_prompt: Option<String>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub height: Option<u32>,
    /// Steps of denoising.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub num_inference_steps: Option<u32>,
    /// How closely it follows the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub guidance_scale: Option<f64>,
    /// The scheduler's name as the file has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scheduler: Option<String>,
    /// The seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub seed: Option<u64>,
    /// The model as the file names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub model: Option<String>,
    /// The program that wrote it, where that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub software: Option<String>,
}

/// One picture by its address, whether a run made it or it came from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PictureFacts {
    /// Its address.
    pub address: String,
    /// `image/png`, …, by its first bytes.
    pub media_type: String,
    /// Pixels, upright.
    pub width: u32,
    /// Pixels, upright.
    pub height: u32,
    /// Size of its file.
    pub bytes: u32,
    /// How it was made, where its file tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub settings: Option<PictureSettings>,
}

/// A picture's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Address {
    /// `media:` and the name of a file.
    pub address: String,
}

/// What the data folder holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Storage {
    /// Pictures of runs.
    pub pictures: u32,
    /// Sounds of runs.
    pub sounds: u32,
    /// Bytes of all pictures and sounds.
    #[ts(type = "number")]
    pub media_bytes: u64,
    /// Bytes of their small forms.
    #[ts(type = "number")]
    pub thumb_bytes: u64,
    /// Bytes of the history file.
    #[ts(type = "number")]
    pub history_bytes: u64,
    /// Pictures whose file is gone.
    pub missing: u32,
}

/// So many new pictures are looked at before a list is given, so that a run's own are right at once.
const AT_ONCE: usize = 8;

/// A picture's pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
    /// Four bytes each: red, green, blue, alpha.
    pub rgba: Vec<u8>,
}

impl Playground {
    /// A piece of the gallery.
    pub async fn pictures(&self, wanted: ListPictures) -> Result<PicturePage> {
        let ask = async || {
            let wanted = wanted.clone();
            self.inner.store.ask("read your pictures", move |db| pictures::list(db, &wanted)).await
        };
        let (page, unseen) = ask().await?;
        if unseen.is_empty() {
            return Ok(page);
        }
        if unseen.len() > AT_ONCE {
            self.look_behind(unseen);
            return Ok(page);
        }
        self.look_at(unseen).await;
        Ok(ask().await?.0)
    }

    /// What can be chosen in the filters of History.
    pub async fn filter_choices(&self, _: Nothing) -> Result<FilterChoices> {
        self.inner.store.ask("read your history", |db| pictures::choices(db)).await
    }

    /// One picture's facts.
    pub async fn picture(&self, Address { address }: Address) -> Result<PictureFacts> {
        let (name, files) = (media::name_in(&address)?, self.inner.files.clone());
        off_thread("read this picture", move || facts(address, &media::read(&files, &name)?)).await
    }

    /// Takes in a picture of the person's own.
    pub async fn open_picture(&self, File { path }: File) -> Result<PictureFacts> {
        let read = move || media::read_own(Path::new(&path), LARGEST);
        self.add_picture(off_thread("read this file", read).await?).await
    }

    /// Takes in the bytes of a picture that was dropped or pasted.
    ///
    /// # Errors
    /// `input` in plain words for what is no picture, is damaged, or is too large to be opened.
    pub async fn add_picture(&self, bytes: Vec<u8>) -> Result<PictureFacts> {
        let files = self.inner.files.clone();
        let take_in = move || {
            let media = Media::new(bytes, "");
            decode(&media.bytes, &Limits::default())?;
            facts(format!("media:{}", files.keep(&media)?), &media)
        };
        off_thread("take in this picture", take_in).await
    }

    /// A picture's pixels, upright, for the clipboard.
    pub async fn pixels(&self, Address { address }: Address) -> Result<Pixels> {
        let (name, files) = (media::name_in(&address)?, self.inner.files.clone());
        let open = move || {
            let image = decode(&media::read(&files, &name)?.bytes, &Limits::default())?.image.into_rgba8();
            Ok(Pixels { width: image.width(), height: image.height(), rgba: image.into_raw() })
        };
        off_thread("open this picture", open).await
    }

    /// What the data folder holds.
    pub async fn storage(&self, _: Nothing) -> Result<Storage> {
        let count = |db: &mut rusqlite::Connection| Ok((pictures::count(db)?, records::sounds(db)?));
        let ((pictures, missing), sounds) = self.inner.store.ask("read your history", count).await?;
        let (files, data) = (self.inner.files.clone(), self.inner.folders.data.clone());
        off_thread("measure your data folder", move || {
            let (media_bytes, thumb_bytes) = files.sizes();
            let size = |end: &str| {
                std::fs::metadata(data.join(format!("history.sqlite{end}"))).map_or(0, |about| about.len())
            };
            let history_bytes = size("") + size("-wal");
            Ok(Storage { pictures, sounds, media_bytes, thumb_bytes, history_bytes, missing })
        })
        .await
    }

    pub(crate) async fn record(&self, id: String) -> Result<Option<Record>> {
        let found = self.inner.store.ask("read this run", move |db| records::of(db, &[id])).await?;
        Ok(found.into_iter().next())
    }
}

fn facts(address: String, picture: &Media) -> Result<PictureFacts> {
    let facts = look(&picture.bytes)?;
    Ok(PictureFacts {
        address,
        media_type: facts.media_type,
        width: facts.width,
        height: facts.height,
        bytes: u32::try_from(facts.bytes).unwrap_or(u32::MAX),
        settings: read_settings(&picture.bytes).map(shown),
    })
}
