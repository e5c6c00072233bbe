//! Pictures made ready for sending to a model: upright, small enough, and with nothing in them but pixels.

use limerick_pictures::prepare;
use limerick_tasks::{Media, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Playground,
    keys::off_thread,
    media::{self, address_of},
    picture_tokens::picture_tokens,
};

/// How a picture is made ready for sending: upright, and small enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Preparing {
    /// Pixels of the longest side at most, 64 to 8192; a smaller picture is not made larger.
    pub max_side: u32,
    /// Quality of the JPEG, 1 to 100.
    pub quality: u8,
}

impl Default for Preparing {
    /// What models read well and bodies of requests have room for (hf-api 2.4).
    fn default() -> Self {
        Self { max_side: 1024, quality: 85 }
    }
}

/// Makes a picture ready for sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreparePicture {
    /// The picture as it came.
    pub address: String,
    /// The model it is for, which tells how many tokens it will be.
    pub model: String,
    /// How.
    #[serde(flatten)]
    pub preparing: Preparing,
}

/// A picture that is ready for sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreparedPicture {
    /// What is sent: a JPEG, or the picture as it was where that is smaller and fits; without what cameras note.
    pub address: String,
    /// Pixels of what is sent.
    pub width: u32,
    /// Pixels of what is sent.
    pub height: u32,
    /// Bytes of what is sent, before base64.
    pub bytes: u32,
    /// Bytes of the picture as it came.
    pub original_bytes: u32,
    /// Tokens that a model is likely to count for it: an estimate.
    pub tokens: u32,
}

impl Playground {
    /// Makes a picture ready for sending, and says what it will cost.
    pub async fn prepare_picture(&self, wanted: PreparePicture) -> Result<PreparedPicture> {
        let (name, files) = (media::name_in(&wanted.address)?, self.inner.files.clone());
        let make = move || {
            let original = media::read(&files, &name)?.bytes;
            let ready = prepare(&original, wanted.preparing.max_side, wanted.preparing.quality)?;
            let (width, height, bytes) = (ready.width, ready.height, size(&ready.bytes));
            let name = files.keep(&Media::new(ready.bytes, ready.media_type))?;
            Ok(PreparedPicture {
                address: address_of(&name),
                width,
                height,
                bytes,
                original_bytes: size(&original),
                tokens: picture_tokens(&wanted.model, width, height),
            })
        };
        off_thread("make this picture ready", make).await
    }
}

/// A picture's bytes, made ready for sending.
///
/// # Errors
/// `input` in plain words for what is no picture, is damaged, or is too large to be opened.
pub fn prepared(bytes: &[u8], preparing: Preparing) -> Result<Media> {
    let ready = prepare(bytes, preparing.max_side, preparing.quality)?;
    Ok(Media::new(ready.bytes, ready.media_type))
}

fn size(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
