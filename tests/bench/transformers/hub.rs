//! What the server tells as the Hub and as the router: accounts, models, mappings, and the router's own choice.

use limerick_inference::{
    ChatCompletion, Ending, ErrorCode, ModelQuery, Route, Server, ServerKind, Style, TextGeneration,
};
use limerick_tasks::{Task, TextClassification};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::questions::Tried;
use crate::trials::{Bench, Outcome, TOKEN};

/// What is asked for.
pub(crate) const NAMES: [&str; 5] =
    ["whoami", "the Hub's models", "a model's card and mapping", "the router's choice", "a server's models"];

/// The outcomes, in the order of the names.
pub(crate) async fn all(bench: &Bench) -> [Outcome; NAMES.len()] {
    [whoami(bench).await, models(bench).await, card(bench).await, chosen(bench).await, server(bench).await]
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn is(right: bool, what: impl std::fmt::Debug) -> Outcome {
    if right { Ok(()) } else { Err(format!("{what:?}")) }
}

async fn whoami(bench: &Bench) -> Outcome {
    let who = bench.client.whoami(&bench.token(TOKEN)?).await.map_err(words)?;
    is(who.name == "local-user", &who)?;
    let refused = bench.client.whoami(&bench.token("hf_short")?).await;
    is(refused.as_ref().is_err_and(|error| error.code == ErrorCode::Auth), &refused)
}

async fn models(bench: &Bench) -> Outcome {
    let query = ModelQuery { task: "text_to_speech".into(), ..ModelQuery::default() };
    let page = bench.client.search_models(&query, None).await.map_err(words)?;
    let ids: Vec<_> = page.models.iter().map(|model| model.id.as_str()).collect();
    is(ids == ["acme/text-to-speech", "acme/bark"], ids)
}

async fn card(bench: &Bench) -> Outcome {
    let card = bench.client.model_card("acme/fill-mask", None).await.map_err(words)?;
    is(card.pipeline_tag.as_deref() == Some("fill-mask"), &card)?;
    let mapping = bench.client.mapping("acme/fill-mask", None).await.map_err(words)?;
    is(mapping.iter().any(|one| one.provider == "hf-inference"), &mapping)?;
    let missing = bench.client.model_card("acme/no-such-model", None).await;
    is(missing.as_ref().is_err_and(|error| error.code == ErrorCode::Model), &missing)
}

/// Without a provider: chat goes to the router with a policy, the rest to the first provider of the mapping.
async fn chosen(bench: &Bench) -> Outcome {
    for policy in [None, Some("fastest")] {
        ask::<ChatCompletion>(bench, policy).await?;
    }
    ask::<TextClassification>(bench, None).await?;
    ask::<TextGeneration>(bench, Some("auto")).await
}

async fn ask<T: Tried>(bench: &Bench, provider: Option<&str>) -> Outcome {
    let token = Some(bench.token(TOKEN)?);
    let route = Route::HuggingFace { provider: provider.map(str::to_owned), token, bill_to: None };
    let (model, mut question) = T::good().swap_remove(0);
    question["model"] = json!(format!("acme/{model}"));
    let input: <T as Task>::Input = serde_json::from_value(question).map_err(words)?;
    let done = bench.client.run::<T>(&route, &input, &CancellationToken::new(), &mut |_| {}).await;
    match done.map_err(|error| format!("{}, {provider:?}: {error}", T::NAME))? {
        Ending::Done(output) => is(T::is_right(&input, &output), json!(output)),
        Ending::Cancelled => Err("nobody cancelled".into()),
    }
}

async fn server(bench: &Bench) -> Outcome {
    let url = bench.server.url().clone();
    let server = Server { url, key: None, headers: Vec::new(), style: Style::Auto };
    let report = bench.client.server_models(&server).await.map_err(words)?;
    is(report.kind == ServerKind::OpenAi && report.models[0].id == "acme/text-generation", &report)
}
