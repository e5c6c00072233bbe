//! The second front as others see it: the real `limerick`, its exit codes, its lines and what it sends.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

use limerick_tests::{front, recorder::Recorder};
use serde_json::{Value, json};
use tempfile::TempDir;

const SECRET: &str = "hf_secret_of_this_test";

/// A data folder of its own, and the commands that use it.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// `limerick` with nothing of this machine's own settings or keys.
    fn limerick(&self, words: &[&str]) -> Command {
        let mut command = Command::new(front::limerick());
        for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "LIMERICK_ROUTER", "LIMERICK_LOG"] {
            command.env_remove(name);
        }
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command.env("LIMERICK_DATA", self.folder.path().join("data"));
        command.env("HF_HOME", self.folder.path().join("hf")).env("HF_TOKEN_PATH", "");
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A chat with a scenario of the recorder.
    fn ask(&self, recorder: &Recorder, scenario: &str, words: &[&str]) -> Command {
        let url = recorder.at(&format!("/s/{scenario}/v1"));
        let mut command = self.limerick(&["run", "chat_completion", "--input", "hi", "--url", url.as_str()]);
        command.args(words);
        command
    }

    fn history(&self) -> String {
        text(&done(&mut self.limerick(&["history"])).stdout)
    }
}

fn done(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Every line of stdout as an event; the last one alone is an ending.
fn events(output: &Output) -> Vec<Value> {
    let events: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_ending =
        |event: &&Value| ["done", "failed", "cancelled"].contains(&event["kind"].as_str().unwrap());
    assert_eq!(events.iter().filter(is_ending).count(), 1, "{events:#?}");
    assert!(events.last().as_ref().is_some_and(is_ending), "{events:#?}");
    events
}

/// The text of all deltas.
fn heard(events: &[Value]) -> String {
    events.iter().filter_map(|event| event["delta"]["text"].as_str()).collect()
}

/// A run under way, what it has said, and where it says more.
type Running = (Child, Vec<Value>, BufReader<ChildStdout>);

/// Starts a run with `--events` and reads up to its first piece of text.
fn mid_stream(mut command: Command) -> Running {
    let mut child = command.arg("--events").spawn().unwrap();
    let (mut stdout, mut before) = (BufReader::new(child.stdout.take().unwrap()), Vec::new());
    while !before.last().is_some_and(|event: &Value| event["kind"] == "delta") {
        let mut line = String::new();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "the run ended early: {before:?}");
        before.push(serde_json::from_str(&line).unwrap());
    }
    (child, before, stdout)
}

/// Presses Ctrl-C: how it ended, the last event, and how long that event took.
fn interrupted((mut child, _, stdout): Running) -> (ExitStatus, Value, Duration) {
    let pressed = Instant::now();
    signal(&child, "-INT");
    let (mut last, mut took) = (Value::Null, Duration::ZERO);
    for line in stdout.lines().map(Result::unwrap) {
        assert_ne!(last["kind"], "cancelled", "an event after the ending: {line}");
        (last, took) = (serde_json::from_str(&line).unwrap(), pressed.elapsed());
    }
    (child.wait().unwrap(), last, took)
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn a_stream_is_an_answer_on_stdout_and_a_row_in_history() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let output = done(&mut home.ask(&recorder, "sse-crlf", &[]));
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), "Hello, world!\n"));
    assert_eq!(text(&output.stderr), "");
    let history = home.history();
    assert!(
        history.contains("done, just now: chat_completion") && history.contains("Hello, world!"),
        "{history}"
    );
    let id = history.lines().find_map(|line| line.strip_prefix("  # ")).unwrap();
    assert!(text(&done(&mut home.limerick(&["code", id])).stdout).contains("curl"));
}

#[test]
fn with_events_each_line_is_one_event_and_the_answer_goes_to_a_file_too() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let out = home.folder.path().join("answer.txt");
    let output = done(home.ask(&recorder, "sse-crlf", &["--events"]).arg("--out").arg(&out));
    let events = events(&output);
    assert_eq!((output.status.code(), events[0]["kind"].as_str()), (Some(0), Some("started")));
    assert_eq!(heard(&events), "Hello, world!");
    assert_eq!(events.last().unwrap()["output"]["text"], "Hello, world!");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "Hello, world!");
    let beside: Vec<_> =
        std::fs::read_dir(home.folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!beside.iter().any(|file| file.to_string_lossy().ends_with(".part")), "{beside:?}");
}

#[test]
fn a_refusal_is_one_failed_event_with_its_code_and_one_sentence_without() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let output = done(&mut home.ask(&recorder, "401", &["--events"]));
    let failed = events(&output).pop().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        (&failed["kind"], &failed["code"], &failed["status"]),
        (&json!("failed"), &json!("auth"), &json!(401))
    );
    assert!(failed["message"].as_str().is_some_and(|message| !message.is_empty()));
    let output = done(&mut home.ask(&recorder, "401", &[]));
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
    assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
}

#[test]
fn what_came_before_a_break_or_a_deadline_is_kept() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let began = Instant::now();
    for (scenario, words, code) in [
        ("sse-truncated", &["--events"][..], "incomplete"),
        ("sse-stall", &["--events", "--deadline", "2"], "timeout"),
    ] {
        let output = done(&mut home.ask(&recorder, scenario, words));
        let events = events(&output);
        let failed = events.last().unwrap();
        assert_eq!((output.status.code(), failed["code"].as_str()), (Some(1), Some(code)), "{failed}");
        assert!(!heard(&events).is_empty());
        assert_eq!(failed["output"]["text"].as_str(), Some(heard(&events).as_str()));
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(home.history().contains("waiting …"));
}

#[test]
fn ctrl_c_ends_a_run_at_once_and_keeps_what_came() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let (ended, last, took) = interrupted(mid_stream(home.ask(&recorder, "sse-stall", &[])));
    assert_eq!((ended.code(), last["kind"].as_str()), (Some(130), Some("cancelled")));
    assert!(last["output"]["text"].as_str().unwrap().starts_with("waiting"), "{last}");
    // The promise is 100 ms; a machine at full load gets some more.
    assert!(took < Duration::from_secs(1), "{took:?}");
    let history = home.history();
    assert!(history.contains("stopped") && history.contains("waiting"), "{history}");
}

#[test]
fn ctrl_c_while_the_built_in_model_writes_or_loads_ends_in_order() {
    let home = Home::new();
    let input = r#"{"messages": [{"role": "user", "content": "Tell a long story."}], "max_tokens": 2000}"#;
    let ask = || home.limerick(&["run", "chat_completion", "--model", "quick", "--input", input]);
    let (child, ..) = interrupted(mid_stream(ask()));
    assert_eq!(child.code(), Some(130), "{child}");
    let mut child = ask().arg("--events").spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut String::new()).unwrap();
    let (child, last, _) = interrupted((child, Vec::new(), stdout));
    assert_eq!((child.code(), last["kind"].as_str()), (Some(130), Some("cancelled")), "{child}");
}

#[test]
fn a_killed_run_is_interrupted_with_its_text_when_history_is_opened_again() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let (mut child, _, _stdout) = mid_stream(home.ask(&recorder, "sse-stall", &[]));
    // What has come is stored within 250 ms; until then History says that the run is under way.
    let until = Instant::now() + Duration::from_secs(10);
    while !home.history().contains("waiting …") {
        assert!(Instant::now() < until, "{}", home.history());
    }
    assert!(home.history().contains("running"));
    signal(&child, "-KILL");
    child.wait().unwrap();
    let history = home.history();
    assert!(history.contains("interrupted, just now") && history.contains("waiting …"), "{history}");
}

#[test]
fn a_reader_that_leaves_ends_the_run_without_a_panic() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let (mut child, _, stdout) = mid_stream(home.ask(&recorder, "sse-many", &[]));
    drop(stdout);
    assert_ne!(child.wait().unwrap().code(), None);
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_key_goes_to_its_own_origin_alone_and_is_never_printed() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let records = || runtime().block_on(recorder.records());
    let mut outputs = vec![done(home.ask(&recorder, "chat-ok", &["--events"]).env("HF_TOKEN", SECRET))];
    assert!(!json!(records()).to_string().contains(SECRET), "a server was shown Hugging Face's token");
    let with_key = ["--events", "--key-env", "MY_KEY"];
    outputs.push(done(home.ask(&recorder, "chat-ok", &with_key).env("MY_KEY", SECRET)));
    let sent = records().pop().unwrap();
    assert_eq!(Recorder::header(&sent, "authorization"), Some(format!("Bearer {SECRET}")));
    outputs.push(done(home.ask(&recorder, "redirect-other-origin", &with_key).env("MY_KEY", SECRET)));
    let elsewhere = records().into_iter().filter(|record| record["path"] == "/s/chat-ok/elsewhere");
    assert!(!elsewhere.into_iter().any(|record| record.to_string().contains(SECRET)));
    outputs
        .push(done(home.ask(&recorder, "401", &with_key).env("MY_KEY", SECRET).env("LIMERICK_LOG", "trace")));
    outputs.push(done(&mut home.limerick(&["history"])));
    assert!(
        outputs
            .iter()
            .all(|output| !format!("{:?}", (text(&output.stdout), text(&output.stderr))).contains(SECRET))
    );
}

#[test]
fn hugging_face_is_asked_through_a_proxy_and_an_authority_of_the_environment() {
    let (home, recorder) = (Home::new(), Recorder::start());
    runtime().block_on(recorder.play_peers());
    let ask = |words: &[&str]| {
        let mut command = home.limerick(words);
        command.env("HTTPS_PROXY", recorder.base().as_str()).env("SSL_CERT_FILE", recorder.ca());
        done(command.env("HF_TOKEN", "hf_peer_test_token"))
    };
    let chat =
        ["run", "chat_completion", "--connection", "hf", "--model", "acme/conversational", "--input", "hi"];
    let output = ask(&chat);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).len() > 1);
    let who = ask(&["whoami"]);
    assert!(who.status.success() && text(&who.stdout).starts_with("canned-user"), "{who:?}");
    let models = ask(&["models", "--connection", "hf"]);
    assert!(text(&models.stdout).starts_with("acme/conversational"), "{models:?}");
    let without = done(home.limerick(&chat).arg("--events").env("HTTPS_PROXY", recorder.base().as_str()));
    assert_eq!(
        (without.status.code(), events(&without).pop().unwrap()["code"].clone()),
        (Some(1), json!("auth"))
    );
}

#[test]
fn offline_by_choice_is_kept_here_too() {
    let home = Home::new();
    std::fs::create_dir(home.folder.path().join("data")).unwrap();
    std::fs::write(home.folder.path().join("data/settings.json"), r#"{"offline": true}"#).unwrap();
    let words = ["run", "chat_completion", "--url", "https://canned.test", "--input", "hi", "--events"];
    let output = done(&mut home.limerick(&words));
    assert_eq!(
        (output.status.code(), events(&output).pop().unwrap()["code"].clone()),
        (Some(1), json!("offline"))
    );
}

#[test]
fn the_built_in_model_answers_and_equal_questions_get_equal_answers() {
    let home = Home::new();
    let ask = |task: &str, input: &str| {
        let output =
            done(&mut home.limerick(&["run", task, "--model", "quick", "--events", "--input", input]));
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let events = events(&output);
        let answer = events.last().unwrap()["output"].clone();
        assert_eq!(answer["text"].as_str(), Some(heard(&events).as_str()));
        assert!(answer["usage"]["completion_tokens"].as_u64().unwrap() <= 8, "{answer}");
        heard(&events)
    };
    let chat =
        r#"{"messages": [{"role": "user", "content": "Say hello."}], "temperature": 0, "max_tokens": 8}"#;
    let first = ask("chat_completion", chat);
    assert!(!first.trim().is_empty());
    assert_eq!(ask("chat_completion", chat), first);
    let text =
        ask("text_generation", r#"{"inputs": "One, two, three,", "do_sample": false, "max_new_tokens": 8}"#);
    assert!(text.contains("four"), "{text}");
    let models = text_of(&mut home.limerick(&["models"]));
    assert!(models.contains("quick") && models.contains("good"), "{models}");
}

#[test]
fn what_makes_no_sense_is_refused_with_a_hint_and_nothing_is_sent() {
    let home = Home::new();
    let chat = |words: &[&'static str]| [&["run", "chat_completion"], words].concat();
    let cases = [
        (vec!["run", "text_to_pudding", "--input", "hi"], "chat_completion, text_generation"),
        (chat(&[]), "--input"),
        (chat(&["--input", r#"{"messages": [], "temprature": 0}"#]), "Did you mean temperature?"),
        (chat(&["--input", r#"{"mesages": []}"#]), "extra_body"),
        (chat(&["--input", "@no/such/file"]), "no/such/file"),
        (chat(&["--input", "hi", "--deadline", "0"]), "seconds"),
        (chat(&["--input", "hi", "--connection", "hf"]), "--model"),
        (chat(&["--input", "hi", "--connection", "server"]), "--url"),
        (chat(&["--input", "hi", "--connection", "hf", "--url", "http://localhost"]), "--url"),
        (chat(&["--input", "hi", "--url", "ftp://localhost"]), "--url"),
        (chat(&["--input", "hi", "--url", "http://localhost", "--key-env", "NOT_SET_HERE"]), "--key-env"),
        (chat(&["--input", "hi", "--out", "no/such/folder/file"]), "--out"),
        (vec!["sing"], "sing"),
    ];
    for (words, hint) in cases {
        let output = done(&mut home.limerick(&words));
        assert_eq!(output.status.code(), Some(2), "{words:?}: {output:?}");
        assert!(text(&output.stderr).contains(hint), "{words:?}: {}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "", "{words:?}");
    }
    assert_eq!(home.history(), "");
}

#[test]
fn the_input_comes_from_a_file_or_from_stdin_as_well() {
    let (home, recorder) = (Home::new(), Recorder::start());
    let url = recorder.at("/s/chat-ok/v1");
    let file = home.folder.path().join("question.json");
    std::fs::write(&file, r#"{"messages": [{"role": "user", "content": "from a file"}], "max_tokens": 3}"#)
        .unwrap();
    let from_file = format!("@{}", file.display());
    let words = ["run", "chat_completion", "--url", url.as_str(), "--input"];
    assert!(done(home.limerick(&words).arg(from_file)).status.success());
    let mut child = home.limerick(&words).arg("-").stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("from stdin\n".as_bytes()).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    let records = runtime().block_on(recorder.records());
    let said: Vec<_> =
        records.iter().map(|record| record["json"]["messages"][0]["content"].clone()).collect();
    assert_eq!(
        (said, &records[0]["json"]["max_tokens"]),
        (vec![json!("from a file"), json!("from stdin")], &json!(3))
    );
}

fn text_of(command: &mut Command) -> String {
    text(&done(command).stdout)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}
