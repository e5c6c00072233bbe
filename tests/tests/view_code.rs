//! View code: our client makes a call behind the recorder; the code that Limerick writes for it is run, unchanged,
//! by the real Python, Node, curl and `limerick`, and sends the same, or stands in [`DIFFERENCES`] with the reason.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use limerick_playground::{
    Language, Playground, SaveConnection, SetKey, Snippet, StartRun,
    commands::{Id, Nothing},
};
use limerick_tests::{front, peers, python::python_with, recorder::Recorder};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use uuid::Uuid;

const CASES: &str = include_str!("../code/cases.json");
const TOKEN: &str = "hf_peer_test_token";
const OWN_KEY: &str = "key_peer_test";

/// Where the code sends something else on purpose: whose code, the start of the case's name, and the reason.
const DIFFERENCES: &[(Language, &str, &str)] = &[
    (
        Language::Python,
        "hf automatic_speech_recognition",
        "It calls a WAV file audio/x-wav, the older name of the same.",
    ),
    (
        Language::Python,
        "hf plain zero_shot_classification",
        "It always sends multi_label; false is the default.",
    ),
    (Language::Python, "picture at fal-ai", SYNCHRONOUS),
    (Language::Python, "sized picture at fal-ai", SYNCHRONOUS),
    (Language::Python, "picture of the first provider", SYNCHRONOUS),
    (Language::Python, "own key picture", SYNCHRONOUS),
    (Language::Python, "sound at fal-ai", "It calls every sound audio/mpeg; fal looks at the bytes."),
    (
        Language::PythonOpenai,
        "embeddings at together",
        "It asks for the same numbers in base64 unless it is told otherwise.",
    ),
    (
        Language::Cli,
        "billed ",
        "Who pays is a setting of the connection, which the command line reads where it runs.",
    ),
];
const SYNCHRONOUS: &str =
    "It asks fal's synchronous route for the same picture, without a place in the queue.";

/// Answers of the counterparty that a client does not read, though it asked rightly.
const UNREAD: &[(Language, &str, &str)] = &[
    (Language::Python, "hf zero_shot_classification", OLDER_FORM),
    (Language::Python, "hf plain zero_shot_classification", OLDER_FORM),
];
const OLDER_FORM: &str = "The counterparty answers {labels, scores}; this client reads a list alone.";

/// A case, our own exchanges, and the code.
struct Made {
    name: String,
    ours: Vec<Value>,
    snippets: Vec<Snippet>,
}

/// A folder with the files that code reads and writes, and the counterparty.
struct Bench {
    folder: TempDir,
    recorder: Recorder,
    playground: Playground,
}

impl Bench {
    async fn new() -> Self {
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

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// What was sent since the last time, beside questions to the Hub.
    async fn sent(&self) -> Vec<Value> {
        let records = self.recorder.take().await;
        exchanges(records.iter())
    }

    /// Our client makes the call; then the code is written.
    async fn make(&self, case: &Value) -> Made {
        let connection = self.connection(case).await;
        let mut input = case["input"].clone();
        self.fill(&mut input);
        input["task"] = case["task"].clone();
        let id = Uuid::now_v7().to_string();
        let start = StartRun {
            id: id.clone(),
            connection,
            provider: case["provider"].as_str().map(str::to_owned),
            input: serde_json::from_value(input).unwrap(),
            turn: None,
            deadline: None,
        };
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
                *value = json!(limerick_inference::Media::new(bytes, "").data_uri());
            }
            Value::Array(list) => list.iter_mut().for_each(|one| self.fill(one)),
            Value::Object(fields) => fields.values_mut().for_each(|one| self.fill(one)),
            _ => {}
        }
    }

    /// A program that knows the counterparty and the keys, and nothing else of this machine.
    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
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
    async fn scripts(&self, mut command: Command, scripts: &[PathBuf]) -> Vec<(Value, Vec<Value>)> {
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
    async fn shell(&self, script: &Path) -> (Value, Vec<Value>) {
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
fn clients() -> PathBuf {
    if !code().join("node_modules/@huggingface/inference").is_dir() {
        let done = Command::new("npm").args(["ci", "--silent"]).current_dir(code()).status().unwrap();
        assert!(done.success(), "npm ci failed in tests/code");
    }
    python_with(&code().join("requirements.txt"), &Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-code"))
}

/// A Python and a Node with the official clients.
fn interpreters(bench: &Bench) -> [Command; 2] {
    static CLIENTS: OnceLock<PathBuf> = OnceLock::new();
    let python = CLIENTS.get_or_init(clients);
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
fn terse(mut exchange: Value) -> Value {
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

/// What the code of a language must send: everything, or the first request where it stops there.
fn wanted(made: &Made, snippet: &Snippet) -> Vec<Value> {
    let first = || made.ours.iter().take(1).cloned().collect::<Vec<_>>();
    match snippet.language {
        Language::Curl => first(),
        Language::Javascript if snippet.title.contains("fetch") => first(),
        Language::PythonOpenai => first().into_iter().map(terse).collect(),
        Language::Python | Language::Javascript => made.ours.iter().cloned().map(terse).collect(),
        Language::Cli => made.ours.clone(),
    }
}

/// Whether a case stands in a list.
fn listed(list: &[(Language, &str, &str)], language: Language, name: &str) -> bool {
    list.iter().any(|(of, start, _)| *of == language && name.starts_with(start))
}

/// Writes the code of one language into files; which cases they belong to.
fn files(bench: &Bench, made: &[Made], language: Language, ending: &str) -> Vec<(usize, PathBuf)> {
    let mut files = Vec::new();
    for (number, one) in made.iter().enumerate() {
        let snippet = one.snippets.iter().find(|snippet| snippet.language == language).unwrap();
        assert!(snippet.code.is_some() != snippet.why.is_some());
        if let Some(text) = &snippet.code {
            for secret in [TOKEN, OWN_KEY] {
                assert!(!text.contains(secret), "{}: a key stands in the code", one.name);
            }
            let path = bench.work().join(format!("{language:?}-{number}.{ending}"));
            std::fs::write(&path, text).unwrap();
            files.push((number, path));
        }
    }
    files
}

/// What the code of one language told and sent, case by case, with the file that it stands in.
async fn run(bench: &Bench, made: &[Made], language: Language) -> Vec<(usize, PathBuf, Value, Vec<Value>)> {
    let ending = match language {
        Language::Python | Language::PythonOpenai => "py",
        Language::Javascript => "mjs",
        Language::Curl | Language::Cli => "sh",
    };
    let files = files(bench, made, language, ending);
    let paths: Vec<PathBuf> = files.iter().map(|(_, path)| path.clone()).collect();
    let [python, node] = interpreters(bench);
    let mut done = Vec::new();
    match ending {
        "py" => done = bench.scripts(python, &paths).await,
        "mjs" => done = bench.scripts(node, &paths).await,
        _ => {
            for path in &paths {
                done.push(bench.shell(path).await);
            }
        }
    }
    files.into_iter().zip(done).map(|((number, path), (told, sent))| (number, path, told, sent)).collect()
}

/// Runs the code of one language; complaints, and how many were equal or different on purpose.
async fn judge(bench: &Bench, made: &[Made], language: Language) -> (String, [usize; 2]) {
    let (mut complaints, mut counts) = (String::new(), [0, 0]);
    for (number, path, told, mut sent) in run(bench, made, language).await {
        let one = &made[number];
        let snippet = one.snippets.iter().find(|snippet| snippet.language == language).unwrap();
        if !matches!(language, Language::Curl | Language::Cli) && !snippet.title.contains("fetch") {
            sent = sent.into_iter().map(terse).collect();
        }
        let want = wanted(one, snippet);
        let (equal, unread) = (sent == want, told["failed"].is_string());
        counts[usize::from(!equal)] += 1;
        let known = equal != listed(DIFFERENCES, language, &one.name)
            && unread == listed(UNREAD, language, &one.name);
        if !known {
            let text = std::fs::read_to_string(path).unwrap();
            complaints += &format!(
                "\n── {language:?}, {}: {}\n{text}\n  sent {}\n  want {}\n",
                one.name,
                told["failed"],
                json!(sent),
                json!(want)
            );
        }
    }
    (complaints, counts)
}

const LANGUAGES: [Language; 5] =
    [Language::Curl, Language::Python, Language::PythonOpenai, Language::Javascript, Language::Cli];

#[tokio::test(flavor = "multi_thread")]
async fn code_that_was_written_for_a_run_sends_what_the_run_sent() {
    let bench = Bench::new().await;
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let mut made = Vec::new();
    for case in &cases {
        made.push(bench.make(case).await);
    }
    let (mut complaints, mut counts) = (String::new(), BTreeMap::new());
    for language in LANGUAGES {
        let (more, count) = judge(&bench, &made, language).await;
        complaints += &more;
        counts.insert(format!("{language:?}"), count);
    }
    println!("equal, different on purpose: {counts:?} of {}", cases.len());
    for (language, start, why) in DIFFERENCES.iter().chain(UNREAD) {
        println!("  {language:?}, {start}*: {why}");
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// Pieces of texts that end literals, begin others, or mean something to a shell.
const HOSTILE: [&str; 40] = [
    "\"",
    "'",
    "\\",
    "`",
    "$",
    "${x}",
    "$(id)",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{feff}",
    "</script>",
    "<!--",
    "{",
    "}",
    "{0}",
    "%s",
    "%",
    "\\n",
    "\\u0041",
    "\\x",
    "\"\"\"",
    "'''",
    "''",
    "EOF",
    "JSON\n",
    "#",
    "@x",
    "!",
    "é",
    "👩‍👧",
    "\u{10ffff}",
];

/// Texts of these pieces, always the same.
fn hostile() -> Vec<String> {
    let mut number: u64 = 7;
    let mut next = move || {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(number >> 33).unwrap()
    };
    let mut text = |_| (0..1 + next() % 6).map(|_| HOSTILE[next() % HOSTILE.len()]).collect();
    let mixed: Vec<String> = (0..300).map(&mut text).collect();
    HOSTILE.iter().map(|&one| one.to_owned()).chain(mixed).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_can_leave_the_place_where_it_is_quoted() {
    let bench = Bench::new().await;
    let texts = hostile();
    let names: Map<String, Value> =
        texts.iter().chain([&"__proto__".to_owned()]).map(|text| (format!("k{text}"), json!(text))).collect();
    let messages: Vec<Value> = texts.iter().map(|text| json!({"role": "user", "content": text})).collect();
    let picture = [json!({"type": "image_url", "image_url": {"url": "@image.png"}})];
    let parts: Vec<Value> =
        texts.iter().map(|text| json!({"type": "text", "text": text})).chain(picture).collect();
    let cases = [
        json!({"name": "texts", "server": "/v1", "task": "chat_completion",
            "input": {"model": texts.concat().replace(['\0', '\n', '\r'], ""), "messages": messages, "stream": false,
                "extra_body": {"names": names, "__proto__": {"x": 1}}}}),
        json!({"name": "texts with a picture", "server": "/v1", "task": "chat_completion",
            "input": {"model": "m", "messages": [{"role": "user", "content": parts}], "stream": false}}),
    ];
    let mut made = Vec::new();
    for case in &cases {
        // A text that begins with @ is no file here.
        let mut one = case.clone();
        protect(&mut one["input"]);
        made.push(bench.make(&one).await);
    }
    for language in LANGUAGES {
        let done = run(&bench, &made, language).await;
        assert_eq!(done.len(), made.len(), "{language:?}");
        for (number, path, told, sent) in done {
            let why = || format!("{language:?}: {} in {}", told["failed"], path.display());
            let same = sent.into_iter().map(terse).eq(made[number].ours.iter().cloned().map(terse));
            assert!(same, "{}", why());
        }
    }
}

/// Keeps `@` at the start of a text for pictures alone.
fn protect(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with('@') && text != "@image.png" => text.insert(0, ' '),
        Value::Array(list) => list.iter_mut().for_each(protect),
        Value::Object(fields) => fields.values_mut().for_each(protect),
        _ => {}
    }
}
