//! `limerick models` and `limerick history`: lists for people, one thing a line.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use limerick_playground::{
    ListRuns, ModelRow, ProviderRow, RunFilter, RunState, RunSummary, ago, commands::ListModels,
};
use limerick_tasks::Error;

use crate::{
    Stop,
    args::{Kind, ModelsArgs, Wanted},
    hub, place, screen,
};

/// Lists the models of a connection, or finds some on Hugging Face.
pub(crate) async fn models(args: &ModelsArgs) -> Result<ExitCode, Stop> {
    let implied = args.provider.as_deref().or(args.search.as_deref()).or(args.author.as_deref());
    let kind = args.place.kind(implied.or(args.sort.as_deref()))?;
    args.place.token.check()?;
    let playground = place::open()?;
    let connection = args.place.connection(&playground, kind).await?;
    if args.is_search() {
        return hub::search(args, &playground).await;
    }
    let task = args.task.clone().unwrap_or_else(|| "chat_completion".into());
    let mut rows = playground.models(ListModels { connection, task, refresh: true }).await?;
    rows.truncate(args.limit.map_or(usize::MAX, |limit| limit as usize));
    if args.json {
        return hub::json(&rows);
    }
    if rows.is_empty() {
        screen::say("No models are offered here.");
    }
    let width = rows.iter().map(|row| row.id.chars().count()).max().unwrap_or_default();
    show(rows.iter().map(|row| {
        let facts = facts(row, kind).join(", ");
        format!("{:width$}  {}", screen::line(&row.id, width), screen::line(&facts, 300))
            .trim_end()
            .to_owned()
    }))
}

fn facts(row: &ModelRow, kind: Kind) -> Vec<String> {
    let mut facts = Vec::new();
    if kind == Kind::Builtin {
        facts.push(row.name.clone());
        facts.push(if row.ready { "ready" } else { "not here yet" }.into());
    }
    facts.extend(row.context_length.map(|tokens| format!("{tokens} tokens of context")));
    facts.extend(row.providers.iter().filter(|provider| provider.live).map(offer));
    facts
}

fn offer(provider: &ProviderRow) -> String {
    match (provider.input_price, provider.output_price) {
        (Some(input), Some(output)) => format!("{} (${input}/${output} a million tokens)", provider.name),
        _ => provider.name.clone(),
    }
}

/// Lists past runs.
pub(crate) async fn history(wanted: &Wanted) -> Result<ExitCode, Stop> {
    let playground = place::open()?;
    let filter = RunFilter { query: wanted.words.join(" "), ..RunFilter::default() };
    let page = playground.runs(ListRuns { filter, limit: wanted.limit, ..ListRuns::default() }).await?;
    if page.runs.is_empty() {
        screen::say("No runs yet. Start one with `limerick run`.");
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    show(page.runs.iter().map(|run| entry(run, now)))
}

fn entry(run: &RunSummary, now: i64) -> String {
    let state = match run.state {
        RunState::Waiting => "waiting",
        RunState::Running => "running",
        RunState::Done => "done",
        RunState::Failed => "failed",
        RunState::Cancelled => "stopped",
        RunState::Interrupted => "interrupted",
    };
    let with = [run.connection_name.as_str(), run.provider.as_deref().unwrap_or_default(), &run.model];
    let with: Vec<&str> = with.into_iter().filter(|word| !word.is_empty()).collect();
    let head = format!(
        "{state}, {}: {}, {}",
        ago(now.saturating_sub(run.created_at)),
        run.task,
        screen::line(&with.join(", "), 120)
    );
    let mut lines = vec![head, format!("  # {}", run.id)];
    let error = run.error.as_deref().unwrap_or_default();
    for (sign, text) in [("  > ", run.prompt.as_str()), ("  ", &run.answer), ("  ! ", error)] {
        if !text.trim().is_empty() {
            lines.push(format!("{sign}{}", screen::line(text, 200)));
        }
    }
    lines.join("\n")
}

/// Writes lines to stdout; a reader that has seen enough may leave.
pub(crate) fn show(lines: impl Iterator<Item = String>) -> Result<ExitCode, Stop> {
    let mut stdout = io::stdout().lock();
    let write = || {
        for line in lines {
            writeln!(stdout, "{}", screen::tame(&line))?;
        }
        stdout.flush()
    };
    match write() {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::internal("write the list", cause).into())
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
