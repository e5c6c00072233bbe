//! What a conversation says, in the forms that models are asked in. Pure, but for the files that are read through
//! what is handed in.

use limerick_tasks::{Content, Error, ErrorCode, ImageUrl, Media, Message, Part, Result, Role};
use limerick_templates::Format;

use crate::{
    RunInput,
    media::{address_of, is_name},
};

/// What ends a turn of Idefics2 (hf-api 6.3). Some servers leave it in the answer.
const END: &str = "<end_of_utterance>";
/// What stands around a picture in the prompt of a TGI server: Markdown (hf-api 6.4).
const BEFORE: &str = "![](";
const BEHIND: char = ')';

/// One thing that was said, with the files of the pictures that were shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) role: Role,
    pub(crate) text: String,
    pub(crate) pictures: Vec<String>,
}

/// Puts what was said into what is asked: all of it for a chat, and for a prompt that is still empty (in Idefics2's
/// form); the last question where the task takes one.
///
/// # Errors
/// `input` for a task without a place in a conversation, and for a picture that `read` does not give.
pub(crate) fn fill(input: &mut RunInput, said: &[Said], read: impl Fn(&str) -> Result<Media>) -> Result<()> {
    let asked = said.iter().rfind(|one| one.role == Role::User);
    let shown = || asked.and_then(|asked| asked.pictures.first()).map(|name| read(name)).transpose();
    match input {
        RunInput::ChatCompletion(input) => input.messages = messages(said, read)?,
        RunInput::TextGeneration(input) if input.prompt.is_empty() => {
            input.prompt = idefics2_prompt(said);
            if input.stop.is_empty() {
                let stop = Format::named("idefics2").map_or(&[][..], |format| format.stop);
                input.stop = stop.iter().map(|text| (*text).to_owned()).collect();
            }
        }
        RunInput::ImageToText(input) if input.image.bytes.is_empty() => {
            input.image = shown()?.unwrap_or_default();
        }
        RunInput::TextGeneration(_) | RunInput::ImageToText(_) => {}
        RunInput::VisualQuestionAnswering(input) => {
            if input.image.bytes.is_empty() {
                input.image = shown()?.unwrap_or_default();
            }
            if input.question.is_empty() {
                input.question = asked.map(|asked| asked.text.clone()).unwrap_or_default();
            }
        }
        _ => {
            let words = "Only a chat and a question about a picture have a place in a conversation.";
            return Err(Error::new(ErrorCode::Input, words));
        }
    }
    Ok(())
}

/// As messages of a chat: what comes with pictures is in parts, the pictures first.
fn messages(said: &[Said], read: impl Fn(&str) -> Result<Media>) -> Result<Vec<Message>> {
    let message = |one: &Said| {
        let mut message = Message::new(one.role, one.text.as_str());
        if !one.pictures.is_empty() {
            let shown = one.pictures.iter().map(|name| {
                let image_url = ImageUrl { url: read(name)?.data_uri() };
                Ok(Part::ImageUrl { image_url })
            });
            let mut parts = shown.collect::<Result<Vec<_>>>()?;
            if !one.text.is_empty() {
                parts.push(Part::Text { text: one.text.clone() });
            }
            message.content = Content::Parts(parts);
        }
        Ok(message)
    };
    said.iter().map(message).collect()
}

/// As the prompt that Idefics2 was trained on, its pictures as a TGI server takes them, each by its address. A last
/// answer is to be continued.
fn idefics2_prompt(said: &[Said]) -> String {
    let turn = |(place, one): (usize, &Said)| {
        let speaker = match one.role {
            Role::System | Role::Developer => "System",
            Role::Assistant => "Assistant",
            Role::User | Role::Tool => "User",
        };
        // A first picture stands close to its speaker.
        let gap = if one.pictures.is_empty() { " " } else { "" };
        let shown = one.pictures.iter().map(|name| format!("{BEFORE}{}{BEHIND}", address_of(name)));
        let open = one.role == Role::Assistant && place + 1 == said.len();
        // A server's answer begins with the space that stands before it, and may end with its mark.
        let said = one.text.trim_end_matches(END);
        let text = if one.role == Role::Assistant { said.trim_start() } else { said };
        let end = if open { "" } else { "<end_of_utterance>\n" };
        format!("{speaker}:{gap}{}{text}{end}", shown.collect::<String>())
    };
    let turns: String = said.iter().enumerate().map(turn).collect();
    let answer = if said.last().is_none_or(|one| one.role != Role::Assistant) { "Assistant:" } else { "" };
    turns + answer
}

/// The files that a prompt shows, in order.
pub(crate) fn shown_in(prompt: &str) -> impl Iterator<Item = &str> {
    addresses_in(prompt).filter_map(|address| address.strip_prefix("media:").filter(|name| is_name(name)))
}

/// The `data:` URIs that a prompt shows, in order.
pub(crate) fn uris_in(prompt: &str) -> impl Iterator<Item = &str> {
    addresses_in(prompt).filter(|address| address.starts_with("data:"))
}

fn addresses_in(prompt: &str) -> impl Iterator<Item = &str> {
    prompt.split(BEFORE).skip(1).filter_map(|rest| Some(rest.split_once(BEHIND)?.0))
}

/// The prompt with an address in the place of each picture that it holds; `keep` puts it away and names it.
///
/// # Errors
/// Those of `keep`.
pub(crate) fn with_addresses(prompt: &str, keep: impl Fn(&Media) -> Result<String>) -> Result<String> {
    let mut short = prompt.to_owned();
    for uri in uris_in(prompt) {
        if let Some(picture) = Media::from_data_uri(uri).ok().filter(Media::is_image) {
            let at = |place: &str| format!("{BEFORE}{place}{BEHIND}");
            short = short.replace(&at(uri), &at(&address_of(&keep(&picture)?)));
        }
    }
    Ok(short)
}

/// The text with another name, or a whole file, for one that it shows.
pub(crate) fn with_name(text: &str, file: &str, name: &str) -> String {
    text.replace(&format!("{BEFORE}{}{BEHIND}", address_of(file)), &format!("{BEFORE}{name}{BEHIND}"))
}

/// The prompt with the files that it shows in it, as it is sent.
///
/// # Errors
/// Those of `read`.
pub(crate) fn with_files(prompt: &str, read: impl Fn(&str) -> Result<Media>) -> Result<String> {
    let mut whole = prompt.to_owned();
    for name in shown_in(prompt) {
        whole = with_name(&whole, name, &read(name)?.data_uri());
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use limerick_tasks::{ChatInput, TextInput, VisualQuestionAnsweringInput};
    use limerick_templates::{Conversation, render};

    use super::*;

    fn said(role: Role, text: &str, pictures: &[&str]) -> Said {
        Said { role, text: text.into(), pictures: pictures.iter().map(|name| (*name).to_owned()).collect() }
    }

    fn name(digit: &str) -> String {
        format!("{}.jpg", digit.repeat(64))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it stands for a reader of files")]
    fn read(name: &str) -> Result<Media> {
        Ok(Media::new([b"\xff\xd8\xff", name.as_bytes()].concat(), ""))
    }

    #[test]
    fn the_prompt_is_what_idefics2s_own_template_makes_of_it() {
        let (one, two) = (name("1"), name("2"));
        let mut talk = vec![
            said(Role::System, "Be brief.", &[]),
            said(Role::User, "What is this?", &[&one, &two]),
            said(Role::Assistant, "A cat.", &[]),
            said(Role::User, "And where?", &[]),
        ];
        for text in ["", "On a ma"] {
            if !text.is_empty() {
                talk.push(said(Role::Assistant, text, &[]));
            }
            let template = Format::named("idefics2").unwrap().template();
            let wanted = Conversation::of_messages(&messages(&talk, read).unwrap());
            let wanted = render(&template, &wanted).unwrap();
            let prompt = idefics2_prompt(&talk);
            let shown = |name: &str| format!("![](media:{name})");
            assert_eq!(prompt.replace(&shown(&one), "<image>").replace(&shown(&two), "<image>"), wanted);
            assert_eq!(shown_in(&prompt).collect::<Vec<_>>(), [one.as_str(), two.as_str()]);
        }
    }

    #[test]
    fn what_a_server_leaves_around_its_answers_is_not_said_again() {
        let talk = [said(Role::Assistant, " A cat.<end_of_utterance>", &[]), said(Role::User, "Where?", &[])];
        let wanted = "Assistant: A cat.<end_of_utterance>\nUser: Where?<end_of_utterance>\nAssistant:";
        assert_eq!(idefics2_prompt(&talk), wanted);
    }

    #[test]
    fn a_prompt_is_sent_with_its_pictures_and_nothing_else_is_taken_for_one() {
        let one = name("1");
        let prompt =
            format!("User:![](media:{one})![](media:../x)![](https://x.test/a.png) media:{one}![](media:");
        assert_eq!(shown_in(&prompt).count(), 1);
        let sent = with_files(&prompt, read).unwrap();
        let uri = read(&one).unwrap().data_uri();
        assert_eq!(sent, prompt.replace(&format!("(media:{one})"), &format!("({uri})")));
    }

    #[test]
    fn a_picture_in_a_prompt_is_put_away_and_comes_back() {
        let (one, long) = (name("1"), "A".repeat(40));
        let prompt =
            format!("User:![](data:image/jpeg;base64,/9j/{long})What?![](data:text/html;base64,PGI+)");
        let short = with_addresses(&prompt, |_| Ok(one.clone())).unwrap();
        assert_eq!(short, format!("User:![](media:{one})What?![](data:text/html;base64,PGI+)"));
        let back = |_: &str| Media::from_data_uri(&format!("data:image/jpeg;base64,/9j/{long}"));
        assert_eq!(with_files(&short, back).unwrap(), prompt);
    }

    #[test]
    fn each_way_of_asking_gets_its_part_of_the_conversation() {
        let one = name("1");
        let talk = [said(Role::User, "Which animal?", &[&one])];
        let mut chat = RunInput::ChatCompletion(ChatInput::default());
        fill(&mut chat, &talk, read).unwrap();
        let RunInput::ChatCompletion(chat) = chat else { return };
        let Content::Parts(parts) = &chat.messages[0].content else { return };
        assert!(
            matches!(&parts[..], [Part::ImageUrl { .. }, Part::Text { text }] if text == "Which animal?")
        );
        let mut answers = RunInput::VisualQuestionAnswering(VisualQuestionAnsweringInput::default());
        fill(&mut answers, &talk, read).unwrap();
        let RunInput::VisualQuestionAnswering(answers) = answers else { return };
        assert_eq!((answers.question.as_str(), answers.image), ("Which animal?", read(&one).unwrap()));
        let given = TextInput { prompt: "as I wrote it".into(), ..TextInput::default() };
        let mut written = RunInput::TextGeneration(given.clone());
        fill(&mut written, &talk, read).unwrap();
        assert_eq!(written, RunInput::TextGeneration(given));
        let mut voice = RunInput::TextToSpeech(limerick_tasks::TextToSpeechInput::default());
        assert_eq!(fill(&mut voice, &talk, read).unwrap_err().code, ErrorCode::Input);
    }
}
