//! Real chat templates, rendered by us and by Jinja2 in Python: byte for byte the same, or refused by both.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and its table is for reading"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use limerick_templates::{Conversation, Origin, Template, render};
use limerick_tests::python::python_with;
use serde_json::{Map, Value, json};

/// 2025-07-08, 10:06:40 UTC.
const NOW: i64 = 1_751_969_200;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")
}

fn read(file: &str) -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(folder().join(file)).unwrap()).unwrap()
}

/// What Jinja2 makes of every template and conversation.
fn jinja2(templates: &[Value], conversations: &[Value]) -> Vec<Vec<Value>> {
    let python = python_with(
        &folder().join("requirements.txt"),
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("python"),
    );
    let mut child = Command::new(python)
        .arg(folder().join("render.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let question = json!({ "templates": templates, "conversations": conversations, "now": NOW }).to_string();
    let mut stdin = child.stdin.take().unwrap();
    let asking = std::thread::spawn(move || stdin.write_all(question.as_bytes()).unwrap());
    let done = child.wait_with_output().unwrap();
    asking.join().unwrap();
    assert!(done.status.success(), "render.py failed");
    serde_json::from_slice(&done.stdout).unwrap()
}

fn template(row: &Value) -> Template {
    let mut template = Template::new(row["text"].as_str().unwrap(), Origin::TokenizerConfig);
    template.tokens = serde_json::from_value::<BTreeMap<_, _>>(row["tokens"].clone()).unwrap();
    template
}

fn conversation(row: &Value) -> Conversation {
    let mut conversation = Conversation::new(row["messages"].as_array().unwrap().clone()).at(NOW);
    conversation.tools = row.get("tools").cloned();
    conversation.documents = row.get("documents").cloned();
    conversation.add_generation_prompt = row["add_generation_prompt"] == true;
    conversation.continue_final_message = row["continue_final_message"] == true;
    conversation.extra = row.get("extra").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
    conversation
}

/// Where two texts part, with some letters around.
fn parting(ours: &str, theirs: &str) -> String {
    let at = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.chars().skip(at.saturating_sub(30)).take(90).collect::<String>();
    format!("ours …{:?}\n      theirs …{:?}", around(ours), around(theirs))
}

/// How one rendering compares: `=` the same text, `!` refused by both; else what differs.
fn compared(template: &Template, conversation: &Conversation, theirs: &Value) -> Result<char, String> {
    match (render(template, conversation), theirs["text"].as_str(), theirs["raises"].as_str()) {
        (Ok(ours), Some(text), _) if ours == text => Ok('='),
        (Ok(ours), Some(text), _) => Err(parting(&ours, text)),
        (Err(_), None, Some(_)) => Ok('!'),
        (Err(error), Some(_), _) => Err(format!("only ours refuses: {error} {:?}", error.detail)),
        (Ok(ours), None, raises) => Err(format!("only theirs refuses: {raises:?}; ours {ours:.200}")),
        (Err(error), None, None) => panic!("no answer; ours: {error}"),
    }
}

#[test]
fn real_templates_give_the_bytes_that_jinja2_gives() {
    let (templates, conversations) = (read("corpus.json"), read("conversations.json"));
    assert!(templates.len() >= 25 && conversations.len() >= 8);
    let answers = jinja2(&templates, &conversations);
    let (mut same, mut refused, mut differences) = (0, 0, Vec::new());
    println!(
        "{:34} {:>5} {:>7}  each conversation (= the same bytes, ! refused by both)",
        "template", "same", "refused"
    );
    for (row, theirs) in templates.iter().zip(&answers) {
        let (name, template) = (row["name"].as_str().unwrap(), template(row));
        let mut signs = String::new();
        for (talk, theirs) in conversations.iter().zip(theirs) {
            match compared(&template, &conversation(talk), theirs) {
                Ok(sign) => signs.push(sign),
                Err(difference) => {
                    signs.push('x');
                    differences.push(format!("{name}, {}:\n      {difference}", talk["name"]));
                }
            }
        }
        let count = |wanted: char| signs.chars().filter(|sign| *sign == wanted).count();
        println!("{name:34} {:>5} {:>7}  {signs}", count('='), count('!'));
        (same, refused) = (same + count('='), refused + count('!'));
    }
    let all = templates.len() * conversations.len();
    println!(
        "{} templates × {} conversations: {same} the same, {refused} refused by both, {} differ",
        templates.len(),
        conversations.len(),
        all - same - refused
    );
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

#[test]
fn every_phrase_of_jinja_means_what_it_means_in_python() {
    let phrases = read("phrases.json");
    let tools = read("conversations.json").iter().find_map(|talk| talk.get("tools").cloned()).unwrap();
    let messages = [("system", "Be brief."), ("user", " Hi <you> "), ("assistant", "Hé"), ("user", "Bye")];
    let messages = messages.map(|(role, content)| json!({ "role": role, "content": content }));
    let talk = json!({ "messages": messages, "tools": tools, "add_generation_prompt": true });
    let templates: Vec<Value> = phrases.iter().map(|text| json!({ "text": text, "tokens": {} })).collect();
    let answers = jinja2(&templates, std::slice::from_ref(&talk));
    let mut differences = Vec::new();
    for (row, theirs) in templates.iter().zip(&answers) {
        if let Err(difference) = compared(&template(row), &conversation(&talk), &theirs[0]) {
            differences.push(format!("{}:\n      {difference}", row["text"]));
        }
    }
    println!("{} phrases, {} differ", phrases.len(), differences.len());
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}
