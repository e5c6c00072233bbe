//! What the built-in engine answers, with the real quick model: every parameter, templates, schemas, memory.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and say what it saw"
)]

use limerick_tasks::{ErrorCode, FinishReason, Message, Role, Status, TextInput};
use limerick_tests::engine::{chat, engine, go_on, say, text};
use serde_json::json;

#[tokio::test]
async fn a_question_is_answered_with_words_usage_speed_and_the_models_name() {
    let heard = chat(&engine(), &say("Say hello to Ada.")).await.unwrap();
    assert!(heard.output.text.contains("Ada"), "{}", heard.output.text);
    assert_eq!(heard.output.text, heard.text);
    assert_eq!(heard.output.model.as_deref(), Some("SmolLM2 135M Instruct"));
    let usage = heard.output.usage.unwrap();
    assert!(usage.prompt_tokens > 20 && usage.completion_tokens > 0);
    assert!(heard.output.timings.unwrap().prompt_per_second.unwrap() > 0.0);
    assert!(matches!(heard.statuses[0], Status::Loading { .. }));
}

#[tokio::test]
async fn temperature_zero_gives_the_same_text_on_a_cold_and_a_warm_engine() {
    let (engine, mut input) = (engine(), say("Tell me a short story about a lighthouse."));
    input.max_tokens = Some(48);
    let cold = chat(&engine, &input).await.unwrap().output.text;
    let warm = chat(&engine, &input).await.unwrap().output.text;
    chat(&engine, &say("Something else entirely.")).await.unwrap();
    let later = chat(&engine, &input).await.unwrap().output.text;
    assert_eq!([&warm, &later], [&cold, &cold]);
}

#[tokio::test]
async fn equal_seeds_give_equal_text_and_other_seeds_other_text() {
    let (engine, mut input) = (engine(), say("Write one sentence about the sea."));
    (input.temperature, input.seed) = (Some(1.0), Some(7));
    let first = chat(&engine, &input).await.unwrap().output.text;
    let second = chat(&engine, &input).await.unwrap().output.text;
    input.seed = Some(8);
    let other = chat(&engine, &input).await.unwrap().output.text;
    assert_eq!(first, second);
    assert_ne!(first, other);
}

#[tokio::test]
async fn no_seed_gives_another_text_each_time() {
    let (engine, mut input) = (engine(), say("Write one sentence about the sea."));
    (input.temperature, input.top_p) = (Some(1.5), Some(1.0));
    let first = chat(&engine, &input).await.unwrap().output.text;
    let second = chat(&engine, &input).await.unwrap().output.text;
    assert_ne!(first, second);
}

#[tokio::test]
async fn top_k_of_one_and_no_sampling_are_greedy() {
    let (engine, mut input) = (engine(), go_on("The sea is"));
    let greedy = text(&engine, &input).await.unwrap().output.text;
    (input.temperature, input.top_k) = (Some(2.0), Some(1));
    assert_eq!(text(&engine, &input).await.unwrap().output.text, greedy);
    (input.top_k, input.do_sample) = (None, Some(false));
    assert_eq!(text(&engine, &input).await.unwrap().output.text, greedy);
}

#[tokio::test]
async fn penalties_change_what_is_written() {
    let (engine, mut input) = (engine(), go_on("yes yes yes yes yes yes yes yes"));
    let plain = text(&engine, &input).await.unwrap().output.text;
    input.repetition_penalty = Some(1.8);
    let varied = text(&engine, &input).await.unwrap().output.text;
    assert!(plain.matches("yes").count() > varied.matches("yes").count(), "{plain:?} {varied:?}");
}

#[tokio::test]
async fn a_stop_sequence_ends_the_answer_and_is_not_shown() {
    let heard = text(&engine(), &TextInput { stop: vec!["4, 5".into()], ..go_on("1, 2, 3,") }).await.unwrap();
    assert_eq!(heard.output.text.trim_end(), "");
    assert_eq!(heard.output.text, heard.text);
    assert_eq!(heard.output.finish_reason, Some(FinishReason::Stop));
}

#[tokio::test]
async fn max_tokens_ends_the_answer() {
    let heard = text(&engine(), &TextInput { max_new_tokens: Some(5), ..go_on("1, 2, 3,") }).await.unwrap();
    assert_eq!(heard.output.finish_reason, Some(FinishReason::Length));
    assert_eq!(heard.output.usage.unwrap().completion_tokens, 5);
}

#[tokio::test]
async fn the_full_text_begins_with_the_prompt() {
    let heard =
        text(&engine(), &TextInput { return_full_text: Some(true), ..go_on("1, 2, 3,") }).await.unwrap();
    assert!(heard.output.text.starts_with("1, 2, 3, 4"), "{}", heard.output.text);
    assert_eq!(heard.output.text, heard.text);
}

#[tokio::test]
async fn letters_of_many_bytes_come_whole() {
    let input = TextInput {
        max_new_tokens: Some(40), ..go_on("🦀🐱🦀🐱🦀🐱🦀🐱🦀🐱🦀🐱🦀")
    };
    let heard = text(&engine(), &input).await.unwrap();
    assert!(heard.text.contains('🐱') && !heard.text.contains('\u{FFFD}'), "{}", heard.text);
}

#[tokio::test]
async fn an_answer_is_continued_where_it_stopped() {
    let mut input = say("Count from one to ten in words.");
    input.messages.push(Message::new(Role::Assistant, "One, two, three,"));
    let heard = chat(&engine(), &input).await.unwrap();
    assert!(heard.output.text.to_lowercase().contains("four"), "{}", heard.output.text);
}

#[tokio::test]
async fn a_schema_is_kept() {
    let mut input = say("Describe a cat named Tom, four years old, as JSON.");
    input.max_tokens = Some(80);
    let schema = json!({
        "type": "object",
        "properties": { "name": { "type": "string", "maxLength": 20 }, "age": { "type": "integer" } },
        "required": ["name", "age"],
        "additionalProperties": false
    });
    input.response_format =
        Some(json!({ "type": "json_schema", "json_schema": { "name": "cat", "schema": schema } }));
    let heard = chat(&engine(), &input).await.unwrap();
    let cat: serde_json::Value = serde_json::from_str(&heard.output.text).unwrap();
    assert!(cat["name"].is_string() && cat["age"].is_i64(), "{cat}");
    assert_eq!(heard.output.finish_reason, Some(FinishReason::Stop));
}

#[tokio::test]
async fn a_broken_schema_is_refused_in_plain_words() {
    let mut input = say("Hi");
    input.response_format =
        Some(json!({ "type": "json_schema", "json_schema": { "schema": { "type": "cat" } } }));
    let error = chat(&engine(), &input).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::Input);
    assert!(error.message.contains("schema"), "{error}");
}

#[tokio::test]
async fn the_next_turn_does_not_read_the_conversation_again() {
    let (engine, mut input) = (engine(), say(&"Tell me about lighthouses and cats. ".repeat(8)));
    input.temperature = None;
    let first = chat(&engine, &input).await.unwrap();
    assert_eq!(first.remembered(), Some(0));
    let usage = first.output.usage.unwrap();
    input.messages.push(Message::new(Role::Assistant, first.output.text));
    input.messages.push(Message::new(Role::User, "Go on."));
    let second = chat(&engine, &input).await.unwrap();
    println!(
        "{} of {} tokens remembered",
        second.remembered().unwrap(),
        second.output.usage.unwrap().prompt_tokens
    );
    assert!(second.remembered().unwrap() >= usage.prompt_tokens);
}

#[tokio::test]
async fn parameters_that_the_engine_does_not_use_are_said_once() {
    let mut input = say("Hi");
    input.n = Some(2);
    input.logit_bias = Some(json!({ "5": 1 }));
    let heard = chat(&engine(), &input).await.unwrap();
    assert_eq!(heard.notes(), ["The built-in engine does not use n, logit_bias."]);
}
