//! A room to listen in: a `PulseAudio` server of its own with a sink that leads nowhere, and a recording of it.

use std::{
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Hertz of every recording.
pub(crate) const RATE: usize = 48_000;
/// How long anything may take before the test is lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// One room at a time: several would take each other's time, and be heard doing so.
static DOOR: Mutex<()> = Mutex::new(());

/// Runs a test in a process of its own that knows the room's server, because the system's sound library reads its
/// address from the environment.
pub(crate) fn alone(name: &str, test: impl FnOnce(&Room)) {
    if env::var_os("LIMERICK_ROOM").is_some() {
        test(&Room::here());
        return;
    }
    let _door = DOOR.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = TempDir::new().unwrap();
    let status = Command::new(env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env("LIMERICK_ROOM", folder.path())
        .env("PULSE_SERVER", address(folder.path()))
        .env("HOME", folder.path())
        .env("XDG_RUNTIME_DIR", folder.path())
        .status()
        .unwrap();
    assert!(status.success(), "{name}, in its room");
}

fn address(folder: &Path) -> String {
    format!("unix:{}", folder.join("native").display())
}

/// The server's folder, and the server where one runs.
pub(crate) struct Room {
    folder: PathBuf,
    server: Mutex<Option<Child>>,
}

impl Room {
    fn here() -> Self {
        Self { folder: env::var_os("LIMERICK_ROOM").unwrap().into(), server: Mutex::default() }
    }

    /// Starts the server; returns when its sink is there.
    pub(crate) fn open(&self) {
        let socket = self.folder.join("native");
        let server = Command::new("pulseaudio")
            .args(["--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "-n"])
            .arg(format!("--load=module-native-protocol-unix socket={} auth-anonymous=1", socket.display()))
            .arg(format!("--load=module-null-sink sink_name=room rate={RATE} format=float32le"))
            .env("PULSE_STATE_PATH", &self.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pulseaudio is installed: `cargo xtask test` sees to it");
        *self.server.lock().unwrap() = Some(server);
        until("the sink", || {
            let said = Command::new("pactl").args(["list", "short", "sinks"]).output().unwrap();
            String::from_utf8_lossy(&said.stdout).contains("room")
        });
    }

    /// Whether anyone plays into the sink.
    pub(crate) fn is_used(&self) -> bool {
        assert!(self.server.lock().unwrap().is_some(), "the room is open");
        let said = Command::new("pactl").args(["list", "short", "sink-inputs"]).output().unwrap();
        !said.stdout.is_empty()
    }

    /// Ends the server, as if the device were pulled out.
    pub(crate) fn close(&self) {
        if let Some(mut server) = self.server.lock().unwrap().take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
        let _ = fs::remove_file(self.folder.join("native"));
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.close();
    }
}

/// What the sink hears, from now on.
pub(crate) struct Recording {
    recorder: Child,
    heard: Arc<Mutex<Vec<f32>>>,
}

impl Recording {
    /// Returns when it runs.
    pub(crate) fn start() -> Self {
        let mut recorder = Command::new("parec")
            .args(["-d", "room.monitor", "--format=float32le", "--channels=2", "--latency-msec=10", "--raw"])
            .arg(format!("--rate={RATE}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let heard = Arc::<Mutex<Vec<f32>>>::default();
        let (out, into) = (recorder.stdout.take().unwrap(), heard.clone());
        thread::spawn(move || listen(out, &into));
        let recording = Self { recorder, heard };
        until("the recorder", || recording.now() > 0);
        recording
    }

    /// Moments so far.
    pub(crate) fn now(&self) -> usize {
        self.heard.lock().unwrap().len() / 2
    }

    /// The left side so far.
    pub(crate) fn left(&self) -> Vec<f32> {
        self.heard.lock().unwrap().iter().copied().step_by(2).collect()
    }

    /// Both sides so far.
    pub(crate) fn sides(&self) -> Vec<[f32; 2]> {
        self.heard.lock().unwrap().chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
    }

    /// Waits until this much was heard after a moment.
    pub(crate) fn wait(&self, from: usize, seconds: f64) {
        let end = from + (seconds * RATE as f64) as usize;
        until("the recording", || self.now() >= end);
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.recorder.kill();
        let _ = self.recorder.wait();
    }
}

fn listen(mut out: ChildStdout, into: &Mutex<Vec<f32>>) {
    let mut rest = Vec::new();
    let mut block = [0; 4096];
    while let Ok(count @ 1..) = out.read(&mut block) {
        rest.extend_from_slice(&block[..count]);
        // Both sides of a moment, or none.
        let whole = rest.len() / 8 * 8;
        let samples = rest[..whole].chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap()));
        into.lock().unwrap().extend(samples);
        rest.drain(..whole);
    }
}

/// Waits until it is so.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what} does not come");
        thread::sleep(Duration::from_millis(2));
    }
}
