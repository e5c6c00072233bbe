//! `limerick template`: the exact prompt of a built-in model, of a model of the Hub, of a format, and of a gap.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

use limerick_tests::{engine, front, recorder::Recorder};
use serde_json::json;

/// What `limerick template` says: its exit code, its prompt, its complaint.
fn template(words: &[&str], hub: Option<&Recorder>) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(front::limerick());
    for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "LIMERICK_ROUTER", "LIMERICK_LOG"] {
        command.env_remove(name);
    }
    if let Some(hub) = hub {
        command.env("HF_ENDPOINT", hub.base().as_str());
    }
    command.env("LIMERICK_DATA", folder.path().join("data"));
    command.env("LIMERICK_MODELS", engine::quick().path.parent().unwrap());
    command.env("HF_HOME", folder.path().join("hf")).env("HF_TOKEN_PATH", "");
    let done = command.arg("template").args(words).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

/// A rule of the recorder for one path.
fn at(path: &str, answer: &serde_json::Value) -> serde_json::Value {
    json!({"match": {"path": format!("^{path}$")}, "respond": answer})
}

#[test]
fn the_built_in_models_prompt_is_printed_to_the_letter() {
    let (code, prompt, complaint) = template(&["--model", "quick", "--input", "Hi"], None);
    assert_eq!((code, complaint.as_str()), (0, ""));
    assert_eq!(
        prompt,
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n\
         <|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    );
}

#[tokio::test]
async fn a_model_of_the_hub_is_asked_for_its_template_and_its_tokens() {
    let recorder = Recorder::start();
    let template_of_tools =
        "{{ bos_token }}{{ tools | tojson }}{% for m in messages %}[{{ m.content }}]{% endfor %}";
    let rows = json!([{"name": "default", "template": "{{ bos_token }}{{ messages[0].content }}|{{ eos_token }}"},
        {"name": "tool_use", "template": template_of_tools}]);
    let config = json!({"tokenizer_config": {"chat_template": rows, "bos_token": {"content": "<s>"}, "eos_token": "</s>"}});
    let none = json!({"json": {"id": "acme/bare", "config": {}, "siblings": []}});
    recorder
        .rules(&json!([
            at(
                "/api/models/acme/talks",
                &json!({"json": {"id": "acme/talks", "config": config}, "template": false})
            ),
            at("/api/models/acme/bare", &none),
        ]))
        .await;
    let ask = |words: &[&str]| template(words, Some(&recorder));
    let (code, prompt, complaint) = ask(&["--model", "acme/talks", "--input", "Grüße <b>"]);
    assert_eq!((code, prompt.as_str(), complaint.as_str()), (0, "<s>Grüße <b>|</s>", ""));
    let with_tools = r#"{"messages": [{"role": "user", "content": "Hi"}], "tools": [{"type": "function"}]}"#;
    let (_, prompt, _) = ask(&["--model", "acme/talks", "--connection", "hf", "--input", with_tools]);
    assert_eq!(prompt, "<s>[{\"type\": \"function\"}][Hi]");
    let (code, _, complaint) = ask(&["--model", "acme/bare", "--input", "Hi"]);
    assert_eq!(code, 1);
    assert!(complaint.contains("has no chat template") && complaint.contains("chatml"), "{complaint}");
    let (_, prompt, _) = ask(&["--model", "acme/bare", "--format", "phi3", "--input", "Hi"]);
    assert_eq!(prompt, "<|user|>\nHi<|end|>\n<|assistant|>\n");
}

#[test]
fn a_gap_is_asked_for_in_the_models_own_words() {
    let (code, prompt, _) =
        template(&["--fim", "--model", "Qwen/Qwen2.5-Coder-7B", "--input", "a(<FILL_ME>)"], None);
    assert_eq!((code, prompt.as_str()), (0, "<|fim_prefix|>a(<|fim_suffix|>)<|fim_middle|>"));
    let (code, _, complaint) = template(&["--fim", "--model", "quick", "--input", "a(<FILL_ME>)"], None);
    assert_eq!(code, 1);
    assert!(complaint.contains("not known to fill gaps"), "{complaint}");
    let (code, _, complaint) = template(&["--fim", "--model", "quick", "--input", "no gap"], None);
    assert_eq!(code, 2);
    assert!(complaint.contains("<FILL_ME>"), "{complaint}");
}

#[test]
fn a_server_makes_its_own_prompts() {
    let (code, _, complaint) = template(&["--url", "http://localhost:9", "--input", "Hi"], None);
    assert_eq!(code, 1);
    assert!(complaint.contains("A server makes its prompts itself"), "{complaint}");
}
