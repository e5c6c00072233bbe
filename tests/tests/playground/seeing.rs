//! Questions about pictures, from what the window asks to what went over the wire: chats at servers, Idefics2's prompt
//! at TGI, a real Gradio Space, and the built-in labels in words.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::Command;
use std::time::Duration;

use limerick_playground::{
    ConversationKind, RunDelta, RunEvent, RunInput, RunOutput, StartRun, Turn,
    commands::{Id, ListModels},
    unsaved_server,
};
use limerick_tasks::{
    ChatInput, ErrorCode, ImageClassificationInput, ImageToTextInput, Media, TextInput,
    VisualQuestionAnsweringInput, ZeroShotClassificationInput,
};
use limerick_tests::{
    front::{limerick, open, open_with_models, run, stopped_at},
    gradio::connected,
    recorder::Recorder,
};
use serde_json::json;

const CAT: &[u8] = include_bytes!("../../pictures/cat.jpg");
/// The same as a file.
const PHOTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pictures/cat.jpg");

fn cat() -> Media {
    Media::new(CAT, "")
}

fn shows(text: &str) -> Turn {
    let (text, pictures) = (Some(text.to_owned()), vec![cat()]);
    Turn { text, pictures, kind: Some(ConversationKind::Vision), ..Turn::default() }
}

fn done(events: &[RunEvent]) -> RunOutput {
    match events.last() {
        Some(RunEvent::Done { output, .. }) => output.clone(),
        other => panic!("{other:?}"),
    }
}

/// What was streamed of a chat: its text and its reasoning.
fn streamed(events: &[RunEvent]) -> (String, String) {
    let deltas = events.iter().filter_map(|event| match event {
        RunEvent::Delta { delta: RunDelta::ChatCompletion(delta), .. } => Some(delta),
        _ => None,
    });
    deltas.fold(<(String, String)>::default(), |(text, thought), delta| {
        (text + &delta.text, thought + &delta.reasoning)
    })
}

fn chat(connection: &str, model: &str, turn: Turn) -> StartRun {
    let input = ChatInput { model: model.into(), ..ChatInput::default() };
    StartRun { turn: Some(turn), ..StartRun::new(connection, RunInput::ChatCompletion(input)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_about_a_picture_goes_out_in_parts_with_the_picture_first() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    let playground = open(folder.path());
    let connection = unsaved_server(recorder.at("/s/chat-stream-usage/v1").as_str()).unwrap();
    let events = run(&playground, chat(&connection, "acme/sees", shows("What is it?")), |_| {}).await;
    assert_eq!(streamed(&events).0, done(&events).words());
    let sent = recorder.take().await;
    let asked = sent.iter().find(|record| record["method"] == "POST").unwrap();
    assert_eq!(asked["json_key_order"][0], "model", "the router reads it first");
    let body = &asked["json"];
    let picture = json!({"type": "image_url", "image_url": {"url": cat().data_uri()}});
    let words = json!({"type": "text", "text": "What is it?"});
    assert_eq!(body["messages"], json!([{"role": "user", "content": [picture, words]}]));
    assert_eq!(body["stream"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tgi_server_reads_idefics2s_prompt_with_the_picture_in_it() {
    let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
    let playground = open(folder.path());
    let token = |text: &str| json!({"json": {"index": 0, "token": {"id": 1, "text": text, "special": false}, "generated_text": null}});
    let last = json!({"json": {"index": 2, "token": {"id": 2, "text": "<end_of_utterance>", "special": true}, "generated_text": "A cat.", "details": {"finish_reason": "stop_sequence", "generated_tokens": 3}}});
    let gone =
        json!({"match": {"path": "^/v1/completions$"}, "respond": {"status": 404, "json": {"error": "no"}}});
    let tgi = json!({"match": {"path": "^/generate_stream$"}, "respond": {"sse": [token("A"), token(" cat."), last]}});
    recorder.rules(&json!([gone, tgi])).await;
    let connection = unsaved_server(recorder.base().as_str()).unwrap();
    let input = RunInput::TextGeneration(TextInput::default());
    let start = StartRun { turn: Some(shows("What is it?")), ..StartRun::new(&connection, input) };
    let events = run(&playground, start, |_| {}).await;
    assert_eq!(done(&events).words(), "A cat.");
    let sent = recorder.take().await;
    let asked = sent.iter().find(|record| record["path"] == "/generate_stream").unwrap();
    let body = &asked["json"];
    let uri = cat().data_uri();
    assert_eq!(body["inputs"], format!("User:![]({uri})What is it?<end_of_utterance>\nAssistant:"));
    assert_eq!(body["parameters"]["stop"], json!(["<end_of_utterance>", "</s>"]));
    let Some(RunEvent::Started { conversation: Some(talk), .. }) = events.first() else {
        panic!("{events:?}")
    };
    let talk = playground.conversation(Id { id: talk.clone() }).await.unwrap();
    assert_eq!(talk.messages[1].text, "A cat.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_is_asked_about_a_picture_in_each_of_three_ways() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    for (task, want) in [
        ("image_text_to_text", vec!["/ask"]),
        ("visual_question_answering", vec!["/ask"]),
        ("image_to_text", vec!["/caption", "/ask"]),
        ("image_classification", vec![]),
    ] {
        let wanted = ListModels { connection: connection.clone(), task: task.into(), refresh: false };
        let rows = playground.models(wanted).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), want, "{task}");
    }
    let events = run(&playground, chat(&connection, "/ask", shows("What is it?")), |_| {}).await;
    let answer = "A 36x48 picture. You asked: What is it?";
    assert_eq!((done(&events).words().as_str(), streamed(&events).0.as_str()), (answer, answer));
    let deltas = events.iter().filter(|event| matches!(event, RunEvent::Delta { .. })).count();
    assert!(deltas > 1, "it streams: {events:?}");
    let image = ImageToTextInput { image: cat(), ..ImageToTextInput::default() };
    let events = run(&playground, StartRun::new(&connection, RunInput::ImageToText(image)), |_| {}).await;
    assert_eq!(done(&events).words(), "a 36x48 picture");
    let asks = VisualQuestionAnsweringInput { image: cat(), question: "Which?".into(), ..Default::default() };
    let asks = StartRun::new(&connection, RunInput::VisualQuestionAnswering(asks));
    let events = run(&playground, asks, |_| {}).await;
    assert_eq!(done(&events).words(), "A 36x48 picture. You asked: Which?");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_that_fails_or_cannot_see_says_so_and_a_stop_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let (playground, connection) = connected(folder.path()).await;
    for (model, text, code, says) in [
        ("/ask", "ERROR: too dark", ErrorCode::Provider, "too dark"),
        ("/infer", "What?", ErrorCode::Model, "answers questions about a picture"),
    ] {
        let events = run(&playground, chat(&connection, model, shows(text)), |_| {}).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
        assert!(error.code == code && error.message.contains(says), "{error:?}");
    }
    let start = chat(&connection, "/ask", shows("SLOW 20"));
    let (events, took) =
        stopped_at(&playground, start, |event| matches!(event, RunEvent::Delta { .. })).await;
    assert!(matches!(events.last(), Some(RunEvent::Cancelled { .. })), "{events:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

fn rows_of(models: &[limerick_playground::ModelRow]) -> Vec<&str> {
    models.iter().map(|row| row.id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_labels_become_words_and_say_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let task = |task: &str| ListModels { connection: "builtin".into(), task: task.into(), refresh: false };
    let seers = playground.models(task("image_text_to_text")).await.unwrap();
    assert!(rows_of(&seers).contains(&"labels") && rows_of(&seers).contains(&"smolvlm"), "{seers:?}");
    assert!(seers.iter().any(|row| row.id == "labels" && row.ready && row.vision), "{seers:?}");
    assert_eq!(playground.models(task("object_detection")).await.unwrap(), []);
    let mut start = chat("builtin", "labels", shows("Caption this picture in one sentence."));
    if let RunInput::ChatCompletion(input) = &mut start.input {
        (input.max_tokens, input.temperature) = (Some(60), Some(0.0));
    }
    let id = start.id.clone();
    let events = run(&playground, start, |_| {}).await;
    let (text, thought) = streamed(&events);
    assert!(thought.starts_with("The classifier saw: ") && thought.contains('%'), "{thought}");
    // What it saw is no token of the language model's, and the time that it took no part of its speed.
    let speechless = events.iter().filter_map(|event| match event {
        RunEvent::Delta { delta, figures, .. } if delta.text().is_empty() => Some(figures),
        _ => None,
    });
    for figures in speechless {
        assert_eq!((figures.first_token_ms, figures.completion_tokens), (None, None), "{events:?}");
    }
    let RunOutput::ChatCompletion(said) = done(&events) else { panic!("{events:?}") };
    assert_eq!((&said.text, &said.reasoning), (&text, &thought));
    assert!(!text.trim().is_empty(), "{thought}");
    let kept = playground.run(Id { id }).await.unwrap();
    assert!(kept.model.starts_with("EfficientNet-Lite0 + "), "{}", kept.model);
    // The next question is answered from the same labels.
    let talk = playground.conversation(Id { id: kept.conversation.unwrap() }).await.unwrap();
    let parent = Some(talk.messages[1].id.clone());
    let more = Turn {
        conversation: Some(talk.id),
        parent,
        text: Some("Is it an animal?".into()),
        ..Turn::default()
    };
    let mut more = chat("builtin", "labels", more);
    if let RunInput::ChatCompletion(input) = &mut more.input {
        (input.max_tokens, input.temperature) = (Some(40), Some(0.0));
    }
    let events = run(&playground, more, |_| {}).await;
    assert_eq!(streamed(&events).1, thought);
    // A model without eyes does not pretend to have some; a question without a picture is told so.
    let words = Turn { text: Some("What is it?".into()), ..Turn::default() };
    for (model, turn, says) in
        [("quick", shows("What is it?"), "reads text only"), ("labels", words, "no picture to look at")]
    {
        let events = run(&playground, chat("builtin", model, turn), |_| {}).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
        assert!(error.code == ErrorCode::Input && error.message.contains(says), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_models_label_and_the_others_are_refused_with_a_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let image = ImageClassificationInput { image: cat(), top_k: Some(3), ..Default::default() };
    let start = StartRun::new("builtin", RunInput::ImageClassification(image.clone()));
    let id = start.id.clone();
    let RunOutput::ImageClassification(labels) = done(&run(&playground, start, |_| {}).await) else {
        panic!("no labels")
    };
    assert_eq!(labels.labels.len(), 3);
    assert_eq!(playground.run(Id { id }).await.unwrap().model, "EfficientNet-Lite0");
    let text = ZeroShotClassificationInput {
        text: "The cat sleeps on the mat.".into(),
        candidate_labels: vec!["animals".into(), "taxes".into()],
        ..Default::default()
    };
    let start = StartRun::new("builtin", RunInput::ZeroShotClassification(text));
    let RunOutput::ZeroShotClassification(labels) = done(&run(&playground, start, |_| {}).await) else {
        panic!("no labels")
    };
    assert_eq!(labels.labels[0].label, "animals");
    let other = ImageClassificationInput { model: "minilm".into(), ..image };
    let objects = limerick_tasks::ObjectDetectionInput { image: cat(), ..Default::default() };
    for (input, says) in [
        (RunInput::ImageClassification(other), "Choose one from the list"),
        (RunInput::ObjectDetection(objects), "Choose Hugging Face or a server"),
    ] {
        let events = run(&playground, StartRun::new("builtin", input), |_| {}).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
        assert!(error.code == ErrorCode::Model && error.message.contains(says), "{error:?}");
    }
}

#[test]
fn the_command_line_labels_a_photo_and_shows_one_in_a_chat() {
    let folder = tempfile::tempdir().unwrap();
    let limerick = |arguments: &[&str]| {
        let mut command = Command::new(limerick());
        command.args(["run"]).args(arguments).env("LIMERICK_DATA", folder.path());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said + &String::from_utf8_lossy(&output.stderr))
    };
    let photo = format!("@{PHOTO}");
    let (code, said) = limerick(&["image_classification", "--input", &photo]);
    assert!(code == Some(0) && said.contains("0."), "{said}");
    let (code, said) = limerick(&[
        "chat_completion",
        "--model",
        "labels",
        "--input",
        "What is it?",
        "--image",
        PHOTO,
        "--deadline",
        "300",
    ]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = limerick(&["summarization", "--input", "a text", "--image", PHOTO]);
    assert!(code == Some(2) && said.contains("takes no --image"), "{said}");
}
