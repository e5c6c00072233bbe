//! The built-in labels as a way of a run: what a picture shows, what a text means.

use std::{path::PathBuf, sync::Mutex, time::Duration};

use limerick_engine::Model;
use limerick_labels::{Labeller, LabellerOptions, TextFiles};
use limerick_tasks::{Ending, Error, ErrorCode, Labels, Result};
use tokio_util::sync::CancellationToken;

use crate::{Playground, RunInput, RunOutput, playground::lock, starting::wrap};

/// How long a model stays in memory unused: as long as the built-in language models.
const IDLE: Duration = Duration::from_secs(5 * 60);

/// Who labels, once somebody was asked to.
#[derive(Default)]
pub(crate) struct Labelling(Mutex<Option<Labeller>>);

impl Labelling {
    /// Frees the models' memory.
    pub(crate) async fn unload(&self) {
        let labeller = lock(&self.0).clone();
        if let Some(labeller) = labeller {
            labeller.unload().await;
        }
    }
}

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

    /// The one labeller; made when it is first needed, since its library may be fetched while the app runs.
    ///
    /// # Errors
    /// `Model` where the library is not here.
    pub(crate) fn labeller(&self) -> Result<Labeller> {
        let mut labeller = lock(&self.inner.labelling.0);
        if let Some(labeller) = &*labeller {
            return Ok(labeller.clone());
        }
        let library: PathBuf = self.inner.models.library().ok_or_else(no_library)?;
        let options = LabellerOptions { library, threads: None, idle: IDLE };
        Ok(labeller.insert(Labeller::new(options)).clone())
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
        let model = input.model();
        let does = |id: &str| {
            let model = self.inner.models.named(id);
            model.is_ok_and(|model| model.tasks.iter().any(|task| task == input.task()))
        };
        if !matches!(model, "" | "auto") && !does(model) {
            let words = "This built-in model cannot do that. Choose one from the list of models.";
            return Err(Error::new(ErrorCode::Model, words));
        }
        self.labeller()
    }

    /// How a person knows the model that labels.
    pub(crate) fn labels_name(&self, input: &RunInput) -> Option<String> {
        let models = &self.inner.models;
        let does = |model: &&Model| model.tasks.iter().any(|task| task == input.task());
        let named = models.named(input.model()).ok().filter(does);
        named.or_else(|| models.all().iter().find(does)).map(|model| model.name.clone())
    }
}

fn nobody() -> Error {
    let words = "No built-in model can do this. Choose Hugging Face or a server of yours.";
    Error::new(ErrorCode::Model, words)
}

fn no_library() -> Error {
    let message = "The library that the built-in labels need is not on this machine. Install Limerick again.";
    Error::new(ErrorCode::Model, message)
}
