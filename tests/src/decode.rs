//! What the two official clients made of the recorder's scenarios (`huggingface_hub` 2.4.0,
//! @huggingface/inference 4.13.30): which of it is an answer, and what ours is worth beside it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use limerick_inference::{Error, ErrorCode, Media};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::scenarios::{SLACK, TOTAL, Told, sensible};

const DATA: &str = include_str!("../peers/decode.jsonl");
/// The picture and the sound that scenarios answer with: no other file among the answers can be shown or played.
const PICTURE: &[u8] = include_bytes!("../peers/png8x8.png");
const SOUND: &[u8] = include_bytes!("../peers/wav440.wav");
/// What a parser says when it did not expect what came; nobody can act on it.
const ACCIDENTS: [&str; 8] = [
    "AttributeError",
    "JSONDecodeError",
    "RecursionError",
    "SyntaxError",
    "TypeError",
    "UnicodeDecodeError",
    "UnidentifiedImageError",
    "ValueError",
];

/// How the clients call it when nothing more came in time.
const DEADLINES: [&str; 3] = ["DOMException", "InferenceTimeoutError", "ReadTimeout"];

/// One call in one scenario.
pub struct Case {
    /// The call's name in the recordings.
    pub call: String,
    /// The scenario's.
    pub scenario: String,
    /// What each client made of it.
    peers: Vec<Peer>,
}

/// How ours compares with the better of the two clients'.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The same answer, or an error that says as much.
    AsGood,
    /// In what ours is better.
    Better(String),
}

/// What one client made of a scenario.
struct Peer {
    name: String,
    outcome: Value,
}

/// All cases, in the order of the data.
pub fn cases() -> Vec<Case> {
    DATA.lines().map(case).collect()
}

fn case(line: &str) -> Case {
    let row: Value = serde_json::from_str(line).unwrap();
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    let peer = |name: &str| Some(Peer { name: name.to_owned(), outcome: row.get(name)?.clone() });
    let peers = ["python", "javascript"].into_iter().filter_map(peer).collect();
    Case { call: text("call"), scenario: text("scenario"), peers }
}

impl Peer {
    /// Whether it gave what was asked for: words, a picture, a sound.
    fn answered(&self, call: &str) -> bool {
        let words = self.words();
        let file = match call {
            "text-to-image" => self.outcome["file"]["sha256"] == sha256(PICTURE),
            "text-to-speech" => self.outcome["file"]["sha256"] == sha256(SOUND),
            _ => words.is_object() || words.as_str().is_some_and(|words| !words.is_empty()),
        };
        file && self.outcome["error"].is_null() || !self.outcome["pixels"].is_null()
    }

    /// Its text, or the text's length and hash.
    fn words(&self) -> &Value {
        &self.outcome["text"]
    }

    fn length(&self) -> usize {
        let length = self.words()["length"].as_u64().map(|length| usize::try_from(length).unwrap());
        length.unwrap_or_else(|| self.words().as_str().unwrap_or_default().len())
    }

    /// How much a person has of its ending: hung, a false answer, a parser's accident, an error, an HTTP error.
    fn worth(&self) -> u8 {
        let error = &self.outcome["error"];
        let is_accident = ACCIDENTS.iter().any(|class| error["class"] == **class);
        match error["status"].as_u64() {
            _ if !self.outcome["hung"].is_null() => 0,
            _ if error.is_null() => 1,
            Some(400..) => 4,
            _ if is_accident => 2,
            _ => 3,
        }
    }

    /// Whether it was at a loss for bytes.
    fn waited(&self) -> bool {
        !self.outcome["hung"].is_null()
            || DEADLINES.iter().any(|class| self.outcome["error"]["class"] == **class)
    }

    /// What is wrong with its ending, in a few words.
    fn fault(&self) -> String {
        let name = &self.name;
        let class = self.outcome["error"]["class"].as_str().unwrap_or_default();
        match self.worth() {
            0 => format!("{name} hangs"),
            1 if self.outcome["text"] == "" => format!("{name} takes it for an empty stream"),
            1 => format!("{name} gives it out as an answer"),
            _ => format!("{name} has {class}"),
        }
    }
}

impl Case {
    /// Ours beside the better one's.
    ///
    /// # Errors
    /// In what ours is worse.
    pub fn judge(&self, ours: &Told) -> Result<Verdict, String> {
        if ours.took > TOTAL + SLACK {
            return Err(format!("took {:?}", ours.took));
        }
        let answers = self.peers.iter().filter(|peer| peer.answered(&self.call));
        let best = answers.max_by_key(|peer| peer.length());
        match (best, &ours.ending) {
            (Some(best), Ok(output)) => same(best, output).map(|()| Verdict::AsGood),
            (Some(best), Err(error)) => Err(format!("{} has an answer, we have {error:?}", best.name)),
            (None, Ok(output)) => self.answer_of_our_own(ours, output),
            (None, Err(error)) => self.error_of_our_own(ours, error),
        }
    }

    /// The client that says most of what went wrong.
    fn better(&self) -> &Peer {
        self.peers.iter().max_by_key(|peer| (peer.worth(), peer.length())).unwrap()
    }

    fn answer_of_our_own(&self, ours: &Told, output: &Value) -> Result<Verdict, String> {
        let right = match self.call.as_str() {
            "text-to-image" => file(output).is_some_and(|file| file.bytes == PICTURE),
            "text-to-speech" => file(output).is_some_and(|file| file.bytes == SOUND),
            // Words, or a tool that is to be called; what was told is what is kept.
            _ => output["text"] == ours.text && (!ours.text.is_empty() || output["tool_calls"].is_array()),
        };
        if !right {
            return Err(format!("an answer that is none: {:.200}", output.to_string()));
        }
        let how = if ours.retried { "an answer after waiting" } else { "an answer" };
        Ok(Verdict::Better(format!("{how}; {}", self.better().fault())))
    }

    fn error_of_our_own(&self, ours: &Told, error: &Error) -> Result<Verdict, String> {
        sensible(error)?;
        let kept = self.peers.iter().max_by_key(|peer| peer.length()).map_or(0, Peer::length);
        if ours.text.len() < kept {
            return Err(format!("only {:?} of the text is kept", ours.text));
        }
        // A deadline says nothing of what came: it is for those who sent nothing more.
        if error.code == ErrorCode::Timeout && !self.peers.iter().any(Peer::waited) {
            return Err(format!("neither of the clients waited so long: {error:?}"));
        }
        let better = self.better();
        if error.status.is_none() && ours.retried {
            return Ok(Verdict::AsGood);
        }
        let theirs = better.outcome["error"]["status"].as_u64().filter(|status| *status >= 400);
        if theirs.is_some() && theirs != error.status.map(u64::from) {
            return Err(format!("{} tells {theirs:?}, we {error:?}", better.name));
        }
        if theirs.is_some() && error.request_id.is_none() {
            return Err(format!("the request's id is lost: {error:?}"));
        }
        let detail = error.detail.as_deref().unwrap_or_default();
        let says = |words: &str| error.message.contains(words) || detail.contains(words);
        let said = self.peers.iter().filter_map(|peer| peer.outcome["error"]["says"].as_str());
        if let Some(lost) = said.map(|words| words.trim_end_matches('.')).find(|words| !says(words)) {
            return Err(format!("{lost:?} is lost: {error:?}"));
        }
        Ok(match better.worth() {
            3.. => Verdict::AsGood,
            _ => Verdict::Better(format!("an error that says what came; {}", better.fault())),
        })
    }
}

/// Our output is what the client gave.
fn same(peer: &Peer, output: &Value) -> Result<(), String> {
    let theirs = &peer.outcome;
    let text = output["text"].as_str().unwrap_or_default();
    let equal = match (&theirs["text"], file(output)) {
        (Value::String(words), _) if theirs["cut"] == true => text.starts_with(words),
        (Value::String(words), _) => text == words,
        (Value::Object(whole), _) => {
            whole["length"] == text.len() && whole["sha256"] == sha256(text.as_bytes())
        }
        (_, Some(file)) if !theirs["pixels"].is_null() => file.bytes == PICTURE,
        (_, Some(file)) => theirs["file"]["sha256"] == sha256(&file.bytes),
        _ => false,
    };
    let usage = &output["usage"];
    let kept = |theirs: &Value, ours: &Value| theirs.is_null() || theirs == ours;
    let beside = kept(&theirs["finish"], &output["finish_reason"])
        && kept(&theirs["usage"][0], &usage["prompt_tokens"])
        && kept(&theirs["usage"][1], &usage["completion_tokens"])
        && theirs["reasoning"]
            .as_str()
            .is_none_or(|words| output["reasoning"].as_str().unwrap().contains(words));
    if equal && beside {
        return Ok(());
    }
    Err(format!("{} has {:.300}, we have {:.300}", peer.name, theirs.to_string(), output.to_string()))
}

/// The one file of an output.
fn file(output: &Value) -> Option<Media> {
    let uri = output["audio"].as_str().or_else(|| output.pointer("/images/0")?.as_str());
    Media::from_data_uri(uri?).ok()
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
