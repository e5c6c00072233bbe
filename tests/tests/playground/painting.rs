//! The built-in painter as a run: what the window hears, and what the history keeps.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use limerick_pictures::{look, read_settings};
use limerick_playground::{
    Playground, RunDelta, RunEvent, RunInput, RunOutput, RunState, StartRun,
    commands::{Id, ListModels, Nothing},
};
use limerick_tasks::{ErrorCode, ImageOutput, ImageToImageInput, Media, Status, TextToImageInput};
use limerick_tests::front::{open_with_models, run};
use serde_json::{Value, json};

fn start(fields: Value) -> StartRun {
    let mut input: TextToImageInput = serde_json::from_value(fields).unwrap();
    input.num_inference_steps.get_or_insert(4);
    if input.prompt.is_empty() {
        input.prompt = "a red apple".into();
    }
    StartRun::new("builtin", RunInput::TextToImage(input))
}

async fn painted(playground: &Playground, fields: Value) -> ImageOutput {
    match run(playground, start(fields), |_| {}).await.pop() {
        Some(RunEvent::Done { output: RunOutput::TextToImage(output), .. }) => output,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_shown_on_the_way_and_kept_alone() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let start = start(json!({"width": 480, "height": 320, "num_inference_steps": 10, "seed": 3}));
    let id = start.id.clone();
    let events = run(&playground, start, |_| {}).await;
    let shown: Vec<&Media> = events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Delta { delta: RunDelta::TextToImage(delta), .. } => Some(&delta.preview),
            _ => None,
        })
        .collect();
    // Those that come close together are told as one.
    assert!((1..=8).contains(&shown.len()), "{}", shown.len());
    for preview in shown {
        let facts = look(&preview.bytes).unwrap();
        assert_eq!((facts.media_type.as_str(), facts.width, facts.height), ("image/png", 96, 64));
    }
    let last = events.iter().rev().find_map(|event| match event {
        RunEvent::Status { status: Status::Step { step, total } } => Some((*step, *total)),
        _ => None,
    });
    assert_eq!(last, Some((10, 10)));
    let Some(RunEvent::Done { output: RunOutput::TextToImage(output), figures }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(figures.first_token_ms.is_none() && figures.completion_tokens.is_none(), "{figures:?}");
    let facts = look(&output.images[0].bytes).unwrap();
    assert_eq!((facts.width, facts.height, output.images.len(), output.seed), (480, 320, 1, Some(3)));
    let kept = playground.run(Id { id }).await.unwrap();
    assert_eq!((kept.state, kept.model.as_str()), (RunState::Done, "Limerick Painter 10M"));
    assert_eq!(kept.output, RunOutput::TextToImage(output.clone()));
    assert_eq!(playground.storage(Nothing {}).await.unwrap().pictures, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_says_how_it_was_made_and_the_seed_makes_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let asked =
        json!({"negative_prompt": "leaf", "guidance_scale": 3.5, "extra_body": {"upscale": "pixels"}});
    let first = painted(&playground, asked.clone()).await;
    let seed = first.seed.unwrap();
    assert!(u32::try_from(seed).is_ok());
    let settings = read_settings(&first.images[0].bytes).unwrap();
    assert_eq!(
        (settings.prompt.as_str(), settings.negative_prompt.as_deref()),
        ("a red apple", Some("leaf"))
    );
    assert_eq!((settings.num_inference_steps, settings.guidance_scale), (Some(4), Some(3.5)));
    assert_eq!((settings.seed, settings.width, settings.height), (Some(seed), Some(512), Some(512)));
    assert_eq!(settings.model.as_deref(), Some("Limerick Painter 10M"));
    let mut again = asked;
    again["seed"] = seed.into();
    assert_eq!(painted(&playground, again.clone()).await.images, first.images);
    let mut all = BTreeSet::from([first.images[0].base64()]);
    for (name, value) in
        [("seed", json!(seed + 1)), ("negative_prompt", json!("red")), ("extra_body", json!({}))]
    {
        let mut other = again.clone();
        other[name] = value;
        assert!(all.insert(painted(&playground, other).await.images[0].base64()), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_cannot_do_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open_with_models(folder.path());
    let failed = async |start| match run(&playground, start, |_| {}).await.pop() {
        Some(RunEvent::Failed { error, .. }) => error,
        other => panic!("{other:?}"),
    };
    let wide = failed(start(json!({"width": 1024}))).await;
    assert_eq!((wide.code, wide.field.as_deref()), (ErrorCode::Input, Some("width")));
    assert!(wide.message.contains("64 to 512"), "{wide}");
    assert_eq!(failed(start(json!({"model": "minilm"}))).await.code, ErrorCode::Model);
    let image = Media::new(&include_bytes!("../../pictures/cat.png")[..], "");
    let input = ImageToImageInput { image, prompt: Some("a dog".into()), ..ImageToImageInput::default() };
    let other = failed(StartRun::new("builtin", RunInput::ImageToImage(input))).await;
    assert!(other.message.contains("No built-in model can do this"), "{other}");
    let wanted = ListModels { connection: "builtin".into(), task: "text_to_image".into(), refresh: false };
    let rows = playground.models(wanted).await.unwrap();
    let row = (rows[0].id.as_str(), rows[0].ready, rows[0].ignored.join(" "), rows.len());
    assert_eq!(row, ("painter", true, "scheduler".into(), 1));
}
