//! Python with `openai`, wherever the request goes to a route of `OpenAI`'s. It is written from the request itself.

use limerick_inference::{Body, FormField};
use serde_json::{Map, Value, json};

use super::Written;
use super::call::Call;
use super::python::{chat_stream, read_files};
use super::values::{Literals, Tongue};

/// A route of `OpenAI`'s: its path, the method, and the parameters that it knows (openai 3.52).
struct Route {
    path: &'static str,
    method: &'static str,
    known: &'static [&'static str],
}

const ROUTES: [Route; 6] = [
    Route {
        path: "/chat/completions",
        method: "chat.completions.create",
        known: &[
            "model",
            "messages",
            "frequency_penalty",
            "logit_bias",
            "logprobs",
            "max_completion_tokens",
            "max_tokens",
            "metadata",
            "n",
            "parallel_tool_calls",
            "presence_penalty",
            "reasoning_effort",
            "response_format",
            "seed",
            "service_tier",
            "stop",
            "store",
            "stream",
            "stream_options",
            "temperature",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "user",
            "verbosity",
        ],
    },
    Route {
        path: "/completions",
        method: "completions.create",
        known: &[
            "model",
            "prompt",
            "best_of",
            "echo",
            "frequency_penalty",
            "logit_bias",
            "logprobs",
            "max_tokens",
            "n",
            "presence_penalty",
            "seed",
            "stop",
            "stream",
            "stream_options",
            "suffix",
            "temperature",
            "top_p",
            "user",
        ],
    },
    Route {
        path: "/images/generations",
        method: "images.generate",
        known: &["model", "prompt", "background", "n", "quality", "response_format", "size", "style", "user"],
    },
    Route {
        path: "/audio/speech",
        method: "audio.speech.create",
        known: &["model", "input", "voice", "instructions", "response_format", "speed"],
    },
    Route {
        path: "/audio/transcriptions",
        method: "audio.transcriptions.create",
        known: &["model", "file", "language", "prompt", "response_format", "temperature"],
    },
    Route {
        path: "/embeddings",
        method: "embeddings.create",
        known: &["model", "input", "dimensions", "encoding_format", "user"],
    },
];

pub(super) fn write(call: &Call) -> Written {
    let request = &call.sent.as_ref().map_err(Clone::clone)?.request;
    let path = request.url.path();
    // What makes a job of it answers with a ticket.
    let route = ROUTES.iter().find(|route| path.ends_with(route.path) && !path.contains("/async/"));
    let route = route.ok_or("This run does not go to a route of OpenAI's: use huggingface_hub or cURL.")?;
    let words = Literals { tongue: Tongue::Python, files: &call.files };
    let given = match &request.body {
        Body::Json(Value::Object(body)) => by_name(body, route, &words)?,
        Body::Multipart(form) => by_form(call, form, route, &words)?,
        _ => return Err("This run's request has no form that openai knows: use cURL.".to_owned()),
    };
    let client = client(call, &words, route)?;
    let ask = words.group(&format!("client.{}(", route.method), &given, ")", 0);
    let told = told(call, route, request.body.json(), &ask);
    let inline = request.body.json().is_some_and(|body| call.files.any_in(&body.to_string()));
    let files = if inline { read_files(call) } else { String::new() };
    let decoded = route.method == "images.generate" && in_base64(request.body.json());
    let mut head = String::new();
    if inline || decoded {
        head.push_str("import base64\n");
    }
    if call.variable().is_some() || !call.headers().is_empty() {
        head.push_str("import os\n");
    }
    if decoded {
        head.push_str("from pathlib import Path\n");
    }
    let gap = if head.is_empty() { "" } else { "\n" };
    Ok(format!("{head}{gap}from openai import OpenAI\n\n{client}{files}\n{told}"))
}

/// The client for the address before the route.
fn client(call: &Call, words: &Literals<'_>, route: &Route) -> Written {
    let sent = call.sent.as_ref().map_err(Clone::clone)?;
    let mut base = sent.request.url.clone();
    base.set_query(None);
    let path = base.path().trim_end_matches(route.path).to_owned();
    base.set_path(&path);
    let mut given = vec![format!("base_url={}", words.text(base.as_str().trim_end_matches('/')))];
    match (call.variable(), sent.key) {
        (Some(name), Some("Authorization: Bearer ")) => given.push(format!("api_key=os.environ[\"{name}\"]")),
        // Without one the package would look for a key of OpenAI's and send it to this server.
        (None, _) => given.push("api_key=\"none\"".to_owned()),
        _ => {
            return Err(
                "This provider wants its key in a way that openai does not know: use cURL.".to_owned()
            );
        }
    }
    let fixed = |(name, value): &(&str, String)| format!("{}: {}", words.key(name), words.text(value));
    let mut headers: Vec<String> = sent.request.headers.iter().map(fixed).collect();
    let own = |(name, variable): (&str, String)| format!("{}: os.environ[\"{variable}\"]", words.key(name));
    headers.extend(call.headers().into_iter().map(own));
    if !headers.is_empty() {
        given.push(format!("default_headers={}", words.group("{", &headers, "}", 4)));
    }
    let query: Map<String, Value> =
        sent.request.url.query_pairs().map(|(name, value)| (name.into_owned(), json!(value))).collect();
    if !query.is_empty() {
        given.push(format!("default_query={}", words.value(&Value::Object(query), 4)));
    }
    Ok(words.group("client = OpenAI(", &given, ")", 0) + "\n")
}

/// The parameters that the method knows by their names, the others in `extra_body`.
fn by_name(
    body: &Map<String, Value>,
    route: &Route,
    words: &Literals<'_>,
) -> std::result::Result<Vec<String>, String> {
    let (mut given, mut extra) = (Vec::new(), Map::new());
    for (name, value) in body {
        if !route.known.contains(&name.as_str()) {
            extra.insert(name.clone(), value.clone());
        } else if !(name == "stream" && *value == Value::Bool(false)) {
            given.push(format!("{name}={}", words.value(value, 4)));
        }
    }
    if route.known.contains(&"voice") && !body.contains_key("voice") {
        return Err("openai wants a voice to be named, and this run named none: use cURL.".to_owned());
    }
    if !extra.is_empty() {
        given.push(format!("extra_body={}", words.value(&Value::Object(extra), 4)));
    }
    Ok(given)
}

/// The same for a form, where every value is text.
fn by_form(
    call: &Call,
    form: &[FormField],
    route: &Route,
    words: &Literals<'_>,
) -> std::result::Result<Vec<String>, String> {
    let mut body = Map::new();
    for field in form {
        let text = String::from_utf8_lossy(&field.bytes).into_owned();
        body.insert(field.name.clone(), if field.file.is_some() { Value::Null } else { json!(text) });
    }
    let file = call.files.0.first().ok_or("This run's sound is not here any more.")?;
    let given = by_name(&body, route, words)?;
    let opened =
        |one: String| if one == "file=None" { format!("file=open(\"{}\", \"rb\")", file.name) } else { one };
    Ok(given.into_iter().map(opened).collect())
}

/// Whether pictures are asked for inside the answer.
fn in_base64(body: Option<&Value>) -> bool {
    body.and_then(|body| body["response_format"].as_str()).is_some_and(|form| form.contains("64"))
}

/// The call, and what is done with its answer.
fn told(call: &Call, route: &Route, body: Option<&Value>, ask: &str) -> String {
    let file = &call.answer.file;
    let use_it = match route.method {
        "chat.completions.create" if call.streams() => return chat_stream(ask),
        "completions.create" if call.streams() => {
            return format!(
                "for chunk in {ask}:\n    if chunk.choices:\n        print(chunk.choices[0].text, end=\"\", flush=True)\n"
            );
        }
        "chat.completions.create" if call.fields.contains_key("tools") => {
            "print(answer.choices[0].message)".to_owned()
        }
        "chat.completions.create" => "print(answer.choices[0].message.content)".to_owned(),
        "completions.create" => "print(answer.choices[0].text)".to_owned(),
        "images.generate" if in_base64(body) => {
            format!("Path(\"{file}\").write_bytes(base64.b64decode(answer.data[0].b64_json))")
        }
        "images.generate" => "print(answer.data[0].url)".to_owned(),
        "audio.speech.create" => format!("answer.write_to_file(\"{file}\")"),
        "audio.transcriptions.create" => "print(answer.text)".to_owned(),
        _ => "print([row.embedding for row in answer.data])".to_owned(),
    };
    format!("answer = {ask}\n{use_it}\n")
}
