//! Every shape of an error body (hf-api 5.1) to its words. Pure.

use serde_json::Value;

/// What an error body says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Words {
    /// The provider's own sentence; empty when there is none.
    pub(crate) text: String,
    /// `type`, `code` or `error_type`, joined with a space: short marks for programs.
    pub(crate) marks: String,
    /// The parameter complained about.
    pub(crate) field: Option<String>,
    /// An HTTP status inside the body, for errors inside a stream.
    pub(crate) status: Option<u16>,
    /// The server's guess until a model is loaded, in seconds.
    pub(crate) estimated_time: Option<f64>,
}

/// Reads a body that came with an error status: JSON of any shape, plain text or a web page.
pub(crate) fn read(text: &str) -> Words {
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return from_value(&value);
    }
    let words = if text.starts_with('<') { html_title(text) } else { tidy(text) };
    Words { text: words, ..Words::default() }
}

/// Reads JSON of which it is already known that it is an error.
pub(crate) fn from_value(value: &Value) -> Words {
    let mut words = Words::default();
    collect(value, &mut words, 0);
    words.text = tidy(&words.text);
    words
}

/// Whether JSON that came with a good status is an error all the same.
pub(crate) fn is_error(value: &Value) -> bool {
    let says = |key: &str| value.get(key).is_some_and(|v| !v.is_null() && v != "" && v != false);
    says("error")
        || says("errors")
        || says("error_type")
        || (says("detail") && value.get("choices").is_none())
        || value.get("object").is_some_and(|object| object == "error")
}

/// Looks for words in the places where servers put them, the strongest first.
fn collect(value: &Value, words: &mut Words, depth: u8) {
    if depth > 4 {
        return;
    }
    match value {
        Value::String(text) if words.text.is_empty() => words.text.clone_from(text),
        Value::Array(items) => collect_list(items, words, depth),
        Value::Object(_) => collect_object(value, words, depth),
        _ => {}
    }
}

fn collect_list(items: &[Value], words: &mut Words, depth: u8) {
    let mut texts = Vec::new();
    for item in items.iter().take(5) {
        let mut one = Words::default();
        collect(item, &mut one, depth + 1);
        words.field = words.field.take().or(one.field);
        if !one.text.is_empty() {
            texts.push(one.text);
        }
    }
    if words.text.is_empty() {
        words.text = texts.join("; ");
    }
}

fn collect_object(value: &Value, words: &mut Words, depth: u8) {
    words.estimated_time = words.estimated_time.or_else(|| value.get("estimated_time")?.as_f64());
    for key in ["type", "error_type", "code", "status"] {
        mark(value.get(key), words);
    }
    let status = value.get("http_status_code").or_else(|| value.get("code")).and_then(Value::as_u64);
    words.status =
        words.status.or(status.and_then(|s| u16::try_from(s).ok()).filter(|s| (400..600).contains(s)));
    words.field = words.field.take().or_else(|| field(value));
    for key in ["error", "errors", "message", "msg", "detail", "error_description", "title", "warnings"] {
        if let Some(inner) = value.get(key) {
            collect(inner, words, depth + 1);
        }
    }
}

fn mark(value: Option<&Value>, words: &mut Words) {
    let Some(text) = value.and_then(Value::as_str) else { return };
    if !words.marks.is_empty() {
        words.marks.push(' ');
    }
    words.marks.push_str(text);
}

/// `param` of OpenAI, or the last word of `FastAPI`'s `loc`.
fn field(value: &Value) -> Option<String> {
    let param = value.get("param").and_then(Value::as_str);
    let loc = || value.get("loc")?.as_array()?.last()?.as_str();
    param.or_else(loc).map(str::to_owned)
}

/// The title of a web page, or its first heading; never the page.
fn html_title(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    for tag in ["title", "h1"] {
        let inside = lower.find(&format!("<{tag}")).and_then(|start| {
            let from = start + lower[start..].find('>')? + 1;
            let to = from + lower[from..].find("</")?;
            page.get(from..to)
        });
        if let Some(title) = inside {
            return tidy(title);
        }
    }
    String::new()
}

/// One line of at most 400 characters, without control characters and without a full stop at its end.
pub(crate) fn tidy(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(400).collect();
    let cut = if short.len() < line.len() { format!("{short}…") } else { short };
    cut.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_shape_gives_its_words() {
        for (body, want) in [
            (r#"{"error":"text."}"#, "text"),
            (r#"{"error":["a","b"]}"#, "a; b"),
            (r#"{"error":{"message":"m","type":"t","param":"p","code":null}}"#, "m"),
            (r#"{"error":{"message":"m","http_status_code":422}}"#, "m"),
            (r#"{"error":"e","error_type":"validation"}"#, "e"),
            (r#"{"error":"e","estimated_time":20.0}"#, "e"),
            (r#"{"error":"invalid_grant","error_description":"d"}"#, "invalid_grant"),
            (r#"{"errors":[{"message":"m"}]}"#, "m"),
            (r#"{"message":"m"}"#, "m"),
            (r#"{"detail":"d"}"#, "d"),
            (r#"{"detail":[{"loc":["body","prompt"],"msg":"field required","type":"x"}]}"#, "field required"),
            (r#"{"title":"t","detail":"d","status":422}"#, "d"),
            (r#"{"code":1001,"message":"m","data":null}"#, "m"),
            ("plain text\n", "plain text"),
            ("<html>\r\n<head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
            ("<html><body><h1 class=x>503 Service\n Unavailable</h1>", "503 Service Unavailable"),
            ("", ""),
            ("<html>", ""),
        ] {
            assert_eq!(read(body).text, want, "{body}");
        }
    }

    #[test]
    fn the_field_complained_about_is_found() {
        for (body, want) in [
            (r#"{"error":{"message":"m","param":"max_tokens"}}"#, "max_tokens"),
            (r#"{"detail":[{"loc":["body","image_size"],"msg":"m"}]}"#, "image_size"),
        ] {
            assert_eq!(read(body).field.as_deref(), Some(want));
        }
    }

    #[test]
    fn statuses_and_estimates_inside_a_body_are_found() {
        assert_eq!(read(r#"{"error":{"message":"m","code":503}}"#).status, Some(503));
        assert_eq!(read(r#"{"error":"loading","estimated_time":2.5}"#).estimated_time, Some(2.5));
        assert_eq!(read(r#"{"code":1001,"message":"m"}"#).status, None);
    }

    #[test]
    fn a_good_answer_is_not_taken_for_an_error() {
        for good in [r#"{"error":null,"choices":[]}"#, r#"{"choices":[]}"#, r#"[{"generated_text":"error"}]"#]
        {
            assert!(!serde_json::from_str(good).is_ok_and(|value| is_error(&value)), "{good}");
        }
    }

    #[test]
    fn a_long_body_is_cut() {
        assert!(read(&"x".repeat(10_000)).text.chars().count() <= 401);
    }
}
