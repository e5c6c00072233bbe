//! Saves one picture where the person wants it, in the form that they want, its settings in it.

use std::{io, path::Path};

use limerick_pictures::{Form, Settings, convert, with_settings};
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Playground,
    commands::Nothing,
    keys::off_thread,
    made_with::made_with,
    media,
    store::files::{is_full, write_new},
};

/// Of JPEG: hard to tell from the original.
const QUALITY: u8 = 92;

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

impl Playground {
    /// Saves a picture where the person wants it.
    pub async fn save_picture(&self, wanted: SavePicture) -> Result<Nothing> {
        let (name, files) = (media::name_in(&wanted.address)?, self.inner.files.clone());
        let settings = match &wanted.run {
            Some(run) => self.record(run.clone()).await?.as_ref().and_then(made_with),
            None => None,
        };
        let save = move || {
            let bytes = in_form(&media::read(&files, &name)?.bytes, wanted.form, settings.as_ref())?;
            save_bytes(Path::new(&wanted.path), &bytes)
        };
        off_thread("save this picture", save).await?;
        Ok(Nothing {})
    }
}

/// A picture as it is saved. One that came in a form without room for settings stays as it came.
fn in_form(bytes: &[u8], form: PictureForm, settings: Option<&Settings>) -> Result<Vec<u8>> {
    match form {
        PictureForm::Original => Ok(settings
            .and_then(|settings| with_settings(bytes, settings).ok())
            .unwrap_or_else(|| bytes.to_vec())),
        PictureForm::Png => convert(bytes, Form::Png, settings),
        PictureForm::Jpeg => convert(bytes, Form::Jpeg { quality: QUALITY }, settings),
        PictureForm::Webp => convert(bytes, Form::WebP, settings),
    }
}

/// Writes a file of the person's own, whole or not at all.
///
/// # Errors
/// `input` in plain words, where the disk does not take it.
pub fn save_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    save_as("the picture", path, bytes)
}

/// Writes a file of the person's own, whole or not at all; `what` it is stands in the sentence of an error.
pub(crate) fn save_as(what: &str, path: &Path, bytes: &[u8]) -> Result<()> {
    write_new(path, bytes).map_err(|cause| unwritable(what, &cause))
}

/// Why a file of the person's own could not be written.
pub(crate) fn unwritable(what: &str, cause: &io::Error) -> Error {
    let words = match cause.kind() {
        _ if is_full(cause) => {
            format!("The disk is full, so {what} was not saved. Free some space and try again.")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("Limerick may not write there, so {what} was not saved. Pick another folder.")
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            format!("That folder is gone, so {what} was not saved. Pick another one.")
        }
        _ => format!("The disk did not take {what}. Pick another folder and try again."),
    };
    Error::new(ErrorCode::Input, words).with_detail(cause)
}
