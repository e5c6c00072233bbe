//! A server for the tests of the queue.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use serde_json::{Value, json};

/// A server that answers when the test lets it, and knows what it was asked and how many asked at once.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) connection: String,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

#[derive(Default)]
struct Seen {
    asked: Vec<String>,
    bodies: Vec<Value>,
    open: usize,
    most: usize,
    /// Statuses to answer with, one a question.
    answers: VecDeque<u16>,
}

impl Gate {
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connection = format!("url:http://{}/v1", listener.local_addr().unwrap());
        let this = Self { connection, seen: Arc::default() };
        let ours = this.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let ours = ours.clone();
                std::thread::spawn(move || ours.serve(socket));
            }
        });
        this
    }

    /// Answers one question with each of these statuses.
    pub(super) fn answer(&self, statuses: &[u16]) {
        self.seen.0.lock().unwrap().answers.extend(statuses);
        self.seen.1.notify_all();
    }

    /// The words of each question, in the order they came.
    pub(super) fn asked(&self) -> Vec<String> {
        self.seen.0.lock().unwrap().asked.clone()
    }

    /// All of the question that came in this place.
    pub(super) fn body(&self, at: usize) -> Value {
        self.seen.0.lock().unwrap().bodies[at].clone()
    }

    /// The most that asked at once.
    pub(super) fn most(&self) -> usize {
        self.seen.0.lock().unwrap().most
    }

    fn serve(&self, mut socket: TcpStream) {
        let Some(body) = read_body(&mut socket) else { return };
        let words = body["messages"][0]["content"].clone();
        let words = words.as_str().or(words[0]["text"].as_str()).unwrap_or_default().to_owned();
        let mut seen = self.seen.0.lock().unwrap();
        seen.asked.push(words);
        seen.bodies.push(body);
        seen.open += 1;
        seen.most = seen.most.max(seen.open);
        let status = loop {
            if has_left(&socket) {
                break None;
            }
            if let Some(status) = seen.answers.pop_front() {
                break Some(status);
            }
            seen = self.seen.1.wait_timeout(seen, Duration::from_millis(5)).unwrap().0;
        };
        seen.open -= 1;
        drop(seen);
        let delta = json!({"choices": [{"index": 0, "delta": {"content": "ok"}, "finish_reason": "stop"}]});
        let said = match status {
            None => return,
            Some(200) => format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n\
                 data: {delta}\n\ndata: [DONE]\n\n"
            ),
            Some(status) => {
                format!("HTTP/1.1 {status} No\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}")
            }
        };
        let _ = socket.write_all(said.as_bytes());
    }
}

fn read_body(socket: &mut TcpStream) -> Option<Value> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?.to_lowercase();
    let length = head.split_once("content-length: ")?.1.split("\r\n").next()?.parse().ok()?;
    let mut body = vec![0; length];
    socket.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn has_left(socket: &TcpStream) -> bool {
    socket.set_nonblocking(true).unwrap();
    let left = matches!(socket.peek(&mut [0]), Ok(0));
    socket.set_nonblocking(false).unwrap();
    left
}
