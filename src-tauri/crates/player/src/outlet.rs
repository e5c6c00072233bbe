//! The sound device: a thread of its own opens it, keeps it and lets it go, because a system may take its time.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use limerick_tasks::{Error, ErrorCode, Result};
use rodio::{
    ChannelCount, CpalError, CpalErrorKind, Device, DeviceSinkBuilder, DeviceSinkError, DeviceTrait,
    MixerDeviceSink, Sample, SampleRate, Source, cpal::BufferSize,
};

use crate::{deck::Deck, devices, kernel::Frame};

/// Buffers a second that the device is asked for; it holds two of them. A pause is heard after as long, and a machine
/// that is busy for longer is heard as a gap.
const BUFFERS: u32 = 33;
/// Moments that are taken from the deck at once.
const BLOCK: usize = 128;

/// What became of a device.
#[derive(Debug)]
pub(crate) enum Event {
    /// It plays.
    Opened,
    /// It cannot be opened.
    Failed(Error),
    /// It is no longer there.
    Lost,
}

/// What the thread is asked for.
enum Wish {
    Open { device: Option<String>, tell: Tell },
    Close,
}

type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// The way to the thread that holds the device. It ends when this is dropped.
pub(crate) struct Outlet {
    wishes: mpsc::Sender<Wish>,
}

impl Outlet {
    pub(crate) fn new(deck: Arc<Mutex<Deck>>) -> Result<Self> {
        let (wishes, orders) = mpsc::channel();
        thread::Builder::new()
            .name("sound-device".into())
            .spawn(move || hold(&orders, &deck))
            .map_err(|cause| Error::internal("play sounds", cause))?;
        Ok(Self { wishes })
    }

    /// Opens a device instead of the one that is open. What becomes of it is told, at any time, until the next wish.
    pub(crate) fn open(&self, device: Option<String>, tell: impl Fn(Event) + Send + Sync + 'static) {
        let _ = self.wishes.send(Wish::Open { device, tell: Arc::new(tell) });
    }

    /// Lets the device go.
    pub(crate) fn close(&self) {
        let _ = self.wishes.send(Wish::Close);
    }
}

fn hold(wishes: &mpsc::Receiver<Wish>, deck: &Arc<Mutex<Deck>>) {
    let mut sink = None;
    for wish in wishes {
        // The old one goes first: some systems give a device to one at a time.
        drop(sink.take());
        if let Wish::Open { device, tell } = wish {
            match open(device.as_deref(), deck, &tell) {
                Ok(opened) => {
                    sink = Some(opened);
                    tell(Event::Opened);
                }
                Err(error) => tell(Event::Failed(error)),
            }
        }
    }
}

fn open(device: Option<&str>, deck: &Arc<Mutex<Deck>>, tell: &Tell) -> Result<MixerDeviceSink> {
    let device = devices::find(device)?;
    let tell = tell.clone();
    let watch = move |error: CpalError| {
        if ends(&error) {
            tell(Event::Lost);
        }
    };
    let config = device.default_output_config().map_err(silent)?;
    let short = DeviceSinkBuilder::default()
        .with_device(device.clone())
        .with_supported_config(&config)
        .with_buffer_size(BufferSize::Fixed(config.sample_rate() / BUFFERS))
        .with_error_callback(watch.clone())
        .open_stream();
    let mut sink = short.or_else(|_| long(device, watch)).map_err(silent)?;
    sink.log_on_drop(false);
    let config = sink.config();
    sink.mixer().add(Feed::new(deck.clone(), config.channel_count(), config.sample_rate()));
    Ok(sink)
}

/// Opens a device that takes no short buffers, with whatever it does take.
fn long(
    device: Device,
    watch: impl FnMut(CpalError) + Clone + Send + 'static,
) -> std::result::Result<MixerDeviceSink, DeviceSinkError> {
    DeviceSinkBuilder::from_device(device)?.with_error_callback(watch).open_sink_or_fallback()
}

/// Whether a device that says this plays no more. A moment that came too late is no loss.
fn ends(error: &CpalError) -> bool {
    tracing::debug!("the sound device says: {error}");
    !matches!(
        error.kind(),
        CpalErrorKind::Xrun | CpalErrorKind::RealtimeDenied | CpalErrorKind::DeviceChanged
    )
}

/// Why nothing can be heard.
pub(crate) fn silent(cause: impl fmt::Display) -> Error {
    let message = "No sound device can be reached. Connect one, and it plays by itself.";
    Error::new(ErrorCode::Internal, message).with_detail(cause)
}

/// What the device pulls: the deck's moments, as samples of its channels. Never ends.
struct Feed {
    deck: Arc<Mutex<Deck>>,
    channels: ChannelCount,
    rate: SampleRate,
    block: [Frame; BLOCK],
    /// The next sample of the block, counted over all channels.
    at: usize,
}

impl Feed {
    fn new(deck: Arc<Mutex<Deck>>, channels: ChannelCount, rate: SampleRate) -> Self {
        let at = BLOCK * usize::from(channels.get());
        Self { deck, channels, rate, block: [Frame::default(); BLOCK], at }
    }
}

impl Iterator for Feed {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        let channels = usize::from(self.channels.get());
        if self.at == BLOCK * channels {
            self.deck.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut self.block, self.rate.get());
            self.at = 0;
        }
        let [left, right] = self.block[self.at / channels];
        let sample = match (channels, self.at % channels) {
            (1, _) => f32::midpoint(left, right),
            (_, 0) => left,
            (_, 1) => right,
            _ => 0.0,
        };
        self.at += 1;
        Some(sample)
    }
}

impl Source for Feed {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        self.channels
    }

    fn sample_rate(&self) -> SampleRate {
        self.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
