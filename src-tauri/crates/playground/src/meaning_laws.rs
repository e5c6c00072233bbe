//! Search by meaning, tried from outside with made-up directions: no model is here.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::{Duration, Instant};

use limerick_tasks::ErrorCode;
use tempfile::TempDir;

use crate::{
    commands::{Ids, Nothing},
    laws::{chat, finding, open, run, server},
    store::{self, meanings},
    *,
};

const WIDTH: usize = 384;

/// A direction that lies between the first two axes.
fn direction(near: f32) -> Vec<f32> {
    let mut direction = vec![0.0; WIDTH];
    (direction[0], direction[1]) = (near, (1.0 - near * near).sqrt());
    direction
}

/// Runs with these answers, the oldest first, each `near` to the first axis.
async fn keep(playground: &Playground, runs: &[(&'static [&'static str], f32)]) -> Vec<String> {
    let mut ids = Vec::new();
    for (words, _) in runs {
        let start = chat(&server(words, Duration::ZERO, true), None);
        ids.push(start.id.clone());
        let events = run(playground, start).await;
        assert!(matches!(events.last(), Some(RunEvent::Done { .. })), "{events:?}");
    }
    let unread = beside(playground, |db| meanings::unread(db, 100));
    assert_eq!(unread.len(), runs.len());
    let near = runs.iter().rev().map(|(_, near)| direction(*near));
    let learned: Vec<_> = unread.iter().map(|run| run.run).zip(near).collect();
    playground.inner.store.ask("learn", move |db| meanings::keep(db, &learned)).await.unwrap();
    ids
}

fn beside<T>(playground: &Playground, work: impl FnOnce(&rusqlite::Connection) -> store::Stored<T>) -> T {
    store::read_beside(&playground.inner.folders.data, work).unwrap()
}

/// The answers that lie nearest to the first axis.
fn nearest(playground: &Playground, filter: &RunFilter) -> Vec<(String, f64)> {
    let page = beside(playground, |db| meanings::nearest(db, filter, &direction(1.0)));
    assert_eq!((page.total as usize, page.next), (page.runs.len(), None));
    page.runs.into_iter().map(|run| (run.answer, (run.nearness.unwrap() * 100.0).round())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_run_comes_first_and_filters_still_apply() {
    let folder = TempDir::new().unwrap();
    let playground = open(&folder);
    let ids =
        keep(&playground, &[(&["far"], 0.3), (&["near"], 0.9), (&["elsewhere"], 0.05), (&["between"], 0.6)])
            .await;
    let found = |pairs: &[(&str, f64)]| {
        pairs.iter().map(|(word, near)| ((*word).to_owned(), *near)).collect::<Vec<_>>()
    };
    let all = RunFilter { by_meaning: true, ..finding("words that stand nowhere") };
    assert_eq!(nearest(&playground, &all), found(&[("near", 90.0), ("between", 60.0), ("far", 30.0)]));
    let known = playground.meanings(Nothing {}).await.unwrap();
    assert_eq!(known, Meanings { ready: false, known: 4, total: 4 });
    playground
        .mark_runs(commands::MarkRuns { ids: ids[..1].to_vec(), favourite: Some(true), ..Default::default() })
        .await
        .unwrap();
    let starred = RunFilter { favourite: true, ..all.clone() };
    assert_eq!(nearest(&playground, &starred), found(&[("far", 30.0)]));
    let task = RunFilter { task: Some("text_to_image".into()), ..all.clone() };
    assert_eq!(nearest(&playground, &task), found(&[]));
    playground.delete_runs(Ids { ids: ids[1..2].to_vec() }).await.unwrap();
    assert_eq!(nearest(&playground, &all), found(&[("between", 60.0), ("far", 30.0)]));
    assert_eq!(playground.meanings(Nothing {}).await.unwrap().total, 3);
    // A direction of another model is no direction here.
    let page = beside(&playground, |db| meanings::nearest(db, &all, &[1.0]));
    assert_eq!(page.runs, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_model_it_says_what_to_do_and_words_are_found_as_ever() {
    let folder = TempDir::new().unwrap();
    let playground = open(&folder);
    keep(&playground, &[(&["a limerick"], 0.9)]).await;
    let filter = RunFilter { by_meaning: true, ..finding("poems") };
    let error = playground.runs(ListRuns { filter, ..ListRuns::default() }).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Model);
    assert!(error.message.contains("get it in Settings"), "{error}");
    let words =
        playground.runs(ListRuns { filter: finding("limerick"), ..ListRuns::default() }).await.unwrap();
    assert_eq!((words.total, words.runs[0].nearness), (1, None));
    let nothing = RunFilter { by_meaning: true, ..finding("  ") };
    assert_eq!(playground.runs(ListRuns { filter: nothing, ..ListRuns::default() }).await.unwrap().total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_runs_are_compared_in_a_moment() {
    let folder = TempDir::new().unwrap();
    let playground = open(&folder);
    keep(&playground, &[(&["near"], 0.9)]).await;
    let many = |db: &mut rusqlite::Connection| {
        db.execute_batch(
            "create temp table one as select * from runs limit 1;
             with recursive n (i) as (select 2 union all select i + 1 from n where i < 20000)
             insert into runs (number, id, task, state, created_at, instance, connection, connection_name, model, prompt,
                               answer, input, output, figures)
                 select i, 'run' || i, task, state, created_at, instance, connection, connection_name, model, prompt,
                        answer, input, output, figures from one, n;
             insert into runs_text (rowid, prompt, answer, model) select number, prompt, answer, model from runs
                 where number > 1;
             insert into meanings (run, vector) select number, randomblob(1536) from runs where number > 1;",
        )?;
        Ok(())
    };
    playground.inner.store.ask("make many", many).await.unwrap();
    let all = RunFilter { by_meaning: true, ..finding("x") };
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let page = beside(&playground, |db| meanings::nearest(db, &all, &direction(1.0)));
        times.push(began.elapsed());
        assert!(page.runs.len() <= 100);
    }
    times.sort_unstable();
    // Other work may run beside.
    assert!(times[0] < Duration::from_millis(250), "{times:?}");
    assert_eq!(playground.meanings(Nothing {}).await.unwrap().known, 20_000);
    assert_eq!(beside(&playground, |db| meanings::unread(db, 8)), []);
}
