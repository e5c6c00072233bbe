//! Sounds, between us and libsndfile: the same samples come out of every file, and out of those that we write.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use limerick_sound::{Sound, decode, from_bare, join, to_flac, to_wav};
use limerick_tests::python::python_with;
use serde_json::{Value, json};

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sounds"))
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

/// What `read.py` says of the sounds there.
fn libsndfile(sounds: &Path) -> Value {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-sounds");
    let python = python_with(&folder().join("requirements.txt"), &place);
    let mut read = Command::new(python);
    read.arg(folder().join("read.py")).arg(sounds).env("PYTHONDONTWRITEBYTECODE", "1");
    let done = read.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// Writes the files, has them read, and compares each with what we hear in it, to this difference of samples.
fn heard_alike(files: &[(&str, Vec<u8>, f32)]) {
    let place = tempfile::tempdir().unwrap();
    for (name, file, _) in files {
        std::fs::write(place.path().join(name), file).unwrap();
    }
    let told = libsndfile(place.path());
    for (name, file, most) in files {
        let ours = decode(file).unwrap();
        assert_eq!(told[name], json!({"sample_rate": ours.sample_rate, "channels": ours.channels}), "{name}");
        let theirs = std::fs::read(place.path().join(format!("{name}.f32"))).unwrap();
        let theirs: Vec<f32> = theirs.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        assert_eq!(ours.samples.len(), theirs.len(), "{name}");
        let off = ours.samples.iter().zip(theirs).map(|(one, other)| (one - other).abs());
        let off = off.fold(0.0, f32::max);
        assert!(off <= *most, "{name}: {off}");
    }
}

#[test]
fn every_file_that_both_know_sounds_the_same() {
    let exact = [
        "16bit.wav",
        "24bit.stereo.wav",
        "8bit.wav",
        "cut.wav",
        "float.wav",
        "mulaw.wav",
        "streamed.wav",
        "voice.flac",
    ];
    let nearly = ["vbr.id3.mp3", "voice.mp3", "voice.ogg"];
    let exact = exact.map(|name| (name, fixture(name), 0.0));
    let nearly = nearly.map(|name| (name, fixture(name), 1e-5));
    heard_alike(&[&exact[..], &nearly[..]].concat());
}

#[test]
fn what_we_write_is_read_bit_by_bit() {
    let (voice, stereo) =
        (decode(&fixture("voice.mp3")).unwrap(), decode(&fixture("24bit.stereo.wav")).unwrap());
    let samples = (0..24_000).map(|_| fastrand::f32() * 4.0 - 2.0).collect();
    let loud = Sound { sample_rate: 48_000, channels: 6, samples, whole: true };
    let joined = join(&[voice.clone(), stereo.clone()], 0.25);
    heard_alike(&[
        ("voice.wav", to_wav(&voice), 0.0),
        ("voice.flac", to_flac(&voice).unwrap(), 0.0),
        ("stereo.flac", to_flac(&stereo).unwrap(), 0.0),
        ("loud.wav", to_wav(&loud), 0.0),
        ("loud.flac", to_flac(&loud).unwrap(), 0.0),
        ("joined.flac", to_flac(&joined).unwrap(), 0.0),
        ("bare.wav", from_bare(&fixture("bare.raw")), 0.0),
    ]);
}
