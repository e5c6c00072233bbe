//! What the official clients offer, read from their sources: `huggingface_hub` 2.4.0 and @huggingface/inference
//! 4.13.30.

/// The providers that a client knows, each with its tasks; an empty list means all of ours.
type Offers = &'static [(&'static str, &'static [&'static str])];

const CHAT: &str = "chat_completion";
const TEXT: &str = "text_generation";
const TO_IMAGE: &str = "text_to_image";
const EDIT: &str = "image_to_image";
const SPEECH: &str = "text_to_speech";
const HEAR: &str = "automatic_speech_recognition";
const EMBED: &str = "feature_extraction";

/// Python's.
pub(super) const HUGGINGFACE_HUB: Offers = &[
    ("hf-inference", &[]),
    ("baseten", &[CHAT]),
    ("cerebras", &[CHAT]),
    ("cohere", &[CHAT]),
    ("deepinfra", &[CHAT, TEXT, SPEECH, HEAR, EMBED]),
    ("fal-ai", &[TO_IMAGE, EDIT, SPEECH, HEAR]),
    ("featherless-ai", &[CHAT, TEXT]),
    ("fireworks-ai", &[CHAT]),
    ("groq", &[CHAT]),
    ("novita", &[CHAT, TEXT]),
    ("nscale", &[CHAT, TO_IMAGE]),
    ("openai", &[CHAT]),
    ("ovhcloud", &[CHAT]),
    ("publicai", &[CHAT]),
    ("replicate", &[TO_IMAGE, EDIT, SPEECH, HEAR]),
    ("scaleway", &[CHAT, EMBED]),
    ("together", &[CHAT, TEXT, TO_IMAGE, EDIT, SPEECH, EMBED]),
    ("wavespeed", &[TO_IMAGE, EDIT]),
    ("zai-org", &[CHAT, TO_IMAGE]),
];

/// JavaScript's.
pub(super) const HUGGINGFACE_INFERENCE: Offers = &[
    ("hf-inference", &[]),
    ("baseten", &[CHAT]),
    ("cerebras", &[CHAT]),
    ("cohere", &[CHAT]),
    ("deepinfra", &[CHAT, TEXT, TO_IMAGE, SPEECH, HEAR, EMBED]),
    ("fal-ai", &[TO_IMAGE, EDIT, SPEECH, HEAR]),
    ("featherless-ai", &[CHAT, TEXT]),
    ("fireworks-ai", &[CHAT]),
    ("groq", &[CHAT, TEXT]),
    ("novita", &[CHAT, TEXT]),
    ("nscale", &[CHAT, TO_IMAGE]),
    ("openai", &[CHAT]),
    ("ovhcloud", &[CHAT, TEXT]),
    ("publicai", &[CHAT]),
    ("replicate", &[TO_IMAGE, EDIT, SPEECH, HEAR]),
    ("scaleway", &[CHAT, TEXT, EMBED]),
    ("together", &[CHAT, TEXT, TO_IMAGE, EDIT, SPEECH, HEAR, EMBED]),
    ("wavespeed", &[TO_IMAGE, EDIT]),
    ("zai-org", &[CHAT, TO_IMAGE, "image_to_text"]),
];

/// Whether a client can ask this provider for this task.
pub(super) fn offered(offers: Offers, provider: &str, task: &str) -> bool {
    offers.iter().any(|(name, tasks)| *name == provider && (tasks.is_empty() || tasks.contains(&task)))
}
