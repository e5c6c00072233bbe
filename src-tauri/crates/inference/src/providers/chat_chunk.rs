//! The chunk that nearly every event of a chat is, read without a copy: words of the one answer and nothing else that
//! counts. Whatever is unusual about a chunk makes it no such chunk, and it is read as any JSON.

use std::borrow::Cow;

use serde::Deserialize;

use crate::sse::Event;

/// Words of the answer. `()` stands for what is missing or null in such a chunk.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "what must be null holds nothing to read")]
pub(super) struct Chunk<'a> {
    #[serde(borrow)]
    choices: [Choice<'a>; 1],
    #[serde(borrow)]
    model: Option<Text<'a>>,
    #[serde(borrow)]
    object: Option<Text<'a>>,
    #[serde(default)]
    usage: (),
    #[serde(default)]
    timings: (),
    #[serde(default)]
    error: (),
    #[serde(default)]
    errors: (),
    #[serde(default)]
    error_type: (),
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "what must be null holds nothing to read")]
struct Choice<'a> {
    #[serde(default)]
    index: u64,
    #[serde(borrow)]
    delta: Delta<'a>,
    #[serde(default)]
    finish_reason: (),
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "what must be null holds nothing to read")]
struct Delta<'a> {
    #[serde(borrow)]
    content: Option<Text<'a>>,
    #[serde(borrow)]
    reasoning: Option<Text<'a>>,
    #[serde(borrow)]
    reasoning_content: Option<Text<'a>>,
    #[serde(default)]
    reasoning_details: (),
    #[serde(default)]
    refusal: (),
    #[serde(default)]
    tool_calls: (),
}

/// Borrowed unless it holds escapes.
#[derive(Debug, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Chunk<'a> {
    /// `None` when the event is anything else.
    pub(super) fn of(event: &'a Event) -> Option<Self> {
        let chunk: Self = serde_json::from_str(&event.data).ok()?;
        let [choice] = &chunk.choices;
        (event.name != "error" && said(chunk.object.as_ref()) != "error" && choice.index == 0)
            .then_some(chunk)
    }

    pub(super) fn model(&self) -> &str {
        said(self.model.as_ref())
    }

    pub(super) fn content(&self) -> &str {
        said(self.choices[0].delta.content.as_ref())
    }

    /// Under either of its names, the first that says something.
    pub(super) fn reasoning(&self) -> &str {
        let delta = &self.choices[0].delta;
        let reasoning = said(delta.reasoning.as_ref());
        if reasoning.is_empty() { said(delta.reasoning_content.as_ref()) } else { reasoning }
    }
}

fn said<'a>(text: Option<&'a Text<'a>>) -> &'a str {
    text.map_or("", |text| &text.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn event(data: &str) -> Event {
        Event { data: data.into(), ..Event::default() }
    }

    #[test]
    fn what_servers_send_most_is_a_usual_chunk() {
        for data in [
            // llama.cpp
            r#"{"choices":[{"finish_reason":null,"index":0,"delta":{"content":"Hi"}}],"created":1,"id":"c","model":"m","system_fingerprint":"b1","object":"chat.completion.chunk"}"#,
            // vLLM, SGLang
            r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":null,"content":"Hi","reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null}"#,
            // OpenAI
            r#"{"id":"c","object":"chat.completion.chunk","model":"m","service_tier":"default","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi","refusal":null},"logprobs":null,"finish_reason":null}],"obfuscation":"x"}"#,
            // Together
            r#"{"model":"m","choices":[{"index":0,"text":"Hi","logprobs":null,"finish_reason":null,"seed":null,"delta":{"token_id":1,"role":"assistant","content":"Hi","tool_calls":null}}],"usage":null}"#,
        ] {
            let event = event(data);
            let chunk = Chunk::of(&event).unwrap();
            assert_eq!((chunk.model(), chunk.content(), chunk.reasoning()), ("m", "Hi", ""), "{data}");
        }
    }

    #[test]
    fn an_event_that_calls_itself_an_error_is_none() {
        let words = event(r#"{"choices":[{"delta":{"content":"Hi"}}]}"#);
        assert!(Chunk::of(&words).is_some());
        assert!(Chunk::of(&Event { name: "error".into(), ..words }).is_none());
    }
}
