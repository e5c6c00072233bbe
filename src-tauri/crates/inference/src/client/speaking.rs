//! A voice from a Space, as `text_to_speech` asks for it.

use limerick_tasks::{AudioOutput, Ending, Error, ErrorCode, Result, Status};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::Client;
use super::asking::{LARGEST, gave_no, unless_stopped};
use crate::gradio::{Endpoint, Space, SpaceOutput};

impl Client {
    /// Has a Space speak: `fields` are those of the input of `text_to_speech` as JSON, `model` is the endpoint (empty
    /// takes the first that speaks). What the endpoint has no field for is left out; see [`Endpoint::cannot_say`].
    ///
    /// # Errors
    /// `model` when no endpoint speaks; `format` when no sound comes; and those of [`Client::call_space`].
    pub async fn speak_in_space(
        &self,
        space: &Space,
        fields: &Map<String, Value>,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Status) + Send),
    ) -> Result<Ending<AudioOutput>> {
        let endpoint = speaker(space, fields)?;
        let inputs = endpoint.voice_inputs(fields);
        let Ending::Done(output) = self.ask_space(space, endpoint, &inputs, cancel, on).await? else {
            return Ok(Ending::Cancelled);
        };
        unless_stopped(cancel, self.sound_of(space, endpoint, &output)).await
    }

    async fn sound_of(
        &self,
        space: &Space,
        endpoint: &Endpoint,
        output: &SpaceOutput,
    ) -> Result<AudioOutput> {
        for file in output.files.iter().filter(|file| endpoint.gives_sound(file.output)) {
            let audio = self.space_file(space, file, LARGEST).await?;
            if audio.is_audio() {
                return Ok(AudioOutput { audio, ..AudioOutput::default() });
            }
        }
        Err(gave_no("sound", output))
    }
}

/// The endpoint that was picked, else the first that speaks.
fn speaker<'a>(space: &'a Space, fields: &Map<String, Value>) -> Result<&'a Endpoint> {
    let model = fields.get("model").and_then(Value::as_str).unwrap_or_default();
    let found = match model {
        "" => space.speakers().next(),
        name => space.endpoint(name).filter(|endpoint| endpoint.speaks()),
    };
    found.ok_or_else(|| {
        let message = format!("Nothing in {} makes a sound from words. Choose another Space.", space.name());
        Error::new(ErrorCode::Model, message)
    })
}
