//! `limerick space` against the real Gradio server: what it lists, writes and returns.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use limerick_tests::front::limerick;
use limerick_tests::gradio::server;
use serde_json::{Value, json};

/// A small picture.
fn picture(prompt: &str) -> String {
    json!({"prompt": prompt, "negative_prompt": "", "seed": 7, "randomize_seed": false, "width": 96, "height": 64, "num_inference_steps": 1}).to_string()
}

#[test]
fn the_command_line_lists_a_space_and_calls_it() {
    let folder = tempfile::tempdir().unwrap();
    let limerick = |words: &[&str]| {
        let mut command = Command::new(limerick());
        command.env_remove("HF_TOKEN").env("LIMERICK_DATA", folder.path().join("data"));
        let done = command.args(["space", server().url()]).args(words).output().unwrap();
        (
            done.status.code().unwrap(),
            String::from_utf8(done.stdout).unwrap(),
            String::from_utf8(done.stderr).unwrap(),
        )
    };
    let (code, listed, _) = limerick(&[]);
    assert_eq!((code, listed.contains("  width: number, 64 to 1440, otherwise 1024")), (0, true), "{listed}");
    assert_eq!(
        limerick(&["--call", "chat", "--input", "hi"]).1,
        "You said: hi — und auf Wiedersehen \u{1f44b}.\n"
    );
    let file = folder.path().join("cat.png");
    let input = picture("a cat");
    let (code, answer, _) =
        limerick(&["--call", "/infer", "--input", &input, "--out", file.to_str().unwrap()]);
    assert_eq!((code, answer.lines().last()), (0, Some("Seed: 7")), "{answer}");
    let named = format!("@{}", file.display());
    assert_eq!(limerick(&["--call", "caption", "--input", &named]).1, "a 96x64 picture\n");
    let quota = picture("QUOTA");
    let (code, events, _) = limerick(&["--call", "infer", "--events", "--input", &quota]);
    let last: Value = serde_json::from_str(events.lines().last().unwrap()).unwrap();
    assert_eq!((code, &last["kind"], &last["error"]["code"]), (1, &json!("failed"), &json!("limit")));
    let (code, _, words) = limerick(&["--call", "nowhere"]);
    assert!(code == 2 && words.contains("/album"), "{words}");
}
