//! What a picture was made with: kept inside the file as other tools keep it, and read from the forms of the usual
//! tools. Nothing is believed; what cannot be understood is left out.

mod flat;
mod graph;
mod parameters;

use image::ImageFormat;
use limerick_tasks::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::facts::{damaged, format_of, name};
use crate::{jpeg, png, webp};

/// What a picture was made with, under the names of `huggingface_hub`. What is not known is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// What the picture shows.
    pub prompt: String,
    /// What it must not show.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub negative_prompt: Option<String>,
    /// Steps of denoising.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub num_inference_steps: Option<u32>,
    /// How closely the picture follows the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub guidance_scale: Option<f64>,
    /// The scheduler, or the sampler as other tools call it, under their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scheduler: Option<String>,
    /// The seed; other tools go up to 18446744073709551615.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub seed: Option<u64>,
    /// Pixels asked for, which is not always what came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub width: Option<u32>,
    /// Pixels asked for, which is not always what came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub height: Option<u32>,
    /// The model: its id, or the name of its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub model: Option<String>,
    /// Who ran it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provider: Option<String>,
    /// The program that wrote this, with its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub software: Option<String>,
    /// Any other parameter, under its own name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub extra: Map<String, Value>,
    /// Our own record of the run, in pictures of ours; it must hold no key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "unknown")]
    pub json: Option<Value>,
}

/// A text of a file, and what it is called there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    /// The keyword of a PNG chunk, or what takes its place elsewhere.
    pub(crate) key: String,
    /// The text itself.
    pub(crate) text: String,
}

/// The settings in a PNG, JPEG or WebP file, written by us, AUTOMATIC1111 and its kin, `SwarmUI`, `ComfyUI`, `InvokeAI`,
/// Fooocus or `NovelAI`; nothing where there are none. Texts of more than 4 MB are not read.
pub fn read_settings(bytes: &[u8]) -> Option<Settings> {
    let texts = match format_of(bytes).ok()? {
        ImageFormat::Png => png::texts(bytes),
        ImageFormat::Jpeg => jpeg::texts(bytes),
        ImageFormat::WebP => webp::texts(bytes),
        _ => return None,
    };
    // The surest first: ours is exact.
    let known: [(&str, Reader); 6] = [
        ("limerick", ours),
        ("parameters", parameters),
        ("prompt", |text| graph::read(&json(text)?)),
        ("invokeai_metadata", |text| flat::read(&json(text)?)),
        ("comment", comment),
        ("description", comment),
    ];
    known.iter().find_map(|(key, read)| {
        texts.iter().filter(|text| text.key.eq_ignore_ascii_case(key)).find_map(|text| read(&text.text))
    })
}

type Reader = fn(&str) -> Option<Settings>;

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn ours(text: &str) -> Option<Settings> {
    serde_json::from_str(text).ok()
}

/// Whatever stands under the name that everyone uses.
fn parameters(text: &str) -> Option<Settings> {
    match json(text) {
        Some(value) => flat::read(&value),
        None => parameters::read(text).map(|(settings, _)| settings),
    }
}

/// A comment can be anything: it counts where it is sure to be settings.
fn comment(text: &str) -> Option<Settings> {
    match json(text) {
        Some(value) => flat::read(&value),
        None => parameters::read(text).filter(|(_, sure)| *sure).map(|(settings, _)| settings),
    }
}

/// The file with these settings in it, instead of earlier ones: as text that other tools read, and exactly, as our
/// own JSON. No pixel is touched, and all else stays byte for byte. In a JPEG file the JSON is left out where it is
/// too long for the format (64 kB in all).
///
/// # Errors
/// `input` for another format than PNG, JPEG and WebP, for a file without a header, and for a text that is too long.
pub fn with_settings(bytes: &[u8], settings: &Settings) -> Result<Vec<u8>> {
    let format = format_of(bytes)?;
    let exact = serde_json::to_string(settings)
        .map_err(|cause| Error::internal("write the settings of this picture", cause))?;
    let text = |key: &str, text: String| Text { key: key.into(), text };
    let [said, exact] = [text("parameters", parameters::write(settings)), text("limerick", exact)];
    let both = [said, exact];
    match format {
        ImageFormat::Png => png::with_texts(bytes, &both).ok_or_else(|| damaged(format)),
        ImageFormat::WebP => webp::with_texts(bytes, &both).ok_or_else(|| damaged(format)),
        ImageFormat::Jpeg => {
            let written = jpeg::with_texts(bytes, &both).or_else(|| jpeg::with_texts(bytes, &both[..1]));
            written.ok_or_else(|| refused("The settings are too long for a JPEG file. Save it as PNG."))
        }
        other => Err(refused(&format!(
            "A {} file cannot hold settings. Save the picture as PNG, JPEG or WebP.",
            name(other)
        ))),
    }
}

fn refused(words: &str) -> Error {
    Error::new(ErrorCode::Input, words)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;
    use crate::fixtures::fixture;
    use crate::same_pixels;

    fn fox() -> Settings {
        let mut extra = Map::new();
        extra.insert("clip_skip".into(), json!(2));
        Settings {
            prompt: "  ein Füchslein 🦊,\nNegative prompt: none".into(),
            negative_prompt: Some("blurry: \"very\"".into()),
            num_inference_steps: Some(28),
            guidance_scale: Some(3.5),
            scheduler: Some("Euler a".into()),
            seed: Some(u64::MAX),
            width: Some(1024),
            height: Some(768),
            model: Some("black-forest-labs/FLUX.1-dev".into()),
            provider: Some("fal-ai".into()),
            software: Some("Limerick 0.1.0".into()),
            extra,
            json: Some(json!({"run": [1, {"deep": "ä"}]})),
        }
    }

    #[test]
    fn settings_come_back_exactly_from_every_form_and_no_pixel_changes() {
        for name in ["cat.png", "cat.jpg", "turned.jpg", "cat.webp", "cat.lossless.webp", "cat.palette.png"] {
            let cat = fixture(name);
            let file = with_settings(cat, &fox()).unwrap();
            assert_eq!(read_settings(&file).unwrap(), fox(), "{name}");
            assert!(same_pixels(cat, &file), "{name}");
            let again = with_settings(&file, &Settings::default()).unwrap();
            assert_eq!(read_settings(&again).unwrap(), Settings::default(), "{name}");
        }
    }

    #[test]
    fn a_record_that_is_too_long_for_jpeg_leaves_the_text() {
        let long = Settings { json: Some(json!("x".repeat(70_000))), ..fox() };
        let read = read_settings(&with_settings(fixture("cat.jpg"), &long).unwrap()).unwrap();
        assert_eq!((read.seed, read.json), (long.seed, None));
        let longer = Settings { prompt: "x".repeat(40_000), ..Settings::default() };
        let words = with_settings(fixture("cat.jpg"), &longer).unwrap_err().message;
        assert_eq!(words, "The settings are too long for a JPEG file. Save it as PNG.");
    }

    #[test]
    fn forms_that_hold_no_settings_say_so() {
        let words = with_settings(fixture("cat.gif"), &fox()).unwrap_err().message;
        assert_eq!(words, "A GIF file cannot hold settings. Save the picture as PNG, JPEG or WebP.");
        assert!(with_settings(b"", &fox()).is_err());
    }

    #[test]
    fn pictures_without_settings_have_none() {
        for name in ["cat.png", "cat.jpg", "cat.webp", "cat.gif", "empty.png"] {
            assert_eq!(read_settings(fixture(name)), None, "{name}");
        }
        assert_eq!(comment("Created with GIMP"), None);
        assert_eq!(comment("{\"a\": 1}"), None);
    }

    #[test]
    fn files_of_other_tools_open_with_their_settings() {
        for name in ["a1111.png", "a1111.jpg", "a1111.webp"] {
            let read = read_settings(fixture(name)).unwrap();
            assert_eq!(read.prompt, "a fox, Füchslein\nin the snow", "{name}");
            assert_eq!(read.negative_prompt.as_deref(), Some("blurry, text"), "{name}");
            assert_eq!((read.num_inference_steps, read.seed), (Some(28), Some(42)), "{name}");
        }
        let read = read_settings(fixture("comfy.png")).unwrap();
        assert_eq!((read.prompt.as_str(), read.seed), ("a fox", Some(7)));
    }
}
