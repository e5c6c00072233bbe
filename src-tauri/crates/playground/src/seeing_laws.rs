//! The laws of conversations about pictures, tried from outside: what was shown is asked, kept, found and sent on.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use limerick_tasks::{
    Content, ErrorCode, ImageToTextInput, Media, Part, Role, TextInput, VisualQuestionAnsweringInput,
};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    commands::{EditMessage, File, Id, Ids},
    laws::{chat, check_law, open, run, server},
    *,
};

const CAT: &[u8] = include_bytes!("../../../../tests/pictures/cat.jpg");
const TURNED: &[u8] = include_bytes!("../../../../tests/pictures/turned.jpg");

fn cat() -> Media {
    Media::new(CAT, "")
}

fn ready() -> (TempDir, Playground, String) {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    (folder, playground, server(&["A ", "cat."], Duration::ZERO, true))
}

fn shows(text: &str, pictures: &[Media]) -> Turn {
    let (text, pictures) = (Some(text.to_owned()), pictures.to_vec());
    Turn { text, pictures, kind: Some(ConversationKind::Vision), ..Turn::default() }
}

/// Runs it and gives the run, the conversation and its open path.
async fn said(playground: &Playground, start: StartRun) -> (Run, Conversation) {
    let id = start.id.clone();
    let events = run(playground, start).await;
    assert_eq!(check_law(playground, &id, &events).await, RunState::Done, "{events:?}");
    let run = playground.run(Id { id }).await.unwrap();
    let conversation = run.conversation.clone().unwrap();
    (run, playground.conversation(Id { id: conversation }).await.unwrap())
}

fn asked(run: &Run) -> Vec<(Role, usize, String)> {
    let RunInput::ChatCompletion(input) = &run.input else { unreachable!() };
    let count = |content: &Content| match content {
        Content::Text(_) => 0,
        Content::Parts(parts) => parts.iter().filter(|part| matches!(part, Part::ImageUrl { .. })).count(),
    };
    input.messages.iter().map(|one| (one.role, count(&one.content), one.content.text())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_shown_is_asked_again_with_every_question_that_follows() {
    let (_folder, playground, connection) = ready();
    let (first, talk) =
        said(&playground, chat(&connection, Some(shows("What is it?", &[cat(), Media::new(TURNED, "")]))))
            .await;
    assert_eq!(asked(&first), [(Role::User, 2, "What is it?".into())]);
    let (question, answer) = (talk.messages[0].clone(), talk.messages[1].clone());
    assert_eq!((question.pictures.len(), answer.pictures.len(), answer.text.as_str()), (2, 0, "A cat."));
    let here = |parent: &TurnMessage, text: Option<&str>| Turn {
        conversation: Some(talk.id.clone()),
        parent: Some(parent.id.clone()),
        text: text.map(str::to_owned),
        ..Turn::default()
    };
    let (more, _) = said(&playground, chat(&connection, Some(here(&answer, Some("And its colour?"))))).await;
    let follow_up = [
        (Role::User, 2, "What is it?".into()),
        (Role::Assistant, 0, "A cat.".into()),
        (Role::User, 0, "And its colour?".into()),
    ];
    assert_eq!(asked(&more), follow_up);
    // Another answer, and more of one.
    let (again, _) = said(&playground, chat(&connection, Some(here(&question, None)))).await;
    assert_eq!(asked(&again), asked(&first));
    let (on, _) = said(&playground, chat(&connection, Some(here(&answer, None)))).await;
    assert_eq!(asked(&on), follow_up[..2]);
    // A question that was written anew keeps its pictures.
    let edit = EditMessage { message: question.id.clone(), role: Role::User, text: "Who?".into() };
    let edited = playground.edit_message(edit).await.unwrap();
    assert_eq!(edited.messages[0].pictures, question.pictures);
    let (other, _) = said(&playground, chat(&connection, Some(here(&edited.messages[0], None)))).await;
    assert_eq!(asked(&other), [(Role::User, 2, "Who?".into())]);
    let back = playground.open_branch(Id { id: answer.id }).await.unwrap();
    assert_eq!(back.messages[0].pictures, question.pictures);
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_are_listed_by_their_kind_and_runs_show_what_they_were_asked_about() {
    let (_folder, playground, connection) = ready();
    said(&playground, chat(&connection, Some(shows("What is it?", &[cat()])))).await;
    said(&playground, chat(&connection, Some(Turn { text: Some("Hi".into()), ..Turn::default() }))).await;
    let list = async |kind| playground.conversations(ListConversations { kind }).await.unwrap();
    let (words, seen) = (list(ConversationKind::Text).await, list(ConversationKind::Vision).await);
    assert_eq!((words.len(), words[0].title.as_str(), &words[0].picture), (1, "Hi", &None));
    assert_eq!((seen.len(), seen[0].title.as_str()), (1, "What is it?"));
    let shown = seen[0].picture.clone().unwrap();
    assert_eq!(playground.media(shown.strip_prefix("media:").unwrap()).await.unwrap(), cat());
    let runs = playground.runs(ListRuns::default()).await.unwrap().runs;
    assert_eq!((&runs[0].picture, runs[0].pictures), (&None, 0));
    assert_eq!((&runs[1].picture, runs[1].pictures), (&Some(shown), 0));
    let filtered = async |sees| {
        let filter = RunFilter { task: Some("chat_completion".into()), sees, ..RunFilter::default() };
        let page = playground.runs(ListRuns { filter, ..ListRuns::default() }).await.unwrap();
        (page.total, page.runs[0].id.clone())
    };
    assert_eq!(filtered(None).await, (2, runs[0].id.clone()));
    assert_eq!(filtered(Some(true)).await, (1, runs[1].id.clone()));
    assert_eq!(filtered(Some(false)).await, (1, runs[0].id.clone()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_description_and_an_answer_have_their_place_in_a_conversation() {
    let (folder, playground, _) = ready();
    // No built-in model is here to do these; what was asked is kept all the same.
    let image = ImageToTextInput { image: cat(), ..ImageToTextInput::default() };
    let start = |input, turn| StartRun { turn: Some(turn), ..StartRun::new("builtin", input) };
    run(&playground, start(RunInput::ImageToText(image), shows("", &[cat()]))).await;
    let list = playground.conversations(ListConversations { kind: ConversationKind::Vision }).await.unwrap();
    let talk = playground.conversation(Id { id: list[0].id.clone() }).await.unwrap();
    assert_eq!((talk.messages.len(), talk.messages[0].text.as_str()), (2, ""));
    let turn = Turn {
        conversation: Some(talk.id.clone()),
        parent: Some(talk.messages[1].id.clone()),
        ..shows("What?", &[cat()])
    };
    let empty = RunInput::VisualQuestionAnswering(VisualQuestionAnsweringInput::default());
    let asks = start(empty, turn);
    let id = asks.id.clone();
    run(&playground, asks).await;
    let RunInput::VisualQuestionAnswering(input) = playground.run(Id { id }).await.unwrap().input else {
        unreachable!()
    };
    assert_eq!((input.question.as_str(), input.image), ("What?", cat()));
    // As answers come from others.
    let db = rusqlite::Connection::open(folder.path().join("data/history.sqlite")).unwrap();
    for (task, output) in [
        ("image_to_text", json!({"task": "image_to_text", "generated_text": "a cat on a mat"})),
        (
            "visual_question_answering",
            json!({"task": "visual_question_answering", "answers": [{"answer": "cat", "score": 0.9}, {"answer": "dog"}]}),
        ),
    ] {
        db.execute("update runs set output = ?2 where task = ?1", [task, &output.to_string()]).unwrap();
    }
    let talk = playground.conversation(Id { id: talk.id }).await.unwrap();
    let texts: Vec<_> = talk.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["", "a cat on a mat", "What?", "cat"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_of_idefics2_is_written_from_the_conversation_and_its_pictures_go_out_and_stay() {
    let (folder, playground, connection) = ready();
    let start = |turn, prompt: &str| {
        let input = RunInput::TextGeneration(TextInput { prompt: prompt.into(), ..TextInput::default() });
        StartRun { turn: Some(turn), ..StartRun::new(connection.clone(), input) }
    };
    let asks = start(shows("What is it?", &[cat()]), "");
    let id = asks.id.clone();
    run(&playground, asks).await;
    let kept = playground.run(Id { id: id.clone() }).await.unwrap();
    let RunInput::TextGeneration(input) = kept.input else { unreachable!() };
    let address = playground.add_picture(CAT.to_vec()).await.unwrap().address;
    assert_eq!(input.prompt, format!("User:![]({address})What is it?<end_of_utterance>\nAssistant:"));
    assert!(input.stop.contains(&"<end_of_utterance>".to_owned()), "{:?}", input.stop);
    // The wire had the file, the screen shows its size, the code reads it.
    let sent = &playground.exchanges(Id { id: id.clone() }).await.unwrap()[0].request;
    assert!(sent.size > CAT.len() * 4 / 3 && sent.body.contains("User:![]("), "{sent:?}");
    assert!(sent.body.len() < 2000 && !sent.body.contains("media:"), "{sent:?}");
    for snippet in playground.code(Id { id: id.clone() }).await.unwrap() {
        let Some(code) = snippet.code else { continue };
        assert!(code.contains("image.jpg") && !code.contains("media:"), "{code}");
    }
    // An export takes the picture along.
    let export = folder.path().join("export");
    std::fs::create_dir(&export).unwrap();
    let path = export.display().to_string();
    let done =
        playground.export_runs(ExportRuns { ids: vec![id], path, form: ExportForm::Folder }).await.unwrap();
    assert_eq!((done.files, done.missing), (1, 0));
    let lines = std::fs::read_to_string(std::path::Path::new(&done.path).join("runs.jsonl")).unwrap();
    assert!(!lines.contains("media:") && lines.contains("User:![]("), "{lines}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_were_shown_are_in_use_until_their_conversation_is_gone() {
    let (folder, playground, connection) = ready();
    let (asked, talk) = said(&playground, chat(&connection, Some(shows("What is it?", &[cat()])))).await;
    let name = talk.messages[0].pictures[0].strip_prefix("media:").unwrap().to_owned();
    let used = |name: &str| store::names_in_use(&folder.path().join("data")).unwrap().contains(name);
    assert!(used(&name));
    playground.delete_runs(Ids { ids: vec![asked.id] }).await.unwrap();
    let db = rusqlite::Connection::open(folder.path().join("data/history.sqlite")).unwrap();
    db.execute("delete from runs", []).unwrap();
    assert!(used(&name), "its message still shows it");
    db.execute("delete from messages", []).unwrap();
    assert!(!used(&name));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_gone_is_said_to_be_and_sounds_are_not_shown() {
    let (folder, playground, connection) = ready();
    let (_, talk) = said(&playground, chat(&connection, Some(shows("What is it?", &[cat()])))).await;
    let name = talk.messages[0].pictures[0].strip_prefix("media:").unwrap().to_owned();
    std::fs::remove_file(folder.path().join("data/files").join(name)).unwrap();
    let turn = Turn {
        conversation: Some(talk.id.clone()),
        parent: Some(talk.messages[1].id.clone()),
        text: Some("And?".into()),
        ..Turn::default()
    };
    let sound = Media::new(&b"fLaC\0\0"[..], "");
    for (turn, words) in [
        (turn, "no longer in Limerick's folder"),
        (shows("Hear this", &[sound]), "at most 20 pictures"),
        (shows("All", &vec![cat(); 21]), "at most 20 pictures"),
    ] {
        let events = run(&playground, chat(&connection, Some(turn))).await;
        let Some(RunEvent::Failed { error, .. }) = events.last() else { unreachable!("{events:?}") };
        assert!(error.code == ErrorCode::Input && error.message.contains(words), "{error:?}");
    }
    let talk = playground.conversation(Id { id: talk.id }).await.unwrap();
    assert_eq!(talk.messages.len(), 2, "what was refused left nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_made_ready_once_and_says_what_it_costs() {
    let (folder, playground, _) = ready();
    let path = folder.path().join("turned.jpg");
    std::fs::write(&path, TURNED).unwrap();
    let came = playground.open_picture(File { path: path.display().to_string() }).await.unwrap();
    let wanted = PreparePicture {
        address: came.address.clone(),
        model: "google/gemma-3-27b-it".into(),
        preparing: Preparing { max_side: 1024, quality: 85 },
    };
    let ready = playground.prepare_picture(wanted.clone()).await.unwrap();
    assert_eq!((ready.width, ready.height, ready.tokens), (36, 48, 256));
    assert_eq!(usize::try_from(ready.original_bytes).unwrap(), TURNED.len());
    let file = playground.media(ready.address.strip_prefix("media:").unwrap()).await.unwrap();
    assert_eq!((file.media_type.as_str(), file.bytes.len()), ("image/jpeg", ready.bytes as usize));
    assert_eq!(playground.prepare_picture(wanted.clone()).await.unwrap(), ready);
    let gone = PreparePicture { address: format!("media:{}.png", "0".repeat(64)), ..wanted };
    assert_eq!(playground.prepare_picture(gone).await.unwrap_err().code, ErrorCode::Input);
    // The window's way: addresses in, addresses out.
    let turn = json!({"text": "What?", "pictures": [ready.address], "kind": "vision"});
    let input = json!({"task": "chat_completion", "messages": []});
    let start = json!({"id": uuid::Uuid::now_v7().to_string(), "connection": "builtin", "input": input, "turn": turn});
    let id = start["id"].as_str().unwrap().to_owned();
    playground.stream("start_run", start, |_| {}).await.unwrap();
    let shown = playground.call("run", json!({ "id": id })).await.unwrap();
    assert_eq!(shown["input"]["messages"][0]["content"][0]["image_url"]["url"], ready.address);
    let talk = playground.call("conversation", json!({"id": shown["conversation"]})).await.unwrap();
    assert_eq!(talk["messages"][0]["pictures"], json!([ready.address]));
}
