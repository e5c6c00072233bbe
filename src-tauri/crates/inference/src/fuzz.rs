//! What strangers send, changed at random: no reader may fall, hang, or say something that is no sentence.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "../../../../tests/src/mutate.rs"]
mod mutate;

use std::time::SystemTime;

use bytes::Bytes;
use limerick_tasks::{Error, Result};
use reqwest::header::HeaderValue;
use serde_json::{Value, json};
use url::Url;

use crate::error;
use crate::gradio;
use crate::hub;
use crate::providers::{Adapter, PROVIDERS, Place, Style, Target, WireTask};
use crate::sse::{Decoder, Event};
use crate::wire::{Head, Reply, Response};
use mutate::{fuzz, is_a_sentence};

const STREAMS: &[&[u8]] = &[
    b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo <think>\",\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"w\",\"arguments\":\"{\"}}]},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
    b"data:{\"index\":1,\"token\":{\"id\":42,\"text\":\" Hi\",\"special\":false},\"generated_text\":\"Hi\",\"details\":{\"finish_reason\":\"length\"}}\r\n\r\n",
    b": ping\nevent: error\nid: 7\ndata: {\"error\":{\"message\":\"overloaded\",\"http_status_code\":503}}\n\n",
];
const ERRORS: &[&[u8]] = &[
    br#"{"error":"Model x is currently loading","estimated_time":20.0}"#,
    br#"{"error":{"message":"bad","type":"invalid","param":"max_tokens","code":null}}"#,
    br#"{"detail":[{"loc":["body","prompt"],"msg":"field required","type":"missing"}]}"#,
    br#"{"errors":[{"message":"a"},{"message":"b"}],"warnings":["c"]}"#,
    b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
    b"plain words",
];
const ANSWERS: &[&[u8]] = &[
    br#"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"#,
    br#"[{"generated_text":"Once"}]"#,
    br#"[[{"label":"POSITIVE","score":0.98},{"label":"NEGATIVE","score":0.02}]]"#,
    br#"{"sequence":"s","labels":["a","b"],"scores":[0.9,0.1]}"#,
    br#"[{"score":0.9,"label":"cat","box":{"xmin":1,"ymin":2,"xmax":5,"ymax":6}}]"#,
    br#"[{"entity_group":"PER","score":0.9,"word":"Clara","start":11,"end":16}]"#,
    br#"[{"entity":"B-LOC","score":-1e308,"index":1,"word":"x","start":4294967295,"end":0}]"#,
    br#"[{"score":2,"label":"","box":{"xmin":-5,"ymin":1e9,"xmax":-9,"ymax":0}},{"answer":"2","score":null}]"#,
    br"[[0.25,-0.5],[0.25,1]]",
    br#"{"data":[{"index":0,"embedding":[0.1,0.2]}],"usage":{"prompt_tokens":3}}"#,
    br#"{"data":[{"b64_json":"iVBORw0KGgo="}]}"#,
    br#"{"images":[{"url":"data:image/png;base64,iVBORw0KGgo=","width":8}],"has_nsfw_concepts":[false]}"#,
    br#"{"request_id":"r","status":"IN_QUEUE","response_url":"https://queue.fal.run/m/requests/r","queue_position":3}"#,
    br#"{"id":"p","status":"processing","output":["https://a.test/x.png"],"urls":{"get":"https://api.replicate.com/v1/predictions/p","cancel":"https://api.replicate.com/v1/predictions/p/cancel"}}"#,
    br#"{"code":200,"data":{"id":"w","status":"completed","outputs":["https://a.test/x.png"],"urls":{"get":"https://api.wavespeed.ai/r"}}}"#,
    br#"{"id":"z","task_status":"SUCCESS","image_result":[{"url":"https://a.test/x.png"}]}"#,
    br#"{"text":"hello","segments":[{"start":0,"end":1.5,"text":"hello"}],"chunks":[{"text":"h","timestamp":[0,null]}]}"#,
    br#"[{"audio":[0.1,-0.2,0.3],"sampling_rate":16000}]"#,
];
const FILES: &[&[u8]] = &[
    b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0data\x08\0\0\0\0\0\x01\0\x02\0\x03\0",
    b"RIFF\xff\xff\xff\xffWAVELIST\x04\0\0\0INFOdata\xff\xff\xff\xff\0\0\x01\0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x08\x08\x02\0\0\0Km)\xdc\0\0\0\x11tEXtparameters\0hello\0\0\0\0IEND\xaeB`\x82",
    b"fLaC\0\0\0\x22", b"\xff\xd8\xff\xe0\0\x10JFIF", b"<html>no picture</html>",
];
const EDITS: &[&[u8]] = &[
    br#"{"value":["a",{"k":[1,2]}],"edits":[["append",[0],"b"],["replace",["k"],{}],["add",[1,"k",2],3],["delete",[1]]]}"#,
    br#"{"value":"text","edits":[["append",[],"more"]]}"#,
    br#"{"value":{"a":[[]]},"edits":[["add",["a",0,0],[[]]],["delete",["a",0]],["replace",[],null]]}"#,
];

/// Servers' own words may stand in it.
fn reads_well(error: &Error) {
    is_a_sentence(&error.message, 2_000);
}

fn fine<T>(done: Result<T>) {
    if let Err(error) = done {
        reads_well(&error);
    }
}

fn head(kind: &'static str, status: u16) -> Head {
    let mut head = Head { status, ..Head::default() };
    head.headers.insert("content-type", HeaderValue::from_static(kind));
    head
}

fn events(pieces: &[&[u8]]) -> Vec<Event> {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    for piece in pieces {
        events.extend(decoder.push(piece));
    }
    events.extend(decoder.finish());
    events
}

/// All adapters of a task: the providers' and those for servers by address.
fn adapters<T: WireTask>() -> Vec<&'static dyn Adapter<T>> {
    let servers = [Style::Auto, Style::OpenAi, Style::Tgi].into_iter().filter_map(T::server);
    PROVIDERS.iter().filter_map(T::column).chain(servers).collect()
}

fn target() -> Target {
    let place = Place::Base(Url::parse("https://api.replicate.com").unwrap());
    Target { place, model: "acme/m".into(), routed: false, lora: None }
}

/// Reads it as every provider's answer for a task, and what follows with the same bytes again.
fn read_all<T: WireTask>(response: &Response) {
    for adapter in adapters::<T>() {
        let mut reply = adapter.read(&target(), response);
        for _ in 0..3 {
            reply = match reply {
                Ok(Reply::Next(next)) => (next.read)(response),
                ended => {
                    fine(ended);
                    break;
                }
            };
        }
    }
}

fn stream_all<T: WireTask>(bytes: &[u8]) {
    for adapter in adapters::<T>() {
        let Some(mut reader) = adapter.reader(&head("text/event-stream", 200)) else { continue };
        for event in events(&[bytes]) {
            if let Err(error) = reader.event(&event) {
                reads_well(&error);
                break;
            }
        }
        reader.flush();
        fine(reader.end());
    }
}

macro_rules! every_task {
    ($($name:ident: $task:ident;)+) => {
        fn read_as_everything(response: &Response) {
            $(read_all::<limerick_tasks::$task>(response);)+
        }
        fn stream_as_everything(bytes: &[u8]) {
            $(stream_all::<limerick_tasks::$task>(bytes);)+
        }
    };
}
limerick_tasks::for_each_task!(every_task);

#[test]
fn streams_read_the_same_however_they_are_cut() {
    fuzz("server-sent events", STREAMS, |bytes| {
        let whole = events(&[bytes]);
        let (one, two) = bytes.split_at(bytes.len() / 3);
        assert_eq!(events(&[one, two]), whole);
        let letters: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(events(&letters), whole);
        stream_as_everything(bytes);
    });
}

#[test]
fn every_error_body_becomes_a_sentence() {
    fuzz("error bodies", ERRORS, |bytes| {
        for (kind, status) in [("application/json", 422), ("text/html", 502), ("text/plain", 429)] {
            let response = Response { head: head(kind, status), body: Bytes::copy_from_slice(bytes) };
            reads_well(&error::from_response(&response, SystemTime::UNIX_EPOCH).error);
        }
    });
}

#[test]
fn no_answer_makes_an_adapter_fall() {
    let seeds = [ANSWERS, FILES, ERRORS].concat();
    fuzz("answers, pictures and sounds", &seeds, |bytes| {
        for kind in ["application/json", "audio/wav"] {
            let body = Bytes::copy_from_slice(bytes);
            read_as_everything(&Response { head: head(kind, 200), body });
        }
    });
}

#[test]
fn no_edit_of_a_space_makes_its_reader_fall() {
    fuzz("Gradio diffs", EDITS, |bytes| {
        let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
        let mut output = value["value"].clone();
        fine(gradio::Patcher::default().apply(&mut output, &value["edits"]));
    });
}

#[test]
fn nothing_that_the_hub_says_makes_us_fall() {
    let mapping = json!({"id": "a/b", "inferenceProviderMapping": {"together": {"status": "live", "providerId": "x", "task": "conversational", "adapter": "lora", "adapterWeightsPath": "w.safetensors"}}, "gated": "manual", "config": {"tokenizer_config": {"chat_template": [{"name": "default", "template": "{{ x }}"}]}}}).to_string();
    let whoami = json!({"name": "me", "orgs": [{"name": "o", "canPay": true}], "auth": {"accessToken": {"role": "fineGrained", "fineGrained": {"scoped": []}}}}).to_string();
    let url = Url::parse("https://huggingface.co").unwrap();
    fuzz("the Hub", &[mapping.as_bytes(), whoami.as_bytes(), ANSWERS[0]], |bytes| {
        let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
        hub::mapping(&value);
        hub::card(&value, "a/b", &url);
        fine(hub::whoami(&value));
        fine(hub::router_models(&value));
    });
}
