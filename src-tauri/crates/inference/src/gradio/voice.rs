//! Voices from a Space: which of its endpoints speak, with which voices, and under which names they take what the task
//! has. Authors call their fields as they like; the names here are those of the Spaces most in use (hf-api 9.3).

use limerick_tasks::Voice;
use serde_json::{Map, Value};

use super::fields::{Names, plain};
use super::form::Choice;
use super::{Endpoint, Parameter, ParameterKind, Space};
use crate::providers::bark::speaker;
use crate::voices::MOST;

/// The task's names, and what Spaces call the same.
const NAMES: Names = &[
    (
        "text",
        &["text", "prompt", "input_text", "text_input", "text_prompt", "gen_text", "script", "sentence"],
    ),
    (
        "voice",
        &[
            "voice",
            "speaker",
            "preset",
            "voice_preset",
            "history_prompt",
            "acoustic_prompt",
            "voice_name",
            "speaker_name",
            "speaker_id",
            "voice_id",
        ],
    ),
    ("speed", &["speed", "speaking_rate", "speech_rate", "speech_speed"]),
    ("text_temp", &["text_temp", "text_temperature", "semantic_temperature", "semantic_temp"]),
    (
        "waveform_temp",
        &["waveform_temp", "waveform_temperature", "wave_temp", "coarse_temperature", "coarse_temp"],
    ),
    ("temperature", &["temperature", "temp"]),
    ("top_p", &["top_p"]),
    ("top_k", &["top_k"]),
    ("max_new_tokens", &["max_new_tokens", "max_tokens"]),
    ("seed", &["seed"]),
];
/// What a Space without a match for the text is left with: one box alone.
const TEXT: &str = "text";

impl Endpoint {
    /// Whether it makes a sound from words alone.
    pub fn speaks(&self) -> bool {
        let sounds = self.returns.iter().any(|one| one.component == "audio");
        let spare = |one: &Parameter| !one.required || one.kind != ParameterKind::File;
        sounds && self.parameters.iter().all(spare) && self.text_field().is_some()
    }

    /// The parameters of the task, and the usual ones beside it, that it has no field for.
    pub fn cannot_say(&self) -> Vec<&'static str> {
        let names = NAMES.iter().map(|(name, _)| *name).filter(|name| *name != TEXT);
        names.filter(|name| self.named(NAMES, name).is_none()).collect()
    }

    /// The voices that can be chosen; none where any may be named, or where it has one alone.
    pub fn voices(&self) -> Vec<Voice> {
        let choices = self.named(NAMES, "voice").map_or(&[][..], |field| &field.choices);
        choices.iter().take(MOST).filter_map(voice).collect()
    }

    /// A task's fields under this endpoint's names; a preset of Bark's is the choice that means it.
    pub(crate) fn voice_inputs(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        let mut inputs = self.inputs(NAMES, fields);
        if let (Some(field), Some(text)) = (self.text_field(), fields.get(TEXT)) {
            inputs.insert(field.name.clone(), text.clone());
        }
        let field = self.named(NAMES, "voice");
        if let Some((field, voice)) = field.and_then(|field| Some((field, inputs.get_mut(&field.name)?)))
            && let Some(choice) = voice.as_str().and_then(|wanted| chosen(&field.choices, wanted))
        {
            *voice = choice.value.clone();
        }
        inputs
    }

    /// Whether an output is a sound.
    pub(crate) fn gives_sound(&self, output: usize) -> bool {
        self.returns.get(output).is_some_and(|one| one.component == "audio")
    }

    /// By its name, else the one box for text.
    fn text_field(&self) -> Option<&Parameter> {
        let boxes = || self.parameters.iter().filter(|one| one.kind == ParameterKind::Text);
        let named = self.named(NAMES, TEXT).filter(|one| one.kind == ParameterKind::Text);
        named.or_else(|| boxes().next().filter(|_| boxes().count() == 1))
    }
}

impl Space {
    /// The endpoints that speak, the author's first first.
    pub fn speakers(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(|endpoint| endpoint.speaks())
    }
}

fn voice(choice: &Choice) -> Option<Voice> {
    let id = match &choice.value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let name = if choice.label.is_empty() { id.clone() } else { choice.label.clone() };
    Some(Voice { id, name, ..Voice::default() })
}

/// The choice that a word means: its value, its name on screen, or Bark's preset in another spelling, such as
/// `Speaker 6 (en)` of the official Space.
fn chosen<'a>(choices: &'a [Choice], wanted: &str) -> Option<&'a Choice> {
    let is = |choice: &&Choice| voice(choice).is_some_and(|voice| voice.id == wanted || voice.name == wanted);
    choices.iter().find(is).or_else(|| {
        let (language, number) = speaker(wanted)?;
        let spoken = [format!("speaker_{number}_{language}"), format!("{language}_speaker_{number}")];
        choices.iter().find(|choice| {
            let label = plain(&choice.label);
            spoken.contains(&label) || label.strip_prefix("v2_").is_some_and(|rest| spoken[1] == rest)
        })
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use ParameterKind::{Choice as Chosen, File, Number, Text};
    use serde_json::json;

    use super::*;
    use crate::gradio::Returned;

    fn endpoint(parameters: &[(&str, ParameterKind, bool, &[&str])], component: &str) -> Endpoint {
        let choice = |one: &&str| Choice { label: (*one).into(), value: json!(one) };
        let parameter = |(name, kind, required, choices): &(&str, ParameterKind, bool, &[&str])| Parameter {
            name: (*name).into(),
            kind: *kind,
            required: *required,
            choices: choices.iter().map(choice).collect(),
            ..Parameter::default()
        };
        Endpoint {
            parameters: parameters.iter().map(parameter).collect(),
            returns: vec![Returned { component: component.into(), ..Returned::default() }],
            ..Endpoint::default()
        }
    }

    #[test]
    fn an_endpoint_speaks_when_it_takes_words_and_gives_a_sound() {
        let words: &[(&str, ParameterKind, bool, &[&str])] = &[("line", Text, true, &[])];
        let clone: &[(&str, ParameterKind, bool, &[&str])] =
            &[("text", Text, true, &[]), ("sample", File, true, &[])];
        assert!(endpoint(words, "audio").speaks() && !endpoint(words, "textbox").speaks());
        assert!(!endpoint(clone, "audio").speaks(), "it wants a sound to begin with");
        let two: &[(&str, ParameterKind, bool, &[&str])] =
            &[("one", Text, true, &[]), ("other", Text, true, &[])];
        assert!(!endpoint(two, "audio").speaks(), "which box is meant is not known");
    }

    #[test]
    fn fields_go_by_the_names_of_the_space_and_a_preset_is_the_choice_that_means_it() {
        let presets: &[&str] =
            &["Unconditional", "Announcer", "Speaker 5 (en)", "Speaker 6 (en)", "Speaker 6 (de)"];
        let bark = endpoint(&[("text", Text, true, &[]), ("history_prompt", Chosen, true, presets)], "audio");
        let fields = |voice: &str| json!({"model": "", "text": "Hi ♪", "extra_body": {"voice": voice, "speed": 1.2, "unknown": 1}});
        let inputs = |endpoint: &Endpoint, voice: &str| {
            Value::Object(endpoint.voice_inputs(fields(voice).as_object().unwrap()))
        };
        for voice in ["v2/en_speaker_6", "en_speaker_6", "Speaker 6 (en)"] {
            assert_eq!(inputs(&bark, voice), json!({"text": "Hi ♪", "history_prompt": "Speaker 6 (en)"}));
        }
        assert_eq!(
            inputs(&bark, "someone")["history_prompt"],
            "someone",
            "the Space says what it thinks of it"
        );
        let own: &[&str] = &["v2/en_speaker_6"];
        let ours =
            [("line", Text, true, &[][..]), ("voice", Chosen, true, own), ("speed", Number, false, &[])];
        let ours = endpoint(&ours, "audio");
        let wanted = json!({"line": "Hi ♪", "voice": "v2/en_speaker_6", "speed": 1.2});
        assert_eq!(inputs(&ours, "en_speaker_6"), wanted);
        assert_eq!(ours.voices()[0].id, "v2/en_speaker_6");
        assert!(bark.cannot_say().contains(&"speed") && !ours.cannot_say().contains(&"speed"));
    }
}
