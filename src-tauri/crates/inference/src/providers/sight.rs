//! Chats about pictures: every provider that chats is sent the same parts, the model first, and streams its answer.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use limerick_tasks::{ChatCompletion, ChatInput, Content, ImageUrl, Message, Part, Role};
use reqwest::header::HeaderValue;
use serde_json::json;
use url::Url;

use super::{Adapter, PROVIDERS, Place, Style, Target, WireTask};
use crate::sse::Decoder;
use crate::wire::Head;

const PICTURE: &str = "data:image/jpeg;base64,/9j/4AAQSkZJRg==";

fn asked() -> ChatInput {
    let shown = |url: &str| Part::ImageUrl { image_url: ImageUrl { url: url.into() } };
    let words = Part::Text { text: "Which is older?".into() };
    let parts = vec![shown(PICTURE), shown("https://a.test/x.png"), words];
    let first = Message { content: Content::Parts(parts), ..Message::new(Role::User, "") };
    let messages = vec![first, Message::new(Role::Assistant, "The first."), Message::new(Role::User, "Why?")];
    ChatInput { messages, max_tokens: Some(300), ..ChatInput::default() }
}

/// The text that an adapter reads from a stream.
fn streamed(adapter: &dyn Adapter<ChatCompletion>) -> String {
    let mut head = Head { status: 200, ..Head::default() };
    head.headers.insert("content-type", HeaderValue::from_static("text/event-stream"));
    let event = |text: &str| {
        let choice =
            json!({"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": null});
        format!("data: {}\n\n", json!({"id": "c", "model": "m", "choices": [choice]}))
    };
    let stream = event("It is ") + &event("faded.") + "data: [DONE]\n\n";
    let (mut decoder, mut reader) = (Decoder::default(), adapter.reader(&head).unwrap());
    let mut events: Vec<_> = decoder.push(stream.as_bytes()).collect();
    events.extend(decoder.finish());
    for event in &events {
        reader.event(event).unwrap();
    }
    reader.flush();
    reader.end().unwrap().text
}

#[test]
fn every_provider_that_chats_is_shown_pictures_in_the_same_parts() {
    let servers = [Style::Auto, Style::OpenAi, Style::Tgi].into_iter().filter_map(ChatCompletion::server);
    let rows = PROVIDERS.iter().filter_map(ChatCompletion::column);
    let adapters: Vec<_> = rows.chain(ChatCompletion::automatic()).chain(servers).collect();
    assert!(adapters.len() > 15, "{}", adapters.len());
    let wanted = json!([
        {"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": PICTURE}},
            {"type": "image_url", "image_url": {"url": "https://a.test/x.png"}},
            {"type": "text", "text": "Which is older?"},
        ]},
        {"role": "assistant", "content": "The first."},
        {"role": "user", "content": "Why?"},
    ]);
    for adapter in adapters {
        let place = Place::Base(Url::parse("https://a.test").unwrap());
        let target = Target { place, model: "acme/sees".into(), routed: true, lora: None };
        let written = adapter.request(&target, &asked()).unwrap();
        let body = written.request.body.json().unwrap();
        assert_eq!(body["messages"], wanted, "{}", written.request.url);
        // The router picks its target from the first bytes, before the pictures are there (hf-api 1.2).
        assert_eq!(body.as_object().unwrap().keys().next().unwrap(), "model", "{}", written.request.url);
        assert_eq!(streamed(adapter), "It is faded.", "{}", written.request.url);
    }
}
