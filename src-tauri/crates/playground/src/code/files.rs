//! The pictures and sounds of a run: in code they are files, and never base64.

use limerick_tasks::Media;
use serde_json::Value;

use crate::said;

/// A picture or a sound that the code reads.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct File {
    /// `image.png`, `audio.wav`, `image-2.jpg`: a plain name, the same in every language.
    pub(super) name: String,
    /// The variable that holds it: `image`, `image_2`.
    pub(super) variable: String,
    /// Its base64, as it stands in the run.
    pub(super) base64: String,
    /// What it is.
    pub(super) media: Media,
}

/// All of a run's files, in the order in which they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Files(pub(super) Vec<File>);

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// A file in base64.
    File(&'a File),
}

impl Files {
    /// Every `data:` URI in these fields, and every one that a prompt shows.
    pub(super) fn of(fields: &Value) -> Self {
        let mut files = Self::default();
        files.look(fields);
        files
    }

    fn look(&mut self, value: &Value) {
        match value {
            Value::String(text) if text.starts_with("data:") => self.add(text),
            Value::String(text) => said::uris_in(text).for_each(|uri| self.add(uri)),
            Value::Array(list) => list.iter().for_each(|one| self.look(one)),
            Value::Object(fields) => fields.values().for_each(|one| self.look(one)),
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        let Some((_, base64)) = text.split_once(',') else { return };
        let Ok(media) = Media::from_data_uri(text) else { return };
        if self.0.iter().any(|file| file.base64 == base64) {
            return;
        }
        let kind = if media.is_audio() { "audio" } else { "image" };
        let same = self.0.iter().filter(|file| file.name.starts_with(kind)).count();
        let (dash, low) = match same {
            0 => (String::new(), String::new()),
            more => (format!("-{}", more + 1), format!("_{}", more + 1)),
        };
        self.0.push(File {
            name: format!("{kind}{dash}.{}", media.extension()),
            variable: format!("{kind}{low}"),
            base64: base64.to_owned(),
            media,
        });
    }

    /// A text in its parts; files in it stand for themselves.
    pub(super) fn pieces<'a>(&'a self, mut text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        while let Some((at, file)) = self.first(text) {
            if at > 0 {
                pieces.push(Piece::Text(&text[..at]));
            }
            pieces.push(Piece::File(file));
            text = &text[at + file.base64.len()..];
        }
        if !text.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces
    }

    /// The file that stands first in a text, and where; of several there the longest.
    fn first(&self, text: &str) -> Option<(usize, &File)> {
        let found = self.0.iter().filter_map(|file| Some((text.find(&file.base64)?, file)));
        found.min_by_key(|(at, file)| (*at, usize::MAX - file.base64.len()))
    }

    /// Whether any stands in this text.
    pub(super) fn any_in(&self, text: &str) -> bool {
        self.first(text).is_some()
    }

    /// The file that a `data:` URI is.
    pub(super) fn whole(&self, uri: &str) -> Option<&File> {
        let base64 = uri.strip_prefix("data:")?.split_once(',')?.1;
        self.0.iter().find(|file| file.base64 == base64)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_file_is_found_once_and_named_by_what_it_is() {
        let (one, two) = ("data:image/png;base64,iVBORw0KGgo=", "data:image/jpeg;base64,/9j/AAAA");
        let sound = "data:audio/flac;base64,ZkxhQwAA";
        let files =
            Files::of(&json!({"image": one, "list": [two, {"audio": sound}, one, "data:,x", "data:"]}));
        let names: Vec<_> = files.0.iter().map(|file| (file.name.as_str(), file.variable.as_str())).collect();
        assert_eq!(names, [("image.png", "image"), ("image-2.jpg", "image_2"), ("audio.flac", "audio")]);
        assert_eq!(files.whole(two), Some(&files.0[1]));
    }

    #[test]
    fn a_picture_in_a_prompt_is_a_file() {
        let prompt = "User:![](data:image/png;base64,iVBORw0KGgo=)What?![](https://a.test/x.png)";
        let files = Files::of(&json!({ "prompt": prompt }));
        assert_eq!(files.0.len(), 1);
        assert!(matches!(files.pieces(prompt)[..], [Piece::Text(_), Piece::File(_), Piece::Text(_)]));
    }

    #[test]
    fn a_text_falls_into_words_and_files() {
        let uri = "data:image/png;base64,iVBORw0KGgo=";
        let files = Files::of(&json!(uri));
        let head = Piece::Text("data:image/png;base64,");
        assert_eq!(files.pieces(uri), [head, Piece::File(&files.0[0])]);
        assert_eq!(files.pieces(""), [Piece::Text("")]);
        assert_eq!(files.pieces("plain"), [Piece::Text("plain")]);
    }
}
