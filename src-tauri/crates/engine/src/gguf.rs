//! Reads the head of a GGUF file and refuses what llama.cpp would stumble over, in plain words.
//! Never trusts a length in the file; never reads the weights.
//! Source of the layout: ggml's `docs/gguf.md` (versions 2 and 3, little endian).

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use limerick_tasks::{Error, ErrorCode, Result};
use limerick_templates::{Source, Template, choose};
use serde_json::{Map, Value};

use crate::ggml::block_size;

/// Entries, tensors or dimensions beyond this are a broken head, not a large model.
const MOST_ENTRIES: u64 = 100_000;
/// The family of all projectors.
const PROJECTOR: &str = "clip";
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
    /// Numbers that stand for a token inside the model.
    pub(crate) embedding_length: Option<u32>,
    /// The family of a projector, such as `idefics3`.
    pub(crate) projector: String,
    /// Whether a projector is for pictures.
    sees: bool,
    /// The lengths of all sides of all tensors.
    pub(crate) sides: BTreeSet<u64>,
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
        Self::look(path, Self::fit)
    }

    /// Reads the head of a projector, which turns pictures into what a language model reads.
    ///
    /// # Errors
    /// As `read`, when it is no projector for pictures.
    pub(crate) fn read_projector(path: &Path) -> Result<Self> {
        Self::look(path, Self::looks)
    }

    /// Whether the file at `path` is a projector, as far as its head tells.
    pub(crate) fn is_projector(path: &Path) -> bool {
        Self::look(path, Ok).is_ok_and(|head| head.architecture == PROJECTOR)
    }

    fn look(path: &Path, judge: impl FnOnce(Self) -> Step<Self>) -> Result<Self> {
        let called = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let refuse = |Fault(why)| Error::new(ErrorCode::Model, format!("“{called}” {why}"));
        let file = File::open(path).map_err(|cause| {
            Error::new(ErrorCode::Model, format!("“{called}” cannot be opened; is it still there?"))
                .with_detail(cause)
        })?;
        let bytes = file.metadata().map_err(|cause| Error::internal("read a model file", cause))?.len();
        let mut head = Head { file: BufReader::with_capacity(1 << 16, file), left: bytes };
        head.gguf(bytes).and_then(judge).map_err(refuse)
    }

    /// The model's own chat template, with its special tokens; the one for tools where the model has one.
    pub fn template(&self, has_tools: bool) -> Option<Template> {
        choose(&[self.source()], None, has_tools)
    }

    /// The model's chat templates and special tokens, to choose from.
    pub fn source(&self) -> Source {
        Source::Gguf(Value::Object(self.templates.clone()))
    }

    /// Refuses files that are fine, but no projector for pictures.
    fn looks(self) -> Step<Self> {
        if self.architecture != PROJECTOR || !self.sees {
            return Err(Fault("is no projector for pictures; pick another file."));
        }
        Ok(self)
    }

    /// Refuses files that are fine, but no model that writes text.
    fn fit(self) -> Step<Self> {
        let writes_no_text = self.architecture == PROJECTOR
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
        let mut end = 0;
        for _ in 0..tensors {
            end = end.max(self.tensor(&mut found.sides)?);
        }
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
            ("clip.projector_type" | "clip.vision.projector_type", 8) => found.projector = self.text()?,
            ("clip.has_vision_encoder", 7) => found.sees = self.bytes()? == [1],
            ("split.count", 2) => found.parts = u64::from(u16::from_le_bytes(self.bytes()?)),
            (key, 4) if key.ends_with(".context_length") => found.context_length = Some(self.u32()?),
            (key, 4) if key.ends_with(".embedding_length") => found.embedding_length = Some(self.u32()?),
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
    fn tensor(&mut self, sides: &mut BTreeSet<u64>) -> Step<u64> {
        let name = self.u64()?;
        self.skip(name)?;
        let dimensions = self.u32()?;
        if dimensions == 0 || dimensions > 4 {
            return Err(DAMAGED);
        }
        let row = self.u64()?;
        let mut rows: u64 = 1;
        for _ in 1..dimensions {
            let side = self.u64()?;
            sides.insert(side);
            rows = rows.checked_mul(side).ok_or(DAMAGED)?;
        }
        sides.insert(row);
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
mod tests;
