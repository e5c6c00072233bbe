//! Pictures of runs: the gallery, one picture's facts, pictures that come from outside, and saving one.

use limerick_tasks::{Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Playground, RunFilter, commands::{File, Nothing}};

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

/// The form of a picture's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PictureForm {
    /// As it came.
    Original,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP, without loss.
    Webp,
}

/// Saves a picture where the person wants it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SavePicture {
    /// Which.
    pub address: String,
    /// The run whose settings are written into it.
    #[serde(default)]
    #[ts(optional)]
    pub run: Option<String>,
    /// The file, as picked in a dialog.
    pub path: String,
    /// Its form.
    pub form: PictureForm,
}

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

/// What the data folder holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Storage {
    /// Pictures of runs.
    pub pictures: u32,
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

impl Playground {
    /// A piece of the gallery.
    pub async fn pictures(&self, _: ListPictures) -> Result<PicturePage> {
        Err(Error::internal("list pictures", "not built"))
    }

    /// What can be chosen in the filters of History.
    pub async fn filter_choices(&self, _: Nothing) -> Result<FilterChoices> {
        Err(Error::internal("list pictures", "not built"))
    }

    /// One picture's facts.
    pub async fn picture(&self, _: Address) -> Result<PictureFacts> {
        Err(Error::internal("list pictures", "not built"))
    }

    /// Takes in a picture of the person's own.
    pub async fn open_picture(&self, _: File) -> Result<PictureFacts> {
        Err(Error::internal("list pictures", "not built"))
    }

    /// Saves a picture where the person wants it.
    pub async fn save_picture(&self, _: SavePicture) -> Result<Nothing> {
        Err(Error::internal("list pictures", "not built"))
    }

    /// Whether a repeated run gave the same.
    pub async fn repeated(&self, _: crate::commands::Id) -> Result<Repeated> {
        Err(Error::internal("list pictures", "not built"))
    }

    /// What the data folder holds.
    pub async fn storage(&self, _: Nothing) -> Result<Storage> {
        Err(Error::internal("list pictures", "not built"))
    }
}
