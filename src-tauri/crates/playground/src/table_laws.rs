//! The laws of tables, tried from outside: each row is asked once, none stops the others, and nothing that came is lost.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod answerer;
mod exports;
mod restart;

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use limerick_tasks::{ChatInput, ErrorCode, Message, Role};
use uuid::Uuid;

use self::answerer::{Answerer, Said};
use crate::{
    commands::{Id, Ids, Nothing},
    laws::open,
    picture_laws::striped,
    *,
};

/// How long anything may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(120);

async fn until(holds: impl AsyncFn() -> bool) {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < PATIENCE, "it never came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn asking(words: &str) -> RunInput {
    let messages = vec![Message::new(Role::User, words)];
    RunInput::ChatCompletion(ChatInput { messages, ..ChatInput::default() })
}

fn wanted(connection: &str, source: TableSource, words: &str) -> MakeTable {
    MakeTable {
        id: Uuid::now_v7().to_string(),
        source,
        connection: connection.into(),
        provider: None,
        input: asking(words),
        preparing: None,
        at_once: 4,
    }
}

fn texts(count: usize) -> TableSource {
    TableSource::Texts { texts: (0..count).map(|n| format!("text {n}")).collect() }
}

/// A folder with so many small pictures, each of which differs from all others.
fn pictures(folder: &Path, count: u32) -> TableSource {
    std::fs::create_dir_all(folder).unwrap();
    for n in 0..count {
        let bytes = striped(8 + n % 50, 8 + n / 50, u8::try_from(n % 256).unwrap()).bytes;
        std::fs::write(folder.join(format!("{}.png", n + 1)), bytes).unwrap();
    }
    TableSource::Pictures { paths: vec![folder.display().to_string()], names: vec![] }
}

async fn go_on(playground: &Playground, id: &str, which: Which) -> Table {
    playground.run_table(RunTable { id: id.into(), which }).await.unwrap()
}

async fn resting(playground: &Playground, id: &str) -> Table {
    until(async || !playground.table(id).await.unwrap().running).await;
    playground.table(id).await.unwrap()
}

/// All rows, in pieces as a page asks for them.
async fn rows(playground: &Playground, id: &str) -> Vec<TableRow> {
    let mut all = Vec::new();
    loop {
        let offset = u32::try_from(all.len()).unwrap();
        let wanted = ListRows { id: id.into(), offset, limit: 200, state: None };
        let page = playground.table_rows(wanted).await.unwrap();
        all.extend(page.rows);
        if all.len() == page.total as usize {
            return all;
        }
    }
}

async fn of_state(playground: &Playground, id: &str, state: RowState) -> Vec<u32> {
    let wanted = ListRows { id: id.into(), offset: 0, limit: 500, state: Some(state) };
    let page = playground.table_rows(wanted).await.unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    page.rows.iter().map(|row| row.place).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_is_asked_once_and_several_at_a_time() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    let made =
        playground.make_table(wanted(&server.connection, texts(40), "Say it in French:")).await.unwrap();
    assert_eq!((made.rows, made.done, made.failed, made.running), (40, 0, 0, false));
    assert_eq!(
        (made.title.as_str(), made.task.as_str(), made.pictures),
        ("text 0", "chat_completion", false)
    );
    assert_eq!(server.asked().len(), 0, "nothing runs yet");
    server.let_out(Some(0));
    assert!(go_on(&playground, &made.id, Which::Open).await.running);
    until(async || server.asked().len() == 4).await;
    assert_eq!(of_state(&playground, &made.id, RowState::Running).await, [0, 1, 2, 3]);
    assert_eq!(of_state(&playground, &made.id, RowState::Waiting).await.len(), 36);
    go_on(&playground, &made.id, Which::Open).await;
    server.let_out(None);
    let table = resting(&playground, &made.id).await;
    assert_eq!((table.done, table.failed, server.most()), (40, 0, 4));
    let asked: HashSet<String> = server.asked().into_iter().collect();
    assert_eq!((asked.len(), server.asked().len()), (40, 40), "twice asked for, once done");
    for row in rows(&playground, &made.id).await {
        assert_eq!(row.answer, format!("ok Say it in French:\n\n{}", row.name));
        let run = playground.run(Id { id: row.run.unwrap() }).await.unwrap();
        assert_eq!((run.state, run.batch.as_deref()), (RunState::Done, Some(made.id.as_str())));
    }
    go_on(&playground, &made.id, Which::Open).await;
    assert_eq!((resting(&playground, &made.id).await.done, server.asked().len()), (40, 40));
    go_on(&playground, &made.id, Which::Places(vec![3, 99])).await;
    resting(&playground, &made.id).await;
    assert_eq!(server.asked().len(), 41, "what is asked for by its place is asked anew");
    assert_eq!(playground.tables(Nothing {}).await.unwrap()[0].id, made.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_500_pictures_runs_to_its_end() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    let source = pictures(&folder.path().join("pictures"), 500);
    server.say(|number, _| Said::Text(format!("answer {number}")));
    let make = MakeTable { at_once: 8, ..wanted(&server.connection, source, "Describe it.") };
    let made = playground.make_table(make).await.unwrap();
    assert_eq!((made.rows, made.title.as_str(), made.pictures), (500, "pictures", true));
    std::fs::remove_file(folder.path().join("pictures/7.png")).unwrap();
    std::fs::write(folder.path().join("pictures/8.png"), "no picture any more").unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    let table = resting(&playground, &made.id).await;
    assert_eq!((table.done, table.failed), (498, 2));
    let asked = server.asked();
    assert!(asked.iter().all(|words| words.starts_with("data:image/") && words.ends_with(" Describe it.")));
    assert_eq!(asked.iter().collect::<HashSet<_>>().len(), 498, "each with its own picture");
    let all = rows(&playground, &made.id).await;
    let names: Vec<String> = (1..=500).map(|n| format!("{n}.png")).collect();
    assert_eq!(all.iter().map(|row| row.name.clone()).collect::<Vec<_>>(), names, "2 before 10");
    assert!(all[6].error.as_ref().unwrap().message.contains("no longer where it was"), "{:?}", all[6]);
    assert_eq!(all[7].error.as_ref().unwrap().code, ErrorCode::Input);
    let picture = all[0].picture.clone().unwrap();
    assert!(playground.media(picture.strip_prefix("media:").unwrap()).await.unwrap().is_image());
    assert_eq!(of_state(&playground, &made.id, RowState::Failed).await, [6, 7]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_fails_stops_no_other_and_is_asked_again_alone() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    server.say(|_, words| if words == "text 3" { Said::Refusal(400) } else { Said::Text("fine".into()) });
    let made = playground.make_table(wanted(&server.connection, texts(9), "")).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    let table = resting(&playground, &made.id).await;
    assert_eq!((table.done, table.failed, server.asked().len()), (8, 1, 9));
    go_on(&playground, &made.id, Which::Open).await;
    resting(&playground, &made.id).await;
    assert_eq!(server.asked().len(), 9, "what failed by itself is not open");
    server.say(|_, _| Said::Text(" \n".into()));
    go_on(&playground, &made.id, Which::Failed).await;
    resting(&playground, &made.id).await;
    let row = rows(&playground, &made.id).await.remove(3);
    assert_eq!(
        (row.state, row.error.unwrap().code),
        (RowState::Failed, ErrorCode::Refused),
        "silence is no answer"
    );
    server.say(|_, _| Said::Text("now".into()));
    go_on(&playground, &made.id, Which::Failed).await;
    let table = resting(&playground, &made.id).await;
    assert_eq!((table.done, table.failed, server.asked().len()), (9, 0, 11));
    let row = rows(&playground, &made.id).await.remove(3);
    assert_eq!((row.answer.as_str(), row.error), ("now", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_fail_every_row_lets_the_table_rest_and_says_why() {
    for (status, code) in [(401, ErrorCode::Auth), (402, ErrorCode::Credits)] {
        let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
        let playground = open(&folder);
        server
            .say(move |number, _| if number < 3 { Said::Text("fine".into()) } else { Said::Refusal(status) });
        let make = MakeTable { at_once: 1, ..wanted(&server.connection, texts(20), "") };
        let made = playground.make_table(make).await.unwrap();
        go_on(&playground, &made.id, Which::Open).await;
        let table = resting(&playground, &made.id).await;
        assert_eq!((table.done, table.failed, server.asked().len()), (3, 1, 4));
        let row = rows(&playground, &made.id).await.remove(3);
        assert_eq!((row.state, row.error.unwrap().code), (RowState::Failed, code));
        server.say(|_, _| Said::Text("paid".into()));
        go_on(&playground, &made.id, Which::Open).await;
        let table = resting(&playground, &made.id).await;
        assert_eq!((table.done, table.failed, server.asked().len()), (20, 0, 21), "it goes on where it was");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_asks_nobody_and_rests() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    let settings = Settings { offline: true, ..playground.settings(Nothing {}).await.unwrap() };
    playground.set_settings(settings).await.unwrap();
    let make = MakeTable { at_once: 1, ..wanted("hf", texts(5), "") };
    let made = playground.make_table(make).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    let table = resting(&playground, &made.id).await;
    assert_eq!((table.done, table.failed, server.asked().len()), (0, 1, 0));
    assert_eq!(rows(&playground, &made.id).await[0].error.as_ref().unwrap().code, ErrorCode::Offline);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_asked_too_much_is_asked_less_and_gives_every_answer() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    server.say(|number, _| if number < 24 { Said::Refusal(429) } else { Said::Text("fine".into()) });
    let make = MakeTable { at_once: 4, ..wanted(&server.connection, texts(30), "") };
    let made = playground.make_table(make).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    let table = resting(&playground, &made.id).await;
    assert_eq!((table.done, table.failed, server.asked().len()), (30, 0, 54));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_an_hour_is_left_to_the_person() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    server.say(|_, _| Said::Later(429, 3600));
    let make = MakeTable { at_once: 1, ..wanted(&server.connection, texts(3), "") };
    let made = playground.make_table(make).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    let table = resting(&playground, &made.id).await;
    assert_eq!((table.done, table.failed), (0, 1));
    let error = rows(&playground, &made.id).await.remove(0).error.unwrap();
    assert_eq!((error.code, error.retry_after), (ErrorCode::Limit, Some(3600.0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_rests_stops_at_once_and_goes_on_where_it_was() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    server.let_out(Some(5));
    let made = playground.make_table(wanted(&server.connection, texts(20), "")).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    until(async || server.asked().len() == 9 && playground.table(&made.id).await.unwrap().done == 5).await;
    let since = Instant::now();
    let table = playground.rest_table(Id { id: made.id.clone() }).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    assert_eq!((table.running, table.done, table.failed), (false, 5, 0));
    assert_eq!(of_state(&playground, &made.id, RowState::Waiting).await.len(), 15);
    server.let_out(None);
    go_on(&playground, &made.id, Which::Open).await;
    assert_eq!(resting(&playground, &made.id).await.done, 20);
    assert_eq!(server.asked().len(), 9 + 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_hears_of_every_row_and_not_too_often() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    let made = playground.make_table(wanted(&server.connection, texts(60), "")).await.unwrap();
    let events = Arc::new(Mutex::new(Vec::new()));
    let (heard, watching, id) = (events.clone(), playground.clone(), made.id.clone());
    let watched = tokio::spawn(async move {
        watching
            .watch_table(Id { id }, move |event| heard.lock().unwrap().push((Instant::now(), event)))
            .await
    });
    until(async || !events.lock().unwrap().is_empty()).await;
    go_on(&playground, &made.id, Which::Open).await;
    resting(&playground, &made.id).await;
    let last = || match &events.lock().unwrap().last().unwrap().1 {
        TableEvent::Rows { table, .. } => (table.done, table.running),
        TableEvent::Gone => (0, true),
    };
    until(async || last() == (60, false)).await;
    playground.delete_table(Id { id: made.id.clone() }).await.unwrap();
    watched.await.unwrap().unwrap();
    let events = events.lock().unwrap();
    assert!(matches!(events.last().unwrap().1, TableEvent::Gone));
    let mut seen = vec![None; 60];
    for (_, event) in events.iter() {
        let TableEvent::Rows { rows, table } = event else { continue };
        assert!(table.rows == 60 && rows.len() <= 60);
        for row in rows {
            seen[row.place as usize] = Some((row.state, row.answer.clone()));
        }
    }
    let wanted: Vec<_> = (0..60).map(|n| Some((RowState::Done, format!("ok text {n}")))).collect();
    assert_eq!(seen, wanted);
    let busy: Vec<Instant> = events[1..events.len() - 1].iter().map(|(at, _)| *at).collect();
    assert!(busy.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(95)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_person_writes_stands_in_place_of_the_answer_until_it_is_taken_back() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    server.say(|_, words| if words == "text 1" { Said::Refusal(400) } else { Said::Text("fine".into()) });
    let made = playground.make_table(wanted(&server.connection, texts(2), "")).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    resting(&playground, &made.id).await;
    let edit = async |place, text: Option<&str>| {
        let edit = EditRow { id: made.id.clone(), place, text: text.map(str::to_owned) };
        playground.edit_row(edit).await
    };
    let row = edit(0, Some("better")).await.unwrap();
    assert_eq!((row.answer.as_str(), row.edited, row.state), ("better", true, RowState::Done));
    let row = edit(1, Some("by hand")).await.unwrap();
    assert_eq!((row.state, row.error), (RowState::Done, None));
    let table = playground.table(&made.id).await.unwrap();
    assert_eq!((table.done, table.failed), (2, 0));
    let row = edit(0, None).await.unwrap();
    assert_eq!((row.answer.as_str(), row.edited), ("fine", false));
    let row = edit(1, None).await.unwrap();
    assert_eq!((row.state, row.error.unwrap().code), (RowState::Failed, ErrorCode::Input));
    assert!(edit(7, Some("nowhere")).await.unwrap_err().message.contains("no longer here"));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_outlive_their_runs_and_a_deleted_table_comes_back_until_the_app_closes() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    let made = playground.make_table(wanted(&server.connection, texts(3), "")).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    resting(&playground, &made.id).await;
    let runs = rows(&playground, &made.id).await.into_iter().filter_map(|row| row.run).collect();
    playground.delete_runs(Ids { ids: runs }).await.unwrap();
    playground.close().await;
    drop(playground);
    let playground = open(&folder);
    assert_eq!(playground.runs(ListRuns::default()).await.unwrap().total, 0);
    assert_eq!(rows(&playground, &made.id).await[2].answer, "ok text 2");
    let id = || Id { id: made.id.clone() };
    playground.delete_table(id()).await.unwrap();
    assert!(
        playground.tables(Nothing {}).await.unwrap().is_empty() && playground.table(&made.id).await.is_err()
    );
    assert!(playground.run_table(RunTable { id: made.id.clone(), which: Which::Open }).await.is_err());
    playground.restore_table(id()).await.unwrap();
    assert_eq!(playground.table(&made.id).await.unwrap().done, 3);
    playground.delete_table(id()).await.unwrap();
    playground.close().await;
    drop(playground);
    let playground = open(&folder);
    assert!(playground.restore_table(id()).await.unwrap_err().message.contains("no longer here"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_table_is_refused_in_plain_words() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    let good = wanted(&server.connection, texts(2), "");
    playground.make_table(good.clone()).await.unwrap();
    for bad in [
        good.clone(),
        MakeTable { id: "1".into(), ..good.clone() },
        MakeTable { at_once: 0, ..wanted(&server.connection, texts(2), "") },
        MakeTable { at_once: 17, ..wanted(&server.connection, texts(2), "") },
        wanted("url:no address", texts(2), ""),
        wanted(&server.connection, texts(0), ""),
        MakeTable { input: painting(), ..wanted(&server.connection, texts(2), "") },
    ] {
        let error = playground.make_table(bad).await.unwrap_err();
        assert!(error.message.ends_with('.'), "{error}");
    }
    assert_eq!(playground.tables(Nothing {}).await.unwrap().len(), 1);
}

fn painting() -> RunInput {
    crate::picture_laws::painting("a fox")
}
