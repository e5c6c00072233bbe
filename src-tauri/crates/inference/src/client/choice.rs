//! Which provider answers: the one that was named, or the first that fits, with the reason. Pure.

use limerick_tasks::{Error, ErrorCode, Result};
use url::Url;

use crate::address;
use crate::hub::Mapping;
use crate::providers::{Lora, PROVIDERS, Provider, WireTask};

/// A provider's row, the model's id there, and what to say about it.
pub(super) struct Choice {
    pub(super) row: &'static Provider,
    pub(super) model: String,
    pub(super) lora: Option<Lora>,
    pub(super) note: Option<String>,
    /// Who could be asked instead, the best first.
    pub(super) others: Vec<String>,
}

impl Choice {
    /// A model by the id that it was asked for with.
    pub(super) fn plain(row: &'static Provider, model: &str) -> Self {
        Self { row, model: model.to_owned(), lora: None, note: None, others: Vec::new() }
    }
}

/// What a choice is made from.
pub(super) struct Question<'a> {
    pub(super) hub: &'a Url,
    pub(super) model: &'a str,
    pub(super) mapping: &'a [Mapping],
}

impl<'a> Question<'a> {
    /// The first provider of the owner's order that offers the task: live before staging before failing. Names
    /// that Limerick does not know are passed over.
    pub(super) fn first<T: WireTask>(&self) -> Result<Choice> {
        let candidates = self.candidates::<T>();
        let &(one, row) = candidates.first().ok_or_else(|| self.not_served::<T>(None))?;
        let reason = match one.status.as_str() {
            "live" => "the first live provider in your order",
            "staging" => "no provider is live, and this one still tries the model out",
            _ => "it fails its health checks for this model, but no other provider is left",
        };
        let note = format!("{} was chosen: {reason}.{}", row.name, self.passed_over::<T>(one));
        Ok(self.choice::<T>(one, row, Some(note)))
    }

    /// A provider that was named.
    pub(super) fn named<T: WireTask>(&self, row: &'static Provider) -> Result<Choice> {
        let served = self.mapping.iter().find(|one| one.provider == row.name && one.serves(T::MAPPING));
        let one = served.ok_or_else(|| self.not_served::<T>(Some(row)))?;
        let note = match one.status.as_str() {
            "staging" => Some(format!("{} still tries this model out: it may fail.", row.title)),
            "error" => {
                Some(format!("{} fails its health checks for this model: it may not answer.", row.title))
            }
            _ => None,
        };
        Ok(self.choice::<T>(one, row, note))
    }

    fn choice<T: WireTask>(&self, one: &Mapping, row: &'static Provider, note: Option<String>) -> Choice {
        let others = self.candidates::<T>().into_iter().filter(|(_, other)| other.name != row.name);
        Choice {
            row,
            // hf-inference knows models by the Hub's own ids.
            model: if row.mapped { one.provider_id.clone() } else { self.model.to_owned() },
            lora: lora(self.hub, self.model, one),
            note,
            others: others.map(|(_, row)| row.name.to_owned()).collect(),
        }
    }

    /// Who serves the model for this task through the router, in the order of choice.
    fn candidates<T: WireTask>(&self) -> Vec<(&'a Mapping, &'static Provider)> {
        let known = |one: &'a Mapping| {
            let row = PROVIDERS.iter().find(|row| row.name == one.provider && row.routed)?;
            T::column(row).map(|_| (one, row))
        };
        let mut candidates: Vec<_> =
            self.mapping.iter().filter(|one| one.serves(T::MAPPING)).filter_map(known).collect();
        candidates.sort_by_key(|(one, _)| one.rank());
        candidates
    }

    /// Says which live providers stand before the chosen one and cannot be asked.
    fn passed_over<T: WireTask>(&self, chosen: &Mapping) -> String {
        let before = self.mapping.iter().take_while(|one| one.provider != chosen.provider);
        let unknown = |one: &&Mapping| {
            one.serves(T::MAPPING)
                && one.rank() == 0
                && PROVIDERS.iter().all(|row| row.name != one.provider || T::column(row).is_none())
        };
        let names: Vec<String> =
            before.filter(unknown).map(|one| one.provider.chars().take(40).collect()).collect();
        if names.is_empty() {
            return String::new();
        }
        format!(" Limerick cannot ask {} for this yet.", names.join(", "))
    }

    /// Says who serves the model instead, or that it is served for chat only.
    fn not_served<T: WireTask>(&self, row: Option<&Provider>) -> Error {
        let model = self.model;
        let others: Vec<&str> = self.candidates::<T>().iter().map(|(_, row)| row.name).collect();
        let who = row.map_or("No provider that Limerick knows serves".to_owned(), |row| {
            format!("{} does not serve", row.title)
        });
        let chat = self.mapping.iter().any(|one| one.task == "conversational");
        let message = if others.is_empty() && chat && T::MAPPING != "conversational" {
            format!("{model} is served for chat only: use Chat instead of Completion.")
        } else if others.is_empty() {
            format!("{who} {model} for this: choose another model.")
        } else {
            format!("{who} {model}: choose one of {}.", others.join(", "))
        };
        Error {
            provider: row.map(|row| row.name.to_owned()),
            next_provider: others.first().map(|&name| name.to_owned()),
            ..Error::new(ErrorCode::Model, message)
        }
    }
}

/// The weights of a LoRA: a file of the model's repository.
pub(super) fn lora(hub: &Url, model: &str, one: &Mapping) -> Option<Lora> {
    let path = one.adapter_weights_path.as_deref().filter(|_| one.adapter.as_deref() == Some("lora"))?;
    let steps_out = path.split('/').any(|part| matches!(part, "" | "." | ".."));
    if steps_out {
        return None;
    }
    let weights = address::join(hub, &format!("/{model}/resolve/main/{path}"));
    Some(Lora { repository: model.to_owned(), weights })
}

/// Offers the next provider where this one refuses for good (402, 404, 410, "not supported"); asking it is the
/// person's choice, since a run costs money.
pub(super) fn offer_next(error: Error, others: &[String]) -> Error {
    let refused = matches!(error.code, ErrorCode::Credits | ErrorCode::Model)
        || matches!(error.status, Some(402 | 404 | 410));
    let next = others.iter().find(|_| refused && error.next_provider.is_none());
    Error { next_provider: next.cloned().or_else(|| error.next_provider.clone()), ..error }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use limerick_tasks::TextGeneration;

    use super::*;

    fn row(provider: &str, status: &str) -> Mapping {
        Mapping {
            provider: provider.into(),
            provider_id: format!("{provider}/m"),
            task: "text-generation".into(),
            status: status.into(),
            ..Mapping::default()
        }
    }

    fn ask(mapping: &[Mapping]) -> Result<Choice> {
        let hub = Url::parse("https://huggingface.co").unwrap();
        Question { hub: &hub, model: "a/b", mapping }.first::<TextGeneration>()
    }

    #[test]
    fn the_first_live_provider_of_the_owners_order_is_chosen() {
        let mapping = [
            row("newcomer", "live"),
            row("novita", "error"),
            row("scaleway", "staging"),
            row("together", "live"),
            row("featherless-ai", "live"),
        ];
        let choice = ask(&mapping).unwrap();
        assert_eq!((choice.row.name, choice.model.as_str()), ("together", "together/m"));
        let note = choice.note.unwrap();
        assert!(note.starts_with("together was chosen: the first live provider in your order."), "{note}");
        assert!(note.ends_with("cannot ask newcomer for this yet."), "{note}");
        assert_eq!(choice.others, ["featherless-ai", "scaleway", "novita"]);
    }

    #[test]
    fn a_failing_provider_is_the_last_resort_and_told() {
        assert_eq!(ask(&[row("novita", "error"), row("together", "staging")]).unwrap().row.name, "together");
        let note = ask(&[row("novita", "error")]).unwrap().note.unwrap();
        assert!(note.contains("fails its health checks"), "{note}");
        assert_eq!(ask(&[row("newcomer", "live")]).err().unwrap().code, ErrorCode::Model);
    }

    #[test]
    fn hf_inference_is_asked_by_the_models_own_id() {
        assert_eq!(ask(&[row("hf-inference", "live")]).unwrap().model, "a/b");
    }

    #[test]
    fn a_lora_is_a_file_of_its_own_repository() {
        let hub = Url::parse("https://huggingface.co").unwrap();
        let with = |path: &str| Mapping {
            adapter: Some("lora".into()),
            adapter_weights_path: Some(path.into()),
            ..Mapping::default()
        };
        let found = lora(&hub, "a/b", &with("x y.safetensors")).unwrap();
        assert_eq!(found.weights.as_str(), "https://huggingface.co/a/b/resolve/main/x%20y.safetensors");
        assert_eq!(found.repository, "a/b");
        for bad in ["../../c/d", "", "a//b", "./x"] {
            assert_eq!(lora(&hub, "a/b", &with(bad)), None, "{bad}");
        }
        assert_eq!(lora(&hub, "a/b", &Mapping::default()), None);
    }

    #[test]
    fn the_next_provider_is_offered_for_refusals_only() {
        let others = ["together".to_owned()];
        for (code, status, offered) in [
            (ErrorCode::Credits, 402, true),
            (ErrorCode::Model, 404, true),
            (ErrorCode::Model, 410, true),
            (ErrorCode::Model, 400, true),
            (ErrorCode::Input, 422, false),
            (ErrorCode::Auth, 401, false),
            (ErrorCode::Limit, 429, false),
            (ErrorCode::Provider, 500, false),
        ] {
            let error = offer_next(Error::new(code, "x").with_status(status), &others);
            assert_eq!(error.next_provider.is_some(), offered, "{status}");
        }
    }
}
