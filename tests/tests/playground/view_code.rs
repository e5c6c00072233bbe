//! View code: our client makes a call behind the recorder; the code that Limerick writes for it is run, unchanged,
//! by the real Python, Node, curl and `limerick`, and sends the same, or stands in [`DIFFERENCES`] with the reason.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use limerick_playground::{Language, Snippet};
use limerick_tests::code::{Bench, Made, OWN_KEY, TOKEN, interpreters, terse};
use serde_json::{Map, Value, json};

const CASES: &str = include_str!("../../code/cases.json");
/// Where the code sends something else on purpose: whose code, the start of the case's name, and the reason.
const DIFFERENCES: &[(Language, &str, &str)] = &[
    (
        Language::Python,
        "hf automatic_speech_recognition",
        "It calls a WAV file audio/x-wav, the older name of the same.",
    ),
    (
        Language::Python,
        "hf plain zero_shot_classification",
        "It always sends multi_label; false is the default.",
    ),
    (Language::Python, "picture at fal-ai", SYNCHRONOUS),
    (Language::Python, "sized picture at fal-ai", SYNCHRONOUS),
    (Language::Python, "picture of the first provider", SYNCHRONOUS),
    (Language::Python, "own key picture", SYNCHRONOUS),
    (Language::Python, "sound at fal-ai", "It calls every sound audio/mpeg; fal looks at the bytes."),
    (
        Language::PythonOpenai,
        "embeddings at together",
        "It asks for the same numbers in base64 unless it is told otherwise.",
    ),
    (
        Language::Cli,
        "billed ",
        "Who pays is a setting of the connection, which the command line reads where it runs.",
    ),
];
const SYNCHRONOUS: &str =
    "It asks fal's synchronous route for the same picture, without a place in the queue.";

/// Answers of the counterparty that a client does not read, though it asked rightly.
const UNREAD: &[(Language, &str, &str)] = &[
    (Language::Python, "hf zero_shot_classification", OLDER_FORM),
    (Language::Python, "hf plain zero_shot_classification", OLDER_FORM),
];
const OLDER_FORM: &str = "The counterparty answers {labels, scores}; this client reads a list alone.";

/// What the code of a language must send: everything, or the first request where it stops there.
fn wanted(made: &Made, snippet: &Snippet) -> Vec<Value> {
    let first = || made.ours.iter().take(1).cloned().collect::<Vec<_>>();
    match snippet.language {
        Language::Curl => first(),
        Language::Javascript if snippet.title.contains("fetch") => first(),
        Language::PythonOpenai => first().into_iter().map(terse).collect(),
        Language::Python | Language::Javascript => made.ours.iter().cloned().map(terse).collect(),
        Language::Cli => made.ours.clone(),
    }
}

/// Whether a case stands in a list.
fn listed(list: &[(Language, &str, &str)], language: Language, name: &str) -> bool {
    list.iter().any(|(of, start, _)| *of == language && name.starts_with(start))
}

/// Writes the code of one language into files; which cases they belong to.
fn files(bench: &Bench, made: &[Made], language: Language, ending: &str) -> Vec<(usize, PathBuf)> {
    let mut files = Vec::new();
    for (number, one) in made.iter().enumerate() {
        let snippet = one.snippets.iter().find(|snippet| snippet.language == language).unwrap();
        assert!(snippet.code.is_some() != snippet.why.is_some());
        if let Some(text) = &snippet.code {
            for secret in [TOKEN, OWN_KEY] {
                assert!(!text.contains(secret), "{}: a key stands in the code", one.name);
            }
            let path = bench.work().join(format!("{language:?}-{number}.{ending}"));
            std::fs::write(&path, text).unwrap();
            files.push((number, path));
        }
    }
    files
}

/// What the code of one language told and sent, case by case, with the file that it stands in.
async fn run(bench: &Bench, made: &[Made], language: Language) -> Vec<(usize, PathBuf, Value, Vec<Value>)> {
    let ending = match language {
        Language::Python | Language::PythonOpenai => "py",
        Language::Javascript => "mjs",
        Language::Curl | Language::Cli => "sh",
    };
    let files = files(bench, made, language, ending);
    let paths: Vec<PathBuf> = files.iter().map(|(_, path)| path.clone()).collect();
    let [python, node] = interpreters(bench, Path::new(env!("CARGO_TARGET_TMPDIR")));
    let mut done = Vec::new();
    match ending {
        "py" => done = bench.scripts(python, &paths).await,
        "mjs" => done = bench.scripts(node, &paths).await,
        _ => {
            for path in &paths {
                done.push(bench.shell(path).await);
            }
        }
    }
    files.into_iter().zip(done).map(|((number, path), (told, sent))| (number, path, told, sent)).collect()
}

/// Runs the code of one language; complaints, and how many were equal or different on purpose.
async fn judge(bench: &Bench, made: &[Made], language: Language) -> (String, [usize; 2]) {
    let (mut complaints, mut counts) = (String::new(), [0, 0]);
    for (number, path, told, mut sent) in run(bench, made, language).await {
        let one = &made[number];
        let snippet = one.snippets.iter().find(|snippet| snippet.language == language).unwrap();
        if !matches!(language, Language::Curl | Language::Cli) && !snippet.title.contains("fetch") {
            sent = sent.into_iter().map(terse).collect();
        }
        let want = wanted(one, snippet);
        let (equal, unread) = (sent == want, told["failed"].is_string());
        counts[usize::from(!equal)] += 1;
        let known = equal != listed(DIFFERENCES, language, &one.name)
            && unread == listed(UNREAD, language, &one.name);
        if !known {
            let text = std::fs::read_to_string(path).unwrap();
            let (name, failed, sent, want) = (&one.name, &told["failed"], json!(sent), json!(want));
            complaints.extend([format!(
                "\n── {language:?}, {name}: {failed}\n{text}\n  sent {sent}\n  want {want}\n"
            )]);
        }
    }
    (complaints, counts)
}

const LANGUAGES: [Language; 5] =
    [Language::Curl, Language::Python, Language::PythonOpenai, Language::Javascript, Language::Cli];

#[tokio::test(flavor = "multi_thread")]
async fn code_that_was_written_for_a_run_sends_what_the_run_sent() {
    let bench = Bench::new().await;
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let mut made = Vec::new();
    for case in &cases {
        made.push(bench.make(case).await);
    }
    let (mut complaints, mut counts) = (String::new(), BTreeMap::new());
    for language in LANGUAGES {
        let (more, count) = judge(&bench, &made, language).await;
        complaints += &more;
        counts.insert(format!("{language:?}"), count);
    }
    println!("equal, different on purpose: {counts:?} of {}", cases.len());
    for (language, start, why) in DIFFERENCES.iter().chain(UNREAD) {
        println!("  {language:?}, {start}*: {why}");
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// Pieces of texts that end literals, begin others, or mean something to a shell.
const HOSTILE: [&str; 40] = [
    "\"",
    "'",
    "\\",
    "`",
    "$",
    "${x}",
    "$(id)",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{feff}",
    "</script>",
    "<!--",
    "{",
    "}",
    "{0}",
    "%s",
    "%",
    "\\n",
    "\\u0041",
    "\\x",
    "\"\"\"",
    "'''",
    "''",
    "EOF",
    "JSON\n",
    "#",
    "@x",
    "!",
    "é",
    "👩‍👧",
    "\u{10ffff}",
];

/// Texts of these pieces, always the same.
fn hostile() -> Vec<String> {
    let mut number: u64 = 7;
    let mut next = move || {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(number >> 33).unwrap()
    };
    let mut text = |_| (0..=next() % 6).map(|_| HOSTILE[next() % HOSTILE.len()]).collect();
    let mixed: Vec<String> = (0..300).map(&mut text).collect();
    HOSTILE.iter().map(|&one| one.to_owned()).chain(mixed).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_can_leave_the_place_where_it_is_quoted() {
    let bench = Bench::new().await;
    let texts = hostile();
    let names: Map<String, Value> =
        texts.iter().chain([&"__proto__".to_owned()]).map(|text| (format!("k{text}"), json!(text))).collect();
    let messages: Vec<Value> = texts.iter().map(|text| json!({"role": "user", "content": text})).collect();
    let picture = [json!({"type": "image_url", "image_url": {"url": "@image.png"}})];
    let parts: Vec<Value> =
        texts.iter().map(|text| json!({"type": "text", "text": text})).chain(picture).collect();
    let cases = [
        json!({"name": "texts", "server": "/v1", "task": "chat_completion",
            "input": {"model": texts.concat().replace(['\0', '\n', '\r'], ""), "messages": messages, "stream": false,
                "extra_body": {"names": names, "__proto__": {"x": 1}}}}),
        json!({"name": "texts with a picture", "server": "/v1", "task": "chat_completion",
            "input": {"model": "m", "messages": [{"role": "user", "content": parts}], "stream": false}}),
    ];
    let mut made = Vec::new();
    for case in &cases {
        // A text that begins with @ is no file here.
        let mut one = case.clone();
        protect(&mut one["input"]);
        made.push(bench.make(&one).await);
    }
    for language in LANGUAGES {
        let done = run(&bench, &made, language).await;
        assert_eq!(done.len(), made.len(), "{language:?}");
        for (number, path, told, sent) in done {
            let why = || format!("{language:?}: {} in {}", told["failed"], path.display());
            let same = sent.into_iter().map(terse).eq(made[number].ours.iter().cloned().map(terse));
            assert!(same, "{}", why());
        }
    }
}

/// Keeps `@` at the start of a text for pictures alone.
fn protect(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with('@') && text != "@image.png" => text.insert(0, ' '),
        Value::Array(list) => list.iter_mut().for_each(protect),
        Value::Object(fields) => fields.values_mut().for_each(protect),
        _ => {}
    }
}
