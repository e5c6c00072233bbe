//! The small pictures of `tests/pictures`, for the tests of this crate.

macro_rules! fixtures {
    ($($name:literal)+) => {
        /// Name and bytes.
        pub(crate) const FIXTURES: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../../../../tests/pictures/", $name)))),+];
    };
}

fixtures! {
    "a1111.jpg" "a1111.png" "a1111.webp" "animated.gif" "animated.png" "animated.webp" "bomb.30000x30000.png"
    "cat.16bit.png" "cat.alpha.png" "cat.avif" "cat.bmp" "cat.cmyk.jpg" "cat.gif" "cat.grey.png" "cat.jpg"
    "cat.jpg.named.png" "cat.lossless.webp" "cat.palette.png" "cat.png" "cat.progressive.jpg" "cat.tiff" "cat.webp"
    "claims.65535x65535.png" "comfy.png" "empty.png" "turned.jpg"
}

/// The bytes of one of them.
pub(crate) fn fixture(name: &str) -> &'static [u8] {
    let found = FIXTURES.iter().find(|(known, _)| *known == name);
    found.map(|(_, bytes)| *bytes).unwrap_or_default()
}
