//! The tone of a text: which of three groups of example sentences it lies nearest to.

use limerick_tasks::{Labels, OutputTransform};

use crate::nearness::cosine;
use crate::scores::{labelled, scores};
use crate::texts::TextFiles;

/// How far apart nearnesses stand before they become parts of 1; measured on `tests/labels/tone.txt`.
const SHARPNESS: f64 = 20.0;

/// The tones by their names, each with sentences that have it, one a line.
const EXAMPLES: [(&str, &str); 3] = [
    ("positive", include_str!("tone/positive.txt")),
    ("negative", include_str!("tone/negative.txt")),
    ("neutral", include_str!("tone/neutral.txt")),
];

/// Where the tones lie.
#[derive(Debug)]
pub(crate) struct Tones {
    /// What the sentences were read with.
    files: TextFiles,
    /// The middle of each tone's sentences.
    middles: [Vec<f32>; 3],
}

impl Tones {
    /// The example sentences of all tones.
    pub(crate) fn sentences() -> Vec<String> {
        EXAMPLES.iter().flat_map(|(_, sentences)| sentences.lines()).map(str::to_owned).collect()
    }

    /// The tones, by the directions of `sentences`.
    pub(crate) fn of(files: &TextFiles, vectors: &[Vec<f32>]) -> Self {
        let mut rest = vectors;
        let middles = EXAMPLES.map(|(_, sentences)| {
            let (own, others) = rest.split_at(sentences.lines().count().min(rest.len()));
            rest = others;
            middle(own)
        });
        Self { files: files.clone(), middles }
    }

    /// Whether they were read with these files.
    pub(crate) fn are_of(&self, files: &TextFiles) -> bool {
        self.files == *files
    }

    /// The tones of a text by its direction, the surest first.
    pub(crate) fn labels(&self, text: &[f32], transform: OutputTransform, most: Option<u32>) -> Labels {
        let near = self.middles.each_ref().map(|tone| SHARPNESS * f64::from(cosine(text, tone)));
        labelled(EXAMPLES.map(|(name, _)| name), scores(&near, transform), most)
    }
}

/// The direction between directions, of length 1.
fn middle(vectors: &[Vec<f32>]) -> Vec<f32> {
    let width = vectors.first().map_or(0, Vec::len);
    let mut sum = vec![0.0; width];
    for vector in vectors {
        sum.iter_mut().zip(vector).for_each(|(sum, part)| *sum += part);
    }
    let length = cosine(&sum, &sum).sqrt().max(f32::MIN_POSITIVE);
    sum.iter().map(|part| part / length).collect()
}
