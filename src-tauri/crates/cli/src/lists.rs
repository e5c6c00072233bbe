//! `limerick models`, `limerick whoami` and `limerick history`: lists for people, one thing a line.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use limerick_playground::{ListRuns, ModelRow, ProviderRow, RunState, RunSummary, commands::ListModels};
use limerick_tasks::Error;

use crate::{
    Stop,
    args::{Kind, Place, Token, Wanted},
    place, screen,
};

/// Lists the models of a connection.
pub(crate) async fn models(place: &Place) -> Result<ExitCode, Stop> {
    let kind = place.kind(None)?;
    place.token.check()?;
    let playground = place::open()?;
    let connection = place.connection(&playground, kind).await?;
    let wanted = ListModels { connection, task: "chat_completion".into(), refresh: true };
    let rows = playground.models(wanted).await?;
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

/// Says whose token this is.
pub(crate) async fn whoami(token: &Token) -> Result<ExitCode, Stop> {
    token.check()?;
    let playground = place::open()?;
    let hugging_face = place::hugging_face(&playground, token).await?;
    let report = playground.test_connection(hugging_face).await?;
    show(std::iter::once(report.summary).chain(report.details))
}

/// Lists past runs.
pub(crate) async fn history(wanted: &Wanted) -> Result<ExitCode, Stop> {
    let playground = place::open()?;
    let query = wanted.words.join(" ");
    let page = playground.runs(ListRuns { query, limit: wanted.limit, ..ListRuns::default() }).await?;
    if page.runs.is_empty() {
        screen::say("No runs yet. Start one with `limerick run`.");
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    show(page.runs.iter().map(|run| entry(run, now)))
}

fn entry(run: &RunSummary, now: u64) -> String {
    let seconds = now.saturating_sub(u64::try_from(run.created_at).unwrap_or_default() / 1000);
    let state = match run.state {
        RunState::Running => "running",
        RunState::Done => "done",
        RunState::Failed => "failed",
        RunState::Cancelled => "stopped",
        RunState::Interrupted => "interrupted",
    };
    let with = [run.connection_name.as_str(), run.provider.as_deref().unwrap_or_default(), &run.model];
    let with: Vec<&str> = with.into_iter().filter(|word| !word.is_empty()).collect();
    let mut lines =
        vec![format!("{state}, {}: {}, {}", ago(seconds), run.task, screen::line(&with.join(", "), 120))];
    let error = run.error.as_deref().unwrap_or_default();
    for (sign, text) in [("  > ", run.prompt.as_str()), ("  ", &run.answer), ("  ! ", error)] {
        if !text.trim().is_empty() {
            lines.push(format!("{sign}{}", screen::line(text, 200)));
        }
    }
    lines.join("\n")
}

fn ago(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => return "just now".into(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

/// Writes lines to stdout; a reader that has seen enough may leave.
fn show(lines: impl Iterator<Item = String>) -> Result<ExitCode, Stop> {
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

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn a_time_is_told_as_a_person_would() {
        assert_eq!(
            [5, 60, 7_300, 200_000].map(ago),
            ["just now", "1 minute ago", "2 hours ago", "2 days ago"]
        );
    }
}
