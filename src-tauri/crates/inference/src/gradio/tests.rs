//! What the parts make together: forms, calls, streams and failures, in the words of real Gradio servers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use limerick_tasks::{ErrorCode, Progress, Result, Status};
use serde_json::{Map, Value, json};
use url::Url;

use super::outputs::joined;
use super::*;
use crate::sse::Event;

/// A Space at an address, with nothing in it.
pub(super) fn space(url: &str, prefix: &str) -> Space {
    let url = Url::parse(url).unwrap();
    Space {
        id: None,
        api: crate::address::join(&url, prefix),
        url,
        title: String::new(),
        version: "6.0.0".into(),
        max_file_size: Some(1 << 20),
        zero_gpu: false,
        endpoints: Vec::new(),
        protocol: Protocol::Edits,
        key: None,
    }
}

/// A component, as `/config` lists it.
fn component(id: u64, kind: &str, skip: Option<bool>, props: &Value) -> Value {
    let mut row = json!({"id": id, "type": kind, "props": props});
    if let Some(skip) = skip {
        row["skip_api"] = skip.into();
    }
    row
}

fn file_schema() -> Value {
    json!({"type": "object", "properties": {"path": {"type": "string"}, "url": {}, "orig_name": {}, "meta": {}}})
}

/// A form with a state between its fields, as version 6, 5 and 4 describe it.
fn form_of(version: &str) -> Endpoint {
    let skip = |skip| (!version.starts_with('4')).then_some(skip);
    let config = json!({
        "version": version, "protocol": "sse_v3", "api_prefix": if version.starts_with('4') { "" } else { "/gradio_api" },
        "components": [
            component(1, "textbox", skip(false), &json!({"label": "Prompt", "info": "in English"})),
            component(2, "state", skip(true), &json!({})),
            component(3, "slider", skip(false), &json!({"minimum": 64, "maximum": 1440, "step": 32, "value": 1024})),
            component(4, "dropdown", skip(false), &json!({"choices": [["Fast", "f"], ["Good", "g"]], "value": "g"})),
            component(5, "image", skip(false), &json!({})),
            component(6, "file", skip(false), &json!({"file_count": "multiple", "visible": false})),
            component(7, "gallery", skip(false), &json!({})),
        ],
        "dependencies": [
            {"id": 0, "api_name": false, "inputs": [], "outputs": []},
            {"id": 3, "api_name": "make", "inputs": [1, 2, 3, 4, 5, 6], "outputs": [7, 2], "queue": null, "types": {"generator": true}},
        ],
    });
    let named = |row: Value, name: &str| {
        let mut row = row;
        row["parameter_name"] = name.into();
        row
    };
    let range = json!({"type": "number", "description": "numeric value between 64 and 1440"});
    let rows = [
        named(
            json!({"label": "Prompt", "type": {"type": "string"}, "python_type": {"type": "str"}, "component": "Textbox", "parameter_has_default": false}),
            "prompt",
        ),
        named(
            json!({"label": "Width", "type": range, "python_type": {"type": "float"}, "component": "Slider", "parameter_has_default": true, "parameter_default": 1024}),
            "width",
        ),
        named(
            json!({"label": "Mode", "type": {"type": "string", "enum": ["f", "g"]}, "component": "Dropdown", "parameter_has_default": true, "parameter_default": "g"}),
            "mode",
        ),
        named(
            json!({"label": "Picture", "type": file_schema(), "component": "Image", "parameter_has_default": true, "parameter_default": null}),
            "picture",
        ),
        named(
            json!({"label": "More", "type": {"type": "array", "items": file_schema()}, "component": "File", "parameter_has_default": true}),
            "more",
        ),
    ];
    let info = json!({"named_endpoints": {"/make": {"parameters": rows, "returns": [{"label": "Pictures", "component": "Gallery", "type": {}}]}, "/gone": {}}, "unnamed_endpoints": {}});
    let config = Config::read(&config).unwrap();
    let mut form = form(&config, &info);
    assert_eq!(form.len(), 1, "an endpoint without a function is left out");
    form.remove(0)
}

#[test]
fn every_version_gives_the_same_form() {
    for version in ["6.31.0", "5.49.1", "4.44.1"] {
        let form = form_of(version);
        let kinds: Vec<_> =
            form.parameters.iter().map(|one| (one.name.as_str(), one.kind, one.required)).collect();
        let want = [
            ("prompt", ParameterKind::Text, true),
            ("width", ParameterKind::Number, false),
            ("mode", ParameterKind::Choice, false),
            ("picture", ParameterKind::File, false),
            ("more", ParameterKind::File, false),
        ];
        assert_eq!(kinds, want, "{version}");
        let width = &form.parameters[1];
        assert_eq!((width.minimum, width.maximum, width.step), (Some(64.0), Some(1440.0), Some(32.0)));
        assert_eq!(form.parameters[2].choices[0], Choice { label: "Fast".into(), value: json!("f") });
        assert!(form.parameters[4].multiple && !form.parameters[4].visible && !form.parameters[3].multiple);
        assert_eq!(form.parameters[0].info.as_deref(), Some("in English"));
        assert_eq!((form.returns[0].component.as_str(), form.streams), ("gallery", true));
        assert_eq!(form.wire.inputs, [true, false, true, true, true, true], "{version}");
        assert_eq!((form.wire.fn_index, form.wire.queued, form.wire.outputs), (3, true, vec![true, false]));
    }
}

#[test]
fn an_old_form_without_names_takes_its_defaults_from_the_page() {
    let config = Config::read(&json!({"version": "4.8.0", "protocol": "sse_v1",
        "components": [component(1, "textbox", None, &json!({})), component(2, "slider", None, &json!({"value": 3}))],
        "dependencies": [{"api_name": false, "inputs": [1, 2], "outputs": [1]}]}));
    let info = json!({"named_endpoints": {}, "unnamed_endpoints": {"0": {"parameters": [
        {"label": "A", "type": {"type": "string"}, "component": "Textbox"},
        {"label": "B", "type": {"type": "number", "description": "numeric value between 1 and 5"}, "component": "Slider"}], "returns": []}}});
    let form = form(&config.unwrap(), &info).remove(0);
    let facts: Vec<_> =
        form.parameters.iter().map(|one| (one.name.as_str(), one.required, &one.default)).collect();
    assert_eq!(facts, [("param_0", true, &Value::Null), ("param_1", false, &json!(3))]);
    assert_eq!((form.name.as_str(), form.parameters[1].maximum), ("0", Some(5.0)));
}

fn fields(value: Value) -> Map<String, Value> {
    let Value::Object(fields) = value else { panic!("no object") };
    fields
}

const PNG: &str = "data:image/png;base64,iVBORw0KGgo=";

#[test]
fn names_become_places_and_the_state_is_left_to_the_server() {
    let data = arrange(&form_of("6.0.0"), &fields(json!({"mode": "f", "prompt": "a cat"})), None).unwrap();
    assert_eq!(data.values, [json!("a cat"), json!(null), json!(1024), json!("f"), json!(null), json!(null)]);
    assert!(data.uploads.is_empty());
}

#[test]
fn files_are_uploaded_and_links_are_named() {
    let inputs = json!({"prompt": PNG, "picture": PNG, "more": ["https://a.test/x/cat.jpg?y", {"path": PNG, "orig_name": "dog.png", "meta": {"_type": "gradio.FileData"}}]});
    let data = arrange(&form_of("6.0.0"), &fields(inputs), None).unwrap();
    let form = data.form();
    let names: Vec<_> = form.iter().map(|field| field.file.clone().unwrap()).collect();
    let png = "image/png".to_owned();
    assert_eq!(names, [("input.png".to_owned(), png.clone()), ("dog.png".to_owned(), png)]);
    assert_eq!(form[0].bytes.as_ref(), b"\x89PNG\r\n\x1a\n");
    let values = data.uploaded(&json!(["/tmp/gradio/1/input.png", "/tmp/gradio/2/dog.png"])).unwrap();
    assert_eq!(values[0], PNG, "a text stays a text");
    assert_eq!(
        (&values[4]["path"], &values[4]["meta"]["_type"]),
        (&json!("/tmp/gradio/1/input.png"), &json!("gradio.FileData"))
    );
    assert_eq!(
        (&values[5][0]["path"], &values[5][0]["orig_name"]),
        (&json!("https://a.test/x/cat.jpg?y"), &json!("cat.jpg"))
    );
    assert_eq!(values[5][1]["path"], "/tmp/gradio/2/dog.png");
}

#[test]
fn what_cannot_be_sent_is_refused_by_its_name() {
    let form = form_of("6.0.0");
    for (inputs, field) in [
        (json!({}), "prompt"),
        (json!({"prompt": "x", "promt": 1}), "promt"),
        (json!({"prompt": "x", "picture": "/etc/passwd"}), "picture"),
        (json!({"prompt": "x", "picture": "data:image/png,abc"}), "picture"),
    ] {
        let error = arrange(&form, &fields(inputs), None).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Input, Some(field)), "{error}");
    }
    let large = arrange(&form, &fields(json!({"prompt": "x", "picture": PNG})), Some(4)).unwrap_err();
    assert!(large.message.contains("too large"), "{large}");
    let lost = arrange(&form, &fields(json!({"prompt": "x", "picture": PNG})), None).unwrap();
    assert_eq!(lost.uploaded(&json!({"detail": "no"})).unwrap_err().code, ErrorCode::Format);
}

/// What a call told, and how it ended.
type Heard = (Vec<Status>, Vec<SpaceDelta>, Option<Result<SpaceOutput>>);

fn hear(shown: &[bool], messages: &[Value]) -> Heard {
    let space = space("https://a-b.hf.space", "/gradio_api");
    let endpoint = Endpoint {
        wire: form::Wiring { outputs: shown.to_vec(), ..form::Wiring::default() },
        ..Endpoint::default()
    };
    let mut reading = Reading::new(&space, &endpoint, "e1".into());
    let (mut statuses, mut deltas) = (Vec::new(), Vec::new());
    let mut tell = |progress| match progress {
        Progress::Status(status) => statuses.push(status),
        Progress::Delta(delta) => deltas.push(delta),
    };
    let mut ended = None;
    for message in messages {
        let event = Event { name: String::new(), data: message.to_string() };
        if let Some(end) = reading.queue(&event, &mut tell).transpose() {
            ended = Some(end);
            break;
        }
    }
    (statuses, deltas, ended)
}

fn generating(data: &Value) -> Value {
    json!({"msg": "process_generating", "event_id": "e1", "output": {"data": data, "is_generating": true}, "success": true})
}

fn completed(output: &Value, success: bool) -> Value {
    json!({"msg": "process_completed", "event_id": "e1", "output": output, "success": success})
}

#[test]
fn a_stream_is_put_together_and_its_deltas_add_up() {
    let (statuses, deltas, ended) = hear(
        &[true, false, true],
        &[
            json!({"msg": "estimation", "event_id": "e1", "rank": 2, "queue_size": 3, "rank_eta": 40.4}),
            json!({"msg": "estimation", "event_id": "e1", "rank": 0, "queue_size": 3, "rank_eta": 20.0}),
            json!({"msg": "process_starts", "event_id": "e1", "eta": 20.0}),
            json!({"msg": "heartbeat"}),
            json!({"msg": "process_generating", "event_id": "other", "output": {"data": ["theirs"]}}),
            generating(&json!(["Hel", null, [["user", "a"]]])),
            generating(&json!([
                [["append", [], "lo"]],
                [],
                [["append", [0, 1], "b"], ["add", [1], ["bot", "c"]]]
            ])),
            generating(&json!([[], [], [["replace", [1, 1], "d"]]])),
            completed(
                &json!({"data": ["Hello!", null, [["user", "ab"], ["bot", "d"]]], "duration": 1.5}),
                true,
            ),
        ],
    );
    let output = ended.unwrap().unwrap();
    assert_eq!(output.data, [json!("Hello!"), json!([["user", "ab"], ["bot", "d"]])]);
    assert_eq!((joined(&deltas), output.duration), (output.data, Some(1.5)));
    assert_eq!(deltas[0], SpaceDelta { output: 0, change: Change::Replace(json!("Hel")) });
    assert_eq!(deltas[2], SpaceDelta { output: 0, change: Change::Append("lo".into()) });
    assert_eq!(statuses[0], Status::Queued { position: Some(2) });
    assert_eq!(statuses[1], Status::Note { text: "The Space expects to need 40 seconds for this.".into() });
    assert_eq!(statuses[2..], [Status::Queued { position: Some(0) }, Status::Sent { provider: None }]);
}

#[test]
fn progress_and_log_lines_are_told_once_each() {
    let progress = |unit: Value| json!({"msg": "progress", "event_id": "e1", "progress_data": [unit]});
    let (statuses, ..) = hear(
        &[],
        &[
            progress(
                json!({"index": 0, "length": 30, "unit": "steps", "progress": null, "desc": "Denoising"}),
            ),
            progress(
                json!({"index": 7, "length": 30, "unit": "steps", "progress": null, "desc": "Denoising"}),
            ),
            progress(json!({"index": null, "length": null, "progress": 0.255, "desc": null})),
            progress(json!({"index": 3, "length": null, "unit": "steps"})),
            json!({"msg": "log", "event_id": "e1", "log": "careful", "level": "warning", "title": "Warning"}),
            json!({"msg": "log", "event_id": "e1", "log": "<b>and</b> a note", "level": "info", "title": "Info"}),
            json!({"msg": "log", "event_id": "e1", "log": "Waiting for a GPU to become available", "level": "info", "title": "ZeroGPU queue"}),
            json!({"msg": "log", "event_id": "e1", "log": "old", "level": "warning"}),
        ],
    );
    let note = |text: &str| Status::Note { text: text.into() };
    let want = [
        note("Denoising"),
        Status::Step { step: 0, total: 30 },
        Status::Step { step: 7, total: 30 },
        Status::Step { step: 26, total: 100 },
        note("Warning: careful"),
        note("and a note"),
        note("ZeroGPU queue: Waiting for a GPU to become available"),
        note("Warning: old"),
    ];
    assert_eq!(statuses, want);
}

#[test]
fn a_stream_that_stops_early_is_incomplete() {
    for last in [
        json!({"msg": "close_stream"}),
        json!({"msg": "unexpected_error", "message": "", "session_not_found": true}),
        completed(&json!({}), true),
    ] {
        let (_, deltas, ended) = hear(&[], &[generating(&json!(["Hel"])), last.clone()]);
        assert_eq!((deltas.len(), ended.unwrap().unwrap_err().code), (1, ErrorCode::Incomplete), "{last}");
    }
}

#[test]
fn an_update_of_a_component_is_its_value() {
    let update = json!({"__type__": "update", "choices": [1], "value": "new"});
    let (_, deltas, ended) =
        hear(&[], &[completed(&json!({"data": [update, {"__type__": "update", "visible": false}]}), true)]);
    assert_eq!(ended.unwrap().unwrap().data, [json!("new"), json!(null)]);
    assert_eq!(deltas[0].change, Change::Replace(json!("new")));
}

#[test]
fn a_space_shows_neither_its_key_nor_its_way_in() {
    let mut space = space("https://a-b.hf.space", "/gradio_api");
    let key = crate::Key::new(&"hf_secret".into(), &space.url).unwrap();
    space.key = Some(key);
    let shown = format!("{space:?} {}", serde_json::to_string(&space).unwrap());
    assert!(!shown.contains("hf_secret") && !shown.contains("gradio_api"), "{shown}");
}
