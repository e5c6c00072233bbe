//! Runs on a Space: the real Gradio server paints for `text_to_image` as a provider would, with progress, seeds,
//! failures and a Stop, and everything is in the history.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use limerick_playground::{
    RunEvent, RunInput, RunOutput, RunState, StartRun,
    commands::{Id, ListModels},
};
use limerick_tasks::{ErrorCode, Status, TextToImageInput};
use limerick_tests::{
    front::{is_a_step, run, stopped_at},
    gradio::connected,
};

fn painting(connection: &str, prompt: &str) -> StartRun {
    let input = TextToImageInput {
        prompt: prompt.into(),
        width: Some(96),
        height: Some(64),
        num_inference_steps: Some(4),
        seed: Some(7),
        ..TextToImageInput::default()
    };
    StartRun::new(connection, RunInput::TextToImage(input))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_paints_with_progress_and_the_seed_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    let wanted = ListModels { connection: connection.clone(), task: "text_to_image".into(), refresh: false };
    let models = playground.models(wanted).await.unwrap();
    let painter = models.iter().find(|model| model.id == "/infer").unwrap();
    assert!(painter.ignored.contains(&"scheduler".into()) && !painter.ignored.contains(&"seed".into()));
    let start = painting(&connection, "a red fox");
    let id = start.id.clone();
    let events = run(&playground, start, |_| {}).await;
    let step =
        |event: &&RunEvent| matches!(event, RunEvent::Status { status: Status::Step { total: 4, .. } });
    assert!(events.iter().filter(step).count() > 1, "{events:?}");
    let Some(RunEvent::Done { output: RunOutput::TextToImage(output), .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!((output.images.len(), output.seed), (1, Some(7)));
    assert!(output.images[0].is_image());
    let kept = playground.run(Id { id: id.clone() }).await.unwrap();
    assert_eq!((kept.state, &kept.output), (RunState::Done, &RunOutput::TextToImage(output.clone())));
    let exchanges = playground.exchanges(Id { id }).await.unwrap();
    assert!(exchanges.iter().any(|one| one.url.ends_with("/queue/join")), "the wire view has it");
    // The same words and the same seed are the same picture.
    let again = run(&playground, painting(&connection, "a red fox"), |_| {}).await;
    let Some(RunEvent::Done { output: RunOutput::TextToImage(again), .. }) = again.last() else { panic!() };
    assert_eq!(again.images, output.images);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_in_a_space_is_said_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    for (prompt, code, says) in [
        ("QUOTA", ErrorCode::Limit, "GPU minutes"),
        ("ERROR: no cats today", ErrorCode::Provider, "no cats today"),
        ("CRASH", ErrorCode::Provider, ""),
    ] {
        let events = run(&playground, painting(&connection, prompt), |_| {}).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
        assert_eq!(error.code, code, "{error:?}");
        assert!(error.message.contains(says), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_middle_ends_a_run_on_a_space_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    let start = painting(&connection, "SLOW 20");
    let (events, took) = stopped_at(&playground, start, is_a_step).await;
    assert!(matches!(events.last(), Some(RunEvent::Cancelled { .. })), "{events:?}");
    assert!(took < Duration::from_millis(500), "{took:?}");
    playground.close().await;
}
