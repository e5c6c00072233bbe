//! JavaScript with `fetch` alone: the very request that our client sends first.

use limerick_inference::{Body, FormField};
use serde_json::Value;

use super::Written;
use super::call::Call;
use super::files::File;
use super::values::{Literals, Tongue};

pub(super) fn write(call: &Call) -> Written {
    let words = Literals { tongue: Tongue::JavaScript, files: &call.files };
    let sent = call.sent.as_ref().map_err(Clone::clone)?;
    let (before, body) = body(call, &words, &sent.request.body);
    let mut fields = vec!["method: \"POST\"".to_owned()];
    let headers = headers(call, &words);
    if !headers.is_empty() {
        fields.push(format!("headers: {}", words.group("{", &headers, "}", 2)));
    }
    fields.extend(body.map(|body| format!("body: {body}")));
    let told = told(call);
    let reads = if call.files.0.is_empty() { "" } else { "readFileSync" };
    let writes = if call.answer.raw && !call.streams() { "writeFileSync" } else { "" };
    let used: Vec<&str> = [reads, writes].into_iter().filter(|name| !name.is_empty()).collect();
    let head = if used.is_empty() {
        String::new()
    } else {
        format!("import {{ {} }} from \"node:fs\";\n\n", used.join(", "))
    };
    let gap = if before.is_empty() { "" } else { "\n" };
    let ask = format!(
        "const response = await fetch({}, {});",
        words.text(sent.request.url.as_str()),
        broken(&fields)
    );
    Ok(format!("{head}{before}{gap}{ask}\nif (!response.ok) throw new Error(await response.text());\n{told}"))
}

/// Options always stand in lines: so a reader finds them.
fn broken(fields: &[String]) -> String {
    let rows: String = fields.iter().flat_map(|field| ["  ", field, ",\n"]).collect();
    format!("{{\n{rows}}}")
}

fn headers(call: &Call, words: &Literals<'_>) -> Vec<String> {
    let Ok(sent) = &call.sent else { return Vec::new() };
    let mut headers = Vec::new();
    if let (Some((name, before)), Some(variable)) =
        (sent.key.and_then(|head| head.split_once(": ")), call.variable())
    {
        let value = match before {
            "" => format!("process.env.{variable}"),
            _ => format!("`{before}${{process.env.{variable}}}`"),
        };
        headers.push(format!("{}: {value}", words.key(name)));
    }
    let own = |(name, variable): (&str, String)| format!("{}: process.env.{variable}", words.key(name));
    headers.extend(call.headers().into_iter().map(own));
    let kind = match &sent.request.body {
        Body::Json(_) => Some("application/json"),
        Body::Bytes { media_type, .. } => Some(media_type.as_str()),
        _ => None,
    };
    headers.extend(kind.map(|kind| format!("{}: {}", words.key("Content-Type"), words.text(kind))));
    let fixed = |(name, value): &(&str, String)| format!("{}: {}", words.key(name), words.text(value));
    headers.extend(sent.request.headers.iter().map(fixed));
    headers
}

/// The lines before the call, and the body.
fn body(call: &Call, words: &Literals<'_>, body: &Body) -> (String, Option<String>) {
    match body {
        Body::None => (String::new(), None),
        Body::Json(body) => {
            let written = words.value(body, 2);
            let read = |file: &File| {
                format!("const {} = readFileSync(\"{}\", \"base64\");\n", file.variable, file.name)
            };
            (call.files.0.iter().map(read).collect(), Some(format!("JSON.stringify({written})")))
        }
        Body::Bytes { .. } => {
            (String::new(), call.files.0.first().map(|file| format!("readFileSync(\"{}\")", file.name)))
        }
        Body::Multipart(form) => {
            let rows: String = form.iter().map(|field| row(call, words, field)).collect();
            (format!("const form = new FormData();\n{rows}"), Some("form".to_owned()))
        }
    }
}

/// A field of a form.
fn row(call: &Call, words: &Literals<'_>, field: &FormField) -> String {
    let name = words.text(&field.name);
    let same = call.files.0.iter().find(|file| file.media.bytes == field.bytes);
    if let (Some((given, kind)), Some(file)) = (&field.file, same) {
        let (given, kind) = (words.text(given), words.text(kind));
        let blob = format!("new Blob([readFileSync(\"{}\")], {{ type: {kind} }})", file.name);
        return format!("form.append({name}, {blob}, {given});\n");
    }
    let value = Value::String(String::from_utf8_lossy(&field.bytes).into_owned());
    format!("form.append({name}, {});\n", words.value(&value, 0))
}

/// What is done with the answer: a stream is shown as it comes.
fn told(call: &Call) -> String {
    if call.streams() {
        return "for await (const events of response.body.pipeThrough(new TextDecoderStream())) {\n  \
                process.stdout.write(events);\n}\n"
            .to_owned();
    }
    if call.answer.raw {
        let file = &call.answer.file;
        return format!("writeFileSync(\"{file}\", Buffer.from(await response.arrayBuffer()));\n");
    }
    let note = if call.answer.steps { "// It says where to ask for the result.\n" } else { "" };
    format!("{note}console.dir(await response.json(), {{ depth: null }});\n")
}
