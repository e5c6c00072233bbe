//! Compressed sounds: their packets, and the samples in these.

use std::io::Cursor;
use std::time::{Duration, Instant};

use limerick_tasks::Result;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Fault;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions, ReadOnlySource};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration as Span, TimeBase};
use symphonia::default::{formats, get_codecs};

use crate::facts::{closed, damaged};

/// Broken packets that are passed over before the rest is given up.
const FAULTS: u32 = 1_000;
/// Time that packets may take that give nothing to hear.
const PATIENCE: Duration = Duration::from_secs(2);
/// Packets that one of MP3 may lean on.
const WARMING: u8 = 10;

/// The packets of one sound in a file, and their decoder.
pub(crate) struct Packets<'s> {
    format: Box<dyn FormatReader + 's>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    time_base: Option<TimeBase>,
    /// The length that the header promises, in units of `time_base`.
    promised: Option<u64>,
    /// The length that came, in units of `time_base`.
    came: u64,
    faults: u32,
    /// When the last of it was heard.
    heard: Instant,
    samples: Vec<f32>,
}

/// What a packet gave.
pub(crate) struct Block<'a> {
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    /// Those of the channels take turns.
    pub(crate) samples: &'a [f32],
}

impl<'s> Packets<'s> {
    /// Reads the headers of a sound of this type.
    ///
    /// # Errors
    /// `input` where that does not work, or nothing here decodes it.
    pub(crate) fn open(kind: &str, bytes: &'s [u8]) -> Result<Self> {
        let format = reader(kind, bytes).map_err(|fault| damaged(kind).with_detail(fault))?;
        let track = format.default_track(TrackType::Audio).ok_or_else(|| damaged(kind))?;
        // The head of an MP3 tells what to cut off at the end; that of the first of several in a row would cut off
        // the others.
        let one = kind != "audio/mpeg" || is_about_all(track, bytes);
        let decoder = decoder(kind, track, one)?;
        let (track, time_base) = (track.id, track.time_base);
        let promised =
            format.tracks().first().and_then(|track| track.duration).filter(|_| one).map(Span::get);
        let (came, faults, heard) = (0, 0, Instant::now());
        Ok(Self { format, decoder, track, time_base, promised, came, faults, heard, samples: Vec::new() })
    }

    /// The samples of the next packet that has some; none at the end.
    pub(crate) fn next(&mut self) -> Option<Block<'_>> {
        let (sample_rate, channels) = loop {
            let packet = self.packet()?;
            match self.decoder.decode(&packet) {
                Ok(sound) if sound.frames() > 0 => {
                    sound.copy_to_vec_interleaved(&mut self.samples);
                    break (sound.spec().rate(), sound.spec().channels().count());
                }
                Ok(_) => {}
                Err(_) => self.faults += 1,
            }
        };
        self.heard = Instant::now();
        Some(Block { sample_rate, channels: u16::try_from(channels).unwrap_or(0), samples: &self.samples })
    }

    /// The next packet of the sound; none at the end.
    fn packet(&mut self) -> Option<Packet> {
        while self.faults < FAULTS && self.heard.elapsed() < PATIENCE {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => {
                    self.came = self.came.saturating_add(packet.dur.get());
                    return Some(packet);
                }
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(Fault::DecodeError(_)) => self.faults += 1,
                // Another sound begins, as in an OGG of several in a row.
                Err(Fault::ResetRequired) if self.go_over() => {}
                Err(_) => self.faults = FAULTS,
            }
        }
        self.faults = FAULTS;
        None
    }

    /// Goes over to the sound that begins here.
    fn go_over(&mut self) -> bool {
        let track = self.format.default_track(TrackType::Audio);
        let next = track.and_then(|track| Some((track.id, decoder("", track, true).ok()?)));
        next.map(|(track, decoder)| (self.track, self.decoder) = (track, decoder)).is_some()
    }

    /// Reads the next packet without decoding it; false at the end.
    pub(crate) fn skip(&mut self) -> bool {
        self.heard = Instant::now();
        self.packet().is_some()
    }

    /// Goes to a place without decoding what lies before it, but for the packets that the next may lean on.
    pub(crate) fn skip_to(&mut self, seconds: f64) {
        let mut packet = 0.0;
        while self.seconds() + packet * f64::from(WARMING) < seconds {
            let before = self.seconds();
            if !self.skip() {
                return;
            }
            packet = self.seconds() - before;
        }
        while self.seconds() < seconds && self.next().is_some() {}
    }

    /// Seconds that came so far, without the silence that encoders put around a sound where the header tells of it.
    pub(crate) fn seconds(&self) -> f64 {
        let length = Span::new(self.promised.map_or(self.came, |promised| promised.min(self.came)));
        self.time_base.map_or(0.0, |base| base.calc_duration_saturating(length).as_secs_f64())
    }

    /// Whether all that the file promises came, as far as it tells; asked at the end.
    pub(crate) fn is_whole(&self) -> bool {
        self.faults == 0 && self.promised.is_none_or(|promised| self.came >= promised)
    }
}

/// A decoder for this sound; one of MP3 and of OGG cuts off, if it may, what encoders put around it.
fn decoder(kind: &str, track: &Track, cut: bool) -> Result<Box<dyn AudioDecoder>> {
    let params =
        track.codec_params.as_ref().and_then(|params| params.audio()).ok_or_else(|| damaged(kind))?;
    if params.codec == CODEC_ID_OPUS {
        return Err(closed("in Opus"));
    }
    let options = AudioDecoderOptions::default().gapless(cut);
    get_codecs().make_audio_decoder(params, &options).map_err(|fault| match fault {
        Fault::Unsupported(_) => closed("in an unusual form").with_detail(fault),
        fault => damaged(kind).with_detail(fault),
    })
}

/// Whether the length in the head of an MP3 is that of the whole file.
fn is_about_all(track: &Track, bytes: &[u8]) -> bool {
    let (Some(frames), Ok(mut walk)) = (track.num_frames, reader("audio/mpeg", bytes)) else { return true };
    let around = u64::from(track.delay.unwrap_or(0)) + u64::from(track.padding.unwrap_or(0));
    let mut came = 0;
    while let Ok(Some(packet)) = walk.next_packet() {
        came += packet.dur.get();
    }
    came <= frames.saturating_add(around)
}

/// A reader of this type. It is not found by trying: a file is what its first bytes say.
fn reader<'s>(kind: &str, bytes: &'s [u8]) -> std::result::Result<Box<dyn FormatReader + 's>, Fault> {
    let options = FormatOptions::default();
    // Only M4A has to go back and forth. From where the end can be seen, MP3 guesses at the length and is wrong.
    let source: Box<dyn MediaSource + 's> = match kind {
        "audio/mp4" => Box::new(Cursor::new(bytes)),
        _ => Box::new(ReadOnlySource::new(bytes)),
    };
    let source = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    Ok(match kind {
        "audio/flac" => Box::new(formats::FlacReader::try_new(source, options)?),
        "audio/ogg" => Box::new(formats::OggReader::try_new(source, options)?),
        "audio/mpeg" => Box::new(formats::MpaReader::try_new(source, options)?),
        "audio/aac" => Box::new(formats::AdtsReader::try_new(source, options)?),
        _ => Box::new(formats::IsoMp4Reader::try_new(source, options)?),
    })
}
