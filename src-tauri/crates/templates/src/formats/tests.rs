//! The exact text of every built-in format, as hf-api 6.3 gives it.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::{Value, json};

use super::*;
use crate::{Conversation, render};

/// 2025-07-08.
const NOW: i64 = 1_751_932_800;

fn turns(roles: &[&str]) -> Vec<Value> {
    let turn = |(at, role): (usize, &&str)| {
        let count = roles[..=at].iter().filter(|before| *before == role).count();
        let letter = role[..1].to_uppercase();
        let content = if *role == "system" { letter } else { format!("{letter}{count}") };
        json!({ "role": role, "content": content })
    };
    roles.iter().enumerate().map(turn).collect()
}

fn text(name: &str, messages: Vec<Value>) -> String {
    render(&Format::named(name).unwrap().template(), &Conversation::new(messages).at(NOW)).unwrap()
}

const LONG: [&str; 4] = ["system", "user", "assistant", "user"];
const SHORT: [&str; 3] = ["user", "assistant", "user"];

#[test]
fn every_format_with_a_system_prompt_has_its_exact_text() {
    let wanted = [
        ("llama2", "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nU1 [/INST] A1 </s><s>[INST] U2 [/INST]"),
        (
            "codellama_70b",
            "<s>Source: system\n\n S <step> Source: user\n\n U1 <step> Source: assistant\n\n A1 <step> Source: user\n\n U2 <step> Source: assistant\nDestination: user\n\n ",
        ),
        (
            "llama3",
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nU1<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA1<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nU2<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        (
            "llama3_1",
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nU1<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA1<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nU2<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        ("mistral_v1", "<s>[INST] S\n\nU1 [/INST]A1</s> [INST] U2 [/INST]"),
        ("mixtral", "<s>[INST] S\n\nU1 [/INST]A1</s>[INST] U2 [/INST]"),
        ("mistral_v3", "<s>[INST] S\n\nU1[/INST] A1</s>[INST] U2[/INST]"),
        ("mistral_tekken", "<s>[INST]S\n\nU1[/INST]A1</s>[INST]U2[/INST]"),
        (
            "chatml",
            "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n",
        ),
        (
            "zephyr",
            "<|system|>\nS</s>\n<|user|>\nU1</s>\n<|assistant|>\nA1</s>\n<|user|>\nU2</s>\n<|assistant|>\n",
        ),
        (
            "smollm3",
            "<|im_start|>system\n## Metadata\n\nKnowledge Cutoff Date: June 2025\nToday Date: 08 July 2025\nReasoning Mode: /think\n\n## Custom Instructions\n\nS\n\n<|im_end|>\n<|im_start|>user\nU1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n",
        ),
        (
            "gemma",
            "<bos><start_of_turn>user\nS\n\nU1<end_of_turn>\n<start_of_turn>model\nA1<end_of_turn>\n<start_of_turn>user\nU2<end_of_turn>\n<start_of_turn>model\n",
        ),
        (
            "phi3",
            "<|system|>\nS<|end|>\n<|user|>\nU1<|end|>\n<|assistant|>\nA1<|end|>\n<|user|>\nU2<|end|>\n<|assistant|>\n",
        ),
        (
            "deepseek_llm",
            "<｜begin▁of▁sentence｜>S\n\nUser: U1\n\nAssistant: A1<｜end▁of▁sentence｜>User: U2\n\nAssistant:",
        ),
        (
            "deepseek_coder",
            "<｜begin▁of▁sentence｜>S\n### Instruction:\nU1\n### Response:\nA1\n<|EOT|>\n### Instruction:\nU2\n### Response:\n",
        ),
        ("h2o_danube", "<|prompt|>S\n\nU1</s><|answer|>A1</s><|prompt|>U2</s><|answer|>"),
        ("decilm", "### System:\nS\n### User:\nU1\n### Assistant:\nA1\n### User:\nU2\n### Assistant:"),
        (
            "alpaca",
            "S\n\n### Instruction:\nU1\n\n### Response:\nA1\n\n### Instruction:\nU2\n\n### Response:\n",
        ),
    ];
    for (name, exact) in wanted {
        assert_eq!(text(name, turns(&LONG)), exact, "{name}");
    }
}

#[test]
fn every_format_without_a_system_prompt_has_its_exact_text() {
    let chatml = "<|im_start|>user\nU1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n";
    let with = |system: &str| format!("<|im_start|>system\n{system}<|im_end|>\n{chatml}");
    assert_eq!(text("chatml", turns(&SHORT)), chatml);
    assert_eq!(text("qwen3", turns(&SHORT)), chatml);
    assert_eq!(text("qwen1_5", turns(&SHORT)), with("You are a helpful assistant"));
    let alibaba = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
    assert_eq!(text("qwen2_5", turns(&SHORT)), with(alibaba));
    let smol = "You are a helpful AI assistant named SmolLM, trained by Hugging Face";
    assert_eq!(text("smollm2", turns(&SHORT)), with(smol));
    assert_eq!(text("llama2", turns(&SHORT)), "<s>[INST] U1 [/INST] A1 </s><s>[INST] U2 [/INST]");
    assert_eq!(
        text("openchat", turns(&SHORT)),
        "<s>GPT4 Correct User: U1<|end_of_turn|>GPT4 Correct Assistant: A1<|end_of_turn|>\
         GPT4 Correct User: U2<|end_of_turn|>GPT4 Correct Assistant:"
    );
    assert!(text("alpaca", turns(&SHORT)).starts_with("Below is an instruction that describes a task."));
}

#[test]
fn a_first_picture_stands_close_to_its_speaker() {
    let parts = json!([{"type": "image"}, {"type": "text", "text": "What is this?"}]);
    let messages = vec![json!({"role": "user", "content": parts})];
    let idefics2 = "User:<image>What is this?<end_of_utterance>\nAssistant:";
    assert_eq!(text("idefics2", messages.clone()), idefics2);
    assert_eq!(text("idefics3", messages), format!("<|im_start|>{idefics2}"));
    let words =
        "User: U1<end_of_utterance>\nAssistant: A1<end_of_utterance>\nUser: U2<end_of_utterance>\nAssistant:";
    assert_eq!(text("idefics2", turns(&SHORT)), words);
}

#[test]
fn qwen3_without_thinking_begins_behind_an_empty_thought() {
    let mut conversation = Conversation::new(turns(&["user"]));
    conversation.extra.insert("enable_thinking".into(), json!(false));
    let text = render(&Format::named("qwen3").unwrap().template(), &conversation).unwrap();
    assert!(text.ends_with("<|im_start|>assistant\n<think>\n\n</think>\n\n"), "{text}");
}

#[test]
fn turns_that_must_alternate_are_refused_otherwise() {
    for name in ["llama2", "mistral_v1", "mixtral", "mistral_v3", "gemma"] {
        let conversation = Conversation::new(turns(&["user", "user"]));
        let error = render(&Format::named(name).unwrap().template(), &conversation).unwrap_err();
        assert!(error.message.contains("roles must alternate"), "{error}");
    }
}

#[test]
fn every_format_ends_its_answers_and_can_be_continued() {
    for format in FORMATS {
        assert!(!format.stop.is_empty() && !format.text.contains("TODO"), "{}", format.name);
        let text = text(format.name, turns(&["user", "assistant"]));
        assert!(text.ends_with("A1"), "{}: {text}", format.name);
    }
}
