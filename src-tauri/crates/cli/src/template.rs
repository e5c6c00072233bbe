//! `limerick template`: prints the exact prompt that a model reads.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use limerick_playground::{MakePrompt, PromptInput, RunInput};
use limerick_tasks::Error;
use serde_json::Value;

use crate::{
    Stop,
    args::{Kind, TemplateArgs},
    input::{self, Given},
    place, screen, tasks,
};

const CHAT: &str = "chat_completion";
/// What stands for the gap in a text, as in Hugging Face's tokenizers.
const GAP: &str = "<FILL_ME>";

/// A prompt whose command line makes sense.
pub(crate) struct Asked {
    args: TemplateArgs,
    kind: Kind,
    input: PromptInput,
}

impl Asked {
    /// Checks what can be checked before anything is asked.
    pub(crate) fn read(args: TemplateArgs) -> Result<Self, Stop> {
        // A model with an organisation is one of the Hub, unless a connection is named.
        let of_the_hub =
            args.model.as_deref().is_some_and(|model| model.contains('/') && !model.starts_with("file:"));
        let implied = args.place.connection.is_none() && args.place.url.is_none() && of_the_hub;
        let kind = if implied { Kind::Hf } else { args.place.kind(None)? };
        args.place.token.check()?;
        let given = input::given(&args.input)?;
        let input = if args.fim { gap(given)? } else { chat(given, args.model.as_deref())? };
        Ok(Self { args, kind, input })
    }
}

fn chat(given: Given, model: Option<&str>) -> Result<PromptInput, Stop> {
    match tasks::read(CHAT, input::fields(tasks::named(CHAT)?, given, model)?)? {
        RunInput::ChatCompletion(input) => Ok(PromptInput::Chat(input)),
        _ => Err(Error::internal("read the conversation", "it is another task").into()),
    }
}

fn gap(given: Given) -> Result<PromptInput, Stop> {
    let usage =
        || Stop::Usage(format!("--fim takes text with {GAP} in it, or an object with prefix and suffix."));
    let Given::Text(text) = given else { return Err(usage()) };
    if let Some((prefix, suffix)) = text.split_once(GAP) {
        return Ok(PromptInput::Fill { prefix: prefix.into(), suffix: suffix.into() });
    }
    let fields: Value = serde_json::from_str(&text).map_err(|_| usage())?;
    let field = |name: &str| fields[name].as_str().map(str::to_owned).ok_or_else(usage);
    Ok(PromptInput::Fill { prefix: field("prefix")?, suffix: field("suffix")? })
}

/// Prints the prompt: to the letter into a pipe, tamed on a terminal.
pub(crate) async fn show(asked: Asked) -> Result<ExitCode, Stop> {
    let playground = place::open()?;
    let connection = asked.args.place.connection(&playground, asked.kind).await?;
    let wanted = MakePrompt {
        connection,
        model: asked.args.model.unwrap_or_default(),
        format: asked.args.format,
        input: asked.input,
    };
    let prompt = playground.template(wanted).await?;
    let mut stdout = io::stdout().lock();
    let written = if stdout.is_terminal() {
        writeln!(stdout, "{}", screen::tame(&prompt.text))
    } else {
        stdout.write_all(prompt.text.as_bytes())
    };
    match written.and_then(|()| stdout.flush()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::internal("write the prompt", cause).into())
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_gap_is_a_mark_in_a_text_or_two_fields() {
        let wanted = PromptInput::Fill { prefix: "a(".into(), suffix: ")".into() };
        for text in ["a(<FILL_ME>)", r#"{"prefix": "a(", "suffix": ")"}"#] {
            assert_eq!(gap(Given::Text(text.into())).unwrap(), wanted);
        }
        for text in ["a()", r#"{"prefix": "a("}"#] {
            assert!(matches!(gap(Given::Text(text.into())), Err(Stop::Usage(_))), "{text}");
        }
    }
}
