//! The law of runs, whatever the other side does: deltas and statuses, then one ending, then nothing; and the
//! history holds what was told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use limerick_playground::{
    ListRuns, Playground, RunEvent, RunInput, RunState, StartRun, commands::Id, unsaved_server,
};
use limerick_tasks::{ChatInput, Message, Role};
use limerick_tests::{
    front::open,
    recorder::{Recorder, scenarios},
};

fn start(recorder: &Recorder, scenario: &str) -> StartRun {
    let connection = unsaved_server(recorder.at(&format!("/s/{scenario}/v1")).as_str()).unwrap();
    let input = ChatInput { messages: vec![Message::new(Role::User, "hi")], ..ChatInput::default() };
    StartRun { deadline: Some(3.0), ..StartRun::new(connection, RunInput::ChatCompletion(input)) }
}

/// Runs to the end and gives all events.
async fn events(playground: &Playground, start: StartRun) -> Vec<RunEvent> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let tell = heard.clone();
    playground.start_run(start, move |event| tell.lock().unwrap().push(event)).await.unwrap();
    std::mem::take(&mut heard.lock().unwrap())
}

fn is_ending(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Done { .. } | RunEvent::Failed { .. } | RunEvent::Cancelled { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_misbehaviour_ends_a_run_once_and_the_history_holds_what_was_told() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    let playground = open(folder.path());
    let names = scenarios();
    let all = names.iter().map(|scenario| {
        let (start, playground) = (start(&recorder, scenario), playground.clone());
        tokio::spawn(async move { (start.id.clone(), events(&playground, start).await) })
    });
    let all: Vec<_> = all.collect();
    for (scenario, run) in names.iter().zip(all) {
        let (id, events) = run.await.unwrap();
        assert!(matches!(events.first(), Some(RunEvent::Started { .. })), "{scenario}: {events:?}");
        assert_eq!(events.iter().filter(|event| is_ending(event)).count(), 1, "{scenario}: {events:?}");
        let mut told = String::new();
        for event in &events {
            if let RunEvent::Delta { delta, offset, .. } = event {
                assert_eq!(*offset, told.len(), "{scenario}: a piece is missing");
                told.push_str(delta.text());
            }
        }
        let kept = playground.run(Id { id }).await.unwrap();
        match events.last().unwrap() {
            RunEvent::Done { output, .. } => assert_eq!((&kept.output, kept.state), (output, RunState::Done)),
            RunEvent::Failed { error, output, .. } => {
                assert_eq!(
                    (&kept.output, kept.state, output.words()),
                    (output, RunState::Failed, told.clone())
                );
                assert_eq!(kept.error.as_ref(), Some(error), "{scenario}");
            }
            other => unreachable!("{scenario}: {other:?}"),
        }
    }
    let page = playground.runs(ListRuns { limit: 200, ..ListRuns::default() }).await.unwrap();
    assert_eq!(page.total, u32::try_from(names.len()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_before_the_start_counts_and_sends_nothing() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    let (playground, start) = (open(folder.path()), start(&recorder, "chat-stream"));
    playground.stop_run(Id { id: start.id.clone() }).await.unwrap();
    let events = events(&playground, start).await;
    assert!(matches!(events.last(), Some(RunEvent::Cancelled { .. })), "{events:?}");
    assert!(recorder.records().await.is_empty());
}
