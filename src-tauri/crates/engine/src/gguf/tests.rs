//! Heads of files, whole, cut, damaged and lying.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

fn entry(bytes: &mut Vec<u8>, key: &str, value: &str) {
    text(bytes, key);
    bytes.extend(8_u32.to_le_bytes());
    text(bytes, value);
}

/// A head with one tensor of 32 halves, padded to its data.
fn small(architecture: &str) -> Vec<u8> {
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend(1_u64.to_le_bytes());
    bytes.extend(3_u64.to_le_bytes());
    entry(&mut bytes, "general.architecture", architecture);
    entry(&mut bytes, "tokenizer.ggml.model", "gpt2");
    text(&mut bytes, "toy.context_length");
    bytes.extend(4_u32.to_le_bytes());
    bytes.extend(77_u32.to_le_bytes());
    text(&mut bytes, "weights");
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(32_u64.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(0_u64.to_le_bytes());
    bytes.resize(bytes.len().next_multiple_of(32) + 64, 0);
    bytes
}

/// A projector's head: what it looks with, and whether it is for pictures.
fn projector(family: &str, sees: u8) -> Vec<u8> {
    let mut bytes = small("clip");
    let tensor = bytes.windows(15).position(|part| part.ends_with(b"weights")).unwrap();
    let rest = bytes.split_off(tensor);
    bytes[16..24].copy_from_slice(&5_u64.to_le_bytes());
    entry(&mut bytes, "clip.projector_type", family);
    text(&mut bytes, "clip.has_vision_encoder");
    bytes.extend([7, 0, 0, 0, sees]);
    bytes.extend(&rest);
    bytes.resize(bytes.len() + 64, 0);
    bytes
}

fn look<T>(bytes: &[u8], at: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("toy.gguf");
    std::fs::write(&path, bytes).unwrap();
    at(&path)
}

fn read(bytes: &[u8]) -> Result<Gguf> {
    look(bytes, Gguf::read)
}

#[test]
fn a_whole_head_is_read() {
    let found = read(&small("toy")).unwrap();
    assert_eq!((found.architecture.as_str(), found.context_length), ("toy", Some(77)));
}

#[test]
fn templates_and_the_texts_of_special_tokens_are_found() {
    let mut bytes = small("toy");
    let tensor = bytes.windows(15).position(|part| part.ends_with(b"weights")).unwrap();
    let rest = bytes.split_off(tensor);
    bytes[16..24].copy_from_slice(&7_u64.to_le_bytes());
    entry(&mut bytes, "tokenizer.chat_template", "D");
    entry(&mut bytes, "tokenizer.chat_template.tool_use", "T");
    text(&mut bytes, "tokenizer.ggml.bos_token_id");
    bytes.extend([4, 0, 0, 0, 1, 0, 0, 0]);
    text(&mut bytes, "tokenizer.ggml.tokens");
    bytes.extend([9, 0, 0, 0, 8, 0, 0, 0]);
    bytes.extend(2_u64.to_le_bytes());
    text(&mut bytes, "a");
    text(&mut bytes, "<s>");
    bytes.extend(&rest);
    bytes.resize(bytes.len() + 64, 0);
    let found = read(&bytes).unwrap();
    let template = found.template(true).unwrap();
    assert_eq!((template.text.as_str(), template.tokens["bos_token"].as_str()), ("T", "<s>"));
    assert_eq!(found.template(false).unwrap().text, "D");
}

#[test]
fn a_projector_is_told_from_a_model_and_from_one_for_sounds() {
    let eyes = projector("idefics3", 1);
    let found = look(&eyes, Gguf::read_projector).unwrap();
    assert_eq!((found.projector.as_str(), found.sides.contains(&32)), ("idefics3", true));
    assert!(look(&eyes, Gguf::is_projector) && !look(&small("toy"), Gguf::is_projector));
    for other in [projector("ultravox", 0), small("clip"), small("toy")] {
        let refused = look(&other, Gguf::read_projector).unwrap_err().message;
        assert!(refused.contains("is no projector for pictures"), "{refused}");
    }
    let cut = look(&eyes[..eyes.len() - 128], Gguf::read_projector).unwrap_err().message;
    assert!(cut.contains("is cut short"), "{cut}");
}

#[test]
fn a_file_of_another_kind_is_refused() {
    for bytes in
        [&b""[..], b"GG", b"PK\x03\x04 a zip file of some length", b"<!doctype html><title>404</title>"]
    {
        assert!(read(bytes).unwrap_err().message.contains("is not a GGUF model file"));
    }
}

#[test]
fn every_cut_is_refused() {
    let whole = small("toy");
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn absurd_lengths_are_refused_without_being_believed() {
    for at in [8, 16, 24] {
        let mut bytes = small("toy");
        bytes[at..at + 8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(read(&bytes).is_err(), "length at {at}");
    }
}

#[test]
fn no_single_changed_byte_makes_the_reader_panic() {
    let whole = small("toy");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        let _ = read(&bytes);
    }
}

#[test]
fn models_that_write_no_text_are_refused() {
    for architecture in ["clip", "nomic-bert", "t5encoder", ""] {
        assert!(read(&small(architecture)).unwrap_err().message.contains("no model that writes text"));
    }
}
