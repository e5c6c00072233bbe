//! The `parameters` text as AUTOMATIC1111's web UI writes and reads it: the prompt, the negative prompt, and a line
//! of `Name: value` pairs (`modules/processing.py` `create_infotext`, `modules/infotext_utils.py`
//! `parse_generation_parameters`, `quote`, `unquote`).

use serde_json::Value;

use super::Settings;

/// What stands before the negative prompt.
const NEGATIVE: &str = "Negative prompt:";
/// Pairs that make a line one of settings, as over there.
const ENOUGH: usize = 3;

/// The text of these settings. What the form cannot hold (nested values, odd names) is left out.
pub(super) fn write(settings: &Settings) -> String {
    let mut text = settings.prompt.clone();
    if let Some(negative) = settings.negative_prompt.as_ref().filter(|words| !words.is_empty()) {
        text = format!("{text}\n{NEGATIVE} {negative}");
    }
    let pairs: Vec<String> =
        pairs(settings).map(|(key, value)| format!("{key}: {}", quote(&value))).collect();
    format!("{text}\n{}", pairs.join(", ")).trim().to_owned()
}

/// The pairs of the last line, in the order that is usual there.
fn pairs(settings: &Settings) -> impl Iterator<Item = (String, String)> {
    let size = settings.width.zip(settings.height).map(|(width, height)| format!("{width}x{height}"));
    let known = [
        ("Steps", settings.num_inference_steps.map(|count| count.to_string())),
        ("Sampler", settings.scheduler.clone()),
        ("CFG scale", settings.guidance_scale.map(|scale| scale.to_string())),
        ("Seed", settings.seed.map(|seed| seed.to_string())),
        ("Size", size),
        ("Model", settings.model.clone()),
        ("Provider", settings.provider.clone()),
    ];
    let known = known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    let extra = settings.extra.iter().filter(|(key, _)| is_name(key) && !is_known(key));
    let extra = extra.filter_map(|(key, value)| Some((key.clone(), scalar(value)?)));
    let software = settings.software.clone().map(|name| ("Version".to_owned(), name));
    known.chain(extra).chain(software).collect::<Vec<_>>().into_iter()
}

fn is_known(key: &str) -> bool {
    ["Steps", "Sampler", "CFG scale", "Seed", "Size", "Model", "Provider", "Version"].contains(&key)
}

/// A name that is read again: `\w[\w \-/]+`.
fn is_name(key: &str) -> bool {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    key.starts_with(word)
        && key.chars().count() > 1
        && key.chars().all(|letter| word(letter) || " -/".contains(letter))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "True" } else { "False" }.to_owned()),
        _ => None,
    }
}

/// In quotes, as JSON, where it would break the line.
fn quote(value: &str) -> String {
    if value.contains([',', '\n', ':']) { Value::from(value).to_string() } else { value.to_owned() }
}

/// The settings of a text, and whether it is sure to be one of settings: it has the line of pairs or the mark of the
/// negative prompt. Nothing where it is empty.
pub(super) fn read(text: &str) -> Option<(Settings, bool)> {
    let text = text.trim();
    let lines: Vec<&str> = text.lines().collect();
    let is_line = |line: &&str| scan(line).count() >= ENOUGH;
    // Extensions write lines of their own behind it.
    let begins = |line: &&str| line.trim_start().starts_with("Steps:") && is_line(line);
    let at = lines.iter().rposition(begins).or_else(|| {
        let last = lines.len().checked_sub(1)?;
        is_line(&lines[last]).then_some(last)
    });
    let (prompt, negative) = prompts(&lines[..at.unwrap_or(lines.len())]);
    let sure = at.is_some() || negative.is_some();
    let mut settings = Settings { prompt, negative_prompt: negative, ..Settings::default() };
    for (key, value) in at.map(|at| scan(lines[at])).into_iter().flatten() {
        take(&mut settings, key, value);
    }
    (!text.is_empty()).then_some((settings, sure))
}

/// The lines before the mark, and those from it on.
fn prompts(lines: &[&str]) -> (String, Option<String>) {
    let mark = lines.iter().position(|line| line.trim_start().starts_with(NEGATIVE));
    let joined = |lines: &[&str]| lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    let (before, after) = lines.split_at(mark.unwrap_or(lines.len()));
    let after = mark.map(|_| joined(after).trim_start_matches(NEGATIVE).trim().to_owned());
    (joined(before), after.filter(|words| !words.is_empty()))
}

/// The pairs of a line.
fn scan(line: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            let (key, behind) = rest.split_once(':')?;
            if !is_name(key) {
                // Whatever this is, the next pair begins behind a comma.
                rest = rest.split_once(',')?.1;
                continue;
            }
            let (value, behind) = value(behind.trim_start());
            rest = behind;
            return Some((key, value));
        }
    })
}

/// The value at the start, out of its quotes, and what stands behind its comma.
fn value(text: &str) -> (String, &str) {
    if let Some(end) = text.strip_prefix('"').and_then(closing) {
        let (quoted, behind) = text.split_at(end + 2);
        if behind.is_empty() || behind.starts_with(',') {
            let plain = serde_json::from_str(quoted).unwrap_or_else(|_| quoted.to_owned());
            return (plain, behind.trim_start_matches(','));
        }
    }
    let (value, behind) = text.split_once(',').unwrap_or((text, ""));
    (value.trim().to_owned(), behind)
}

/// Where the quotation ends that began before this.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends.then_some(at)
    })
}

fn take(settings: &mut Settings, key: &str, value: String) {
    match key {
        "Steps" => settings.num_inference_steps = value.parse().ok(),
        "Sampler" => settings.scheduler = Some(value),
        "CFG scale" => settings.guidance_scale = value.parse().ok().filter(|scale: &f64| scale.is_finite()),
        "Seed" => settings.seed = value.parse().ok(),
        "Size" => {
            let size = value.split_once('x').map(|(width, height)| (width.parse().ok(), height.parse().ok()));
            (settings.width, settings.height) = size.unwrap_or_default();
        }
        "Model" => settings.model = Some(value),
        "Provider" => settings.provider = Some(value),
        "Version" => settings.software = Some(value),
        _ => {
            let number = serde_json::from_str(&value).ok().filter(|read: &Value| read.is_number());
            let number = number.map(|read| (read.to_string(), read)).filter(|(text, _)| *text == value);
            let value = number.map_or(Value::String(value), |(_, read)| read);
            settings.extra.insert(key.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    const REAL: &str = "masterpiece, a fox: red\n(snow:1.2)\nNegative prompt: blurry, low quality\nsecond line\nSteps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 965400086, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Lora hashes: \"one: abc, two: \\\"d\\\"\", Version: v1.10.1";

    #[test]
    fn a_text_of_the_web_ui_is_read_whole() {
        let (read, sure) = read(REAL).unwrap();
        assert!(sure);
        assert_eq!(read.prompt, "masterpiece, a fox: red\n(snow:1.2)");
        assert_eq!(read.negative_prompt.as_deref(), Some("blurry, low quality\nsecond line"));
        assert_eq!(
            (read.num_inference_steps, read.guidance_scale, read.seed),
            (Some(28), Some(7.0), Some(965_400_086))
        );
        assert_eq!((read.width, read.height), (Some(512), Some(768)));
        assert_eq!(read.scheduler.as_deref(), Some("DPM++ 2M"));
        assert_eq!(read.model.as_deref(), Some("v1-5-pruned-emaonly"));
        assert_eq!(read.software.as_deref(), Some("v1.10.1"));
        let extra = json!({"Schedule type": "Karras", "Model hash": "6ce0161689", "Lora hashes": "one: abc, two: \"d\""});
        assert_eq!(Value::Object(read.extra), extra);
    }

    #[test]
    fn what_was_read_is_written_with_the_same_pairs() {
        let (first, _) = read(REAL).unwrap();
        let text = write(&first);
        assert_eq!(read(&text).unwrap().0, first);
        assert!(text.contains("\nNegative prompt: blurry"));
        assert!(text.contains(
            "\nSteps: 28, Sampler: DPM++ 2M, CFG scale: 7, Seed: 965400086, Size: 512x768, Model: v1-5"
        ));
    }

    #[test]
    fn values_that_would_break_the_line_are_quoted() {
        let settings =
            Settings { prompt: "p".into(), model: Some("a, b: \"c\"".into()), ..Settings::default() };
        assert_eq!(write(&settings), "p\nModel: \"a, b: \\\"c\\\"\"");
    }

    #[test]
    fn a_text_without_pairs_is_a_prompt_and_not_sure() {
        let (settings, sure) = read("just a prompt, with: a colon").unwrap();
        assert_eq!((settings.prompt.as_str(), sure), ("just a prompt, with: a colon", false));
        assert!(read(" \n ").is_none());
    }

    #[test]
    fn lines_behind_the_pairs_are_those_of_extensions() {
        let (settings, _) = read("fox\nSteps: 3, Seed: 4, Size: 8x8\nTemplate: x").unwrap();
        assert_eq!((settings.prompt.as_str(), settings.seed), ("fox", Some(4)));
    }

    #[test]
    fn odd_pairs_are_survived() {
        for text in [
            "Steps: , Seed: x, Size: 1x, CFG scale: NaN",
            "a: \"open, b: 1, cc: \"\", dd: 2",
            ":::,,:",
            "Size: 9x9x9, AA: , BB: \"\\",
        ] {
            read(text);
        }
        assert_eq!(read("Steps: x, Seed: -1, CFG scale: inf").unwrap().0, Settings::default());
    }
}
