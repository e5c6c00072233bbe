//! The built-in painter as a way of a run: words become a small picture, shown while it comes, and grown to the size
//! that is asked for.

use limerick_painter::{Asked, Canvas, Painted, PainterFiles};
use limerick_pictures::{Growing, Settings, grown, with_settings};
use limerick_tasks::{
    Ending, Error, ErrorCode, ImageDelta, ImageOutput, Media, Progress, Result, Task, TextToImage,
    TextToImageInput,
};
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

use crate::{
    Playground, RunDelta, RunOutput,
    keys::off_thread,
    running::{Live, Told},
};

/// Pieces of words that are read; the model was trained on 16.
const PIECES: usize = 24;
/// Where the person sets nothing.
const STEPS: u32 = 30;
const GUIDANCE: f64 = 4.0;
const SIDE: u32 = 512;
/// Pixels that the model paints along the shorter side: also the least that can be asked for.
const LEAST: u32 = 64;
/// What it does not follow.
pub(crate) const UNFOLLOWED: [&str; 1] = ["scheduler"];

/// What is asked of the painter, every field within its range.
#[derive(Debug, Clone, PartialEq)]
struct Wish {
    width: u32,
    height: u32,
    steps: u32,
    guidance: f64,
    seed: u64,
    growing: Growing,
}

impl Wish {
    fn of(input: &TextToImageInput) -> Result<Self> {
        TextToImage::check(input)?;
        Ok(Self {
            width: within("width", input.width.unwrap_or(SIDE), LEAST, SIDE)?,
            height: within("height", input.height.unwrap_or(SIDE), LEAST, SIDE)?,
            steps: within("num_inference_steps", input.num_inference_steps.unwrap_or(STEPS), 1, 50)?,
            guidance: within("guidance_scale", input.guidance_scale.unwrap_or(GUIDANCE), 1.0, 10.0)?,
            seed: input.seed.unwrap_or_else(any_seed),
            growing: growing(input)?,
        })
    }

    /// What stands in the picture's file.
    fn settings(&self, input: &TextToImageInput, model: Option<String>) -> Settings {
        Settings {
            prompt: input.prompt.clone(),
            negative_prompt: input.negative_prompt.clone(),
            num_inference_steps: Some(self.steps),
            guidance_scale: Some(self.guidance),
            seed: Some(self.seed),
            width: Some(self.width),
            height: Some(self.height),
            model,
            software: Some(concat!("Limerick ", env!("CARGO_PKG_VERSION")).into()),
            ..Settings::default()
        }
    }

    /// What it looks like so far, in the form of the picture to come.
    fn preview(&self, so_far: Painted) -> Result<ImageDelta> {
        let short = self.width.min(self.height);
        let side = |side: u32| (side * LEAST + short / 2) / short;
        let size = (side(self.width), side(self.height));
        let file = grown(so_far.rgb, (so_far.width, so_far.height), size, Growing::Smooth)?;
        Ok(ImageDelta { preview: Media::new(file, "") })
    }
}

impl Playground {
    /// Has the built-in painter paint a picture. The same seed gives the same file.
    ///
    /// # Errors
    /// `Input` for a number out of its range, `Model` for another model and where one that is needed is not here.
    pub(crate) async fn paint(
        &self,
        live: &Live,
        input: &TextToImageInput,
        tell: &UnboundedSender<Told>,
    ) -> Result<Ending<RunOutput>> {
        self.must_do(&input.model, TextToImage::NAME)?;
        let wish = Wish::of(input)?;
        let brushes = self.inner.models.brushes()?;
        let files = PainterFiles { painter: brushes.painter, decoder: brushes.decoder };
        let Ending::Done(asked) = self.read_words(live, input, &wish).await? else {
            return Ok(Ending::Cancelled);
        };
        let mut on = |told: Progress<Painted>| {
            let told = match told {
                Progress::Status(status) => Progress::Status(status),
                Progress::Delta(so_far) => match wish.preview(so_far) {
                    Ok(delta) => Progress::Delta(RunDelta::TextToImage(delta)),
                    Err(error) => return tracing::warn!(detail = error.detail, "{error}"),
                },
            };
            // Nobody listens any more only when the run has ended.
            let _ = tell.send(told);
        };
        let painter = self.inner.painter.get(&self.inner.models)?;
        let Ending::Done(painted) = painter.paint(files, asked, &live.stop, &mut on).await? else {
            return Ok(Ending::Cancelled);
        };
        let model = self.does(&input.model, TextToImage::NAME).map(|model| model.name.clone());
        let (settings, seed) = (wish.settings(input, model), wish.seed);
        let file = off_thread("keep this picture", move || file(painted, &wish, &settings)).await?;
        let images = vec![Media::new(file, "")];
        Ok(Ending::Done(RunOutput::TextToImage(ImageOutput { images, seed: Some(seed), filtered: false })))
    }

    /// What the text model makes of what is wanted and what is not.
    async fn read_words(&self, live: &Live, input: &TextToImageInput, wish: &Wish) -> Result<Ending<Asked>> {
        let texts = vec![input.prompt.clone(), input.negative_prompt.clone().unwrap_or_default()];
        let labeller = self.inner.labeller.get(&self.inner.models)?;
        let states = labeller.token_states(self.text_files()?, texts, PIECES, &live.stop).await?;
        let Ending::Done(states) = states else { return Ok(Ending::Cancelled) };
        let [words, against] = <[Vec<f32>; 2]>::try_from(states)
            .map_err(|states| Error::internal("read this prompt", format!("{} texts", states.len())))?;
        #[expect(clippy::cast_possible_truncation, reason = "1 to 10")]
        let guidance = wish.guidance as f32;
        let canvas = Canvas::TRAINED;
        Ok(Ending::Done(Asked { words, against, seed: wish.seed, steps: wish.steps, guidance, canvas }))
    }
}

/// A PNG file of what was painted, in the size that was asked for, its settings in it.
fn file(painted: Painted, wish: &Wish, settings: &Settings) -> Result<Vec<u8>> {
    let (from, size) = ((painted.width, painted.height), (wish.width, wish.height));
    with_settings(&grown(painted.rgb, from, size, wish.growing)?, settings)
}

/// How the pixels grow: `extra_body` says `upscale`, `smooth` (or nothing) or `pixels`.
fn growing(input: &TextToImageInput) -> Result<Growing> {
    match input.extra_body.get("upscale").map(|value| value.as_str().unwrap_or_default()) {
        None | Some("smooth") => Ok(Growing::Smooth),
        Some("pixels") => Ok(Growing::Pixels),
        Some(_) => Err(refuse("upscale", "upscale is smooth or pixels. Take one of them.".into())),
    }
}

fn within<N: PartialOrd + Copy + std::fmt::Display>(field: &str, value: N, least: N, most: N) -> Result<N> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    let message = format!("{field} goes from {least} to {most} at the built-in painter: {value} is outside.");
    Err(refuse(field, message))
}

/// Fits where seeds have 32 bits, too.
fn any_seed() -> u64 {
    Uuid::now_v7().as_u64_pair().1 & u64::from(u32::MAX)
}

fn refuse(field: &str, message: String) -> Error {
    Error { field: Some(field.to_owned()), ..Error::new(ErrorCode::Input, message) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::{Value, json};

    use super::*;

    fn wish(fields: Value) -> Result<Wish> {
        let mut input: TextToImageInput = serde_json::from_value(fields).unwrap();
        input.prompt = "a cat".into();
        Wish::of(&input)
    }

    #[test]
    fn what_is_not_said_is_what_the_painter_does_best() {
        let wish = wish(json!({"seed": 7})).unwrap();
        let growing = Growing::Smooth;
        let best = Wish { width: 512, height: 512, steps: 30, guidance: 4.0, seed: 7, growing };
        assert_eq!(wish, best);
    }

    #[test]
    fn seeds_of_its_own_differ_and_fit_everywhere() {
        let seeds: std::collections::BTreeSet<u64> = (0..20).map(|_| any_seed()).collect();
        assert!(seeds.len() > 15 && seeds.iter().all(|seed| u32::try_from(*seed).is_ok()), "{seeds:?}");
    }

    #[test]
    fn what_is_out_of_range_is_refused_with_the_range() {
        for (fields, words) in [
            (json!({"width": 520}), "width goes from 64 to 512 at the built-in painter: 520 is outside."),
            (json!({"height": 63}), "height goes from 64 to 512 at the built-in painter: 63 is outside."),
            (json!({"num_inference_steps": 51}), "num_inference_steps goes from 1 to 50"),
            (json!({"num_inference_steps": 0}), "num_inference_steps starts at 1"),
            (json!({"guidance_scale": 0.5}), "guidance_scale goes from 1 to 10"),
            (json!({"guidance_scale": 11}), "guidance_scale goes from 1 to 10"),
            (json!({"extra_body": {"upscale": 4}}), "upscale is smooth or pixels."),
        ] {
            let error = wish(fields).unwrap_err();
            assert!(error.code == ErrorCode::Input && error.field.is_some(), "{error:?}");
            assert!(error.message.starts_with(words), "{error}");
        }
        let pixels = wish(json!({"extra_body": {"upscale": "pixels", "other": 1}})).unwrap();
        assert_eq!(pixels.growing, Growing::Pixels);
    }

    #[test]
    fn a_picture_on_the_way_has_the_form_of_the_one_to_come() {
        for (size, shown) in [((512, 512), (64, 64)), ((512, 384), (85, 64)), ((64, 512), (64, 512))] {
            let wish = wish(json!({"width": size.0, "height": size.1})).unwrap();
            let (width, height) = Canvas::TRAINED.pixels();
            let rgb = vec![9; 3 * width as usize * height as usize];
            let preview = wish.preview(Painted { width, height, rgb }).unwrap().preview;
            let facts = limerick_pictures::look(&preview.bytes).unwrap();
            assert_eq!((facts.width, facts.height), shown);
        }
    }
}
