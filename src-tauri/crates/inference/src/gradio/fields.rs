//! A task's fields under the names of an endpoint: authors call them as they like.

use serde_json::{Map, Value, json};

use super::{Endpoint, Parameter, ParameterKind};

/// A task's names, and what Spaces call the same.
pub(super) type Names = &'static [(&'static str, &'static [&'static str])];

/// What a Space calls the switch that draws a seed by itself.
const RANDOM: [&str; 4] = ["randomize_seed", "random_seed", "randomise_seed", "randomize"];

impl Endpoint {
    /// Its own field for what a task calls `name`: by its name in a call, else by the one on screen.
    pub(super) fn named(&self, names: Names, name: &str) -> Option<&Parameter> {
        let called = names.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, called)| called);
        let kind = |one: &&Parameter| (one.kind == ParameterKind::File) == (name == "image");
        let fields = || self.parameters.iter().filter(kind);
        let by = |word: fn(&Parameter) -> &str| {
            called.iter().find_map(|called| fields().find(|one| plain(word(one)) == **called))
        };
        by(|one| &one.name).or_else(|| by(|one| &one.label))
    }

    /// A task's fields under this endpoint's names; what it has no field for is left out, extra ones go by their
    /// own names, and a text that must be there is empty. Where a seed is given, the Space must not draw its own.
    pub(super) fn inputs(&self, names: Names, fields: &Map<String, Value>) -> Map<String, Value> {
        let mut inputs = Map::new();
        let extra = fields.get("extra_body").and_then(Value::as_object);
        let size = fields.get("target_size").and_then(Value::as_object);
        for (name, value) in
            fields.iter().chain(size.into_iter().flatten()).chain(extra.into_iter().flatten())
        {
            let own = self.parameters.iter().find(|one| one.name == *name);
            if let Some(parameter) = self.named(names, name).or(own).filter(|_| !value.is_null()) {
                inputs.insert(parameter.name.clone(), value.clone());
            }
        }
        // An empty box on the Space's own page sends an empty text.
        for empty in self.parameters.iter().filter(|one| one.required && one.kind == ParameterKind::Text) {
            inputs.entry(empty.name.clone()).or_insert(json!(""));
        }
        let seeded = self.named(names, "seed").is_some_and(|seed| inputs.contains_key(&seed.name));
        let random = self.parameters.iter().find(|one| RANDOM.contains(&plain(&one.name).as_str()));
        if let Some(switch) = random.filter(|one| seeded && one.kind == ParameterKind::Boolean) {
            inputs.entry(switch.name.clone()).or_insert(json!(false));
        }
        inputs
    }
}

/// A name as words in lower case, joined by `_`: `Number of inference steps` is `number_of_inference_steps`.
pub(super) fn plain(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}
