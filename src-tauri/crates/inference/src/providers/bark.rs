//! Bark's own settings in the words of each route: a person picks a preset (`v2/en_speaker_6`) and two temperatures
//! under the names of Bark's own functions, and every route calls them differently (hf-api 9.3). Pure.

use serde_json::{Map, Value, json};

use super::settings::{GENERATION, Settings};

/// What the Hub calls it.
const ON_THE_HUB: [&str; 2] = ["suno/bark", "suno/bark-small"];
/// Replicate's name of it, with the one version that it runs.
const AT_REPLICATE: &str = "suno-ai/bark:b76242b40d67c76ab6742e987628a2a9ac019e11d56ab96c4e91ce03b79b2787";

/// Replicate's name of a model: the Hub's name of Bark leads nowhere there.
pub(super) fn at_replicate(model: &str) -> &str {
    if ON_THE_HUB.contains(&model) { AT_REPLICATE } else { model }
}

/// Whether a model at Replicate is Bark.
pub(super) fn is_at_replicate(model: &str) -> bool {
    model.split(':').next().unwrap_or_default().ends_with("/bark")
}

/// The preset as Replicate's list has it: without the `v2/` of the newer ones.
pub(super) fn for_replicate(settings: &mut Settings) {
    settings.rename("voice", "history_prompt");
    settings.change("history_prompt", |preset| json!(bare(preset.as_str().unwrap_or_default())));
}

/// The preset and the temperatures as transformers' pipeline takes them: the first goes to its processor, the others
/// to the models that write the words' sense and the sound (`pipelines/text_to_audio.py`). It refuses any other name,
/// so what tunes the generation moves along; what is not Bark's stays as it is.
pub(super) fn for_pipeline(settings: &mut Settings) {
    let preset = settings.get("voice").and_then(Value::as_str).is_some_and(is_preset);
    let renamed = [("text_temp", "semantic_temperature"), ("waveform_temp", "coarse_temperature")];
    if !preset && !renamed.iter().any(|(name, _)| settings.get(name).is_some()) {
        return;
    }
    let known = GENERATION.iter().map(|name| (*name, *name));
    let generation = known.chain(renamed).filter_map(|(name, own)| Some((own.into(), settings.take(name)?)));
    let generation: Map<String, Value> = generation.collect();
    if let Some(voice) = settings.take("voice") {
        settings.put("preprocess_params", json!({ "voice_preset": voice }));
    }
    if !generation.is_empty() {
        settings.put("generate_kwargs", Value::Object(generation));
    }
}

/// `en_speaker_6` of `v2/en_speaker_6`.
fn bare(preset: &str) -> &str {
    preset.strip_prefix("v2/").unwrap_or(preset)
}

/// Whether a voice is one of Bark's presets.
fn is_preset(voice: &str) -> bool {
    bare(voice) == "announcer" || speaker(voice).is_some()
}

/// Language and number of a preset such as `v2/en_speaker_6`.
pub(crate) fn speaker(voice: &str) -> Option<(&str, &str)> {
    let (language, number) = bare(voice).split_once("_speaker_")?;
    let fits = language.len() == 2 && number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some((language, number))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use limerick_tasks::TextToSpeechInput;

    use super::*;

    fn settings(extra: &Value) -> Settings {
        let extra_body = extra.as_object().unwrap().clone();
        let input = TextToSpeechInput { do_sample: Some(true), extra_body, ..TextToSpeechInput::default() };
        Settings::of_speech(&input).unwrap()
    }

    #[test]
    fn a_pipeline_gets_the_preset_for_its_processor_and_the_temperatures_for_its_models() {
        let mut bark =
            settings(&json!({"voice": "v2/en_speaker_6", "text_temp": 0.6, "waveform_temp": 0.7, "own": 1}));
        for_pipeline(&mut bark);
        let wanted = json!({"own": 1, "preprocess_params": {"voice_preset": "v2/en_speaker_6"},
            "generate_kwargs": {"do_sample": true, "semantic_temperature": 0.6, "coarse_temperature": 0.7}});
        assert_eq!(Value::Object(bark.alone()), wanted);
        let mut other = settings(&json!({"voice": "af_heart", "speed": 1.2}));
        for_pipeline(&mut other);
        assert_eq!(
            Value::Object(other.alone()),
            json!({"do_sample": true, "voice": "af_heart", "speed": 1.2})
        );
    }

    #[test]
    fn presets_are_known_by_their_form() {
        for preset in ["v2/en_speaker_6", "zh_speaker_0", "announcer", "v2/announcer"] {
            assert!(is_preset(preset), "{preset}");
        }
        for other in ["af_heart", "en_speaker_", "en_speaker_12", "v3/en_speaker_1", "eng_speaker_1", ""] {
            assert!(!is_preset(other), "{other}");
        }
        assert_eq!(speaker("v2/de_speaker_3"), Some(("de", "3")));
    }
}
