//! Turns messages into the prompt that a model was trained on, by the model's own chat template (Jinja).
//! Set up as in transformers' `apply_chat_template`: trimmed blocks, Python's string methods, `raise_exception`,
//! and a `tojson` that escapes nothing.

use limerick_tasks::{Error, ErrorCode, Message, Result, Role};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, ErrorKind, context};
use serde_json::json;

/// Steps that a template may take; a real one takes a few thousand.
const FUEL: u64 = 2_000_000;
/// Stands for the words of an answer that is to be continued; from the private use area, so never in a message.
const HERE: &str = "\u{F8FF}here\u{F8FF}";

/// Renders messages by a model's chat template. A last message of role `assistant` is left open to be continued.
///
/// `bos` and `eos` are the texts of the tokens that begin and end what the model reads.
///
/// # Errors
/// `Input` with the template's own words when it refuses the messages or is itself broken.
pub fn render(template: &str, messages: &[Message], bos: &str, eos: &str) -> Result<String> {
    let mut messages = messages.iter().map(plain).collect::<Result<Vec<_>>>()?;
    let opened = open_last(&mut messages);
    let rendered = environment()
        .render_str(
            template,
            context! {
                messages => Value::from(Serde(&messages)),
                add_generation_prompt => opened.is_none(),
                bos_token => bos,
                eos_token => eos,
            },
        )
        .map_err(|cause| refused(&cause))?;
    let Some(words) = opened else { return Ok(rendered) };
    let Some((before, _)) = rendered.split_once(HERE) else {
        let message = "This model's chat template cannot continue an answer; ask again instead.";
        return Err(Error::new(ErrorCode::Input, message));
    };
    Ok(format!("{before}{words}"))
}

/// A message as templates expect it.
fn plain(message: &Message) -> Result<serde_json::Value> {
    if let limerick_tasks::Content::Parts(parts) = &message.content
        && parts.iter().any(|part| matches!(part, limerick_tasks::Part::ImageUrl { .. }))
    {
        let advice = "This model reads text only; take the picture out, or pick a model that sees.";
        return Err(Error::new(ErrorCode::Input, advice));
    }
    let role = match message.role {
        Role::System | Role::Developer => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    let mut plain = json!({ "role": role, "content": message.content.text() });
    for (key, value) in [("name", &message.name), ("tool_call_id", &message.tool_call_id)] {
        if let Some(value) = value {
            plain[key] = json!(value);
        }
    }
    Ok(plain)
}

/// Replaces the words of a last assistant message by a mark and returns them.
fn open_last(messages: &mut [serde_json::Value]) -> Option<String> {
    let last = messages.last_mut().filter(|last| last["role"] == "assistant")?;
    let words = last["content"].as_str()?.to_owned();
    last["content"] = json!(HERE);
    Some(words)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_fuel(Some(FUEL));
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_function(
        "raise_exception",
        |words: String| -> std::result::Result<String, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, words))
        },
    );
    environment.add_filter("tojson", tojson);
    environment
}

#[expect(clippy::needless_pass_by_value, reason = "the form of a filter in minijinja")]
fn tojson(value: &Value, options: Kwargs) -> std::result::Result<String, minijinja::Error> {
    let indent: Option<usize> = options.get("indent")?;
    let broken =
        |cause: serde_json::Error| minijinja::Error::new(ErrorKind::BadSerialization, cause.to_string());
    if indent.is_some() {
        return serde_json::to_string_pretty(value).map_err(broken);
    }
    let value = serde_json::to_value(value).map_err(broken)?;
    Ok(spaced(&value))
}

/// JSON as Python's `json.dumps` writes it: a space after each comma and colon.
fn spaced(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", "))
        }
        serde_json::Value::Object(entries) => {
            let pairs = entries.iter().map(|(key, value)| format!("{}: {}", json!(key), spaced(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn refused(cause: &minijinja::Error) -> Error {
    let words = cause.detail().unwrap_or("it cannot be read");
    Error::new(ErrorCode::Input, format!("The model's chat template refused this conversation: {words}."))
        .with_detail(cause)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    /// The template of `SmolLM2`, from its GGUF file.
    const SMOL: &str = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    #[test]
    fn a_question_gets_the_models_own_system_prompt_and_an_open_answer() {
        let prompt = render(SMOL, &[Message::new(Role::User, "Hi")], "", "").unwrap();
        assert_eq!(
            prompt,
            "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n\
             <|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
        );
    }

    #[test]
    fn an_answer_is_continued_where_it_stopped() {
        let messages = [
            Message::new(Role::System, "Be brief."),
            Message::new(Role::User, "Hi"),
            Message::new(Role::Assistant, "Hel "),
        ];
        let prompt = render(SMOL, &messages, "", "").unwrap();
        assert!(prompt.ends_with("<|im_start|>assistant\nHel "), "{prompt}");
    }

    #[test]
    fn a_template_may_refuse_in_its_own_words() {
        let template = "{{ raise_exception('roles must alternate') }}";
        let error = render(template, &[Message::new(Role::User, "Hi")], "", "").unwrap_err();
        assert_eq!(error.code, ErrorCode::Input);
        assert!(error.message.contains("roles must alternate"));
    }

    #[test]
    fn a_template_that_never_ends_is_stopped() {
        let template = "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}";
        assert!(render(template, &[Message::new(Role::User, "Hi")], "", "").is_err());
    }

    #[test]
    fn python_methods_and_json_work_as_in_transformers() {
        let template = "{{ bos_token }}{{ messages[0].content.strip().upper() }} {{ messages[0] | tojson }}";
        let prompt = render(template, &[Message::new(Role::User, " <é> ")], "<s>", "").unwrap();
        assert_eq!(prompt, "<s><É> {\"role\": \"user\", \"content\": \" <é> \"}");
    }
}
