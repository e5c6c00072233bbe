//! Reads the head of a GGUF file and refuses what llama.cpp would stumble over, in plain words.
//! Never trusts a length in the file; never reads the weights.
//! Source of the layout: ggml's `docs/gguf.md` (versions 2 and 3, little endian).

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use limerick_tasks::{Error, ErrorCode, Result};
use limerick_templates::{Source, Template, choose};
use serde_json::{Map, Value};

use crate::ggml::block_size;

/// Entries, tensors or dimensions beyond this are a broken head, not a large model.
const MOST_ENTRIES: u64 = 100_000;
/// No chat template or name is longer than this.
const LONGEST_TEXT: u64 = 4 << 20;

/// What the head of a GGUF file says about its model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gguf {
    /// The model's name, where the file gives one.
    pub name: Option<String>,
    /// The family, such as `llama` or `qwen2`.
    pub architecture: String,
    /// Tokens that the model was trained to read.
    pub context_length: Option<u32>,
    /// The model's own chat templates, in Jinja: `chat_template`, and `chat_template.<name>`; and the texts of its
    /// special tokens: `bos_token`, `eos_token`.
    templates: Map<String, Value>,
    /// Bytes of the file.
    pub bytes: u64,
    has_tokenizer: bool,
    parts: u64,
    alignment: u64,
    /// Where the list of tokens lies, and the numbers of two of them.
    tokens: Option<u64>,
    bos: Option<u32>,
    eos: Option<u32>,
}

impl Gguf {
    /// Reads the head of the file at `path`.
    ///
    /// # Errors
    /// `Model` with one sentence, when the file is missing, cut short, damaged, or no model that writes text.
    pub fn read(path: &Path) -> Result<Self> {
        let called = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let refuse = |Fault(why)| Error::new(ErrorCode::Model, format!("“{called}” {why}"));
        let file = File::open(path).map_err(|cause| {
            Error::new(ErrorCode::Model, format!("“{called}” cannot be opened; is it still there?"))
                .with_detail(cause)
        })?;
        let bytes = file.metadata().map_err(|cause| Error::internal("read a model file", cause))?.len();
        let mut head = Head { file: BufReader::with_capacity(1 << 16, file), left: bytes };
        head.gguf(bytes).and_then(Self::fit).map_err(refuse)
    }

    /// The model's own chat template, with its special tokens; the one for tools where the model has one.
    pub fn template(&self, has_tools: bool) -> Option<Template> {
        choose(&[self.source()], None, has_tools)
    }

    /// The model's chat templates and special tokens, to choose from.
    pub fn source(&self) -> Source {
        Source::Gguf(Value::Object(self.templates.clone()))
    }

    /// Refuses files that are fine, but no model that writes text.
    fn fit(self) -> std::result::Result<Self, Fault> {
        let writes_no_text = self.architecture == "clip"
            || self.architecture.starts_with("t5")
            || self.architecture.contains("bert");
        if self.architecture.is_empty() || !self.has_tokenizer || writes_no_text {
            return Err(Fault("holds no model that writes text; pick another file."));
        }
        if self.parts > 1 {
            return Err(Fault("is one part of several; join the parts with llama.cpp's gguf-split first."));
        }
        Ok(self)
    }
}

/// Why a file is refused: the end of the sentence that begins with its name.
struct Fault(&'static str);

const NOT_GGUF: Fault = Fault("is not a GGUF model file; pick one that ends in .gguf.");
const CUT_SHORT: Fault = Fault("is cut short; fetch it again.");
const DAMAGED: Fault = Fault("is damaged; fetch it again.");
const OTHER_VERSION: Fault = Fault("is of a GGUF version that Limerick does not read; get a newer file.");

type Step<T> = std::result::Result<T, Fault>;

struct Head {
    file: BufReader<File>,
    left: u64,
}

impl Head {
    fn gguf(&mut self, bytes: u64) -> Step<Gguf> {
        if self.bytes::<4>().map_err(|_| NOT_GGUF)? != *b"GGUF" {
            return Err(NOT_GGUF);
        }
        if !matches!(self.u32()?, 2 | 3) {
            return Err(OTHER_VERSION);
        }
        let tensors = self.count()?;
        let entries = self.count()?;
        let mut found = Gguf { bytes, alignment: 32, ..Gguf::default() };
        for _ in 0..entries {
            self.entry(&mut found)?;
        }
        let end = (0..tensors).try_fold(0, |end: u64, _| Ok(end.max(self.tensor()?)))?;
        if tensors == 0 {
            return Err(DAMAGED);
        }
        let start = (bytes - self.left).next_multiple_of(found.alignment);
        if start.checked_add(end).is_none_or(|need| need > bytes) {
            return Err(CUT_SHORT);
        }
        self.special_tokens(&mut found)?;
        Ok(found)
    }

    /// Looks up the texts of the special tokens, by their numbers.
    fn special_tokens(&mut self, found: &mut Gguf) -> Step<()> {
        for (name, number) in [("bos_token", found.bos), ("eos_token", found.eos)] {
            let (Some(place), Some(number)) = (found.tokens, number) else { continue };
            self.file.seek(SeekFrom::Start(place)).map_err(|_| CUT_SHORT)?;
            self.left = found.bytes - place;
            if self.u32()? != 8 || u64::from(number) >= self.u64()? {
                continue;
            }
            for _ in 0..number {
                let text = self.u64()?;
                self.skip(text)?;
            }
            found.templates.insert(name.to_owned(), self.text()?.into());
        }
        Ok(())
    }

    /// Reads one key and its value, and keeps what matters.
    fn entry(&mut self, found: &mut Gguf) -> Step<()> {
        let key = self.text()?;
        let kind = self.u32()?;
        match (key.as_str(), kind) {
            ("general.architecture", 8) => found.architecture = self.text()?,
            ("general.name", 8) => found.name = Some(self.text()?).filter(|name| !name.trim().is_empty()),
            ("general.alignment", 4) => {
                found.alignment = u64::from(self.u32()?);
                if !found.alignment.is_power_of_two() || found.alignment > 1 << 20 {
                    return Err(DAMAGED);
                }
            }
            ("tokenizer.ggml.tokens", 9) => {
                let place = found.bytes - self.left;
                self.skip_array()?;
                found.tokens = Some(place);
            }
            ("tokenizer.ggml.bos_token_id", 4) => found.bos = Some(self.u32()?),
            ("tokenizer.ggml.eos_token_id", 4) => found.eos = Some(self.u32()?),
            (key, 8) if key.starts_with("tokenizer.chat_template") => {
                let name = key.trim_start_matches("tokenizer.").to_owned();
                found.templates.insert(name, self.text()?.into());
            }
            ("tokenizer.ggml.model", 8) => {
                found.has_tokenizer = !matches!(self.text()?.as_str(), "none" | "no_vocab");
            }
            ("split.count", 2) => found.parts = u64::from(u16::from_le_bytes(self.bytes()?)),
            (key, 4) if key.ends_with(".context_length") => found.context_length = Some(self.u32()?),
            (_, kind) => self.skip_value(kind)?,
        }
        Ok(())
    }

    fn skip_value(&mut self, kind: u32) -> Step<()> {
        match kind {
            8 => {
                let length = self.u64()?;
                self.skip(length)
            }
            9 => self.skip_array(),
            scalar => self.skip(size_of_scalar(scalar)?),
        }
    }

    fn skip_array(&mut self) -> Step<()> {
        let kind = self.u32()?;
        let length = self.u64()?;
        if kind == 8 {
            // Each text takes at least its own length field, so a lie about the number ends soon.
            for _ in 0..length {
                let text = self.u64()?;
                self.skip(text)?;
            }
            return Ok(());
        }
        self.skip(length.checked_mul(size_of_scalar(kind)?).ok_or(DAMAGED)?)
    }

    /// Reads where one tensor lies and returns the end of its data, counted from the start of all data.
    fn tensor(&mut self) -> Step<u64> {
        let name = self.u64()?;
        self.skip(name)?;
        let dimensions = self.u32()?;
        if dimensions == 0 || dimensions > 4 {
            return Err(DAMAGED);
        }
        let row = self.u64()?;
        let rows =
            (1..dimensions).try_fold(1, |rows: u64, _| rows.checked_mul(self.u64().ok()?)).ok_or(DAMAGED)?;
        let (block, size) = block_size(self.u32()?);
        let offset = self.u64()?;
        if block == 0 || row % block != 0 {
            return Err(DAMAGED);
        }
        let bytes = (row / block).checked_mul(size).and_then(|bytes| bytes.checked_mul(rows));
        bytes.and_then(|bytes| bytes.checked_add(offset)).ok_or(DAMAGED)
    }

    fn count(&mut self) -> Step<u64> {
        let count = self.u64()?;
        if count > MOST_ENTRIES { Err(DAMAGED) } else { Ok(count) }
    }

    fn text(&mut self) -> Step<String> {
        let length = self.u64()?;
        if length > LONGEST_TEXT {
            return Err(DAMAGED);
        }
        if length > self.left {
            return Err(CUT_SHORT);
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| DAMAGED)?];
        self.file.read_exact(&mut bytes).map_err(|_| CUT_SHORT)?;
        self.left -= length;
        String::from_utf8(bytes).map_err(|_| DAMAGED)
    }

    fn u32(&mut self) -> Step<u32> {
        Ok(u32::from_le_bytes(self.bytes()?))
    }

    fn u64(&mut self) -> Step<u64> {
        Ok(u64::from_le_bytes(self.bytes()?))
    }

    fn bytes<const N: usize>(&mut self) -> Step<[u8; N]> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).map_err(|_| CUT_SHORT)?;
        self.left -= N as u64;
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> Step<()> {
        if length > self.left {
            return Err(CUT_SHORT);
        }
        self.left -= length;
        self.file.seek_relative(i64::try_from(length).map_err(|_| DAMAGED)?).map_err(|_| CUT_SHORT)
    }
}

fn size_of_scalar(kind: u32) -> Step<u64> {
    match kind {
        0 | 1 | 7 => Ok(1),
        2 | 3 => Ok(2),
        4..=6 => Ok(4),
        10..=12 => Ok(8),
        _ => Err(DAMAGED),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn text(bytes: &mut Vec<u8>, text: &str) {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    }

    fn entry(bytes: &mut Vec<u8>, key: &str, value: &str) {
        text(bytes, key);
        bytes.extend(8_u32.to_le_bytes());
        text(bytes, value);
    }

    /// A head with one tensor of 32 halves, padded to its data.
    fn small(architecture: &str) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend(1_u64.to_le_bytes());
        bytes.extend(3_u64.to_le_bytes());
        entry(&mut bytes, "general.architecture", architecture);
        entry(&mut bytes, "tokenizer.ggml.model", "gpt2");
        text(&mut bytes, "toy.context_length");
        bytes.extend(4_u32.to_le_bytes());
        bytes.extend(77_u32.to_le_bytes());
        text(&mut bytes, "weights");
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(32_u64.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(0_u64.to_le_bytes());
        bytes.resize(bytes.len().next_multiple_of(32) + 64, 0);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Gguf> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("toy.gguf");
        std::fs::write(&path, bytes).unwrap();
        Gguf::read(&path)
    }

    #[test]
    fn a_whole_head_is_read() {
        let found = read(&small("toy")).unwrap();
        assert_eq!((found.architecture.as_str(), found.context_length), ("toy", Some(77)));
    }

    #[test]
    fn templates_and_the_texts_of_special_tokens_are_found() {
        let mut bytes = small("toy");
        let tensor = bytes.windows(15).position(|part| part.ends_with(b"weights")).unwrap();
        let rest = bytes.split_off(tensor);
        bytes[16..24].copy_from_slice(&7_u64.to_le_bytes());
        entry(&mut bytes, "tokenizer.chat_template", "D");
        entry(&mut bytes, "tokenizer.chat_template.tool_use", "T");
        text(&mut bytes, "tokenizer.ggml.bos_token_id");
        bytes.extend([4, 0, 0, 0, 1, 0, 0, 0]);
        text(&mut bytes, "tokenizer.ggml.tokens");
        bytes.extend([9, 0, 0, 0, 8, 0, 0, 0]);
        bytes.extend(2_u64.to_le_bytes());
        text(&mut bytes, "a");
        text(&mut bytes, "<s>");
        bytes.extend(&rest);
        bytes.resize(bytes.len() + 64, 0);
        let found = read(&bytes).unwrap();
        let template = found.template(true).unwrap();
        assert_eq!((template.text.as_str(), template.tokens["bos_token"].as_str()), ("T", "<s>"));
        assert_eq!(found.template(false).unwrap().text, "D");
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        for bytes in
            [&b""[..], b"GG", b"PK\x03\x04 a zip file of some length", b"<!doctype html><title>404</title>"]
        {
            assert!(read(bytes).unwrap_err().message.contains("is not a GGUF model file"));
        }
    }

    #[test]
    fn every_cut_is_refused() {
        let whole = small("toy");
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn absurd_lengths_are_refused_without_being_believed() {
        for at in [8, 16, 24] {
            let mut bytes = small("toy");
            bytes[at..at + 8].copy_from_slice(&u64::MAX.to_le_bytes());
            assert!(read(&bytes).is_err(), "length at {at}");
        }
    }

    #[test]
    fn no_single_changed_byte_makes_the_reader_panic() {
        let whole = small("toy");
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            let _ = read(&bytes);
        }
    }

    #[test]
    fn models_that_write_no_text_are_refused() {
        for architecture in ["clip", "nomic-bert", "t5encoder", ""] {
            assert!(read(&small(architecture)).unwrap_err().message.contains("no model that writes text"));
        }
    }
}
