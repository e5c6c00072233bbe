//! Where the built-in engine stops and what it refuses, with the real quick model: Stop, full contexts, the line of
//! runs, idle memory, damaged files, files of the person's own.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and say what it saw"
)]

use std::time::{Duration, Instant};

use limerick_engine::{Engine, EngineOptions, Head, ModelRef, Models};
use limerick_tasks::{ChatOutput, Ending, ErrorCode, FinishReason, Progress, Status, TextDelta, TextInput};
use limerick_tests::engine::{Heard, chat, engine, go_on, quick, say, text};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_conversation_longer_than_the_context_is_refused_with_both_numbers() {
    let engine = Engine::new(EngineOptions { context: 256, ..EngineOptions::default() });
    let error = chat(&engine, &say(&"word ".repeat(400))).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::Input);
    assert!(error.message.contains("tokens and the model reads 232 at most"), "{error}");
    let error = chat(&engine, &say(&"word ".repeat(400_000))).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::Input);
}

#[tokio::test]
async fn a_shortened_prompt_is_said() {
    let input = TextInput { truncate: Some(4), ..go_on(&"word ".repeat(100)) };
    let heard = text(&engine(), &input).await.unwrap();
    assert_eq!(heard.output.usage.unwrap().prompt_tokens, 4);
    assert_eq!(heard.notes(), ["The prompt was shortened to its last 4 tokens."]);
}

#[tokio::test]
async fn the_context_ends_an_endless_answer() {
    let engine = Engine::new(EngineOptions { context: 256, ..EngineOptions::default() });
    let input = TextInput { max_new_tokens: Some(10_000), ..go_on(&"la ".repeat(150)) };
    let heard = text(&engine, &input).await.unwrap();
    let usage = heard.output.usage.unwrap();
    assert_eq!(heard.output.finish_reason, Some(FinishReason::Length));
    assert_eq!(usage.prompt_tokens + usage.completion_tokens, 256);
    assert!(heard.notes()[0].contains("at most"), "{:?}", heard.notes());
}

/// Cancels after a moment that `ripe` recognises; returns what had come and how long the end took after that.
async fn cancelled(
    engine: &Engine,
    input: &TextInput,
    mut ripe: impl FnMut(&Progress<TextDelta>) -> bool + Send,
) -> (String, Duration) {
    let cancel = CancellationToken::new();
    let (mut text, mut at) = (String::new(), None);
    let mut on = |progress: Progress<TextDelta>| {
        if at.is_none() && ripe(&progress) {
            at = Some(Instant::now());
            cancel.cancel();
        }
        if let Progress::Delta(delta) = progress {
            text.push_str(&delta.text);
        }
    };
    let ending = engine.text(quick(), input, &cancel, &mut on).await.unwrap();
    assert_eq!(ending, Ending::Cancelled);
    (text, at.unwrap().elapsed())
}

#[tokio::test]
async fn stop_while_writing_acts_at_once_and_keeps_what_came() {
    let (engine, mut seen) = (engine(), 0);
    let input = TextInput { max_new_tokens: None, ..go_on("Once upon a time") };
    let (text, took) = cancelled(&engine, &input, |progress| {
        seen += usize::from(matches!(progress, Progress::Delta(_)));
        seen == 5
    })
    .await;
    println!("stopped after {took:?} with {text:?}");
    assert!(!text.is_empty() && took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn stop_while_reading_acts_at_once_and_the_next_run_is_not_held_up() {
    let engine = engine();
    let input = go_on(&"A sentence about lighthouses and their keepers. ".repeat(300));
    let reading = |progress: &Progress<TextDelta>| matches!(progress, Progress::Status(Status::Reading { tokens, .. }) if *tokens > 0);
    let (words, took) = cancelled(&engine, &input, reading).await;
    let begun = Instant::now();
    let heard = text(&engine, &TextInput { max_new_tokens: Some(1), ..go_on("Hi") }).await.unwrap();
    println!("stopped after {took:?}, next answer after {:?}", begun.elapsed());
    assert!(words.is_empty() && took < Duration::from_secs(1), "{took:?}");
    assert!(!heard.output.text.is_empty() && begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn stop_while_loading_acts_at_once() {
    let loading =
        |progress: &Progress<TextDelta>| matches!(progress, Progress::Status(Status::Loading { .. }));
    let (_, took) = cancelled(&engine(), &go_on("Hi"), loading).await;
    println!("stopped after {took:?}");
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn a_second_run_waits_its_turn_and_says_so() {
    let engine = engine();
    let (hi, there) = (say("Hi"), say("There"));
    let (first, second) = tokio::join!(chat(&engine, &hi), chat(&engine, &there));
    assert!(!first.unwrap().text.is_empty());
    assert_eq!(second.unwrap().statuses[0], Status::Queued { position: Some(1) });
}

#[tokio::test]
async fn an_idle_model_leaves_memory_and_comes_back() {
    let engine = Engine::new(EngineOptions { idle: Duration::ZERO, ..EngineOptions::default() });
    let loads = |heard: &Heard<ChatOutput>| {
        heard.statuses.iter().any(|status| matches!(status, Status::Loading { .. }))
    };
    let first = chat(&engine, &say("Hi")).await.unwrap();
    engine.unload().await;
    let again = chat(&engine, &say("Hi")).await.unwrap();
    assert!(loads(&first) && loads(&again));
    assert_eq!(first.text, again.text);
}

#[tokio::test]
async fn a_damaged_model_is_refused_and_the_engine_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(quick().path).unwrap();
    let mut zeroed = whole.clone();
    zeroed[40..4000].fill(0);
    for (name, bytes) in
        [("cut.gguf", &whole[..whole.len() / 2]), ("zeroed.gguf", &zeroed), ("text.gguf", b"hello")]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = Models::new(folder.path()).add_own(&path).err().unwrap();
        assert_eq!(error.code, ErrorCode::Model, "{error}");
        assert!(error.message.contains(name), "{error}");
        let engine = engine();
        let broken = ModelRef { path, ..quick() };
        let error =
            engine.chat(broken, &say("Hi"), &CancellationToken::new(), &mut |_| {}).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Model, "{error}");
        assert!(!chat(&engine, &say("Hi")).await.unwrap().text.is_empty());
    }
}

#[tokio::test]
async fn a_file_of_the_persons_own_is_listed_and_answers() {
    let folder = tempfile::tempdir().unwrap();
    let models = Models::new(folder.path());
    let own = models.add_own(&quick().path).unwrap();
    models.add_own(&quick().path).unwrap();
    assert_eq!(models.own().unwrap(), std::slice::from_ref(&own));
    let Ok(Head::Writes(head)) = own.head else { unreachable!() };
    assert_eq!((head.architecture.as_str(), head.context_length), ("llama", Some(8192)));
    assert!(head.template(false).is_some());
    let found = models.find(&own.id).unwrap();
    let ending = engine().chat(found, &say("Hi"), &CancellationToken::new(), &mut |_| {}).await.unwrap();
    assert!(matches!(ending, Ending::Done(output) if output.model.as_deref() == Some(own.name.as_str())));
    models.remove_own(&own.id).unwrap();
    assert!(models.find(&own.id).is_err() && quick().path.exists());
}
