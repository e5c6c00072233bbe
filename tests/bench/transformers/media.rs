//! Pictures and sounds: what every such task is asked for, and what its answers must look like.

use limerick_inference::ErrorCode;
use limerick_tasks::{self as tasks, Media};
use serde_json::{Value, json};

use crate::questions::{Question, Tried, UNUSED, all_parts, are, merge};

const PNG: &[u8] = include_bytes!("../../peers/png8x8.png");
const WAV: &[u8] = include_bytes!("../../peers/wav440.wav");
const ANIMALS: [&str; 3] = ["cat", "dog", "fox"];

fn png() -> String {
    Media::new(PNG, "").data_uri()
}

fn wav() -> String {
    Media::new(WAV, "").data_uri()
}

/// A picture that breaks off.
fn broken() -> String {
    Media::new(&PNG[..30], "").data_uri()
}

/// Width and height, as a PNG says them.
fn size(image: &Media) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(image.bytes.get(at..at + 4)?.try_into().ok()?));
    (image.media_type == "image/png").then_some(())?;
    Some((number(16)?, number(20)?))
}

impl Tried for tasks::TextToImage {
    fn good() -> Vec<Question> {
        let full = json!({"prompt": "a cat", "negative_prompt": "a dog", "width": 96, "height": 64, "num_inference_steps": 2,
            "guidance_scale": 3.5, "seed": 7, "scheduler": "EulerDiscreteScheduler"});
        vec![("text-to-image", json!({"prompt": "a cat"})), ("text-to-image", full)]
    }

    fn is_right(input: &tasks::TextToImageInput, output: &tasks::ImageOutput) -> bool {
        let wanted = (input.width.unwrap_or(64), input.height.unwrap_or(64));
        output.images.len() == 1 && size(&output.images[0]) == Some(wanted)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (("text-to-image", json!({"prompt": "a cat", "width": 65})), ErrorCode::Input, "divisible by 8")
    }

    fn long() -> Option<Question> {
        Some(("text-to-image", json!({"prompt": "a cat", "num_inference_steps": 900})))
    }
}

impl Tried for tasks::ImageToImage {
    fn good() -> Vec<Question> {
        let full = json!({"image": png(), "prompt": "a cat", "negative_prompt": "a dog", "num_inference_steps": 4, "guidance_scale": 2,
            "target_size": {"width": 96, "height": 64}, "extra_body": {"strength": 0.6, "seed": 7}});
        vec![("image-to-image", json!({"image": png()})), ("image-to-image", full)]
    }

    fn is_right(input: &tasks::ImageToImageInput, output: &tasks::ImageOutput) -> bool {
        let wanted = input.target_size.map_or((64, 64), |size| (size.width, size.height));
        output.images.len() == 1 && size(&output.images[0]) == Some(wanted)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (("image-to-image", json!({"image": broken()})), ErrorCode::Input, "cannot identify image file")
    }

    fn long() -> Option<Question> {
        let input = json!({"image": png(), "prompt": "a cat", "num_inference_steps": 900, "extra_body": {"strength": 1.0}});
        Some(("image-to-image", input))
    }
}

impl Tried for tasks::TextToSpeech {
    fn good() -> Vec<Question> {
        let warm = json!({"text": "hello world", "temperature": 0.7, "do_sample": true});
        vec![
            ("text-to-speech", json!({"text": "hello world"})),
            ("bark", json!({"text": "hello"})),
            ("bark", warm),
        ]
    }

    fn is_right(_: &tasks::TextToSpeechInput, output: &tasks::AudioOutput) -> bool {
        let known = ["audio/flac", "audio/wav"].contains(&output.audio.media_type.as_str());
        known && output.audio.bytes.len() > 1000
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"text": "hello", "temperature": 0.7, "do_sample": true});
        (("text-to-speech", input), ErrorCode::Input, "forward-only model")
    }
}

impl Tried for tasks::AutomaticSpeechRecognition {
    fn good() -> Vec<Question> {
        vec![
            ("automatic-speech-recognition", json!({"audio": wav()})),
            (
                "automatic-speech-recognition",
                json!({"audio": wav(), "extra_body": {"return_timestamps": "char"}}),
            ),
            (
                "whisper",
                json!({"audio": wav(), "return_timestamps": true, "generation_parameters": {"max_new_tokens": 20}}),
            ),
        ]
    }

    fn is_right(input: &tasks::SpeechRecognitionInput, output: &tasks::SpeechRecognitionOutput) -> bool {
        let timed = input.return_timestamps.is_some() || !input.extra_body.is_empty();
        !output.text.is_empty() && output.chunks.is_empty() != timed
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"audio": wav(), "return_timestamps": true});
        (("automatic-speech-recognition", input), ErrorCode::Input, "CTC can either predict")
    }
}

impl Tried for tasks::ImageToText {
    fn good() -> Vec<Question> {
        let full = json!({"image": png(), "max_new_tokens": 9, "generation_parameters": {"do_sample": true, "top_k": 5}});
        vec![("image-to-text", json!({"image": png()})), ("image-to-text", full)]
    }

    fn is_right(_: &tasks::ImageToTextInput, output: &tasks::ImageToTextOutput) -> bool {
        !output.generated_text.is_empty()
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"image": png(), "generation_parameters": {"no_such": 1}});
        (("image-to-text", input), ErrorCode::Input, UNUSED)
    }
}

impl Tried for tasks::VisualQuestionAnswering {
    fn good() -> Vec<Question> {
        let ask = |more: &Value| {
            let mut input = json!({"image": png(), "question": "what animal is this"});
            merge(&mut input, more);
            ("visual-question-answering", input)
        };
        vec![ask(&json!({})), ask(&json!({"top_k": 2}))]
    }

    fn is_right(
        input: &tasks::VisualQuestionAnsweringInput,
        output: &tasks::VisualQuestionAnsweringOutput,
    ) -> bool {
        output.answers.len() == input.top_k.unwrap_or(5) as usize
            && output.answers.iter().all(|one| one.score.is_some())
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"image": broken(), "question": "what animal is this"});
        (("visual-question-answering", input), ErrorCode::Input, "cannot identify image file")
    }
}

impl Tried for tasks::ImageClassification {
    fn good() -> Vec<Question> {
        let full = json!({"image": png(), "top_k": 2, "function_to_apply": "sigmoid"});
        vec![("image-classification", json!({"image": png()})), ("image-classification", full)]
    }

    fn is_right(input: &tasks::ImageClassificationInput, output: &tasks::Labels) -> bool {
        all_parts(output) && output.labels.len() == input.top_k.unwrap_or(5) as usize
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (("image-classification", json!({"image": broken()})), ErrorCode::Input, "cannot identify image file")
    }
}

impl Tried for tasks::ZeroShotImageClassification {
    fn good() -> Vec<Question> {
        let plain = json!({"image": png(), "candidate_labels": ANIMALS});
        let full =
            json!({"image": png(), "candidate_labels": ANIMALS, "hypothesis_template": "a photo of a {}"});
        [plain, full].map(|input| ("zero-shot-image-classification", input)).to_vec()
    }

    fn is_right(input: &tasks::ZeroShotImageClassificationInput, output: &tasks::Labels) -> bool {
        are(output, &input.candidate_labels)
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        let input = json!({"image": broken(), "candidate_labels": ANIMALS});
        (("zero-shot-image-classification", input), ErrorCode::Input, "cannot identify image file")
    }
}

impl Tried for tasks::ObjectDetection {
    fn good() -> Vec<Question> {
        let all = json!({"image": png(), "threshold": 0.0});
        vec![("object-detection", json!({"image": png()})), ("object-detection", all)]
    }

    fn is_right(input: &tasks::ObjectDetectionInput, output: &tasks::ObjectDetectionOutput) -> bool {
        let inside = |one: &tasks::DetectedObject| one.r#box.xmin <= one.r#box.xmax && one.r#box.ymax <= 12.0;
        output.objects.iter().all(inside) && output.objects.is_empty() == input.threshold.is_none()
    }

    fn bad() -> (Question, ErrorCode, &'static str) {
        (("object-detection", json!({"image": broken()})), ErrorCode::Input, "cannot identify image file")
    }
}
