//! WAV: its chunks as they come from encoders, pipes and broken downloads, and its samples. Also writes it.
//! (Microsoft's Multimedia Programming Interface 1.0, and `mmreg.h` for the forms of samples.)

use limerick_tasks::Result;

use crate::Sound;
use crate::facts::{damaged, refused};

/// Frames handed out at once.
const FRAMES: usize = 1 << 14;

/// The samples of a WAV file, where they lie.
pub(crate) struct Wav<'s> {
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    /// Whether all that the file promises is there.
    pub(crate) whole: bool,
    form: Form,
    data: &'s [u8],
}

/// What one sample is, the least byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}

impl Form {
    fn bytes(self) -> usize {
        match self {
            Self::Unsigned8 | Self::ALaw | Self::MuLaw => 1,
            Self::Signed16 => 2,
            Self::Signed24 => 3,
            Self::Signed32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }
}

impl<'s> Wav<'s> {
    /// Finds the samples.
    ///
    /// # Errors
    /// `input` for a form of samples that is not known, and where there are none.
    pub(crate) fn open(bytes: &'s [u8]) -> Result<Self> {
        let said = u64::from(number(bytes, 4)) + 8;
        let (mut at, mut format) = (12_usize, None);
        while let Some(head) = bytes.get(at..at.saturating_add(8)) {
            let (size, body) = (number(head, 4) as usize, &bytes[at + 8..]);
            match (&head[..4], format) {
                (b"fmt ", _) => format = Some(Self::format(&body[..size.min(body.len())])?),
                (b"data", Some((form, channels, sample_rate))) => {
                    let streamed = is_streamed(size, said != bytes.len() as u64);
                    let data = if streamed { body } else { &body[..size.min(body.len())] };
                    let whole = streamed || size <= body.len();
                    return Ok(Self { sample_rate, channels, whole, form, data });
                }
                _ => {}
            }
            // Chunks lie at even places.
            at = at.saturating_add(8).saturating_add(size).saturating_add(size % 2);
        }
        Err(damaged("audio/wav"))
    }

    fn format(chunk: &[u8]) -> Result<(Form, u16, u32)> {
        let short = |at: usize| chunk.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
        let (mut tag, channels, align, bits) = (short(0), short(2), short(12), short(14));
        if tag == 0xfffe {
            tag = short(24);
        }
        // The bytes that a sample takes up: its bits may be fewer.
        let bytes = if channels > 0 && align % channels == 0 { align / channels } else { bits.div_ceil(8) };
        let form = match (tag, bytes) {
            (1, 1) => Form::Unsigned8,
            (1, 2) => Form::Signed16,
            (1, 3) => Form::Signed24,
            (1, 4) => Form::Signed32,
            (3, 4) => Form::Float32,
            (3, 8) => Form::Float64,
            (6, 1) => Form::ALaw,
            (7, 1) => Form::MuLaw,
            _ => {
                return Err(refused(
                    "Limerick cannot play the samples of this WAV file. Save it as 16-bit WAV, FLAC or MP3 and try again.",
                ));
            }
        };
        Ok((form, channels, number(chunk, 4)))
    }

    /// Frames from here to the end.
    pub(crate) fn frames(&self) -> usize {
        self.data.len() / self.frame()
    }

    /// Passes over what lies before this place in the sound, of which the first piece was taken already.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an `as` of a float stops at the greatest"
    )]
    pub(crate) fn skip(&mut self, seconds: f64) {
        let frames = (seconds * f64::from(self.sample_rate)) as usize;
        let frames = frames.saturating_sub(FRAMES).min(self.frames());
        self.data = &self.data[frames * self.frame()..];
    }

    fn frame(&self) -> usize {
        self.form.bytes() * usize::from(self.channels).max(1)
    }

    /// Puts the next samples into `into`, after what is there; none at the end.
    pub(crate) fn next(&mut self, into: &mut Vec<f32>) {
        let (now, rest) = self.data.split_at(self.frames().min(FRAMES) * self.frame());
        self.data = rest;
        samples(self.form, now, into);
    }
}

/// Whether the size in the head means that its writer did not know it: a pipe has no way back to the head.
fn is_streamed(size: usize, size_of_file_is_wrong: bool) -> bool {
    size == 0 && size_of_file_is_wrong || size >= 0x7fff_ff00
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    four.map_or(0, u32::from_le_bytes)
}

#[expect(clippy::cast_possible_truncation, reason = "24 bits are plenty for an ear")]
fn samples(form: Form, bytes: &[u8], into: &mut Vec<f32>) {
    match form {
        Form::Unsigned8 => into.extend(bytes.iter().map(|byte| (f32::from(*byte) - 128.0) / 128.0)),
        Form::Signed16 => into.extend(
            bytes.as_chunks::<2>().0.iter().map(|two| f32::from(i16::from_le_bytes(*two)) / 32_768.0),
        ),
        Form::Signed24 => into.extend(
            bytes.as_chunks::<3>().0.iter().map(|[a, b, c]| whole(i32::from_le_bytes([0, *a, *b, *c]))),
        ),
        Form::Signed32 => {
            into.extend(bytes.as_chunks::<4>().0.iter().map(|four| whole(i32::from_le_bytes(*four))));
        }
        Form::Float32 => {
            into.extend(bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)));
        }
        Form::Float64 => {
            into.extend(bytes.as_chunks::<8>().0.iter().map(|eight| f64::from_le_bytes(*eight) as f32));
        }
        Form::ALaw => into.extend(bytes.iter().map(|byte| a_law(*byte))),
        Form::MuLaw => into.extend(bytes.iter().map(|byte| mu_law(*byte))),
    }
}

#[expect(clippy::cast_precision_loss, reason = "24 bits are plenty for an ear")]
fn whole(sample: i32) -> f32 {
    sample as f32 / 2_147_483_648.0
}

/// ITU-T G.711, table 2.
fn mu_law(byte: u8) -> f32 {
    let byte = !byte;
    let size = (((i16::from(byte & 0x0f) << 3) + 0x84) << (byte >> 4 & 7)) - 0x84;
    f32::from(if byte & 0x80 == 0 { size } else { -size }) / 32_768.0
}

/// ITU-T G.711, table 1.
fn a_law(byte: u8) -> f32 {
    let byte = byte ^ 0x55;
    let (step, low) = (byte >> 4 & 7, i16::from(byte & 0x0f) << 4 | 8);
    let size = if step == 0 { low } else { (low | 0x100) << (step - 1) };
    f32::from(if byte & 0x80 == 0 { -size } else { size }) / 32_768.0
}

/// A 16-bit WAV file of it. What is louder than full scale is cut there.
pub fn to_wav(sound: &Sound) -> Vec<u8> {
    let samples = sixteen(sound);
    let mut file = head(sound.sample_rate, sound.channels, samples.len() * 2);
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

/// Gives bare samples (24,000 Hz, 16 bits, one channel, as speech servers name `pcm`) the head of a WAV file.
pub fn from_bare(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[..bytes.len() & !1];
    let mut file = head(24_000, 1, bytes.len());
    file.extend(bytes);
    file
}

/// The samples in 16 bits.
#[expect(clippy::cast_possible_truncation, reason = "an `as` of a float stops at the least and the greatest")]
pub(crate) fn sixteen(sound: &Sound) -> Vec<i16> {
    sound.samples.iter().map(|sample| (sample * 32_768.0).round() as i16).collect()
}

fn head(sample_rate: u32, channels: u16, size: usize) -> Vec<u8> {
    // A sound of 4 GB does not fit in the memory that a sound may take.
    let size = u32::try_from(size).unwrap_or(u32::MAX - 36);
    let align = channels.saturating_mul(2);
    let mut head = b"RIFF".to_vec();
    head.extend((size + 36).to_le_bytes());
    head.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    head.extend(channels.to_le_bytes());
    head.extend(sample_rate.to_le_bytes());
    head.extend(sample_rate.saturating_mul(u32::from(align)).to_le_bytes());
    head.extend(align.to_le_bytes());
    head.extend(b"\x10\0data");
    head.extend(size.to_le_bytes());
    head
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::decode;

    /// A file with this format chunk and these samples, and with chunks around them that say nothing of the sound.
    fn file(tag: u16, channels: u16, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut format = Vec::new();
        for number in [tag, channels, 0x1f40, 0, 0, 0, channels * bits / 8, bits] {
            format.extend(number.to_le_bytes());
        }
        let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
        let chunks: [(&[u8; 4], &[u8]); 4] =
            [(b"bext", b"odd"), (b"fmt ", &format), (b"data", data), (b"LIST", b"INFO")];
        for (name, body) in chunks {
            file.extend(name);
            file.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
            file.extend(body);
            file.resize(file.len().next_multiple_of(2), 0);
        }
        let size = u32::try_from(file.len() - 8).unwrap();
        file[4..8].copy_from_slice(&size.to_le_bytes());
        file
    }

    fn samples(tag: u16, bits: u16, data: &[u8]) -> Vec<f32> {
        decode(&file(tag, 1, bits, data)).unwrap().samples
    }

    #[test]
    fn every_form_of_samples_is_read() {
        assert_eq!(samples(1, 8, &[0, 128, 192]), [-1.0, 0.0, 0.5]);
        assert_eq!(samples(1, 16, b"\0\x80\0\0\0\x40"), [-1.0, 0.0, 0.5]);
        assert_eq!(samples(1, 24, b"\0\0\x80\0\0\0\0\0\x40"), [-1.0, 0.0, 0.5]);
        assert_eq!(samples(1, 32, b"\0\0\0\x80\0\0\0\x40"), [-1.0, 0.5]);
        assert_eq!(samples(3, 32, &[0.25_f32.to_le_bytes(), f32::NAN.to_le_bytes()].concat()), [0.25, 0.0]);
        assert_eq!(samples(3, 64, &0.25_f64.to_le_bytes()), [0.25]);
    }

    #[test]
    fn telephone_samples_are_those_of_the_standard() {
        // The end points and the values around zero of G.711, tables 1 and 2, in 16 bits.
        let sixteen = |tag, data: &[u8]| -> Vec<f32> {
            samples(tag, 8, data).into_iter().map(|sample| sample * 32_768.0).collect()
        };
        assert_eq!(sixteen(7, &[0x00, 0x7f, 0x80, 0xff, 0xfe]), [-32_124.0, 0.0, 32_124.0, 0.0, 8.0]);
        assert_eq!(sixteen(6, &[0x2a, 0x55, 0xaa, 0xd5, 0xd4]), [-32_256.0, -8.0, 32_256.0, 8.0, 24.0]);
    }

    #[test]
    fn an_empty_file_does_not_play_what_follows_the_samples() {
        assert!(decode(&file(1, 1, 16, b"")).unwrap_err().message.contains("has no sound in it"));
        assert!(decode(&file(0x11, 1, 4, b"12345678")).unwrap_err().message.contains("16-bit WAV"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let sound = decode(crate::fixtures::fixture("24bit.stereo.wav")).unwrap();
        let (file, again) = (to_wav(&sound), decode(&to_wav(&sound)).unwrap());
        assert_eq!(
            (again.sample_rate, again.channels, again.samples.len()),
            (44_100, 2, sound.samples.len())
        );
        let off = again.samples.iter().zip(&sound.samples).map(|(one, other)| (one - other).abs());
        assert!(off.fold(0.0, f32::max) <= 0.5 / 32_768.0);
        assert_eq!(to_wav(&again), file, "nothing more is lost");
    }
}
