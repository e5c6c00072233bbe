//! WAV, as far as answers need it: headers mended and made. Pure.

use bytes::Bytes;
use serde_json::Value;

/// Samples a second of `OpenAI`'s bare sound (hf-api 8.3).
const BARE_RATE: u32 = 24_000;

/// Whether a media type means samples without a header.
pub(super) fn is_bare(media_type: &str) -> bool {
    matches!(media_type, "audio/pcm" | "audio/x-pcm" | "audio/l16")
}

/// Bare 16-bit samples of one channel with a header before them.
pub(super) fn around(samples: &[u8]) -> Bytes {
    with_header(BARE_RATE, samples)
}

/// The same sound with lengths that are true: streams are written before theirs is known, so that they say 0 or
/// as much as fits. `None` when there is no sound in it.
pub(super) fn mended(bytes: &Bytes) -> Option<Bytes> {
    let mut at = 12_usize;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let body = at + 8;
        if head.starts_with(b"data") {
            return with_length(bytes, body, length);
        }
        at = body.checked_add(length as usize)?.checked_add((length & 1) as usize)?;
    }
}

/// `body` is where the samples begin, `said` how many bytes of them the header promises.
fn with_length(bytes: &Bytes, body: usize, said: u32) -> Option<Bytes> {
    let there = bytes.len().checked_sub(body).filter(|there| *there > 0)?;
    if said > 0 && said as usize <= there {
        return Some(bytes.clone());
    }
    let mut whole = bytes.to_vec();
    whole.get_mut(4..8)?.copy_from_slice(&u32::try_from(bytes.len() - 8).ok()?.to_le_bytes());
    whole.get_mut(body - 4..body)?.copy_from_slice(&u32::try_from(there).ok()?.to_le_bytes());
    Some(whole.into())
}

/// `{audio: [numbers], sampling_rate}`, alone or in a list, as a toolkit container writes it; numbers go from -1
/// to 1.
pub(super) fn of_json(value: &Value) -> Option<Bytes> {
    let one = value.as_array().map_or(Some(value), |list| list.first())?;
    let rate = u32::try_from(one.get("sampling_rate")?.as_u64()?).ok()?;
    let mut numbers = one.get("audio")?.as_array()?;
    // One channel may be wrapped once more.
    if let Some(Value::Array(channel)) = numbers.first() {
        numbers = channel;
    }
    let mut samples = Vec::with_capacity(numbers.len() * 2);
    for number in numbers {
        samples.extend(sample(number.as_f64()?).to_le_bytes());
    }
    (!samples.is_empty()).then(|| with_header(rate, &samples))
}

#[expect(clippy::cast_possible_truncation, reason = "held between the ends of 16 bits")]
fn sample(number: f64) -> i16 {
    (number.clamp(-1.0, 1.0) * f64::from(i16::MAX)).round() as i16
}

/// 16-bit samples of one channel behind the 44 bytes that every player knows.
fn with_header(rate: u32, samples: &[u8]) -> Bytes {
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX - 36);
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend(b"RIFF");
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    for field in [1_u16, 1] {
        file.extend(field.to_le_bytes());
    }
    file.extend(rate.to_le_bytes());
    file.extend(rate.saturating_mul(2).to_le_bytes());
    for field in [2_u16, 16] {
        file.extend(field.to_le_bytes());
    }
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend_from_slice(samples);
    file.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_streams_lengths_are_mended_and_true_ones_kept() {
        let whole = around(&[1, 0, 2, 0]);
        assert_eq!(mended(&whole).unwrap(), whole);
        for wrong in [0_u32, u32::MAX] {
            let mut streamed = whole.to_vec();
            streamed[4..8].copy_from_slice(&wrong.to_le_bytes());
            streamed[40..44].copy_from_slice(&wrong.to_le_bytes());
            assert_eq!(mended(&streamed.into()).unwrap(), whole);
        }
    }

    #[test]
    fn a_header_without_samples_is_no_sound() {
        for bytes in
            [&around(&[])[..], b"RIFF\xff\xff\xff\xffWAVEfmt ", b"RIFF", b"RIFF....WAVEfmt \xff\xff\xff\xff"]
        {
            assert!(mended(&Bytes::copy_from_slice(bytes)).is_none());
        }
    }

    #[test]
    fn numbers_become_a_sound() {
        let wave = of_json(&json!([{"audio": [[0.0, 1.0, -2.0]], "sampling_rate": 24_000}])).unwrap();
        assert_eq!(&wave[44..], [0, 0, 0xff, 0x7f, 0x01, 0x80]);
        assert!(of_json(&json!({"audio": "base64", "sampling_rate": 1})).is_none());
        assert!(of_json(&json!({"text": "x"})).is_none());
    }
}
