//! `limerick models --connection hf` with a search, `limerick model` and `limerick whoami`: what the Hub knows.

use std::process::ExitCode;

use limerick_playground::{
    Age, DescribeModel, Look, ModelFacts, ModelHit, ModelQuery, Playground, SearchModels, Serving,
    commands::Nothing, limit_line,
};
use limerick_tasks::Error;
use serde::Serialize;

use crate::{
    Stop,
    args::{ModelArgs, ModelsArgs, Token},
    lists::show,
    place, screen,
};

/// Finds models on the Hub.
pub(crate) async fn search(args: &ModelsArgs, playground: &Playground) -> Result<ExitCode, Stop> {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    let query = ModelQuery {
        task: text(&args.task),
        search: text(&args.search),
        author: text(&args.author),
        provider: text(&args.provider),
        sort: text(&args.sort),
        limit: args.limit,
    };
    let found = playground.search_models(SearchModels { query, next: None, refresh: true }).await?;
    told(&found.age);
    if args.json {
        return json(&found);
    }
    if found.models.is_empty() {
        screen::say("No models are like that.");
    }
    let width = found.models.iter().map(|hit| hit.id.chars().count()).max().unwrap_or_default();
    show(found.models.iter().map(|hit| {
        format!("{:width$}  {}", screen::line(&hit.id, width), screen::line(&facts(hit).join(", "), 300))
    }))
}

fn facts(hit: &ModelHit) -> Vec<String> {
    let mut facts: Vec<String> = hit.pipeline_tag.iter().cloned().collect();
    facts.push(format!("{} downloads", hit.downloads));
    facts.push(format!("{} likes", hit.likes));
    facts.extend(hit.gated.as_ref().map(|_| "gated".to_owned()));
    let mut live: Vec<&str> =
        hit.mapping.iter().filter(|one| one.status == "live").map(|one| one.provider.as_str()).collect();
    live.dedup();
    if !live.is_empty() {
        facts.push(format!("live at {}", live.join(" ")));
    }
    facts
}

/// Describes one model.
pub(crate) async fn model(args: &ModelArgs) -> Result<ExitCode, Stop> {
    args.token.check()?;
    let playground = place::open()?;
    args.token.give(&playground, "hf").await?;
    let facts = playground.model_card(DescribeModel { model: args.id.clone(), refresh: true }).await?;
    told(&facts.age);
    if args.json {
        return json(&facts);
    }
    let limits = playground.rate_limits(Nothing {}).await?;
    show(card(&facts).into_iter().chain(limits.iter().map(limit_line)))
}

fn card(facts: &ModelFacts) -> Vec<String> {
    let card = &facts.card;
    let mut lines = vec![card.id.clone(), card.page.clone()];
    let mut kind: Vec<String> = card.pipeline_tag.iter().chain(&card.library).cloned().collect();
    kind.push(format!("{} downloads, {} likes", card.downloads, card.likes));
    lines.push(kind.join(", "));
    if let Some(how) = &card.gated {
        lines.push(format!("Gated ({how}): accept its terms on its page first"));
    }
    if card.private {
        lines.push("Private".into());
    }
    lines.extend(facts.context_length.map(|tokens| format!("{tokens} tokens of context")));
    lines.push(format!("Chat template: {}", if card.has_template { "yes" } else { "none known" }));
    lines.extend(card.mask_token.as_ref().map(|token| format!("The gap is written {token}")));
    for task in &facts.serving {
        lines.push(format!("{}:", task.task));
        lines.extend(task.providers.iter().map(offer));
    }
    if facts.serving.is_empty() {
        lines.push("No Inference Provider serves it.".into());
    }
    lines
}

fn offer(one: &Serving) -> String {
    let mut facts = vec![one.status.clone()];
    if let (Some(input), Some(output)) = (one.input_price, one.output_price) {
        facts.push(format!("${input}/${output} a million tokens"));
    }
    facts.extend(one.context_length.map(|tokens| format!("{tokens} tokens of context")));
    facts.extend(one.throughput.map(|speed| format!("{speed:.0} tokens/s")));
    for (can, word) in [(one.supports_tools, "tools"), (one.supports_structured_output, "structured output")]
    {
        facts.extend(can.filter(|can| *can).map(|_| word.to_owned()));
    }
    if one.lora {
        facts.push("as a LoRA".into());
    }
    if !one.known {
        facts.push("Limerick cannot ask it yet".into());
    } else if !one.routed {
        facts.push("wants a key of its own".into());
    }
    format!("  {}  {}", one.provider, facts.join(", "))
}

/// Says whose token this is.
pub(crate) async fn whoami(token: &Token) -> Result<ExitCode, Stop> {
    token.check()?;
    let playground = place::open()?;
    token.give(&playground, "hf").await?;
    let account = playground.whoami(Look { refresh: true }).await?;
    told(&account.age);
    let limits = playground.rate_limits(Nothing {}).await?;
    let first = format!("{}, {} plan", account.who.name, account.who.plan());
    show(std::iter::once(first).chain(account.lines()).chain(limits.iter().map(limit_line)))
}

/// Says on stderr when this is not fresh.
fn told(age: &Age) {
    if let Some(note) = &age.note {
        screen::say(note);
    }
}

/// Writes one JSON document.
pub(crate) fn json(value: &impl Serialize) -> Result<ExitCode, Stop> {
    let text =
        serde_json::to_string_pretty(value).map_err(|cause| Error::internal("write the list", cause))?;
    show(std::iter::once(text))
}
