//! A server for the tests of tables: answers each question as the test says, and knows what it was asked.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
};

use serde_json::{Value, json};

/// What it says to a question.
#[derive(Debug, Clone)]
pub(super) enum Said {
    Text(String),
    /// A status, with `Retry-After: 0`.
    Refusal(u16),
    /// A status, to be waited for so many seconds.
    Later(u16, u32),
}

type Says = Box<dyn Fn(usize, &str) -> Said + Send + Sync>;

/// Ends with the test.
#[derive(Clone)]
pub(super) struct Answerer {
    pub(super) connection: String,
    says: Arc<Mutex<Says>>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

#[derive(Default)]
struct Seen {
    asked: Vec<String>,
    open: usize,
    most: usize,
    /// Answers that may go out; all of them where there is no number.
    left: Option<usize>,
}

impl Answerer {
    /// Answers every question with "ok" and its words.
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connection = format!("url:http://{}/v1", listener.local_addr().unwrap());
        let says: Says = Box::new(|_, words| Said::Text(format!("ok {words}")));
        let this = Self { connection, says: Arc::new(Mutex::new(says)), seen: Arc::default() };
        let ours = this.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let ours = ours.clone();
                std::thread::spawn(move || ours.serve(socket));
            }
        });
        this
    }

    /// What it says from now on, by the number of the question (from 0) and its words.
    pub(super) fn say(&self, says: impl Fn(usize, &str) -> Said + Send + Sync + 'static) {
        *self.says.lock().unwrap() = Box::new(says);
    }

    /// Lets so many more answers out, or all.
    pub(super) fn let_out(&self, left: Option<usize>) {
        self.seen.0.lock().unwrap().left = left;
        self.seen.1.notify_all();
    }

    /// The words of each question, in the order they came; a picture is the start of its address and a number.
    pub(super) fn asked(&self) -> Vec<String> {
        self.seen.0.lock().unwrap().asked.clone()
    }

    /// The most that asked at once.
    pub(super) fn most(&self) -> usize {
        self.seen.0.lock().unwrap().most
    }

    fn serve(&self, mut socket: TcpStream) {
        let Some(body) = read_body(&mut socket) else { return };
        let words = words_of(&body["messages"].as_array().unwrap().last().unwrap()["content"]);
        let mut seen = self.seen.0.lock().unwrap();
        let number = seen.asked.len();
        seen.asked.push(words.clone());
        seen.open += 1;
        seen.most = seen.most.max(seen.open);
        while seen.left == Some(0) {
            seen = self.seen.1.wait(seen).unwrap();
        }
        seen.left = seen.left.map(|left| left - 1);
        seen.open -= 1;
        drop(seen);
        let said = self.says.lock().unwrap()(number, &words);
        // Who was stopped hears no more.
        let _ = socket.write_all(answer(&said).as_bytes());
    }
}

fn answer(said: &Said) -> String {
    let (status, wait) = match said {
        Said::Text(text) => {
            let delta =
                json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]});
            return format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n\
                 data: {delta}\n\ndata: [DONE]\n\n"
            );
        }
        Said::Refusal(status) => (status, 0),
        Said::Later(status, wait) => (status, *wait),
    };
    format!(
        "HTTP/1.1 {status} No\r\nRetry-After: {wait}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    )
}

/// The text; of several parts, the words and what each picture's bytes come to.
fn words_of(content: &Value) -> String {
    let part = |part: &Value| match part["image_url"]["url"].as_str() {
        Some(uri) => {
            format!("{} {:016x}", &uri[..11], BuildHasherDefault::<DefaultHasher>::default().hash_one(uri))
        }
        None => part["text"].as_str().unwrap().to_owned(),
    };
    match content.as_array() {
        None => content.as_str().unwrap().to_owned(),
        Some(parts) => parts.iter().map(part).collect::<Vec<_>>().join(" "),
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
