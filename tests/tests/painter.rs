//! The built-in painter with the real model: held against torch, stopped, and let go.
//!
//! `painter/` holds what torch painted with the same weights (`engine/painter/reference.py` makes it anew).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use limerick_labels::Labeller;
use limerick_painter::{Asked, Canvas, Painted, Painter};
use limerick_pictures::{Limits, decode};
use limerick_tasks::{Ending, ErrorCode, Progress, Status};
use limerick_tests::labels::{labeller, text_files};
use limerick_tests::painter::{painter, painter_files};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

const IDLE: Duration = Duration::from_secs(60);
const PICTURES: [&[u8]; 3] = [
    include_bytes!("../painter/0.png"),
    include_bytes!("../painter/1.png"),
    include_bytes!("../painter/2.png"),
];
/// Of 255: less than 1e-2.
const ALIKE: u8 = 2;

/// What torch was asked.
fn expected() -> Vec<Value> {
    serde_json::from_str(include_str!("../painter/expected.json")).unwrap()
}

fn done<T>(ending: Ending<T>) -> T {
    match ending {
        Ending::Done(output) => output,
        Ending::Cancelled => panic!("nobody cancelled"),
    }
}

async fn states(labeller: &Labeller, texts: &[&str]) -> Vec<Vec<f32>> {
    let texts = texts.iter().map(|text| (*text).to_owned()).collect();
    done(labeller.token_states(text_files(), texts, 24, &CancellationToken::new()).await.unwrap())
}

/// What to paint; 6 steps of one picture, unless it is changed.
async fn asked(words: &str, against: &str) -> Asked {
    let states = states(&labeller(Some(1), IDLE), &[words, against]).await;
    let [words, against] = states.try_into().unwrap();
    Asked { words, against, seed: 1, steps: 6, guidance: 4.0, canvas: Canvas::TRAINED }
}

/// The picture, and all that was told on the way.
async fn paint(painter: &Painter, asked: Asked) -> (Painted, Vec<Progress<Painted>>) {
    let mut told = Vec::new();
    let mut on = |progress| told.push(progress);
    let painted = painter.paint(painter_files(), asked, &CancellationToken::new(), &mut on).await;
    (done(painted.unwrap()), told)
}

#[tokio::test]
async fn states_of_words_are_those_of_the_reference() {
    let (labeller, all) = (labeller(Some(1), IDLE), expected());
    let texts: Vec<&str> = all.iter().map(|one| one["prompt"].as_str().unwrap()).collect();
    let together = states(&labeller, &texts).await;
    for ((one, text), found) in all.iter().zip(&texts).zip(&together) {
        let wanted: Vec<Vec<f32>> = serde_json::from_value(one["states"].clone()).unwrap();
        assert_eq!(found.len(), wanted.len() * 384, "{text}");
        for (piece, numbers) in found.chunks_exact(384).zip(&wanted) {
            let near = |(a, b): (&f32, &f32)| (a - b).abs() < 2e-4;
            assert!(piece.iter().zip(numbers).all(near), "{text}: {:?} {numbers:?}", &piece[..8]);
        }
    }
    let ends = states(&labeller, &["", &"word ".repeat(99)]).await;
    assert_eq!(ends.iter().map(Vec::len).collect::<Vec<_>>(), [2 * 384, 24 * 384]);
}

#[tokio::test]
async fn pictures_are_those_of_torch_for_the_same_noise() {
    let painter = painter(None, IDLE);
    for (one, file) in expected().iter().zip(PICTURES) {
        let text = |name: &str| one[name].as_str().unwrap();
        let [height, width]: [u32; 2] = serde_json::from_value(one["latents"].clone()).unwrap();
        let asked = Asked {
            seed: one["seed"].as_u64().unwrap(),
            steps: u32::try_from(one["steps"].as_u64().unwrap()).unwrap(),
            guidance: serde_json::from_value(one["guidance"].clone()).unwrap(),
            canvas: Canvas { width, height },
            ..asked(text("prompt"), text("negative")).await
        };
        let (painted, _) = paint(&painter, asked).await;
        let wanted = decode(file, &Limits::default()).unwrap().image.into_rgb8();
        assert_eq!((painted.width, painted.height), wanted.dimensions());
        let apart = painted.rgb.iter().zip(wanted.as_raw()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(apart <= ALIKE, "{}: {apart} of 255", text("prompt"));
    }
}

#[tokio::test]
async fn seed_words_guidance_and_steps_each_make_another_picture_and_the_same_make_the_same() {
    let (painter, plain) = (painter(None, IDLE), asked("a red apple", "").await);
    let (picture, _) = paint(&painter, plain.clone()).await;
    assert_eq!(picture, paint(&painter, plain.clone()).await.0);
    let negative = asked("a red apple", "red").await;
    assert_eq!(negative.words, plain.words);
    for other in [
        Asked { seed: 2, ..plain.clone() },
        Asked { seed: 1 + (1 << 32), ..plain.clone() },
        Asked { guidance: 1.0, ..plain.clone() },
        Asked { guidance: 4.5, ..plain.clone() },
        Asked { steps: 7, ..plain.clone() },
        Asked { canvas: Canvas { width: 12, height: 8 }, ..plain.clone() },
        negative.clone(),
        asked("a blue apple", "").await,
    ] {
        assert_ne!(picture, paint(&painter, other).await.0);
    }
    // At 1 nothing is held against the words.
    let alone = async |asked| paint(&painter, Asked { guidance: 1.0, ..asked }).await.0;
    assert_eq!(alone(plain).await, alone(negative).await);
}

#[tokio::test]
async fn every_step_is_told_and_the_last_picture_on_the_way_is_the_picture() {
    let painter = painter(None, IDLE);
    let (picture, told) = paint(&painter, Asked { steps: 10, ..asked("a cat", "").await }).await;
    let steps: Vec<u32> = told
        .iter()
        .filter_map(|told| match told {
            Progress::Status(Status::Step { step, total: 10 }) => Some(*step),
            _ => None,
        })
        .collect();
    assert_eq!(steps, (1..=10).collect::<Vec<_>>());
    let shown: Vec<&Painted> = told
        .iter()
        .filter_map(|told| if let Progress::Delta(shown) = told { Some(shown) } else { None })
        .collect();
    assert_eq!((shown.len(), shown.last()), (5, Some(&&picture)));
    assert!(shown.iter().all(|shown| (shown.width, shown.height, shown.rgb.len()) == (64, 64, 64 * 64 * 3)));
    assert_ne!(shown[0], &picture);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_acts_at_once_and_the_next_picture_does_not_wait_for_it() {
    let (painter, cancel) = (painter(None, IDLE), CancellationToken::new());
    let plain = asked("a cat", "").await;
    let (long, mut stopped) = (Asked { steps: 50, ..plain.clone() }, None);
    let mut on = |told| {
        if matches!(told, Progress::Status(Status::Step { step: 3, .. })) {
            stopped = Some(Instant::now());
            cancel.cancel();
        }
    };
    let ending = painter.paint(painter_files(), long, &cancel, &mut on).await.unwrap();
    let (stopped, ended) = (stopped.unwrap(), Instant::now());
    assert_eq!(ending, Ending::Cancelled);
    assert!(ended - stopped < Duration::from_millis(100), "{:?}", ended - stopped);
    paint(&painter, Asked { steps: 1, ..plain }).await;
    assert!(stopped.elapsed() < Duration::from_secs(1), "{:?}", stopped.elapsed());
}

#[tokio::test]
async fn what_cannot_be_loaded_or_read_is_one_plain_error() {
    let painter = painter(Some(1), IDLE);
    let folder = tempfile::tempdir().unwrap();
    let mut files = painter_files();
    let (right, plain) = (files.clone(), asked("a cat", "").await);
    files.decoder = folder.path().join("decoder.onnx");
    for content in [None, Some("too short"), Some("")] {
        if let Some(content) = content {
            std::fs::write(&files.decoder, content).unwrap();
        }
        let asked = plain.clone();
        let error = painter.paint(files.clone(), asked, &CancellationToken::new(), &mut |_| {}).await;
        let error = error.unwrap_err();
        assert!(error.code == ErrorCode::Model && error.message.contains("fetch it again"), "{error:?}");
    }
    let odd = Asked { words: vec![0.0; 5], ..plain };
    let error = painter.paint(right, odd, &CancellationToken::new(), &mut |_| {}).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Internal);
}

/// Memory of this process that is in use, in MB, files that are mapped in left out.
#[cfg(target_os = "linux")]
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1000
}

/// With whatever the tests beside it hold at the same time.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_painter_takes_less_than_three_hundred_megabytes_and_gives_them_back() {
    let plain = asked("a cat", "").await;
    let (painter, before) = (painter(None, Duration::from_millis(100)), memory());
    for _ in 0..3 {
        paint(&painter, Asked { canvas: Canvas { width: 16, height: 8 }, ..plain.clone() }).await;
        let taken = memory().saturating_sub(before);
        assert!(taken < 300, "{taken} MB");
        painter.unload().await;
    }
}
