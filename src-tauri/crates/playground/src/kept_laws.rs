//! The laws of kept answers: only the very same question, only where the person wants it, and always said.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use tempfile::TempDir;

use crate::{
    commands::{Id, Ids},
    laws::{chat, check_law, open, run, server},
    *,
};

/// A playground with this setting, and a server that says a limerick's beginning.
async fn ready(answers: Answers) -> (TempDir, Playground, String) {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    playground.set_settings(Settings { answers, ..Settings::default() }).await.unwrap();
    (folder, playground, server(&["There ", "was ", "a young lady"], Duration::ZERO, true))
}

/// A question of its own turn: the first of a conversation.
fn said(connection: &str, words: &str) -> StartRun {
    chat(connection, Some(Turn { text: Some(words.into()), ..Turn::default() }))
}

/// Runs it, holds it against the law, and gives the run as it is kept.
async fn kept(playground: &Playground, start: StartRun) -> Run {
    let id = start.id.clone();
    let events = run(playground, start).await;
    assert_eq!(check_law(playground, &id, &events).await, RunState::Done);
    playground.run(Id { id }).await.unwrap()
}

fn from(run: &Run) -> Cached {
    Cached::History { run: run.id.parse().unwrap() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_is_answered_from_the_history_and_nothing_is_sent() {
    let (_folder, playground, connection) = ready(Answers::Keep).await;
    let first = kept(&playground, said(&connection, "Tell me a limerick")).await;
    assert_eq!(first.figures.cached, None);
    for queued in [false, true] {
        let again = StartRun { queued, ..said(&connection, "Tell me a limerick") };
        let second = kept(&playground, again).await;
        assert_eq!(
            (&second.output, second.figures.cached),
            (&first.output, Some(from(&first))),
            "queued: {queued}"
        );
        assert!(playground.exchanges(Id { id: second.id }).await.unwrap().is_empty());
        assert_eq!((second.figures.completion_tokens, second.figures.cost_usd), (None, None));
    }
    assert!(!playground.exchanges(Id { id: first.id }).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_words_another_answer_and_whoever_asks_anew_are_asked_for() {
    let (_folder, playground, connection) = ready(Answers::Keep).await;
    let first = kept(&playground, said(&connection, "Tell me a limerick")).await;
    let conversation = playground.conversation(Id { id: first.conversation.clone().unwrap() }).await.unwrap();
    let parent = Some(conversation.messages[0].id.clone());
    let turn = Turn { conversation: first.conversation.clone(), parent, ..Turn::default() };
    let other = server(&["Another"], Duration::ZERO, true);
    for (why, start) in [
        ("other words", said(&connection, "Tell me a limerick!")),
        ("another server", said(&other, "Tell me a limerick")),
        (
            "another provider",
            StartRun { provider: Some("x".into()), ..said(&connection, "Tell me a limerick") },
        ),
        ("another answer to the same message", chat(&connection, Some(turn))),
        ("anew", StartRun { anew: true, ..said(&connection, "Tell me a limerick") }),
        ("repeated", StartRun { repeats: Some(first.id.clone()), ..said(&connection, "Tell me a limerick") }),
    ] {
        let run = kept(&playground, start).await;
        assert_eq!(run.figures.cached, None, "{why}");
        assert!(!playground.exchanges(Id { id: run.id }).await.unwrap().is_empty(), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_answer_that_came_whole_and_is_still_there_counts() {
    let (_folder, playground, connection) = ready(Answers::Keep).await;
    let broken = server(&["There "], Duration::ZERO, false);
    for _ in 0..2 {
        let start = said(&broken, "Tell me a limerick");
        let id = start.id.clone();
        let events = run(&playground, start).await;
        assert_eq!(check_law(&playground, &id, &events).await, RunState::Failed);
    }
    let first = kept(&playground, said(&connection, "Tell me a limerick")).await;
    let copy = kept(&playground, said(&connection, "Tell me a limerick")).await;
    assert_eq!(copy.figures.cached, Some(from(&first)));
    playground.delete_runs(Ids { ids: vec![first.id] }).await.unwrap();
    let asked = kept(&playground, said(&connection, "Tell me a limerick")).await;
    assert_eq!(asked.figures.cached, None, "a copy stands for what it was copied from");
    let stopped = said(&connection, "Tell me a limerick");
    playground.stop_run(Id { id: stopped.id.clone() }).await.unwrap();
    let id = stopped.id.clone();
    let events = run(&playground, stopped).await;
    assert_eq!(check_law(&playground, &id, &events).await, RunState::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_persons_wish_every_run_asks() {
    for answers in [Answers::Ask, Answers::New] {
        let (_folder, playground, connection) = ready(answers).await;
        for _ in 0..2 {
            let run = kept(&playground, said(&connection, "Tell me a limerick")).await;
            assert_eq!(run.figures.cached, None, "{answers:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_with_another_address_has_no_answers_yet() {
    let (_folder, playground, first) = ready(Answers::Keep).await;
    let address = |connection: &str| Some(connection.trim_start_matches("url:").to_owned());
    let save = |id, url| SaveConnection { id, url, ..SaveConnection::default() };
    let saved = playground.save_connection(save(None, address(&first))).await.unwrap();
    kept(&playground, said(&saved.id, "Tell me a limerick")).await;
    let renamed = SaveConnection { name: "Mine".into(), ..save(Some(saved.id.clone()), address(&first)) };
    playground.save_connection(renamed).await.unwrap();
    let again = kept(&playground, said(&saved.id, "Tell me a limerick")).await;
    assert!(again.figures.cached.is_some(), "a name changes nothing");
    let other = server(&["Another ", "one"], Duration::ZERO, true);
    playground.save_connection(save(Some(saved.id.clone()), address(&other))).await.unwrap();
    let asked = kept(&playground, said(&saved.id, "Tell me a limerick")).await;
    assert_eq!(asked.figures.cached, None);
}
