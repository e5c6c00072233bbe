//! Chooses the next token: llama.cpp's samplers in llama.cpp's order, and a grammar where JSON is wanted.

use std::hash::{BuildHasher, Hasher, RandomState};

use limerick_tasks::{Error, ErrorCode, Result};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::json_schema_to_grammar;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;
use serde_json::Value;

use crate::ask::Choice;

/// Chooses token after token of one answer.
pub(crate) struct Chooser {
    chain: LlamaSampler,
    grammar: Option<LlamaSampler>,
}

impl Chooser {
    /// `prompt` is what the penalty for repetition looks back on.
    pub(crate) fn new(
        model: &LlamaModel,
        choice: &Choice,
        schema: Option<&Value>,
        prompt: &[LlamaToken],
        context: u32,
    ) -> Result<Self> {
        let mut chain = penalties(model, choice, prompt, context);
        if choice.greedy {
            chain.push(LlamaSampler::greedy());
        } else {
            chain.extend(narrowing(choice));
            chain.push(LlamaSampler::dist(seed(choice.seed)));
        }
        let grammar = schema.map(|schema| grammar(model, schema)).transpose()?;
        Ok(Self { chain: LlamaSampler::chain(chain, true), grammar })
    }

    /// The next token after what was decoded last.
    pub(crate) fn choose(&mut self, context: &LlamaContext<'_>) -> Result<LlamaToken> {
        let Some(grammar) = &mut self.grammar else {
            return Ok(self.chain.sample(context, -1));
        };
        // To ask the grammar about the whole vocabulary is slow, and mostly the first choice is fine.
        let mut all = context.token_data_array_ith(-1);
        self.chain.apply(&mut all);
        let mut token = chosen(&all)?;
        let mut one = LlamaTokenDataArray::new(vec![LlamaTokenData::new(token, 0.0, 0.0)], false);
        grammar.apply(&mut one);
        if one.data.first().is_none_or(|data| data.logit().is_infinite()) {
            let mut all = context.token_data_array_ith(-1);
            grammar.apply(&mut all);
            self.chain.apply(&mut all);
            token = chosen(&all)?;
        }
        self.chain.accept(token);
        grammar.try_accept(token).map_err(|cause| Error::internal("keep the answer to its schema", cause))?;
        Ok(token)
    }
}

fn chosen(all: &LlamaTokenDataArray) -> Result<LlamaToken> {
    all.selected_token().ok_or_else(|| Error::internal("choose the next word", "no token was selected"))
}

/// Repetition looks at the prompt too (as in transformers), frequency and presence at the answer only (as at OpenAI).
fn penalties(model: &LlamaModel, choice: &Choice, prompt: &[LlamaToken], context: u32) -> Vec<LlamaSampler> {
    let words = model.n_vocab();
    let last = i32::try_from(context).unwrap_or(i32::MAX);
    let mut samplers = Vec::new();
    if let Some(repetition) =
        choice.repetition_penalty.filter(|repetition| (repetition - 1.0).abs() > f64::EPSILON)
    {
        samplers.push(LlamaSampler::penalties(words, last, small(repetition), 0.0, 0.0).with_tokens(prompt));
    }
    let frequency = choice.frequency_penalty.unwrap_or(0.0);
    let presence = choice.presence_penalty.unwrap_or(0.0);
    if frequency != 0.0 || presence != 0.0 {
        samplers.push(LlamaSampler::penalties(words, last, 1.0, small(frequency), small(presence)));
    }
    samplers
}

/// What narrows the choice, in llama.cpp's order. The defaults are llama.cpp's (`common.h`, 2025).
/// A parameter that the person sets alone is not joined by defaults that would hide its effect:
/// the defaults of `top_k` and `min_p` hold only where none of the four is set.
fn narrowing(choice: &Choice) -> Vec<LlamaSampler> {
    let untouched = choice.top_k.is_none()
        && choice.top_p.is_none()
        && choice.min_p.is_none()
        && choice.typical_p.is_none();
    let top_k = choice.top_k.unwrap_or(if untouched { 40 } else { 0 });
    let top_p = choice.top_p.unwrap_or(if untouched { 0.95 } else { 1.0 });
    let min_p = choice.min_p.unwrap_or(if untouched { 0.05 } else { 0.0 });
    let typical_p = choice.typical_p.unwrap_or(1.0);
    let mut samplers = Vec::new();
    if top_k > 0 {
        samplers.push(LlamaSampler::top_k(i32::try_from(top_k).unwrap_or(i32::MAX)));
    }
    if typical_p < 1.0 {
        samplers.push(LlamaSampler::typical(small(typical_p), 1));
    }
    if top_p < 1.0 {
        samplers.push(LlamaSampler::top_p(small(top_p), 1));
    }
    if min_p > 0.0 {
        samplers.push(LlamaSampler::min_p(small(min_p), 1));
    }
    samplers.push(LlamaSampler::temp(small(choice.temperature.unwrap_or(0.8))));
    samplers
}

#[expect(clippy::cast_possible_truncation, reason = "a parameter has few digits, and llama.cpp takes f32")]
fn small(value: f64) -> f32 {
    value as f32
}

/// Folds a seed into llama.cpp's 32 bits, past the one value that means "random" there.
#[expect(clippy::cast_possible_truncation, reason = "folded on purpose")]
fn seed(wanted: Option<u64>) -> u32 {
    let seed = wanted.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    ((seed ^ (seed >> 32)) as u32).min(u32::MAX - 1)
}

fn grammar(model: &LlamaModel, schema: &Value) -> Result<LlamaSampler> {
    let refused = |cause: &dyn std::fmt::Display| {
        let message = "The JSON schema cannot be used; check its types and references.";
        Error::new(ErrorCode::Input, message).with_detail(cause)
    };
    let grammar = json_schema_to_grammar(&schema.to_string()).map_err(|cause| refused(&cause))?;
    LlamaSampler::grammar(model, &grammar, "root").map_err(|cause| refused(&cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_is_a_seed() {
        assert_eq!(seed(Some(7)), 7);
        assert_ne!(seed(Some(u64::from(u32::MAX))), u32::MAX);
        assert_ne!(seed(Some(1 << 32)), seed(Some(0)));
    }
}
