//! What becomes of a table when the app closes, is killed, or runs twice.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    collections::HashMap,
    env,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use super::{Answerer, go_on, of_state, open, pictures, resting, rows, texts, until, wanted};
use crate::{laws::Bare, *};

/// Where a second process of this test finds the folder and the server that it is to use.
const FOLDER: &str = "LIMERICK_TABLE_TEST_FOLDER";
const SERVER: &str = "LIMERICK_TABLE_TEST_SERVER";
const ROWS: u32 = 500;

/// The app that is killed.
async fn work_until_killed(folder: &Path, connection: &str) {
    let folders = Folders { data: folder.join("data"), models: folder.join("models") };
    let playground = Playground::open(folders, Arc::new(Bare::default())).unwrap();
    let source =
        TableSource::Pictures { paths: vec![folder.join("pictures").display().to_string()], names: vec![] };
    let make = MakeTable { at_once: 8, ..wanted(connection, source, "Describe it.") };
    let made = playground.make_table(make).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    std::fs::write(folder.join("ready"), made.id).unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_500_rows_loses_nothing_that_had_come_and_asks_nothing_twice() {
    if let (Some(folder), Ok(connection)) = (env::var_os(FOLDER), env::var(SERVER)) {
        return work_until_killed(folder.as_ref(), &connection).await;
    }
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    pictures(&folder.path().join("pictures"), ROWS);
    server.let_out(Some(180));
    let name = "table_laws::restart::a_kill_in_the_middle_of_500_rows_loses_nothing_that_had_come_and_asks_nothing_twice";
    let mut app = Command::new(env::current_exe().unwrap())
        .args([name, "--exact"])
        .env(FOLDER, folder.path())
        .env(SERVER, &server.connection)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until(async || server.asked().len() == 188).await;
    app.kill().unwrap();
    app.wait().unwrap();
    let id = std::fs::read_to_string(folder.path().join("ready")).unwrap();

    let playground = open(&folder);
    let table = playground.table(&id).await.unwrap();
    assert_eq!((table.rows, table.failed, table.running), (ROWS, 0, false));
    let page = playground.runs(ListRuns::default()).await.unwrap();
    let came = page.total - count(&playground, RunState::Interrupted).await;
    assert_eq!(table.done, came, "a row is done when its run is");
    // Eight were on their way when the last of 180 answers went out.
    assert!((172..=180).contains(&table.done), "{table:?}");
    let before = rows(&playground, &id).await;
    assert!(
        before.iter().all(|row| (row.state == RowState::Done) == row.answer.starts_with("ok data:image/"))
    );
    assert_eq!(of_state(&playground, &id, RowState::Running).await, Vec::<u32>::new());

    server.let_out(None);
    go_on(&playground, &id, Which::Open).await;
    let table = resting(&playground, &id).await;
    assert_eq!((table.done, table.failed), (ROWS, 0));
    let mut times: HashMap<String, u32> = HashMap::new();
    server.asked().into_iter().for_each(|words| *times.entry(words).or_default() += 1);
    assert_eq!(times.len(), ROWS as usize);
    for (old, new) in before.iter().zip(rows(&playground, &id).await) {
        if old.state == RowState::Done {
            assert_eq!(old, &new, "what had come stays as it was");
            assert_eq!(times[old.answer.strip_prefix("ok ").unwrap()], 1, "and is asked for once");
        }
    }
}

async fn count(playground: &Playground, state: RunState) -> u32 {
    let filter = RunFilter { state: Some(state), ..RunFilter::default() };
    playground.runs(ListRuns { filter, ..ListRuns::default() }).await.unwrap().total
}

#[tokio::test(flavor = "multi_thread")]
async fn one_limerick_works_on_a_table_and_the_next_may_when_that_one_rests() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let (first, second) = (open(&folder), open(&folder));
    server.let_out(Some(2));
    let made = first.make_table(wanted(&server.connection, texts(10), "")).await.unwrap();
    go_on(&first, &made.id, Which::Open).await;
    until(async || server.asked().len() == 6).await;
    let refused = second.run_table(RunTable { id: made.id.clone(), which: Which::Open }).await.unwrap_err();
    assert!(refused.message.contains("Another Limerick works on this table"), "{refused}");
    first.close().await;
    let table = second.table(&made.id).await.unwrap();
    assert_eq!((table.done, table.failed), (2, 0), "what was under way is open again");
    assert!(first.run_table(RunTable { id: made.id.clone(), which: Which::Open }).await.is_err());
    server.let_out(None);
    go_on(&second, &made.id, Which::Open).await;
    assert_eq!(resting(&second, &made.id).await.done, 10);
    assert_eq!(server.asked().len(), 6 + 8);
}
