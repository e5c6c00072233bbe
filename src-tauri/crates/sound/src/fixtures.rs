//! The small sounds of `tests/sounds`, for the tests of this crate.

macro_rules! fixtures {
    ($($name:literal)+) => {
        /// Name and bytes.
        pub(crate) const FIXTURES: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../../../../tests/sounds/", $name)))),+];
    };
}

fixtures! {
    "16bit.wav" "24bit.stereo.wav" "8bit.wav" "bare.raw" "cut.flac" "cut.wav" "float.wav" "mulaw.wav" "streamed.wav"
    "streamed.zero.wav" "vbr.id3.mp3" "voice.aac" "voice.flac" "voice.m4a" "voice.mp3" "voice.ogg" "voice.opus"
    "voice.webm"
}

/// The bytes of one of them.
pub(crate) fn fixture(name: &str) -> &'static [u8] {
    let found = FIXTURES.iter().find(|(known, _)| *known == name);
    found.map(|(_, bytes)| *bytes).unwrap_or_default()
}
