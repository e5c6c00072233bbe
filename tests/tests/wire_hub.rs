//! Questions to the Hub, the router and to servers by address.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use limerick_inference::{
    ChatCompletion, ChatInput, Client, ClientConfig, ErrorCode, Message, Progress, Retries, Role, Server,
    ServerKind, Status, Style, TextGeneration, TextInput,
};
use limerick_tests::recorder::Recorder;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

fn client(recorder: &Recorder) -> Client {
    let proxy = Some(recorder.base().to_string());
    let retries = Retries { base: std::time::Duration::from_millis(10), ..Retries::default() };
    Client::new(ClientConfig { proxy, ca_file: Some(recorder.ca()), retries, ..ClientConfig::default() })
        .unwrap()
}

#[tokio::test]
async fn the_account_the_models_and_who_serves_them_are_read() {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let client = client(&recorder);
    let token = client.hugging_face_key(&"hf_peer_test_token".into()).unwrap();
    let who = client.whoami(&token).await.unwrap();
    assert_eq!(
        (who.name.as_str(), who.orgs[0].name.as_str(), who.may_infer),
        ("canned-user", "canned-org", Some(true))
    );
    let models = client.router_models().await.unwrap();
    let offer = &models[0].providers[0];
    assert_eq!(
        (models[0].id.as_str(), offer.context_length, offer.input_price),
        ("acme/conversational", Some(32_768), Some(0.1))
    );
    let mapping = client.mapping("acme/conversational", Some(&token)).await.unwrap();
    let together = mapping.iter().find(|one| one.provider == "together").unwrap();
    assert_eq!(
        (together.provider_id.as_str(), together.task.as_str()),
        ("vendor/conversational", "conversational")
    );
    client.mapping("acme/conversational", Some(&token)).await.unwrap();
    let asked = recorder
        .records()
        .await
        .iter()
        .filter(|record| record["path"] == "/api/models/acme/conversational")
        .count();
    assert_eq!(asked, 1, "a mapping is kept for minutes");
    assert_eq!(client.mapping("acme/missing", None).await.unwrap_err().code, ErrorCode::Model);
}

#[tokio::test]
async fn a_chat_model_is_not_completed_and_an_unhealthy_one_is_told() {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let client = client(&recorder);
    let route = |provider| client.route(provider, Some(&"hf_peer_test_token".into()), None).unwrap();
    let cancel = CancellationToken::new();
    let input =
        TextInput { model: "acme/conversational".into(), prompt: "Once".into(), ..TextInput::default() };
    for provider in [None, Some("together")] {
        let error =
            client.run::<TextGeneration>(&route(provider), &input, &cancel, &mut |_| {}).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Model);
        assert!(error.message.contains("use Chat"), "{error}");
    }
    let mut notes = Vec::new();
    let mut on = |progress| {
        if let Progress::Status(Status::Note { text }) = progress {
            notes.push(text);
        }
    };
    let messages = vec![Message::new(Role::User, "hi")];
    let input = ChatInput { model: "acme/error-status".into(), messages, ..ChatInput::default() };
    client.run::<ChatCompletion>(&route(Some("together")), &input, &cancel, &mut on).await.unwrap();
    assert!(notes[0].contains("health"), "{notes:?}");
}

#[tokio::test]
async fn a_raw_prompt_without_a_named_provider_goes_to_the_first_that_takes_it() {
    let recorder = Recorder::start();
    recorder.play_peers().await;
    let client = client(&recorder);
    let route = client.route(None, Some(&"hf_peer_test_token".into()), None).unwrap();
    let input =
        TextInput { model: "acme/text-generation".into(), prompt: "Once".into(), ..TextInput::default() };
    let ending = client.run::<TextGeneration>(&route, &input, &CancellationToken::new(), &mut |_| {}).await;
    let limerick_inference::Ending::Done(output) = ending.unwrap() else { return };
    assert_eq!((output.text.as_str(), output.provider.as_deref()), ("Once upon", Some("together")));
}

/// Plays a server that answers these paths, and says what the client finds there.
async fn found(pages: &[(&str, Value)]) -> limerick_inference::Result<limerick_inference::ServerReport> {
    let recorder = Recorder::start();
    let rule = |(path, page): &(&str, Value)| json!({"match": {"path": format!("^{path}$")}, "respond": {"json": page}});
    recorder.rules(&Value::Array(pages.iter().map(rule).collect())).await;
    probe(&recorder, "/").await
}

async fn probe(
    recorder: &Recorder,
    path: &str,
) -> limerick_inference::Result<limerick_inference::ServerReport> {
    let server = Server { url: recorder.at(path), key: None, headers: Vec::new(), style: Style::Auto };
    client(recorder).server_models(&server).await
}

#[tokio::test]
async fn servers_are_recognised() {
    let list = |row: Value| ("/v1/models", json!({"object": "list", "data": [row]}));
    let props = ("/props", json!({"default_generation_settings": {"n_ctx": 2048}, "build_info": "b7000"}));
    let info = ("/info", json!({"model_id": "a/b", "max_total_tokens": 4096, "version": "3.3"}));
    let lm = json!({"data": [{"id": "m", "max_context_length": 1024}]});
    for (pages, kind, context, version) in [
        (
            vec![list(json!({"id": "m", "owned_by": "llamacpp"})), props.clone()],
            ServerKind::LlamaCpp,
            Some(2048),
            Some("b7000"),
        ),
        (vec![props], ServerKind::LlamaCpp, Some(2048), Some("b7000")),
        (
            vec![
                ("/api/tags", json!({"models": [{"name": "m"}]})),
                ("/api/version", json!({"version": "0.9"})),
            ],
            ServerKind::Ollama,
            None,
            Some("0.9"),
        ),
        (vec![list(json!({"id": "m", "owned_by": "library"}))], ServerKind::Ollama, None, None),
        (
            vec![
                list(json!({"id": "m", "owned_by": "vllm", "max_model_len": 512})),
                ("/version", json!({"version": "0.11"})),
            ],
            ServerKind::Vllm,
            Some(512),
            Some("0.11"),
        ),
        (
            vec![list(json!({"id": "m", "owned_by": "organization_owner"})), ("/api/v0/models", lm)],
            ServerKind::LmStudio,
            Some(1024),
            None,
        ),
        (
            vec![list(json!({"id": "a/b", "owned_by": "a/b"})), info.clone()],
            ServerKind::Tgi,
            Some(4096),
            Some("3.3"),
        ),
        (vec![info], ServerKind::Tgi, Some(4096), None),
        (vec![("/models", json!([{"id": "m"}]))], ServerKind::OpenAi, None, None),
    ] {
        let report = found(&pages).await.unwrap();
        assert_eq!((report.kind, report.version.as_deref()), (kind, version), "{pages:?}");
        assert_eq!(report.models[0].context_length, context, "{pages:?}");
    }
}

#[tokio::test]
async fn what_is_no_model_server_is_said_so() {
    assert_eq!(found(&[]).await.unwrap_err().code, ErrorCode::Model);
    let recorder = Recorder::start();
    for (path, code) in [
        ("/s/401/v1", ErrorCode::Auth),
        ("/s/sse-html/v1", ErrorCode::Model),
        ("/s/drop/v1", ErrorCode::Network),
        ("/s/503-then-ok/v1", ErrorCode::Loading),
    ] {
        assert_eq!(probe(&recorder, path).await.unwrap_err().code, code, "{path}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = limerick_inference::server_url(&closed.to_string()).unwrap();
    let server = Server { url, key: None, headers: Vec::new(), style: Style::Auto };
    let error = client(&recorder).server_models(&server).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Network);
    assert!(error.message.contains("start the server"), "{error}");
}
