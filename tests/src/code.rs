//! A bench for the code of "View code": our client's call behind the recorder, the code that is written for it, and
//! the real interpreters that run this code, unchanged, against the same counterparty.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use limerick_inference::Media;
use limerick_playground::{
    Playground, SaveConnection, SetKey, Snippet, StartRun,
    commands::{Id, Nothing},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{front, peers, python::python_with, recorder::Recorder};

/// A Hugging Face token.
pub const TOKEN: &str = "hf_peer_test_token";
/// A key of any other provider or server.
pub const OWN_KEY: &str = "key_peer_test";

/// A case, our own exchanges, and the code.
pub struct Made {
    /// The case's name.
    pub name: String,
    /// What our client sent.
    pub ours: Vec<Value>,
    /// The code.
    pub snippets: Vec<Snippet>,
}

/// A folder with the files that code reads and writes, and the counterparty.
pub struct Bench {
    folder: TempDir,
    recorder: Recorder,
    playground: Playground,
}

impl Bench {
    /// One of its own.
    pub async fn new() -> Self {
        let (folder, recorder) = (tempfile::tempdir().unwrap(), Recorder::start());
        recorder.play_peers().await;
        let playground = front::open(&folder.path().join("home"));
        let mut settings = playground.settings(Nothing {}).await.unwrap();
        settings.proxy = Some(recorder.base().to_string());
        settings.ca_file = Some(recorder.ca().display().to_string());
        playground.set_settings(settings).await.unwrap();
        std::fs::create_dir(folder.path().join("work")).unwrap();
        let bench = Self { folder, recorder, playground };
        for (name, bytes) in peers::FILES {
            let name = if name.starts_with("png") { "image.png" } else { "audio.wav" };
            std::fs::write(bench.work().join(name), bytes).unwrap();
        }
        std::os::unix::fs::symlink(code().join("node_modules"), bench.work().join("node_modules")).unwrap();
        bench
    }

    /// Where code runs: `image.png` and `audio.wav` lie there.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// What was sent since the last time, beside questions to the Hub.
    async fn sent(&self) -> Vec<Value> {
        let records = self.recorder.take().await;
        exchanges(records.iter())
    }

    /// Our client makes the call; then the code is written.
    pub async fn make(&self, case: &Value) -> Made {
        let connection = self.connection(case).await;
        let mut input = case["input"].clone();
        self.fill(&mut input);
        input["task"] = case["task"].clone();
        let start = StartRun {
            provider: case["provider"].as_str().map(str::to_owned),
            ..StartRun::new(connection, serde_json::from_value(input).unwrap())
        };
        let id = start.id.clone();
        self.sent().await;
        self.playground.start_run(start, |_| {}).await.unwrap();
        let name = case["name"].as_str().unwrap().to_owned();
        let run = self.playground.run(Id { id: id.clone() }).await.unwrap();
        assert!(run.error.is_none(), "{name}: {:?}", run.error);
        let ours = self.sent().await;
        let snippets = self.playground.code(Id { id }).await.unwrap();
        assert!(
            exchanges(self.recorder.take().await.iter()).is_empty(),
            "{name}: writing code sends nothing"
        );
        Made { name, ours, snippets }
    }

    async fn connection(&self, case: &Value) -> String {
        let text = |name: &str| case[name].as_str().map(str::to_owned);
        let Some(path) = text("server") else {
            let key = if case["own_key"] == true { OWN_KEY } else { TOKEN };
            let save = SaveConnection {
                id: Some("hf".into()),
                bill_to: text("bill_to"),
                ..SaveConnection::default()
            };
            self.playground.save_connection(save).await.unwrap();
            return self.keyed("hf", key).await;
        };
        let save = SaveConnection {
            url: Some(self.recorder.at(&path).to_string()),
            headers: serde_json::from_value(case.get("headers").cloned().unwrap_or(json!([]))).unwrap(),
            ..SaveConnection::default()
        };
        let id = self.playground.save_connection(save).await.unwrap().id;
        if case["key"] == true {
            return self.keyed(&id, OWN_KEY).await;
        }
        self.playground.forget_key(Id { id: id.clone() }).await.unwrap();
        id
    }

    async fn keyed(&self, connection: &str, key: &str) -> String {
        let (connection, key) = (connection.to_owned(), key.to_owned());
        self.playground.set_key(SetKey { connection, key, allow_file: false }).await.unwrap().id
    }

    /// Files in the place of `@image.png` and `@audio.wav`.
    fn fill(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with('@') => {
                let bytes = std::fs::read(self.work().join(&text[1..])).unwrap();
                *value = json!(Media::new(bytes, "").data_uri());
            }
            Value::Array(list) => list.iter_mut().for_each(|one| self.fill(one)),
            Value::Object(fields) => fields.values_mut().for_each(|one| self.fill(one)),
            _ => {}
        }
    }

    /// A program that knows the counterparty and the keys, and nothing else of this machine.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.work()).env_clear().stdin(Stdio::null());
        let limerick = front::limerick();
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", limerick.parent().unwrap().display()));
        command.env("HOME", self.folder.path()).env("LIMERICK_DATA", self.folder.path().join("cli"));
        for name in ["HTTPS_PROXY", "https_proxy"] {
            command.env(name, self.recorder.base().as_str().trim_end_matches('/'));
        }
        for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
            command.env(name, self.recorder.ca());
        }
        command.env("NO_PROXY", "127.0.0.1,localhost").env("HF_TOKEN", TOKEN).env("X_TEAM", "red");
        for name in ["API_KEY", "FAL_KEY", "TOGETHER_API_KEY", "BFL_API_KEY"] {
            command.env(name, OWN_KEY);
        }
        command
    }

    /// Runs scripts in one interpreter, one after another; for each what it told, and what it sent.
    pub async fn scripts(&self, mut command: Command, scripts: &[PathBuf]) -> Vec<(Value, Vec<Value>)> {
        self.recorder.take().await;
        let output = command.arg(self.recorder.base().as_str()).args(scripts).output().unwrap();
        let told: Vec<Value> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(told.len(), scripts.len(), "{}", String::from_utf8_lossy(&output.stderr));
        let records = self.recorder.take().await;
        let is_mark = |record: &Value| record["url"].as_str().unwrap().contains("/mark/");
        let parts = records.split(is_mark).skip(1);
        told.into_iter().zip(parts.map(|part| exchanges(part.iter()))).collect()
    }

    /// Runs a script of its own in a shell.
    pub async fn shell(&self, script: &Path) -> (Value, Vec<Value>) {
        let output = self.command("sh").arg(script).output().unwrap();
        let failed = (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned());
        (json!({"told": String::from_utf8_lossy(&output.stdout), "failed": failed}), self.sent().await)
    }
}

/// Where the interpreters' packages and the cases lie.
fn code() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("code")
}

/// Brings the official clients here, in the versions that stand in `tests/code`; the Python that has them.
fn clients(place: &Path) -> PathBuf {
    if !code().join("node_modules/@huggingface/inference").is_dir() {
        let done = Command::new("npm").args(["ci", "--silent"]).current_dir(code()).status().unwrap();
        assert!(done.success(), "npm ci failed in tests/code");
    }
    python_with(&code().join("requirements.txt"), &place.join("python-code"))
}

/// A Python and a Node with the official clients; Python's are brought below `place`.
pub fn interpreters(bench: &Bench, place: &Path) -> [Command; 2] {
    static CLIENTS: OnceLock<PathBuf> = OnceLock::new();
    let python = CLIENTS.get_or_init(|| clients(place));
    let mut interpreters = [bench.command(python), bench.command("node")];
    interpreters[0].env("PYTHONDONTWRITEBYTECODE", "1").arg(code().join("run.py"));
    interpreters[1].arg(code().join("run.mjs"));
    interpreters
}

/// What was sent beside questions to the Hub, in one form.
fn exchanges<'a>(records: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let hub = |record: &&Value| record["host"] != "huggingface.co";
    let mut sent: Vec<Value> = records.filter(hub).map(peers::sent).map(one_form).map(bare).collect();
    // How often a job was asked for is a matter of time.
    sent.dedup();
    sent
}

/// A request without a body has no type, whatever a client says, and a form's fields have no order.
fn bare(mut exchange: Value) -> Value {
    if exchange["body"].is_null() {
        exchange["type"] = Value::Null;
    }
    if let Some(form) = exchange["body"].as_array_mut() {
        form.sort_by_key(|field| field["name"].to_string());
    }
    exchange
}

/// Numbers as they are worth: 1.0 is 1 in JavaScript.
fn one_form(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(list) => list.into_iter().map(one_form).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, one)| (name, one_form(one))).collect(),
        other => other,
    }
}

/// An exchange without what says nothing: the clients leave out `stream: false` and empty `parameters`, and
/// Python's want a key even for a server without one.
pub fn terse(mut exchange: Value) -> Value {
    if exchange["auth"] == "Bearer none" {
        exchange["auth"] = Value::Null;
    }
    if let Some(body) = exchange["body"].as_object_mut() {
        body.retain(|name, value| {
            !(name == "stream" && *value == json!(false) || name == "parameters" && *value == json!({}))
        });
    }
    exchange
}
