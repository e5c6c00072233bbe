//! The built-in labels against onnxruntime in Python: the same models, pictures, texts and threads, in one run.
//! Prints a JSON line a figure, for `cargo xtask bench labels`. Rounds alternate, so that what else the machine does
//! meets both alike; figures are medians. Ours opens each picture and makes it small; Python gets the small one.
//! At the end both are held against each other: scores of all classes, directions of all texts.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "its output is its purpose; there is little"
)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use limerick_labels::{Labeller, cosine};
use limerick_pictures::{Limits, decode};
use limerick_tasks::{Ending, Label};
use limerick_tests::labels::{labeller, photo_model, picture, text_files};
use limerick_tests::measure::{Reference, median, threads};
use limerick_tests::python::{cache, python_with};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 5;
const PICTURES: [&str; 6] = ["cat.png", "cat.jpg", "turned.jpg", "cat.webp", "cat.16bit.png", "cat.cmyk.jpg"];
/// How often the pictures are looked at in a round.
const TIMES: usize = 5;
const TEXTS: usize = 256;

/// What one side made of a question, and the seconds that it took.
struct Answer {
    work: f64,
    rows: Vec<Vec<f32>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    for threads in threads() {
        measure(threads).await?;
    }
    Ok(())
}

async fn measure(threads: usize) -> Outcome {
    let (labeller, folder) = (labeller(Some(threads), Duration::from_secs(60)), tempfile::tempdir()?);
    let files = PICTURES.map(picture);
    let squares = squares(&files, folder.path())?;
    let texts: Vec<String> = (0..TEXTS).map(sentence).collect();
    let mut python = python(threads)?;
    let (mut looks, mut reads) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        println!("   {threads} thread(s), round {round} of {ROUNDS}");
        looks.push((look(&labeller, &files).await?, ask(&mut python, &json!({ "pictures": squares }))?));
        reads.push((read(&labeller, &texts).await?, ask(&mut python, &json!({ "texts": texts }))?));
    }
    // The first round loaded the models.
    let (first, second) = (looks.remove(0), reads.remove(0));
    let pictures = (PICTURES.len() * TIMES) as f64;
    let (ours, theirs) = medians(&looks, |work| work * 1e3 / pictures);
    compare(&format!("labels: a picture, EfficientNet-Lite0, {threads} thread(s)"), ours, theirs, "ms", "");
    let (ours, theirs) = medians(&reads, |work| TEXTS as f64 / work);
    compare(
        &format!("labels: embeddings, MiniLM, {threads} thread(s)"),
        ours,
        theirs,
        "/s",
        "; sentences of 15 words",
    );
    if threads == 1 {
        let apart = pairs(&first)
            .map(|(one, two)| one.iter().zip(two).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max));
        figure(
            "labels: the largest difference of a score",
            f64::from(apart.fold(0.0, f32::max)) * 1e6,
            "millionths",
            "of 6,000, against Python",
        );
        let near = pairs(&second).map(|(one, two)| cosine(one, two)).fold(1.0, f32::min);
        figure("labels: the smallest cosine of an embedding", f64::from(near), "", "of 256, against Python");
    }
    labeller.unload().await;
    Ok(())
}

fn pairs((ours, theirs): &(Answer, Answer)) -> impl Iterator<Item = (&Vec<f32>, &Vec<f32>)> {
    ours.rows.iter().zip(&theirs.rows)
}

fn compare(name: &str, ours: f64, theirs: f64, unit: &str, more: &str) {
    let note =
        format!("onnxruntime in Python {theirs:.1}; ratio {:.2}; medians of {ROUNDS}{more}", ours / theirs);
    figure(name, ours, unit, &note);
}

fn figure(name: &str, value: f64, unit: &str, note: &str) {
    println!("{}", json!({ "name": name, "value": value, "unit": unit, "note": note }));
}

fn medians(rounds: &[(Answer, Answer)], of: impl Fn(f64) -> f64) -> (f64, f64) {
    let ours = median(rounds.iter().map(|(ours, _)| of(ours.work)).collect());
    (ours, median(rounds.iter().map(|(_, theirs)| of(theirs.work)).collect()))
}

/// The pictures as the model sees them, in files, each as often as it is looked at.
fn squares(files: &[Bytes], folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut squares = Vec::new();
    for (file, name) in files.iter().zip(PICTURES) {
        let square = folder.join(name);
        std::fs::write(&square, decode(file, &Limits::default())?.square(224, 0.875)?)?;
        squares.push(square);
    }
    Ok(squares.iter().cloned().cycle().take(PICTURES.len() * TIMES).collect())
}

fn sentence(at: usize) -> String {
    let words = ["river", "engine", "garden", "letter", "window", "market", "winter"];
    let word = |step: usize| words[(at * step + at / 7) % words.len()];
    format!(
        "Sentence {at} tells of a {} and a {} beside the {} that we saw today.",
        word(1),
        word(3),
        word(5)
    )
}

async fn look(labeller: &Labeller, files: &[Bytes]) -> Outcome<Answer> {
    let (started, mut rows) = (Instant::now(), Vec::new());
    for file in files.iter().cycle().take(files.len() * TIMES) {
        let ending = labeller.photo(photo_model(), file.clone(), &CancellationToken::new()).await?;
        let Ending::Done(labels) = ending else { return Err("It was cancelled.".into()) };
        rows.push(labels);
    }
    let work = started.elapsed().as_secs_f64();
    Ok(Answer { work, rows: rows.iter().map(|labels| in_order(labels)).collect() })
}

/// Scores in the model's order.
fn in_order(labels: &[Label]) -> Vec<f32> {
    let names = include_str!("../../src-tauri/crates/labels/models/labels.txt").lines();
    let score = |name| labels.iter().find(|label| label.label == name).map_or(f64::NAN, |label| label.score);
    #[expect(clippy::cast_possible_truncation, reason = "six digits are enough")]
    names.map(|name| score(name) as f32).collect()
}

async fn read(labeller: &Labeller, texts: &[String]) -> Outcome<Answer> {
    let started = Instant::now();
    let ending = labeller.embed(text_files(), texts.to_vec(), &CancellationToken::new()).await?;
    let Ending::Done(rows) = ending else { return Err("It was cancelled.".into()) };
    Ok(Answer { work: started.elapsed().as_secs_f64(), rows })
}

/// The reference.
fn python(threads: usize) -> Outcome<Reference> {
    let (tests, files) = (Path::new(env!("CARGO_MANIFEST_DIR")), text_files());
    let python = python_with(&tests.join("servers/labels.txt"), &cache().join("labels"));
    let started = Reference::start(
        Command::new(python)
            .arg(tests.join("bench/labels.py"))
            .arg(photo_model())
            .arg(tests.join("../src-tauri/crates/labels/models/minilm.onnx"))
            .arg(files.weights.parent().ok_or("The text model lies nowhere.")?)
            .arg(threads.to_string()),
    );
    Ok(started?)
}

fn ask(python: &mut Reference, asked: &Value) -> Outcome<Answer> {
    let mut answer: Value = serde_json::from_str(&python.ask(asked)?)?;
    let work = answer["work"].as_f64().ok_or("Python gave no time.")?;
    Ok(Answer { work, rows: serde_json::from_value(answer["answer"].take())? })
}
