//! The models that say what a picture shows and what a text means; another crate runs them.

use std::path::PathBuf;

use limerick_tasks::{Error, ErrorCode, Result};

use crate::models::Models;

const PHOTO: &str = "efficientnet";
const TEXTS: &str = "minilm";

/// The files of the model that compares what texts mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextVectors {
    /// The weights, `model.safetensors`.
    pub weights: PathBuf,
    /// The pieces of words, one a line.
    pub words: PathBuf,
}

impl Models {
    /// The file of the model that says what a photograph shows.
    ///
    /// # Errors
    /// `Model` when it is not here, `Internal` when it is not what it should be.
    pub fn photo(&self) -> Result<PathBuf> {
        Ok(self.weights(self.labeller(PHOTO)?))
    }

    /// The files of the model that compares what texts mean.
    ///
    /// # Errors
    /// As `photo`.
    pub fn text_vectors(&self) -> Result<TextVectors> {
        let weights = self.weights(self.labeller(TEXTS)?);
        let words = weights.with_file_name("vocab.txt");
        Ok(TextVectors { weights, words })
    }

    fn labeller(&self, id: &str) -> Result<&'static crate::Model> {
        let model = self.named(id)?;
        match self.state(model) {
            crate::State::Present => Ok(model),
            crate::State::Broken { reason } => Err(Error::new(ErrorCode::Internal, reason)),
            crate::State::Absent | crate::State::Partial { .. } => {
                let message = format!("{} is not on this machine yet; get it in Settings.", model.name);
                Err(Error::new(ErrorCode::Model, message))
            }
        }
    }
}
