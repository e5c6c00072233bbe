//! Texts: what every such task is asked for, and what its answers must look like.

use limerick_inference::ErrorCode;
use limerick_tasks as tasks;
use serde_json::{Value, json};

use crate::questions::{Question, Tried, UNKNOWN, UNUSED, all_parts, are, merge};

/// What an answer says about its places is held against it.
const TEXT: &str = "my name is Sarah and I live in Zürich";

/// Some characters of a text.
fn part(text: &str, start: Option<u32>, end: Option<u32>) -> String {
    let (start, end) = (start.unwrap_or_default() as usize, end.unwrap_or_default() as usize);
    text.chars().take(end).skip(start).collect()
}

fn chat(more: &Value) -> Value {
    let mut input = json!({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello world"}]});
    merge(&mut input, more);
    input
}

impl Tried for tasks::ChatCompletion {
    fn good() -> Vec<Question> {
        [json!({"max_tokens": 12}), json!({"max_tokens": 12, "stream": false, "temperature": 0.7, "seed": 7})]
            .map(|more| ("text-generation", chat(&more)))
            .to_vec()
    }

    fn is_right(_: &tasks::ChatInput, output: &tasks::ChatOutput) -> bool {
        let counted = output
            .usage
            .is_some_and(|usage| (1..=12).contains(&usage.completion_tokens) && usage.prompt_tokens > 10);
        counted && !output.text.is_empty() && output.finish_reason.is_some()
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let question = ("text-generation", chat(&json!({"extra_body": {"seed": "x"}})));
        (question, ErrorCode::Input, "should be a valid integer")
    }

    fn long() -> Option<Question> {
        Some(("text-generation", chat(&json!({"max_tokens": 4000, "extra_body": {"min_tokens": 4000}}))))
    }
}

impl Tried for tasks::TextGeneration {
    fn good() -> Vec<Question> {
        [json!({}), json!({"stream": false, "return_full_text": false, "temperature": 0.7, "do_sample": true, "top_k": 5})]
            .map(|more| {
                let mut input = json!({"prompt": "Once upon", "max_new_tokens": 12});
                merge(&mut input, &more);
                ("text-generation", input)
            })
            .to_vec()
    }

    fn is_right(_: &tasks::TextInput, output: &tasks::TextOutput) -> bool {
        !output.text.is_empty() && !output.text.starts_with("Once upon")
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"prompt": "Once", "extra_body": {"no_such": 1}});
        (("text-generation", input), ErrorCode::Input, UNUSED)
    }

    fn long() -> Option<Question> {
        let input = json!({"prompt": "Once", "max_new_tokens": 4000, "extra_body": {"min_new_tokens": 4000}});
        Some(("text-generation", input))
    }
}

impl Tried for tasks::TextClassification {
    fn good() -> Vec<Question> {
        let full = json!({"text": TEXT, "top_k": 2, "function_to_apply": "sigmoid"});
        vec![("text-classification", json!({"text": TEXT})), ("text-classification", full)]
    }

    fn is_right(input: &tasks::TextClassificationInput, output: &tasks::Labels) -> bool {
        all_parts(output) && output.labels.len() == input.top_k.unwrap_or(3) as usize
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (
            ("text-classification", json!({"text": "a ".repeat(300)})),
            ErrorCode::Provider,
            "must match the size of tensor",
        )
    }
}

impl Tried for tasks::TokenClassification {
    fn good() -> Vec<Question> {
        let each = json!({"text": TEXT, "aggregation_strategy": "none", "ignore_labels": ["B-PER"]});
        vec![("token-classification", json!({"text": TEXT})), ("token-classification", each)]
    }

    fn is_right(input: &tasks::TokenClassificationInput, output: &tasks::TokenClassificationOutput) -> bool {
        let fits = |one: &tasks::Entity| {
            let grouped = one.entity_group.is_some() == input.aggregation_strategy.is_none();
            let there = part(&input.text, one.start, one.end).to_lowercase();
            grouped
                && (there == one.word
                    || one.word.contains("##")
                    || one.word.contains('[')
                    || there == "zürich")
        };
        !output.entities.is_empty() && output.entities.iter().all(fits)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (
            ("token-classification", json!({"text": TEXT, "extra_body": {"no_such": 1}})),
            ErrorCode::Input,
            UNKNOWN,
        )
    }
}

impl Tried for tasks::ZeroShotClassification {
    fn good() -> Vec<Question> {
        let plain = json!({"text": TEXT, "candidate_labels": ["refund", "legal", "faq"]});
        let full = json!({"text": TEXT, "candidate_labels": ["refund", "legal"], "multi_label": true, "hypothesis_template": "This is about {}"});
        [plain, full].map(|input| ("zero-shot-classification", input)).to_vec()
    }

    fn is_right(input: &tasks::ZeroShotClassificationInput, output: &tasks::Labels) -> bool {
        are(output, &input.candidate_labels)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"text": "a ".repeat(300), "candidate_labels": ["refund"]});
        (("zero-shot-classification", input), ErrorCode::Provider, "must match the size of tensor")
    }
}

impl Tried for tasks::Summarization {
    fn good() -> Vec<Question> {
        let full = json!({"text": TEXT, "truncation": "only_first", "clean_up_tokenization_spaces": false, "generate_parameters": {"max_new_tokens": 9}});
        vec![("summarization", json!({"text": TEXT})), ("summarization", full)]
    }

    fn is_right(_: &tasks::SummarizationInput, output: &tasks::SummarizationOutput) -> bool {
        !output.summary_text.is_empty()
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"text": TEXT, "generate_parameters": {"no_such": 1}});
        (("summarization", input), ErrorCode::Input, UNUSED)
    }
}

impl Tried for tasks::Translation {
    fn good() -> Vec<Question> {
        let full = json!({"text": TEXT, "src_lang": "en", "tgt_lang": "de", "truncation": "longest_first"});
        vec![("translation", json!({"text": TEXT})), ("translation", full)]
    }

    fn is_right(_: &tasks::TranslationInput, output: &tasks::TranslationOutput) -> bool {
        !output.translation_text.is_empty()
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (("translation", json!({"text": TEXT, "extra_body": {"no_such": 1}})), ErrorCode::Input, UNKNOWN)
    }
}

impl Tried for tasks::FillMask {
    fn good() -> Vec<Question> {
        let two = json!({"text": "a [MASK] of a [MASK]", "top_k": 2, "targets": ["cat", "dog", "fox"]});
        vec![("fill-mask", json!({"text": "a photo of a [MASK]"})), ("fill-mask", two)]
    }

    fn is_right(input: &tasks::FillMaskInput, output: &tasks::FillMaskOutput) -> bool {
        let count = input.top_k.unwrap_or(5) as usize;
        let full = |gap: &Vec<tasks::MaskFilling>| {
            gap.len() == count && gap.iter().all(|one| !one.token_str.is_empty())
        };
        output.masks.len() == input.text.matches("[MASK]").count() && output.masks.iter().all(full)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (("fill-mask", json!({"text": "no gap"})), ErrorCode::Provider, "No mask_token ([MASK]) found")
    }
}

impl Tried for tasks::QuestionAnswering {
    fn good() -> Vec<Question> {
        let ask = |more: &Value| {
            let mut input = json!({"question": "what is my name", "context": TEXT});
            merge(&mut input, more);
            ("question-answering", input)
        };
        vec![ask(&json!({})), ask(&json!({"top_k": 3, "max_answer_len": 2, "align_to_words": true}))]
    }

    fn is_right(input: &tasks::QuestionAnsweringInput, output: &tasks::QuestionAnsweringOutput) -> bool {
        let placed = |one: &tasks::TextAnswer| part(&input.context, one.start, one.end) == one.answer;
        output.answers.len() == input.top_k.unwrap_or(1) as usize && output.answers.iter().all(placed)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"question": "what", "context": TEXT, "extra_body": {"no_such": 1}});
        (("question-answering", input), ErrorCode::Input, UNKNOWN)
    }
}

impl Tried for tasks::FeatureExtraction {
    fn good() -> Vec<Question> {
        let packed = json!({"text": TEXT, "normalize": true, "truncate": true, "encoding_format": "base64"});
        let cut = json!({"text": [TEXT, "hello world"], "normalize": true, "dimensions": 8});
        [json!({"text": TEXT}), json!({"text": [TEXT, "hello world"]}), packed, cut]
            .map(|input| ("feature-extraction", input))
            .to_vec()
    }

    fn is_right(input: &tasks::FeatureExtractionInput, output: &tasks::FeatureExtractionOutput) -> bool {
        let count = input.dimensions.unwrap_or(32) as usize;
        let one_long = |numbers: &Vec<f32>| {
            (numbers.iter().map(|number| number * number).sum::<f32>() - 1.0).abs() < 1e-3
        };
        let fits =
            |numbers: &Vec<f32>| numbers.len() == count && (input.normalize.is_none() || one_long(numbers));
        let averaged = output.averaged == input.normalize.is_none();
        averaged && output.embeddings.len() == input.text.all().len() && output.embeddings.iter().all(fits)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (
            ("feature-extraction", json!({"text": TEXT, "extra_body": {"no_such": 1}})),
            ErrorCode::Input,
            UNKNOWN,
        )
    }
}

impl Tried for tasks::SentenceSimilarity {
    fn good() -> Vec<Question> {
        vec![("sentence-similarity", json!({"sentence": TEXT, "other_sentences": [TEXT, "hello world"]}))]
    }

    fn is_right(_: &tasks::SentenceSimilarityInput, output: &tasks::SentenceSimilarityOutput) -> bool {
        matches!(output.scores[..], [same, other] if same > 0.999 && other < same)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"sentence": TEXT, "other_sentences": ["hello"], "extra_body": {"no_such": 1}});
        (("sentence-similarity", input), ErrorCode::Input, UNKNOWN)
    }
}
