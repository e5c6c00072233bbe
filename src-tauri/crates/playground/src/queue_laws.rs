//! The laws of the queue, tried from outside: each in its turn, one of a connection at a time, one ending each.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod gate;
mod restart;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use limerick_tasks::{ChatInput, ErrorCode, Message, Role, Status};
use tokio::task::JoinHandle;
use uuid::Uuid;

use self::gate::Gate;
use crate::{
    commands::{Id, Ids, Nothing},
    laws::{check_law, open},
    *,
};

/// How long anything may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A queued question; the words name it.
fn queued(connection: &str, words: &str) -> StartRun {
    let input = ChatInput { messages: vec![Message::new(Role::User, words)], ..ChatInput::default() };
    StartRun { queued: true, ..StartRun::new(connection, RunInput::ChatCompletion(input)) }
}

/// A run that somebody listens to.
struct Heard {
    id: String,
    events: Arc<Mutex<Vec<RunEvent>>>,
    ended: JoinHandle<limerick_tasks::Result<()>>,
}

impl Heard {
    fn of<F>(id: &str, follow: impl FnOnce(Arc<Mutex<Vec<RunEvent>>>) -> F) -> Self
    where
        F: Future<Output = limerick_tasks::Result<()>> + Send + 'static,
    {
        let events = Arc::new(Mutex::new(Vec::new()));
        let ended = tokio::spawn(follow(events.clone()));
        Self { id: id.to_owned(), events, ended }
    }

    /// What was heard, in short.
    fn told(&self) -> Vec<String> {
        self.events.lock().unwrap().iter().map(in_short).collect()
    }

    async fn until(&self, word: &str) {
        until(async || self.told().iter().any(|told| told == word)).await;
    }

    /// Waits for the ending and holds it against the law.
    async fn end(self, playground: &Playground) -> (RunState, Vec<String>) {
        tokio::time::timeout(PATIENCE, self.ended).await.unwrap().unwrap().unwrap();
        let events = self.events.lock().unwrap().clone();
        let state = check_law(playground, &self.id, &events).await;
        (state, events.iter().map(in_short).collect())
    }
}

fn in_short(event: &RunEvent) -> String {
    match event {
        RunEvent::Started { .. } => "started".into(),
        RunEvent::Status { status: Status::Queued { position } } => format!("queued {}", position.unwrap()),
        RunEvent::Status { status: Status::Sent { .. } } => "sent".into(),
        RunEvent::Status { status } => format!("{status:?}"),
        RunEvent::Delta { .. } => "delta".into(),
        RunEvent::Done { .. } => "done".into(),
        RunEvent::Failed { error, .. } => format!("failed: {:?}", error.code),
        RunEvent::Cancelled { .. } => "cancelled".into(),
    }
}

async fn until(holds: impl AsyncFn() -> bool) {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < PATIENCE, "it never came");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Starts a run and waits until it is stored.
async fn begin(playground: &Playground, start: StartRun) -> Heard {
    let (playground, id) = (playground.clone(), start.id.clone());
    let heard = Heard::of(&id, |events| async move {
        playground.start_run(start, move |event| events.lock().unwrap().push(event)).await
    });
    heard.until("started").await;
    heard
}

fn watch(playground: &Playground, id: &str) -> Heard {
    let (playground, watched) = (playground.clone(), Id { id: id.to_owned() });
    Heard::of(id, |events| async move {
        playground.watch_run(watched, move |event| events.lock().unwrap().push(event)).await
    })
}

async fn pause(playground: &Playground, paused: bool) -> Queue {
    playground.pause_queue(PauseQueue { paused }).await.unwrap()
}

/// The words of the runs under way and of those that wait.
async fn queue(playground: &Playground) -> (Vec<String>, Vec<String>) {
    words(&playground.queue(Nothing {}).await.unwrap())
}

fn words(queue: &Queue) -> (Vec<String>, Vec<String>) {
    assert!(queue.running.iter().all(|run| run.state == RunState::Running), "{queue:?}");
    assert!(queue.waiting.iter().all(|run| run.state == RunState::Waiting), "{queue:?}");
    let words = |runs: &[RunSummary]| runs.iter().map(|run| run.prompt.clone()).collect();
    (words(&queue.running), words(&queue.waiting))
}

async fn state(playground: &Playground, id: &str) -> RunState {
    playground.run(Id { id: id.to_owned() }).await.unwrap().state
}

#[tokio::test(flavor = "multi_thread")]
async fn queued_runs_of_a_connection_go_one_at_a_time_and_hear_where_they_stand() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let playground = open(&folder);
    let mut runs = Vec::new();
    for name in ["a", "b", "c"] {
        runs.push(begin(&playground, queued(&gate.connection, name)).await);
    }
    runs[2].until("queued 1").await;
    let before = playground.queue(Nothing {}).await.unwrap();
    assert_eq!(words(&before), (vec!["a".into()], vec!["b".into(), "c".into()]));
    assert!(!before.paused);
    gate.answer(&[200]);
    runs[1].until("sent").await;
    runs[2].until("queued 0").await;
    gate.answer(&[200, 200]);
    let goes = ["started", "sent", "delta", "done"];
    let waits = ["started", "queued 0", "sent", "delta", "done"];
    let waits_long = ["started", "queued 1", "queued 0", "sent", "delta", "done"];
    for (run, told) in runs.into_iter().zip([&goes[..], &waits, &waits_long]) {
        assert_eq!(
            run.end(&playground).await,
            (RunState::Done, told.iter().map(|&word| word.into()).collect())
        );
    }
    assert_eq!((gate.asked(), gate.most()), (vec!["a".into(), "b".into(), "c".into()], 1));
    let kept = playground.run(Id { id: before.waiting[0].id.clone() }).await.unwrap();
    assert_eq!(kept.created_at, before.waiting[0].created_at);
    assert_eq!(queue(&playground).await, (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_connections_work_at_once_and_what_is_not_queued_does_not_wait() {
    let (folder, gates) = (tempfile::tempdir().unwrap(), [Gate::new(), Gate::new(), Gate::new()]);
    let playground = open(&folder);
    let mut runs = Vec::new();
    for (gate, name) in gates.iter().zip(["a", "b", "c"]) {
        runs.push(begin(&playground, queued(&gate.connection, name)).await);
    }
    until(async || gates[0].asked().len() + gates[1].asked().len() == 2).await;
    assert_eq!(queue(&playground).await, (vec!["a".into(), "b".into()], vec!["c".into()]));
    let direct = StartRun { queued: false, ..queued(&gates[0].connection, "direct") };
    let direct = begin(&playground, direct).await;
    until(async || gates[0].asked().len() == 2).await;
    assert_eq!((gates[0].most(), gates[2].asked().len()), (2, 0));
    gates[1].answer(&[200]);
    until(async || gates[2].asked().len() == 1).await;
    gates[0].answer(&[200, 200]);
    gates[2].answer(&[200]);
    runs.push(direct);
    for run in runs {
        assert_eq!(run.end(&playground).await.0, RunState::Done);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_run_can_be_moved_and_all_hear_their_new_place() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let playground = open(&folder);
    let mut runs = Vec::new();
    for name in ["a", "b", "c", "d"] {
        runs.push(begin(&playground, queued(&gate.connection, name)).await);
    }
    runs[3].until("queued 2").await;
    let ids: Vec<_> = runs.iter().map(|run| run.id.clone()).collect();
    let go = async |id: usize, before: Option<usize>| {
        let wanted = MoveRun { id: ids[id].clone(), before: before.map(|at| ids[at].clone()) };
        words(&playground.move_run(wanted).await.unwrap()).1.concat()
    };
    assert_eq!(go(3, Some(1)).await, "dbc");
    assert_eq!(go(1, None).await, "dcb");
    assert_eq!(go(2, Some(2)).await, "dcb");
    assert_eq!(go(1, Some(2)).await, "dbc");
    assert_eq!(runs[1].told(), ["started", "queued 0", "queued 1", "queued 2", "queued 1"]);
    let unknown = Uuid::now_v7().to_string();
    for (id, before) in
        [(&ids[0], None), (&unknown, None), (&ids[1], Some(&unknown)), (&ids[1], Some(&ids[0]))]
    {
        let wanted = MoveRun { id: id.clone(), before: before.cloned() };
        assert_eq!(playground.move_run(wanted).await.unwrap_err().code, ErrorCode::Input);
    }
    gate.answer(&[200; 4]);
    for run in runs {
        assert_eq!(run.end(&playground).await.0, RunState::Done);
    }
    assert_eq!(gate.asked().concat(), "adbc");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_queue_starts_nothing_and_lets_what_runs_go_on() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let playground = open(&folder);
    let first = begin(&playground, queued(&gate.connection, "a")).await;
    first.until("sent").await;
    assert!(pause(&playground, true).await.paused);
    let second = begin(&playground, queued(&gate.connection, "b")).await;
    gate.answer(&[200]);
    assert_eq!(first.end(&playground).await.0, RunState::Done);
    second.until("queued 0").await;
    assert_eq!(queue(&playground).await, (vec![], vec!["b".into()]));
    gate.answer(&[200]);
    assert_eq!(words(&pause(&playground, false).await).0, ["b"]);
    assert_eq!(second.end(&playground).await.0, RunState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_ends_at_once_wherever_it_stands() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let playground = open(&folder);
    let early = queued(&gate.connection, "early");
    playground.stop_run(Id { id: early.id.clone() }).await.unwrap();
    let early = begin(&playground, early).await;
    assert_eq!(
        early.end(&playground).await,
        (RunState::Cancelled, vec!["started".into(), "cancelled".into()])
    );
    let mut runs = Vec::new();
    for name in ["a", "b", "c", "d"] {
        runs.push(begin(&playground, queued(&gate.connection, name)).await);
    }
    let ids: Vec<_> = runs.iter().map(|run| run.id.clone()).collect();
    runs[0].until("sent").await;
    let [a, b, c, d] = runs.try_into().unwrap_or_else(|_| unreachable!());
    playground.stop_run(Id { id: b.id.clone() }).await.unwrap();
    let told = ["started", "queued 0", "cancelled"].map(str::to_owned).to_vec();
    let id = b.id.clone();
    assert_eq!(b.end(&playground).await, (RunState::Cancelled, told));
    assert_eq!(playground.run(Id { id }).await.unwrap().figures, Figures::default());
    playground.delete_runs(Ids { ids: vec![c.id.clone()] }).await.unwrap();
    assert_eq!(c.end(&playground).await.0, RunState::Cancelled);
    d.until("queued 0").await;
    let all = ids.into_iter().chain(["no such run".into(), String::new()]).collect();
    playground.stop_runs(Ids { ids: all }).await.unwrap();
    for run in [a, d] {
        assert_eq!(run.end(&playground).await.0, RunState::Cancelled);
    }
    assert_eq!((gate.asked().concat(), queue(&playground).await), ("a".into(), (vec![], vec![])));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_run_has_one_ending_whenever_it_is_stopped() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let playground = open(&folder);
    gate.answer(&[200; 200]);
    let mut runs = Vec::new();
    for round in 0..60_u64 {
        let start = queued(&gate.connection, "a");
        let (stopper, id) = (playground.clone(), start.id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(round * 700)).await;
            stopper.stop_runs(Ids { ids: vec![id] }).await.unwrap();
        });
        runs.push(begin(&playground, start).await);
    }
    for run in runs {
        assert_ne!(run.end(&playground).await.0, RunState::Failed);
    }
    assert_eq!(gate.most(), 1);
    until(async || queue(&playground).await == (vec![], vec![])).await;
    let last = begin(&playground, queued(&gate.connection, "last")).await;
    assert_eq!(last.end(&playground).await.0, RunState::Done, "the place of a stopped run is free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_fails_does_not_hold_up_the_next() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let playground = open(&folder);
    let gone = Uuid::now_v7().to_string();
    let slow = StartRun { deadline: Some(0.1), ..queued(&gate.connection, "slow") };
    let refused = queued(&gate.connection, "refused");
    let mut runs = Vec::new();
    for start in [queued(&gone, "gone"), slow, refused, queued(&gate.connection, "good")] {
        runs.push(begin(&playground, start).await);
    }
    until(async || gate.asked().len() == 2).await;
    gate.answer(&[400, 200]);
    let mut told = Vec::new();
    for run in runs {
        told.push(run.end(&playground).await.1.pop().unwrap());
    }
    assert_eq!(told[..2], ["failed: Input", "failed: Timeout"]);
    assert!(told[2].starts_with("failed") && told[3] == "done", "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_never_runs_twice() {
    let (folder, gate) = (tempfile::tempdir().unwrap(), Gate::new());
    let playground = open(&folder);
    pause(&playground, true).await;
    let start = queued(&gate.connection, "a");
    let first = begin(&playground, start.clone()).await;
    assert_eq!(playground.start_run(start.clone(), |_| {}).await.unwrap_err().code, ErrorCode::Input);
    let unnamed = StartRun { id: "../a".into(), ..start.clone() };
    assert_eq!(playground.start_run(unnamed, |_| {}).await.unwrap_err().code, ErrorCode::Input);
    gate.answer(&[200]);
    pause(&playground, false).await;
    assert_eq!(first.end(&playground).await.0, RunState::Done);
    let again = crate::laws::run(&playground, start).await;
    assert_eq!(again.iter().map(in_short).collect::<Vec<_>>(), ["failed: Input"]);
    assert_eq!((gate.asked().len(), queue(&playground).await), (1, (vec![], vec![])));
}
