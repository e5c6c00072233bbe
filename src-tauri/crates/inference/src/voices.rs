//! The voices that a server says it has. `OpenAI`'s protocol has no list of them; the servers that give one give it at
//! `/audio/voices`, each in a form of its own (Kokoro-FastAPI, openedai-speech, `LocalAI`, …). Pure.

use limerick_tasks::Voice;
use serde_json::Value;

/// The most voices of one answer that are listed.
pub(crate) const MOST: usize = 2_000;
/// Letters of a name at most.
const LONGEST: usize = 200;

/// Reads a list of names, or of objects, bare or under a word for it; whatever else comes is no voice.
pub(crate) fn read(answer: &Value) -> Vec<Voice> {
    let under = ["voices", "data", "speakers"].iter().find_map(|word| answer.get(*word));
    let mut voices: Vec<Voice> = Vec::new();
    match under.unwrap_or(answer) {
        Value::Array(rows) => voices.extend(rows.iter().take(MOST).filter_map(voice)),
        // `{"alloy": {…}}`: by their names.
        Value::Object(rows) if under.is_some() => {
            voices.extend(rows.keys().take(MOST).filter_map(|id| voice(&Value::String(id.clone()))));
        }
        _ => {}
    }
    let mut seen = std::collections::HashSet::new();
    voices.retain(|voice| seen.insert(voice.id.clone()));
    voices
}

fn voice(row: &Value) -> Option<Voice> {
    let text = |names: &[&str]| names.iter().find_map(|name| fit(row.get(*name)?.as_str()?));
    let id = match row {
        Value::String(id) => fit(id)?,
        _ => text(&["id", "voice_id", "voice", "name"])?,
    };
    let name = text(&["name", "display_name", "label"]).filter(|name| *name != id);
    let language = text(&["language", "lang", "locale"]).filter(|tag| is_tag(tag));
    Some(Voice {
        name: name.unwrap_or_else(|| id.clone()),
        id,
        language,
        about: text(&["description", "gender"]),
    })
}

/// A word of a stranger's that fits on a line.
fn fit(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// Letters, digits and dashes, as a language's tag is written.
fn is_tag(text: &str) -> bool {
    text.len() <= 35 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(answer: &Value) -> Vec<String> {
        read(answer).into_iter().map(|voice| voice.id).collect()
    }

    #[test]
    fn every_form_of_a_list_is_read() {
        for answer in [
            json!({"voices": ["af_heart", "bf_emma"]}),
            json!({"voices": [{"id": "af_heart", "name": "Heart"}, {"voice_id": "bf_emma"}]}),
            json!({"data": [{"name": "af_heart"}, {"name": "bf_emma"}]}),
            json!(["af_heart", "bf_emma", "af_heart"]),
            json!({"voices": {"af_heart": {}, "bf_emma": {}}}),
        ] {
            assert_eq!(ids(&answer), ["af_heart", "bf_emma"], "{answer}");
        }
        let one = read(&json!([{"id": "a", "name": "Anna", "language": "de-DE", "gender": "woman"}]));
        let wanted = Voice {
            id: "a".into(),
            name: "Anna".into(),
            language: Some("de-DE".into()),
            about: Some("woman".into()),
        };
        assert_eq!(one, [wanted]);
    }

    #[test]
    fn what_a_hostile_server_says_stays_within_bounds() {
        let long = "x".repeat(LONGEST + 1);
        let answer = json!({"voices": [1, null, [], {}, "", "  ", "a\u{7}b", long, {"id": 7}, {"id": "ok", "lang": "<b>"}]});
        assert_eq!(ids(&answer), ["ok"]);
        assert_eq!(read(&answer)[0].language, None);
        assert_eq!(read(&json!({"voices": (0..MOST + 50).collect::<Vec<_>>()})).len(), 0);
        let many: Vec<String> = (0..MOST + 50).map(|n| format!("v{n}")).collect();
        assert_eq!(read(&json!(many)).len(), MOST);
        for other in [json!(null), json!("x"), json!({"error": "no"}), json!({"voices": "all"})] {
            assert!(read(&other).is_empty(), "{other}");
        }
    }
}
