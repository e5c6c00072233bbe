//! Fetches the files that an answer names: without any key, and only from where such files can be.

use std::time::{Duration, SystemTime};

use limerick_tasks::{Error, ErrorCode, Media, Result};
use url::Url;

use super::Client;
use super::answer::Answer;
use super::send::{Credentials, target_of};
use crate::address;
use crate::error::{self, Failure};
use crate::wire::Request;

/// The most bytes of one file.
const CAP: usize = 256 << 20;
/// The most redirects on the way to it.
const REDIRECTS: usize = 5;
/// How long a name is looked up before the file is asked for anyway.
const LOOK_UP: Duration = Duration::from_secs(2);

impl Client {
    /// Fetches a file; `asked` is the server whose answer names it.
    pub(super) async fn file(&self, url: &Url, asked: &Url) -> std::result::Result<Answer, Failure> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            self.check(&url, asked).await?;
            let (response, recording) =
                self.send_once(&Request::file(url.clone()), &Credentials::default()).await?;
            let mut answer = self.answer(response).recorded(recording);
            let Some(target) = target_of(&url, &answer.head)? else {
                answer.body.allow(CAP);
                return Ok(answer);
            };
            url = target;
        }
        Err(refuse("it is sent from one address to the next without an end").into())
    }

    /// Fetches a picture or a sound that the person named by its address, without any key.
    ///
    /// # Errors
    /// `format` when it is neither, or leads where no such file can be; the errors of any call.
    pub async fn media(&self, url: &Url) -> Result<Media> {
        let answer = self.file(url, url).await.map_err(|failure| failure.error)?;
        if !answer.is_good() {
            return Err(error::from_response(&answer.into_error_response().await, SystemTime::now()).error);
        }
        let (response, broken) = answer.whole().await;
        if let Some(broken) = broken {
            return Err(broken.into_error());
        }
        let media = Media::new(response.body, "");
        if media.is_image() || media.is_audio() {
            return Ok(media);
        }
        let message =
            "That address gives neither a picture nor a sound: open it in a browser to see what it is.";
        Err(Error::new(ErrorCode::Format, message))
    }

    /// Only https on public hosts, or the very server that was asked. Everything else would let an answer reach
    /// into this machine and the network around it.
    async fn check(&self, url: &Url, asked: &Url) -> Result<()> {
        if url.origin() == asked.origin() {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err(refuse("its address is not encrypted"));
        }
        if !address::is_public(url) || self.leads_home(url).await {
            return Err(refuse("its address leads into a private network"));
        }
        Ok(())
    }

    /// Whether a public name stands for a private address. A proxy looks names up by itself.
    async fn leads_home(&self, url: &Url) -> bool {
        let (None, Some(name)) = (&self.config().proxy, url.domain()) else { return false };
        let found = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((name, 443))).await;
        // A name that is not found is the next step's matter.
        found
            .is_ok_and(|found| found.is_ok_and(|mut found| found.any(|one| !address::is_public_ip(one.ip()))))
    }
}

fn refuse(why: &str) -> Error {
    let message =
        format!("The provider's file is not fetched, because {why}: try again, or choose another provider.");
    Error::new(ErrorCode::Format, message)
}
