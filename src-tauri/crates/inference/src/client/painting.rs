//! Pictures from a Space, as the picture tasks ask for them.

use limerick_tasks::{Ending, Error, ErrorCode, ImageOutput, Result, Status};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::Client;
use super::asking::{LARGEST, gave_no, unless_stopped};
use crate::gradio::{Endpoint, Space, SpaceOutput};

impl Client {
    /// Has a Space paint: `fields` are those of the input of `text_to_image` or `image_to_image` as JSON, `model`
    /// is the endpoint (empty takes the first that paints). What the endpoint has no field for is left out; see
    /// [`Endpoint::lacks`].
    ///
    /// # Errors
    /// `model` when no endpoint paints, or not from a picture; `format` when no picture comes; and those of
    /// [`Client::call_space`].
    pub async fn paint_in_space(
        &self,
        space: &Space,
        fields: &Map<String, Value>,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Status) + Send),
    ) -> Result<Ending<ImageOutput>> {
        let endpoint = painter(space, fields)?;
        let inputs = endpoint.picture_inputs(fields);
        let Ending::Done(output) = self.ask_space(space, endpoint, &inputs, cancel, on).await? else {
            return Ok(Ending::Cancelled);
        };
        unless_stopped(cancel, self.pictures_of(space, endpoint, &output)).await
    }

    async fn pictures_of(
        &self,
        space: &Space,
        endpoint: &Endpoint,
        output: &SpaceOutput,
    ) -> Result<ImageOutput> {
        let mut painted = ImageOutput { seed: endpoint.seed_in(&output.data), ..ImageOutput::default() };
        for file in output.files.iter().filter(|file| endpoint.shows_pictures(file.output)) {
            let media = self.space_file(space, file, LARGEST).await?;
            painted.images.extend(Some(media).filter(limerick_tasks::Media::is_image));
        }
        if painted.images.is_empty() {
            return Err(gave_no("picture", output));
        }
        Ok(painted)
    }
}

/// The endpoint that was picked, else the first that paints.
fn painter<'a>(space: &'a Space, fields: &Map<String, Value>) -> Result<&'a Endpoint> {
    let from_picture = fields.contains_key("image");
    let model = fields.get("model").and_then(Value::as_str).unwrap_or_default();
    let found = match model {
        "" => space.painters(from_picture).next(),
        name => space.endpoint(name).filter(|endpoint| endpoint.paints(from_picture)),
    };
    found.ok_or_else(|| {
        let from = if from_picture { "a picture" } else { "words alone" };
        let message =
            format!("Nothing in {} makes a picture from {from}. Choose another Space.", space.name());
        Error::new(ErrorCode::Model, message)
    })
}
