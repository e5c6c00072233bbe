//! A model's eyes: its projector in memory, which turns pictures into what the language model reads.
//! Pictures come from strangers: they are decoded within limits by `limerick-pictures`, and llama.cpp is handed
//! pixels, never files.

use std::collections::HashMap;
use std::path::Path;

use limerick_pictures::{Limits, decode};
use limerick_tasks::{Error, ErrorCode, Media, Result};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::mtmd::{
    MtmdBitmap, MtmdContext, MtmdContextParams, MtmdInputChunks, MtmdInputText, mtmd_default_marker,
};
use sha2::{Digest, Sha256};

use crate::gguf::Gguf;
use crate::load::Loaded;
use crate::units::{Id, Seen};

/// Tokens of a picture that attend to each other forwards and backwards; such ones are read at one go.
pub(crate) const AT_ONCE: usize = 1024;

/// A projector in memory. Must not outlive the model that it was loaded for.
pub(crate) struct Sight {
    eyes: MtmdContext,
    /// How much the pictures that were met take.
    known: HashMap<Id, Seen>,
    /// Pictures of the prompt in hand that have not been read yet.
    fresh: HashMap<Id, MtmdInputChunks>,
}

impl Sight {
    /// Loads a projector for a model.
    pub(crate) fn load(path: &Path, loaded: &Loaded, threads: i32) -> Result<Self> {
        let head = Gguf::read_projector(path)?;
        let called = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let refuse = || {
            let message =
                format!("“{called}” does not fit {}; get the projector that was made for it.", loaded.name);
            Error::new(ErrorCode::Model, message)
        };
        let params = MtmdContextParams {
            use_gpu: false,
            print_timings: false,
            n_threads: threads,
            image_max_tokens: most_tokens(&head.projector),
            ..MtmdContextParams::default()
        };
        let place = path.to_str().ok_or_else(refuse)?;
        let eyes = MtmdContext::init_from_file(place, &loaded.model, &params)
            .map_err(|cause| refuse().with_detail(cause))?;
        if eyes.support_vision() {
            Ok(Self { eyes, known: HashMap::new(), fresh: HashMap::new() })
        } else {
            Err(refuse())
        }
    }

    /// Whether the tokens of a picture attend to each other forwards and backwards.
    pub(crate) fn looks_both_ways(&self) -> bool {
        self.eyes.decode_use_non_causal()
    }

    /// How much a picture takes of the model's memory. Decodes it, unless it was met before.
    pub(crate) fn measure(&mut self, picture: &Media) -> Result<Seen> {
        let id: Id = Sha256::digest(&picture.bytes).into();
        if let Some(seen) = self.known.get(&id) {
            return Ok(*seen);
        }
        let chunks = self.chunks(picture)?;
        let seen = Seen {
            id,
            tokens: u32::try_from(chunks.total_tokens()).unwrap_or(u32::MAX),
            positions: u32::try_from(chunks.total_positions()).unwrap_or(u32::MAX),
        };
        self.known.insert(id, seen);
        self.fresh.insert(id, chunks);
        Ok(seen)
    }

    /// Lets the model read a picture at a place, in pieces of `batch` tokens. Takes seconds and cannot be stopped.
    pub(crate) fn read(
        &mut self,
        picture: (Seen, &Media),
        context: &mut LlamaContext<'_>,
        place: i32,
        batch: usize,
    ) -> Result<()> {
        let (seen, media) = picture;
        let chunks = self.fresh.remove(&seen.id).map_or_else(|| self.chunks(media), Ok)?;
        let longest = (0..chunks.len()).filter_map(|at| chunks.get(at)).map(|chunk| chunk.n_tokens()).max();
        if self.looks_both_ways() && longest > Some(batch) {
            let message = "This picture is too large for this model; make it smaller and try again.";
            return Err(Error::new(ErrorCode::Input, message));
        }
        let batch = i32::try_from(batch).unwrap_or(i32::MAX);
        let read = chunks.eval_chunks(&mut self.eyes, context, place, 0, batch, false);
        read.map(|_| ()).map_err(|cause| Error::internal("look at the picture", cause))
    }

    /// Forgets what was prepared and not read.
    pub(crate) fn rest(&mut self) {
        self.fresh.clear();
    }

    /// A picture in the pieces that the model reads: pixels, and the words that its makers put around them.
    fn chunks(&self, picture: &Media) -> Result<MtmdInputChunks> {
        let pixels = decode(&picture.bytes, &Limits::default())?.image.into_rgb8();
        let strange = |cause: &dyn std::fmt::Display| {
            let message = "The model cannot look at this picture; save it in another form and try again.";
            Error::new(ErrorCode::Input, message).with_detail(cause)
        };
        let bitmap = MtmdBitmap::from_image_data(pixels.width(), pixels.height(), &pixels)
            .map_err(|cause| strange(&cause))?;
        let text =
            MtmdInputText { text: mtmd_default_marker().to_owned(), add_special: false, parse_special: true };
        self.eyes.tokenize(text, &[&bitmap]).map_err(|cause| strange(&cause))
    }
}

/// Tokens that a picture takes at most, where its size matters; -1 leaves it to the projector. Measured with files of
/// The sizes of `SmolVLM` on one core: 64 tokens take 4 seconds, so that what its makers allow would take more than a minute,
/// and a quarter of the context.
fn most_tokens(family: &str) -> i32 {
    match family {
        // Four tiles and the whole picture, 64 tokens each, instead of sixteen.
        "idefics3" => 256,
        // Its own bound is lower.
        "lfm2" => -1,
        _ => 512,
    }
}
