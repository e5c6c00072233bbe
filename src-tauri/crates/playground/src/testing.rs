//! The Test button of a connection: what answers, who pays, what is there.

use std::time::Instant;

use limerick_engine::{State, manifest};
use limerick_inference::{ServerReport, WhoAmI};
use limerick_tasks::Result;
use url::Url;

use crate::{
    Header, Playground, TestReport,
    commands::Id,
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
        }
    }

    fn test_builtin(&self) -> Result<TestReport> {
        let since = Instant::now();
        let models = &self.inner.models;
        let here = manifest().models.iter().filter(|model| models.state(model) == State::Present).count();
        let own = models.own()?;
        let usable = here + own.iter().filter(|own| own.head.is_ok()).count();
        let mut details: Vec<String> = manifest()
            .models
            .iter()
            .map(|model| {
                format!("{}, {}: {}", model.name, megabytes(model.bytes), in_words(&models.state(model)))
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
        let network = &self.inner.network;
        let client = network.client_for(&self.settings_now(), &[&network.hub])?;
        let key = self.key_of(found).await?.ok_or_else(no_token)?;
        let since = Instant::now();
        let who = client.whoami(&client.hugging_face_key(&key.secret)?).await?;
        let mut report = report(format!("{}, {}", who.name, plan(&who)), account(&who, key.source), since);
        report.organisations = who.orgs.into_iter().map(|org| org.name).collect();
        Ok(report)
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

fn plan(who: &WhoAmI) -> &'static str {
    if who.is_pro { "PRO plan" } else { "free plan" }
}

fn account(who: &WhoAmI, source: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if !who.fullname.is_empty() {
        lines.push(format!("Account of {}", who.fullname));
    }
    lines.push(match (&who.token_name, &who.token_role) {
        (Some(name), Some(role)) => format!("Token “{name}” ({role}), from {source}"),
        _ => format!("Token from {source}"),
    });
    lines.push(match who.may_infer {
        Some(true) => "The token may call Inference Providers".into(),
        Some(false) => {
            "The token may not call Inference Providers. Give it the right “Make calls to Inference Providers”.".into()
        }
        None => "Hugging Face does not say what the token may do".into(),
    });
    lines.push(
        if who.can_pay { "A means of payment is set up" } else { "No means of payment is set up" }.into(),
    );
    if !who.orgs.is_empty() {
        let names: Vec<&str> = who.orgs.iter().map(|org| org.name.as_str()).collect();
        lines.push(format!("Organisations: {}", names.join(", ")));
    }
    lines
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
