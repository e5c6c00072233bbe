//! The Test button of a connection: what answers, who pays, what is there.

use std::time::Instant;

use limerick_engine::State;
use limerick_inference::ServerReport;
use limerick_tasks::Result;
use url::Url;

use crate::{
    Header, Playground, TestReport, account,
    commands::{Id, Nothing},
    limit_line,
    playground::lock,
    reach::{Found, Reach, no_token},
};

impl Playground {
    /// Says what a connection finds.
    pub async fn test_connection(&self, Id { id }: Id) -> Result<TestReport> {
        let found = self.find_connection(&id).await?;
        match &found.reach {
            Reach::Builtin => self.test_builtin(),
            Reach::HuggingFace { .. } => self.test_hugging_face(&found).await,
            Reach::Server { url, headers } => self.test_server(&found, url, headers).await,
            Reach::Space { place } => self.test_space(place).await,
        }
    }

    fn test_builtin(&self) -> Result<TestReport> {
        let since = Instant::now();
        let models = &self.inner.models;
        let here = models.all().iter().filter(|model| models.state(model) == State::Present).count();
        let own = models.own()?;
        let usable = here + own.iter().filter(|own| own.head.is_ok()).count();
        let mut details: Vec<String> = models
            .all()
            .iter()
            .map(|model| {
                format!("{}, {}: {}", model.name, megabytes(model.bytes()), in_words(&models.state(model)))
            })
            .collect();
        details.extend(own.iter().map(|own| match &own.head {
            Ok(_) => format!("{}: your own file, ready", own.name),
            Err(reason) => format!("{}: {reason}", own.name),
        }));
        let summary = match usable {
            0 => "No model is on this machine yet. Get one in Settings.".into(),
            count => format!("{} on this machine", counted(count, "model")),
        };
        Ok(report(summary, details, since))
    }

    async fn test_hugging_face(&self, found: &Found) -> Result<TestReport> {
        let key = self.key_of(found).await?.ok_or_else(no_token)?;
        let since = Instant::now();
        let who = self.who_now(&key).await?;
        let limits = self.rate_limits(Nothing {}).await?;
        let lines = account::lines(&who, &key.source).into_iter().chain(limits.iter().map(limit_line));
        let mut report = report(format!("{}, {} plan", who.name, who.plan()), lines.collect(), since);
        report.organisations = who.orgs.into_iter().map(|org| org.name).collect();
        Ok(report)
    }

    async fn test_space(&self, place: &str) -> Result<TestReport> {
        let since = Instant::now();
        let space = self.space_now(place).await?;
        let paints = space.painters(false).chain(space.painters(true));
        let mut details: Vec<String> =
            paints.map(|endpoint| format!("{} makes pictures", endpoint.name)).collect();
        details.dedup();
        details.extend(space.speakers().map(|endpoint| format!("{} speaks", endpoint.name)));
        if details.is_empty() {
            details.push("Nothing in it makes pictures or speaks, so Image and Speech cannot use it.".into());
        }
        let summary = format!("{}, Gradio {}", space.title, space.version);
        Ok(report(summary, details, since))
    }

    async fn test_server(&self, found: &Found, url: &Url, headers: &[Header]) -> Result<TestReport> {
        let client = self.inner.network.client_for(&self.settings_now(), &[url])?;
        let server = self.server(found, url, headers).await?;
        let since = Instant::now();
        let answer = client.server_models(&server).await?;
        lock(&self.inner.styles).insert(url.to_string(), answer.kind.style());
        let ms = since.elapsed().as_millis();
        let models = counted(answer.models.len(), "model");
        let summary = format!("{} server, {models}, answers in {ms} ms", answer.kind.title());
        Ok(report(summary, server_details(&answer), since))
    }
}

fn report(summary: String, details: Vec<String>, since: Instant) -> TestReport {
    TestReport { summary, details, organisations: Vec::new(), ms: since.elapsed().as_secs_f64() * 1e3 }
}

fn server_details(answer: &ServerReport) -> Vec<String> {
    let version = answer.version.iter().map(|version| format!("Version {version}"));
    let models = answer.models.iter().take(20).map(|model| match model.context_length {
        Some(context) => format!("{}, {context} tokens of context", shown(&model.id)),
        None => shown(&model.id).to_owned(),
    });
    version.chain(models).collect()
}

fn shown(id: &str) -> &str {
    if id.is_empty() { "The server's model" } else { id }
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

fn in_words(state: &State) -> String {
    match state {
        State::Present => "ready".into(),
        State::Absent => "not here yet".into(),
        State::Partial { bytes } => format!("{} fetched", megabytes(*bytes)),
        State::Broken { reason } => reason.clone(),
    }
}
