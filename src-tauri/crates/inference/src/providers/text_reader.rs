//! Reads continuations, streamed or whole: OpenAI's completions, TGI's own form, and lists of it.

use limerick_tasks::{Error, ErrorCode, FinishReason, Result, TextDelta, TextGeneration, TextOutput, Usage};
use serde_json::Value;

use super::chat_reader::{timings, usage};
use super::{Reader, Step};
use crate::error;
use crate::sse::Event;
use crate::wire::{Head, Reply, Response};

/// Collects a continuation from its chunks.
#[derive(Debug, Default)]
pub(crate) struct TextReader {
    output: TextOutput,
    done: bool,
}

/// Reads a whole answer.
pub(crate) fn read(response: &Response) -> Result<Reply<TextOutput>> {
    let value = response.json()?;
    let first = value.as_array().and_then(|list| list.first()).unwrap_or(&value);
    if let Some(error) = error::from_value(first) {
        return Err(error);
    }
    let mut reader = TextReader::new(&response.head);
    if let Some(text) = first.get("generated_text").and_then(Value::as_str) {
        text.clone_into(&mut reader.output.text);
        reader.details(first);
    } else {
        reader.absorb(first);
    }
    reader.output.usage = reader.output.usage.or_else(|| counted_in(&response.head));
    reader.done = true;
    reader.end().map(Reply::Done)
}

impl TextReader {
    pub(crate) fn new(head: &Head) -> Self {
        let provider = head.header("x-inference-provider").map(str::to_owned);
        Self { output: TextOutput { provider, ..TextOutput::default() }, ..Self::default() }
    }

    fn absorb(&mut self, value: &Value) -> String {
        let text = piece(value);
        self.output.text.push_str(&text);
        let reason = value.pointer("/choices/0/finish_reason").and_then(Value::as_str);
        if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
            self.output.finish_reason = Some(FinishReason::from_wire(reason));
        }
        if let Some(model) = value.get("model").and_then(Value::as_str).filter(|model| !model.is_empty()) {
            self.output.model = Some(model.to_owned());
        }
        self.output.usage = usage(value).or(self.output.usage);
        self.output.timings = timings(value).or(self.output.timings);
        self.details(value);
        text
    }

    /// TGI's `details`, and the full text that marks its last event.
    fn details(&mut self, value: &Value) {
        self.done |= value.get("generated_text").is_some_and(Value::is_string);
        let Some(details) = value.get("details").filter(|details| details.is_object()) else { return };
        if let Some(reason) = details.get("finish_reason").and_then(Value::as_str) {
            self.output.finish_reason = Some(FinishReason::from_wire(reason));
        }
        let count = |key: &str| details.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        if let Some(completion_tokens) = count("generated_tokens") {
            let prompt_tokens = count("input_length").unwrap_or(0);
            self.output.usage = Some(Usage { prompt_tokens, completion_tokens });
        }
    }
}

impl Reader<TextGeneration> for TextReader {
    fn event(&mut self, event: &Event) -> Result<Step<TextDelta>> {
        if event.is_done() {
            self.done = true;
            return Ok(Step::End);
        }
        let Some(value) = super::event_json(event)? else { return Ok(Step::Nothing) };
        let text = self.absorb(&value);
        Ok(if text.is_empty() { Step::Nothing } else { Step::Delta(TextDelta { text }) })
    }

    fn flush(&mut self) -> Option<TextDelta> {
        None
    }

    fn end(&mut self) -> Result<TextOutput> {
        if self.output.finish_reason == Some(FinishReason::ContentFilter) && self.output.text.is_empty() {
            return Err(super::refused(""));
        }
        // A model may have nothing to add; one that calls a tool was not asked for words.
        let ended =
            self.output.finish_reason.as_ref().is_some_and(|reason| *reason != FinishReason::ToolCalls);
        match (self.output.text.is_empty(), ended, self.done) {
            (_, true, _) | (false, _, true) => Ok(std::mem::take(&mut self.output)),
            (false, false, false) => Err(super::broke_off()),
            (true, false, _) => Err(Error::new(ErrorCode::Format, "The server's answer holds no text.")),
        }
    }
}

/// The next words, wherever a server puts them; TGI's special tokens are no words.
fn piece(value: &Value) -> String {
    if let Some(token) = value.get("token") {
        let special = token.get("special").and_then(Value::as_bool).unwrap_or(false);
        let text = token.get("text").and_then(Value::as_str).filter(|_| !special);
        return text.unwrap_or_default().to_owned();
    }
    let places = ["/choices/0/text", "/choices/0/delta/content", "/choices/0/message/content"];
    let text = places.iter().find_map(|place| value.pointer(place)?.as_str());
    text.unwrap_or_default().to_owned()
}

/// TGI counts in headers when it does not stream.
fn counted_in(head: &Head) -> Option<Usage> {
    let count = |name: &str| head.header(name)?.parse().ok();
    Some(Usage { prompt_tokens: count("x-prompt-tokens")?, completion_tokens: count("x-generated-tokens")? })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn whole(value: &Value) -> Result<TextOutput> {
        let head = Head { status: 200, ..Head::default() };
        match read(&Response { head, body: value.to_string().into() })? {
            Reply::Done(output) => Ok(output),
            Reply::Next(_) => Err(Error::internal("test", "next")),
        }
    }

    #[test]
    fn every_whole_form_is_read() {
        for body in [
            json!({"generated_text": "x"}),
            json!([{"generated_text": "x", "details": {"finish_reason": "length", "generated_tokens": 1}}]),
            json!({"choices": [{"text": "x", "finish_reason": "stop"}]}),
            json!({"choices": [{"text": "x"}]}),
        ] {
            assert_eq!(whole(&body).unwrap().text, "x", "{body}");
        }
    }

    #[test]
    fn what_holds_no_text_is_no_answer() {
        for body in [
            json!({}),
            json!([]),
            json!({"choices": []}),
            json!({"choices": [{"text": ""}]}),
            json!({"x": 1}),
            json!({"choices": [{"message": {"content": null}, "finish_reason": "tool_calls"}]}),
        ] {
            assert_eq!(whole(&body).unwrap_err().code, ErrorCode::Format, "{body}");
        }
    }

    #[test]
    fn a_tgi_stream_ends_with_its_full_text_and_skips_special_tokens() {
        let mut reader = TextReader::default();
        let events = [
            json!({"token": {"text": "Once", "special": false}, "generated_text": null, "details": null}),
            json!({"token": {"text": "</s>", "special": true}, "generated_text": "Once",
                   "details": {"finish_reason": "eos_token", "generated_tokens": 2, "input_length": 4}}),
        ];
        for event in events {
            reader.event(&Event { data: event.to_string(), ..Event::default() }).unwrap();
        }
        let output = reader.end().unwrap();
        assert_eq!((output.text.as_str(), output.finish_reason), ("Once", Some(FinishReason::Stop)));
        assert_eq!(output.usage, Some(Usage { prompt_tokens: 4, completion_tokens: 2 }));
    }
}
