//! Questions to the Hub, the router and to servers by address.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use limerick_inference::{
    ChatCompletion, ChatInput, Client, ClientConfig, Error, ErrorCode, Message, ModelQuery, Progress,
    Retries, Role, Server, ServerKind, Status, Style, TextGeneration, TextInput,
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

/// A rule for one address of the Hub.
fn hub(path: &str, respond: &Value) -> Value {
    json!({"match": {"url": format!("^https://huggingface\\.co{path}")}, "respond": respond})
}

const NEXT: &str = "https://huggingface.co/api/models?cursor=a%2Cb";

#[tokio::test]
async fn a_search_is_paged_on_the_hub_and_its_limits_are_kept() {
    let recorder = Recorder::start();
    let (client, query) = (client(&recorder), ModelQuery { provider: "all".into(), ..ModelQuery::default() });
    let token = client.hugging_face_key(&"hf_peer_test_token".into()).unwrap();
    let page = |id: &str, link: &str| {
        json!({"json": [{"id": id, "gated": "manual"}, {}], "headers": {
            "Link": format!("<{link}>; rel=\"next\""),
            "RateLimit": "\"api\";r=489;t=191", "RateLimit-Policy": "\"fixed window\";\"api\";q=500;w=300",
        }})
    };
    let evil = "https://evil.canned.test/api/models?cursor=x";
    let rules = json!([
        hub("/api/models\\?cursor=a%2Cb$", &page("a/second", evil)),
        hub("/api/models\\?", &page("a/first", NEXT)),
    ]);
    recorder.rules(&rules).await;
    assert!(client.rate_limits().is_empty());
    let first = client.search_models(&query, Some(&token)).await.unwrap();
    assert_eq!((first.models[0].id.as_str(), first.next.as_deref()), ("a/first", Some(NEXT)));
    let second = client.more_models(&first.next.unwrap(), Some(&token)).await.unwrap();
    assert_eq!(
        (second.models[0].id.as_str(), second.next),
        ("a/second", None),
        "a link to another host is none"
    );
    assert_eq!(client.more_models(evil, Some(&token)).await.unwrap_err().code, ErrorCode::Input);
    let limit = &client.rate_limits()[0];
    assert_eq!((limit.bucket.as_str(), limit.remaining, limit.quota), ("api", 489, Some(500)));
    let records = recorder.records().await;
    assert_eq!(records.len(), 2, "the other host was not asked");
    assert!(
        records[0]["query"]
            .as_str()
            .unwrap()
            .starts_with("inference_provider=all&sort=trendingScore&limit=50")
    );
}

#[tokio::test]
async fn a_gated_a_missing_and_a_forbidden_model_are_told_apart() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let gated =
        json!({"status": 403, "headers": {"X-Error-Code": "GatedRepo"}, "json": {"error": "restricted"}});
    let bad = json!({"status": 401, "json": {"error": "Invalid credentials in Authorization header"}});
    let gone = json!({"status": 401, "headers": {"X-Error-Code": "RepoNotFound"}, "json": {"error": "x"}});
    let models = "/api/models/acme/";
    let rules = [("gated", gated), ("bad", bad), ("gone", gone)];
    let rules = rules.map(|(name, answer)| hub(&format!("{models}{name}"), &answer));
    recorder.rules(&Value::Array(rules.to_vec())).await;
    for (model, code, words) in [
        ("acme/gated", ErrorCode::Gated, "https://huggingface.co/acme/gated"),
        ("acme/bad", ErrorCode::Auth, "key was not accepted"),
        ("acme/gone", ErrorCode::Model, "knows no model acme/gone"),
        ("acme/../whoami", ErrorCode::Model, "organisation/model"),
    ] {
        let error = client.model_card(model, None).await.unwrap_err();
        assert_eq!(error.code, code, "{model}: {error}");
        assert!(error.message.contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_template_is_found_in_the_files_and_the_file_host_sees_no_key() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let token = client.hugging_face_key(&"hf_peer_test_token".into()).unwrap();
    let files = json!([{"rfilename": "chat_template.jinja"}, {"rfilename": "tokenizer_config.json"}]);
    let moved = json!({"status": 302, "headers": {"Location": "https://files.canned.test/t.jinja"}});
    let tokenizer = json!({"json": {"chat_template": "old", "bos_token": {"content": "<s>"}}});
    let rules = json!([
        hub("/api/models/acme/filed", &json!({"json": {"id": "acme/filed", "siblings": files, "config": {}}})),
        hub("/acme/filed/resolve/main/chat_template.jinja", &moved),
        hub("/acme/filed/resolve/main/tokenizer_config.json", &tokenizer),
        {"match": {"url": "^https://files\\.canned\\.test/t"}, "respond": {"text": "{{ messages }}", "template": false}},
    ]);
    recorder.rules(&rules).await;
    let found = client.templates("acme/filed", Some(&token)).await.unwrap();
    assert_eq!((found.templates[0].text.as_str(), found.token("bos_token")), ("{{ messages }}", Some("<s>")));
    assert_eq!(found.source.as_deref(), Some("chat_template.jinja"));
    for record in recorder.records().await {
        let bearer = Recorder::header(&record, "authorization");
        assert_eq!(bearer.is_some(), record["host"] == "huggingface.co", "{record}");
    }
}

/// What a raw prompt meets without a named provider, where the providers' answer has this status.
async fn asked_automatically(
    recorder: &Recorder,
    mapping: &Value,
    status: u16,
) -> (Vec<String>, Result<(), Error>, Vec<String>) {
    let before = recorder.records().await.len();
    let model = json!({"json": {"id": "acme/raw", "inferenceProviderMapping": mapping}});
    let answer = json!({"status": status, "json": {"error": "no", "choices": [{"text": "x", "finish_reason": "stop"}]}});
    recorder
        .rules(&json!([
            hub("/api/models/acme/raw", &model),
            {"match": {"url": "^https://router\\.huggingface\\.co/"}, "respond": answer},
        ]))
        .await;
    let client = client(recorder);
    let route = client.route(Some("auto"), Some(&"hf_peer_test_token".into()), None).unwrap();
    let input = TextInput { model: "acme/raw".into(), prompt: "Once".into(), ..TextInput::default() };
    let mut notes = Vec::new();
    let mut on = |progress| {
        if let Progress::Status(Status::Note { text }) = progress {
            notes.push(text);
        }
    };
    let done = client.run::<TextGeneration>(&route, &input, &CancellationToken::new(), &mut on).await;
    let records = recorder.records().await.into_iter().skip(before);
    let posts = records.filter(|record| record["method"] == "POST");
    (notes, done.map(|_| ()), posts.map(|record| record["path"].as_str().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn auto_explains_its_choice_and_offers_the_next_provider_without_asking_it() {
    let recorder = Recorder::start();
    let row = |provider: &str, status: &str| json!({"provider": provider, "providerId": "v/m", "task": "text-generation", "status": status});
    let mapping = json!([
        row("newcomer", "live"),
        row("scaleway", "staging"),
        row("together", "live"),
        row("ovhcloud", "live")
    ]);
    for status in [402, 404, 410] {
        let (notes, done, asked) = asked_automatically(&recorder, &mapping, status).await;
        assert!(
            notes[0].starts_with("together was chosen: the first live provider in your order."),
            "{notes:?}"
        );
        assert_eq!(asked, ["/together/v1/completions"], "a paid run is never sent twice");
        let error = done.unwrap_err();
        assert_eq!(
            (error.provider.as_deref(), error.next_provider.as_deref()),
            (Some("together"), Some("ovhcloud"))
        );
    }
    let (_, done, _) = asked_automatically(&recorder, &mapping, 422).await;
    assert_eq!(done.unwrap_err().next_provider, None);
    let (notes, done, _) = asked_automatically(&recorder, &json!([row("scaleway", "staging")]), 410).await;
    assert!(notes[0].contains("no provider is live"), "{notes:?}");
    assert_eq!(done.unwrap_err().next_provider, None);
}

#[tokio::test]
async fn a_model_whose_terms_are_not_accepted_is_refused_with_its_page_and_a_key_without_the_right_is_not() {
    let recorder = Recorder::start();
    let client = client(&recorder);
    let route = client.route(None, Some(&"hf_peer_test_token".into()), None).unwrap();
    let messages = vec![Message::new(Role::User, "hi")];
    let input = ChatInput { model: "acme/chat:fastest".into(), messages, ..ChatInput::default() };
    for (words, code, page) in [
        (
            "Access to model acme/chat is restricted and you are not in the authorized list.",
            ErrorCode::Gated,
            Some("https://huggingface.co/acme/chat"),
        ),
        ("This authentication method does not have sufficient permissions", ErrorCode::Auth, None),
    ] {
        let answer = json!({"status": 403, "json": {"error": words}});
        recorder
            .rules(&json!([{"match": {"url": "^https://router\\.huggingface\\.co/"}, "respond": answer}]))
            .await;
        let done = client.run::<ChatCompletion>(&route, &input, &CancellationToken::new(), &mut |_| {}).await;
        let error = done.unwrap_err();
        assert_eq!((error.code, error.page.as_deref()), (code, page), "{error}");
    }
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
