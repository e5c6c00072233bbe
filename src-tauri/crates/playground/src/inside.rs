//! Runs on the built-in models: which of them answers, and how a person knows it.

use limerick_engine::{Model, ModelRef};
use limerick_tasks::{Ending, Error, ErrorCode, Result};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    Playground, RunInput, RunOutput,
    reach::{Found, Reach},
    running::{Live, Told},
    said,
    starting::{pass_on, wrap},
};

impl Playground {
    /// How a person knows the model that will answer.
    pub(crate) fn model_name(&self, found: Option<&Found>, input: &RunInput) -> String {
        match found.map(|found| &found.reach) {
            Some(Reach::Builtin) => self.name_inside(input),
            _ => input.model().to_owned(),
        }
    }

    /// How a person knows the built-in model that will answer.
    pub(crate) fn name_inside(&self, input: &RunInput) -> String {
        let model = input.model();
        let name = match input {
            RunInput::TextToSpeech(_) => self.voice_name(model).ok(),
            RunInput::ChatCompletion(_) | RunInput::TextGeneration(_) => match self.eyes_for(input) {
                Some(eyes) => self.eyes_name(&eyes),
                None => self.builtin_model(model).map(|model| model.name).ok(),
            },
            RunInput::ImageToText(_) | RunInput::VisualQuestionAnswering(_) => {
                self.eyes_for(input).and_then(|eyes| self.eyes_name(&eyes))
            }
            _ => self.does(model, input.task()).map(|model| model.name.clone()),
        };
        name.unwrap_or_else(|| model.to_owned())
    }

    /// `quick`, `good`, a file of the person's own, or the best that is here.
    pub(crate) fn builtin_model(&self, model: &str) -> Result<ModelRef> {
        self.inner.models.find(if model == "auto" { "" } else { model })
    }

    /// The built-in model that does a task, whether or not it is here: the one that is named, else the first.
    pub(crate) fn does(&self, model: &str, task: &str) -> Option<&'static Model> {
        let models = &self.inner.models;
        let named = models.named(model).ok().filter(|model| model.does(task));
        named.or_else(|| models.all().iter().find(|model| model.does(task)))
    }

    /// Refuses a built-in model that was named and does not do the task.
    ///
    /// # Errors
    /// `Model`.
    pub(crate) fn must_do(&self, model: &str, task: &str) -> Result<()> {
        let able = |id: &str| self.inner.models.named(id).is_ok_and(|model| model.does(task));
        if matches!(model, "" | "auto") || able(model) {
            return Ok(());
        }
        let words = "This built-in model cannot do that. Choose one from the list of models.";
        Err(Error::new(ErrorCode::Model, words))
    }

    /// Has a built-in model carry out a run.
    pub(crate) async fn ask_builtin(
        &self,
        live: &Live,
        input: &RunInput,
        tell: &UnboundedSender<Told>,
    ) -> Result<Ending<RunOutput>> {
        let (model, engine) = (|| self.builtin_model(input.model()), &self.inner.engine);
        match input {
            RunInput::TextToSpeech(input) => self.speak(live, input, tell).await,
            RunInput::TextToImage(input) => self.paint(live, input, tell).await,
            RunInput::ChatCompletion(_) | RunInput::ImageToText(_) | RunInput::VisualQuestionAnswering(_)
                if let Some(eyes) = self.eyes_for(input) =>
            {
                self.look_and_tell(live, input, eyes, tell).await
            }
            RunInput::ChatCompletion(input) => {
                let mut on = |told| pass_on(tell, told);
                Ok(wrap(engine.chat(model()?, input, &live.stop, &mut on).await?, RunOutput::ChatCompletion))
            }
            RunInput::TextGeneration(input) => {
                if said::shown_in(&input.prompt).next().is_some() {
                    return Err(in_a_chat());
                }
                let mut on = |told| pass_on(tell, told);
                Ok(wrap(engine.text(model()?, input, &live.stop, &mut on).await?, RunOutput::TextGeneration))
            }
            _ => self.label(input, &live.stop).await,
        }
    }
}

fn in_a_chat() -> Error {
    let words =
        "The built-in models look at pictures in a chat, not in a raw prompt. Ask without a prompt form.";
    Error::new(ErrorCode::Input, words)
}
