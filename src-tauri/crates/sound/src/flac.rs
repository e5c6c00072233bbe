//! Writes FLAC: smaller than WAV, and nothing of 16 bits is lost.

use flacenc::component::BitRepr;
use flacenc::error::Verify;
use flacenc::{bitsink::ByteSink, config, encode_with_fixed_block_size, source::MemSource};
use limerick_tasks::{Error, Result};

use crate::Sound;
use crate::facts::refused;
use crate::wav::sixteen;

/// The highest sampling rate that the streamable subset of FLAC has, in hertz (RFC 9639, 9.1.2).
const FASTEST: u32 = 655_350;

/// A FLAC file of it, of 16 bits. What is louder than full scale is cut there.
///
/// # Errors
/// `input` for a sound without samples, or with more channels than FLAC has; `internal` where the encoder fails.
pub fn to_flac(sound: &Sound) -> Result<Vec<u8>> {
    if sound.samples.is_empty() || !(1..=8).contains(&sound.channels) || sound.sample_rate > FASTEST {
        return Err(refused("This sound cannot be kept as FLAC. Save it as WAV instead."));
    }
    let samples: Vec<i32> = sixteen(sound).into_iter().map(i32::from).collect();
    let failed = |cause: String| Error::internal("write this sound as FLAC", cause);
    let source = MemSource::from_samples(&samples, sound.channels.into(), 16, sound.sample_rate as usize);
    let mut settings = config::Encoder::default();
    settings.block_size = 4096;
    let settings = settings.into_verified().map_err(|(_, error)| failed(error.to_string()))?;
    let mut stream = encode_with_fixed_block_size(&settings, source, settings.block_size)
        .map_err(|error| failed(error.to_string()))?;
    // The last block is left out of account there (RFC 9639, 8.2), and readers refuse one below 16.
    stream
        .stream_info_mut()
        .set_block_sizes(settings.block_size, settings.block_size)
        .map_err(|error| failed(error.to_string()))?;
    let mut sink = ByteSink::new();
    stream.write(&mut sink).map_err(|error| failed(error.to_string()))?;
    Ok(sink.into_inner())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::decode;

    #[test]
    fn every_sample_comes_back() {
        for (sample_rate, channels, frames) in [
            (24_000, 1, 30_011),
            (44_100, 2, 9_000),
            (8_000, 1, 4_097),
            (48_000, 6, 5_000),
            (8_000, 1, 17),
            (16_000, 1, 16),
            (8_000, 2, 3),
        ] {
            let samples =
                (0..frames * usize::from(channels)).map(|_| f32::from(fastrand::i16(..)) / 32_768.0);
            let sound = Sound { sample_rate, channels, samples: samples.collect(), whole: true };
            assert_eq!(
                decode(&to_flac(&sound).unwrap()).unwrap(),
                sound,
                "{channels} channels, {frames} frames"
            );
        }
    }

    #[test]
    fn what_is_too_loud_is_cut_and_not_turned_over() {
        let sound = Sound {
            sample_rate: 8_000,
            channels: 1,
            samples: vec![1.0, -1.0, 7.0, -7.0, f32::NAN],
            whole: true,
        };
        let full = 32_767.0 / 32_768.0;
        assert_eq!(decode(&to_flac(&sound).unwrap()).unwrap().samples, [full, -1.0, full, -1.0, 0.0]);
    }

    #[test]
    fn an_empty_sound_is_refused() {
        let sound = Sound { sample_rate: 8_000, channels: 1, samples: Vec::new(), whole: true };
        assert_eq!(to_flac(&sound).unwrap_err().code, limerick_tasks::ErrorCode::Input);
    }
}
