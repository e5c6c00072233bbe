//! The settings of a picture or a sound, under `huggingface_hub`'s names, and what a provider makes of them. Pure.

use limerick_tasks::{
    Error, ImageToImageInput, Media, Result, SpeechRecognitionInput, TextToImageInput, TextToSpeechInput,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What tunes how a model speaks; servers that speak `OpenAI`'s protocol know none of it.
pub const GENERATION: &[&str] = &[
    "do_sample",
    "early_stopping",
    "epsilon_cutoff",
    "eta_cutoff",
    "max_length",
    "max_new_tokens",
    "min_length",
    "min_new_tokens",
    "num_beam_groups",
    "num_beams",
    "penalty_alpha",
    "temperature",
    "top_k",
    "top_p",
    "typical_p",
    "use_cache",
];

/// What is set, by its name; what the person added comes last and wins.
pub(super) struct Settings(Map<String, Value>);

impl Settings {
    /// All but the prompt.
    pub(super) fn of_image(input: &TextToImageInput) -> Result<Self> {
        Self::all_but(input, &["prompt"])
    }

    /// All but the picture; the prompt is one of them.
    pub(super) fn of_edit(input: &ImageToImageInput) -> Result<Self> {
        // Without its bytes, which would be turned into base64 for nothing.
        Self::all_but(&ImageToImageInput { image: Media::default(), ..input.clone() }, &["image"])
    }

    /// All but the text.
    pub(super) fn of_speech(input: &TextToSpeechInput) -> Result<Self> {
        Self::all_but(input, &["text"])
    }

    /// All but the sound.
    pub(super) fn of_recognition(input: &SpeechRecognitionInput) -> Result<Self> {
        Self::all_but(&SpeechRecognitionInput { audio: Media::default(), ..input.clone() }, &["audio"])
    }

    fn all_but<T: Serialize>(input: &T, apart: &[&str]) -> Result<Self> {
        let written =
            serde_json::to_value(input).map_err(|cause| Error::internal("write the input", cause))?;
        let Value::Object(mut fields) = written else { return Ok(Self(Map::new())) };
        let extra = fields.shift_remove("extra_body");
        fields.retain(|name, _| name != "model" && !apart.contains(&name.as_str()));
        if let Some(Value::Object(extra)) = extra {
            fields.extend(extra.into_iter().filter(|(_, value)| !value.is_null()));
        }
        Ok(Self(fields))
    }

    /// Takes one out.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.shift_remove(name)
    }

    /// One that is set.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Sets one.
    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// Writes one that is set differently.
    pub(super) fn change(&mut self, name: &str, change: impl FnOnce(&Value) -> Value) {
        if let Some(value) = self.0.get_mut(name) {
            *value = change(value);
        }
    }

    /// Gives one another name.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        if let Some(value) = self.take(from) {
            self.0.insert(to.to_owned(), value);
        }
    }

    /// Takes width and height out, when both are set.
    pub(super) fn take_sides(&mut self) -> Option<[Value; 2]> {
        if !(self.0.contains_key("width") && self.0.contains_key("height")) {
            return None;
        }
        Some([self.take("width")?, self.take("height")?])
    }

    /// Width and height as one text such as `1024x768`, when both are set.
    pub(super) fn take_size(&mut self) -> Option<String> {
        self.take_sides().map(|[width, height]| format!("{width}x{height}"))
    }

    /// `target_size` as `width` and `height`.
    pub(super) fn spread_target_size(&mut self) {
        if let Some(Value::Object(size)) = self.take("target_size") {
            self.0.extend(size);
        }
    }

    /// One sentence for each of `names` that is set although it has no effect here.
    pub(super) fn without_effect(&self, names: &[&str]) -> Vec<String> {
        let set = names.iter().filter(|name| self.0.contains_key(**name));
        set.map(|name| format!("{name} has no effect here: this provider does not know it.")).collect()
    }

    /// A body: first what the provider needs, then the settings, which may replace all but the model.
    pub(super) fn after<const N: usize>(self, first: [(&str, Value); N]) -> Map<String, Value> {
        let mut body: Map<_, _> = first.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let replaces_model = |name: &str| name == "model" && N > 0;
        body.extend(self.0.into_iter().filter(|(name, _)| !replaces_model(name)));
        body
    }

    /// The settings alone.
    pub(super) fn alone(self) -> Map<String, Value> {
        self.0
    }
}

/// `loras` as fal and wavespeed want them.
pub(super) fn loras(path: &str) -> Value {
    json!([{"path": path, "scale": 1}])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn input() -> TextToImageInput {
        let extra_body = json!({"output_format": "png", "none": null, "model": "other"});
        let extra_body = extra_body.as_object().unwrap().clone();
        let (prompt, width, height) = ("a cat".into(), Some(768), Some(512));
        TextToImageInput {
            model: "m".into(),
            prompt,
            width,
            height,
            extra_body,
            ..TextToImageInput::default()
        }
    }

    #[test]
    fn what_is_set_is_sent_and_nothing_else() {
        let body = Settings::of_image(&input())
            .unwrap()
            .after([("model", json!("v/m")), ("prompt", json!("a cat"))]);
        let want =
            json!({"model": "v/m", "prompt": "a cat", "height": 512, "width": 768, "output_format": "png"});
        assert_eq!(Value::Object(body), want);
    }

    #[test]
    fn a_size_needs_both_sides() {
        let mut both = Settings::of_image(&input()).unwrap();
        assert_eq!(both.take_size().unwrap(), "768x512");
        let mut one = Settings::of_image(&TextToImageInput { height: None, ..input() }).unwrap();
        assert!(one.take_size().is_none());
        assert_eq!(one.alone()["width"], 768);
    }

    #[test]
    fn what_has_no_effect_is_said_when_it_is_set() {
        let settings = Settings::of_image(&input()).unwrap();
        let notes = settings.without_effect(&["seed", "width"]);
        assert_eq!(notes, ["width has no effect here: this provider does not know it."]);
    }
}
