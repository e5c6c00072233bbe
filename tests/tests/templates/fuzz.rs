//! Chat templates come from strangers: whatever one is, rendering ends soon, with a prompt or with a sentence.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../src/mutate.rs"]
mod mutate;

use limerick_tasks::{Message, Role};
use limerick_templates::{Conversation, FORMATS, Origin, Template, render};
use serde_json::Value;

/// Real templates, of the corpus that the other tests compare with Jinja2.
fn seeds() -> Vec<String> {
    let corpus: Value = serde_json::from_str(include_str!("../../templates/corpus.json")).unwrap();
    let mut found = Vec::new();
    gather(&corpus, &mut found);
    assert!(found.len() >= 25, "{} templates", found.len());
    found
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains("{%") || text.contains("{{") => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| gather(one, found)),
        Value::Object(fields) => fields.values().for_each(|one| gather(one, found)),
        _ => {}
    }
}

#[test]
fn no_template_makes_the_renderer_fall_or_hang() {
    let seeds = seeds();
    let seeds: Vec<&[u8]> = seeds.iter().map(String::as_bytes).collect();
    let said = |role, text: &str| Message::new(role, text);
    let messages =
        vec![said(Role::System, "Be brief."), said(Role::User, "Grüß Gott 👋"), said(Role::Assistant, "Hi")];
    let conversation = Conversation::of_messages(&messages);
    mutate::fuzz("chat templates", &seeds, |bytes| {
        let template = Template::new(String::from_utf8_lossy(bytes), Origin::TokenizerConfig);
        if let Err(error) = render(&template, &conversation) {
            mutate::is_a_sentence(&error.message, 2_000);
        }
    });
    assert!(!FORMATS.is_empty());
}

#[test]
fn a_fault_that_quotes_half_the_template_stays_one_sentence() {
    // Found by fuzzing: the parser quotes the text between two quotation marks that do not belong together.
    let template =
        Template::new(format!("{{{{ r'{} '}}}}", "a long\ntext ".repeat(500)), Origin::TokenizerConfig);
    let messages = [Message::new(Role::User, "Hi")];
    let error = render(&template, &Conversation::of_messages(&messages)).unwrap_err();
    assert!(error.message.chars().count() < 500 && !error.message.contains('\n'), "{error:?}");
}

#[test]
fn what_a_template_says_keeps_no_control_characters() {
    // Found by fuzzing: a template's own words may hold anything.
    let template =
        Template::new("{{ raise_exception('Roles\0 must\u{1b}[31m alternate.') }}", Origin::TokenizerConfig);
    let messages = [Message::new(Role::User, "Hi")];
    let error = render(&template, &Conversation::of_messages(&messages)).unwrap_err();
    assert_eq!(
        error.message,
        "The model's chat template refused this conversation: Roles must [31m alternate."
    );
}
