//! Pictures with settings, between us and Pillow: what other programs that keep settings in pictures read and write.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use limerick_pictures::{Form, Settings, convert, read_settings};
use limerick_tests::python::python_with;
use serde_json::{Value, json};

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What `read.py` says of the pictures there.
fn pillow(pictures: &Path) -> Value {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-code");
    let python = python_with(&folder().join("code/requirements.txt"), &place);
    let mut read = Command::new(python);
    read.arg(folder().join("pictures/read.py")).arg(pictures).env("PYTHONDONTWRITEBYTECODE", "1");
    let done = read.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

fn settings() -> Settings {
    Settings {
        prompt: "ein Füchslein 🦊,\nim Schnee".into(),
        negative_prompt: Some("blurry".into()),
        num_inference_steps: Some(28),
        guidance_scale: Some(3.5),
        scheduler: Some("Euler a".into()),
        seed: Some(42),
        width: Some(36),
        height: Some(48),
        model: Some("black-forest-labs/FLUX.1-dev".into()),
        provider: Some("fal-ai".into()),
        software: Some("Limerick 0.1.0".into()),
        json: Some(json!({"run": 1})),
        ..Settings::default()
    }
}

const TEXT: &str = "ein Füchslein 🦊,\nim Schnee\nNegative prompt: blurry\nSteps: 28, Sampler: Euler a, CFG scale: 3.5, \
                    Seed: 42, Size: 36x48, Model: black-forest-labs/FLUX.1-dev, Provider: fal-ai, Version: Limerick 0.1.0";

#[test]
fn pillow_finds_our_settings_in_every_form_and_we_find_theirs() {
    let cat = std::fs::read(folder().join("pictures/cat.png")).unwrap();
    let place = tempfile::tempdir().unwrap();
    for (name, form) in
        [("cat.png", Form::Png), ("cat.jpg", Form::Jpeg { quality: 90 }), ("cat.webp", Form::WebP)]
    {
        std::fs::write(place.path().join(name), convert(&cat, form, Some(&settings())).unwrap()).unwrap();
    }
    let told = pillow(place.path());
    for (name, form) in [("cat.png", "PNG"), ("cat.jpg", "JPEG"), ("cat.webp", "WEBP")] {
        assert_eq!(told[name]["text"], TEXT, "{name}");
        assert_eq!((&told[name]["form"], &told[name]["size"]), (&json!(form), &json!([36, 48])));
    }
    let ours: Settings = serde_json::from_str(told["cat.png"]["ours"].as_str().unwrap()).unwrap();
    assert_eq!(ours, settings());
    let theirs = read_settings(&std::fs::read(place.path().join("theirs.png")).unwrap()).unwrap();
    assert_eq!(theirs.prompt, "ein Füchslein 🦊, im: Schnee");
    assert_eq!((theirs.num_inference_steps, theirs.guidance_scale), (Some(28), Some(4.5)));
    assert_eq!((theirs.seed, theirs.width, theirs.height), (Some(42), Some(36), Some(48)));
    assert_eq!((theirs.model.as_deref(), theirs.scheduler.as_deref()), (Some("a, b"), Some("DPM++ 2M")));
}
