//! What a table looks like outside: CSV, JSONL, and text files beside pictures.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{fs, path::Path};

use limerick_tasks::{ImageClassificationInput, Label, Labels, Media, TextClassificationInput};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Answerer, Said, go_on, open, resting, striped, wanted};
use crate::{
    store::{runs::RunEnd, tables},
    *,
};

fn export(id: &str, form: TableForm, path: Option<&Path>) -> ExportTable {
    ExportTable { id: id.into(), form, path: path.map(|path| path.display().to_string()), replace: false }
}

fn of_file(path: &Path, column: &str, pictures: bool) -> TableSource {
    TableSource::File { path: path.display().to_string(), column: column.into(), pictures }
}

/// Writes answers into a table's rows as runs that end with these labels do.
async fn answer(playground: &Playground, id: &str, place: u32, labels: Vec<Label>) {
    let id = id.to_owned();
    let work = move |db: &mut rusqlite::Connection| {
        let (number, run) = (tables::asking(db, &id)?.number, uuid::Uuid::now_v7().to_string());
        tables::begin(db, number, place, &run, None)?;
        let end = RunEnd {
            state: RunState::Done,
            output: RunOutput::TextClassification(Labels { labels }),
            error: None,
            figures: Figures::default(),
            provider: None,
            model: Some("acme/tone".into()),
            exchanges: Vec::new(),
        };
        tables::settle(db, &run, &end)
    };
    playground.inner.store.ask("answer", work).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_comes_back_with_its_columns_its_answers_and_nothing_that_a_spreadsheet_runs() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Answerer::new());
    let playground = open(&folder);
    let (from, to) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    fs::write(&from, "\u{feff}id;text;answer\n1;\"=cmd|x\";-5\n2;\"two, \"\"b\"\"\nlines\";+a\n3;bad\n")
        .unwrap();
    server.say(|_, words| if words == "bad" { Said::Refusal(400) } else { Said::Text("=1+1".into()) });
    let made =
        playground.make_table(wanted(&server.connection, of_file(&from, "text", false), "")).await.unwrap();
    assert_eq!(made.fields, ["id", "answer"]);
    go_on(&playground, &made.id, Which::Open).await;
    resting(&playground, &made.id).await;
    fs::write(&to, "older").unwrap();
    let done = playground.export_table(export(&made.id, TableForm::Csv, Some(&to))).await.unwrap();
    assert_eq!(done, TableFile { rows: 3, ..TableFile::default() });
    let text = fs::read_to_string(&to).unwrap();
    let mut lines = text.split("\r\n");
    assert_eq!(lines.next(), Some("text,id,answer,answer 2,state,error,model"));
    assert_eq!(lines.next(), Some("'=cmd|x,1,-5,'=1+1,done,,"));
    assert_eq!(lines.next(), Some("\"two, \"\"b\"\"\nlines\",2,'+a,'=1+1,done,,"));
    assert!(lines.next().unwrap().starts_with("bad,3,,,failed,"), "{text}");
    assert_eq!(lines.collect::<Vec<_>>(), [""]);
    let path = folder.path().join("out.jsonl");
    playground.export_table(export(&made.id, TableForm::Jsonl, Some(&path))).await.unwrap();
    let lines: Vec<Value> = lines_of(&path);
    assert_eq!(
        (&lines[0]["text"], &lines[0]["answer"], &lines[0]["answer 2"]),
        (&json!("=cmd|x"), &json!("-5"), &json!("=1+1"))
    );
    assert_eq!((&lines[2]["answer 2"], &lines[2]["state"]), (&Value::Null, &json!("failed")));
    assert!(lines[2]["error"].as_str().unwrap().ends_with('.'));
    // What it wrote it reads.
    let again = playground.columns(commands::File { path: path.display().to_string() }).await.unwrap();
    assert_eq!((again.rows, again.columns[0].as_str()), (3, "text"));
}

fn lines_of(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_come_with_the_best_ones_score_and_all_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let input = RunInput::TextClassification(TextClassificationInput::default());
    let source = TableSource::Texts { texts: vec!["lovely".into(), "meh".into()] };
    let made = playground.make_table(MakeTable { input, ..wanted("builtin", source, "") }).await.unwrap();
    let label = |label: &str, score| Label { label: label.into(), score };
    for place in 0..2 {
        answer(&playground, &made.id, place, vec![label("positive", 0.75), label("negative", 0.25)]).await;
    }
    let mine = EditRow { id: made.id.clone(), place: 1, text: Some("neutral".into()) };
    let row = playground.edit_row(mine).await.unwrap();
    assert_eq!((row.answer.as_str(), row.labels.len()), ("neutral", 2));
    let path = folder.path().join("out.csv");
    playground.export_table(export(&made.id, TableForm::Csv, Some(&path))).await.unwrap();
    let labels = r#""[{""label"":""positive"",""score"":0.75},{""label"":""negative"",""score"":0.25}]""#;
    let wanted = format!(
        "text,answer,score,labels,state,error,model\r\nlovely,positive,0.75,{labels},done,,acme/tone\r\n\
         meh,neutral,,{labels},done,,acme/tone\r\n"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);
}

/// A table whose pictures all have an answer.
async fn captioned(folder: &TempDir, source: TableSource) -> (Playground, Table) {
    let server = Answerer::new();
    let playground = open(folder);
    server.say(|number, _| Said::Text(format!("caption {number}")));
    let make = MakeTable { at_once: 1, ..wanted(&server.connection, source, "Caption it.") };
    let made = playground.make_table(make).await.unwrap();
    go_on(&playground, &made.id, Which::Open).await;
    let table = resting(&playground, &made.id).await;
    (playground, table)
}

fn put(path: &Path, colour: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, striped(16, 16, colour).bytes).unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn texts_beside_pictures_keep_what_is_there_and_follow_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join("pictures").join(name);
    for (colour, name) in (0..).zip(["a.png", "b.jpeg", "b.png", "c.png", "gone.png", "silent.png"]) {
        put(&at(name), colour);
    }
    let outside = folder.path().join("outside.txt");
    fs::write(&outside, "not yours").unwrap();
    std::os::unix::fs::symlink(&outside, at("c.txt")).unwrap();
    fs::write(at("a.txt"), "mine").unwrap();
    let source = TableSource::Pictures { paths: vec![at("").display().to_string()], names: vec![] };
    let (playground, table) = captioned(&folder, source).await;
    assert_eq!((table.done, table.left_out), (6, 2));
    fs::remove_file(at("gone.png")).unwrap();
    let silence = EditRow { id: table.id.clone(), place: 5, text: Some(" ".into()) };
    playground.edit_row(silence).await.unwrap();
    let wanted = export(&table.id, TableForm::Sidecar, None);
    let done = playground.export_table(wanted.clone()).await.unwrap();
    assert_eq!(done, TableFile { rows: 2, kept: 2, left_out: 1 });
    let read = |name: &str| fs::read_to_string(at(name)).unwrap();
    assert_eq!(
        (read("a.txt"), read("b.txt"), read("b.png.txt")),
        ("mine".into(), "caption 1".into(), "caption 2".into())
    );
    assert!(!at("gone.txt").exists() && !at("silent.txt").exists());
    let done = playground.export_table(ExportTable { replace: true, ..wanted.clone() }).await.unwrap();
    assert_eq!(done, TableFile { rows: 4, kept: 0, left_out: 1 });
    assert_eq!((read("a.txt"), read("c.txt")), ("caption 0".into(), "caption 3".into()));
    assert_eq!(fs::read_to_string(&outside).unwrap(), "not yours", "the link went, not what it led to");
    let elsewhere = folder.path().join("data");
    let narrow = ExportTable { path: Some(elsewhere.display().to_string()), replace: true, ..wanted };
    assert_eq!(
        playground.export_table(narrow).await.unwrap(),
        TableFile { left_out: 5, ..TableFile::default() }
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_pictures_writes_nothing_outside_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    put(&at("list/near.png"), 1);
    put(&at("list/below/deep.png"), 2);
    put(&at("far/far.png"), 3);
    std::os::unix::fs::symlink(at("far"), at("list/door")).unwrap();
    let absolute = at("far/far.png").display().to_string();
    let csv = format!(
        "file_name,split\nnear.png,train\nbelow/deep.png,test\n../far/far.png,\ndoor/far.png,\n{absolute},\nno.png,\n"
    );
    fs::write(at("list/metadata.csv"), csv).unwrap();
    let (playground, table) = captioned(&folder, of_file(&at("list/metadata.csv"), "file_name", true)).await;
    assert_eq!((table.done, table.failed, table.fields.join("|").as_str()), (5, 1, "split"));
    let wanted = export(&table.id, TableForm::Sidecar, None);
    let done = playground.export_table(wanted).await.unwrap();
    assert_eq!(done, TableFile { rows: 2, kept: 0, left_out: 3 });
    assert!(
        at("list/near.txt").exists() && at("list/below/deep.txt").exists() && !at("far/far.txt").exists()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_pictures_are_asked_too_but_have_no_folder_for_texts() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let facts = playground.add_picture(striped(16, 16, 9).bytes.to_vec()).await.unwrap();
    drop(playground);
    let gone = format!("media:{}.png", "0".repeat(64));
    let source = TableSource::Pictures {
        paths: vec![facts.address.clone(), gone],
        names: vec!["cat.png".into(), "no".into()],
    };
    let (playground, table) = captioned(&folder, source).await;
    assert_eq!((table.title.as_str(), table.done, table.left_out), ("cat.png", 1, 1));
    let refused = playground.export_table(export(&table.id, TableForm::Sidecar, None)).await.unwrap_err();
    assert!(refused.message.contains("dropped"), "{refused}");
    // Its file belongs to the table, whatever becomes of its run.
    let names = store::names_in_use(&folder.path().join("data")).unwrap();
    assert!(names.contains(facts.address.strip_prefix("media:").unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_takes_no_file_is_named_and_nothing_half_stays() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let source = TableSource::Texts { texts: vec!["a".into()] };
    let made = playground.make_table(wanted("builtin", source, "")).await.unwrap();
    let gone = folder.path().join("gone/out.csv");
    let error = playground.export_table(export(&made.id, TableForm::Csv, Some(&gone))).await.unwrap_err();
    assert!(error.message.contains("That folder is gone, so the table was not saved"), "{error}");
    // A folder stands where the file is to go: the last step fails.
    let taken = folder.path().join("taken.csv");
    fs::create_dir_all(taken.join("full")).unwrap();
    assert!(playground.export_table(export(&made.id, TableForm::Csv, Some(&taken))).await.is_err());
    let left = fs::read_dir(folder.path()).unwrap().flatten();
    assert!(left.map(|entry| entry.file_name()).all(|name| !name.to_string_lossy().ends_with(".part")));
    assert!(playground.export_table(export(&made.id, TableForm::Csv, None)).await.is_err());
    let beside = export(&made.id, TableForm::Sidecar, Some(folder.path()));
    assert!(playground.export_table(beside).await.unwrap_err().message.contains("Only beside pictures"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_task_gets_the_picture_alone() {
    let folder = tempfile::tempdir().unwrap();
    put(&folder.path().join("pictures/a.png"), 1);
    let playground = open(&folder);
    let source = TableSource::Pictures {
        paths: vec![folder.path().join("pictures/a.png").display().to_string()],
        names: vec![],
    };
    // As the page writes it: no picture yet.
    let input = json!({"task": "image_classification", "model": "m", "image": "media:"});
    let input: RunInput = serde_json::from_value(input).unwrap();
    assert_eq!(
        input,
        RunInput::ImageClassification(ImageClassificationInput {
            model: "m".into(),
            image: Media::default(),
            ..ImageClassificationInput::default()
        })
    );
    let server = Answerer::new();
    let made =
        playground.make_table(MakeTable { input, ..wanted(&server.connection, source, "") }).await.unwrap();
    assert_eq!((made.title.as_str(), made.rows), ("a.png", 1));
}
