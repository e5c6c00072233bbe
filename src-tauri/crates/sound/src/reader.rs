//! Reads any sound piece by piece, within limits: a file of a stranger may cost only so much.

use std::time::{Duration, Instant};

use limerick_tasks::Result;

use crate::facts::{closed, damaged, kind_of, refused};
use crate::packets::Packets;
use crate::wav::Wav;

/// More channels than a room has loudspeakers are refused.
const CHANNELS: std::ops::RangeInclusive<u16> = 1..=8;
/// Hertz.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=384_000;
/// Time to decode a sound that gives nothing. Each second of sound gives a second more: what takes longer to decode
/// than to hear cannot be played anyway.
const PATIENCE: Duration = Duration::from_secs(5);

/// A sound that is being decoded.
pub(crate) struct Reader<'s> {
    /// Hertz.
    pub(crate) sample_rate: u32,
    /// 1 to 8.
    pub(crate) channels: u16,
    kind: &'static str,
    source: Source<'s>,
    /// What was decoded to see whether that works.
    first: Vec<f32>,
    samples: u64,
    began: Instant,
    stopped: bool,
}

enum Source<'s> {
    Wav(Wav<'s>),
    Packets(Box<Packets<'s>>),
}

impl<'s> Reader<'s> {
    /// Opens a sound and decodes the first piece of it.
    ///
    /// # Errors
    /// `input` in one sentence and a next step: no sound, none that can be played, nothing in it, or odd beyond the
    /// limits.
    pub(crate) fn open(bytes: &'s [u8]) -> Result<Self> {
        let began = Instant::now();
        let (kind, bytes) = kind_of(bytes)?;
        let mut first = Vec::new();
        let (source, sample_rate, channels) = match kind {
            "audio/wav" => {
                let mut wav = Wav::open(bytes)?;
                wav.next(&mut first);
                let (sample_rate, channels) = (wav.sample_rate, wav.channels);
                (Source::Wav(wav), sample_rate, channels)
            }
            "audio/webm" => return Err(closed("a WebM file")),
            _ => {
                let mut packets = Box::new(Packets::open(kind, bytes)?);
                let block = packets.next().ok_or_else(|| damaged(kind))?;
                let (sample_rate, channels) = (block.sample_rate, block.channels);
                first.extend(block.samples);
                (Source::Packets(packets), sample_rate, channels)
            }
        };
        let mut reader =
            Self { sample_rate, channels, kind, source, first, samples: 0, began, stopped: false };
        reader.bound()?;
        Ok(reader)
    }

    fn bound(&mut self) -> Result<()> {
        if !CHANNELS.contains(&self.channels) || !RATES.contains(&self.sample_rate) {
            let words = format!(
                "Limerick plays up to {} channels at up to {} Hz, and this sound says {} at {} Hz. Convert it and try again.",
                CHANNELS.end(),
                RATES.end(),
                self.channels,
                self.sample_rate
            );
            return Err(refused(&words));
        }
        if self.first.is_empty() { Err(damaged(self.kind)) } else { Ok(()) }
    }

    /// Its type by its own bytes.
    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    /// Puts the next samples into `into` instead of what is there; false at the end. Those of the channels take
    /// turns; what is no number is silence.
    pub(crate) fn next(&mut self, into: &mut Vec<f32>) -> bool {
        into.clear();
        if !self.first.is_empty() {
            std::mem::swap(into, &mut self.first);
        } else if !self.stopped {
            self.fill(into);
        }
        self.samples += into.len() as u64;
        for sample in into.iter_mut() {
            *sample = if sample.is_finite() { *sample } else { 0.0 };
        }
        !into.is_empty()
    }

    fn fill(&mut self, into: &mut Vec<f32>) {
        let late = is_late(self.began, self.seconds());
        match &mut self.source {
            Source::Wav(wav) => wav.next(into),
            Source::Packets(packets) => match packets.next() {
                Some(block)
                    if late || (block.sample_rate, block.channels) != (self.sample_rate, self.channels) =>
                {
                    self.stopped = true;
                }
                Some(block) => into.extend(block.samples),
                None => {}
            },
        }
    }

    /// Goes to a place, about as exactly as an eye sees, without decoding what lies before it.
    pub(crate) fn skip_to(&mut self, seconds: f64) {
        self.first.clear();
        match &mut self.source {
            Source::Wav(wav) => wav.skip(seconds),
            Source::Packets(packets) => packets.skip_to(seconds),
        }
    }

    /// Seconds that came so far.
    #[expect(clippy::cast_precision_loss, reason = "a sound of 2^52 samples does not fit in memory")]
    pub(crate) fn seconds(&self) -> f64 {
        self.samples as f64 / f64::from(self.channels) / f64::from(self.sample_rate)
    }

    /// Whether all that the file promises came, as far as it tells; asked at the end.
    pub(crate) fn is_whole(&self) -> bool {
        !self.stopped
            && match &self.source {
                Source::Wav(wav) => wav.whole,
                Source::Packets(packets) => packets.is_whole(),
            }
    }

    /// The length in seconds, and whether all is there. Decodes nothing more.
    #[expect(clippy::cast_precision_loss, reason = "a sound of 2^52 samples does not fit in memory")]
    pub(crate) fn skim(mut self) -> (f64, bool) {
        let (began, first) = (self.began, self.first.len() / usize::from(self.channels));
        let seconds = match &mut self.source {
            Source::Wav(wav) => (first + wav.frames()) as f64 / f64::from(self.sample_rate),
            Source::Packets(packets) => {
                while !self.stopped && packets.skip() {
                    self.stopped = is_late(began, packets.seconds());
                }
                packets.seconds()
            }
        };
        (seconds, self.is_whole())
    }
}

/// Whether `seconds` of sound took too long.
fn is_late(began: Instant, seconds: f64) -> bool {
    began.elapsed().as_secs_f64() > PATIENCE.as_secs_f64() + seconds
}
