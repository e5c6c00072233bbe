//! Bytes that can be read until a deadline: a decoder that works for too long on a small file gets no more of it.

use std::cell::Cell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Bytes handed out at once; the clock is looked at between two of these.
const PIECE: usize = 4096;

/// When the time of a file is over; whoever holds it can put it off.
#[derive(Clone)]
pub(crate) struct Deadline(Rc<Cell<Instant>>);

impl Deadline {
    /// So long from now.
    pub(crate) fn after(time: Duration) -> Self {
        Self(Rc::new(Cell::new(Instant::now() + time)))
    }

    /// Gives it more time.
    pub(crate) fn put_off(&self, time: Duration) {
        self.0.set(self.0.get() + time);
    }

    /// Whether the time is over.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.0.get()
    }
}

/// A file in memory that stops when its time is over.
pub(crate) struct Timed<'a> {
    bytes: &'a [u8],
    at: usize,
    until: Deadline,
}

impl<'a> Timed<'a> {
    /// Reads `bytes` until then.
    pub(crate) fn new(bytes: &'a [u8], until: Deadline) -> Self {
        Self { bytes, at: 0, until }
    }

    fn rest(&self) -> io::Result<&'a [u8]> {
        if self.until.is_over() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(self.bytes.get(self.at..).unwrap_or_default())
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.rest()?.read(into)?;
        self.at += count;
        Ok(count)
    }
}

impl BufRead for Timed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let rest = self.rest()?;
        Ok(&rest[..rest.len().min(PIECE)])
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
    }
}

impl Seek for Timed<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.bytes.len() as u64, by),
            SeekFrom::Current(by) => (self.at as u64, by),
        };
        let at = from.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?;
        self.at = usize::try_from(at).map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok(at)
    }
}
