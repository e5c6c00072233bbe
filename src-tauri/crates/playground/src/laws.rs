//! The laws of runs and of the history, tried from outside: one ending, nothing after it, nothing lost.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use limerick_tasks::{ChatInput, ErrorCode, Message, Result, Role};
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    commands::{EditMessage, Id, Ids, Nothing, SetText},
    *,
};

/// A front without a keychain: keys and settings are kept in memory.
#[derive(Default)]
pub(crate) struct Bare {
    settings: Mutex<Map<String, Value>>,
    keys: Mutex<Map<String, Value>>,
}

impl Host for Bare {
    fn load_settings(&self) -> Result<Map<String, Value>> {
        Ok(self.settings.lock().unwrap().clone())
    }
    fn save_settings(&self, settings: &Map<String, Value>) -> Result<()> {
        self.settings.lock().unwrap().clone_from(settings);
        Ok(())
    }
    fn key_storage(&self) -> KeyStorage {
        KeyStorage::Memory
    }
    fn read_key(&self, origin: &str) -> Result<Option<(SecretString, KeyStorage)>> {
        let key = self.keys.lock().unwrap().get(origin).and_then(Value::as_str).map(SecretString::from);
        Ok(key.map(|key| (key, KeyStorage::Memory)))
    }
    fn write_key(&self, origin: &str, key: &SecretString, _: bool) -> Result<KeyStorage> {
        let key = secrecy::ExposeSecret::expose_secret(key).to_owned();
        self.keys.lock().unwrap().insert(origin.into(), key.into());
        Ok(KeyStorage::Memory)
    }
    fn forget_key(&self, origin: &str) -> Result<()> {
        self.keys.lock().unwrap().remove(origin);
        Ok(())
    }
}

pub(crate) fn open(folder: &TempDir) -> Playground {
    let at = |name: &str| folder.path().join(name);
    Playground::open(Folders { data: at("data"), models: at("models") }, Arc::new(Bare::default())).unwrap()
}

/// A server that says `words` one by one with `pause` between; without `ends` it then hangs up.
pub(crate) fn server(words: &'static [&'static str], pause: Duration, ends: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("url:http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            std::thread::spawn(move || speak(socket.unwrap(), words, pause, ends));
        }
    });
    address
}

fn speak(mut socket: std::net::TcpStream, words: &[&str], pause: Duration, ends: bool) {
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    while !seen.windows(4).any(|four| four == b"\r\n\r\n") {
        match socket.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(length) => seen.extend_from_slice(&piece[..length]),
        }
    }
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    let mut said = socket.write_all(head.as_bytes());
    for word in words {
        let delta = json!({"choices": [{"index": 0, "delta": {"content": word}}]});
        said = said.and_then(|()| socket.write_all(format!("data: {delta}\n\n").as_bytes()));
        std::thread::sleep(pause);
    }
    if ends {
        let last = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
        let _ = said.and_then(|()| socket.write_all(format!("data: {last}\n\ndata: [DONE]\n\n").as_bytes()));
    }
}

pub(crate) fn chat(connection: &str, turn: Option<Turn>) -> StartRun {
    let messages = if turn.is_some() { Vec::new() } else { vec![Message::new(Role::User, "Say a limerick")] };
    let input = RunInput::ChatCompletion(ChatInput { messages, ..ChatInput::default() });
    StartRun { turn, ..StartRun::new(connection, input) }
}

pub(crate) fn finding(words: &str) -> RunFilter {
    RunFilter { query: words.into(), ..RunFilter::default() }
}

pub(crate) async fn run(playground: &Playground, start: StartRun) -> Vec<RunEvent> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = events.clone();
    playground.start_run(start, move |event| heard.lock().unwrap().push(event)).await.unwrap();
    events.lock().unwrap().clone()
}

fn ends(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Done { .. } | RunEvent::Failed { .. } | RunEvent::Cancelled { .. })
}

/// One ending, at the end; the deltas add up to what the ending and the history hold.
pub(crate) async fn check_law(playground: &Playground, id: &str, events: &[RunEvent]) -> RunState {
    assert_eq!(events.iter().filter(|event| ends(event)).count(), 1, "{events:?}");
    let (state, output) = match events.last().unwrap() {
        RunEvent::Done { output, .. } => (RunState::Done, output),
        RunEvent::Failed { output, .. } => (RunState::Failed, output),
        RunEvent::Cancelled { output, .. } => (RunState::Cancelled, output),
        other => unreachable!("{other:?}"),
    };
    let mut text = String::new();
    for event in events {
        if let RunEvent::Delta { delta, offset, .. } = event {
            assert_eq!(*offset, text.len());
            text.push_str(delta.text());
        }
    }
    assert_eq!(text, output.words());
    let kept = playground.run(Id { id: id.into() }).await.unwrap();
    assert_eq!((kept.state, &kept.output), (state, output));
    state
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_has_one_ending_whenever_it_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let good = server(&["Há ", "was ", "a ", "young "], Duration::from_millis(8), true);
    let broken = server(&["Há ", "was "], Duration::from_millis(8), false);
    for round in 0..24_u64 {
        let start = chat(if round % 3 == 0 { &broken } else { &good }, None);
        let (id, stopper, stopped) = (start.id.clone(), playground.clone(), start.id.clone());
        let stop = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(round * 3)).await;
            stopper.stop_run(Id { id: stopped }).await.unwrap();
        });
        let events = run(&playground, start).await;
        check_law(&playground, &id, &events).await;
        stop.await.unwrap();
    }
    for connection in [&good, &broken] {
        let start = chat(connection, None);
        let id = start.id.clone();
        let events = run(&playground, start).await;
        let state = check_law(&playground, &id, &events).await;
        assert_eq!(state, if connection == &good { RunState::Done } else { RunState::Failed });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_acts_within_100_ms_and_keeps_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let start = chat(&server(&["one ", "two "], Duration::from_secs(20), true), None);
    let (id, heard) = (start.id.clone(), Arc::new(tokio::sync::Notify::new()));
    let (told, runner) = (heard.clone(), playground.clone());
    let events = tokio::spawn(async move {
        let events = Arc::new(Mutex::new(Vec::new()));
        let list = events.clone();
        let on = move |event: RunEvent| {
            if matches!(event, RunEvent::Delta { .. }) {
                told.notify_one();
            }
            list.lock().unwrap().push(event);
        };
        runner.start_run(start, on).await.unwrap();
        events.lock().unwrap().clone()
    });
    heard.notified().await;
    let since = Instant::now();
    playground.stop_run(Id { id: id.clone() }).await.unwrap();
    let events = events.await.unwrap();
    assert!(since.elapsed() < Duration::from_millis(100), "{:?}", since.elapsed());
    assert_eq!(check_law(&playground, &id, &events).await, RunState::Cancelled);
    assert_eq!(playground.run(Id { id }).await.unwrap().output.words(), "one ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_before_the_start_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let start = chat("url:http://127.0.0.1:9", None);
    playground.stop_run(Id { id: start.id.clone() }).await.unwrap();
    let events = run(&playground, start).await;
    assert!(
        matches!(events.as_slice(), [RunEvent::Started { .. }, RunEvent::Cancelled { .. }]),
        "{events:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offline_switch_and_a_missing_connection_fail_with_their_own_code() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    playground.set_settings(Settings { offline: true, ..Settings::default() }).await.unwrap();
    let gone = Uuid::now_v7().to_string();
    for (connection, wanted) in [("url:http://example.org", ErrorCode::Offline), (&gone, ErrorCode::Input)] {
        let events = run(&playground, chat(connection, None)).await;
        let RunEvent::Failed { error, .. } = events.last().unwrap() else { unreachable!("{events:?}") };
        assert_eq!(error.code, wanted);
    }
    assert_eq!(playground.runs(ListRuns::default()).await.unwrap().total, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stays_with_its_origin() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let save = |id, url: &str| SaveConnection { id, url: Some(url.into()), ..SaveConnection::default() };
    let made = playground.save_connection(save(None, "http://localhost:1000/v1")).await.unwrap();
    let key = SetKey { connection: made.id.clone(), key: " secret\n".into(), allow_file: false };
    assert!(playground.set_key(key).await.unwrap().has_key);
    let moved =
        playground.save_connection(save(Some(made.id.clone()), "http://localhost:2000/v1")).await.unwrap();
    assert!(!moved.has_key);
    let back =
        playground.save_connection(save(Some(made.id.clone()), "http://localhost:1000/other")).await.unwrap();
    assert!(back.has_key);
    assert_eq!(playground.connections(Nothing {}).await.unwrap().len(), 3);
    playground.remove_connection(Id { id: made.id.clone() }).await.unwrap();
    let again = playground.save_connection(save(None, "http://localhost:1000")).await.unwrap();
    assert!(!again.has_key);
}

fn turn(conversation: Option<&str>, parent: Option<&str>, text: Option<&str>) -> Turn {
    let own = |text: Option<&str>| text.map(str::to_owned);
    Turn {
        conversation: own(conversation),
        parent: own(parent),
        text: own(text),
        system: Some("Be brief".into()),
        ..Turn::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_a_tree_in_which_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let good = server(&["Once ", "more"], Duration::ZERO, true);
    let events = run(&playground, chat(&good, Some(turn(None, None, Some("Tell me a story, please"))))).await;
    let RunEvent::Started {
        conversation: Some(id),
        user_message: Some(user),
        assistant_message: Some(first),
    } = events[0].clone()
    else {
        unreachable!("{events:?}")
    };
    // Another answer, more of it, and another question beside the first.
    run(&playground, chat(&good, Some(turn(Some(&id), Some(&user), None)))).await;
    let start = chat(&good, Some(turn(Some(&id), Some(&first), None)));
    let more = start.id.clone();
    run(&playground, start).await;
    let kept = playground.run(Id { id: more }).await.unwrap();
    let RunInput::ChatCompletion(asked) = kept.input else { unreachable!() };
    let said: Vec<_> = asked.messages.iter().map(|message| message.content.text()).collect();
    assert_eq!(said, ["Be brief", "Tell me a story, please", "Once more"]);
    let open_path = playground.conversation(Id { id: id.clone() }).await.unwrap();
    assert_eq!(open_path.title, "Tell me a story, please");
    let answer = &open_path.messages[1];
    assert_eq!((answer.text.as_str(), answer.siblings.len()), ("Once moreOnce more", 3));
    let edit = EditMessage { message: user.clone(), role: Role::User, text: "Another".into() };
    let edited = playground.edit_message(edit).await.unwrap();
    assert_eq!((edited.messages.len(), edited.messages[0].siblings.len()), (1, 2));
    let reopened = playground.open_branch(Id { id: first }).await.unwrap();
    assert_eq!(reopened.messages[1].text, "Once more");
    let its_own = playground.open_branch(Id { id: kept.assistant_message.unwrap() }).await.unwrap();
    assert_eq!(its_own.messages[1].text, "Once moreOnce more", "a run leads to the branch that holds it");
    playground.set_title(SetText { id: id.clone(), text: "Mine".into() }).await.unwrap();
    playground.delete_conversation(Id { id: id.clone() }).await.unwrap();
    assert!(playground.conversation(Id { id: id.clone() }).await.is_err());
    assert_eq!(playground.runs(ListRuns::default()).await.unwrap().total, 0);
    playground.restore_conversation(Id { id }).await.unwrap();
    let all = playground.conversations(ListConversations { kind: ConversationKind::Text }).await.unwrap();
    assert_eq!((all.len(), all[0].title.as_str(), all[0].messages), (1, "Mine", 5));
    assert_eq!(playground.runs(ListRuns::default()).await.unwrap().total, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_are_only_words() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    run(&playground, chat(&server(&["100 % 你好 naïve"], Duration::ZERO, true), None)).await;
    let find = async |query: &str| {
        let wanted = ListRuns { filter: finding(query), ..ListRuns::default() };
        playground.runs(wanted).await.unwrap().total
    };
    for (query, hits) in [
        ("limer", 1),
        ("NAIVE", 1),
        ("你好", 1),
        ("100 %", 1),
        ("say limerick", 1),
        ("limerick OR nothing", 0),
        ("prompt:limerick", 0),
        ("\"", 0),
        ("') or 1=1 --", 0),
        ("a* NEAR(b c", 0),
        ("\0", 1),
    ] {
        assert_eq!(find(query).await, hits, "{query:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_one_another_and_deleting_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    for _ in 0..5 {
        run(&playground, chat("builtin", None)).await;
    }
    let page = |cursor| ListRuns { cursor, limit: 2, ..ListRuns::default() };
    let first = playground.runs(page(None)).await.unwrap();
    let second = playground.runs(page(first.next.clone())).await.unwrap();
    let third = playground.runs(page(second.next.clone())).await.unwrap();
    assert_eq!((first.total, third.total, third.runs.len(), third.next), (5, 5, 1, None));
    let ids = vec![first.runs[0].id.clone()];
    playground.delete_runs(Ids { ids: ids.clone() }).await.unwrap();
    assert_eq!(playground.runs(page(None)).await.unwrap().total, 4);
    playground.restore_runs(Ids { ids }).await.unwrap();
    assert_eq!(playground.runs(page(None)).await.unwrap().total, 5);
    assert!(playground.runs(page(Some("1; drop".into()))).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_instance_leaves_the_runs_of_the_first_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(&folder);
    let start = chat(&server(&["one "], Duration::from_secs(20), true), None);
    let (id, runner) = (start.id.clone(), first.clone());
    let running = tokio::spawn(async move { run(&runner, start).await });
    while first.run(Id { id: id.clone() }).await.map_or(true, |run| run.output.words().is_empty()) {
        tokio::task::yield_now().await;
    }
    let second = open(&folder);
    assert_eq!(second.run(Id { id: id.clone() }).await.unwrap().state, RunState::Running);
    first.stop_run(Id { id: id.clone() }).await.unwrap();
    running.await.unwrap();
    assert_eq!(second.run(Id { id }).await.unwrap().state, RunState::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_process_left_running_is_interrupted_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let start = chat("builtin", None);
    let id = start.id.clone();
    run(&playground, start).await;
    drop(playground);
    // As kill -9 leaves it: still running, of a process that holds no lock any more.
    let db = rusqlite::Connection::open(folder.path().join("data/history.sqlite")).unwrap();
    let partial = json!({"task": "chat_completion", "text": "half a verse"}).to_string();
    db.execute("update runs set state = 'running', error = null, instance = 'dead', output = ?1", [partial])
        .unwrap();
    let playground = open(&folder);
    let found =
        playground.runs(ListRuns { filter: finding("half verse"), ..ListRuns::default() }).await.unwrap();
    assert_eq!((found.total, found.runs[0].state), (1, RunState::Interrupted));
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = events.clone();
    playground.watch_run(Id { id }, move |event| heard.lock().unwrap().push(event)).await.unwrap();
    let events = events.lock().unwrap();
    let [RunEvent::Failed { error, output, .. }] = events.as_slice() else { unreachable!("{events:?}") };
    assert_eq!((error.code, output.words().as_str()), (ErrorCode::Incomplete, "half a verse"));
}
