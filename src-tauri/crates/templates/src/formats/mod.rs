//! The formats that models without a template were trained on, for models whose makers left it out (hf-api 6.3).
//! Each is a template of our own beside this file; its exact text is in the tests.

use std::collections::BTreeMap;

use crate::{Origin, Template};

/// A built-in format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Its name, such as `chatml`.
    pub name: &'static str,
    /// The template, in Jinja.
    text: &'static str,
    /// `bos_token`; empty where there is none.
    bos: &'static str,
    /// `eos_token`.
    eos: &'static str,
    /// Texts that end an answer.
    pub stop: &'static [&'static str],
}

macro_rules! row {
    ($name:literal, $bos:literal, $eos:literal, $stop:expr) => {
        Format {
            name: $name,
            text: include_str!(concat!($name, ".jinja")),
            bos: $bos,
            eos: $eos,
            stop: &$stop,
        }
    };
}

/// All formats that we know.
pub const FORMATS: &[Format] = &[
    row!("llama2", "<s>", "</s>", ["</s>"]),
    row!("codellama_70b", "<s>", "</s>", ["<step>", "</s>", "Source: assistant"]),
    row!("llama3", "<|begin_of_text|>", "<|eot_id|>", ["<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"]),
    row!("llama3_1", "<|begin_of_text|>", "<|eot_id|>", ["<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"]),
    row!("mistral_v1", "<s>", "</s>", ["</s>"]),
    row!("mixtral", "<s>", "</s>", ["</s>"]),
    row!("mistral_v3", "<s>", "</s>", ["</s>"]),
    row!("mistral_tekken", "<s>", "</s>", ["</s>"]),
    row!("chatml", "", "<|im_end|>", ["<|im_end|>", "<|endoftext|>"]),
    row!("qwen1_5", "", "<|im_end|>", ["<|im_end|>", "<|endoftext|>"]),
    row!("qwen2_5", "", "<|im_end|>", ["<|im_end|>", "<|endoftext|>"]),
    row!("qwen3", "", "<|im_end|>", ["<|im_end|>", "<|endoftext|>"]),
    row!("zephyr", "<s>", "</s>", ["</s>"]),
    row!("smollm2", "<|im_start|>", "<|im_end|>", ["<|im_end|>"]),
    row!("smollm3", "", "<|im_end|>", ["<|im_end|>"]),
    row!("idefics2", "<s>", "</s>", ["<end_of_utterance>", "</s>"]),
    row!("idefics3", "<|im_start|>", "<end_of_utterance>", ["<end_of_utterance>"]),
    row!("gemma", "<bos>", "<eos>", ["<end_of_turn>"]),
    row!("phi3", "<s>", "<|endoftext|>", ["<|end|>", "<|endoftext|>"]),
    row!("openchat", "<s>", "<|end_of_turn|>", ["<|end_of_turn|>"]),
    row!("deepseek_llm", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", ["<｜end▁of▁sentence｜>"]),
    row!("deepseek_coder", "<｜begin▁of▁sentence｜>", "<|EOT|>", ["<|EOT|>"]),
    row!("h2o_danube", "<s>", "</s>", ["</s>"]),
    row!("decilm", "<s>", "</s>", ["###"]),
    row!("alpaca", "<s>", "</s>", ["###"]),
];

impl Format {
    /// A format by its name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The format as a template, with its tokens.
    pub fn template(&self) -> Template {
        let tokens = [("bos_token", self.bos), ("eos_token", self.eos)];
        Template {
            text: self.text.to_owned(),
            name: self.name.to_owned(),
            origin: Origin::BuiltIn,
            tokens: tokens
                .map(|(name, token)| (name.to_owned(), token.to_owned()))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
        }
    }
}

#[cfg(test)]
mod tests;
