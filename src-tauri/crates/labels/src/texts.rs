//! all-MiniLM-L6-v2: texts in, for each the direction that its meaning points in, 384 numbers of length 1, or what the
//! model makes of every piece of a word, 384 numbers each.

use std::path::PathBuf;

use limerick_onnx::{Desk, Model, Recipe, Work, WorkerOptions, environment, tensor};
use limerick_tasks::{Ending, Error, Result};

use crate::labeller::LIBRARY;
use crate::wordpiece::WordPiece;

/// Pieces of words that the model was made to read (`sentence_bert_config.json`); the rest of a text is left out.
const LONGEST: usize = 256;
/// Numbers of a direction.
pub(crate) const WIDTH: usize = 384;
/// Pieces that are computed together at most, those that fill up counted: enough to keep the processor busy.
const AT_ONCE: usize = 1024;

/// The graph; its weights stay in the Hub's own file, in the bytes that the graph names.
const GRAPH: &[u8] = include_bytes!("../models/minilm.onnx");

/// The files of the model for texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextFiles {
    /// The weights; the file is called `model.safetensors`.
    pub weights: PathBuf,
    /// The pieces of words, one a line.
    pub words: PathBuf,
}

/// What is read.
pub(crate) struct Reading {
    texts: Vec<String>,
    /// Pieces of words of a text.
    most: usize,
    gives: Gives,
}

/// What reading gives, by the name that the graph has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gives {
    /// A direction a text.
    Vectors,
    /// Numbers for every piece.
    States,
}

impl Reading {
    /// For the direction of each text.
    pub(crate) fn directions(texts: Vec<String>) -> Self {
        Self { texts, most: LONGEST, gives: Gives::Vectors }
    }

    /// For the numbers of every piece of each text.
    pub(crate) fn states(texts: Vec<String>, most: usize) -> Self {
        Self { texts, most: most.min(LONGEST), gives: Gives::States }
    }
}

impl Gives {
    fn output(self) -> &'static str {
        match self {
            Self::Vectors => "vectors",
            Self::States => "states",
        }
    }

    /// How many numbers one of texts of this length gets.
    fn numbers(self, length: usize) -> usize {
        match self {
            Self::Vectors => WIDTH,
            Self::States => length * WIDTH,
        }
    }
}

/// The loaded model.
pub(crate) struct Meaning {
    words: WordPiece,
    model: Model,
}

impl Work for Meaning {
    type Files = TextFiles;
    type Ask = Reading;
    type Delta = ();
    type Output = Vec<Vec<f32>>;
    const NAME: &'static str = "reader of texts";

    fn load(files: &TextFiles, options: &WorkerOptions) -> Result<Self> {
        let recipe = Recipe {
            threads: options.threads(),
            last_level: true,
            same_shapes: false,
            // They stay in their file, of which the system keeps in memory what it has room for.
            packed: false,
            unusable: "The file of the text model cannot be used; fetch it again in Settings.",
            doing: "read this text",
        };
        let words = WordPiece::read(&files.words)?;
        let environment = environment(&options.library, LIBRARY)?;
        let folder = files.weights.parent().unwrap_or(&files.weights);
        Ok(Self { words, model: Model::load_graph(&environment, GRAPH, folder, &recipe)? })
    }

    fn work(&mut self, reading: Reading, desk: &Desk<'_, Self>) -> Result<Ending<Vec<Vec<f32>>>> {
        let Reading { texts, most, gives } = reading;
        let mut read: Vec<(usize, Vec<i64>)> =
            texts.iter().map(|text| self.words.numbers(text, most)).enumerate().collect();
        // Those of one length together, so that little is filled up.
        read.sort_by_key(|(_, numbers)| numbers.len());
        let mut answers = vec![Vec::new(); texts.len()];
        let mut left = &read[..];
        while let Some((_, longest)) = together(left).last() {
            let (now, later) = left.split_at(together(left).len());
            let Some(answer) = self.compute(now, longest.len(), gives, desk)? else {
                return Ok(Ending::Cancelled);
            };
            for ((at, pieces), own) in now.iter().zip(answer.chunks_exact(gives.numbers(longest.len()))) {
                answers[*at] = own[..gives.numbers(pieces.len())].to_vec();
            }
            left = later;
        }
        Ok(Ending::Done(answers))
    }
}

/// The texts at the front that are computed together; they stand in the order of their length.
fn together(texts: &[(usize, Vec<i64>)]) -> &[(usize, Vec<i64>)] {
    let fits =
        texts.iter().enumerate().take_while(|(at, (_, text))| *at == 0 || (at + 1) * text.len() <= AT_ONCE);
    &texts[..fits.count()]
}

impl Meaning {
    /// What texts get, one after the other, each as if it were as long as the longest; nothing when it was stopped.
    fn compute(
        &mut self,
        texts: &[(usize, Vec<i64>)],
        length: usize,
        gives: Gives,
        desk: &Desk<'_, Self>,
    ) -> Result<Option<Vec<f32>>> {
        let mut tokens = vec![0_i64; texts.len() * length];
        let mut here = tokens.clone();
        for (at, (_, numbers)) in texts.iter().enumerate() {
            let row = at * length..at * length + numbers.len();
            tokens[row.clone()].copy_from_slice(numbers);
            here[row].fill(1);
        }
        let shape = [texts.len(), length];
        let inputs = vec![tensor("tokens", &shape, tokens)?, tensor("here", &shape, here)?];
        let answer = self.model.run_for(Some(gives.output()), inputs, desk.stop())?;
        match answer {
            Some(answer) if answer.len() != texts.len() * gives.numbers(length) => {
                Err(Error::internal("read this text", format!("{} numbers", answer.len())))
            }
            answer => Ok(answer),
        }
    }
}
