//! Pictures in, words and boxes out: how pipelines are asked and what they answer (hf-api 2.2).

use limerick_tasks::{
    ImageClassification, ImageClassificationInput, ImageToText, ImageToTextInput, ImageToTextOutput, Labels,
    ObjectDetection, ObjectDetectionInput, ObjectDetectionOutput, Result, VisualQuestionAnswering,
    VisualQuestionAnsweringInput, VisualQuestionAnsweringOutput, ZeroShotImageClassification,
    ZeroShotImageClassificationInput,
};
use serde_json::{Map, Value, json};

use super::answers;
use super::pipeline::{self, PipelineTask, parameters};
use crate::wire::Body;

impl PipelineTask for ImageToText {
    fn body(input: &ImageToTextInput) -> Body {
        let given = [
            ("max_new_tokens", json!(input.max_new_tokens)),
            ("generation_parameters", json!(input.generation_parameters)),
        ];
        pipeline::file(&input.image, parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<ImageToTextOutput> {
        let generated_text = answers::text(answer, &["generated_text"])?;
        Ok(ImageToTextOutput { generated_text })
    }
}

impl PipelineTask for VisualQuestionAnswering {
    /// The specification's form and @huggingface/inference's: picture and question inside `inputs`, and no
    /// `parameters` when there are none. What `huggingface_hub` sends has the question where pipelines do not
    /// look for it.
    fn body(input: &VisualQuestionAnsweringInput) -> Body {
        let mut inputs = Map::new();
        inputs.insert("question".into(), json!(input.question));
        inputs.insert("image".into(), Value::String(input.image.base64()));
        let mut body = Map::new();
        body.insert("inputs".into(), Value::Object(inputs));
        let parameters = parameters([("top_k", json!(input.top_k))], &input.extra_body);
        if !parameters.is_empty() {
            body.insert("parameters".into(), Value::Object(parameters));
        }
        Body::Json(Value::Object(body))
    }

    fn output(answer: Value) -> Result<VisualQuestionAnsweringOutput> {
        Ok(VisualQuestionAnsweringOutput { answers: answers::list(answer)? })
    }
}

impl PipelineTask for ImageClassification {
    fn body(input: &ImageClassificationInput) -> Body {
        let given = [("function_to_apply", json!(input.function_to_apply)), ("top_k", json!(input.top_k))];
        pipeline::file(&input.image, parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<Labels> {
        answers::labels(answer)
    }
}

impl PipelineTask for ZeroShotImageClassification {
    /// `huggingface_hub`'s form, which is the specification's: the picture itself is `inputs`.
    fn body(input: &ZeroShotImageClassificationInput) -> Body {
        let given = [
            ("candidate_labels", json!(input.candidate_labels)),
            ("hypothesis_template", json!(input.hypothesis_template)),
        ];
        pipeline::file(&input.image, parameters(given, &input.extra_body))
    }

    fn output(answer: Value) -> Result<Labels> {
        answers::labels(answer)
    }
}

impl PipelineTask for ObjectDetection {
    fn body(input: &ObjectDetectionInput) -> Body {
        let parameters = parameters([("threshold", json!(input.threshold))], &input.extra_body);
        pipeline::file(&input.image, parameters)
    }

    fn output(answer: Value) -> Result<ObjectDetectionOutput> {
        let things: Vec<Value> = answers::list(answer)?;
        // A bare list of four numbers may mean corners or a size: it is not guessed at.
        if things.iter().any(|thing| thing.get("box").is_none_or(|place| !place.is_object())) {
            return Err(answers::unknown("a thing without a box"));
        }
        Ok(ObjectDetectionOutput { objects: answers::list(Value::Array(things))? })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

    use limerick_tasks::{ErrorCode, Media};

    use super::*;

    fn output<T: PipelineTask>(answer: &str) -> Result<T::Output> {
        T::output(serde_json::from_str(answer).unwrap())
    }

    #[test]
    fn a_picture_goes_as_it_is_until_a_parameter_comes_along() {
        let image = Media::new(&b"\x89PNG\r\n\x1a\n"[..], "");
        let mut input = ImageToTextInput { image, ..ImageToTextInput::default() };
        let Body::Bytes { media_type, bytes } = ImageToText::body(&input) else { panic!("no bytes") };
        assert_eq!((media_type.as_str(), &bytes[..]), ("image/png", &b"\x89PNG\r\n\x1a\n"[..]));
        input.max_new_tokens = Some(20);
        input.generation_parameters.insert("num_beams".into(), json!(2));
        let body = ImageToText::body(&input);
        let want = r#"{"inputs":"iVBORw0KGgo=","parameters":{"max_new_tokens":20,"generation_parameters":{"num_beams":2}}}"#;
        assert_eq!(body.json().unwrap().to_string(), want);
    }

    #[test]
    fn a_picture_of_an_unknown_kind_says_so() {
        let input = ObjectDetectionInput { image: Media::new(&b"??"[..], ""), ..Default::default() };
        let Body::Bytes { media_type, .. } = ObjectDetection::body(&input) else { panic!("no bytes") };
        assert_eq!(media_type, "application/octet-stream");
    }

    #[test]
    fn a_description_comes_in_a_list_or_alone() {
        for answer in [r#"[{"generated_text":"a cat"}]"#, r#"{"generated_text":"a cat"}"#] {
            assert_eq!(output::<ImageToText>(answer).unwrap().generated_text, "a cat");
        }
    }

    #[test]
    fn answers_about_a_picture_may_have_no_score() {
        let answers = output::<VisualQuestionAnswering>(r#"[{"answer":"2","score":0.9},{"answer":"3"}]"#);
        let answers = answers.unwrap().answers;
        assert_eq!((answers[0].score, answers[1].score), (Some(0.9), None));
        assert!(output::<VisualQuestionAnswering>(r#"[{"score":0.9}]"#).is_err());
    }

    #[test]
    fn boxes_come_flat_or_nested_and_nothing_found_is_fine() {
        let thing = r#"{"label":"cat","score":0.9,"box":{"xmin":1,"ymin":2.5,"xmax":5,"ymax":6}}"#;
        for answer in [format!("[{thing}]"), format!("[[{thing}]]"), thing.to_owned()] {
            let objects = output::<ObjectDetection>(&answer).unwrap().objects;
            assert_eq!((objects.len(), objects[0].r#box.ymin), (1, 2.5), "{answer}");
        }
        assert!(output::<ObjectDetection>("[]").unwrap().objects.is_empty());
        for answer in [r#"[{"label":"cat","score":0.9}]"#, r#"[{"label":"cat","score":0.9,"box":[1,2,3,4]}]"#]
        {
            assert_eq!(output::<ObjectDetection>(answer).unwrap_err().code, ErrorCode::Format);
        }
    }
}
