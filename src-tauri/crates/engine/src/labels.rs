//! The models that say what a picture shows and what a text means, and the one that paints; other crates run them.

use std::path::PathBuf;

use limerick_tasks::{ErrorCode, Result};

use crate::models::Models;

const PHOTO: &str = "efficientnet";
const TEXTS: &str = "minilm";
const PAINTER: &str = "painter";

/// The files of the model that compares what texts mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextVectors {
    /// The weights, `model.safetensors`.
    pub weights: PathBuf,
    /// The pieces of words, one a line.
    pub words: PathBuf,
}

/// The files of the model that paints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brushes {
    /// What turns noise into latents.
    pub painter: PathBuf,
    /// What turns latents into pixels.
    pub decoder: PathBuf,
}

impl Models {
    /// The file of the model that says what a photograph shows.
    ///
    /// # Errors
    /// `Model` when it is not here, `Internal` when it is not what it should be.
    pub fn photo(&self) -> Result<PathBuf> {
        Ok(self.weights(self.here(PHOTO)?))
    }

    /// The files of the model that compares what texts mean.
    ///
    /// # Errors
    /// As `photo`.
    pub fn text_vectors(&self) -> Result<TextVectors> {
        let weights = self.weights(self.here(TEXTS)?);
        let words = weights.with_file_name("vocab.txt");
        Ok(TextVectors { weights, words })
    }

    /// The files of the model that paints; the one that reads its words is here too.
    ///
    /// # Errors
    /// As `photo`.
    pub fn brushes(&self) -> Result<Brushes> {
        let painter = self.weights(self.here(PAINTER)?);
        let decoder = painter.with_file_name("decoder.onnx");
        Ok(Brushes { painter, decoder })
    }

    fn here(&self, id: &str) -> Result<&'static crate::Model> {
        let model = self.named(id)?;
        self.must_be_here(model, ErrorCode::Model).map(|()| model)
    }
}
