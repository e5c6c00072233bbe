//! The built-in labels as a way of a run: what a picture shows, what a text means.

use limerick_labels::{Labeller, TextFiles};
use limerick_tasks::{Ending, Error, ErrorCode, Labels, Result};
use tokio_util::sync::CancellationToken;

use crate::{Playground, RunInput, RunOutput, starting::wrap};

impl Playground {
    /// Has a built-in model label a picture or a text.
    ///
    /// # Errors
    /// `Model` for a task that no built-in model does, or another than the one named, and where the model is not
    /// here; those of the task.
    pub(crate) async fn label(
        &self,
        input: &RunInput,
        cancel: &CancellationToken,
    ) -> Result<Ending<RunOutput>> {
        use RunInput::{
            FeatureExtraction, ImageClassification, SentenceSimilarity, TextClassification,
            ZeroShotClassification, ZeroShotImageClassification,
        };
        let labeller = || self.labeller_for(input);
        Ok(match input {
            ImageClassification(input) => {
                let (model, picture) = (self.inner.models.photo()?, input.image.bytes.clone());
                let labels = labeller()?
                    .image_classification(model, picture, input.function_to_apply, input.top_k, cancel)
                    .await?;
                wrap(labels, RunOutput::ImageClassification)
            }
            ZeroShotImageClassification(input) => {
                let files = (self.inner.models.photo()?, self.text_files()?);
                let (picture, labels) = (input.image.bytes.clone(), &input.candidate_labels);
                let template = input.hypothesis_template.as_deref();
                let labels: Ending<Labels> = labeller()?
                    .zero_shot_image_classification(files, picture, labels, template, cancel)
                    .await?;
                wrap(labels, RunOutput::ZeroShotImageClassification)
            }
            ZeroShotClassification(input) => {
                let labels = labeller()?.zero_shot_classification(self.text_files()?, input, cancel).await?;
                wrap(labels, RunOutput::ZeroShotClassification)
            }
            TextClassification(input) => {
                let labels = labeller()?.text_classification(self.text_files()?, input, cancel).await?;
                wrap(labels, RunOutput::TextClassification)
            }
            FeatureExtraction(input) => {
                let vectors = labeller()?.feature_extraction(self.text_files()?, input, cancel).await?;
                wrap(vectors, RunOutput::FeatureExtraction)
            }
            SentenceSimilarity(input) => {
                let scores = labeller()?.sentence_similarity(self.text_files()?, input, cancel).await?;
                wrap(scores, RunOutput::SentenceSimilarity)
            }
            _ => return Err(nobody()),
        })
    }

    /// The model that compares what texts mean.
    ///
    /// # Errors
    /// `Model` where it is not here.
    pub(crate) fn text_files(&self) -> Result<TextFiles> {
        let files = self.inner.models.text_vectors()?;
        Ok(TextFiles { weights: files.weights, words: files.words })
    }

    /// The labeller, where the model that was named does the task.
    fn labeller_for(&self, input: &RunInput) -> Result<Labeller> {
        self.must_do(input.model(), input.task())?;
        self.inner.labeller.get(&self.inner.models)
    }
}

fn nobody() -> Error {
    let words = "No built-in model can do this. Choose Hugging Face or a server of yours.";
    Error::new(ErrorCode::Model, words)
}
