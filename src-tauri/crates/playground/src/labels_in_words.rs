//! Labels into words: what a picture shows by the built-in classifier, phrased by the built-in language model, which
//! cannot see. What the classifier saw comes first, as the answer's reasoning.

use limerick_tasks::{
    ChatDelta, ChatInput, ChatOutput, Content, Ending, Error, ErrorCode, Label, Media, Message, Part,
    Progress, Result, Role,
};
use tokio_util::sync::CancellationToken;

use crate::Playground;

/// What is asked where nothing is.
pub(crate) const DESCRIBE: &str = "Describe this picture in one sentence.";
/// What the language model is told of its part.
const PART: &str = "You are asked about a picture that you cannot see; you are only told what it most likely shows. \
                    Answer in plain, short words, about that alone. Where you are asked for something that you were \
                    not told, such as a colour, a place or a number, say that you cannot tell.";
/// How freely it speaks where the person sets nothing: it is to keep to what it is told.
const TEMPERATURE: f64 = 0.3;
/// Labels of a picture that are told at most.
const MOST: usize = 5;
/// How sure the classifier must be of a label after the first.
const LEAST: f64 = 0.02;

/// Tokens that are said at most where the person sets no end: a small model may find none.
const LONGEST: u32 = 200;
/// Keeps a small model from saying the same again and again, where the person sets nothing.
const REPETITION: f64 = 1.1;

/// Where deltas are told.
type Tell<'a> = &'a mut (dyn FnMut(Progress<ChatDelta>) + Send);

impl Playground {
    /// Answers a chat about pictures without seeing them.
    ///
    /// # Errors
    /// `Input` where no picture is shown, or one cannot be opened; `Model` where one of both models is not here.
    pub(crate) async fn put_labels_into_words(
        &self,
        input: &ChatInput,
        stop: &CancellationToken,
        on: Tell<'_>,
    ) -> Result<Ending<ChatOutput>> {
        let model = self.inner.models.find("")?;
        let mut input = input.clone();
        input.max_tokens.get_or_insert(LONGEST);
        input.repetition_penalty.get_or_insert(REPETITION);
        let Ending::Done(saw) = self.replace_pictures(&mut input.messages, stop).await? else {
            return Ok(Ending::Cancelled);
        };
        let saw = saw.ok_or_else(no_picture)?;
        on(Progress::Delta(ChatDelta { reasoning: saw.clone(), ..ChatDelta::default() }));
        instruct(&mut input.messages);
        input.temperature.get_or_insert(TEMPERATURE);
        Ok(match self.inner.engine.chat(model, &input, stop, on).await? {
            Ending::Done(said) => Ending::Done(ChatOutput { reasoning: saw + &said.reasoning, ..said }),
            Ending::Cancelled => Ending::Cancelled,
        })
    }

    /// Puts labels in the place of pictures, and says what the newest ones show.
    async fn replace_pictures(
        &self,
        messages: &mut [Message],
        stop: &CancellationToken,
    ) -> Result<Ending<Option<String>>> {
        let (classifier, labeller) =
            (self.inner.models.photo()?, self.inner.labeller.get(&self.inner.models)?);
        let mut newest = None;
        for message in messages {
            let Content::Parts(parts) = &message.content else { continue };
            let (mut seen, words) = (Vec::new(), message.content.text());
            for part in parts {
                let Part::ImageUrl { image_url } = part else { continue };
                let picture = Media::from_data_uri(&image_url.url).map_err(|_| not_here())?.bytes;
                match labeller.photo(classifier.clone(), picture, stop).await? {
                    Ending::Done(labels) => seen.push(likely(labels)),
                    Ending::Cancelled => return Ok(Ending::Cancelled),
                }
            }
            message.content = Content::Text(told(&seen, &words));
            if !seen.is_empty() {
                newest = Some(saw(&seen));
            }
        }
        Ok(Ending::Done(newest))
    }
}

/// The labels that are told, the surest first.
fn likely(mut labels: Vec<Label>) -> Vec<Label> {
    labels.truncate(MOST);
    let mut place = 0..;
    labels.retain(|label| place.next() == Some(0) || label.score >= LEAST);
    labels
}

/// What a person reads of it.
fn saw(seen: &[Vec<Label>]) -> String {
    match seen {
        [only] => format!("The classifier saw: {}.", scored(only)),
        several => {
            let lines = (1..).zip(several).map(|(place, one)| format!("\n{place}. {}", scored(one)));
            format!("The classifier saw:{}", lines.collect::<String>())
        }
    }
}

/// `tabby 62 %, tiger cat 20 %`.
fn scored(labels: &[Label]) -> String {
    let one = |label: &Label| match (label.score * 100.0).round() {
        sure if sure >= 1.0 => format!("{} {sure} %", label.label),
        _ => format!("{} under 1 %", label.label),
    };
    labels.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What the language model reads of it, before the person's own words: numbers would only make it repeat them.
fn told(seen: &[Vec<Label>], words: &str) -> String {
    let words = if words.trim().is_empty() { DESCRIBE } else { words };
    let line = |(place, labels): (usize, &Vec<Label>)| {
        let names: Vec<&str> = labels.iter().map(|label| label.label.as_str()).collect();
        let picture = if seen.len() == 1 { "The picture".to_owned() } else { format!("Picture {place}") };
        match names.split_first() {
            Some((first, [])) => format!("{picture} most likely shows: {first}.\n"),
            Some((first, rest)) => {
                format!("{picture} most likely shows: {first}. Less likely: {}.\n", rest.join(", "))
            }
            None => String::new(),
        }
    };
    let lines: String = (1..).zip(seen).map(line).collect();
    if lines.is_empty() { words.to_owned() } else { format!("{lines}\n{words}") }
}

/// Tells the language model its part, before what the person wants of it.
fn instruct(messages: &mut Vec<Message>) {
    match messages.first_mut().filter(|first| first.role == Role::System) {
        Some(system) => system.content = Content::Text(format!("{PART}\n\n{}", system.content.text())),
        None => messages.insert(0, Message::new(Role::System, PART)),
    }
}

fn no_picture() -> Error {
    Error::new(ErrorCode::Input, "There is no picture to look at. Show one, then ask.")
}

fn not_here() -> Error {
    let words = "The built-in models fetch no pictures. Save this one and add it as a file.";
    Error::new(ErrorCode::Input, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(label: &str, score: f64) -> Label {
        Label { label: label.into(), score }
    }

    #[test]
    fn the_surest_labels_are_told_with_their_scores() {
        let sure = vec![label("tabby", 0.624), label("tiger cat", 0.2), label("mat", 0.019)];
        assert_eq!(saw(&[likely(sure.clone())]), "The classifier saw: tabby 62 %, tiger cat 20 %.");
        assert_eq!(scored(&likely(vec![label("fog", 0.004)])), "fog under 1 %");
        assert_eq!(likely(vec![label("x", 0.1); 9]).len(), MOST);
        let read = told(&[likely(sure)], "What is it?");
        assert_eq!(read, "The picture most likely shows: tabby. Less likely: tiger cat.\n\nWhat is it?");
    }

    #[test]
    fn several_pictures_are_told_apart() {
        let two = [vec![label("tabby", 0.62)], vec![label("pier", 0.8)]];
        assert_eq!(saw(&two), "The classifier saw:\n1. tabby 62 %\n2. pier 80 %");
        let read = "Picture 1 most likely shows: tabby.\nPicture 2 most likely shows: pier.\n\nWhich is wet?";
        assert_eq!(told(&two, "Which is wet?"), read);
        assert!(told(&two[..1], " ").ends_with(DESCRIBE) && told(&[], "Hi") == "Hi");
    }

    #[test]
    fn the_persons_own_instructions_stay() {
        let mut own = vec![Message::new(Role::System, "In French."), Message::new(Role::User, "?")];
        instruct(&mut own);
        assert_eq!(own.len(), 2);
        assert!(own[0].content.text().starts_with(PART) && own[0].content.text().ends_with("In French."));
        let mut none = vec![Message::new(Role::User, "?")];
        instruct(&mut none);
        assert_eq!(none[0].content.text(), PART);
    }
}
