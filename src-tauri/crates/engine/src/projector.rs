//! Projectors: the file beside a language model that lets it see. Finds the one that belongs to a model, and the
//! model that one belongs to. Both lie in one folder, under llama.cpp's names: `mmproj-<model>.gguf`.

use std::fs;
use std::path::{Path, PathBuf};

use limerick_tasks::{Error, ErrorCode, Result};

use crate::gguf::Gguf;

/// What projectors have in their names.
const MARK: &str = "mmproj";
/// Parts of names that say how precise the numbers are, or nothing.
const UNTOLD: [&str; 8] = [MARK, "model", "gguf", "f16", "f32", "bf16", "fp16", "q8"];

/// The projector beside a model, the most precise one where there are several.
pub(crate) fn beside(model: &Path, head: &Gguf) -> Option<PathBuf> {
    let able = |path: &PathBuf| {
        names_agree(path, model) && Gguf::read_projector(path).is_ok_and(|eyes| fits(&eyes, head))
    };
    let size = |path: &PathBuf| fs::metadata(path).map_or(0, |found| found.len());
    neighbours(model).filter(|path| is_named_so(path)).filter(able).max_by_key(size)
}

/// The model that a projector belongs to.
///
/// # Errors
/// `Model` in one sentence, when it is no projector for pictures, or when no model for it lies beside it.
pub(crate) fn model_of(projector: &Path) -> Result<PathBuf> {
    let eyes = Gguf::read_projector(projector)?;
    let fitting = |path: &PathBuf| Gguf::read(path).is_ok_and(|head| fits(&eyes, &head));
    let models = || neighbours(projector).filter(|path| path != projector && !is_named_so(path));
    let mut named = models().filter(|path| names_agree(projector, path)).filter(fitting);
    named.next().map_or_else(|| only(models().filter(fitting)), Some).ok_or_else(|| {
        let called = projector.file_name().unwrap_or_default().to_string_lossy();
        let advice =
            "lets a model see and says nothing itself; put its model into the same folder and add that.";
        Error::new(ErrorCode::Model, format!("“{called}” {advice}"))
    })
}

/// Whether a projector speaks to a model in vectors of its length. Only loading both tells for sure.
pub(crate) fn fits(projector: &Gguf, model: &Gguf) -> bool {
    model.embedding_length.is_some_and(|length| projector.sides.contains(&u64::from(length)))
}

fn only(mut found: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Other GGUF files in a file's folder.
fn neighbours(path: &Path) -> impl Iterator<Item = PathBuf> {
    let files = path.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten();
    let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    paths.into_iter().filter(|path| {
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gguf")) && path.is_file()
    })
}

fn is_named_so(path: &Path) -> bool {
    path.file_stem().is_some_and(|name| name.to_string_lossy().to_lowercase().contains(MARK))
}

/// Whether all that a projector's name tells is in the model's name, too. A name that tells nothing agrees.
fn names_agree(projector: &Path, model: &Path) -> bool {
    let models = words(model);
    words(projector).iter().all(|word| models.contains(word))
}

/// What a file's name tells about its model, in small letters.
fn words(path: &Path) -> Vec<String> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let parts = name.split(|letter: char| !letter.is_alphanumeric());
    let told = |part: &&str| part.parse::<u8>().is_err() && !part.is_empty() && !UNTOLD.contains(part);
    parts.filter(told).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_which_files_belong_together() {
        let agree = |projector: &str, model: &str| names_agree(Path::new(projector), Path::new(model));
        assert!(agree("mmproj-SmolVLM-500M-Instruct-Q8_0.gguf", "SmolVLM-500M-Instruct-Q4_K_M.gguf"));
        assert!(agree("mmproj-model-f16.gguf", "llava-v1.5-7b-Q4_K.gguf"));
        assert!(agree("Qwen2.5-VL-3B.mmproj-bf16.gguf", "qwen2.5-vl-3b-instruct-q4_0.gguf"));
        assert!(!agree("mmproj-SmolVLM-500M-Instruct-Q8_0.gguf", "SmolLM2-360M-Instruct-Q8_0.gguf"));
        assert!(!agree("mmproj-gemma-3-4b-it-f16.gguf", "SmolVLM-500M-Instruct-Q8_0.gguf"));
    }
}
