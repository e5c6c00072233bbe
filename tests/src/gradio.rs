//! Starts a real Gradio server, with the call surface of an image Space, a chat Space and their failures.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use limerick_inference::{Change, SpaceDelta};
use limerick_playground::{Playground, SaveConnection};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::front::open;
use crate::python::{cache, python_with};

/// A running server; it ends with this value, or with the process.
pub struct Gradio {
    child: Child,
    url: String,
    version: String,
    _files: TempDir,
}

/// The Python that has Gradio; made once, however many tests ask for it at the same time.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(find_python)
}

/// `LIMERICK_GRADIO` names another Python, to try another version of Gradio.
fn find_python() -> PathBuf {
    if let Some(named) = std::env::var_os("LIMERICK_GRADIO").filter(|named| !named.is_empty()) {
        return named.into();
    }
    python_with(&servers().join("gradio.txt"), &cache().join("gradio"))
}

fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("servers")
}

impl Gradio {
    /// Starts one on a free port; see `servers/gradio_space.py` for the words that it takes.
    pub fn start(words: &[&str]) -> Self {
        let files = tempfile::tempdir().unwrap();
        let mut child = Command::new(python())
            .arg(servers().join("gradio_space.py"))
            .args(words)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("GRADIO_TEMP_DIR", files.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Gradio itself may say something first.
        let said = lines.find_map(|line| serde_json::from_str::<Value>(&line.unwrap()).ok());
        let said = said.unwrap_or_default();
        let text = |key: &str| said[key].as_str().unwrap().to_owned();
        // What it says later goes nowhere, but its pipe stays open.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: text("listening"), version: text("version"), _files: files }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Gradio's version.
    pub fn version(&self) -> &str {
        &self.version
    }
}

impl Drop for Gradio {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server that most tests of a program share; it ends with the process.
pub fn server() -> &'static Gradio {
    static SERVER: OnceLock<Gradio> = OnceLock::new();
    SERVER.get_or_init(|| Gradio::start(&[]))
}

/// A playground in `folder` with the shared server as a connection, and that connection's id.
pub async fn connected(folder: &Path) -> (Playground, String) {
    let playground = open(folder);
    let wanted = SaveConnection { space: Some(server().url().into()), ..SaveConnection::default() };
    let connection = playground.save_connection(wanted).await.unwrap();
    (playground, connection.id)
}

/// What deltas add up to.
pub fn joined(deltas: &[SpaceDelta], outputs: usize) -> Vec<Value> {
    let mut values = vec![Value::Null; outputs];
    for delta in deltas {
        let value = &mut values[delta.output];
        *value = match &delta.change {
            Change::Replace(new) => new.clone(),
            Change::Append(more) => format!("{}{more}", value.as_str().unwrap_or_default()).into(),
        };
    }
    values
}

/// Named parameters, from a JSON object.
pub fn fields(inputs: &Value) -> Map<String, Value> {
    inputs.as_object().unwrap().clone()
}
