//! What becomes of the queue when the app closes, is killed, or runs twice.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use limerick_tasks::{Content, ImageUrl, Media, Part};
use tempfile::TempDir;

use super::{Gate, PATIENCE, begin, in_short, pause, queue, queued, state, until, watch, words};
use crate::{
    commands::{Id, Ids, Nothing},
    laws::{Bare, open},
    *,
};

/// Where a second process of this test finds the folder and the server that it is to use.
const FOLDER: &str = "LIMERICK_QUEUE_TEST_FOLDER";
const SERVER: &str = "LIMERICK_QUEUE_TEST_SERVER";

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_when_the_app_closes_waits_for_the_next() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let first = open(&folder);
    let runs = first.runs(ListRuns::default()).await.unwrap();
    assert_eq!(runs.total, 0);
    let going = begin(&first, queued(&gate.connection, "a")).await;
    going.until("sent").await;
    let waiting = begin(&first, queued(&gate.connection, "b")).await;
    waiting.until("queued 0").await;
    let id = waiting.id.clone();
    // Another one that lives leaves them alone.
    let second = open(&folder);
    assert_eq!(queue(&second).await, (vec![], vec![]));
    let error = watch(&second, &id).ended.await.unwrap().unwrap_err();
    assert!(error.message.contains("another Limerick"), "{error}");
    first.close().await;
    assert_eq!(going.end(&first).await.0, RunState::Cancelled);
    tokio::time::timeout(PATIENCE, waiting.ended).await.unwrap().unwrap().unwrap();
    let told: Vec<_> = waiting.events.lock().unwrap().iter().map(in_short).collect();
    assert_eq!(told, ["started", "queued 0"], "it has no ending yet");
    let late = begin(&first, queued(&gate.connection, "c")).await;
    tokio::time::timeout(PATIENCE, late.ended).await.unwrap().unwrap().unwrap();
    assert_eq!(
        (state(&first, &id).await, state(&first, &late.id).await),
        (RunState::Waiting, RunState::Waiting)
    );
    drop(first);
    until(async || open(&folder).queue(Nothing {}).await.unwrap().waiting.len() == 2).await;
    assert_eq!(gate.asked(), ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_rests_only_as_long_as_something_is_left_over() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let first = open(&folder);
    let waiting = begin(&first, queued(&gate.connection, "going")).await;
    waiting.until("sent").await;
    let left = begin(&first, queued(&gate.connection, "left over")).await;
    left.until("queued 0").await;
    first.close().await;
    drop(first);
    let second = tokio::time::timeout(PATIENCE, next_that_rests(&folder)).await.unwrap();
    second.stop_runs(Ids { ids: vec![left.id.clone()] }).await.unwrap();
    until(async || !second.queue(Nothing {}).await.unwrap().paused).await;
    // What the person paused stays paused.
    assert!(pause(&second, true).await.paused);
    let held = begin(&second, queued(&gate.connection, "held")).await;
    held.until("queued 0").await;
    second.stop_runs(Ids { ids: vec![held.id.clone()] }).await.unwrap();
    assert_eq!(held.end(&second).await.0, RunState::Cancelled);
    assert!(second.queue(Nothing {}).await.unwrap().paused);
}

/// The next app, opened once the one before is quite gone: its runs may hold it for a moment after it was closed.
async fn next_that_rests(folder: &TempDir) -> Playground {
    loop {
        let next = open(folder);
        if next.queue(Nothing {}).await.unwrap().paused {
            return next;
        }
    }
}

/// The app that is killed: asks the server, with the queue behind it, and waits for its end.
async fn queue_until_killed(folder: &Path, connection: &str) {
    let folders = Folders { data: folder.join("data"), models: folder.join("models") };
    let playground = Playground::open(folders, Arc::new(Bare::default())).unwrap();
    let mut runs = Vec::new();
    for name in ["a", "b", "c", "gone"] {
        let mut start = queued(connection, name);
        if let (RunInput::ChatCompletion(input), "c" | "gone") = (&mut start.input, name) {
            let url = Media::new([b"\x89PNG\r\n\x1a\n", name.as_bytes()].concat(), "").data_uri();
            let text = Part::Text { text: name.into() };
            input.messages[0].content =
                Content::Parts(vec![text, Part::ImageUrl { image_url: ImageUrl { url } }]);
        }
        runs.push(begin(&playground, start).await);
    }
    let wanted = MoveRun { id: runs[2].id.clone(), before: Some(runs[1].id.clone()) };
    playground.move_run(wanted).await.unwrap();
    runs[0].until("sent").await;
    std::fs::write(folder.join("ready"), "").unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_app_leaves_its_queue_to_the_next_which_asks_first() {
    if let (Some(folder), Ok(connection)) = (env::var_os(FOLDER), env::var(SERVER)) {
        return queue_until_killed(folder.as_ref(), &connection).await;
    }
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let name = "queue_laws::restart::a_killed_app_leaves_its_queue_to_the_next_which_asks_first";
    let mut app = Command::new(env::current_exe().unwrap())
        .args([name, "--exact"])
        .env(FOLDER, folder.path())
        .env(SERVER, &gate.connection)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until(async || folder.path().join("ready").exists()).await;
    app.kill().unwrap();
    app.wait().unwrap();

    let playground = open(&folder);
    let page = playground.runs(ListRuns::default()).await.unwrap();
    let states: Vec<_> = page.runs.iter().map(|run| (run.prompt.as_str(), run.state)).collect();
    let waiting = RunState::Waiting;
    assert_eq!(states, [("gone", waiting), ("c", waiting), ("b", waiting), ("a", RunState::Interrupted)]);
    let (taken, other) = (playground.queue(Nothing {}).await.unwrap(), open(&folder));
    assert_eq!((words(&taken).1.concat(), taken.paused), ("cbgone".into(), true));
    assert_eq!(queue(&other).await, (vec![], vec![]), "what is taken is taken");
    let heard: Vec<_> = taken.waiting.iter().map(|run| watch(&playground, &run.id)).collect();
    heard[1].until("queued 1").await;
    let gone = playground.run(Id { id: taken.waiting[2].id.clone() }).await.unwrap();
    forget_pictures(&folder, &gone);
    gate.answer(&[200, 200]);
    pause(&playground, false).await;
    let mut endings = Vec::new();
    for run in heard {
        endings.push(run.end(&playground).await.1);
    }
    assert_eq!(endings[0], ["queued 0", "sent", "delta", "done"]);
    assert_eq!(endings[1], ["queued 1", "queued 0", "sent", "delta", "done"]);
    assert_eq!(endings[2], ["queued 2", "queued 1", "queued 0", "failed: Input"]);
    assert_eq!(gate.asked().concat(), "acb", "nothing is sent twice, and nothing without its picture");
    let sent = gate.body(1).to_string();
    assert!(sent.contains(";base64,"), "{sent}");
}

fn forget_pictures(folder: &TempDir, run: &Run) {
    let RunInput::ChatCompletion(input) = &run.input else { unreachable!() };
    let Content::Parts(parts) = &input.messages[0].content else { unreachable!() };
    let Part::ImageUrl { image_url } = &parts[1] else { unreachable!() };
    let bytes = Media::from_data_uri(&image_url.url).unwrap().bytes;
    for file in std::fs::read_dir(folder.path().join("data/files")).unwrap().flatten() {
        if std::fs::read(file.path()).unwrap() == bytes {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_apps_that_take_up_at_once_each_run_belongs_to_one() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let gone = open(&folder);
    pause(&gone, true).await;
    for _ in 0..12 {
        begin(&gone, queued(&gate.connection, "a")).await;
    }
    let db = rusqlite::Connection::open(folder.path().join("data/history.sqlite")).unwrap();
    db.execute("update runs set instance = 'dead'", []).unwrap();
    let apps = [open(&folder), open(&folder)];
    let [one, two] =
        apps.map(|app| tokio::spawn(async move { app.queue(Nothing {}).await.unwrap().waiting }));
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!(one.len() + two.len(), 12);
    assert!(one.iter().all(|run| two.iter().all(|other| other.id != run.id)));
}
