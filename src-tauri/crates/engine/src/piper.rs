//! Reads the head of a Piper voice, which is two files: `<voice>.onnx` and `<voice>.onnx.json` beside it.
//! Both are hostile: the JSON is read up to a limit, and of the ONNX file the first bytes alone.
//! Source of the layout: Piper's `TRAINING.md` and the configs of rhasspy/piper-voices.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use limerick_tasks::Result;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::models::refuse;

/// The largest known config (904 speakers) has 30 kB.
const LONGEST_CONFIG: u64 = 1 << 20;
/// Samples a second that a voice may have.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=48_000;

/// What the config of a Piper voice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piper {
    /// Samples a second.
    pub sample_rate: u32,
}

#[derive(Deserialize)]
struct Config {
    audio: Audio,
    phoneme_id_map: Map<String, Value>,
}

#[derive(Deserialize)]
struct Audio {
    sample_rate: u32,
}

impl Piper {
    /// Reads the heads of the voice whose ONNX file is at `path`.
    ///
    /// # Errors
    /// `Model` with one sentence, when one of the two files is missing, damaged or no Piper voice.
    pub fn read(path: &Path) -> Result<Self> {
        look_at_weights(path).and_then(|()| read_config(path)).map_err(refuse)
    }

    /// Where the config of the voice at `path` lies.
    pub fn config_path(path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(".json");
        name.into()
    }

    /// Whether a file is meant to be a voice, by its name.
    pub fn is_meant(path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"))
    }
}

/// An ONNX file is a protobuf message whose first field is the version of the format, a small number.
fn look_at_weights(path: &Path) -> std::result::Result<(), String> {
    let mut head = [0; 2];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    match (read, head) {
        (Ok(()), [0x08, 1..=127]) => Ok(()),
        (Err(cause), _) if cause.kind() == std::io::ErrorKind::NotFound => {
            Err(format!("“{}” cannot be opened; is it still there?", called(path)))
        }
        _ => Err(format!("“{}” is not an ONNX file; pick the .onnx file of a Piper voice.", called(path))),
    }
}

fn read_config(path: &Path) -> std::result::Result<Piper, String> {
    let config = Piper::config_path(path);
    let mut text = Vec::new();
    File::open(&config)
        .and_then(|file| file.take(LONGEST_CONFIG + 1).read_to_end(&mut text))
        .map_err(|_| format!("A Piper voice is two files: put “{}” beside the other.", called(&config)))?;
    let no_voice =
        || format!("“{}” describes no Piper voice; get it again from where it came.", called(&config));
    if text.len() as u64 > LONGEST_CONFIG {
        return Err(no_voice());
    }
    let read: Config = serde_json::from_slice(&text).map_err(|_| no_voice())?;
    if read.phoneme_id_map.is_empty() || !RATES.contains(&read.audio.sample_rate) {
        return Err(no_voice());
    }
    Ok(Piper { sample_rate: read.audio.sample_rate })
}

fn called(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use std::fs;

    use super::*;

    const CONFIG: &str =
        r#"{"audio": {"sample_rate": 22050}, "phoneme_id_map": {"_": [0]}, "num_speakers": 1}"#;

    fn read(onnx: &[u8], config: Option<&str>) -> Result<Piper> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("joe.onnx");
        fs::write(&path, onnx).unwrap();
        if let Some(config) = config {
            fs::write(folder.path().join("joe.onnx.json"), config).unwrap();
        }
        Piper::read(&path)
    }

    #[test]
    fn a_voice_is_an_onnx_file_and_its_config() {
        assert_eq!(read(b"\x08\x08more", Some(CONFIG)).unwrap(), Piper { sample_rate: 22_050 });
    }

    #[test]
    fn what_is_no_voice_is_refused_in_plain_words() {
        let onnx = b"\x08\x08more";
        let long = format!("{CONFIG}{}", " ".repeat(1 << 20));
        for (file, config, words) in [
            (&onnx[..], None, "put “joe.onnx.json” beside"),
            (b"", Some(CONFIG), "“joe.onnx” is not an ONNX file"),
            (b"version https://git-lfs.github.com/spec/v1", Some(CONFIG), "is not an ONNX file"),
            (b"GGUF", Some(CONFIG), "is not an ONNX file"),
            (onnx, Some("[]"), "describes no Piper voice"),
            (onnx, Some("{\"audio\": "), "describes no Piper voice"),
            (onnx, Some(&CONFIG.replace("22050", "0")), "describes no Piper voice"),
            (onnx, Some(&CONFIG.replace("22050", "4294967296")), "describes no Piper voice"),
            (onnx, Some(&CONFIG.replace("\"_\": [0]", "")), "describes no Piper voice"),
            (onnx, Some(&long), "describes no Piper voice"),
        ] {
            let error = read(file, config).unwrap_err();
            assert!(error.message.contains(words), "{error}");
        }
        let gone = Piper::read(Path::new("/nowhere/joe.onnx")).unwrap_err();
        assert!(gone.message.contains("is it still there?"), "{gone}");
    }
}
