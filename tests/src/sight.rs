//! A tiny model that sees, pictures for it, and the real llama.cpp server to hold the engine against.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use limerick_engine::{ModelRef, Models};
use limerick_tasks::{ChatInput, Content, ImageUrl, Message, Part, Role};
use serde_json::Value;
use tempfile::TempDir;

use crate::python::{cache, python_with};

fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("servers")
}

/// The folder with `tiny-vlm.gguf` and `mmproj-tiny-vlm.gguf`, made once.
pub fn tiny_files() -> &'static Path {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut write = Command::new(if cfg!(windows) { "python" } else { "python3" });
        assert!(write.arg(servers().join("tiny_vlm.py")).arg(folder.path()).status().unwrap().success());
        folder
    });
    folder.path()
}

/// The tiny model as a person would have added it.
pub fn tiny() -> ModelRef {
    let list = tempfile::tempdir().unwrap();
    let models = Models::new(list.path());
    let own = models.add_own(&tiny_files().join("tiny-vlm.gguf")).unwrap();
    models.find(&own.id).unwrap()
}

/// A picture of 24-bit pixels as a BMP file.
pub fn painted(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let mut file = b"BM".to_vec();
    for number in [54 + row * height, 0, 54, 40, width, height] {
        file.extend(number.to_le_bytes());
    }
    file.extend([1, 0, 24, 0]);
    file.extend([0; 24]);
    for y in (0..height).rev() {
        let start = file.len();
        file.extend((0..width).map(|x| color(x, y)).flat_map(|[red, green, blue]| [blue, green, red]));
        file.resize(start + row as usize, 0);
    }
    file
}

/// A picture from `tests/pictures`.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures").join(name)).unwrap()
}

/// A message with pictures before its words.
pub fn shown(pictures: &[&[u8]], text: &str) -> Message {
    let picture = |bytes: &&[u8]| Part::ImageUrl {
        image_url: ImageUrl { url: format!("data:image/png;base64,{}", BASE64.encode(bytes)) },
    };
    let words = Part::Text { text: text.into() };
    let content = Content::Parts(pictures.iter().map(picture).chain([words]).collect());
    Message { content, ..Message::new(Role::User, "") }
}

/// A greedy question of one message and a short answer.
pub fn about(message: Message) -> ChatInput {
    ChatInput {
        messages: vec![message],
        temperature: Some(0.0),
        max_tokens: Some(16),
        ..ChatInput::default()
    }
}

/// llama.cpp's server with the tiny model; ends when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts it and waits until it answers.
    pub async fn start() -> Self {
        let python = python_with(&servers().join("requirements.txt"), &cache().join("venv"));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let files = tiny_files();
        let child = Command::new(python)
            .arg(servers().join("llama_server.py"))
            .arg(files.join("tiny-vlm.gguf"))
            .args([port.to_string(), "1".into()])
            .arg(files.join("mmproj-tiny-vlm.gguf"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, port };
        while server.send("GET /health", "").is_none_or(|answer| answer["status"] != "ok") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server
    }

    /// What it answers, and the tokens of the prompt.
    pub fn ask(&self, input: &ChatInput) -> (String, u64) {
        let mut body = serde_json::to_value(input).unwrap();
        body["cache_prompt"] = false.into();
        let answer = self.send("POST /v1/chat/completions", &body.to_string()).unwrap();
        let text = answer["choices"][0]["message"]["content"].as_str();
        let text = text.unwrap_or_else(|| unreachable!("{answer}")).to_owned();
        (text, answer["usage"]["prompt_tokens"].as_u64().unwrap())
    }

    fn send(&self, line: &str, body: &str) -> Option<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let length = body.len();
        let head =
            format!("{line} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all((head + body).as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
