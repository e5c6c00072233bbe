//! EfficientNet-Lite0: a picture in, a number for each of `ImageNet`'s 1,000 classes out.
//!
//! The picture is made ready as the model's makers test it (`preprocessing.py` of their EfficientNet): a square of 0.875
//! of the shorter side out of the middle, bicubic to 224 pixels, less 127, by 128. Made smaller as Pillow does it,
//! where every pixel counts, since photographs are much larger than the pictures that they tested with.

use std::path::PathBuf;
use std::sync::LazyLock;

use bytes::Bytes;
use limerick_onnx::{Desk, Model, Recipe, Work, WorkerOptions, environment, tensor};
use limerick_pictures::{Limits, decode};
use limerick_tasks::{Ending, Result};

use crate::labeller::LIBRARY;

/// Pixels a side that the model looks at.
const SIDE: usize = 224;
/// The part of the shorter side that it sees.
const PART: f64 = 0.875;

/// The classes' names in the model's order: `ImageNet`'s, of which two are the same and say here which they are.
pub(crate) static NAMES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("../models/labels.txt").lines().collect());

/// The loaded model.
pub(crate) struct Photo {
    model: Model,
}

impl Work for Photo {
    type Files = PathBuf;
    type Ask = Bytes;
    type Delta = ();
    type Output = Vec<f32>;
    const NAME: &'static str = "labeller of pictures";

    fn load(files: &PathBuf, options: &WorkerOptions) -> Result<Self> {
        let recipe = Recipe {
            threads: options.threads(),
            last_level: true,
            same_shapes: true,
            packed: true,
            unusable: "The file of the picture labels cannot be used; fetch it again in Settings.",
            doing: "look at this picture",
        };
        let environment = environment(&options.library, LIBRARY)?;
        Ok(Self { model: Model::load(&environment, files, &recipe)? })
    }

    fn work(&mut self, picture: Bytes, desk: &Desk<'_, Self>) -> Result<Ending<Vec<f32>>> {
        let pixels = pixels(&picture)?;
        let input = tensor("picture", &[1, 3, SIDE, SIDE], pixels)?;
        Ok(self.model.run(vec![input], desk.stop())?.map_or(Ending::Cancelled, Ending::Done))
    }
}

/// What the model reads: all red numbers, all green ones, all blue ones, about −1 to 1.
fn pixels(picture: &[u8]) -> Result<Vec<f32>> {
    #[expect(clippy::cast_possible_truncation, reason = "224")]
    let square = decode(picture, &Limits::default())?.square(SIDE as u32, PART)?;
    let channel =
        |at: usize| square.iter().skip(at).step_by(3).map(|value| (f32::from(*value) - 127.0) / 128.0);
    Ok((0..3).flat_map(channel).collect())
}
