//! cURL: the very request that our client sends first.

use limerick_inference::{Body, FormField, Method};
use serde_json::Value;

use super::call::Call;
use super::files::Piece;
use super::values::{json, shell};
use super::{Written, call::Place};

/// The longest argument that is safe on every system, in bytes (Linux: 128 KiB for one).
const LONGEST: usize = 100_000;

pub(super) fn write(call: &Call) -> Written {
    let request = &call.sent.as_ref().map_err(Clone::clone)?.request;
    let mut words = vec![format!("curl {}", shell(request.url.as_str()))];
    if request.method != Method::Post {
        words.push(format!("-X {}", format!("{:?}", request.method).to_uppercase()));
    }
    words.extend(headers(call));
    let mut before = String::new();
    match &request.body {
        Body::None => {}
        Body::Json(body) => {
            words.push("-H \"Content-Type: application/json\"".to_owned());
            let (piped, word) = data(call, body);
            before = piped;
            words.push(word);
        }
        Body::Bytes { media_type, .. } => {
            let file = call.files.0.first().ok_or("This run's request cannot be written for cURL.")?;
            words.push(format!("-H {}", shell(&format!("Content-Type: {media_type}"))));
            words.push(format!("--data-binary @{}", file.name));
        }
        Body::Multipart(form) => words.extend(form.iter().map(|field| part(call, field))),
    }
    if call.streams() {
        words.insert(1, "-N".to_owned());
    }
    // curl takes these for a list of addresses.
    if request.url.as_str().contains(['[', ']', '{', '}']) {
        words.insert(1, "-g".to_owned());
    }
    if call.answer.raw {
        words.push(format!("-o {}", call.answer.file));
    }
    let note = if call.answer.steps { "# The answer says where to ask for the result.\n" } else { "" };
    Ok(format!("{note}{before}{}\n", words.join(" \\\n  ")))
}

/// The key, the organisation that pays, a server's own headers, and what the provider wants.
fn headers(call: &Call) -> Vec<String> {
    let Ok(sent) = &call.sent else { return Vec::new() };
    let mut headers = Vec::new();
    if let (Some(head), Some(variable)) = (sent.key, call.variable()) {
        headers.push(format!("-H \"{head}${variable}\""));
    }
    if let Place::Server { .. } = call.place {
        let own =
            |(name, variable): (&str, String)| format!("-H {}\"${variable}\"", shell(&format!("{name}: ")));
        headers.extend(call.headers().into_iter().map(own));
    }
    let written = |(name, value): &(&str, String)| format!("-H {}", shell(&format!("{name}: {value}")));
    headers.extend(sent.request.headers.iter().map(written));
    headers
}

/// The body as an argument; where it is long or holds a file, as what is piped into curl.
fn data(call: &Call, body: &Value) -> (String, String) {
    let text = json(body, true);
    if text.len() < LONGEST && !call.files.any_in(&text) {
        return (String::new(), format!("-d '{}'", text.replace('\'', "'\\''")));
    }
    let lines = call.files.pieces(&text).into_iter().map(|piece| match piece {
        Piece::Text(text) => format!("  printf %s '{}'\n", text.replace('\'', "'\\''")),
        Piece::File(file) => format!("  base64 < {} | tr -d '\\n'\n", file.name),
    });
    (format!("{{\n{}}} | ", lines.collect::<String>()), "--data-binary @-".to_owned())
}

/// A field of a form.
fn part(call: &Call, field: &FormField) -> String {
    let named = |kind: &str| {
        let same = call.files.0.iter().find(|file| file.media.bytes == field.bytes)?;
        Some(format!("-F {}", shell(&format!("{}=@{};type={kind}", field.name, same.name))))
    };
    let file = field.file.as_ref().and_then(|(_, kind)| named(kind));
    file.unwrap_or_else(|| {
        let value = String::from_utf8_lossy(&field.bytes);
        format!("--form-string {}", shell(&format!("{}={value}", field.name)))
    })
}
