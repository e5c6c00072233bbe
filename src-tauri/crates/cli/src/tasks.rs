//! What each task is called on the command line, what it does, and where plain text or a bare file goes.

use limerick_playground::RunInput;
use limerick_tasks::{self as tasks, Task};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Stop, fields};

/// One task as a person sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// The field that plain text goes to; empty where the task needs more than one field.
    pub(crate) text: &'static str,
    /// The field of a picture or a sound; empty where there is none.
    pub(crate) media: &'static str,
}

const fn row(name: &'static str, about: &'static str, text: &'static str, media: &'static str) -> Row {
    Row { name, about, text, media }
}

pub(crate) const TASKS: &[Row] = &[
    row("chat_completion", "Messages in, the next message out", "messages", ""),
    row("text_generation", "A raw prompt in, its continuation out", "prompt", ""),
    row("text_to_image", "Words become a picture", "prompt", ""),
    row("image_to_image", "A picture becomes another", "prompt", "image"),
    row("text_to_speech", "Words become a voice", "text", ""),
    row("automatic_speech_recognition", "A voice becomes words", "", "audio"),
    row("image_to_text", "A picture becomes a caption", "", "image"),
    row("visual_question_answering", "A question about a picture", "question", "image"),
    row("image_classification", "What a picture shows, with scores", "", "image"),
    row("zero_shot_image_classification", "Which of your labels a picture fits", "", "image"),
    row("object_detection", "Where things are in a picture", "", "image"),
    row("text_classification", "What a text is, with scores", "text", ""),
    row("token_classification", "Names, places and the like in a text", "text", ""),
    row("zero_shot_classification", "Which of your labels a text fits", "", ""),
    row("summarization", "A long text becomes a short one", "text", ""),
    row("translation", "A text in another language", "text", ""),
    row("fill_mask", "What may stand at a gap in a text", "text", ""),
    row("question_answering", "A question about a text", "", ""),
    row("feature_extraction", "A text as numbers (an embedding)", "text", ""),
    row("sentence_similarity", "How close sentences are to one", "", ""),
];

/// The row of a task that the command line has let through.
pub(crate) fn named(name: &str) -> Result<&'static Row, Stop> {
    let unknown = || Stop::Usage(format!("there is no task {name}. See `limerick run --help`."));
    TASKS.iter().find(|row| row.name == name).ok_or_else(unknown)
}

/// Reads a task's input from its fields, and checks all that can be checked before anything is sent.
pub(crate) fn read(name: &str, fields: Map<String, Value>) -> Result<RunInput, Stop> {
    macro_rules! each {
        ($($name:ident: $task:ident;)+) => {
            match name {
                $(stringify!($name) => Ok(RunInput::$task(checked::<tasks::$task>(fields)?)),)+
                _ => Err(Stop::Usage(format!("there is no task {name}. See `limerick run --help`."))),
            }
        };
    }
    tasks::for_each_task!(each)
}

/// Refuses fields that a task does not have, with the name that was meant.
pub(crate) fn check_names(name: &str, fields: &Map<String, Value>) -> Result<(), Stop> {
    macro_rules! each {
        ($($name:ident: $task:ident;)+) => {
            match name {
                $(stringify!($name) => fields::names::<<tasks::$task as Task>::Input>(),)+
                _ => &[],
            }
        };
    }
    let known = tasks::for_each_task!(each);
    let Some(unknown) = fields.keys().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    let meant = fields::nearest(unknown, known).map(|name| format!(" Did you mean {name}?"));
    let meant = meant.unwrap_or_default();
    let has_extra = known.contains(&"extra_body");
    let extra = if has_extra { " A key that only your server knows goes in extra_body." } else { "" };
    Err(Stop::Usage(format!("the input has no field {unknown}.{meant}{extra}")))
}

fn checked<T: Task>(fields: Map<String, Value>) -> Result<T::Input, Stop> {
    let input = typed(fields)?;
    T::check(&input).map_err(|error| Stop::Usage(error.message))?;
    Ok(input)
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Stop> {
    for (name, value) in &fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if let Err(cause) = serde_json::from_value::<T>(Value::Object(alone)) {
            return Err(Stop::Usage(format!("the field {name} has another form: {cause}.")));
        }
    }
    serde_json::from_value(Value::Object(fields))
        .map_err(|cause| Stop::Usage(format!("the input has another form: {cause}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_has_its_row() {
        macro_rules! names {
            ($($name:ident: $task:ident;)+) => { [$((<tasks::$task as Task>::NAME, stringify!($name))),+] };
        }
        let rows: Vec<_> = TASKS.iter().map(|row| (row.name, row.name)).collect();
        assert_eq!(rows, tasks::for_each_task!(names));
    }

    #[test]
    fn the_fields_of_a_row_are_fields_of_its_task() {
        macro_rules! fields {
            ($($name:ident: $task:ident;)+) => {
                [$((stringify!($name), fields::names::<<tasks::$task as Task>::Input>())),+]
            };
        }
        for (row, (name, known)) in TASKS.iter().zip(tasks::for_each_task!(fields)) {
            for field in [row.text, row.media] {
                assert!(field.is_empty() || known.contains(&field), "{name}: {field}");
            }
        }
    }
}
