//! The router's list of models, tried from outside: fresh, old, offline, damaged.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use limerick_engine::Models;
use limerick_inference::RouterModel;
use limerick_tasks::{ErrorCode, Result};
use serde_json::json;
use url::Url;

use crate::{
    Folders, Playground, Settings,
    commands::ListModels,
    laws::Bare,
    network::Network,
    stand_in::{Answer, StandIn},
    store::now,
};

fn open(folder: &Path, router: &Url) -> Playground {
    let folders = Folders { data: folder.to_owned(), models: folder.join("models") };
    let (network, models) =
        (Network::of(router.clone(), router.clone(), router.clone()), Models::new(&folders.models));
    Playground::open_with(folders, Arc::new(Bare::default()), network, models).unwrap()
}

/// The router's answer with this model alone.
fn list(model: &str) -> Answer {
    let offer = json!({"provider": "together", "status": "live"});
    let all = json!({"object": "list", "data": [{"id": model, "object": "model", "providers": [offer]}]});
    Answer::Whole(all.to_string().into_bytes())
}

/// Leaves a list with this model on disk, fetched `age` milliseconds ago.
fn keep(folder: &Path, router: &Url, model: &str, age: i64) {
    let model = RouterModel { id: model.into(), ..RouterModel::default() };
    let list = json!({"router": router.as_str(), "at": now() - age, "models": [model]});
    std::fs::write(folder.join("router-models.json"), list.to_string()).unwrap();
}

async fn ask(playground: &Playground, refresh: bool) -> Result<String> {
    let wanted = ListModels { connection: "hf".into(), task: "chat_completion".into(), refresh };
    Ok(playground.models(wanted).await?.into_iter().map(|row| row.id).collect())
}

/// Asks until the list has been renewed in the background.
async fn ask_until(playground: &Playground, model: &str) {
    let until = Instant::now() + Duration::from_secs(10);
    while ask(playground, false).await.unwrap() != model {
        assert!(Instant::now() < until, "the list was not renewed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_list_is_asked_for_once_and_outlives_the_app() {
    let (folder, router) = (tempfile::tempdir().unwrap(), StandIn::open());
    let playground = open(folder.path(), &router.url);
    router.say([list("a/one"), list("a/two"), Answer::Refusal(404)]);
    assert_eq!(ask(&playground, false).await.unwrap(), "a/one");
    assert_eq!(ask(&playground, false).await.unwrap(), "a/one");
    assert_eq!(ask(&playground, true).await.unwrap(), "a/two");
    assert_eq!(router.asked(), [("/v1/models".to_owned(), None), ("/v1/models".to_owned(), None)]);
    let again = open(folder.path(), &router.url);
    assert_eq!(ask(&again, false).await.unwrap(), "a/two");
    assert_eq!(router.asked(), []);
    assert!(ask(&again, true).await.is_err());
    assert_eq!(ask(&again, false).await.unwrap(), "a/two");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_list_is_shown_at_once_and_renewed_behind_it() {
    // A day old, and of a clock that went ahead.
    for age in [86_400_000, -86_400_000] {
        let (folder, router) = (tempfile::tempdir().unwrap(), StandIn::open());
        keep(folder.path(), &router.url, "a/old", age);
        let playground = open(folder.path(), &router.url);
        router.say([list("a/new")]);
        assert_eq!(ask(&playground, false).await.unwrap(), "a/old");
        ask_until(&playground, "a/new").await;
        assert_eq!(router.asked().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_list_serves_offline_and_is_renewed_as_soon_as_the_switch_is_off() {
    let (folder, proxy) = (tempfile::tempdir().unwrap(), StandIn::open());
    let router = Url::parse("http://router.example").unwrap();
    let playground = open(folder.path(), &router);
    let mut settings = Settings { offline: true, proxy: Some(proxy.url.to_string()), ..Settings::default() };
    playground.set_settings(settings.clone()).await.unwrap();
    assert_eq!(ask(&playground, false).await.unwrap_err().code, ErrorCode::Offline);
    keep(folder.path(), &router, "a/old", 86_400_000);
    for _ in 0..2 {
        assert_eq!(ask(&playground, false).await.unwrap(), "a/old");
    }
    assert_eq!(ask(&playground, true).await.unwrap_err().code, ErrorCode::Offline);
    assert_eq!(proxy.asked(), []);
    settings.offline = false;
    playground.set_settings(settings).await.unwrap();
    proxy.say([Answer::Refusal(404), list("a/new")]);
    assert_eq!(ask(&playground, false).await.unwrap(), "a/old");
    ask_until(&playground, "a/new").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_list_is_as_good_as_none() {
    let (folder, router) = (tempfile::tempdir().unwrap(), StandIn::open());
    let playground = open(folder.path(), &router.url);
    std::fs::write(folder.path().join("router-models.json"), r#"{"router": "#).unwrap();
    router.say([list("a/one")]);
    assert_eq!(ask(&playground, false).await.unwrap(), "a/one");
}
