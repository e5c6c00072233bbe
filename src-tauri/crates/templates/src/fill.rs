//! Fill-in-the-middle: the prompts that code models were trained to complete (hf-api 6.5).

use serde::Serialize;

/// How a family of models is asked for what stands between a prefix and a suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fill {
    /// The family.
    pub name: &'static str,
    /// What stands before the prefix, before the suffix, and before the answer.
    prefix: &'static str,
    suffix: &'static str,
    middle: &'static str,
    suffix_first: bool,
    /// Texts that end the answer.
    pub stop: &'static [&'static str],
    /// What a model's id holds when it is of this family, in small letters.
    models: &'static [&'static str],
}

/// All families that we know.
pub const FILLS: &[Fill] = &[
    row("codellama", ["<PRE> ", " <SUF>", " <MID>"], &["<EOT>", " <EOT>"], &["codellama", "code-llama"]),
    Fill {
        suffix_first: true,
        ..row("codellama_suffix_first", ["<PRE> <SUF>", " <MID> ", ""], &["<EOT>", " <EOT>"], &[])
    },
    row(
        "starcoder",
        ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"],
        &["<|endoftext|>", "<file_sep>"],
        &[
            "starcoder",
            "granite-3b-code",
            "granite-8b-code",
            "granite-20b-code",
            "granite-34b-code",
            "granite-code",
        ],
    ),
    row("santacoder", ["<fim-prefix>", "<fim-suffix>", "<fim-middle>"], &["<|endoftext|>"], &["santacoder"]),
    row(
        "qwen2.5_coder",
        ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"],
        &["<|endoftext|>", "<|file_sep|>", "<|fim_pad|>"],
        &["qwen2.5-coder", "qwen3-coder", "codeqwen"],
    ),
    row(
        "codegemma",
        ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"],
        &["<|file_separator|>", "<eos>"],
        &["codegemma"],
    ),
    row(
        "deepseek_coder",
        ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"],
        &["<｜end▁of▁sentence｜>"],
        &["deepseek-coder"],
    ),
    Fill {
        suffix_first: true,
        ..row("codestral", ["<s>[SUFFIX]", "[PREFIX]", ""], &["</s>"], &["codestral"])
    },
];

const fn row(
    name: &'static str,
    [prefix, suffix, middle]: [&'static str; 3],
    stop: &'static [&'static str],
    models: &'static [&'static str],
) -> Fill {
    Fill { name, prefix, suffix, middle, suffix_first: false, stop, models }
}

impl Fill {
    /// The family by its name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FILLS.iter().find(|fill| fill.name == name)
    }

    /// The family of a model, by its id; code models of 34B and 70B of `CodeLlama` were not trained for it.
    pub fn of_model(id: &str) -> Option<&'static Self> {
        let id = id.to_lowercase();
        let untrained = id.contains("llama") && (id.contains("34b") || id.contains("70b"));
        let is_of = |fill: &&Fill| fill.models.iter().any(|part| id.contains(part));
        FILLS.iter().find(is_of).filter(|_| !untrained)
    }

    /// The prompt that asks for what stands between.
    pub fn prompt(&self, prefix: &str, suffix: &str) -> String {
        let (first, second) = if self.suffix_first { (suffix, prefix) } else { (prefix, suffix) };
        [self.prefix, first, self.suffix, second, self.middle].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(name: &str) -> Option<String> {
        Fill::named(name).map(|fill| fill.prompt("P", "S"))
    }

    #[test]
    fn every_family_is_asked_in_its_own_words() {
        let wanted = [
            ("codellama", "<PRE> P <SUF>S <MID>"),
            ("codellama_suffix_first", "<PRE> <SUF>S <MID> P"),
            ("starcoder", "<fim_prefix>P<fim_suffix>S<fim_middle>"),
            ("santacoder", "<fim-prefix>P<fim-suffix>S<fim-middle>"),
            ("qwen2.5_coder", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>"),
            ("codegemma", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>"),
            ("deepseek_coder", "<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>"),
            ("codestral", "<s>[SUFFIX]S[PREFIX]P"),
        ];
        assert_eq!(wanted.len(), FILLS.len());
        for (name, text) in wanted {
            assert_eq!(prompt(name).as_deref(), Some(text), "{name}");
        }
    }

    #[test]
    fn a_model_is_known_by_its_id() {
        let family = |id| Fill::of_model(id).map(|fill| fill.name);
        assert_eq!(family("Qwen/Qwen2.5-Coder-1.5B"), Some("qwen2.5_coder"));
        assert_eq!(family("codellama/CodeLlama-7b-hf"), Some("codellama"));
        assert_eq!(family("codellama/CodeLlama-34b-Instruct-hf"), None);
        assert_eq!(family("bigcode/starcoder2-3b"), Some("starcoder"));
        assert_eq!(family("meta-llama/Llama-3.1-8B"), None);
    }
}
