//! Pictures from a Space, as the picture tasks ask for them.

use limerick_tasks::{Ending, Error, ErrorCode, ImageOutput, Progress, Result, Status};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::Client;
use crate::gradio::{Endpoint, Space, SpaceOutput};

/// The largest picture of a Space that is fetched, in bytes.
const LARGEST: u64 = 64 << 20;

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
        let mut tell = |progress| {
            if let Progress::Status(status) = progress {
                on(status);
            }
        };
        let called = self.call_space(space, &endpoint.name, &inputs, cancel, &mut tell).await?;
        let Ending::Done(output) = called else { return Ok(Ending::Cancelled) };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(Ending::Cancelled),
            fetched = self.pictures_of(space, endpoint, &output) => fetched.map(Ending::Done),
        }
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
            let why = output.left_out.first().cloned().unwrap_or_default();
            let message = "The Space gave no picture. Look at its own page to see what it makes of this.";
            return Err(Error::new(ErrorCode::Format, message).with_detail(why));
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
