//! Gradio Spaces: opened and called with Hugging Face's token where there is one, if the offline switch allows it.

use limerick_inference::{Client, Key, Sight, Space, SpaceDelta, SpaceFile, SpaceOutput, space_address};
use limerick_tasks::{ChatDelta, Ending, Error, ErrorCode, Media, Progress, Result, Status};
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    Playground, RunDelta, RunInput, RunOutput,
    commands::to_value,
    reach::HUGGING_FACE,
    running::{Live, Told},
    seeing::Question,
    starting::wrap,
};

/// The largest file of a Space that is fetched, in bytes.
const LARGEST: u64 = 256 << 20;

impl Playground {
    /// Opens a Space by its id on the Hub, its page there, or its own address; tells when it must be woken.
    ///
    /// # Errors
    /// `Model` where there is none, `Provider` where it is paused or broken, `Offline`, and those of any call.
    pub async fn open_space(
        &self,
        place: &str,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Status) + Send),
    ) -> Result<Ending<Space>> {
        let address = space_address(place, &self.inner.network.hub)?;
        let (client, token) = self.client_of_spaces(&address).await?;
        client.space(place, token.as_ref(), cancel, on).await
    }

    /// Calls an endpoint of a Space with named parameters; the deltas told add up to the output.
    ///
    /// # Errors
    /// `Input` for a missing or unknown parameter, `Limit` or `Credits` when a quota is used up, `Provider` when
    /// the Space fails, `Offline`, and those of any call.
    pub async fn call_space(
        &self,
        space: &Space,
        endpoint: &str,
        inputs: &Map<String, Value>,
        cancel: &CancellationToken,
        on: &mut (dyn FnMut(Progress<SpaceDelta>) + Send),
    ) -> Result<Ending<SpaceOutput>> {
        let client = self.inner.network.client_for(&self.settings_now(), &[&space.url])?;
        client.call_space(space, endpoint, inputs, cancel, on).await
    }

    /// Fetches a file that a Space made.
    ///
    /// # Errors
    /// `Format` when it is too large or not where a Space's files may be, `Offline`, and those of any call.
    pub async fn space_file(&self, space: &Space, file: &SpaceFile) -> Result<Media> {
        let client = self.inner.network.client_for(&self.settings_now(), &[&file.url])?;
        client.space_file(space, file, LARGEST).await
    }

    /// A Space as it is now, for those who look at it.
    pub(crate) async fn space_now(&self, place: &str) -> Result<Space> {
        match self.open_space(place, &CancellationToken::new(), &mut |_| {}).await? {
            Ending::Done(space) => Ok(space),
            Ending::Cancelled => Err(Error::internal("open this Space", "nobody stopped it")),
        }
    }

    /// Has a Space carry out a run: pictures, voices, and words about pictures.
    pub(crate) async fn ask_space(
        &self,
        live: &Live,
        place: &str,
        input: &RunInput,
        tell: &UnboundedSender<Told>,
    ) -> Result<Ending<RunOutput>> {
        let looks = Question::of(input);
        let makes =
            matches!(input, RunInput::TextToImage(_) | RunInput::ImageToImage(_) | RunInput::TextToSpeech(_));
        if looks.is_none() && !makes {
            return Err(not_asked_for());
        }
        let address = space_address(place, &self.inner.network.hub)?;
        let (client, token) = self.client_of_spaces(&address).await?;
        let wire = live.wire.clone();
        let client = client.watched(move |exchange| wire.add(exchange));
        // Nobody listens any more only when the run has ended.
        let mut on = |status| drop(tell.send(Progress::Status(status)));
        let Ending::Done(space) = client.space(place, token.as_ref(), &live.stop, &mut on).await? else {
            return Ok(Ending::Cancelled);
        };
        let fields = to_value(input)?;
        let fields = fields.as_object().cloned().unwrap_or_default();
        if let Some(question) = looks {
            return look(&client, &space, input, &question, &fields, &live.stop, tell).await;
        }
        if matches!(input, RunInput::TextToSpeech(_)) {
            let said = client.speak_in_space(&space, &fields, &live.stop, &mut on).await?;
            return Ok(wrap(said, RunOutput::TextToSpeech));
        }
        let to_picture = matches!(input, RunInput::ImageToImage(_));
        let as_output = if to_picture { RunOutput::ImageToImage } else { RunOutput::TextToImage };
        Ok(wrap(client.paint_in_space(&space, &fields, &live.stop, &mut on).await?, as_output))
    }

    /// The client, and the token for what may see it: a Space on this machine is no such place.
    async fn client_of_spaces(&self, address: &Url) -> Result<(Client, Option<Key>)> {
        let client = self.inner.network.client_for(&self.settings_now(), &[address])?;
        if address.scheme() != "https" && *address != self.inner.network.hub {
            return Ok((client, None));
        }
        let found = self.key_of(&self.find_connection(HUGGING_FACE).await?).await?;
        let token = found.map(|found| client.hugging_face_key(&found.secret)).transpose()?;
        Ok((client, token))
    }
}

/// Has a Space say something about pictures.
async fn look(
    client: &Client,
    space: &Space,
    input: &RunInput,
    question: &Question,
    fields: &Map<String, Value>,
    stop: &CancellationToken,
    tell: &UnboundedSender<Told>,
) -> Result<Ending<RunOutput>> {
    let pictures: Vec<String> = question.pictures.iter().map(Media::data_uri).collect();
    let mut fields = fields.clone();
    // These are asked in their own way, and a Space may have fields of the same name.
    fields.retain(|name, _| {
        !["task", "model", "messages", "image", "question", "stream"].contains(&name.as_str())
    });
    let sight =
        Sight { endpoint: input.model(), pictures: &pictures, question: &question.words, fields: &fields };
    let in_pieces = matches!(input, RunInput::ChatCompletion(_));
    let mut on = |told| match told {
        Progress::Status(status) => drop(tell.send(Progress::Status(status))),
        Progress::Delta(text) if in_pieces => {
            let delta = ChatDelta { text, ..ChatDelta::default() };
            drop(tell.send(Progress::Delta(RunDelta::ChatCompletion(delta))));
        }
        Progress::Delta(_) => {}
    };
    let said = client.look_in_space(space, sight, stop, &mut on).await?;
    Ok(wrap(said, |words| question.answer(words)))
}

/// Why a Space is not asked for a task.
pub(crate) fn not_asked_for() -> Error {
    let message =
        "Spaces are asked for pictures, for voices and about pictures only. Choose another connection.";
    Error::new(ErrorCode::Model, message)
}
