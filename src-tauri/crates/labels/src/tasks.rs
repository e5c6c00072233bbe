//! The tasks that built-in labels do, with their inputs as `huggingface_hub` has them.

use std::path::PathBuf;

use bytes::Bytes;
use limerick_tasks::{
    Ending, Error, ErrorCode, FeatureExtraction, FeatureExtractionInput, FeatureExtractionOutput, Labels,
    OutputTransform, Result, SentenceSimilarity, SentenceSimilarityInput, SentenceSimilarityOutput, Task,
    TextClassification, TextClassificationInput, TruncationDirection, ZeroShotClassification,
    ZeroShotClassificationInput,
};
use tokio_util::sync::CancellationToken;

use crate::labeller::Labeller;
use crate::nearness::{cosine, hypotheses, zero_shot, zero_shot_image};
use crate::photo::NAMES;
use crate::scores::{labelled, scores};
use crate::texts::{TextFiles, WIDTH};

/// Labels of a picture where nobody asks for a number of them; that of transformers' pipeline.
const MOST: u32 = 5;
/// Classes that a picture may show, as far as labels of one's own are compared with them.
const CLASSES: u32 = 16;

impl Labeller {
    /// `image_classification`: `ImageNet`'s classes that a picture shows, 5 unless `top_k` says otherwise.
    ///
    /// # Errors
    /// As `photo`.
    pub async fn image_classification(
        &self,
        model: PathBuf,
        picture: Bytes,
        function_to_apply: Option<OutputTransform>,
        top_k: Option<u32>,
        cancel: &CancellationToken,
    ) -> Result<Ending<Labels>> {
        let Ending::Done(numbers) = self.numbers(model, picture, cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        let found = scores(&numbers, function_to_apply.unwrap_or(OutputTransform::Softmax));
        Ok(Ending::Done(labelled(NAMES.iter().copied(), found, Some(top_k.unwrap_or(MOST)))))
    }

    /// `zero_shot_image_classification`: which of these labels fit a picture, by the classes that it shows and the
    /// nearness of their names. The text model is needed too.
    ///
    /// # Errors
    /// As `photo` and `embed`.
    pub async fn zero_shot_image_classification(
        &self,
        (model, files): (PathBuf, TextFiles),
        picture: Bytes,
        labels: &[String],
        template: Option<&str>,
        cancel: &CancellationToken,
    ) -> Result<Ending<Labels>> {
        let Ending::Done(mut classes) = self.photo(model, picture, cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        classes.truncate(CLASSES as usize);
        let names: Vec<String> = classes.iter().map(|class| class.label.clone()).collect();
        let template = template.unwrap_or("{}");
        let texts = [hypotheses(&names, Some(template)), hypotheses(labels, Some(template))].concat();
        let Ending::Done(mut vectors) = self.embed(files, texts, cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        let sentences = vectors.split_off(classes.len());
        let classes: Vec<_> = classes.iter().map(|class| class.score).zip(vectors).collect();
        Ok(Ending::Done(zero_shot_image(&classes, labels, &sentences)))
    }

    /// `zero_shot_classification`: which of one's own labels fit a text, by the nearness of their meanings.
    ///
    /// # Errors
    /// `Input` as the task has it; else as `embed`.
    pub async fn zero_shot_classification(
        &self,
        files: TextFiles,
        input: &ZeroShotClassificationInput,
        cancel: &CancellationToken,
    ) -> Result<Ending<Labels>> {
        ZeroShotClassification::check(input)?;
        let (labels, template) = (&input.candidate_labels, input.hypothesis_template.as_deref());
        let texts = [vec![input.text.clone()], hypotheses(labels, template)].concat();
        let Ending::Done(vectors) = self.embed(files, texts, cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        let several = input.multi_label.unwrap_or(false);
        Ok(Ending::Done(match vectors.split_first() {
            Some((text, sentences)) => zero_shot(text, labels, sentences, several),
            None => Labels::default(),
        }))
    }

    /// `text_classification`: a text's tone, `positive`, `negative` or `neutral`.
    ///
    /// # Errors
    /// `Input` as the task has it; else as `embed`.
    pub async fn text_classification(
        &self,
        files: TextFiles,
        input: &TextClassificationInput,
        cancel: &CancellationToken,
    ) -> Result<Ending<Labels>> {
        TextClassification::check(input)?;
        let Ending::Done(tones) = self.tones(&files, cancel).await? else { return Ok(Ending::Cancelled) };
        let Ending::Done(vectors) = self.embed(files, vec![input.text.clone()], cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        let transform = input.function_to_apply.unwrap_or(OutputTransform::Softmax);
        let text = vectors.first().map(Vec::as_slice).unwrap_or_default();
        Ok(Ending::Done(tones.labels(text, transform, input.top_k)))
    }

    /// `feature_extraction`: the directions of texts, always of length 1.
    ///
    /// # Errors
    /// `Input` as the task has it, and for what this model has not; else as `embed`.
    pub async fn feature_extraction(
        &self,
        files: TextFiles,
        input: &FeatureExtractionInput,
        cancel: &CancellationToken,
    ) -> Result<Ending<FeatureExtractionOutput>> {
        FeatureExtraction::check(input)?;
        can(input)?;
        Ok(match self.embed(files, input.text.all().to_vec(), cancel).await? {
            Ending::Done(embeddings) => {
                Ending::Done(FeatureExtractionOutput { embeddings, ..FeatureExtractionOutput::default() })
            }
            Ending::Cancelled => Ending::Cancelled,
        })
    }

    /// `sentence_similarity`: how near other sentences are to one.
    ///
    /// # Errors
    /// `Input` as the task has it; else as `embed`.
    pub async fn sentence_similarity(
        &self,
        files: TextFiles,
        input: &SentenceSimilarityInput,
        cancel: &CancellationToken,
    ) -> Result<Ending<SentenceSimilarityOutput>> {
        SentenceSimilarity::check(input)?;
        let texts = [std::slice::from_ref(&input.sentence), &input.other_sentences].concat();
        let Ending::Done(vectors) = self.embed(files, texts, cancel).await? else {
            return Ok(Ending::Cancelled);
        };
        let near = |(one, others): (&Vec<f32>, &[Vec<f32>])| {
            others.iter().map(|other| f64::from(cosine(one, other))).collect()
        };
        let scores = vectors.split_first().map(near).unwrap_or_default();
        Ok(Ending::Done(SentenceSimilarityOutput { scores }))
    }
}

/// Refuses what the built-in model cannot do.
fn can(input: &FeatureExtractionInput) -> Result<()> {
    let refused = |field: &str, message: &str| {
        Err(Error { field: Some(field.to_owned()), ..Error::new(ErrorCode::Input, message) })
    };
    if input.prompt_name.as_deref().is_some_and(|name| !name.is_empty()) {
        return refused(
            "prompt_name",
            "The built-in model has no prompts of its own; leave prompt_name empty.",
        );
    }
    if input.dimensions.is_some_and(|numbers| numbers as usize != WIDTH) {
        return refused("dimensions", "The built-in model always gives 384 numbers; leave dimensions empty.");
    }
    if input.truncate == Some(false) || input.truncation_direction == Some(TruncationDirection::Left) {
        return refused(
            "truncate",
            "The built-in model always cuts long texts at their end; leave truncate on.",
        );
    }
    Ok(())
}
