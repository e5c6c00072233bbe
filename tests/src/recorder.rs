//! Starts the wire recorder, a scriptable counterparty that writes down everything it is sent.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

/// A running recorder; it ends with this value.
pub struct Recorder {
    child: Child,
    folder: TempDir,
    base: Url,
}

/// One of the scripts beside the tests; it leaves no compiled files there.
fn python(script: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("recorder").join(script));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn output(script: &str, arguments: &[&str]) -> String {
    let done = python(script).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// The names of all scenarios.
pub fn scenarios() -> Vec<String> {
    output("wire_recorder.py", &["--list"]).lines().map(str::to_owned).collect()
}

impl Recorder {
    /// Starts one on a free port, with a throw-away certificate authority.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("ca");
        output("wire_recorder.py", &["--make-ca", "--ca-dir", ca.to_str().unwrap()]);
        let mut child = python("wire_recorder.py")
            .args(["--port", "0", "--ca-dir", ca.to_str().unwrap()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let base = Url::parse(said["listening"].as_str().unwrap()).unwrap();
        Self { child, folder, base }
    }

    /// Its address, as an origin and as a proxy.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// An address below its own.
    pub fn at(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    /// The certificate authority that its certificates come from.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca/ca.pem")
    }

    /// Plays the Hub, the router and the providers from now on.
    pub async fn play_peers(&self) {
        let rules = output("peer_rules.py", &[]);
        self.put_rules(rules).await;
    }

    /// Answers by these rules from now on.
    pub async fn rules(&self, rules: &Value) {
        self.put_rules(rules.to_string()).await;
    }

    async fn put_rules(&self, rules: String) {
        let answer = self.control("PUT", "/__rec/rules", &rules).await;
        assert_eq!(answer["ok"], true);
    }

    /// What it was sent so far, in order.
    pub async fn records(&self) -> Vec<Value> {
        let answer = self.control("GET", "/__rec/requests", "").await;
        answer.as_array().unwrap().clone()
    }

    /// What it was sent since the last time; every sequence of answers starts over.
    pub async fn take(&self) -> Vec<Value> {
        let records = self.records().await;
        self.control("DELETE", "/__rec/requests", "").await;
        records
    }

    async fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let address = (self.base.host_str().unwrap(), self.base.port().unwrap());
        let mut socket = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        socket.write_all((head + body).as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// A header of a record, by its name in lower case.
    pub fn header(record: &Value, name: &str) -> Option<String> {
        let same = |pair: &&Value| pair[0].as_str().unwrap().eq_ignore_ascii_case(name);
        let found = record["headers"].as_array().unwrap().iter().find(same)?;
        Some(found[1].as_str().unwrap().to_owned())
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
