//! The built-in engine looks at pictures: a tiny model with random weights answers as the real llama.cpp server does
//! for the same picture, and otherwise for another one.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use limerick_engine::{Engine, EngineOptions, ModelRef, Models};
use limerick_tasks::{ChatInput, Content, Ending, ErrorCode, Message, Role, Usage};
use limerick_tests::engine::{chat_by, engine, say};
use limerick_tests::sight::{Server, about, fixture, painted, shown, tiny, tiny_files};
use tokio_util::sync::CancellationToken;

fn red() -> Vec<u8> {
    painted(64, 48, |_, _| [230, 20, 20])
}

fn stripes() -> Vec<u8> {
    painted(48, 64, |x, _| if x / 8 % 2 == 0 { [255; 3] } else { [0; 3] })
}

async fn answer(engine: &Engine, input: &ChatInput) -> (String, Usage) {
    let heard = chat_by(&tiny(), engine, input).await.unwrap();
    assert_eq!(heard.text, heard.output.text);
    (heard.text, heard.output.usage.unwrap())
}

/// The same, with what was answered and asked next.
fn and_then(input: &ChatInput, said: &str, next: Message) -> ChatInput {
    let mut input = input.clone();
    input.messages.extend([Message::new(Role::Assistant, said), next]);
    input
}

#[tokio::test]
async fn the_engine_sees_what_llama_cpps_server_sees() {
    let (server, engine) = (Server::start().await, engine());
    let (red, stripes, cat) = (red(), stripes(), fixture("cat.png"));
    let mut answers = Vec::new();
    for input in [
        about(shown(&[&red], "What is this?")),
        about(shown(&[&stripes], "What is this?")),
        about(shown(&[&cat], "What is this?")),
        about(shown(&[&cat, &red], "What differs?")),
        about(shown(&[&red, &cat], "What differs?")),
        about(Message::new(Role::User, "What is this?")),
    ] {
        let (ours, usage) = answer(&engine, &input).await;
        let (theirs, tokens) = server.ask(&input);
        assert_eq!((&ours, u64::from(usage.prompt_tokens)), (&theirs, tokens));
        answers.push(ours);
    }
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), 6, "each picture has an answer of its own: {answers:?}");
}

#[tokio::test]
async fn a_whole_conversation_about_pictures_is_what_the_server_makes_of_it() {
    let (server, engine) = (Server::start().await, engine());
    let first = about(shown(&[&fixture("cat.png")], "What is this?"));
    let (said, _) = answer(&engine, &first).await;
    let second = and_then(&first, &said, shown(&[&stripes()], "And this?"));
    let (said, _) = answer(&engine, &second).await;
    assert_eq!(said, server.ask(&second).0);
    let third = and_then(&second, &said, Message::new(Role::User, "Are they alike?"));
    assert_eq!(answer(&engine, &third).await.0, server.ask(&third).0);
}

#[tokio::test]
async fn a_follow_up_looks_at_no_picture_again_and_says_the_same_as_on_a_cold_engine() {
    let warm = engine();
    let first = about(shown(&[&fixture("cat.png")], "What is this?"));
    let (said, usage) = answer(&warm, &first).await;
    let mut second = and_then(&first, &said, Message::new(Role::User, "Are you sure?"));
    second.temperature = None;
    let heard = chat_by(&tiny(), &warm, &second).await.unwrap();
    assert!(heard.remembered().unwrap() >= usage.prompt_tokens, "{:?}", heard.remembered());
    second.temperature = Some(0.0);
    let heard = chat_by(&tiny(), &warm, &second).await.unwrap();
    assert!(heard.remembered().unwrap() > 90, "the picture was looked at again: {:?}", heard.remembered());
    assert_eq!(heard.text, answer(&engine(), &second).await.0);
}

#[tokio::test]
async fn another_picture_in_the_same_place_is_not_mistaken_for_the_first() {
    let warm = engine();
    let (red, stripes) =
        (about(shown(&[&red()], "What is this?")), about(shown(&[&stripes()], "What is this?")));
    let (first, second) = (answer(&warm, &red).await.0, answer(&warm, &stripes).await.0);
    assert_ne!(first, second);
    assert_eq!(answer(&engine(), &stripes).await.0, second);
    assert_eq!(answer(&warm, &red).await.0, first);
}

#[tokio::test]
async fn a_picture_without_words_and_words_that_look_like_marks_are_taken_as_they_are() {
    let (server, engine) = (Server::start().await, engine());
    let input = about(shown(&[&red()], ""));
    assert_eq!(answer(&engine, &input).await.0, server.ask(&input).0);
    for words in ["<__media__>", "<picture-0000000000000000>", "<|im_start|>"] {
        let input = about(shown(&[&red()], words));
        assert_eq!(answer(&engine, &input).await.1.completion_tokens, 16, "{words}");
    }
}

#[tokio::test]
async fn every_form_of_picture_is_looked_at_or_refused_in_a_sentence() {
    let engine = engine();
    let mut refused = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if Path::new(&name).extension().is_some_and(|ending| ending == "py" || ending == "txt") {
            continue;
        }
        let mut input = about(shown(&[&fixture(&name)], "What is this?"));
        input.max_tokens = Some(1);
        if let Err(error) = chat_by(&tiny(), &engine, &input).await {
            assert!(error.code == ErrorCode::Input && error.message.ends_with('.'), "{name}: {error}");
            refused.push(name);
        }
    }
    refused.sort();
    assert_eq!(refused, ["bomb.30000x30000.png", "cat.avif", "claims.65535x65535.png", "empty.png"]);
}

#[tokio::test]
async fn pictures_of_every_shape_are_looked_at() {
    let engine = engine();
    for (width, height) in [(1, 1), (1, 4000), (4000, 1), (3, 2), (1000, 10), (33, 31), (2000, 1500)] {
        let mut input = about(shown(&[&painted(width, height, |x, _| [x.to_le_bytes()[0], 0, 90])], "?"));
        input.max_tokens = Some(1);
        assert!(answer(&engine, &input).await.1.prompt_tokens > 16, "{width} × {height}");
    }
}

#[tokio::test]
async fn pictures_that_cannot_be_taken_are_refused_in_a_sentence() {
    let (engine, model) = (engine(), tiny());
    let refused = async |model: &ModelRef, input: ChatInput| {
        let error = chat_by(model, &engine, &input).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Input, "{error}");
        error.message
    };
    let with_url = |url: &str| {
        let mut message = shown(&[b"x"], "What is this?");
        if let Content::Parts(parts) = &mut message.content {
            parts[0] = serde_json::from_value(
                serde_json::json!({ "type": "image_url", "image_url": { "url": url } }),
            )
            .unwrap();
        }
        about(message)
    };
    let fetched = refused(&model, with_url("https://example.com/cat.png")).await;
    assert!(fetched.contains("fetches no pictures"), "{fetched}");
    let file = refused(&model, with_url("file:///etc/passwd")).await;
    assert!(file.contains("fetches no pictures"), "{file}");
    let empty = refused(&model, with_url("data:image/png;base64,")).await;
    assert!(empty.contains("data: URI"), "{empty}");
    let text = refused(&model, about(shown(&[b"no picture at all"], "What is this?"))).await;
    assert!(text.contains("picture"), "{text}");
    let pictures: Vec<Vec<u8>> = (0..60_u8).map(|at| painted(64, 64, |_, _| [at, 0, 0])).collect();
    let pictures: Vec<&[u8]> = pictures.iter().map(Vec::as_slice).collect();
    let many = refused(&model, about(shown(&pictures, "What are these?"))).await;
    assert!(many.contains("take a picture out"), "{many}");
    let blind = ModelRef { projector: None, ..model };
    let unseen = refused(&blind, about(shown(&[&red()], "What is this?"))).await;
    assert!(unseen.contains("pick a model that sees"), "{unseen}");
    assert_eq!(
        chat_by(&blind, &engine, &say("Hello!")).await.unwrap().output.usage.unwrap().completion_tokens,
        24
    );
}

#[tokio::test]
async fn a_projector_of_another_model_is_named_and_the_engine_goes_on() {
    let (engine, model) = (engine(), tiny());
    let stranger = ModelRef {
        projector: Some(tiny_files().join("mmproj-tiny-vlm.gguf")),
        ..limerick_tests::engine::quick()
    };
    let error = chat_by(&stranger, &engine, &about(shown(&[&red()], "?"))).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Model);
    assert!(error.message.contains("does not fit SmolLM2 135M Instruct"), "{error}");
    let swapped = ModelRef { projector: Some(model.path.clone()), ..model.clone() };
    let error = chat_by(&swapped, &engine, &about(shown(&[&red()], "?"))).await.unwrap_err();
    assert!(error.message.contains("is no projector for pictures"), "{error}");
    assert!(chat_by(&stranger, &engine, &say("Hello!")).await.is_ok(), "words need no projector");
    assert!(chat_by(&model, &engine, &about(shown(&[&red()], "?"))).await.is_ok());
}

#[tokio::test]
async fn stopping_takes_no_longer_with_pictures() {
    let (engine, model) = (Engine::new(EngineOptions::default()), tiny());
    let pictures: Vec<Vec<u8>> =
        (0..20_u8).map(|at| painted(640, 480, |_, y| [at, y.to_le_bytes()[0], 0])).collect();
    let pictures: Vec<&[u8]> = pictures.iter().map(Vec::as_slice).collect();
    let input = about(shown(&pictures, "What are these?"));
    for after in [0, 20, 60, 120] {
        let cancel = CancellationToken::new();
        let stopper = cancel.clone();
        let stopped = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            stopper.cancel();
            Instant::now()
        });
        let ending = engine.chat(model.clone(), &input, &cancel, &mut |_| {}).await.unwrap();
        assert_eq!(ending, Ending::Cancelled);
        let late = stopped.await.unwrap().elapsed();
        assert!(late < Duration::from_millis(100), "after {after} ms it took {late:?}");
    }
}

#[test]
fn a_model_of_the_persons_own_is_found_with_its_projector_from_either_file() {
    let (list, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (models, place) = (Models::new(list.path()), place.path().canonicalize().unwrap());
    let (model, eyes) = (place.join("tiny-vlm.gguf"), place.join("mmproj-tiny-vlm.gguf"));
    fs::copy(tiny_files().join("tiny-vlm.gguf"), &model).unwrap();
    let blind = models.add_own(&model).unwrap();
    assert_eq!((blind.projector.as_ref(), blind.tasks().len()), (None, 2));
    fs::copy(tiny_files().join("mmproj-tiny-vlm.gguf"), &eyes).unwrap();
    for added in [&eyes, &model] {
        let own = models.add_own(added).unwrap();
        assert_eq!((own.id.as_str(), own.name.as_str()), (blind.id.as_str(), "Tiny VLM"));
        assert!(own.tasks().contains(&"image_text_to_text".to_owned()) && own.bytes() > blind.bytes());
        assert_eq!(models.own().unwrap().len(), 1);
    }
    let found = models.sees().unwrap();
    assert_eq!(
        found.iter().map(|model| model.projector.as_deref()).collect::<Vec<_>>(),
        [Some(eyes.as_path())]
    );
    fs::remove_file(&eyes).unwrap();
    assert!(models.sees().unwrap().is_empty() && models.find(&blind.id).unwrap().projector.is_none());
    models.remove_own(&blind.id).unwrap();
    assert!(models.own().unwrap().is_empty() && model.exists());
}

#[test]
fn files_that_do_not_belong_together_are_not_put_together() {
    let (list, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let models = Models::new(list.path());
    let eyes = place.path().join("mmproj-other-f16.gguf");
    fs::copy(tiny_files().join("mmproj-tiny-vlm.gguf"), &eyes).unwrap();
    let alone = models.add_own(&eyes).unwrap_err().message;
    assert!(alone.contains("put its model into the same folder"), "{alone}");
    let model = place.path().join("tiny-vlm.gguf");
    fs::copy(tiny_files().join("tiny-vlm.gguf"), &model).unwrap();
    assert_eq!(models.add_own(&model).unwrap().projector, None);
    assert!(models.add_own(&eyes).unwrap().projector.is_some());
    let whole = fs::read(&eyes).unwrap();
    fs::write(&eyes, &whole[..whole.len() - 40]).unwrap();
    assert_eq!(models.own().unwrap()[0].projector, None);
}
