//! Sounds of runs, tried from outside: what a voice says is heard while it speaks, kept whatever the ending, drawn,
//! joined, saved and exported.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(clippy::float_cmp, reason = "lengths of whole seconds are exact")]

use std::{fs, sync::Arc, time::Duration};

use limerick_sound::{Sound, SoundFacts, look, to_flac, to_wav};
use limerick_tasks::{
    AudioOutput, Caption, Ending, Error, ErrorCode, Media, Progress, Result, SpeechDelta, TextToSpeechInput,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{
    Notify,
    mpsc::{UnboundedSender, unbounded_channel},
};

use crate::{
    commands::{File, Id, Nothing},
    laws::open,
    running::{Live, Told},
    *,
};

const RATE: u32 = 8000;

/// So many seconds of a wave.
fn wave(seconds: usize) -> Vec<f32> {
    (0..seconds * RATE as usize).map(|at| if at / 20 % 2 == 0 { 0.5 } else { -0.5 }).collect()
}

fn wav(seconds: usize) -> Vec<u8> {
    to_wav(&Sound { sample_rate: RATE, channels: 1, samples: wave(seconds), whole: true })
}

fn asked(text: &str) -> StartRun {
    let extra_body = json!({"voice": "af_heart", "api_key": "hidden"}).as_object().unwrap().clone();
    let input = TextToSpeechInput { text: text.into(), extra_body, ..TextToSpeechInput::default() };
    StartRun::new("builtin", RunInput::TextToSpeech(input))
}

/// Says one second, as a built-in voice does.
fn say(live: &Live, tell: &UnboundedSender<Told>, text: &str, start: f64) {
    live.sound.push(RATE, &wave(1));
    let captions = vec![Caption { text: text.into(), start, end: start + 1.0 }];
    tell.send(Progress::Delta(SpeechDelta { captions }.into())).unwrap();
}

/// A run whose work is `work`; what is told of it comes back with the ending.
async fn play<W: Future<Output = Result<Ending<RunOutput>>> + Send + 'static>(
    playground: &Playground,
    start: StartRun,
    work: impl FnOnce(Arc<Live>, UnboundedSender<Told>) -> W,
) -> Run {
    let running = &playground.inner.running;
    let live = running.begin(&start.id, start.input.nothing_yet(), Box::new(|_| ())).unwrap();
    playground.store_run(&start, None).await.unwrap();
    let (tell, heard) = unbounded_channel();
    let work = work(live.clone(), tell);
    running.play(&live, &playground.inner.store, heard, work, |_| ()).await;
    playground.run(Id { id: start.id }).await.unwrap()
}

fn answer(run: &Run) -> &AudioOutput {
    let RunOutput::TextToSpeech(output) = &run.output else { unreachable!("{run:?}") };
    output
}

/// The same when all of it is there: a file is read while it plays.
async fn whole(clip: Arc<Clip>) -> Arc<Clip> {
    while !clip.is_whole() {
        tokio::task::yield_now().await;
    }
    clip
}

fn facts(media: &Media) -> SoundFacts {
    look(&media.bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_that_is_stopped_keeps_what_it_said_and_is_heard_under_one_name() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let start = asked("One. Two.");
    let (id, name) = (start.id.clone(), format!("run:{}", start.id));
    let (listener, wanted, said) = (playground.clone(), name.clone(), Arc::new(Notify::new()));
    let (begun, go) = (said.clone(), said);
    // Asked for before there is anything to hear.
    let first = tokio::task::spawn_blocking(move || listener.sound_of(&wanted));
    let stopper = playground.clone();
    let stopping = tokio::spawn(async move {
        begun.notified().await;
        let clip = first.await.unwrap();
        stopper.stop_run(Id { id }).await.unwrap();
        clip
    });
    let run = play(&playground, start, |live, tell| async move {
        say(&live, &tell, "One.", 0.0);
        go.notify_one();
        live.stop.cancelled().await;
        Ok(Ending::Cancelled)
    })
    .await;
    // The listener may have asked before the run had begun; then there was nothing of that name.
    let clip = whole(stopping.await.unwrap().or_else(|_| playground.sound_of(&name)).unwrap()).await;
    assert!((clip.seconds() - 1.0).abs() < 1e-6, "{}", clip.seconds());
    assert_eq!((run.state, answer(&run).captions.len()), (RunState::Cancelled, 1));
    let kept = facts(&answer(&run).audio);
    assert_eq!((kept.media_type.as_str(), kept.sample_rate, kept.seconds), ("audio/wav", RATE, 1.0));
    let reopened = whole(playground.sound_of(&name).unwrap()).await;
    assert_eq!(reopened.len(), clip.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_that_is_asked_for_too_early_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let start = asked("One.");
    let (name, listener) = (format!("run:{}", start.id), playground.clone());
    let run = play(&playground, start, |live, tell| async move {
        let shape = MakePeaks { address: name.clone(), columns: 10 };
        assert!(listener.peaks(shape.clone()).await.unwrap_err().message.contains("yet"));
        let heard = tokio::task::spawn_blocking({
            let (listener, name) = (listener.clone(), name.clone());
            move || listener.sound_of(&name)
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        say(&live, &tell, "One.", 0.0);
        let clip = heard.await.unwrap().unwrap();
        assert!(!clip.is_whole() && clip.len() == RATE as usize);
        assert_eq!(listener.peaks(shape).await.unwrap().high, [64; 10]);
        Err(Error::new(ErrorCode::Internal, "The voice fell over."))
    })
    .await;
    assert_eq!((run.state, facts(&answer(&run).audio).seconds), (RunState::Failed, 1.0));
    assert_eq!(run.figures.completion_tokens, None, "sentences are no tokens");
    assert!(run.figures.first_token_ms.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_ends_without_a_sound_says_so_to_who_waits() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let start = asked("…");
    let (name, listener) = (format!("run:{}", start.id), playground.clone());
    let (waits, waiting) = unbounded_channel();
    play(&playground, start, |_, _| async move {
        waits.send(tokio::task::spawn_blocking(move || listener.sound_of(&name))).unwrap();
        Ok(Ending::Cancelled)
    })
    .await;
    let mut waiting = waiting;
    let error = waiting.recv().await.unwrap().await.unwrap().unwrap_err();
    assert!(error.code == ErrorCode::Input && error.message.contains("no sound"), "{error}");
    for other in ["run:nobody", "media:../x", "media:", "x", ""] {
        assert_eq!(playground.sound_of(other).unwrap_err().code, ErrorCode::Input, "{other}");
    }
}

/// A run that said two sentences and ended by itself.
async fn two_sentences(playground: &Playground, text: &str) -> Run {
    play(playground, asked(text), |live, tell| async move {
        say(&live, &tell, "One.", 0.0);
        say(&live, &tell, "Two.", 1.0);
        let captions = vec![Caption::default(), Caption::default()];
        let audio = live.sound.finish().unwrap();
        Ok(Ending::Done(RunOutput::TextToSpeech(AudioOutput { audio, captions })))
    })
    .await
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, own)| own == ending)
}

fn put(folder: &TempDir, name: &str, bytes: &[u8]) -> File {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    File { path: path.display().to_string() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_of_the_persons_own_is_taken_in_by_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let taken = playground.open_sound(put(&folder, "song.png", &wav(2))).await.unwrap();
    assert_eq!((taken.facts.seconds, taken.facts.whole), (2.0, true));
    assert!(taken.address.starts_with("media:") && has_ending(&taken.address, "wav"));
    assert_eq!(playground.sound(Address { address: taken.address.clone() }).await.unwrap(), taken);
    let bare = playground.open_sound(put(&folder, "a.RAW", &vec![0; 48_000])).await.unwrap();
    assert_eq!((bare.facts.sample_rate, bare.facts.seconds), (24_000, 1.0));
    for (name, bytes) in [
        ("a.txt", &b"hello"[..]),
        ("a.wav", &b""[..]),
        ("b.wav", &wav(1)[..20]),
        ("c.png", b"\x89PNG\r\n\x1a\n"),
    ] {
        let error = playground.open_sound(put(&folder, name, bytes)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Input, "{name}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shape_is_drawn_once_and_the_same_for_a_run_and_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let run = two_sentences(&playground, "One. Two.").await;
    let peaks = |address: &str, columns| playground.peaks(MakePeaks { address: address.into(), columns });
    let shape = peaks(&format!("run:{}", run.id), 4).await.unwrap();
    assert_eq!(
        (shape.seconds, shape.high.as_slice(), shape.low.as_slice()),
        (2.0, &[64; 4][..], &[-64; 4][..])
    );
    let seen = playground.call("run", json!({ "id": run.id })).await.unwrap();
    let address = seen["output"]["audio"].as_str().unwrap().to_owned();
    fs::remove_file(folder.path().join("data/files").join(address.strip_prefix("media:").unwrap())).unwrap();
    assert_eq!(peaks(&address, 4).await.unwrap(), shape, "it is remembered");
    let gone = peaks(&address, 5).await.unwrap_err();
    assert!(gone.message.contains("no longer"), "{gone}");
    for columns in [0, 4097, usize::MAX] {
        assert_eq!(peaks(&address, columns).await.unwrap_err().code, ErrorCode::Input);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sounds_are_saved_as_they_came_in_another_form_or_joined() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let run = two_sentences(&playground, "One. Two.").await;
    let own = playground.open_sound(put(&folder, "own.wav", &wav(1))).await.unwrap().address;
    let target = folder.path().join("saved");
    let save = async |addresses: Vec<String>, gap, form| {
        let path = target.display().to_string();
        playground.save_sound(SaveSound { addresses, gap, form, path }).await?;
        Ok::<_, Error>(fs::read(&target).unwrap())
    };
    let name = format!("run:{}", run.id);
    assert_eq!(save(vec![own.clone()], 0.0, SoundForm::Received).await.unwrap(), wav(1));
    let flac = look(&save(vec![name.clone()], 0.0, SoundForm::Flac).await.unwrap()).unwrap();
    assert_eq!((flac.media_type.as_str(), flac.seconds), ("audio/flac", 2.0));
    let joined = look(&save(vec![name, own.clone()], 0.25, SoundForm::Wav).await.unwrap()).unwrap();
    assert_eq!((joined.media_type.as_str(), joined.seconds), ("audio/wav", 3.25));
    for (addresses, form) in [
        (vec![own.clone(), own.clone()], SoundForm::Received),
        (Vec::new(), SoundForm::Wav),
        (vec!["media:../../history.sqlite".into()], SoundForm::Wav),
    ] {
        assert_eq!(save(addresses, 0.0, form).await.unwrap_err().code, ErrorCode::Input);
    }
    assert_eq!(look(&fs::read(&target).unwrap()).unwrap(), joined, "what was there stays");
    let nowhere = folder.path().join("gone/out.wav").display().to_string();
    fs::write(folder.path().join("gone"), "in the way").unwrap();
    let wanted = SaveSound { addresses: vec![own], gap: 0.0, form: SoundForm::Wav, path: nowhere };
    assert!(playground.save_sound(wanted).await.unwrap_err().message.contains("the sound"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_the_sound_its_voice_and_its_captions() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let run = two_sentences(&playground, "A poem about the sea").await;
    let path = folder.path().join("out");
    fs::create_dir(&path).unwrap();
    let wanted =
        ExportRuns { ids: vec![run.id.clone()], path: path.display().to_string(), form: ExportForm::Folder };
    let done = playground.export_runs(wanted).await.unwrap();
    assert_eq!((done.runs, done.files, done.missing), (1, 1, 0));
    let folder = std::path::PathBuf::from(done.path);
    let line: Value = serde_json::from_slice(&fs::read(folder.join("runs.jsonl")).unwrap()).unwrap();
    assert_eq!(line["input"]["extra_body"], json!({"voice": "af_heart"}), "a key is no part of it");
    assert_eq!(line["output"]["captions"].as_array().unwrap().len(), 2);
    let name = line["files"][0].as_str().unwrap();
    assert!(has_ending(name, "wav") && name.contains("sea"), "{name}");
    assert_eq!(look(&fs::read(folder.join(name)).unwrap()).unwrap().seconds, 2.0);
    let found = playground.runs(ListRuns { filter: laws::finding("poem sea"), ..ListRuns::default() }).await;
    assert_eq!(found.unwrap().total, 1);
    let storage = playground.storage(Nothing {}).await.unwrap();
    assert_eq!((storage.sounds, storage.pictures), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_that_is_not_here_says_where_to_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    for model in ["", "kokoro", "file:/nowhere/voice.onnx"] {
        let mut start = asked("Hello.");
        let RunInput::TextToSpeech(input) = &mut start.input else { unreachable!() };
        input.model = model.into();
        let events = laws::run(&playground, start).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { unreachable!("{events:?}") };
        assert!(error.message.contains("Settings") || model.starts_with("file:"), "{error:?}");
    }
    let split = playground.takes(SplitText { text: "One. Two.".into(), seconds: 13.0 }).await.unwrap();
    assert_eq!(split.concat().replace(' ', ""), "One.Two.");
    assert!(playground.takes(SplitText { text: "One.".into(), seconds: f64::NAN }).await.is_err());
    let flac = to_flac(&Sound { sample_rate: RATE, channels: 1, samples: wave(1), whole: true }).unwrap();
    let media = Media::new(flac, "");
    let name = playground.inner.files.keep(&media).unwrap();
    assert_eq!(playground.media(&name).await.unwrap().media_type, "audio/flac");
}
