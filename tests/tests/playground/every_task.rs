//! Every task through the whole house: started, stored with its files, ended once, read back; and the wire view.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output},
    sync::{Arc, Mutex},
};

use limerick_playground::{
    ListRuns, Playground, RunEvent, RunInput, SetKey, Settings, StartRun,
    commands::{Id, Nothing},
};
use limerick_tasks::{self as tasks, Task};
use limerick_tests::{
    front,
    peers::{self, Case},
    recorder::Recorder,
};
use serde_json::{Value, json};

const TOKEN: &str = "hf_peer_test_token";

/// A playground that reaches Hugging Face through the recorder.
async fn connected(folder: &Path, recorder: &Recorder) -> Playground {
    let playground = front::open(folder);
    let settings = Settings {
        proxy: Some(recorder.base().to_string()),
        ca_file: Some(recorder.ca().display().to_string()),
        ..Settings::default()
    };
    let Nothing {} = playground.set_settings(settings).await.unwrap();
    let key = SetKey { connection: "hf".into(), key: TOKEN.into(), allow_file: false };
    playground.set_key(key).await.unwrap();
    playground
}

/// One call a task: of those with the fewest exchanges, through Hugging Face.
fn one_a_task() -> Vec<Case> {
    let mut seen = BTreeSet::new();
    let routed =
        |case: &Case| case.name.ends_with(".routed") && case.provider.is_some() && !case.wanted.is_empty();
    let mut cases: Vec<Case> = peers::cases().into_iter().filter(routed).collect();
    cases.sort_by_key(|case| (case.name.contains("variant"), case.wanted[0].len()));
    cases.retain(|case| task_names().contains(case.method.as_str()) && seen.insert(case.method.clone()));
    cases
}

fn task_names() -> BTreeSet<&'static str> {
    macro_rules! names {
        ($($name:ident: $task:ident;)+) => { [$(<tasks::$task as Task>::NAME),+] };
    }
    tasks::for_each_task!(names).into()
}

fn input(case: &Case) -> RunInput {
    let mut input = case.input.clone();
    input["task"] = json!(case.method);
    serde_json::from_value(input).unwrap()
}

async fn start(playground: &Playground, case: &Case) -> (String, Vec<RunEvent>) {
    let start = StartRun { provider: case.provider.clone(), ..StartRun::new("hf", input(case)) };
    let id = start.id.clone();
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = events.clone();
    playground.start_run(start, move |event| heard.lock().unwrap().push(event)).await.unwrap();
    let events = events.lock().unwrap().clone();
    (id, events)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_task_is_stored_and_comes_back_as_it_was() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    recorder.play_peers().await;
    let playground = connected(folder.path(), &recorder).await;
    let cases = one_a_task();
    // No client was recorded with token classification: it has the form of the other classifiers.
    assert_eq!(
        cases.len(),
        task_names().len() - 1,
        "{:?}",
        cases.iter().map(|one| &one.method).collect::<Vec<_>>()
    );
    for case in &cases {
        let (id, events) = start(&playground, case).await;
        let Some(RunEvent::Done { output, .. }) = events.last() else {
            unreachable!("{}: {events:?}", case.name)
        };
        let kept = playground.run(Id { id: id.clone() }).await.unwrap();
        assert_eq!((&kept.output, kept.input), (output, input(case)), "{}", case.name);
        let exchanges = playground.exchanges(Id { id }).await.unwrap();
        let told = json!(exchanges).to_string();
        assert!(exchanges.iter().any(|one| one.method == "POST" && one.status == Some(200)), "{told}");
        assert!(told.contains("•••") && !told.contains(TOKEN), "{}: {told}", case.name);
    }
    let page = playground.runs(ListRuns::default()).await.unwrap();
    assert_eq!(page.total as usize, cases.len());
    nothing_leaks(folder.path());
}

/// No key in any file, and no base64 of a picture in the history.
fn nothing_leaks(folder: &Path) {
    let mut folders = vec![folder.to_path_buf()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            let holds = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
            assert!(!holds(TOKEN), "{} holds the key", path.display());
            assert!(!holds("data:image/png;base64"), "{} holds a picture as text", path.display());
        }
    }
    assert!(files > 3, "nothing was looked at");
}

fn limerick(folder: &Path, recorder: &Recorder, words: &[&str]) -> Output {
    let mut command = Command::new(front::limerick());
    command.env("LIMERICK_DATA", folder.join("data")).env("LIMERICK_MODELS", folder.join("models"));
    command.env("HTTPS_PROXY", recorder.base().as_str()).env("SSL_CERT_FILE", recorder.ca());
    command.env("HF_TOKEN", TOKEN).env_remove("HF_ENDPOINT").env_remove("NO_PROXY").env_remove("no_proxy");
    command.args(words).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_makes_pictures_and_reads_them() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    recorder.play_peers().await;
    let picture = folder.path().join("cat.png");
    let out = picture.display().to_string();
    let route = ["--connection", "hf", "--provider"];
    let words_for = |task: &str, rest: &[&str]| {
        let all: Vec<String> =
            ["run", task].iter().chain(&route).chain(rest).map(|word| (*word).to_owned()).collect();
        all
    };
    let run = |task: &str, rest: &[&str]| {
        let all = words_for(task, rest);
        limerick(folder.path(), &recorder, &all.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let made =
        run("text_to_image", &["fal-ai", "--model", "acme/text-to-image", "--input", "a cat", "--out", &out]);
    assert!(made.status.success(), "{}", words(&made.stderr));
    assert_eq!(std::fs::read(&picture).unwrap(), include_bytes!("../../peers/png8x8.png"));
    let at = format!("@{out}");
    let named = ["hf-inference", "--model", "acme/image-classification", "--input", &at];
    let labelled = run("image_classification", &named);
    assert!(words(&labelled.stdout).contains("0.7500 tabby cat"), "{labelled:?}");
    let refused = run(
        "text_to_image",
        &["fal-ai", "--model", "acme/text-to-image", "--input", r#"{"prompt": "a", "width": 0}"#],
    );
    assert_eq!(refused.status.code(), Some(2));
    assert!(words(&refused.stderr).contains("width"), "{refused:?}");
    let seen: Vec<Value> = recorder.records().await;
    assert!(
        seen.iter().all(|record| record["host"] != "files.canned.test"
            || Recorder::header(record, "authorization").is_none())
    );
}
