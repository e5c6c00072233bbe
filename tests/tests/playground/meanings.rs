//! Search by meaning with the real model: runs are learned behind their ending, and found by other words.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use limerick_playground::{
    ListRuns, Playground, RunEvent, RunFilter, RunInput, RunOutput, StartRun, commands::Nothing,
};
use limerick_tasks::TextClassificationInput;
use limerick_tests::front::open_with_models;

/// Asks for a text's tone; the surest.
async fn tone(playground: &Playground, text: &str) -> String {
    let input = TextClassificationInput { text: text.into(), ..TextClassificationInput::default() };
    let last = Arc::new(Mutex::new(None));
    let heard = last.clone();
    let start = StartRun::new("builtin", RunInput::TextClassification(input));
    playground.start_run(start, move |event| *heard.lock().unwrap() = Some(event)).await.unwrap();
    let Some(RunEvent::Done { output: RunOutput::TextClassification(labels), .. }) =
        last.lock().unwrap().take()
    else {
        panic!("fetch the built-in models with `cargo xtask models`")
    };
    labels.labels[0].label.clone()
}

async fn find(playground: &Playground, query: &str) -> Vec<String> {
    let filter = RunFilter { query: query.into(), by_meaning: true, ..RunFilter::default() };
    let page = playground.runs(ListRuns { filter, ..ListRuns::default() }).await.unwrap();
    assert!(page.runs.is_sorted_by(|one, two| one.nearness >= two.nearness), "{page:?}");
    page.runs.into_iter().map(|run| run.prompt).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_found_by_what_they_mean() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let texts = [
        "The kitten dozed on the warm sofa all afternoon and I love it.",
        "Shares of the bank fell after the report, a terrible day.",
        "Knead the dough and let it rise for an hour.",
    ];
    let mut tones = Vec::new();
    for text in texts {
        tones.push(tone(&playground, text).await);
    }
    assert_eq!(tones, ["positive", "negative", "neutral"]);
    // The first search begins to learn what is not known yet.
    find(&playground, "anything").await;
    let began = Instant::now();
    loop {
        let known = playground.meanings(Nothing {}).await.unwrap();
        assert!(known.ready && known.total == 3, "{known:?}");
        if known.known == known.total {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{known:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (query, text) in ["a sleeping cat", "stock market", "baking bread"].into_iter().zip(texts) {
        assert_eq!(find(&playground, query).await.first().map(String::as_str), Some(text), "{query}");
    }
    playground.close().await;
}
