//! Settings out of the graph of nodes that `ComfyUI` keeps under `prompt`: whatever samples, and the texts that are
//! joined to it. As far as it goes: a graph can do anything.

use serde_json::{Map, Value};

use super::Settings;

/// How far a link is followed.
const FAR: usize = 24;
/// What holds a text, in this order.
const TEXTS: [&str; 9] =
    ["text", "text_g", "clip_l", "t5xxl", "prompt", "string", "value", "text_l", "positive"];
/// Where a text comes from, when a node has none of its own.
const LINKS: [&str; 7] =
    ["conditioning", "conditioning_1", "conditioning_to", "positive", "guider", "cond", "samples"];

/// The settings of a graph; nothing where it has no text.
pub(super) fn read(graph: &Value) -> Option<Settings> {
    let graph = Graph(graph.as_object()?);
    let sampler = graph.sampler();
    let near =
        |names: &[&str]| sampler.and_then(|node| graph.value(node, names)).or_else(|| graph.anywhere(names));
    let side = |name: &str| graph.text(sampler?.get(name)?, name, FAR);
    let text = |names: &[&str]| Some(near(names)?.as_str()?.to_owned());
    let number = |names: &[&str]| u32::try_from(near(names)?.as_u64()?).ok();
    let prompt = side("positive").or_else(|| side("guider")).or_else(|| graph.any_text())?;
    Some(Settings {
        negative_prompt: side("negative").filter(|words| !words.is_empty() && *words != prompt),
        prompt,
        num_inference_steps: number(&["steps"]),
        guidance_scale: graph.anywhere(&["guidance"]).or_else(|| near(&["cfg"])).and_then(Value::as_f64),
        scheduler: text(&["sampler_name"]),
        seed: near(&["seed", "noise_seed"]).and_then(Value::as_u64),
        width: number(&["width"]),
        height: number(&["height"]),
        model: text(&["ckpt_name", "unet_name", "model_name"]),
        software: Some("ComfyUI".into()),
        ..Settings::default()
    })
}

/// Nodes by their names, each with its `class_type` and its `inputs`.
struct Graph<'a>(&'a Map<String, Value>);

type Inputs = Map<String, Value>;

impl<'a> Graph<'a> {
    fn nodes(&self) -> impl Iterator<Item = &'a Inputs> {
        self.0.values().filter_map(|node| node.get("inputs")?.as_object())
    }

    /// The node that samples: it is joined to a text, and to a seed or to steps. Of several, the one that starts from
    /// the noise alone.
    fn sampler(&self) -> Option<&'a Inputs> {
        let samples = |inputs: &&Inputs| {
            let has = |names: &[&str]| names.iter().any(|name| inputs.contains_key(*name));
            has(&["positive", "guider"]) && has(&["seed", "noise_seed", "steps", "noise"])
        };
        let whole =
            |inputs: &&Inputs| inputs.get("denoise").and_then(Value::as_f64).is_none_or(|part| part >= 1.0);
        self.nodes().filter(samples).find(whole).or_else(|| self.nodes().find(samples))
    }

    /// The node that a link leads to: `["6", 0]`.
    fn linked(&self, link: &Value) -> Option<&'a Inputs> {
        self.0.get(link.as_array()?.first()?.as_str()?)?.get("inputs")?.as_object()
    }

    /// One of these values of a node, or of the simple node that it is joined to.
    fn value(&self, node: &'a Inputs, names: &[&str]) -> Option<&'a Value> {
        let value = names.iter().find_map(|name| node.get(*name))?;
        match self.linked(value) {
            Some(joined) => names.iter().chain(&["value", "int", "float"]).find_map(|name| joined.get(*name)),
            None => Some(value),
        }
        .filter(|value| !value.is_array())
    }

    fn anywhere(&self, names: &[&str]) -> Option<&'a Value> {
        self.nodes().find_map(|node| self.value(node, names))
    }

    /// The text at the end of a link; `side` is `positive` or `negative`, which some nodes hand on together.
    fn text(&self, link: &Value, side: &str, left: usize) -> Option<String> {
        let node = self.linked(link)?;
        let own = TEXTS.iter().filter_map(|name| node.get(*name));
        if let Some(text) = own.clone().find_map(Value::as_str) {
            return Some(text.to_owned());
        }
        let further =
            node.get(side).into_iter().chain(own).chain(LINKS.iter().filter_map(|name| node.get(*name)));
        // One way only: what branches at every step would grow without end.
        let next = further.into_iter().find(|value| self.linked(value).is_some())?;
        self.text(next, side, left.checked_sub(1)?)
    }

    fn any_text(&self) -> Option<String> {
        self.nodes()
            .filter_map(|node| node.get("text")?.as_str())
            .find(|text| !text.is_empty())
            .map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    #[test]
    fn the_graph_that_everyone_starts_from_is_read() {
        let read = read(&json!({
            "3": {"class_type": "KSampler", "inputs": {"seed": 156_680_208_700_286_u64, "steps": 20, "cfg": 8, "sampler_name": "euler", "scheduler": "normal", "denoise": 1, "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
            "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}},
            "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 768, "batch_size": 1}},
            "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "watermark", "clip": ["4", 1]}},
            "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox", "clip": ["4", 1]}},
        }))
        .unwrap();
        assert_eq!((read.prompt.as_str(), read.negative_prompt.as_deref()), ("a fox", Some("watermark")));
        assert_eq!((read.seed, read.num_inference_steps), (Some(156_680_208_700_286), Some(20)));
        assert_eq!((read.guidance_scale, read.scheduler.as_deref()), (Some(8.0), Some("euler")));
        assert_eq!((read.width, read.height), (Some(512), Some(768)));
        assert_eq!(read.model.as_deref(), Some("sd_xl_base_1.0.safetensors"));
    }

    #[test]
    fn a_graph_for_flux_is_read_over_its_links() {
        let read = read(&json!({
            "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["30", 0], "clip": ["11", 0]}},
            "12": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors"}},
            "13": {"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["25", 0], "guider": ["22", 0], "sampler": ["16", 0], "sigmas": ["17", 0]}},
            "16": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
            "17": {"class_type": "BasicScheduler", "inputs": {"scheduler": "simple", "steps": 28, "denoise": 1}},
            "22": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0], "conditioning": ["26", 0]}},
            "25": {"class_type": "RandomNoise", "inputs": {"noise_seed": 99}},
            "26": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["6", 0]}},
            "30": {"class_type": "PrimitiveString", "inputs": {"value": "a fox"}},
        }))
        .unwrap();
        assert_eq!((read.prompt.as_str(), read.negative_prompt), ("a fox", None));
        assert_eq!(
            (read.seed, read.num_inference_steps, read.guidance_scale),
            (Some(99), Some(28), Some(3.5))
        );
        assert_eq!(read.model.as_deref(), Some("flux1-dev.safetensors"));
    }

    #[test]
    fn a_graph_that_bites_its_tail_ends() {
        let ring = json!({"1": {"inputs": {"seed": 1, "positive": ["2", 0]}}, "2": {"inputs": {"conditioning": ["2", 0], "text": ["2", 0]}}});
        assert_eq!(read(&ring), None);
        assert_eq!(read(&json!({"1": 2, "3": {"inputs": []}})), None);
    }
}
