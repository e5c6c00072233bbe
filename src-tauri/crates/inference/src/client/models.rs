//! Questions to the Hub about models: lists, cards, templates.

use limerick_tasks::{Error, ErrorCode, Result};
use url::Url;

use super::Client;
use super::hub::{Question, bare};
use super::send::Credentials;
use crate::address;
use crate::gradio;
use crate::hub::{self, ModelCard, ModelPage, ModelQuery, Templates};
use crate::key::Key;

/// The largest template or tokenizer file that is read; the largest known are some 10 MB.
const FILE_CAP: usize = 24 << 20;

impl Client {
    /// Models of the Hub, a page at a time.
    ///
    /// # Errors
    /// `input` for an unknown task, order or provider.
    pub async fn search_models(&self, query: &ModelQuery, token: Option<&Key>) -> Result<ModelPage> {
        let url = hub::list_url(&self.config().hub, query)?;
        self.page_of_models(url, token).await
    }

    /// The page after another; `next` comes from there.
    ///
    /// # Errors
    /// `input` when `next` does not lead to the Hub's list of models.
    pub async fn more_models(&self, next: &str, token: Option<&Key>) -> Result<ModelPage> {
        let url = Url::parse(next).ok().filter(|url| hub::is_list(&self.config().hub, url));
        let elsewhere = || Error::new(ErrorCode::Input, "That is no page of the Hub's list: search again.");
        self.page_of_models(url.ok_or_else(elsewhere)?, token).await
    }

    async fn page_of_models(&self, url: Url, token: Option<&Key>) -> Result<ModelPage> {
        let response = self.ask_hub(Question { url, token, model: "" }, &mut |_| {}).await?;
        let models = hub::hits(&response.json()?)?;
        let next = hub::next_link(&response.head, &self.config().hub);
        Ok(ModelPage { models, next: next.map(String::from) })
    }

    /// What the Hub says of a model.
    ///
    /// # Errors
    /// `model` when the Hub does not know it, `gated` with the model's page when its terms are not accepted.
    pub async fn model_card(&self, model: &str, token: Option<&Key>) -> Result<ModelCard> {
        let model = named(model)?;
        let url = self.model_url(model, &hub::CARD_FIELDS);
        let answer = self.ask(Question { url, token, model }).await?;
        let card = hub::card(&answer, model, &self.config().hub);
        self.remember_mapping(model, &card.mapping);
        Ok(card)
    }

    /// The chat templates and special tokens of a model: as the Hub tells them, else from its files.
    ///
    /// # Errors
    /// As [`Client::model_card`]; a model without a template is none.
    pub async fn templates(&self, model: &str, token: Option<&Key>) -> Result<Templates> {
        let model = named(model)?;
        let url = self.model_url(model, &hub::TEMPLATE_FIELDS);
        let answer = self.ask(Question { url, token, model }).await?;
        let mut found = hub::from_model(&answer);
        for file in hub::template_files(&answer) {
            if found.templates.is_empty() {
                self.add_template_file(&mut found, model, file, token).await?;
            }
        }
        for file in hub::extra_files(&answer) {
            self.add_template_file(&mut found, model, file, token).await?;
        }
        if found.special_tokens.is_empty() && hub::has_file(&answer, "tokenizer_config.json") {
            self.add_template_file(&mut found, model, "tokenizer_config.json", token).await?;
        }
        Ok(found)
    }

    async fn add_template_file(
        &self,
        found: &mut Templates,
        model: &str,
        file: &str,
        token: Option<&Key>,
    ) -> Result<()> {
        match self.hub_file(model, file, token).await {
            Ok(text) => hub::add_file(found, file, &text),
            // The list of files may be older than the repository.
            Err(error) if error.status == Some(404) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Whether a Space of the Hub answers at once; otherwise a visit wakes it, which takes minutes.
    ///
    /// # Errors
    /// `provider`, with the reason, when it will not come; the errors of any call.
    pub async fn space_is_awake(&self, id: &str, token: Option<&Key>) -> Result<bool> {
        let id = named(id)?;
        let url = address::join(&self.config().hub, &format!("/api/spaces/{id}/runtime"));
        let stage = gradio::runtime(&self.ask(Question { url, token, model: "" }).await?).stage;
        stage.error(id).map_or(Ok(stage == gradio::Stage::Ready), Err)
    }

    /// A small text file of a model's repository. Redirects to the Hub's file hosts are followed without the key.
    ///
    /// # Errors
    /// As [`Client::model_card`]; `format` when it is larger than 24 MiB.
    pub async fn hub_file(&self, model: &str, file: &str, token: Option<&Key>) -> Result<String> {
        let model = named(model)?;
        if file.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(Error::new(ErrorCode::Input, "That is no file of a model: choose another."));
        }
        let url = address::join(&self.config().hub, &format!("/{model}/resolve/main/{file}"));
        let asked = async {
            let mut answer = self.open(&url, token, 0).await?;
            answer.body.cap(FILE_CAP);
            self.hub_answer(answer, model).await
        };
        let response = asked.await.map_err(|failure| Credentials::of(token).scrub(failure.error))?;
        Ok(String::from_utf8_lossy(&response.body).into_owned())
    }
}

/// A model's id that makes no step out of its place in an address.
fn named(model: &str) -> Result<&str> {
    let model = bare(model);
    let odd = |part: &str| {
        matches!(part, "" | "." | "..")
            || !part.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_.".contains(sign))
    };
    if model.split('/').count() > 2 || model.split('/').any(odd) {
        let message = "A model's name looks like organisation/model: check it.";
        return Err(Error::new(ErrorCode::Model, message));
    }
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_models_name_cannot_leave_its_place() {
        assert_eq!(named("org/Model-1.5_b:fastest").as_deref(), Ok("org/Model-1.5_b"));
        assert_eq!(named("gpt2").as_deref(), Ok("gpt2"));
        for bad in ["", "..", "a/../b", "a/b/c", "a//b", "a/b?x", "a/b#c", "a b/c", "a/%2e%2e"] {
            assert!(named(bad).is_err(), "{bad}");
        }
    }
}
