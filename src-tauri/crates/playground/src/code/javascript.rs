//! JavaScript with @huggingface/inference, wherever that client sends what ours sends.

use serde_json::{Map, Value, json};

use super::Written;
use super::call::{Call, Place};
use super::clients::{HUGGINGFACE_INFERENCE, offered};
use super::files::File;
use super::values::{Literals, Tongue};

/// Tasks of a file alone: with parameters this client would drop them.
const FILE_ALONE: [&str; 4] =
    ["image_to_text", "image_classification", "object_detection", "automatic_speech_recognition"];

pub(super) fn write(call: &Call) -> Written {
    let words = Literals { tongue: Tongue::JavaScript, files: &call.files };
    let parameters = parameters(call);
    let mut given = Vec::new();
    let options = client(call, &words, &parameters, &mut given)?;
    given.extend(inputs(call, &words)?);
    match call.task {
        "chat_completion" | "feature_extraction" => {
            let entry =
                |(name, value): (&String, &Value)| format!("{}: {}", words.key(name), words.value(value, 2));
            given.extend(parameters.iter().map(entry));
        }
        _ if parameters.is_empty() => {}
        _ => given.push(format!("parameters: {}", words.value(&Value::Object(parameters), 2))),
    }
    let method = method(call);
    let fields = words.group("{", &given, "}", 0);
    let ask = format!("client.{method}({fields})");
    let told = told(call, &ask);
    let mut head = String::new();
    let reads = if call.files.0.is_empty() { "" } else { "readFileSync" };
    let writes = if call.makes_file() { "writeFileSync" } else { "" };
    let used: Vec<&str> = [reads, writes].into_iter().filter(|name| !name.is_empty()).collect();
    if !used.is_empty() {
        head = format!("import {{ {} }} from \"node:fs\";\n", used.join(", "));
    }
    let files: String = call.files.0.iter().map(|file| read(call, &words, file)).collect();
    let gap = if files.is_empty() { "" } else { "\n" };
    Ok(format!(
        "{head}import {{ InferenceClient }} from \"@huggingface/inference\";\n\n\
         const client = new InferenceClient({options});\n{gap}{files}\n{told}"
    ))
}

/// The client's arguments; a provider and the model go into the call.
fn client(
    call: &Call,
    words: &Literals<'_>,
    parameters: &Map<String, Value>,
    given: &mut Vec<String>,
) -> Written {
    let mut options = Vec::new();
    match &call.place {
        Place::Server { url, headers, .. } => {
            if call.task != "chat_completion" || url.query().is_some() || !headers.is_empty() {
                return Err("This client cannot ask a server by its address like this.".to_owned());
            }
            options.push(format!("endpointUrl: {}", words.text(url.as_str())));
            let body =
                call.sent.as_ref().map_err(Clone::clone)?.request.body.json().cloned().unwrap_or_default();
            given.push(format!("model: {}", words.value(&body["model"], 2)));
        }
        Place::HuggingFace { provider, .. } => {
            if provider.as_ref().is_some_and(|name| !fits(call, name, parameters)) {
                return Err("This client would send something else.".to_owned());
            }
            given.extend(provider.iter().map(|name| format!("provider: {}", words.text(name))));
            given.push(format!("model: {}", words.text(&call.model)));
        }
        Place::Builtin | Place::Space { .. } => {}
    }
    options.extend(call.bill_to().map(|org| format!("billTo: {}", words.text(org))));
    let key = call.variable().map_or_else(|| "\"\"".to_owned(), |name| format!("process.env.{name}"));
    if options.is_empty() {
        return Ok(key);
    }
    Ok(format!("{key}, {}", words.group("{", &options, "}", 0)))
}

/// Whether this client sends the same as ours: it knows the provider, and gives every parameter the name and the
/// place that ours gives it.
fn fits(call: &Call, provider: &str, parameters: &Map<String, Value>) -> bool {
    if !offered(HUGGINGFACE_INFERENCE, provider, call.task) || call.task == "zero_shot_image_classification" {
        return false;
    }
    let Some(body) = call.sent.as_ref().ok().and_then(|sent| sent.request.body.json()) else {
        // The list that pipelines answer with is none of the forms that this client reads.
        return call.task != "image_to_text";
    };
    let at_root = |body: &Value| parameters.iter().all(|(name, value)| body.get(name) == Some(value));
    match call.task {
        "chat_completion" | "feature_extraction" => true,
        "text_generation" => body.get("inputs").is_some() && body.get("prompt").is_some(),
        task if FILE_ALONE.contains(&task) && body.get("inputs").is_some() => false,
        _ => [Some(body), body.get("parameters"), body.get("input")].into_iter().flatten().any(at_root),
    }
}

/// The method's name; a stream has one of its own.
fn method(call: &Call) -> String {
    let mut name = String::new();
    let mut upper = false;
    for letter in call.task.chars() {
        match letter {
            '_' => upper = true,
            _ if std::mem::take(&mut upper) => name.push(letter.to_ascii_uppercase()),
            _ => name.push(letter),
        }
    }
    if call.streams() { name + "Stream" } else { name }
}

/// What goes in beside the parameters, in this client's words.
fn inputs(call: &Call, words: &Literals<'_>) -> std::result::Result<Vec<String>, String> {
    let text = |name: &str| words.value(call.fields.get(name).unwrap_or(&Value::Null), 2);
    let file =
        || call.files.0.first().map(|file| file.variable.clone()).ok_or("This run's file is not here.");
    let one = |value: String| vec![format!("inputs: {value}")];
    let both = |rows: &[String]| vec![format!("inputs: {}", words.group("{", rows, "}", 2))];
    Ok(match call.task {
        "chat_completion" => vec![format!("messages: {}", text("messages"))],
        "text_generation" | "text_to_image" => one(text("prompt")),
        "visual_question_answering" => {
            both(&[format!("image: {}", file()?), format!("question: {}", text("question"))])
        }
        "question_answering" => {
            both(&[format!("question: {}", text("question")), format!("context: {}", text("context"))])
        }
        "sentence_similarity" => both(&[
            format!("source_sentence: {}", text("sentence")),
            format!(
                "sentences: {}",
                words.value(call.fields.get("other_sentences").unwrap_or(&json!([])), 4)
            ),
        ]),
        _ if call.fields.contains_key("text") => one(text("text")),
        _ => one(file()?),
    })
}

/// The fields that are no inputs; what stands in `extra_body` stands beside them.
fn parameters(call: &Call) -> Map<String, Value> {
    let inputs: &[&str] = match call.task {
        "chat_completion" => &["messages"],
        "text_generation" | "text_to_image" => &["prompt"],
        "visual_question_answering" => &["image", "question"],
        "question_answering" => &["question", "context"],
        "sentence_similarity" => &["sentence", "other_sentences"],
        _ => &["text", "image", "audio"],
    };
    let mut parameters = call.fields.clone();
    parameters.retain(|name, _| !inputs.contains(&name.as_str()) && name != "stream");
    if let Some(Value::Object(more)) = parameters.shift_remove("extra_body") {
        parameters.extend(more);
    }
    parameters
}

/// A file: its base64 for a chat, where it stands in a text; else itself.
fn read(call: &Call, words: &Literals<'_>, file: &File) -> String {
    let File { name, variable, media, .. } = file;
    if call.task == "chat_completion" {
        return format!("const {variable} = readFileSync(\"{name}\", \"base64\");\n");
    }
    let kind = words.text(&media.media_type);
    format!("const {variable} = new Blob([readFileSync(\"{name}\")], {{ type: {kind} }});\n")
}

/// The call, and what is done with its answer.
fn told(call: &Call, ask: &str) -> String {
    let piece = match call.task {
        "chat_completion" => "chunk.choices[0]?.delta.content ?? \"\"",
        _ => "chunk.token?.text ?? chunk.choices?.[0]?.text ?? \"\"",
    };
    if call.streams() {
        return format!("for await (const chunk of {ask}) {{\n  process.stdout.write({piece});\n}}\n");
    }
    let use_it = match call.task {
        "chat_completion" if call.fields.contains_key("tools") => {
            "console.dir(answer.choices[0].message, { depth: null });".to_owned()
        }
        "chat_completion" => "console.log(answer.choices[0].message.content);".to_owned(),
        "text_to_image" | "image_to_image" | "text_to_speech" => {
            format!("writeFileSync(\"{}\", Buffer.from(await answer.arrayBuffer()));", call.answer.file)
        }
        "text_generation" | "image_to_text" => "console.log(answer.generated_text);".to_owned(),
        "automatic_speech_recognition" => "console.log(answer.text);".to_owned(),
        "summarization" => "console.log(answer.summary_text);".to_owned(),
        "translation" => "console.log(answer.translation_text);".to_owned(),
        _ => "console.log(answer);".to_owned(),
    };
    let answer = format!("const answer = await {ask};\n");
    if call.answer.waits {
        return format!(
            "// This client's timers let Node end while it waits; this one does not.\n\
             const awake = setInterval(() => {{}}, 1000);\n{answer}clearInterval(awake);\n{use_it}\n"
        );
    }
    format!("{answer}{use_it}\n")
}
