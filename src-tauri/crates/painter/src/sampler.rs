//! Walks from noise to a picture: Euler's steps along the velocity that the model gives, with guidance, as
//! `engine/painter/sampler.py` does it.

use limerick_onnx::{Desk, Model, Recipe, Work, WorkerOptions, environment, tensor};
use limerick_tasks::{Ending, Error, Progress, Result, Status};

use crate::canvas::{Canvas, LATENTS};
use crate::noise::noise;
use crate::painter::PainterFiles;

/// What people know the library by.
const LIBRARY: &str = "The library for painting";
/// What the model does.
const DOING: &str = "paint this picture";
/// Numbers of a piece of a word.
const WIDTH: usize = 384;
/// Pictures that are shown on the way, at most.
const SHOWN: u32 = 8;

/// What to paint.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What the picture shows: the states of the words' pieces, 384 numbers each.
    pub words: Vec<f32>,
    /// What it must not show; the states of an empty text where nothing is said.
    pub against: Vec<f32>,
    /// Which noise it begins as.
    pub seed: u64,
    /// From 1.
    pub steps: u32,
    /// How closely it follows the words; at 1 it does not look at `against`.
    pub guidance: f32,
    /// How large it is painted.
    pub canvas: Canvas,
}

/// A picture, or what it looks like so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Painted {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// Red, green and blue of every pixel.
    pub rgb: Vec<u8>,
}

/// The loaded model.
pub(crate) struct Sampler {
    painter: Model,
    decoder: Model,
}

impl Work for Sampler {
    type Files = PainterFiles;
    type Ask = Asked;
    type Delta = Painted;
    type Output = Painted;
    const NAME: &'static str = "painter";

    fn load(files: &PainterFiles, options: &WorkerOptions) -> Result<Self> {
        let recipe = Recipe {
            threads: options.threads(),
            last_level: true,
            same_shapes: true,
            packed: true,
            unusable: "The painter's file cannot be used; fetch it again in Settings.",
            doing: DOING,
        };
        let environment = environment(&options.library, LIBRARY)?;
        let load = |file| Model::load(&environment, file, &recipe);
        Ok(Self { painter: load(&files.painter)?, decoder: load(&files.decoder)? })
    }

    fn work(&mut self, asked: Asked, desk: &Desk<'_, Self>) -> Result<Ending<Painted>> {
        let words = Words::of(&asked)?;
        let mut x = noise(asked.seed, asked.canvas.latents());
        for step in 0..asked.steps {
            let (now, then) = (time(step, asked.steps), time(step + 1, asked.steps));
            let Some(velocity) = self.velocity(&x, now, &words, &asked, desk)? else {
                return Ok(Ending::Cancelled);
            };
            let done = step + 1;
            desk.say(Progress::Status(Status::Step { step: done, total: asked.steps }));
            if is_shown(done, asked.steps) && done < asked.steps {
                let Some(so_far) = self.look(moved(&x, &velocity, -now), asked.canvas, desk)? else {
                    return Ok(Ending::Cancelled);
                };
                desk.say(Progress::Delta(so_far));
            }
            x = moved(&x, &velocity, then - now);
        }
        let Some(painted) = self.look(x, asked.canvas, desk)? else { return Ok(Ending::Cancelled) };
        desk.say(Progress::Delta(painted.clone()));
        Ok(Ending::Done(painted))
    }
}

impl Sampler {
    /// Where the picture is to go from `x`; nothing when it was stopped.
    fn velocity(
        &mut self,
        x: &[f32],
        time: f64,
        words: &Words,
        asked: &Asked,
        desk: &Desk<'_, Self>,
    ) -> Result<Option<Vec<f32>>> {
        let (rows, (height, width)) = (words.rows, asked.canvas.places());
        #[expect(clippy::cast_possible_truncation, reason = "the model reads single precision")]
        let inputs = vec![
            tensor("x", &[rows, LATENTS, height, width], x.repeat(rows))?,
            tensor("time", &[rows], vec![time as f32; rows])?,
            tensor("text", &[rows, words.pieces, WIDTH], words.states.clone())?,
            tensor("mask", &[rows, words.pieces], words.here.clone())?,
        ];
        let Some(velocity) = self.painter.run(inputs, desk.stop())? else { return Ok(None) };
        if velocity.len() != rows * x.len() {
            return Err(Error::internal(DOING, format!("{} numbers", velocity.len())));
        }
        let (to, away) = velocity.split_at(x.len());
        Ok(Some(if rows == 1 { velocity } else { guided(to, away, asked.guidance) }))
    }

    /// The pixels of latents; nothing when it was stopped.
    fn look(&mut self, latents: Vec<f32>, canvas: Canvas, desk: &Desk<'_, Self>) -> Result<Option<Painted>> {
        let (rows, columns) = canvas.places();
        let input = tensor("latents", &[1, LATENTS, rows, columns], latents)?;
        let Some(values) = self.decoder.run(vec![input], desk.stop())? else { return Ok(None) };
        let (width, height) = canvas.pixels();
        let colour = values.len() / 3;
        if values.len() != 3 * width as usize * height as usize {
            return Err(Error::internal(DOING, format!("{} numbers", values.len())));
        }
        let pixel = |at: usize| [values[at], values[colour + at], values[2 * colour + at]].map(brightness);
        Ok(Some(Painted { width, height, rgb: (0..colour).flat_map(pixel).collect() }))
    }
}

/// The words as the model reads them: each row as long as the longest, and where a piece of a word is.
struct Words {
    rows: usize,
    pieces: usize,
    states: Vec<f32>,
    here: Vec<bool>,
}

impl Words {
    /// What is wanted, and what is not wherever it counts.
    fn of(asked: &Asked) -> Result<Self> {
        let rows =
            if is_alone(asked.guidance) { vec![&asked.words] } else { vec![&asked.words, &asked.against] };
        if let Some(row) = rows.iter().find(|row| row.is_empty() || row.len() % WIDTH != 0) {
            return Err(Error::internal(DOING, format!("{} numbers of words", row.len())));
        }
        let longest = rows.iter().map(|row| row.len()).max().unwrap_or_default();
        let pieces = longest / WIDTH;
        let filled = |row: &&Vec<f32>| [row.as_slice(), &vec![0.0; longest - row.len()]].concat();
        let marks = |row: &&Vec<f32>| (0..pieces).map(|piece| piece * WIDTH < row.len()).collect::<Vec<_>>();
        Ok(Self {
            rows: rows.len(),
            pieces,
            states: rows.iter().flat_map(filled).collect(),
            here: rows.iter().flat_map(marks).collect(),
        })
    }
}

/// Whether what is not wanted has no weight.
fn is_alone(guidance: f32) -> bool {
    (guidance - 1.0).abs() < f32::EPSILON
}

/// From 1, which is noise, to 0, which is the picture.
fn time(step: u32, steps: u32) -> f64 {
    1.0 - f64::from(step) / f64::from(steps)
}

/// Away from what is not wanted, and on past what is.
fn guided(to: &[f32], away: &[f32], guidance: f32) -> Vec<f32> {
    to.iter().zip(away).map(|(to, away)| away + guidance * (to - away)).collect()
}

/// `x` moved along a velocity for some time.
fn moved(x: &[f32], velocity: &[f32], time: f64) -> Vec<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "the model reads single precision")]
    let time = time as f32;
    x.iter().zip(velocity).map(|(x, velocity)| x + velocity * time).collect()
}

/// Whether the picture is shown after so many steps: at most 8 times, and always at the end.
fn is_shown(done: u32, steps: u32) -> bool {
    done == steps || done.is_multiple_of(steps.div_ceil(SHOWN).max(1))
}

/// −1 to 1 as 0 to 255.
fn brightness(value: f32) -> u8 {
    let part = (value / 2.0 + 0.5).clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    let value = (part * 255.0).round() as u8;
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(guidance: f32) -> Asked {
        let canvas = Canvas::TRAINED;
        let (words, against) = (vec![1.0; 3 * WIDTH], vec![2.0; 2 * WIDTH]);
        Asked { words, against, seed: 0, steps: 1, guidance, canvas }
    }

    #[test]
    fn times_go_from_noise_to_the_picture() {
        let line: Vec<f64> = (0..=4).map(|step| time(step, 4)).collect();
        assert_eq!(line, [1.0, 0.75, 0.5, 0.25, 0.0]);
    }

    #[test]
    fn a_picture_is_shown_at_most_eight_times_and_at_its_end() {
        for steps in 1..=50 {
            let shown: Vec<u32> = (1..=steps).filter(|done| is_shown(*done, steps)).collect();
            assert!(shown.len() <= 8 && shown.last() == Some(&steps), "{steps}: {shown:?}");
        }
    }

    #[test]
    fn words_are_filled_up_to_the_longer_and_marked_where_they_are() -> Result<()> {
        let words = Words::of(&asked(4.0))?;
        assert_eq!((words.rows, words.pieces, words.states.len()), (2, 3, 6 * WIDTH));
        assert_eq!(words.here, [true, true, true, true, true, false]);
        assert!(words.states[5 * WIDTH..].iter().all(|number| number.abs() < f32::EPSILON));
        let alone = Words::of(&asked(1.0))?;
        assert_eq!((alone.rows, alone.pieces, alone.here.len()), (1, 3, 3));
        assert!(Words::of(&Asked { words: vec![0.0; 3], ..asked(1.0) }).is_err());
        Ok(())
    }

    #[test]
    fn guidance_goes_past_what_is_wanted() {
        assert_eq!(guided(&[1.0, 2.0], &[0.0, 3.0], 4.0), [4.0, -1.0]);
        assert_eq!(moved(&[1.0], &[2.0], -0.5), [0.0]);
        assert_eq!([-2.0, -1.0, 0.0, 1.0, 2.0].map(brightness), [0, 0, 128, 255, 255]);
    }
}
