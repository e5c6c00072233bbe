//! Settings as one JSON object: `SwarmUI`, `InvokeAI`, Fooocus and `NovelAI` use nearly the same names.

use serde_json::{Map, Value};

use super::Settings;

/// Most other values that are kept, and the longest text among them, in bytes.
const MOST: usize = 64;
const LONGEST: usize = 2_000;

type Fields = Map<String, Value>;

/// The settings of an object, or of the one that `SwarmUI` puts around it; nothing where it has no prompt.
pub(super) fn read(value: &Value) -> Option<Settings> {
    let whole = value.as_object()?;
    let mut fields = whole.get("sui_image_params").and_then(Value::as_object).unwrap_or(whole).clone();
    let prompt = text(&mut fields, &["prompt", "positive_prompt"])?;
    let size = text(&mut fields, &["resolution"]);
    let (width, height) = size.as_deref().and_then(both).unzip();
    Some(Settings {
        prompt,
        negative_prompt: text(&mut fields, &["negative_prompt", "negativeprompt", "uc"]),
        num_inference_steps: number(&mut fields, &["steps", "num_inference_steps"]),
        guidance_scale: number(&mut fields, &["cfg_scale", "cfgscale", "guidance_scale", "scale"])
            .filter(|scale: &f64| scale.is_finite()),
        scheduler: text(&mut fields, &["sampler", "scheduler", "sampler_name"]),
        seed: number(&mut fields, &["seed"]),
        width: width.or_else(|| number(&mut fields, &["width"])),
        height: height.or_else(|| number(&mut fields, &["height"])),
        model: text(&mut fields, &["model", "base_model", "model_name"]),
        provider: text(&mut fields, &["provider"]),
        software: text(&mut fields, &["software", "swarm_version", "app_version", "version"]),
        extra: extra(fields),
        json: None,
    })
}

/// The first of these that is there and not empty, taken out; of an object, its name.
fn text(fields: &mut Fields, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let found = match fields.get(*name)? {
            Value::Object(named) => {
                ["name", "model_name"].iter().find_map(|name| named.get(*name)?.as_str()).map(str::to_owned)
            }
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        fields.remove(*name);
        found.filter(|text| !text.is_empty())
    })
}

/// A number, or a text that is one.
fn number<T: std::str::FromStr>(fields: &mut Fields, names: &[&str]) -> Option<T> {
    text(fields, names)?.trim().parse().ok()
}

/// `(1024, 768)` and `1024x768`.
fn both(size: &str) -> Option<(u32, u32)> {
    let (width, height) = size.trim_matches(['(', ')', ' ']).split_once([',', 'x', '×'])?;
    Some((width.trim().parse().ok()?, height.trim().parse().ok()?))
}

fn extra(fields: Fields) -> Fields {
    let small = |value: &Value| match value {
        Value::String(text) => !text.is_empty() && text.len() <= LONGEST,
        Value::Number(_) | Value::Bool(_) => true,
        _ => false,
    };
    fields.into_iter().filter(|(name, value)| name.len() <= 80 && small(value)).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    #[test]
    fn swarm_ui_is_read() {
        let read = read(&json!({"sui_image_params": {"prompt": "a fox", "negativeprompt": "blurry", "model": "flux", "images": 1, "seed": 1_559_424_082_u32, "steps": 20, "cfgscale": 3.5, "width": 1024, "height": 768, "sampler": "euler", "swarm_version": "0.9.5.0"}, "sui_extra_data": {"date": "x"}})).unwrap();
        assert_eq!((read.prompt.as_str(), read.negative_prompt.as_deref()), ("a fox", Some("blurry")));
        assert_eq!((read.seed, read.width, read.height), (Some(1_559_424_082), Some(1024), Some(768)));
        assert_eq!((read.guidance_scale, read.software.as_deref()), (Some(3.5), Some("0.9.5.0")));
        assert_eq!(Value::Object(read.extra), json!({"images": 1}));
    }

    #[test]
    fn invoke_ai_is_read() {
        let read = read(&json!({"app_version": "5.0", "generation_mode": "sdxl_txt2img", "positive_prompt": "a fox", "negative_prompt": "", "width": 1024, "height": 1024, "seed": 7, "cfg_scale": 7.5, "steps": 30, "scheduler": "euler_a", "model": {"key": "k", "name": "Juggernaut XL"}, "loras": []})).unwrap();
        assert_eq!(
            (read.model.as_deref(), read.scheduler.as_deref()),
            (Some("Juggernaut XL"), Some("euler_a"))
        );
        assert_eq!((read.negative_prompt, read.num_inference_steps), (None, Some(30)));
    }

    #[test]
    fn fooocus_and_novel_ai_are_read() {
        let fooocus = read(&json!({"prompt": "a fox", "negative_prompt": "n", "steps": 30, "resolution": "(1152, 896)", "guidance_scale": 4.0, "seed": "8838307925216341463", "base_model": "juggernautXL_v8Rundiffusion", "sampler": "dpmpp_2m_sde_gpu", "styles": "['Fooocus V2']"})).unwrap();
        assert_eq!(
            (fooocus.width, fooocus.height, fooocus.seed),
            (Some(1152), Some(896), Some(8_838_307_925_216_341_463))
        );
        let novel = read(&json!({"prompt": "a fox", "steps": 28, "height": 1216, "width": 832, "scale": 5.0, "seed": 1, "sampler": "k_euler", "uc": "lowres", "sm": false})).unwrap();
        assert_eq!((novel.negative_prompt.as_deref(), novel.guidance_scale), (Some("lowres"), Some(5.0)));
    }

    #[test]
    fn odd_values_are_left_out() {
        let read = read(&json!({"prompt": "p", "steps": -1, "seed": 1.5, "cfg_scale": "inf", "model": [1], "resolution": "big"})).unwrap();
        assert_eq!(read, Settings { prompt: "p".into(), ..Settings::default() });
    }
}
