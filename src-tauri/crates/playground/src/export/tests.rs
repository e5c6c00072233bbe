//! What leaves Limerick, tried from outside: saved pictures, exports, repeated runs.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    collections::BTreeSet,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use limerick_pictures::{Form, convert, look, read_settings};
use limerick_tasks::{ErrorCode, ImageToImageInput, Media};
use serde_json::{Value, json};

use crate::{
    commands::{Id, MarkRuns},
    picture_laws::{keep, keep_as, open, painting, striped},
    *,
};

/// What a person should never have typed there.
const KEY: &str = "hf_aSecretThatNobodySees";

fn careless(prompt: &str) -> RunInput {
    let RunInput::TextToImage(mut input) = painting(prompt) else { unreachable!() };
    input.negative_prompt = Some("fog".into());
    let extra = json!({"api_key": KEY, "headers": {"Authorization": KEY}, "strength": 0.5, "max_tokens": 7});
    input.extra_body = extra.as_object().unwrap().clone();
    RunInput::TextToImage(input)
}

fn holds_key(bytes: &[u8]) -> bool {
    bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes())
}

async fn first_picture(playground: &Playground) -> String {
    playground.pictures(ListPictures::default()).await.unwrap().pictures[0].address.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_picture_has_its_form_and_its_settings_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let run = keep_as(&playground, careless("a lighthouse"), vec![striped(24, 16, 1)], |_| ()).await;
    let address = first_picture(&playground).await;
    let forms = [
        (PictureForm::Original, "image/png"),
        (PictureForm::Png, "image/png"),
        (PictureForm::Jpeg, "image/jpeg"),
        (PictureForm::Webp, "image/webp"),
    ];
    for (form, media_type) in forms {
        let path = folder.path().join(format!("{form:?}"));
        let wanted = SavePicture {
            address: address.clone(),
            run: Some(run.clone()),
            path: path.display().to_string(),
            form,
        };
        playground.save_picture(wanted).await.unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(look(&bytes).unwrap().media_type, media_type);
        let settings = read_settings(&bytes).unwrap();
        assert_eq!((settings.prompt.as_str(), settings.seed), ("a lighthouse", Some(42)));
        assert_eq!(settings.negative_prompt.as_deref(), Some("fog"));
        assert!(!holds_key(&bytes), "{form:?}");
        let taken_in = playground.add_picture(bytes).await.unwrap();
        assert_eq!(taken_in.settings.unwrap().seed, Some(42));
    }
    let plain = folder.path().join("plain");
    let wanted =
        SavePicture { address, run: None, path: plain.display().to_string(), form: PictureForm::Original };
    playground.save_picture(wanted.clone()).await.unwrap();
    assert_eq!(fs::read(&plain).unwrap(), striped(24, 16, 1).bytes, "byte for byte");
    let nowhere = SavePicture { path: plain.join("x.png").display().to_string(), ..wanted };
    assert_eq!(playground.save_picture(nowhere).await.unwrap_err().code, ErrorCode::Input);
}

fn export(ids: &[&String], path: &Path, form: ExportForm) -> ExportRuns {
    let ids = ids.iter().map(ToString::to_string).collect();
    ExportRuns { ids, path: path.display().to_string(), form }
}

fn files_in(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_a_folder_with_readable_names_settings_and_one_line_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let pictures = vec![striped(24, 16, 1), striped(24, 16, 2)];
    let first = keep_as(&playground, careless("../A lighthouse\0/CON"), pictures, |_| ()).await;
    let input = ImageToImageInput {
        image: striped(8, 8, 9),
        prompt: Some("at night".into()),
        ..ImageToImageInput::default()
    };
    let second = keep_as(&playground, RunInput::ImageToImage(input), vec![striped(24, 16, 3)], |_| ()).await;
    let again = keep(&playground, "a lighthouse con", vec![striped(24, 16, 1)]).await;
    let mark = MarkRuns {
        ids: vec![first.clone()],
        note: Some("mine".into()),
        add_tags: vec!["print".into()],
        ..MarkRuns::default()
    };
    playground.mark_runs(mark).await.unwrap();
    let parent = tempfile::tempdir().unwrap();
    let wanted = export(&[&second, &first, &again], parent.path(), ExportForm::Folder);
    let exported = playground.export_runs(wanted.clone()).await.unwrap();
    assert_eq!((exported.runs, exported.files, exported.missing), (3, 5, 0));
    let out = PathBuf::from(&exported.path);
    let date = "2026-11-21_12-05-33";
    let wanted_files = [
        "runs.jsonl".to_owned(),
        format!("{date}_at-night.png"),
        format!("{date}_at-night_input.png"),
        format!("{date}_a-lighthouse-con_seed-42.png"),
        format!("{date}_a-lighthouse-con_seed-42_2.png"),
        format!("{date}_a-lighthouse-con_seed-42 (2).png"),
    ];
    assert_eq!(files_in(&out), wanted_files.into());
    let text = fs::read_to_string(out.join("runs.jsonl")).unwrap();
    let runs = lines(&text);
    assert_eq!([&runs[0]["id"], &runs[1]["id"], &runs[2]["id"]], [&second, &first, &again]);
    assert_eq!(runs[0]["input"]["image"], format!("{date}_at-night_input.png"));
    assert_eq!(runs[1]["files"].as_array().unwrap().len(), 2);
    assert_eq!(runs[1]["marks"], json!({"favourite": false, "tags": ["print"], "note": "mine"}));
    assert_eq!(runs[1]["input"]["extra_body"], json!({"strength": 0.5, "max_tokens": 7}));
    assert_eq!(
        (&runs[1]["provider"], &runs[1]["connection_name"]),
        (&json!("fal-ai"), &json!("Hugging Face"))
    );
    assert!(!text.contains(KEY) && !text.contains("$file") && !text.contains("base64"), "{text}");
    let told = fs::read(out.join(runs[1]["files"][0].as_str().unwrap())).unwrap();
    assert_eq!(read_settings(&told).unwrap().seed, Some(42));
    assert!(!holds_key(&told));
    let other = playground.export_runs(wanted).await.unwrap();
    assert_ne!(other.path, exported.path, "an export never writes over another one");
    assert_eq!(files_in(parent.path()).len(), 2, "nothing half done is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_one_zip_and_says_what_was_missing() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let run = keep(&playground, "here and gone", vec![striped(24, 16, 1), striped(24, 16, 2)]).await;
    let gone = first_picture(&playground).await;
    fs::remove_file(folder.path().join("data/files").join(gone.trim_start_matches("media:"))).unwrap();
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("mine.zip");
    let exported = playground.export_runs(export(&[&run], &path, ExportForm::Zip)).await.unwrap();
    assert_eq!((exported.runs, exported.files, exported.missing), (1, 1, 1));
    assert_eq!(files_in(parent.path()), BTreeSet::from(["mine.zip".to_owned()]));
    let mut zip = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    assert!(zip.file_names().all(|name| !name.unwrap().contains(['/', '\\'])));
    let mut text = String::new();
    zip.by_name("runs.jsonl").unwrap().read_to_string(&mut text).unwrap();
    let run = &lines(&text)[0];
    assert_eq!(run["files"][0], Value::Null);
    let mut picture = Vec::new();
    zip.by_name(run["files"][1].as_str().unwrap()).unwrap().read_to_end(&mut picture).unwrap();
    assert_eq!(read_settings(&picture).unwrap().prompt, "here and gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_fails_says_so_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let run = keep(&playground, "a lighthouse", vec![striped(8, 8, 1)]).await;
    let parent = tempfile::tempdir().unwrap();
    let taken = parent.path().join("taken.zip");
    fs::create_dir_all(taken.join("by a folder")).unwrap();
    for wanted in [
        export(&[], parent.path(), ExportForm::Folder),
        export(&[&run], &parent.path().join("gone"), ExportForm::Folder),
        export(&[&run], &parent.path().join("gone/a.zip"), ExportForm::Zip),
        export(&[&run], &taken, ExportForm::Zip),
    ] {
        let error = playground.export_runs(wanted).await.unwrap_err();
        assert!(error.code == ErrorCode::Input && error.message.ends_with('.'), "{error}");
    }
    assert_eq!(files_in(parent.path()), BTreeSet::from(["taken.zip".to_owned()]));
    let unwritable = super::refused(&std::io::ErrorKind::StorageFull.into());
    assert!(unwritable.message.starts_with("The disk is full"), "{unwritable}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_run_says_whether_the_same_came_again() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let picture = striped(24, 16, 1);
    let other_file = Media::new(convert(&picture.bytes, Form::WebP, None).unwrap(), "");
    let first = keep(&playground, "a lighthouse", vec![picture.clone()]).await;
    for (images, wanted) in [
        (vec![picture], Sameness::Same),
        (vec![other_file], Sameness::SamePixels),
        (vec![striped(24, 16, 2)], Sameness::Different),
        (vec![], Sameness::Unknown),
    ] {
        let repeat = |run: &mut Run| run.repeats = Some(first.clone());
        let id = keep_as(&playground, painting("a lighthouse"), images, repeat).await;
        let repeated = playground.repeated(Id { id }).await.unwrap();
        assert_eq!(repeated, Repeated { of: first.clone(), sameness: wanted, seeded: true });
    }
    assert_eq!(playground.repeated(Id { id: first }).await.unwrap_err().code, ErrorCode::Input);
}
