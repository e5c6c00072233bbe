//! The built-in voice against onnxruntime in Python: the same model, phonemes and threads, in one run.
//! Prints a JSON line a figure, for `cargo xtask bench voice`. Rounds alternate, so that what else the machine does
//! meets both alike; figures are medians. Ours includes all that makes text of phonemes and sentences of samples.
//! At the end every one of 40 sentences is looked at for samples that are not finite.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "its output is its purpose; sounds are short"
)]

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use limerick_tasks::Progress;
use limerick_tests::measure::{Reference, median, threads};
use limerick_tests::python::{cache, python_with};
use limerick_tests::voice::{kokoro, say, speak, speaker};
use limerick_voice::{Speaker, Spoken, VoiceFiles, numbers};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const VOICE: &str = "af_heart";
const ROUNDS: usize = 3;

const TEXT: &str = "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow. The rainbow \
    is a division of white light into many beautiful colors. These take the shape of a long round arch.";

/// One round, in seconds.
struct Round {
    work: f64,
    first: f64,
    sound: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let VoiceFiles::Kokoro { model, voices } = kokoro() else { return Err("Kokoro is not here.".into()) };
    let style = voices.join(format!("{VOICE}.bin"));
    for threads in threads() {
        measure(&model, &style, threads).await?;
    }
    finite().await
}

async fn measure(model: &Path, style: &Path, threads: usize) -> Outcome {
    let speaker = speaker(Some(threads));
    let cold = ask(&speaker).await?.first;
    let mut python = python(model, style, threads)?;
    let sentences = numbers(TEXT, VOICE)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        println!("   {threads} thread(s), round {round} of {ROUNDS}");
        ours.push(ask(&speaker).await?);
        theirs.push(said_by(&mut python, &sentences)?);
    }
    let work: fn(&Round) -> f64 = |round| round.work;
    let first: fn(&Round) -> f64 = |round| round.first;
    for (what, of) in [("time for three sentences", work), ("time to first sound", first)] {
        let (ours, theirs) = (middle(&ours, of), middle(&theirs, of));
        let note =
            format!("onnxruntime in Python {theirs:.2}; ratio {:.2}; medians of {ROUNDS}", ours / theirs);
        figure(&format!("voice: {what}, Kokoro, {threads} thread(s)"), ours, "s", &note);
    }
    let factor: fn(&Round) -> f64 = |round| round.work / round.sound;
    let note = format!(
        "{:.1} s of sound; Python's {:.1} s still have the model's silence around each sentence: {:.2}",
        middle(&ours, |round| round.sound),
        middle(&theirs, |round| round.sound),
        middle(&theirs, factor)
    );
    figure(
        &format!("voice: real-time factor, Kokoro, {threads} thread(s)"),
        middle(&ours, factor),
        "s/s",
        &note,
    );
    figure(
        &format!("voice: time to first sound when cold, {threads} thread(s)"),
        cold,
        "s",
        "the model is loaded first",
    );
    speaker.unload().await;
    Ok(())
}

fn figure(name: &str, value: f64, unit: &str, note: &str) {
    println!("{}", json!({ "name": name, "value": value, "unit": unit, "note": note }));
}

async fn ask(speaker: &Speaker) -> Outcome<Round> {
    let started = Instant::now();
    let (mut first, mut sound) = (None, 0.0);
    let mut on = |progress: Progress<Spoken>| {
        if let Progress::Delta(spoken) = progress {
            first.get_or_insert_with(|| started.elapsed());
            sound += spoken.samples.len() as f64 / f64::from(spoken.sample_rate);
        }
    };
    speaker.speak(kokoro(), &say(TEXT, VOICE, 1.0), &CancellationToken::new(), &mut on).await?;
    let first = first.ok_or("Nothing was spoken.")?.as_secs_f64();
    Ok(Round { work: started.elapsed().as_secs_f64(), first, sound })
}

/// Lets 40 sentences be spoken by the voices in turn.
async fn finite() -> Outcome {
    let (speaker, voices) = (speaker(None), kokoro().voices()?);
    let (mut whole, mut sentences) = (0.0, 0.0);
    for (text, voice) in FORTY.lines().zip(voices.iter().cycle()) {
        let (spoken, _) = speak(&speaker, &say(text, &voice.id, 1.0)).await?;
        let samples: Vec<f32> = spoken.into_iter().flat_map(|sentence| sentence.samples).collect();
        let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32;
        sentences += 1.0;
        whole += if power.is_finite() && power.sqrt() > 0.004 { 1.0 } else { 0.0 };
    }
    figure(
        "voice: sentences that are finite and not silent",
        whole,
        &format!("of {sentences}"),
        "28 voices in turn",
    );
    Ok(())
}

/// The reference.
fn python(model: &Path, style: &Path, threads: usize) -> Outcome<Reference> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = python_with(&tests.join("servers/voice.txt"), &cache().join("voice"));
    let started = Reference::start(
        Command::new(python).arg(tests.join("bench/voice.py")).args([model, style]).arg(threads.to_string()),
    );
    Ok(started?)
}

fn said_by(python: &mut Reference, sentences: &[Vec<i64>]) -> Outcome<Round> {
    let answer: Value = serde_json::from_str(&python.ask(&json!(sentences))?)?;
    let told = |name: &str| answer[name].as_f64().ok_or("Python gave no time.");
    Ok(Round { work: told("work")?, first: told("first")?, sound: told("sound")? })
}

fn middle(rounds: &[Round], of: fn(&Round) -> f64) -> f64 {
    median(rounds.iter().map(of).collect())
}

/// Sentences of all lengths, one a line.
const FORTY: &str = "\
Yes.
No!
Why?
Hello, world.
Limerick speaks.
Good morning, everyone.
What time is it now?
The rain has stopped.
Please close the door behind you.
It costs $3.50, or about €3.20.
The meeting is at 14:30 on May 5, 2025.
NASA launched three rockets in 1999.
GPT-4o and Qwen answered within 2.5 seconds.
She sells sea shells by the sea shore.
Peter Piper picked a peck of pickled peppers.
How much wood would a woodchuck chuck?
I read the book that you will read tomorrow.
They refuse to throw out the refuse.
The wind was too strong to wind the sail.
He could lead if he got the lead out.
An apple a day keeps the doctor away, they say.
In 2008 prices rose 5–10%, and fell again by 2010.
The temperature was 21°C and the wind blew at 30 km/h.
Write to joe@example.com or visit www.limerick.ie today.
The café’s naïve résumé was, e.g., too long; still, it worked.
Snorgles and wugs live in the blorptastic land of Xiaoyu.
“Is that so?” he asked (quietly), and left…
Dr. Smith of 12 Main St. met Mrs. Jones at 3 p.m. sharp.
All the king’s horses and all the king’s men could not put Humpty together again.
A playground for models is a place where nothing can break, and everything may be tried.
There once was a man from Nantucket, who kept all his cash in a bucket.
To be, or not to be, that is the question: whether it is nobler in the mind to suffer.
The quick brown fox jumps over the lazy dog while five boxing wizards jump quickly.
When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.
The birch canoe slid on the smooth planks; glue the sheet to the dark blue background.
It is easy to tell the depth of a well, and these days a chicken leg is a rare dish.
Rice is often served in round bowls, and the juice of lemons makes fine punch.
Four hours of steady work faced us, the box was thrown beside the parked truck, and the hogs were fed chopped corn and garbage.
A large size in stockings is hard to sell, the boy was there when the sun rose, a rod is used to catch pink salmon, and the source of the huge river is the clear spring.
Kick the ball straight and follow through, help the woman get back to her feet, a pot of tea helps to pass the evening, smoky fires lack flame and heat, and the soft cushion broke the man’s fall while the salt breeze came across from the sea.";
