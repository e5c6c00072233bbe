//! Pictures from a Space: which of its endpoints paint, and under which names they take what the tasks have.
//! Authors call their fields as they like; the names here are those of the Spaces most in use (hf-api 7.6).

use serde_json::{Map, Value};

use super::fields::{Names, plain};
use super::{Endpoint, Parameter, ParameterKind, Space};

/// The tasks' names, and what Spaces call the same.
const NAMES: Names = &[
    (
        "prompt",
        &["prompt", "text_prompt", "positive_prompt", "text", "caption", "description", "instruction"],
    ),
    ("negative_prompt", &["negative_prompt", "negative", "neg_prompt", "n_prompt"]),
    ("image", &["image", "input_image", "init_image", "image_input", "images", "input_images"]),
    ("width", &["width"]),
    ("height", &["height"]),
    (
        "num_inference_steps",
        &[
            "num_inference_steps",
            "steps",
            "num_steps",
            "inference_steps",
            "number_of_inference_steps",
            "sampling_steps",
        ],
    ),
    (
        "guidance_scale",
        &["guidance_scale", "guidance", "cfg_scale", "cfg", "true_guidance_scale", "true_cfg_scale"],
    ),
    ("scheduler", &["scheduler", "sampler"]),
    ("seed", &["seed"]),
];
/// Components that show pictures.
const SHOWN_BY: [&str; 3] = ["image", "gallery", "imageslider"];

impl Endpoint {
    /// Whether it makes pictures from words, or, `from_picture`, from a picture.
    pub fn paints(&self, from_picture: bool) -> bool {
        let shows = self.returns.iter().any(|one| SHOWN_BY.contains(&one.component.as_str()));
        let spare = |one: &Parameter| !one.required || one.kind != ParameterKind::File;
        let fits =
            if from_picture { self.field("image").is_some() } else { self.parameters.iter().all(spare) };
        shows && fits && self.field("prompt").is_some()
    }

    /// The parameters of a picture task that it has no field for.
    pub fn lacks(&self) -> Vec<&'static str> {
        NAMES.iter().map(|(name, _)| *name).filter(|name| self.field(name).is_none()).collect()
    }

    /// Its own field for what a task calls `name`.
    fn field(&self, name: &str) -> Option<&Parameter> {
        self.named(NAMES, name)
    }

    /// A task's fields under this endpoint's names.
    pub(crate) fn picture_inputs(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        self.inputs(NAMES, fields)
    }

    /// The seed that an answer tells.
    pub(crate) fn seed_in(&self, data: &[Value]) -> Option<u64> {
        let at = self.returns.iter().position(|one| plain(&one.label) == "seed")?;
        let seed = data.get(at)?;
        seed.as_u64()
            .or_else(|| seed.as_str()?.parse().ok())
            .or_else(|| seed.to_string().strip_suffix(".0")?.parse().ok())
    }

    /// Whether an output shows pictures.
    pub(crate) fn shows_pictures(&self, output: usize) -> bool {
        self.returns.get(output).is_some_and(|one| SHOWN_BY.contains(&one.component.as_str()))
    }
}

impl Space {
    /// The endpoints that make pictures, the author's first first.
    pub fn painters(&self, from_picture: bool) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(move |endpoint| endpoint.paints(from_picture))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;
    use crate::gradio::Returned;

    fn endpoint(parameters: &[(&str, &str, ParameterKind, bool)], returns: &[(&str, &str)]) -> Endpoint {
        let parameter = |(name, label, kind, required): &(&str, &str, ParameterKind, bool)| Parameter {
            name: (*name).into(),
            label: (*label).into(),
            kind: *kind,
            required: *required,
            ..Parameter::default()
        };
        let returned = |(label, component): &(&str, &str)| Returned {
            label: (*label).into(),
            component: (*component).into(),
            ..Returned::default()
        };
        Endpoint {
            name: "/infer".into(),
            parameters: parameters.iter().map(parameter).collect(),
            returns: returns.iter().map(returned).collect(),
            ..Endpoint::default()
        }
    }

    use ParameterKind::{Boolean, File, Number, Text};

    #[test]
    fn a_tasks_fields_go_under_the_names_of_the_space() {
        let ours = endpoint(
            &[
                ("prompt", "", Text, true),
                ("param_1", "Number of inference steps", Number, false),
                ("cfg", "CFG", Number, false),
                ("seed", "", Number, false),
                ("randomize_seed", "", Boolean, false),
                ("style", "Style", Text, false),
                ("signature", "Signature", Text, true),
            ],
            &[("Result", "image"), ("Seed", "slider")],
        );
        let fields = json!({"model": "/infer", "prompt": "a fox", "num_inference_steps": 4, "guidance_scale": 2.5,
            "seed": 7, "height": 64, "extra_body": {"style": "ink", "unknown": 1}});
        let inputs = ours.picture_inputs(fields.as_object().unwrap());
        let wanted = json!({"prompt": "a fox", "param_1": 4, "cfg": 2.5, "seed": 7, "style": "ink", "signature": "", "randomize_seed": false});
        assert_eq!(Value::Object(inputs), wanted);
        assert_eq!(ours.lacks(), ["negative_prompt", "image", "width", "height", "scheduler"]);
        assert_eq!(ours.seed_in(&[json!({}), json!(42)]), Some(42));
        assert!(ours.shows_pictures(0) && !ours.shows_pictures(1));
    }

    #[test]
    fn without_a_seed_the_space_goes_on_drawing_its_own() {
        let ours = endpoint(
            &[
                ("prompt", "", Text, true),
                ("seed", "", Number, false),
                ("randomize_seed", "", Boolean, false),
            ],
            &[("Result", "image")],
        );
        let inputs = ours.picture_inputs(json!({"prompt": "x"}).as_object().unwrap());
        assert_eq!(Value::Object(inputs), json!({"prompt": "x"}));
    }

    #[test]
    fn an_endpoint_paints_when_it_takes_words_and_shows_a_picture() {
        let words = [("prompt", "", Text, true)];
        let both = [("prompt", "", Text, true), ("input_image", "", File, true)];
        let shows = [("Result", "gallery")];
        assert!(endpoint(&words, &shows).paints(false) && !endpoint(&words, &shows).paints(true));
        assert!(endpoint(&both, &shows).paints(true) && !endpoint(&both, &shows).paints(false));
        assert!(!endpoint(&words, &[("Text", "textbox")]).paints(false));
        assert!(!endpoint(&[("message", "Message", Text, true)], &shows).paints(false));
    }
}
