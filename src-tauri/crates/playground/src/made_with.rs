//! What a run's pictures were made with, in the form that is written into picture files. No key and no header ever
//! gets there: connections are left out, and so is every parameter that is named like a secret.

use limerick_pictures::Settings;
use serde_json::{Map, Value, json};

use crate::{PictureSettings, store::records::Record};

/// The settings of a run that made pictures; `None` for other tasks.
pub(crate) fn made_with(run: &Record) -> Option<Settings> {
    let painted = matches!(run.task.as_str(), "text_to_image" | "image_to_image");
    painted.then(|| {
        let input = without_secrets(&run.input);
        let size = |side: &str| number(&input[side]).or_else(|| number(&input["target_size"][side]));
        let text = |name: &str| input[name].as_str().map(str::to_owned);
        Settings {
            prompt: text("prompt").unwrap_or_default(),
            negative_prompt: text("negative_prompt"),
            num_inference_steps: number(&input["num_inference_steps"]),
            guidance_scale: input["guidance_scale"].as_f64(),
            scheduler: text("scheduler"),
            seed: seed(&input).or_else(|| run.output["seed"].as_u64()),
            width: size("width"),
            height: size("height"),
            model: Some(run.model.clone()).filter(|model| !model.is_empty()),
            provider: run.provider.clone(),
            software: Some(concat!("Limerick ", env!("CARGO_PKG_VERSION")).into()),
            extra: extra(&input),
            json: Some(json!({
                "task": run.task, "run": run.id, "created_at": run.created_at, "input": input,
            })),
        }
    })
}

/// The seed that was asked for, under the field's name or among the other parameters.
pub(crate) fn seed(input: &Value) -> Option<u64> {
    input["seed"].as_u64().or_else(|| input["extra_body"]["seed"].as_u64())
}

/// What a window is shown of a file's settings.
pub(crate) fn shown(settings: Settings) -> PictureSettings {
    PictureSettings {
        prompt: settings.prompt,
        negative_prompt: settings.negative_prompt,
        width: settings.width,
        height: settings.height,
        num_inference_steps: settings.num_inference_steps,
        guidance_scale: settings.guidance_scale,
        scheduler: settings.scheduler,
        seed: settings.seed,
        model: settings.model,
        software: settings.software,
    }
}

/// The same without what is named like a key: a person may have typed one among the other parameters.
pub(crate) fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(without_secrets).collect(),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !is_secret(name));
            Value::Object(kept.map(|(name, value)| (name.clone(), without_secrets(value))).collect())
        }
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    let ends = ["key", "_token", "secret", "password", "authorization", "headers", "credentials"];
    name == "token" || ends.iter().any(|end| name.ends_with(end))
}

fn extra(input: &Value) -> Map<String, Value> {
    let mut extra = input["extra_body"].as_object().cloned().unwrap_or_default();
    extra.remove("seed");
    extra
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}
