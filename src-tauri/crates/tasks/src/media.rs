//! Pictures and sounds: bytes and what they are. In JSON they are a `data:` URI; `media:` stands for one whose file
//! is gone.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, ErrorCode, Result};

/// What one without bytes is in JSON.
const GONE: &str = "media:";

/// A picture or a sound; without bytes where its file is gone. `Debug` shows its type and size only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Media {
    /// Its type by its own first bytes (`image/png`, `audio/flac`, …); what a server says of it counts only
    /// where the bytes do not tell.
    pub media_type: String,
    /// The file as it is.
    pub bytes: Bytes,
}

impl Media {
    /// Names the bytes by their first ones; `said` counts where these do not tell.
    pub fn new(bytes: impl Into<Bytes>, said: &str) -> Self {
        let bytes = bytes.into();
        let said = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let media_type = Self::kind_of(&bytes).map_or(said, str::to_owned);
        Self { media_type, bytes }
    }

    /// Reads a `data:` URI, in base64.
    ///
    /// # Errors
    /// `input` when it is none, is not in base64, or is empty.
    pub fn from_data_uri(uri: &str) -> Result<Self> {
        let bad = || Error::new(ErrorCode::Input, "A picture or a sound goes in as a data: URI in base64.");
        let (head, data) =
            uri.trim().strip_prefix("data:").and_then(|rest| rest.split_once(',')).ok_or_else(bad)?;
        let said = head.strip_suffix(";base64").ok_or_else(bad)?;
        Self::from_base64(data, said).map_err(|_| bad())
    }

    /// Reads bare base64, as servers send it; spaces and line ends in it are skipped.
    ///
    /// # Errors
    /// `format` when it is none, or is empty.
    pub fn from_base64(data: &str, said: &str) -> Result<Self> {
        let tight = || data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>();
        // Nearly always there is nothing to skip, and pictures are large.
        let bytes = BASE64.decode(data).or_else(|_| BASE64.decode(tight())).unwrap_or_default();
        if bytes.is_empty() {
            return Err(Error::new(ErrorCode::Format, "The server sent a file that is not in base64."));
        }
        Ok(Self::new(bytes, said))
    }

    /// The bytes in base64, without a `data:` head.
    pub fn base64(&self) -> String {
        BASE64.encode(&self.bytes)
    }

    /// A `data:` URI.
    pub fn data_uri(&self) -> String {
        format!("data:{};base64,{}", self.media_type, self.base64())
    }

    /// The type of a file by its first bytes (file formats' own magic numbers), where these tell.
    pub fn kind_of(bytes: &[u8]) -> Option<&'static str> {
        let fits = |magic: &&[u8]| {
            bytes.len() >= magic.len()
                && magic.iter().zip(bytes).all(|(want, is)| *want == b'.' || want == is)
        };
        KINDS.iter().find(|(.., magics)| magics.iter().any(fits)).map(|(kind, ..)| *kind)
    }

    /// Whether it is a picture.
    pub fn is_image(&self) -> bool {
        self.media_type.starts_with("image/")
    }

    /// Whether it is a sound.
    pub fn is_audio(&self) -> bool {
        self.media_type.starts_with("audio/")
    }

    /// The usual ending of such a file's name, without a dot.
    pub fn extension(&self) -> &str {
        let known = KINDS.iter().find(|(kind, ..)| *kind == self.media_type);
        known.map_or("bin", |(_, extension, _)| extension)
    }

    /// Whether this is the usual ending of a picture or a sound that is known by its first bytes.
    pub fn is_extension(extension: &str) -> bool {
        KINDS.iter().any(|(_, known, magics)| *known == extension && !magics.is_empty())
    }
}

/// Type, ending of the name, and the bytes that a file of it has at its start; `.` stands for any byte.
const KINDS: &[(&str, &str, &[&[u8]])] = &[
    ("image/png", "png", &[b"\x89PNG\r\n\x1a\n"]),
    ("image/jpeg", "jpg", &[b"\xff\xd8\xff"]),
    ("image/gif", "gif", &[b"GIF87a", b"GIF89a"]),
    ("image/webp", "webp", &[b"RIFF....WEBP"]),
    ("image/bmp", "bmp", &[b"BM"]),
    ("image/tiff", "tiff", &[b"II*\0", b"MM\0*"]),
    ("image/avif", "avif", &[b"....ftypavif", b"....ftypavis"]),
    ("audio/wav", "wav", &[b"RIFF....WAVE", b"RF64....WAVE"]),
    ("audio/flac", "flac", &[b"fLaC"]),
    ("audio/ogg", "ogg", &[b"OggS"]),
    // MPEG 1, 2 and 2.5, Layer III, with a checksum and without.
    (
        "audio/mpeg",
        "mp3",
        &[b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2"],
    ),
    ("audio/aac", "aac", &[b"\xff\xf1", b"\xff\xf0", b"\xff\xf9", b"\xff\xf8"]),
    ("audio/mp4", "m4a", &[b"....ftypM4", b"....ftypmp4", b"....ftypiso", b"....ftypdash"]),
    ("audio/webm", "webm", &[b"\x1aE\xdf\xa3"]),
    ("application/json", "json", &[]),
    ("text/plain", "txt", &[]),
];

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Media({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

impl Serialize for Media {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if self.bytes.is_empty() {
            return serializer.serialize_str(GONE);
        }
        serializer.serialize_str(&self.data_uri())
    }
}

impl<'de> Deserialize<'de> for Media {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == GONE {
            return Ok(Self::default());
        }
        Self::from_data_uri(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn the_bytes_say_what_a_file_is_whatever_the_server_says() {
        let png = Media::new(&b"\x89PNG\r\n\x1a\nrest"[..], "audio/mpeg");
        assert_eq!((png.media_type.as_str(), png.extension()), ("image/png", "png"));
        assert_eq!(Media::new(&b"RIFF\x01\x02\x03\x04WAVEfmt "[..], "").media_type, "audio/wav");
        assert_eq!(Media::new(&b"????"[..], "Image/X-Odd; q=1").media_type, "image/x-odd");
    }

    #[test]
    fn sounds_are_known_by_their_first_bytes() {
        let kinds: [(&[u8], &str); 6] = [
            (b"\xff\xe3\x18\xc4", "audio/mpeg"),
            (b"\xff\xf0\x50\x80", "audio/aac"),
            (b"\0\0\0\x1cftypM4B ", "audio/mp4"),
            (b"\0\0\0\x1cftypiso6", "audio/mp4"),
            (b"\0\0\0\x1cftypdash", "audio/mp4"),
            (b"RF64\xff\xff\xff\xffWAVEds64", "audio/wav"),
        ];
        for (bytes, kind) in kinds {
            assert_eq!(Media::kind_of(bytes), Some(kind), "{}", bytes.escape_ascii());
        }
        assert_eq!((Media::kind_of(b"\0\0\0\x1cftypheic"), Media::kind_of(b"")), (None, None));
    }

    #[test]
    fn a_data_uri_comes_back_the_same() {
        let media = Media::new(&b"fLaC\0\0"[..], "");
        let json = serde_json::to_string(&media).unwrap();
        assert_eq!(serde_json::from_str::<Media>(&json).unwrap(), media);
        for bad in
            ["\"hello\"", "\"data:image/png,abc\"", "\"data:image/png;base64,\"", "\"data:;base64,%%\""]
        {
            assert!(serde_json::from_str::<Media>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_whose_file_is_gone_comes_back_as_such() {
        let json = serde_json::to_string(&Media::default()).unwrap();
        assert_eq!(
            (json.as_str(), serde_json::from_str::<Media>(&json).unwrap()),
            ("\"media:\"", Media::default())
        );
    }

    #[test]
    fn line_ends_in_base64_are_skipped() {
        assert_eq!(Media::from_base64("Qk1\r\n4eXo=\n", "").unwrap().bytes, &b"BMxyz"[..]);
        assert_eq!(Media::from_base64(" \n", "").unwrap_err().code, ErrorCode::Format);
    }

    #[test]
    fn debug_shows_no_bytes() {
        assert_eq!(format!("{:?}", Media::new(&b"BMxyz"[..], "")), "Media(image/bmp, 5 bytes)");
    }
}
