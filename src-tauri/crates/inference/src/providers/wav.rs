//! WAV, as far as answers need it: headers mended and made. Pure.

use std::ops::RangeInclusive;

use bytes::Bytes;
use serde_json::Value;

/// Samples a second of `OpenAI`'s bare sound (hf-api 8.3).
const BARE_RATE: u32 = 24_000;
/// Samples a second that a sound may have.
const RATES: RangeInclusive<f64> = 1_000.0..=384_000.0;
/// More channels are no sound for two ears.
const MOST_CHANNELS: usize = 8;
/// How deep the channels may be wrapped.
const BATCHES: usize = 4;

/// Whether a media type means samples without a header.
pub(super) fn is_bare(media_type: &str) -> bool {
    matches!(media_type, "audio/pcm" | "audio/x-pcm" | "audio/l16")
}

/// Bare 16-bit samples of one channel with a header before them.
pub(super) fn around(samples: &[u8]) -> Bytes {
    with_header(BARE_RATE, 1, samples)
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

/// `{audio: [numbers], sampling_rate}`, alone or in a list, as pipelines and toolkit containers write it; numbers go
/// from -1 to 1, one list a channel where there are several. `None` for anything else, and for a rate that no sound
/// has.
pub(super) fn of_json(value: &Value) -> Option<Bytes> {
    let one = value.as_array().map_or(Some(value), |list| list.first())?;
    let rate = rate(one)?;
    let channels = channels(one.get("audio")?)?;
    let length = channels.iter().map(|channel| channel.len()).min().filter(|length| *length > 0)?;
    let mut samples = Vec::with_capacity(length * channels.len() * 2);
    for at in 0..length {
        for channel in &channels {
            samples.extend(sample(&channel[at])?.to_le_bytes());
        }
    }
    Some(with_header(rate, u16::try_from(channels.len()).ok()?, &samples))
}

/// Hertz, under the names that Python and JavaScript have for it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held within the rates of sounds"
)]
fn rate(one: &Value) -> Option<u32> {
    let names = ["sampling_rate", "sample_rate", "samplingRate"];
    let rate = names.iter().find_map(|name| one.get(*name)?.as_f64())?;
    RATES.contains(&rate).then_some(rate as u32)
}

/// One list a channel: numbers alone are one, and a batch of one may be wrapped around it all.
fn channels(mut audio: &Value) -> Option<Vec<&Vec<Value>>> {
    for _ in 0..BATCHES {
        let list = audio.as_array()?;
        match list.first()? {
            Value::Array(inner) if inner.first().is_some_and(Value::is_array) => audio = &list[0],
            Value::Array(_) if list.len() <= MOST_CHANNELS => {
                return list.iter().map(Value::as_array).collect();
            }
            Value::Array(_) => return None,
            _ => return Some(vec![list]),
        }
    }
    None
}

/// What is no number in JSON (`null`, of a model's accident) is silence.
#[expect(clippy::cast_possible_truncation, reason = "held between the ends of 16 bits")]
fn sample(number: &Value) -> Option<i16> {
    let number = if number.is_null() { 0.0 } else { number.as_f64()? };
    Some((number.clamp(-1.0, 1.0) * f64::from(i16::MAX)).round() as i16)
}

/// 16-bit samples behind the 44 bytes that every player knows.
fn with_header(rate: u32, channels: u16, samples: &[u8]) -> Bytes {
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX - 36);
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend(b"RIFF");
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    for field in [1, channels] {
        file.extend(field.to_le_bytes());
    }
    file.extend(rate.to_le_bytes());
    file.extend(rate.saturating_mul(u32::from(channels) * 2).to_le_bytes());
    for field in [channels * 2, 16] {
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
        let same = json!({"audio": [[[0.0, 1.0, -2.0]]], "sampling_rate": 24_000.0});
        assert_eq!(of_json(&same).unwrap(), wave);
        let stereo = of_json(&json!({"audio": [[0.0, null], [1.0, 0, 0]], "sample_rate": 8000})).unwrap();
        assert_eq!((&stereo[22..24], &stereo[32..34]), (&[2, 0][..], &[4, 0][..]));
        assert_eq!(&stereo[44..], [0, 0, 0xff, 0x7f, 0, 0, 0, 0]);
    }

    #[test]
    fn what_is_no_sound_is_none() {
        let deep = (0..40).fold(json!([0.5]), |inner, _| json!([inner]));
        let wide = json!(vec![vec![0.5]; 9]);
        for (audio, rate) in [
            (json!("base64"), json!(8000)),
            (json!([0.5]), json!(0)),
            (json!([0.5]), json!(-8000)),
            (json!([0.5]), json!(4e18)),
            (json!([0.5]), json!("24000")),
            (json!([0.5, "x"]), json!(8000)),
            (json!([0.5, [0.5]]), json!(8000)),
            (json!([[0.5], 0.5]), json!(8000)),
            (json!([]), json!(8000)),
            (json!([[]]), json!(8000)),
            (deep, json!(8000)),
            (wide, json!(8000)),
        ] {
            assert!(of_json(&json!({"audio": audio, "sampling_rate": rate})).is_none(), "{audio} {rate}");
        }
        assert!(of_json(&json!({"text": "x"})).is_none() && of_json(&json!([])).is_none());
    }
}
