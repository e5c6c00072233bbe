//! Reads chat answers, streamed or whole, from every server that speaks OpenAI's protocol.

use limerick_tasks::{
    ChatCompletion, ChatDelta, ChatOutput, Error, ErrorCode, FinishReason, Result, Timings, ToolCall, Usage,
};
use serde_json::Value;

use super::chat_chunk::Chunk;
use super::reasoning::{Split, Splitter};
use super::{Reader, Step};
use crate::error;
use crate::sse::Event;
use crate::wire::{Head, Reply, Response};

/// Collects an answer from its chunks.
#[derive(Debug, Default)]
pub(crate) struct ChatReader {
    output: ChatOutput,
    splitter: Splitter,
    refusal: String,
    done: bool,
}

/// Reads a whole answer.
pub(crate) fn read(response: &Response) -> Result<Reply<ChatOutput>> {
    let value = response.json()?;
    if let Some(error) = error::from_value(&value) {
        return Err(error);
    }
    let mut reader = ChatReader::new(&response.head);
    reader.absorb(&value);
    reader.flush();
    reader.done = true;
    reader.end().map(Reply::Done)
}

impl ChatReader {
    pub(crate) fn new(head: &Head) -> Self {
        let provider = head.header("x-inference-provider").map(str::to_owned);
        Self { output: ChatOutput { provider, ..ChatOutput::default() }, ..Self::default() }
    }

    /// Takes one chunk, or a whole completion, which differs by a word only.
    fn absorb(&mut self, value: &Value) -> ChatDelta {
        let mut delta = ChatDelta::default();
        let choices = value.get("choices").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let first = |choice: &&Value| choice.get("index").and_then(Value::as_u64).unwrap_or(0) == 0;
        if let Some(choice) = choices.iter().find(first) {
            if let Some(message) = choice.get("delta").or_else(|| choice.get("message")) {
                delta = self.message(message);
            }
            if let Some(reason) =
                choice.get("finish_reason").and_then(Value::as_str).filter(|r| !r.is_empty())
            {
                self.output.finish_reason = Some(FinishReason::from_wire(reason));
            }
        }
        self.figures(value);
        delta
    }

    fn message(&mut self, message: &Value) -> ChatDelta {
        let names = ["reasoning", "reasoning_content", "reasoning_details"];
        let reasoning =
            names.iter().filter_map(|name| message.get(*name)).map(text).find(|text| !text.is_empty());
        let content = message.get("content").map(text).unwrap_or_default();
        self.refusal.push_str(&message.get("refusal").map(text).unwrap_or_default());
        self.tool_calls(message.get("tool_calls"));
        self.words(&content, &reasoning.unwrap_or_default())
    }

    fn words(&mut self, content: &str, reasoning: &str) -> ChatDelta {
        let mut split = self.splitter.push(content);
        split.reasoning.insert_str(0, reasoning);
        self.add(split)
    }

    fn add(&mut self, split: Split) -> ChatDelta {
        self.output.text.push_str(&split.text);
        self.output.reasoning.push_str(&split.reasoning);
        ChatDelta { text: split.text, reasoning: split.reasoning }
    }

    /// Fragments belong together by `index`; old TGI sent one object instead of a list.
    fn tool_calls(&mut self, calls: Option<&Value>) {
        let one = |call| std::slice::from_ref(call);
        let calls =
            calls.map(|calls| calls.as_array().map_or_else(|| one(calls), Vec::as_slice)).unwrap_or_default();
        for (place, fragment) in calls.iter().enumerate() {
            let Some(function) = fragment.get("function") else { continue };
            let index = fragment.get("index").and_then(Value::as_u64).and_then(|i| usize::try_from(i).ok());
            let index = index.unwrap_or(place).min(self.output.tool_calls.len()).min(127);
            if index == self.output.tool_calls.len() {
                self.output.tool_calls.push(ToolCall::default());
            }
            let call = &mut self.output.tool_calls[index];
            if let Some(id) = fragment.get("id").and_then(Value::as_str) {
                id.clone_into(&mut call.id);
            }
            if let Some(name) = function.get("name").and_then(Value::as_str) {
                name.clone_into(&mut call.function.name);
            }
            call.function.arguments.push_str(&arguments(function.get("arguments")));
        }
    }

    fn figures(&mut self, value: &Value) {
        self.model(value.get("model").and_then(Value::as_str).unwrap_or_default());
        self.output.usage = usage(value).or(self.output.usage);
        self.output.timings = timings(value).or(self.output.timings);
    }

    fn model(&mut self, model: &str) {
        if !model.is_empty() && self.output.model.as_deref() != Some(model) {
            self.output.model = Some(model.to_owned());
        }
    }

    fn nothing_came(&self) -> bool {
        let output = &self.output;
        output.text.is_empty() && output.reasoning.is_empty() && output.tool_calls.is_empty()
    }
}

impl Reader<ChatCompletion> for ChatReader {
    fn event(&mut self, event: &Event) -> Result<Step<ChatDelta>> {
        if event.is_done() {
            self.done = true;
            return Ok(Step::End);
        }
        let delta = if let Some(chunk) = Chunk::of(event) {
            self.model(chunk.model());
            self.words(chunk.content(), chunk.reasoning())
        } else {
            let Some(value) = super::event_json(event)? else { return Ok(Step::Nothing) };
            self.absorb(&value)
        };
        Ok(if delta == ChatDelta::default() { Step::Nothing } else { Step::Delta(delta) })
    }

    fn flush(&mut self) -> Option<ChatDelta> {
        let split = self.splitter.finish();
        let delta = self.add(split);
        (delta != ChatDelta::default()).then_some(delta)
    }

    fn end(&mut self) -> Result<ChatOutput> {
        let refused =
            !self.refusal.is_empty() || self.output.finish_reason == Some(FinishReason::ContentFilter);
        if refused && self.output.text.is_empty() {
            return Err(super::refused(&self.refusal));
        }
        match (self.nothing_came(), self.output.finish_reason.is_some(), self.done) {
            (_, true, _) | (false, _, true) => Ok(std::mem::take(&mut self.output)),
            (false, false, false) => Err(super::broke_off()),
            (true, false, _) => Err(Error::new(ErrorCode::Format, "The server's answer holds no text.")),
        }
    }
}

/// Text that may be a string, null, or a list of parts.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text).collect(),
        Value::Object(part) => part.get("text").or_else(|| part.get("content")).map(text).unwrap_or_default(),
        _ => String::new(),
    }
}

/// JSON text by the rule; some servers send the object itself.
fn arguments(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The tokens that a server counted.
pub(crate) fn usage(value: &Value) -> Option<Usage> {
    let usage = value.get("usage").filter(|usage| usage.is_object())?;
    let count = |key: &str| usage.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let counted = Usage {
        prompt_tokens: count("prompt_tokens").unwrap_or(0),
        completion_tokens: count("completion_tokens").unwrap_or(0),
    };
    (counted != Usage::default()).then_some(counted)
}

/// llama.cpp's own clock.
pub(crate) fn timings(value: &Value) -> Option<Timings> {
    let timings = value.get("timings").filter(|timings| timings.is_object())?;
    Some(Timings {
        prompt_per_second: timings.get("prompt_per_second").and_then(Value::as_f64),
        predicted_per_second: timings.get("predicted_per_second").and_then(Value::as_f64),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn whole(value: &Value) -> Result<ChatOutput> {
        let head = Head { status: 200, ..Head::default() };
        match read(&Response { head, body: value.to_string().into() })? {
            Reply::Done(output) => Ok(output),
            Reply::Next(_) => Err(Error::internal("test", "next")),
        }
    }

    fn streamed(chunks: &[Value]) -> Result<ChatOutput> {
        let mut reader = ChatReader::default();
        for chunk in chunks {
            reader.event(&Event { data: chunk.to_string(), ..Event::default() })?;
        }
        reader.flush();
        reader.end()
    }

    fn message(content: &Value) -> Value {
        json!({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]})
    }

    #[test]
    fn content_may_be_a_string_or_a_list() {
        assert_eq!(whole(&message(&json!("hi"))).unwrap().text, "hi");
        let parts = json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
        assert_eq!(whole(&message(&parts)).unwrap().text, "ab");
        assert_eq!(whole(&message(&Value::Null)).unwrap().text, "");
    }

    #[test]
    fn an_answer_without_choices_is_no_answer() {
        for body in [json!({}), json!([]), json!({"choices": []}), json!({"data": []})] {
            assert_eq!(whole(&body).unwrap_err().code, ErrorCode::Format, "{body}");
        }
    }

    #[test]
    fn every_name_of_reasoning_is_read() {
        for delta in [
            json!({"reasoning": "why"}),
            json!({"reasoning_content": "why"}),
            json!({"reasoning": null, "reasoning_content": "why"}),
            json!({"reasoning_details": [{"type": "reasoning.text", "text": "why"}]}),
            json!({"content": "<think>why</think>"}),
        ] {
            let output =
                streamed(&[json!({"choices": [{"delta": delta, "finish_reason": "stop"}]})]).unwrap();
            assert_eq!(output.reasoning, "why", "{delta}");
        }
    }

    #[test]
    fn a_usage_chunk_without_choices_is_read() {
        let end = json!({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}, "timings": {"predicted_per_second": 5.5}});
        let output =
            streamed(&[json!({"choices": [{"delta": {"content": "x"}, "finish_reason": "stop"}]}), end])
                .unwrap();
        assert_eq!(output.usage, Some(Usage { prompt_tokens: 11, completion_tokens: 7 }));
        assert_eq!(output.timings.unwrap().predicted_per_second, Some(5.5));
    }

    #[test]
    fn tool_arguments_may_be_an_object_and_the_list_a_single_call() {
        let call = json!({"id": "c", "function": {"name": "f", "arguments": {"a": 1}}});
        for calls in [json!([call]), call] {
            let body = json!({"choices": [{"message": {"content": null, "tool_calls": calls}, "finish_reason": "tool_calls"}]});
            assert_eq!(whole(&body).unwrap().tool_calls[0].function.arguments, "{\"a\":1}");
        }
    }

    #[test]
    fn a_refusal_is_said_as_one() {
        let body = json!({"choices": [{"message": {"content": null, "refusal": "I cannot."}, "finish_reason": "stop"}]});
        assert_eq!(whole(&body).unwrap_err().code, ErrorCode::Refused);
        let filtered = json!({"choices": [{"delta": {}, "finish_reason": "content_filter"}]});
        assert_eq!(streamed(&[filtered]).unwrap_err().code, ErrorCode::Refused);
    }

    #[test]
    fn a_stream_that_breaks_off_is_incomplete_and_an_empty_one_has_no_form() {
        assert_eq!(
            streamed(&[json!({"choices": [{"delta": {"content": "x"}}]})]).unwrap_err().code,
            ErrorCode::Incomplete
        );
        assert_eq!(streamed(&[]).unwrap_err().code, ErrorCode::Format);
    }

    #[test]
    fn only_the_first_of_several_answers_is_read() {
        let chunk = |index: u32, text: &str| json!({"choices": [{"index": index, "delta": {"content": text}, "finish_reason": "stop"}]});
        assert_eq!(streamed(&[chunk(0, "a"), chunk(1, "b"), chunk(0, "c")]).unwrap().text, "ac");
    }

    /// Reads each chunk as any JSON.
    fn streamed_the_long_way(chunks: &[Value]) -> Result<ChatOutput> {
        let mut reader = ChatReader::default();
        for chunk in chunks {
            let event = Event { data: chunk.to_string(), ..Event::default() };
            reader.absorb(&super::super::event_json(&event)?.unwrap());
        }
        reader.flush();
        reader.end()
    }

    #[test]
    fn a_usual_chunk_says_what_it_says_as_any_json() {
        let chunk = |choice: Value| json!({"model": "m", "choices": [choice]});
        let end = chunk(json!({"index": 0, "delta": {}, "finish_reason": "stop"}));
        for odd in [
            chunk(json!({"delta": {"content": "\"ä\u{1f600}\n\""}})),
            chunk(json!({"delta": {"content": "<think>why</think> so"}})),
            chunk(json!({"delta": {"content": null, "reasoning": "", "reasoning_content": "why"}})),
            chunk(json!({"delta": {"content": "a", "reasoning": "x", "reasoning_content": "y"}})),
            chunk(json!({"delta": {"content": "a", "reasoning_details": [{"text": "why"}]}})),
            chunk(json!({"delta": {"content": [{"text": "a"}], "refusal": "no"}})),
            chunk(json!({"delta": {"tool_calls": [{"function": {"name": "f"}}]}})),
            chunk(json!({"delta": null, "message": {"content": "a"}})),
            chunk(json!({"index": 1, "delta": {"content": "b"}})),
            chunk(json!({"index": "0", "delta": {"content": "a"}, "finish_reason": ""})),
            json!({"model": null, "choices": [{"delta": {"content": "a"}}], "detail": "d", "error": ""}),
            json!({"choices": [{"delta": {"content": "a"}}], "usage": {"prompt_tokens": 3}}),
            json!({"choices": [{"delta": {"content": "a"}}], "timings": {"prompt_per_second": 2.0}}),
            json!({"choices": [{"delta": {"content": "a"}}], "error": "full"}),
            json!({"choices": [{"delta": {"content": "a"}}], "error_type": "overloaded"}),
            json!({"choices": [{"delta": {"content": "a"}}], "object": "error"}),
            json!([{"delta": {"content": "a"}}]),
        ] {
            let chunks = [chunk(json!({"delta": {"content": "Hi "}})), odd.clone(), end.clone()];
            assert_eq!(streamed(&chunks), streamed_the_long_way(&chunks), "{odd}");
        }
    }
}
