//! A stand-in for the Hub and its router on this machine: answers as a test tells it, and notes what it was asked.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use url::Url;

/// What it answers. The bytes are given from where `Range` asks for them.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Whole(Vec<u8>),
    /// Half of them, then the connection breaks.
    Half(Vec<u8>),
    /// Half of them, then nothing until the client leaves.
    Stalled(Vec<u8>),
    Refusal(u16),
}

/// What it was asked: the address on its first line, and where `Range` begins.
pub(crate) type Asked = (String, Option<usize>);

/// Ends with the test.
#[derive(Clone)]
pub(crate) struct StandIn {
    pub(crate) url: Url,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl StandIn {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let this = Self { url, answers: Arc::default(), asked: Arc::default() };
        let ours = this.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let ours = ours.clone();
                std::thread::spawn(move || ours.serve(socket));
            }
        });
        this
    }

    /// Sets the answers from now on; the last one repeats.
    pub(crate) fn say(&self, answers: impl IntoIterator<Item = Answer>) {
        *self.answers.lock().unwrap() = answers.into_iter().collect();
    }

    /// What it was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn next(&self) -> Answer {
        let mut answers = self.answers.lock().unwrap();
        if answers.len() > 1 { answers.pop_front().unwrap() } else { answers.front().unwrap().clone() }
    }

    fn serve(&self, mut socket: TcpStream) {
        let Some(head) = read_head(&mut socket) else { return };
        let address = head.split(' ').nth(1).unwrap().to_owned();
        let range = head.to_lowercase().split_once("range: bytes=").map(|(_, rest)| rest.to_owned());
        let from: Option<usize> = range.and_then(|range| range.split('-').next()?.parse().ok());
        self.asked.lock().unwrap().push((address, from));
        let answer = self.next();
        // A client that has left hears no more.
        let _ = match &answer {
            Answer::Refusal(status) => socket.write_all(
                format!("HTTP/1.1 {status} No\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}")
                    .as_bytes(),
            ),
            Answer::Whole(bytes) => send(&mut socket, bytes, from, 1),
            Answer::Half(bytes) => send(&mut socket, bytes, from, 2),
            Answer::Stalled(bytes) => {
                let sent = send(&mut socket, bytes, from, 2);
                let _ = socket.read(&mut [0]);
                sent
            }
        };
    }
}

fn read_head(socket: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// Promises everything that was asked for, and sends that part of it.
fn send(socket: &mut TcpStream, bytes: &[u8], from: Option<usize>, part: usize) -> std::io::Result<()> {
    let rest = &bytes[from.unwrap_or(0)..];
    let head = match from {
        None => "HTTP/1.1 200 OK\r\n".to_owned(),
        Some(from) => format!(
            "HTTP/1.1 206 Partial\r\nContent-Range: bytes {from}-{}/{}\r\n",
            bytes.len() - 1,
            bytes.len()
        ),
    };
    let length = rest.len();
    socket.write_all(format!("{head}Content-Length: {length}\r\nConnection: close\r\n\r\n").as_bytes())?;
    socket.write_all(&rest[..length / part])
}
