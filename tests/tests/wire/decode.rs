//! Every answer that the two official clients were recorded with gives us a result at least as good as the better
//! one's. A table says which; nothing is skipped in silence.

#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use limerick_inference::{ChatCompletion, Client, Error, ErrorCode, Media, Style, TextGeneration};
use limerick_tasks::{ImageClassification, TextToImage, TextToSpeech};
use limerick_tests::decode::{self, Case, Verdict};
use limerick_tests::recorder::Recorder;
use limerick_tests::scenarios::{HEAVY, Told, client, play, server};
use serde_json::json;

/// How many cases were recorded of each call.
const RECORDED: [(&str, usize); 6] = [
    ("chat", 51),
    ("chat-stream", 67),
    ("image-classification", 48),
    ("text-generation-stream", 38),
    ("text-to-image", 54),
    ("text-to-speech", 49),
];

/// The scenarios that we meet otherwise on purpose, and why; what comes of it must be no worse all the same.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "redirect-other-origin",
        "Both clients send the whole request to the other host; we send nothing there and name it.",
    ),
    ("429-bare", TRIED),
    ("502-html", TRIED),
    ("503-html", TRIED),
    ("504", TRIED),
];
const TRIED: &str = "We try three times more, ever later, and tell of it; Python never does, JavaScript repeats a 503 at once and for ever.";

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Judged(Verdict),
    Different,
    Worse(String),
}

/// Makes the call as the clients made it: chat below `/v1`, all else at the address itself, in Hugging Face's form.
async fn call(recorder: &Recorder, client: &Client, case: &Case) -> Told {
    let place = format!("/s/{}", case.scenario);
    let chat = server(recorder, &format!("{place}/v1"), Style::Auto);
    let own = server(recorder, &place, Style::Tgi);
    let messages = json!([{"role": "user", "content": "hi"}]);
    let picture = Media::new(&include_bytes!("../../peers/png8x8.png")[..], "").data_uri();
    match case.call.as_str() {
        "chat" => {
            play::<ChatCompletion>(client, &chat, &json!({"messages": messages, "stream": false})).await
        }
        "chat-stream" => {
            play::<ChatCompletion>(client, &chat, &json!({"messages": messages, "stream": true})).await
        }
        "text-generation-stream" => {
            play::<TextGeneration>(client, &own, &json!({"prompt": "hi", "stream": true})).await
        }
        "text-to-image" => play::<TextToImage>(client, &own, &json!({"prompt": "a cat"})).await,
        "text-to-speech" => play::<TextToSpeech>(client, &own, &json!({"text": "hello"})).await,
        "image-classification" => play::<ImageClassification>(client, &own, &json!({"image": picture})).await,
        other => panic!("{other}: no such call"),
    }
}

async fn judged(recorder: &Recorder, client: &Client, case: &Case) -> Outcome {
    let listed = DIFFERENCES.iter().any(|(scenario, _)| *scenario == case.scenario);
    match case.judge(&call(recorder, client, case).await) {
        Ok(_) if listed => Outcome::Different,
        Ok(verdict) => Outcome::Judged(verdict),
        Err(why) => Outcome::Worse(why),
    }
}

/// One call's cases behind a recorder of their own: the light ones at once, then the heavy ones one by one.
async fn every(recorder: Recorder, cases: Vec<Case>) -> Vec<(Case, Outcome)> {
    let (heavy, light): (Vec<Case>, Vec<Case>) =
        cases.into_iter().partition(|case| HEAVY.contains(&case.scenario.as_str()));
    // All made before the first asks: each reads what the system trusts, and would keep the others waiting.
    let clients: Vec<Client> = light.iter().map(|_| client()).collect();
    let outcomes = light.iter().zip(&clients).map(|(case, client)| judged(&recorder, client, case));
    let outcomes = futures_util::future::join_all(outcomes).await;
    let mut done: Vec<_> = light.into_iter().zip(outcomes).collect();
    for case in heavy {
        let outcome = judged(&recorder, &client(), &case).await;
        done.push((case, outcome));
    }
    done
}

fn print(done: &[(Case, Outcome)]) {
    println!("{:<24}{:>8}{:>8}{:>11}", "call", "as good", "better", "different");
    for (call, _) in RECORDED {
        let count = |is: fn(&Outcome) -> bool| {
            done.iter().filter(|(case, outcome)| case.call == call && is(outcome)).count()
        };
        let as_good = count(|outcome| *outcome == Outcome::Judged(Verdict::AsGood));
        let better = count(|outcome| matches!(outcome, Outcome::Judged(Verdict::Better(_))));
        println!("{call:<24}{as_good:>8}{better:>8}{:>11}", count(|outcome| *outcome == Outcome::Different));
    }
    for (case, outcome) in done {
        if let Outcome::Judged(Verdict::Better(why)) = outcome {
            println!("better: {} {}: {why}", case.call, case.scenario);
        }
    }
    for (scenario, why) in DIFFERENCES {
        println!("different: {scenario}: {why}");
    }
}

#[test]
fn what_is_worse_than_the_better_client_is_found() {
    let failed = |code, status| Error { status, request_id: Some("1".into()), ..Error::new(code, "No.") };
    let words = |text: &str| Ok(json!({"text": text, "finish_reason": "stop"}));
    for (call, scenario, told, ending) in [
        ("chat", "chat-ok", "Hello", words("Hello")),
        ("chat", "chat-ok", "", Err(failed(ErrorCode::Format, None))),
        ("chat-stream", "204", "", words("")),
        ("chat-stream", "sse-error-mid", "par", Err(failed(ErrorCode::Provider, None))),
        ("chat", "500-empty", "", Err(failed(ErrorCode::Provider, None))),
        ("chat", "401", "", Err(failed(ErrorCode::Auth, Some(401)))),
        ("chat", "garbage", "", Err(failed(ErrorCode::Timeout, None))),
        ("text-to-image", "image-svg", "", Ok(json!({"images": ["data:image/svg+xml;base64,PHN2Zy8+"]}))),
        ("text-to-speech", "audio-wav", "", Ok(json!({"audio": "data:audio/wav;base64,UklGRg=="}))),
    ] {
        let case = decode::cases().into_iter().find(|case| case.call == call && case.scenario == scenario);
        let took = std::time::Duration::ZERO;
        let ours = Told { text: told.into(), retried: false, took, ending };
        assert!(case.unwrap().judge(&ours).is_err(), "{call} {scenario}: {:?}", ours.ending);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_read_at_least_as_well_as_by_the_better_client() {
    let mut by_call: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in decode::cases() {
        by_call.entry(case.call.clone()).or_default().push(case);
    }
    let counts: Vec<_> = by_call.iter().map(|(call, cases)| (call.as_str(), cases.len())).collect();
    assert_eq!(counts, RECORDED);
    // All of them first: their start would keep the others from their deadlines.
    let ready: Vec<_> = by_call.into_values().map(|cases| (Recorder::start(), cases)).collect();
    let running: Vec<_> =
        ready.into_iter().map(|(recorder, cases)| tokio::spawn(every(recorder, cases))).collect();
    let mut done = Vec::new();
    for one in running {
        done.extend(one.await.unwrap());
    }
    print(&done);
    assert_eq!(done.len(), RECORDED.iter().map(|(_, count)| count).sum::<usize>());
    let worse = done.iter().filter_map(|(case, outcome)| match outcome {
        Outcome::Worse(why) => Some(format!("\n{} {}: {why}", case.call, case.scenario)),
        _ => None,
    });
    let worse: String = worse.collect();
    assert!(worse.is_empty(), "{worse}");
}
