//! Models on the disk, tried on small files.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;

use tempfile::TempDir;

use super::*;

/// SHA-256 of `hello`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn file(name: &str) -> ModelFile {
    ModelFile { file: name.into(), bytes: 5, sha256: HELLO.into(), sources: Vec::new() }
}

/// A language model of one file, and a voice of two; each file is `hello`.
fn toys() -> &'static Manifest {
    let (quick, kokoro) = (manifest().models[0].clone(), manifest().models[2].clone());
    let quick = Model { files: vec![file("toy.gguf")], ..quick };
    let kokoro = Model { files: vec![file("toy/toy.onnx"), file("toy/voices/a.bin")], ..kokoro };
    Box::leak(Box::new(Manifest { models: vec![quick, kokoro], libraries: Vec::new() }))
}

/// The toys in a folder of their own: none is here yet.
fn open() -> (TempDir, Models, &'static Model, &'static Model) {
    let (folder, toys) = (tempfile::tempdir().unwrap(), toys());
    fs::create_dir_all(folder.path().join("toy/voices")).unwrap();
    let models = Models::of(folder.path(), toys);
    (folder, models, &toys.models[0], &toys.models[1])
}

fn put(models: &Models, model: &Model, text: &str) {
    models.files(model).for_each(|file| fs::write(file.path(), text).unwrap());
}

fn verify(models: &Models, model: &Model) -> (Result<Ending<()>>, u64) {
    let mut heard = 0;
    let ending = models.verify(model, &mut |bytes| heard = bytes, &CancellationToken::new());
    (ending, heard)
}

#[test]
fn the_state_follows_the_files() {
    let (_folder, models, model, _) = open();
    let file = models.files(model).next().unwrap();
    assert_eq!(models.state(model), State::Absent);
    fs::write(file.partial_path(), "hel").unwrap();
    assert_eq!(models.state(model), State::Partial { bytes: 3 });
    fs::write(file.path(), "hello").unwrap();
    assert_eq!(models.state(model), State::Present);
    fs::write(file.path(), "hello!").unwrap();
    assert!(matches!(models.state(model), State::Broken { .. }));
    models.remove(model).unwrap();
    assert_eq!(models.state(model), State::Absent);
}

#[test]
fn a_model_can_be_used_when_those_that_it_needs_are_here_too() {
    let quick = Model { files: vec![file("toy.gguf")], ..manifest().models[0].clone() };
    let (id, needs) = ("painter".to_owned(), vec![quick.id.clone()]);
    let painter = Model { id, name: "Toy".into(), needs, files: vec![file("toy.onnx")], ..quick.clone() };
    let toys: &'static Manifest =
        Box::leak(Box::new(Manifest { models: vec![quick, painter], libraries: Vec::new() }));
    let folder = tempfile::tempdir().unwrap();
    let models = Models::of(folder.path(), toys);
    let [quick, painter] = &toys.models[..] else { unreachable!() };
    let why = || models.brushes().unwrap_err();
    assert_eq!(models.state(painter), State::Absent);
    assert_eq!(why().message, "Toy is not on this machine yet; get it in Settings.");
    put(&models, painter, "hello");
    assert_eq!(models.state(painter), State::Partial { bytes: 5 });
    let error = why();
    let words = "Toy needs SmolLM2 135M Instruct, which is not on this machine yet; get it in Settings.";
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::Model, words));
    put(&models, quick, "hello!");
    assert!(matches!(models.state(painter), State::Broken { .. }));
    put(&models, quick, "hello");
    assert_eq!((models.state(painter), models.state(quick)), (State::Present, State::Present));
    assert!(models.brushes().is_ok());
    models.remove(painter).unwrap();
    assert_eq!((models.state(painter), models.state(quick)), (State::Absent, State::Present));
}

#[test]
fn a_model_of_several_files_is_here_when_all_of_them_are() {
    let (_folder, models, _, voice) = open();
    let [weights, vector] = models.files(voice).collect::<Vec<_>>().try_into().unwrap();
    fs::write(weights.path(), "hello").unwrap();
    assert_eq!(models.state(voice), State::Partial { bytes: 5 });
    fs::write(vector.partial_path(), "he").unwrap();
    assert_eq!(models.state(voice), State::Partial { bytes: 7 });
    fs::rename(vector.partial_path(), vector.path()).unwrap();
    assert!(matches!(models.state(voice), State::Broken { .. }));
    fs::write(vector.path(), "hello").unwrap();
    assert_eq!(models.state(voice), State::Present);
    fs::write(vector.path(), "jello").unwrap();
    assert!(verify(&models, voice).0.unwrap_err().message.contains("Kokoro 82M is damaged"));
    assert!(matches!(models.state(voice), State::Broken { .. }) && weights.path().exists());
    models.remove_broken(voice).unwrap();
    assert_eq!(models.state(voice), State::Partial { bytes: 5 });
}

#[test]
fn right_files_are_verified_with_progress_over_all_of_them() {
    let (_folder, models, model, voice) = open();
    for (model, bytes) in [(model, 5), (voice, 10)] {
        put(&models, model, "hello");
        let (ending, heard) = verify(&models, model);
        assert_eq!((ending.unwrap(), heard), (Ending::Done(()), bytes));
    }
}

#[test]
fn a_wrong_file_is_refused_and_never_loaded_again() {
    let (_folder, models, model, _) = open();
    put(&models, model, "jello");
    assert!(verify(&models, model).0.unwrap_err().message.contains("is damaged; fetch it again"));
    assert!(matches!(models.state(model), State::Broken { .. }));
    assert!(models.find("quick").unwrap_err().message.contains("is damaged; fetch it again"));
}

#[test]
fn verifying_can_be_cancelled() {
    let (_folder, models, model, _) = open();
    put(&models, model, "hello");
    let cancel = CancellationToken::new();
    cancel.cancel();
    assert_eq!(models.verify(model, &mut |_| {}, &cancel).unwrap(), Ending::Cancelled);
}

#[test]
fn an_unknown_model_and_an_absent_one_say_what_to_do() {
    let models = Models::new("/nowhere");
    assert!(models.find("best").unwrap_err().message.contains("no built-in model “best”"));
    assert!(models.find("good").unwrap_err().message.contains("get it in Settings"));
    assert!(models.find("").unwrap_err().message.contains("get one in Settings"));
    assert!(models.voice("kokoro").unwrap_err().message.contains("get it in Settings"));
    assert!(models.voice("").unwrap_err().message.contains("No built-in voice"));
}

#[test]
fn a_voice_never_writes_and_a_language_model_never_speaks() {
    let (folder, models, model, voice) = open();
    put(&models, voice, "hello");
    assert!(models.find("").unwrap_err().message.contains("No built-in model"));
    assert!(models.find("kokoro").unwrap_err().message.contains("writes nothing"));
    put(&models, model, "hello");
    assert_eq!(models.find("").unwrap().id, "quick");
    assert!(models.voice("quick").unwrap_err().message.contains("has no voice"));
    let at = |name: &str| folder.path().join(name);
    let files = VoiceFiles::Kokoro { model: at("toy/toy.onnx"), voices: at("toy/voices") };
    assert_eq!(models.voice("").unwrap(), VoiceRef { id: "kokoro".into(), name: "Kokoro 82M".into(), files });
}

#[test]
fn a_model_that_sees_is_taken_where_it_is_named_and_brings_its_projector() {
    let folder = tempfile::tempdir().unwrap();
    let eyes = manifest().models.iter().find(|model| model.does(SIGHT)).unwrap().clone();
    let eyes = Model { files: vec![file("toy.gguf"), file("mmproj-toy.gguf")], ..eyes };
    let manifest = Box::leak(Box::new(Manifest { models: vec![eyes], libraries: Vec::new() }));
    let models = Models::of(folder.path(), manifest);
    fs::write(folder.path().join("toy.gguf"), "hello").unwrap();
    assert!(models.find("smolvlm").is_err() && models.sees().unwrap().is_empty());
    put(&models, &manifest.models[0], "hello");
    let found = models.find("smolvlm").unwrap();
    assert_eq!(found.projector, Some(folder.path().join("mmproj-toy.gguf")));
    assert_eq!(models.sees().unwrap(), [found]);
    assert!(models.find("").unwrap_err().message.contains("No built-in model"));
}

#[test]
fn a_library_is_found_in_the_models_folder_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (os, arch) = (std::env::consts::OS.into(), std::env::consts::ARCH.into());
    let library = crate::Library { os, arch, files: vec![file("libtoy.so")] };
    let manifest = Box::leak(Box::new(Manifest { models: Vec::new(), libraries: vec![library] }));
    let models = Models::of(folder.path(), manifest);
    fs::write(folder.path().join("libtoy.so"), "hell").unwrap();
    assert_eq!(models.library(), None);
    fs::write(folder.path().join("libtoy.so"), "hello").unwrap();
    assert_eq!(models.library(), Some(folder.path().join("libtoy.so")));
}
