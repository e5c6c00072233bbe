//! Sight from a Space: which of its endpoints look at a picture and answer in words, and under which names they take
//! what the tasks have. Authors call their fields as they like.

use limerick_tasks::{Error, ErrorCode, Result};
use serde_json::{Map, Value};

use super::fields::Names;
use super::{Endpoint, Parameter, ParameterKind, Space};

/// The tasks' names, and what Spaces call the same.
const NAMES: Names = &[
    (
        "image",
        &[
            "image",
            "input_image",
            "img",
            "picture",
            "photo",
            "image_input",
            "images",
            "input_images",
            "filepath",
        ],
    ),
    (
        "question",
        &[
            "question",
            "prompt",
            "query",
            "text",
            "text_input",
            "instruction",
            "message",
            "user_prompt",
            "input_text",
        ],
    ),
    ("max_tokens", &["max_tokens", "max_new_tokens", "max_length"]),
    ("temperature", &["temperature", "temp"]),
    ("top_p", &["top_p"]),
    ("top_k", &["top_k"]),
    ("repetition_penalty", &["repetition_penalty", "rep_penalty"]),
    ("seed", &["seed"]),
];
/// Components that show words.
const SHOWN_BY: [&str; 4] = ["textbox", "markdown", "text", "html"];

impl Endpoint {
    /// Whether it says something about a picture; about a question too, where one `asks`.
    pub fn sees(&self, asks: bool) -> bool {
        let Some(picture) = self.picture_field() else { return false };
        let spare =
            |one: &Parameter| !one.required || one.kind != ParameterKind::File || one.name == picture.name;
        self.words_at().is_some()
            && self.parameters.iter().all(spare)
            && (!asks || self.question_field().is_some())
    }

    /// The parameters of these tasks that it has no field for.
    pub fn cannot_see(&self) -> Vec<&'static str> {
        let names = NAMES.iter().skip(2).map(|(name, _)| *name);
        names.filter(|name| self.named(NAMES, name).is_none()).collect()
    }

    /// Pictures and a question, with a task's other fields, under this endpoint's names.
    ///
    /// # Errors
    /// `input` for several pictures where it takes one.
    pub(crate) fn sight_inputs(
        &self,
        pictures: &[String],
        question: &str,
        fields: &Map<String, Value>,
    ) -> Result<Map<String, Value>> {
        let mut inputs = self.inputs(NAMES, fields);
        if let Some(field) = self.picture_field() {
            let picture = match pictures {
                _ if field.multiple => Value::from(pictures),
                [only] => Value::from(only.as_str()),
                _ => return Err(one_at_a_time()),
            };
            inputs.insert(field.name.clone(), picture);
        }
        if let Some(field) = self.question_field() {
            inputs.insert(field.name.clone(), question.into());
        }
        Ok(inputs)
    }

    /// Which output holds its words.
    pub(crate) fn words_at(&self) -> Option<usize> {
        self.returns.iter().position(|one| SHOWN_BY.contains(&one.component.as_str()))
    }

    /// By its name, else the one picture that it takes.
    fn picture_field(&self) -> Option<&Parameter> {
        let pictures = || self.parameters.iter().filter(|one| one.component == "image");
        let named = self.named(NAMES, "image").filter(|one| one.kind == ParameterKind::File);
        named.or_else(|| pictures().next().filter(|_| pictures().count() == 1))
    }

    /// By its name, else the one box for text.
    fn question_field(&self) -> Option<&Parameter> {
        let boxes = || self.parameters.iter().filter(|one| one.kind == ParameterKind::Text);
        let named = self.named(NAMES, "question").filter(|one| one.kind == ParameterKind::Text);
        named.or_else(|| boxes().next().filter(|_| boxes().count() == 1))
    }
}

impl Space {
    /// The endpoints that say something about a picture (and a question, where one `asks`), the author's first first.
    pub fn seers(&self, asks: bool) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(move |endpoint| endpoint.sees(asks))
    }
}

fn one_at_a_time() -> Error {
    Error::new(ErrorCode::Input, "This Space looks at one picture at a time. Show it one.")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use ParameterKind::{Choice, File, Number, Text};
    use serde_json::json;

    use super::*;
    use crate::gradio::Returned;

    fn endpoint(parameters: &[(&str, ParameterKind, bool, bool)], component: &str) -> Endpoint {
        let parameter = |(name, kind, required, multiple): &(&str, ParameterKind, bool, bool)| Parameter {
            name: (*name).into(),
            kind: *kind,
            component: if *kind == File { "image" } else { "textbox" }.into(),
            required: *required,
            multiple: *multiple,
            ..Parameter::default()
        };
        Endpoint {
            parameters: parameters.iter().map(parameter).collect(),
            returns: vec![Returned { component: component.into(), ..Returned::default() }],
            ..Endpoint::default()
        }
    }

    #[test]
    fn an_endpoint_sees_when_it_takes_a_picture_and_gives_words() {
        let picture = ("input_img", File, true, false);
        let asked = [picture, ("task", Choice, false, false), ("what", Text, true, false)];
        assert!(endpoint(&asked, "textbox").sees(true) && endpoint(&asked, "markdown").sees(false));
        assert!(!endpoint(&asked, "image").sees(false) && !endpoint(&asked[1..], "textbox").sees(false));
        assert!(endpoint(&[picture], "textbox").sees(false) && !endpoint(&[picture], "textbox").sees(true));
        let two = [picture, ("mask", File, true, false)];
        assert!(!endpoint(&two, "textbox").sees(false), "it wants another file");
    }

    #[test]
    fn a_picture_and_a_question_go_under_the_names_of_the_space() {
        let fields =
            json!({"model": "/ask", "max_tokens": 60, "temperature": 0.5, "extra_body": {"task": "vqa"}});
        let fields = fields.as_object().unwrap();
        let ours = [
            ("image", File, true, false),
            ("prompt", Text, true, false),
            ("task", Choice, false, false),
            ("max_new_tokens", Number, false, false),
        ];
        let ours = endpoint(&ours, "textbox");
        let inputs = |shown: &[&str]| {
            let shown: Vec<String> = shown.iter().map(|one| (*one).to_owned()).collect();
            ours.sight_inputs(&shown, "What?", fields)
        };
        let wanted = json!({"image": "data:x", "prompt": "What?", "max_new_tokens": 60, "task": "vqa"});
        assert_eq!(Value::Object(inputs(&["data:x"]).unwrap()), wanted);
        assert!(inputs(&["data:x", "data:y"]).unwrap_err().message.contains("one picture"));
        assert_eq!(ours.cannot_see(), ["temperature", "top_p", "top_k", "repetition_penalty", "seed"]);
        let many = endpoint(&[("images", File, true, true)], "textbox");
        let inputs = many.sight_inputs(&["data:x".into(), "data:y".into()], "", &Map::new()).unwrap();
        assert_eq!(Value::Object(inputs), json!({"images": ["data:x", "data:y"]}));
    }
}
