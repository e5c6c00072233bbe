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

#[tokio::test]
async fn further_templates_of_a_model_lie_in_files_of_their_own() {
    let recorder = Recorder::start();
    let config = json!({"chat_template_jinja": "{{ messages[0].content }}"});
    let files =
        ["README.md", "additional_chat_templates/tool_use.jinja", "additional_chat_templates/rag.jinja"];
    let siblings: Vec<_> = files.iter().map(|file| json!({"rfilename": file})).collect();
    let card = json!({"id": "acme/extra", "config": config, "siblings": siblings});
    let file = |name: &str| format!("/acme/extra/resolve/main/additional_chat_templates/{name}.jinja");
    recorder
        .rules(&json!([
            at("/api/models/acme/extra", &json!({"json": card, "template": false})),
            at(&file("tool_use"), &json!({"text": "{{ tools | tojson }}", "template": false})),
            at(&file("rag"), &json!({"text": "found: {{ messages[0].content }}", "template": false})),
        ]))
        .await;
    let ask = |words: &[&str]| {
        let mut all = vec!["--model", "acme/extra"];
        all.extend(words);
        template(&all, Some(&recorder)).1
    };
    assert_eq!(ask(&["--input", "Hi"]), "Hi");
    assert_eq!(ask(&["--input", "Hi", "--format", "rag"]), "found: Hi");
    let with_tools = r#"{"messages": [{"role": "user", "content": "Hi"}], "tools": [{"type": "function"}]}"#;
    assert_eq!(ask(&["--connection", "hf", "--input", with_tools]), r#"[{"type": "function"}]"#);
}

#[tokio::test]
async fn a_server_is_asked_for_the_template_that_it_uses() {
    let recorder = Recorder::start();
    let props = json!({"chat_template": "{{ bos_token }}[{{ messages[0].content }}]", "bos_token": "<s>", "build_info": "b1"});
    recorder.rules(&json!([at("/props", &json!({"json": props, "template": false}))])).await;
    for url in [recorder.at("/"), recorder.at("/v1"), recorder.at("/v1/chat/completions")] {
        let (code, prompt, complaint) = template(&["--url", url.as_str(), "--input", "Hi"], None);
        assert_eq!((code, prompt.as_str(), complaint.as_str()), (0, "<s>[Hi]", ""), "{url}");
    }
}

#[tokio::test]
async fn a_server_that_tells_none_makes_its_own_prompts() {
    let recorder = Recorder::start();
    let missing = json!({"status": 404, "json": {"error": "File Not Found"}});
    recorder.rules(&json!([at("/props", &missing)])).await;
    let (code, _, complaint) = template(&["--url", recorder.base().as_str(), "--input", "Hi"], None);
    assert_eq!(code, 1);
    assert!(complaint.contains("A server makes its prompts itself"), "{complaint}");
}
