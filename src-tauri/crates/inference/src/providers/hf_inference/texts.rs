//! Texts in, labels, places, texts and numbers out: how pipelines are asked and what they answer (hf-api 2.1).

use limerick_tasks::{
    Entity, FeatureExtraction, FeatureExtractionInput, FeatureExtractionOutput, FillMask, FillMaskInput,
    FillMaskOutput, Labels, QuestionAnswering, QuestionAnsweringInput, QuestionAnsweringOutput, Result,
    SentenceSimilarity, SentenceSimilarityInput, SentenceSimilarityOutput, Summarization, SummarizationInput,
    SummarizationOutput, TextClassification, TextClassificationInput, TokenClassification,
    TokenClassificationInput, TokenClassificationOutput, Translation, TranslationInput, TranslationOutput,
    ZeroShotClassification, ZeroShotClassificationInput,
};
use serde_json::{Map, Value, json};

use super::super::embeddings;
use super::answers;
use super::pipeline::{self, PipelineTask, parameters};
use crate::wire::Body;

impl PipelineTask for TextClassification {
    fn body(input: &TextClassificationInput) -> Body {
        let given = [("function_to_apply", json!(input.function_to_apply)), ("top_k", json!(input.top_k))];
        pipeline::json(json!(input.text), parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<Labels> {
        answers::labels(answer)
    }
}

impl PipelineTask for TokenClassification {
    fn body(input: &TokenClassificationInput) -> Body {
        let given = [
            ("aggregation_strategy", json!(input.aggregation_strategy)),
            ("ignore_labels", json!(input.ignore_labels)),
            ("stride", json!(input.stride)),
        ];
        pipeline::json(json!(input.text), parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<TokenClassificationOutput> {
        let mut entities: Vec<Entity> = answers::list(answer)?;
        // One that ends before it begins does not know where it stands.
        for entity in entities.iter_mut().filter(|entity| entity.start > entity.end) {
            (entity.start, entity.end) = (None, None);
        }
        Ok(TokenClassificationOutput { entities })
    }
}

impl PipelineTask for ZeroShotClassification {
    fn body(input: &ZeroShotClassificationInput) -> Body {
        let given = [
            ("candidate_labels", json!(input.candidate_labels)),
            ("multi_label", json!(input.multi_label)),
            ("hypothesis_template", json!(input.hypothesis_template)),
        ];
        pipeline::json(json!(input.text), parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<Labels> {
        answers::labels(answer)
    }
}

impl PipelineTask for Summarization {
    fn body(input: &SummarizationInput) -> Body {
        let given = [
            ("clean_up_tokenization_spaces", json!(input.clean_up_tokenization_spaces)),
            ("generate_parameters", json!(input.generate_parameters)),
            ("truncation", json!(input.truncation)),
        ];
        pipeline::json(json!(input.text), parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<SummarizationOutput> {
        // Models of the kind "text to text" answer under the second name.
        let summary_text = answers::text(answer, &["summary_text", "generated_text"])?;
        Ok(SummarizationOutput { summary_text })
    }
}

impl PipelineTask for Translation {
    fn body(input: &TranslationInput) -> Body {
        let given = [
            ("src_lang", json!(input.src_lang)),
            ("tgt_lang", json!(input.tgt_lang)),
            ("clean_up_tokenization_spaces", json!(input.clean_up_tokenization_spaces)),
            ("truncation", json!(input.truncation)),
            ("generate_parameters", json!(input.generate_parameters)),
        ];
        pipeline::json(json!(input.text), parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<TranslationOutput> {
        let translation_text = answers::text(answer, &["translation_text", "generated_text"])?;
        Ok(TranslationOutput { translation_text })
    }
}

impl PipelineTask for FillMask {
    fn body(input: &FillMaskInput) -> Body {
        let given = [("targets", json!(input.targets)), ("top_k", json!(input.top_k))];
        pipeline::json(json!(input.text), parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<FillMaskOutput> {
        Ok(FillMaskOutput { masks: answers::lists(answer)? })
    }
}

impl PipelineTask for QuestionAnswering {
    fn body(input: &QuestionAnsweringInput) -> Body {
        let given = [
            ("align_to_words", json!(input.align_to_words)),
            ("doc_stride", json!(input.doc_stride)),
            ("handle_impossible_answer", json!(input.handle_impossible_answer)),
            ("max_answer_len", json!(input.max_answer_len)),
            ("max_question_len", json!(input.max_question_len)),
            ("max_seq_len", json!(input.max_seq_len)),
            ("top_k", json!(input.top_k)),
        ];
        let inputs = json!({ "question": input.question, "context": input.context });
        pipeline::json(inputs, parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<QuestionAnsweringOutput> {
        Ok(QuestionAnsweringOutput { answers: answers::list(answer)? })
    }
}

impl PipelineTask for SentenceSimilarity {
    const ROUTE: &'static str = "/pipeline/sentence-similarity";

    fn body(input: &SentenceSimilarityInput) -> Body {
        let inputs = json!({ "source_sentence": input.sentence, "sentences": input.other_sentences });
        pipeline::json(inputs, parameters([], &input.extra_body))
    }

    fn output(answer: Value) -> Result<SentenceSimilarityOutput> {
        Ok(SentenceSimilarityOutput { scores: answers::list(answer)? })
    }
}

impl PipelineTask for FeatureExtraction {
    const ROUTE: &'static str = "/pipeline/feature-extraction";

    /// The parameters lie beside `inputs`, not below `parameters`.
    fn body(input: &FeatureExtractionInput) -> Body {
        let mut body = Map::new();
        body.insert("inputs".into(), json!(input.text));
        body.extend(embeddings::parameters(input));
        Body::Json(Value::Object(body))
    }

    fn output(answer: Value) -> Result<FeatureExtractionOutput> {
        embeddings::read(&answer)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use limerick_tasks::{ErrorCode, Texts};

    use super::*;

    fn output<T: PipelineTask>(answer: &str) -> Result<T::Output> {
        T::output(serde_json::from_str(answer).unwrap())
    }

    fn body<T: PipelineTask>(input: &T::Input) -> String {
        T::body(input).json().unwrap().to_string()
    }

    #[test]
    fn unset_parameters_are_left_out_and_extra_ones_win() {
        let mut input = SummarizationInput { text: "long".into(), ..Default::default() };
        assert_eq!(body::<Summarization>(&input), r#"{"inputs":"long","parameters":{}}"#);
        input.clean_up_tokenization_spaces = Some(false);
        input.generate_parameters.insert("max_length".into(), json!(10));
        input.extra_body.insert("clean_up_tokenization_spaces".into(), json!(true));
        let want = r#"{"inputs":"long","parameters":{"clean_up_tokenization_spaces":true,"generate_parameters":{"max_length":10}}}"#;
        assert_eq!(body::<Summarization>(&input), want);
    }

    #[test]
    fn embeddings_have_their_parameters_beside_the_texts() {
        let text = Texts::Many(vec!["a".into(), "b".into()]);
        let input = FeatureExtractionInput { text, normalize: Some(true), ..Default::default() };
        assert_eq!(body::<FeatureExtraction>(&input), r#"{"inputs":["a","b"],"normalize":true}"#);
    }

    #[test]
    fn entities_may_not_know_where_they_stand() {
        for answer in [
            r#"[{"entity_group":"PER","score":0.9,"word":"Sarah","start":null,"end":null}]"#,
            r#"[[{"entity":"B-PER","score":0.9,"index":4,"word":"Sarah"}]]"#,
            r#"[{"entity_group":"PER","score":0.9,"word":"Sarah","start":16,"end":11}]"#,
            r#"[{"entity_group":"PER","score":0.9,"word":"Sarah","start":16}]"#,
        ] {
            let entities = output::<TokenClassification>(answer).unwrap().entities;
            assert_eq!((entities[0].word.as_str(), entities[0].start), ("Sarah", None), "{answer}");
        }
        let placed = r#"[{"entity_group":"PER","score":0.9,"word":"Sarah","start":11,"end":16}]"#;
        assert_eq!(output::<TokenClassification>(placed).unwrap().entities[0].end, Some(16));
        for answer in [r#"[{"score":0.9,"word":"x","start":-1}]"#, r#"[{"word":"x"}]"#, r#"[{"score":1}]"#] {
            assert_eq!(output::<TokenClassification>(answer).unwrap_err().code, ErrorCode::Format);
        }
    }

    #[test]
    fn one_gap_comes_flat_and_several_nested() {
        let fill = r#"{"score":0.5,"token":7,"token_str":" cat","sequence":"the cat sat"}"#;
        for (answer, want) in [
            (format!("[{fill},{fill}]"), vec![2]),
            (format!("[[{fill}],[{fill},{fill}]]"), vec![1, 2]),
            ("[]".to_owned(), vec![0]),
        ] {
            let masks = output::<FillMask>(&answer).unwrap().masks;
            assert_eq!(masks.iter().map(Vec::len).collect::<Vec<_>>(), want, "{answer}");
        }
        assert!(output::<FillMask>(r#"[{"score":0.5,"token":"cat","token_str":"cat"}]"#).is_err());
    }

    #[test]
    fn an_answer_from_a_text_comes_alone_or_in_a_list() {
        let one = r#"{"answer":"Clara","score":0.9,"start":11,"end":16}"#;
        for answer in [one.to_owned(), format!("[{one}]"), format!("[[{one}]]")] {
            let answers = output::<QuestionAnswering>(&answer).unwrap().answers;
            assert_eq!((answers.len(), answers[0].start), (1, Some(11)), "{answer}");
        }
    }

    #[test]
    fn similarities_are_numbers_and_nothing_else() {
        assert_eq!(output::<SentenceSimilarity>("[0.9,0.1]").unwrap().scores, [0.9, 0.1]);
        assert_eq!(output::<SentenceSimilarity>("[[1]]").unwrap().scores, [1.0]);
        for answer in ["[null]", r#"["0.9"]"#, "{}", r#"{"scores":[1]}"#] {
            assert_eq!(output::<SentenceSimilarity>(answer).unwrap_err().code, ErrorCode::Format, "{answer}");
        }
    }
}
