//! Pictures of runs, tried from outside: the gallery, its filters and marks, small forms, files that go and come back.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{fs, path::PathBuf, sync::Arc};

use limerick_pictures::{Form, convert};
use limerick_tasks::{ErrorCode, ImageOutput, ImageToImageInput, Media, TextToImageInput};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    commands::{File, Id, Ids, MarkRuns, Nothing},
    laws::{Bare, finding},
    store::runs::{self, RunEnd},
    *,
};

pub(crate) fn open(folder: &TempDir) -> Playground {
    let at = |name: &str| folder.path().join(name);
    Playground::open(Folders { data: at("data"), models: at("models") }, Arc::new(Bare::default())).unwrap()
}

/// A BMP file, which is the easiest to write by hand; `colour` gives each pixel's blue, green and red.
fn bmp(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let mut file = b"BM".to_vec();
    for number in [54 + row * height, 0, 54, 40, width, height] {
        file.extend(number.to_le_bytes());
    }
    file.extend([1, 0, 24, 0]);
    file.extend([0; 24]);
    for y in 0..height {
        let end = file.len() + row as usize;
        (0..width).for_each(|x| file.extend(colour(x, y)));
        file.resize(end, 0);
    }
    file
}

/// A PNG picture with stripes; `colour` tells one from another.
pub(crate) fn striped(width: u32, height: u32, colour: u8) -> Media {
    let stripes = bmp(width, height, |x, _| if x % 8 < 4 { [colour, 40, 200] } else { [0, 90, 30] });
    Media::new(convert(&stripes, Form::Png, None).unwrap(), "")
}

fn black(width: u32, height: u32) -> Media {
    Media::new(convert(&bmp(width, height, |_, _| [0; 3]), Form::Png, None).unwrap(), "")
}

pub(crate) fn painting(prompt: &str) -> RunInput {
    let input = TextToImageInput { prompt: prompt.into(), seed: Some(42), ..TextToImageInput::default() };
    RunInput::TextToImage(input)
}

/// A run as it lies in the history when it is done.
fn done(input: RunInput) -> Run {
    Run {
        id: Uuid::now_v7().to_string(),
        state: RunState::Running,
        created_at: 1_795_262_733_000,
        connection: "hf".into(),
        connection_name: "Hugging Face".into(),
        provider: Some("fal-ai".into()),
        model: "black-forest-labs/FLUX.1-dev".into(),
        output: input.nothing_yet(),
        input,
        error: None,
        figures: Figures::default(),
        conversation: None,
        assistant_message: None,
        batch: None,
        repeats: None,
        anew: false,
        marks: Marks::default(),
    }
}

/// Keeps a run that made these pictures; `change` sets what else it is.
pub(crate) async fn keep_as(
    playground: &Playground,
    input: RunInput,
    images: Vec<Media>,
    change: impl FnOnce(&mut Run),
) -> String {
    let mut run = done(input);
    change(&mut run);
    let id = run.id.clone();
    let end = RunEnd {
        state: RunState::Done,
        output: RunOutput::TextToImage(ImageOutput { images, ..ImageOutput::default() }),
        error: None,
        figures: Figures::default(),
        provider: None,
        model: None,
        exchanges: Vec::new(),
    };
    let keep = move |db: &mut rusqlite::Connection| {
        runs::insert(db, &mut run, None, "test", |_, _| Ok(()))?;
        runs::end(db, &run.id, &end)
    };
    assert!(playground.inner.store.ask("keep a run", keep).await.unwrap());
    id
}

pub(crate) async fn keep(playground: &Playground, prompt: &str, images: Vec<Media>) -> String {
    keep_as(playground, painting(prompt), images, |_| ()).await
}

async fn gallery(playground: &Playground) -> Vec<Picture> {
    playground.pictures(ListPictures::default()).await.unwrap().pictures
}

fn file_of(folder: &TempDir, address: &str) -> PathBuf {
    folder.path().join("data/files").join(address.strip_prefix("media:").unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_picture_of_a_run_is_in_the_gallery_with_its_sides_and_whether_it_is_blank() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    keep(&playground, "an older one", vec![striped(8, 8, 1)]).await;
    let id = keep(&playground, "a lighthouse", vec![striped(64, 48, 255), black(32, 32)]).await;
    let found = gallery(&playground).await;
    let facts: Vec<_> = found.iter().map(|one| (one.place, one.width, one.height, one.blank)).collect();
    assert_eq!(facts, [(0, 64, 48, false), (1, 32, 32, true), (0, 8, 8, false)]);
    assert_eq!((found[0].run.as_str(), found[0].prompt.as_str()), (id.as_str(), "a lighthouse"));
    assert!(file_of(&folder, &found[0].address).exists() && found[0].bytes > 50);
    let listed = playground.runs(ListRuns::default()).await.unwrap().runs;
    assert_eq!((listed[0].pictures, listed[0].picture.as_ref()), (2, Some(&found[0].address)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_form_is_made_once_and_is_small() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let media = striped(900, 500, 7);
    let facts = playground.add_picture(media.bytes.to_vec()).await.unwrap();
    let name = facts.address.strip_prefix("media:").unwrap();
    let small = playground.small_media(name).await.unwrap();
    assert!(small.media_type == "image/jpeg" && small.bytes.len() <= 40_000, "{small:?}");
    let thumbs = folder.path().join("data/thumbs");
    let thumb = thumbs.join(format!("{}.jpg", name.split('.').next().unwrap()));
    fs::write(&thumb, b"\xff\xd8\xffkept").unwrap();
    assert_eq!(playground.small_media(name).await.unwrap().bytes, &b"\xff\xd8\xffkept"[..]);
    assert_eq!(fs::read_dir(thumbs).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_gets_addresses_and_a_rust_caller_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let picture = striped(16, 16, 3);
    let id = keep(&playground, "data:image/png is only a word here", vec![picture.clone()]).await;
    let seen = playground.call("run", json!({ "id": id })).await.unwrap();
    let address = seen["output"]["images"][0].as_str().unwrap().to_owned();
    assert!(!seen.to_string().contains("base64"), "{seen}");
    let media = playground.media(address.strip_prefix("media:").unwrap()).await.unwrap();
    assert_eq!(media, picture);
    let RunOutput::TextToImage(output) = playground.run(Id { id }).await.unwrap().output else {
        unreachable!()
    };
    assert_eq!(output.images, [picture]);
    // On the way in, the address stands for the bytes; nothing listens at that port, but the run is kept.
    let start = json!({
        "id": Uuid::now_v7(), "connection": "url:http://127.0.0.1:9",
        "input": {"task": "image_to_image", "image": address, "prompt": "at night"},
    });
    playground.stream("start_run", start.clone(), |_| ()).await.unwrap();
    let run = playground.run(Id { id: start["id"].as_str().unwrap().into() }).await.unwrap();
    let RunInput::ImageToImage(ImageToImageInput { image, .. }) = run.input else { unreachable!() };
    assert_eq!(image, media);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_was_removed_outside_is_missing_and_its_run_still_opens() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let id = keep(&playground, "here and gone", vec![striped(16, 16, 3), striped(16, 16, 4)]).await;
    let found = gallery(&playground).await;
    let (file, aside) = (file_of(&folder, &found[0].address), folder.path().join("aside"));
    fs::rename(&file, &aside).unwrap();
    playground.reconcile().await.unwrap();
    let missing: Vec<_> = gallery(&playground).await.iter().map(|one| one.missing).collect();
    assert_eq!(missing, [true, false]);
    assert_eq!(playground.storage(Nothing {}).await.unwrap().missing, 1);
    let run = playground.call("run", json!({ "id": id })).await.unwrap();
    assert_eq!(run["output"]["images"], json!(["media:", found[1].address]));
    let error = playground.picture(Address { address: found[0].address.clone() }).await.unwrap_err();
    assert!(error.code == ErrorCode::Input && error.message.contains("no longer"), "{error}");
    fs::rename(&aside, &file).unwrap();
    playground.reconcile().await.unwrap();
    assert!(gallery(&playground).await.iter().all(|one| !one.missing));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_lead_elsewhere_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    fs::create_dir_all(folder.path().join("data/files")).unwrap();
    for name in ["../history.sqlite", "..%2fhistory.sqlite", "/etc/passwd", "", "x", "small/x.png", "a.svg"] {
        assert_eq!(playground.media(name).await.unwrap_err().code, ErrorCode::Input, "{name}");
        assert_eq!(playground.small_media(name).await.unwrap_err().code, ErrorCode::Input, "{name}");
        let address = Address { address: format!("media:{name}") };
        assert_eq!(playground.picture(address).await.unwrap_err().code, ErrorCode::Input, "{name}");
    }
    // An SVG drawing under one of our names is neither small nor has it facts.
    let name = format!("{}.png", "0".repeat(64));
    fs::write(folder.path().join("data/files").join(&name), "<svg xmlns='http://www.w3.org/2000/svg'/>")
        .unwrap();
    assert!(!playground.media(&name).await.unwrap().is_image());
    assert!(playground.small_media(&name).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let cut = striped(64, 64, 1).bytes[..30].to_vec();
    for bytes in [Vec::new(), b"hello".to_vec(), b"<svg/>".to_vec(), cut] {
        let error = playground.add_picture(bytes).await.unwrap_err();
        assert!(error.code == ErrorCode::Input && error.message.ends_with('.'), "{error}");
    }
    assert!(!folder.path().join("data/files").exists(), "nothing of it was kept");
    let path = folder.path().join("mine.png");
    fs::write(&path, &striped(20, 10, 1).bytes).unwrap();
    let facts = playground.open_picture(File { path: path.display().to_string() }).await.unwrap();
    assert_eq!((facts.width, facts.height, facts.settings.is_some()), (20, 10, false));
    assert_eq!(playground.picture(Address { address: facts.address.clone() }).await.unwrap(), facts);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_leave_out_what_was_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let small = keep(&playground, "a red fox", vec![striped(8, 8, 1)]).await;
    let batch = Uuid::now_v7().to_string();
    let large = keep_as(&playground, painting("a grey heron"), vec![striped(40, 40, 2)], |run| {
        run.model = "acme/painter".into();
        run.provider = None;
        run.created_at += 1000;
        run.batch = Some(batch.clone());
    })
    .await;
    let mark = MarkRuns { ids: vec![large.clone()], favourite: Some(true), ..MarkRuns::default() };
    playground.mark_runs(mark).await.unwrap();
    let find = async |fields: Value| {
        let page = playground.call("pictures", fields.clone()).await.unwrap();
        assert_eq!(page["total"], json!(page["pictures"].as_array().unwrap().len()), "{fields}");
        let runs =
            page["pictures"].as_array().unwrap().iter().map(|one| one["run"].as_str().unwrap().to_owned());
        runs.collect::<Vec<_>>()
    };
    let (small, large) = (vec![small], vec![large]);
    for (fields, wanted) in [
        (json!({"query": "fox"}), &small),
        (json!({"query": "heron"}), &large),
        (json!({"model": "acme/painter"}), &large),
        (json!({"provider": "fal-ai"}), &small),
        (json!({"provider": "Hugging Face"}), &large),
        (json!({"min_pixels": 65}), &large),
        (json!({"max_pixels": 64}), &small),
        (json!({"since": 1_795_262_734_000_i64}), &large),
        (json!({"until": 1_795_262_734_000_i64}), &small),
        (json!({"favourite": true}), &large),
        (json!({"batch": batch}), &large),
        (json!({"task": "image_to_image"}), &vec![]),
        (json!({"query": "' or 1=1 --"}), &vec![]),
    ] {
        assert_eq!(&find(fields.clone()).await, wanted, "{fields}");
    }
    playground.delete_runs(Ids { ids: large.clone() }).await.unwrap();
    assert_eq!(find(json!({})).await, small);
    let choices = playground.filter_choices(Nothing {}).await.unwrap();
    assert_eq!(
        (choices.models, choices.providers),
        (vec!["black-forest-labs/FLUX.1-dev".into()], vec!["fal-ai".into()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_and_tags_are_kept_within_their_limits_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    let id = keep(&playground, "a lighthouse", vec![striped(8, 8, 1)]).await;
    let other = keep(&playground, "a harbour", vec![striped(8, 8, 2)]).await;
    let mark = async |fields: Value| {
        let mut args = json!({ "ids": [id] });
        args.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        playground.call("mark_runs", args).await
    };
    let found = async |filter: RunFilter| {
        let page = playground.runs(ListRuns { filter, ..ListRuns::default() }).await.unwrap();
        page.runs.into_iter().map(|run| run.id).collect::<Vec<_>>()
    };
    mark(json!({"note": " for the cover, 你好 ", "add_tags": ["Print", " two\n words "], "favourite": true}))
        .await
        .unwrap();
    let marks = playground.run(Id { id: id.clone() }).await.unwrap().marks;
    assert_eq!((marks.favourite, marks.note.as_str()), (true, "for the cover, 你好"));
    assert_eq!(marks.tags, ["Print", "two words"]);
    for words in ["cover", "print", "words", "你好", "lighthouse cover"] {
        assert_eq!(found(finding(words)).await, std::slice::from_ref(&id), "{words}");
    }
    let tagged = RunFilter { tag: Some("print".into()), ..RunFilter::default() };
    assert_eq!(found(tagged.clone()).await, std::slice::from_ref(&id));
    mark(json!({"remove_tags": ["PRINT"]})).await.unwrap();
    assert!(found(tagged).await.is_empty() && found(finding("print")).await.is_empty());
    assert_eq!(playground.filter_choices(Nothing {}).await.unwrap().tags, ["two words"]);
    let many: Vec<String> = (0..100).map(|number| format!("tag {number}")).collect();
    for bad in [
        json!({"note": "x".repeat(10_001)}),
        json!({"add_tags": [""]}),
        json!({"add_tags": ["fine", "x".repeat(61)]}),
        json!({"add_tags": ["a\u{7}b"]}),
        json!({ "add_tags": many }),
    ] {
        assert_eq!(mark(bad).await.unwrap_err().code, ErrorCode::Input);
    }
    let after = playground.run(Id { id }).await.unwrap().marks;
    assert_eq!((after.tags.len(), after.note.as_str()), (1, "for the cover, 你好"), "all or nothing");
    assert_eq!(playground.run(Id { id: other }).await.unwrap().marks, Marks::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_pictures_are_counted_and_paged() {
    let folder = tempfile::tempdir().unwrap();
    let playground = open(&folder);
    keep(&playground, "the first", vec![striped(8, 8, 1)]).await;
    let fill = |db: &mut rusqlite::Connection| {
        let tx = db.transaction()?;
        tx.execute_batch(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < 19999)
             insert into runs (id, task, state, created_at, instance, connection, connection_name, provider, model,
                               prompt, answer, input, output, figures)
             select 'run-' || i, task, state, created_at + i, instance, connection, connection_name,
                    'provider-' || (i % 5), 'model-' || (i % 10), 'prompt ' || i, '', input, output, figures
             from n, runs where runs.number = 1;
             insert into runs_text (rowid, prompt, answer, model, note)
             select number, prompt, '', model, '' from runs where number > 1;
             insert into pictures (run, place, file, width, height, bytes, blank)
             select number, 0, (select file from pictures), 1024, 768 + number % 2, 1000, 0
             from runs where number > 1;",
        )?;
        Ok(tx.commit()?)
    };
    playground.inner.store.ask("fill the history", fill).await.unwrap();
    let page = async |wanted: ListPictures| {
        let page = playground.pictures(wanted).await.unwrap();
        (page.total, page.pictures.first().map(|one| one.run.clone()), page.pictures.len())
    };
    let own = |run: &str| Some(run.to_owned());
    let all = page(ListPictures::default()).await;
    assert_eq!(all, (20_000, own("run-19999"), 100));
    let deep = page(ListPictures { offset: 19_000, limit: 500, ..ListPictures::default() }).await;
    assert_eq!(deep, (20_000, own("run-999"), 500));
    let beyond = page(ListPictures { offset: 30_000, ..ListPictures::default() }).await;
    assert_eq!(beyond, (20_000, None, 0));
    let filter = RunFilter { model: Some("model-3".into()), ..RunFilter::default() };
    assert_eq!(page(ListPictures { filter, ..ListPictures::default() }).await, (2000, own("run-19993"), 100));
    let filter = RunFilter { provider: Some("provider-4".into()), ..RunFilter::default() };
    let low = ListPictures { filter, max_pixels: Some(1024 * 768), ..ListPictures::default() };
    assert_eq!(page(low).await, (2000, own("run-19999"), 100));
    let words = ListPictures { filter: finding("prompt 777"), ..ListPictures::default() };
    assert_eq!(page(words).await.0, 11);
    let choices = playground.filter_choices(Nothing {}).await.unwrap();
    assert_eq!((choices.models.len(), choices.providers.len()), (11, 6));
    assert_eq!(playground.runs(ListRuns::default()).await.unwrap().total, 20_000);
    assert_eq!(playground.storage(Nothing {}).await.unwrap().pictures, 20_000);
}
