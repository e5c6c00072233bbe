//! Starts the real transformers and diffusers behind Hugging Face's forms, with tiny models of random weights.
//! Torch is large: this is for a developer's bench.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a bench fails by panicking")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{Mutex, mpsc};
use url::Url;

use crate::python::{cache, python_with};

/// A running server; it ends with this value, or with the process.
pub struct Transformers {
    child: Child,
    url: Url,
    told: Mutex<mpsc::UnboundedReceiver<Value>>,
    _models: TempDir,
}

/// `LIMERICK_TORCH_PYTHON` names a Python that has the packages; otherwise one is made in the cache, once.
pub fn python() -> PathBuf {
    if let Some(named) = std::env::var_os("LIMERICK_TORCH_PYTHON").filter(|named| !named.is_empty()) {
        return named.into();
    }
    python_with(&servers().join("transformers.txt"), &cache().join("transformers"))
}

fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("servers")
}

/// One of the scripts; it asks nobody on the network and leaves no compiled files beside itself.
fn script(python: &Path, name: &str, models: &Path) -> Command {
    let mut command = Command::new(python);
    command.arg(servers().join(name)).arg(models).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("HF_HUB_OFFLINE", "1").env("TRANSFORMERS_VERBOSITY", "error").stderr(Stdio::null());
    command
}

impl Transformers {
    /// Makes the models and starts the server on a free port.
    pub fn start() -> Self {
        let (python, models) = (python(), tempfile::tempdir().unwrap());
        let made = script(&python, "tiny_models.py", models.path()).status().unwrap();
        assert!(made.success(), "The models could not be made: run tests/servers/tiny_models.py by hand.");
        let mut server = script(&python, "transformers_server.py", models.path());
        let mut child = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut lines = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
        let said = lines.next().unwrap_or_default();
        let url = Url::parse(said["listening"].as_str().unwrap()).unwrap();
        let (tell, told) = mpsc::unbounded_channel();
        // It reads on when nobody listens any more, so that the server never waits for us.
        std::thread::spawn(move || lines.for_each(|line| drop(tell.send(line))));
        Self { child, url, told: Mutex::new(told), _models: models }
    }

    /// Its address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the next line that says so of a question at this path; what comes before it is thrown away. False
    /// where none comes in a minute.
    pub async fn says(&self, path: &str, state: &str) -> bool {
        let mut told = self.told.lock().await;
        let next = async {
            while let Some(line) = told.recv().await {
                if line["path"] == path && line["state"] == state {
                    return true;
                }
            }
            false
        };
        tokio::time::timeout(Duration::from_secs(60), next).await.unwrap_or(false)
    }

    /// Throws away what it has told so far.
    pub async fn forget(&self) {
        let mut told = self.told.lock().await;
        while told.try_recv().is_ok() {}
    }
}

impl Drop for Transformers {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
