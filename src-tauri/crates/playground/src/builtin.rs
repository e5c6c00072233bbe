//! Built-in models: lists, fetches, verifies and removes them. Nothing half-written ever gets a model's name:
//! a file is fetched beside its place, and put there only when size and SHA-256 are right.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use limerick_engine::{Model, ModelFile, OnDisk, Source, State};
use limerick_inference::Download;
use limerick_tasks::{Ending, Error, ErrorCode, Result};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::{
    BuiltinModel, FetchEvent, Playground,
    commands::{File, Id, Nothing},
    keys::off_thread,
    models::own_as_builtin,
    playground::lock,
};

/// Time between two events with progress.
const BEAT: Duration = Duration::from_millis(100);
/// Room on the disk that stays free beside a model.
const SPARE: u64 = 200 << 20;

impl Playground {
    /// Models that run inside the app.
    pub async fn builtin_models(&self, _: Nothing) -> Result<Vec<BuiltinModel>> {
        let ours = self.inner.models.all().iter().map(|model| self.as_builtin(model));
        let own = self.inner.models.own()?.into_iter().map(own_as_builtin);
        Ok(ours.chain(own).collect())
    }

    /// Fetches a built-in model.
    pub async fn fetch_model(
        &self,
        Id { id }: Id,
        on: impl Fn(FetchEvent) + Send + Sync + 'static,
    ) -> Result<()> {
        let model = self.inner.models.named(&id)?;
        let this = self.clone();
        self.follow(id, on, move |cancel, on| async move { this.fetch(model, &cancel, &*on).await }).await
    }

    /// Checks a model's hash. A file of the person's own has none: its head is read.
    pub async fn verify_model(
        &self,
        Id { id }: Id,
        on: impl Fn(FetchEvent) + Send + Sync + 'static,
    ) -> Result<()> {
        let this = self.clone();
        self.follow(id.clone(), on, move |cancel, on| async move { this.verify(&id, &cancel, on).await })
            .await
    }

    /// Stops fetching or verifying a model.
    pub async fn stop_fetch(&self, Id { id }: Id) -> Result<Nothing> {
        if let Some(cancel) = lock(&self.inner.fetches).get(&id) {
            cancel.cancel();
        }
        Ok(Nothing {})
    }

    /// Deletes a fetched model, or takes the person's own file off the list (the file stays).
    pub async fn remove_model(&self, Id { id }: Id) -> Result<Nothing> {
        self.stop_fetch(Id { id: id.clone() }).await?;
        self.unload_models().await;
        if id.starts_with("file:") {
            self.inner.models.remove_own(&id)?;
            return Ok(Nothing {});
        }
        let models = &self.inner.models;
        let model = models.named(&id)?;
        models.remove(model)?;
        for file in &model.files {
            let _ = fs::remove_file(fetched_part(models.on_disk(model, file)));
        }
        Ok(Nothing {})
    }

    /// Adds a file of the person's own: a language model (GGUF), with the projector beside it that lets it see, or a
    /// Piper voice (ONNX with its JSON beside it).
    pub async fn add_model(&self, File { path }: File) -> Result<BuiltinModel> {
        let models = self.inner.models.clone();
        let own = off_thread("read this file", move || models.add_own(Path::new(&path))).await?;
        Ok(own_as_builtin(own))
    }

    /// Runs `work` as the one thing done with a model, tells its ending, and lets `stop_fetch` stop it.
    async fn follow<On, Work, Done>(&self, id: String, on: On, work: Work) -> Result<()>
    where
        On: Fn(FetchEvent) + Send + Sync + 'static,
        Work: FnOnce(CancellationToken, std::sync::Arc<On>) -> Done + Send + 'static,
        Done: Future<Output = Result<Ending<()>>> + Send + 'static,
    {
        let (cancel, on) = (CancellationToken::new(), std::sync::Arc::new(on));
        {
            let mut fetches = lock(&self.inner.fetches);
            if fetches.contains_key(&id) {
                return Err(Error::new(
                    ErrorCode::Input,
                    "This model is being worked on already. Wait for its end.",
                ));
            }
            fetches.insert(id.clone(), cancel.clone());
        }
        let done = tokio::spawn(work(cancel, on.clone())).await;
        lock(&self.inner.fetches).remove(&id);
        on(match done {
            Ok(Ok(Ending::Done(()))) => FetchEvent::Done,
            Ok(Ok(Ending::Cancelled)) => FetchEvent::Cancelled,
            Ok(Err(error)) => FetchEvent::Failed { error },
            Err(cause) => FetchEvent::Failed { error: Error::internal("finish with this model", cause) },
        });
        Ok(())
    }

    /// Fetches a model and what it needs, with one progress.
    async fn fetch(
        &self,
        model: &'static Model,
        cancel: &CancellationToken,
        on: &(impl Fn(FetchEvent) + Send + Sync),
    ) -> Result<Ending<()>> {
        let models = &self.inner.models;
        match models.state(model) {
            State::Present => return Ok(Ending::Done(())),
            State::Broken { .. } => self.unload_models().await,
            State::Absent | State::Partial { .. } => {}
        }
        let missing: Vec<&Model> = self.missing_with(model).collect();
        for one in &missing {
            // It can never be loaded, and its room is needed.
            models.remove_broken(one)?;
        }
        self.make_room(&missing)?;
        let mut beat = Beat::new(missing.iter().map(|one| one.bytes()).sum());
        let files: Vec<_> =
            missing.iter().flat_map(|one| one.files.iter().map(|file| (*one, file))).collect();
        for (one, file) in files {
            let mut tell = |bytes| beat.tell(bytes, on);
            if models.on_disk(one, file).state() != State::Present
                && let Ending::Cancelled = self.fetch_file(one, file, cancel, &mut tell).await?
            {
                return Ok(Ending::Cancelled);
            }
            beat.before += file.bytes;
        }
        Ok(Ending::Done(()))
    }

    /// Fetches one file of a model and puts it in its place when it is right.
    async fn fetch_file(
        &self,
        model: &Model,
        file: &ModelFile,
        cancel: &CancellationToken,
        on: &mut (impl FnMut(u64) + Send),
    ) -> Result<Ending<()>> {
        let place = self.inner.models.on_disk(model, file);
        let whole = place.partial_path();
        if size(&whole) != Some(file.bytes)
            && let Ending::Cancelled = self.download(file, &whole, cancel, on).await?
        {
            return Ok(Ending::Cancelled);
        }
        let (hashed, stop) = (whole.clone(), cancel.clone());
        let Some(hash) = off_thread("check the model", move || hash(&hashed, &stop)).await? else {
            return Ok(Ending::Cancelled);
        };
        let keep = |cause| Error::internal("put the model in its place", cause);
        if hash != file.sha256 {
            fs::remove_file(&whole).map_err(keep)?;
            let message = format!("What came is not {}, so it was deleted. Try again later.", model.name);
            return Err(Error::new(ErrorCode::Format, message).with_detail(format!("sha256 {hash}")));
        }
        fs::rename(&whole, place.path()).map_err(keep)?;
        Ok(Ending::Done(()))
    }

    /// Goes on with what an earlier try or set-up left, and refuses when the rest does not fit on the disk.
    fn make_room(&self, wanted: &[&Model]) -> Result<()> {
        let (models, mut missing) = (&self.inner.models, 0);
        for (model, file) in wanted.iter().flat_map(|model| model.files.iter().map(move |file| (model, file)))
        {
            let place = models.on_disk(model, file);
            take_up(place, file)?;
            missing += file.bytes - here(place).min(file.bytes);
        }
        let free = free_space(models.folder());
        if missing > 0 && free.is_some_and(|free| free < missing + SPARE) {
            let message = format!(
                "{} needs {} MB more on the disk of {}. Free some space and try again.",
                wanted.first().map_or("This model", |model| &model.name),
                (missing + SPARE).div_ceil(1_000_000),
                models.folder().display()
            );
            return Err(Error::new(ErrorCode::Disk, message));
        }
        Ok(())
    }

    async fn download(
        &self,
        file: &ModelFile,
        whole: &Path,
        cancel: &CancellationToken,
        on: &mut (impl FnMut(u64) + Send),
    ) -> Result<Ending<()>> {
        let network = &self.inner.network;
        let client = network.client_for(&self.settings_now(), &[&network.hub])?;
        if file.is_ours() {
            let message = "This model comes with Limerick. Install Limerick again; if you build it yourself, run \
                           “cargo xtask models”.";
            return Err(Error::new(ErrorCode::Model, message));
        }
        let mut failure = None;
        for source in &file.sources {
            let Source::Hub { repo, revision, file: path } = source else { continue };
            let mut url = network.hub.clone();
            url.set_path(&format!("{}/{repo}/resolve/{revision}/{path}", url.path().trim_end_matches('/')));
            let what = Download { url, dest: whole.to_owned(), limit: file.bytes, key: None };
            let mut progress = |received: limerick_inference::Received| on(received.done);
            match client.download(&what, &mut progress, cancel).await {
                Ok(Ending::Done(_)) => return Ok(Ending::Done(())),
                Ok(Ending::Cancelled) => return Ok(Ending::Cancelled),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure
            .map_or_else(|| Error::internal("find a source of this model", "none is named"), with_advice))
    }

    async fn verify<On: Fn(FetchEvent) + Send + Sync + 'static>(
        &self,
        id: &str,
        cancel: &CancellationToken,
        on: std::sync::Arc<On>,
    ) -> Result<Ending<()>> {
        let models = self.inner.models.clone();
        if id.starts_with("file:") {
            return models.find(id).map(|_| Ending::Done(()));
        }
        let (model, cancel) = (models.named(id)?, cancel.clone());
        let verified = off_thread("check the model", move || {
            let mut beat = Beat::new(model.bytes());
            models.verify(model, &mut |bytes| beat.tell(bytes, &*on), &cancel)
        });
        let verified = verified.await;
        if verified.is_err() {
            // It may be loaded, and has just been set aside.
            self.unload_models().await;
        }
        verified
    }
}

/// Where the client collects a download: it puts `.part` behind the name it is given.
fn fetched_part(file: OnDisk) -> PathBuf {
    let mut name = file.partial_path().into_os_string();
    name.push(".part");
    name.into()
}

/// Bytes of a file that have been fetched and are not in their place yet.
pub(crate) fn fetched(file: OnDisk) -> u64 {
    size(&fetched_part(file)).or_else(|| size(&file.partial_path())).unwrap_or(0)
}

/// Bytes of a file that are here.
pub(crate) fn here(file: OnDisk) -> u64 {
    let placed = (file.state() == State::Present).then(|| size(&file.path())).flatten();
    placed.unwrap_or_else(|| fetched(file))
}

/// Makes what is here of a file the beginning of its download, and the folder that it belongs to.
fn take_up(place: OnDisk, file: &ModelFile) -> Result<()> {
    let (whole, part) = (place.partial_path(), fetched_part(place));
    let folder = whole.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|cause| Error::internal("make the folder for models", cause))?;
    if size(&whole).is_some_and(|bytes| bytes < file.bytes) && !part.exists() {
        fs::rename(whole, &part).map_err(|cause| Error::internal("go on with the download", cause))?;
    }
    Ok(())
}

/// Tells progress, not too often.
struct Beat {
    total: u64,
    /// Bytes of the files that are done.
    before: u64,
    last: Option<Instant>,
}

impl Beat {
    fn new(total: u64) -> Self {
        Self { total, before: 0, last: None }
    }

    /// `bytes` are those of the file in hand.
    fn tell(&mut self, bytes: u64, on: &impl Fn(FetchEvent)) {
        let bytes = self.before + bytes;
        if bytes < self.total && self.last.is_some_and(|last| last.elapsed() < BEAT) {
            return;
        }
        self.last = Some(Instant::now());
        on(FetchEvent::Progress { bytes, total: self.total });
    }
}

/// When the Hub cannot be reached there is another way for those who build the app themselves.
fn with_advice(mut error: Error) -> Error {
    if matches!(error.code, ErrorCode::Network | ErrorCode::Timeout) {
        error.message =
            "The Hugging Face Hub cannot be reached from here. Try again when you are online; if you build \
                         Limerick yourself, run “cargo xtask models”."
                .into();
    }
    error
}

/// SHA-256 of a file in small hexadecimal letters; `None` when cancelled.
fn hash(path: &Path, cancel: &CancellationToken) -> Result<Option<String>> {
    let reading = |cause| Error::internal("read the model's file", cause);
    let mut file = fs::File::open(path).map_err(reading)?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        match file.read(&mut piece).map_err(reading)? {
            0 => return Ok(Some(format!("{:x}", hash.finalize()))),
            length => hash.update(&piece[..length]),
        }
    }
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.len())
}

/// Bytes that we may still write where `folder` is; `None` where that is not known.
#[cfg(unix)]
fn free_space(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn free_space(_folder: &Path) -> Option<u64> {
    None
}
