//! The pictures of runs: one row each, so that the gallery is a question to the history and not to the disk.

use limerick_tasks::{ImageOutput, Media};
use rusqlite::{Connection, Row, named_params, params_from_iter};
use serde_json::Value;

use super::{
    Stored,
    files::name_of,
    runs::{Filter, from_json},
};
use crate::{FilterChoices, ListPictures, Picture, PicturePage, RunOutput};

/// How many models, providers and tags can be chosen.
const CHOICES: u32 = 500;

/// What was found out about a picture by looking at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bytes: u32,
    pub(crate) blank: bool,
}

/// A row as the comparison with the disk needs it.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) file: String,
    pub(crate) missing: bool,
    /// Nobody has looked at it.
    pub(crate) unseen: bool,
}

/// Notes the pictures that a run has made; `packed` is its output as it is stored.
pub(super) fn add(db: &Connection, run: &str, output: &RunOutput, packed: &str) -> Stored<()> {
    let (RunOutput::TextToImage(ImageOutput { images, .. })
    | RunOutput::ImageToImage(ImageOutput { images, .. })) = output
    else {
        return Ok(());
    };
    let packed: Value = from_json(packed)?;
    let mut insert = db.prepare_cached(
        "insert or replace into pictures (run, place, file, width, height, bytes)
         values ((select number from runs where id = :run), :place, :file, :width, :height, :bytes)",
    )?;
    for (place, image) in images.iter().enumerate() {
        let Some(file) = packed["images"].get(place).and_then(name_of) else { continue };
        let (width, height) = sides(image);
        insert.execute(named_params! {
            ":run": run, ":place": i64::try_from(place).unwrap_or(i64::MAX), ":file": file, ":width": width,
            ":height": height, ":bytes": i64::try_from(image.bytes.len()).unwrap_or(i64::MAX),
        })?;
    }
    Ok(())
}

/// By the header alone; 0 where it does not tell.
fn sides(image: &Media) -> (u32, u32) {
    limerick_pictures::look(&image.bytes).map_or((0, 0), |facts| (facts.width, facts.height))
}

/// The runs that are hidden are few; those that are shown are not even read.
const SHOWN: &str = "p.run not in (select number from runs where deleted_at is not null)";

/// A piece of the gallery, and which files on it nobody has looked at yet.
///
/// 20,000 pictures are counted and paged in about a millisecond each: only indexes are read until the page is known.
pub(crate) fn list(db: &Connection, wanted: &ListPictures) -> Stored<(PicturePage, Vec<String>)> {
    let mut filter = Filter::new(&wanted.filter)?;
    let runs = if Filter::is_bare(&wanted.filter) {
        filter.rules = SHOWN.into();
        String::new()
    } else {
        format!("join runs r on r.number = p.run {}", filter.join())
    };
    filter.add_some("p.width * p.height >= ?", wanted.min_pixels);
    filter.add_some("p.width * p.height <= ?", wanted.max_pixels);
    let from = format!("from pictures p {runs} where {}", filter.rules);
    let values = || params_from_iter(&filter.values);
    let total = db.query_row(&format!("select count(*) {from}"), values(), |row| row.get(0))?;
    let limit = if wanted.limit == 0 { 100 } else { wanted.limit.min(500) };
    let sql = format!(
        "select p.file, r.id, p.place, p.width, p.height, p.bytes, r.created_at, r.prompt, r.model, r.favourite,
                p.blank, p.missing
         from (select p.number as number {from} order by p.run desc, p.place limit {limit} offset {}) page
         join pictures p on p.number = page.number join runs r on r.number = p.run
         order by p.run desc, p.place",
        wanted.offset
    );
    let mut statement = db.prepare(&sql)?;
    let mut page = PicturePage { pictures: Vec::new(), total };
    let mut unseen = Vec::new();
    for row in statement.query_map(values(), read)? {
        let (picture, seen) = row?;
        if !seen && !picture.missing {
            unseen.push(picture.address.trim_start_matches("media:").to_owned());
        }
        page.pictures.push(picture);
    }
    Ok((page, unseen))
}

/// A picture, and whether it was looked at.
fn read(row: &Row<'_>) -> rusqlite::Result<(Picture, bool)> {
    let blank: Option<bool> = row.get(10)?;
    let picture = Picture {
        address: format!("media:{}", row.get::<_, String>(0)?),
        run: row.get(1)?,
        place: row.get(2)?,
        width: row.get(3)?,
        height: row.get(4)?,
        bytes: row.get(5)?,
        created_at: row.get(6)?,
        prompt: row.get(7)?,
        model: row.get(8)?,
        favourite: row.get(9)?,
        blank: blank.unwrap_or(false),
        missing: row.get(11)?,
    };
    Ok((picture, blank.is_some()))
}

/// What can be chosen in the filters.
pub(crate) fn choices(db: &Connection) -> Stored<FilterChoices> {
    let column = |sql: &str| -> Stored<Vec<String>> {
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map([CHOICES], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    Ok(FilterChoices {
        models: column(
            "select model from runs where deleted_at is null and model <> '' group by model
             order by count(*) desc, model limit ?1",
        )?,
        providers: column(
            "select coalesce(provider, connection_name) from runs where deleted_at is null
             group by coalesce(provider, connection_name)
             order by count(*) desc, coalesce(provider, connection_name) limit ?1",
        )?,
        tags: column(
            "select distinct tag from tags where exists (select 1 from runs where id = run and deleted_at is null)
             order by tag limit ?1",
        )?,
    })
}

/// Notes what was seen in a file, in whichever runs it is.
pub(crate) fn seen(db: &Connection, file: &str, seen: Option<Seen>) -> Stored<()> {
    let Some(seen) = seen else {
        // What cannot be opened is not tried again each time.
        db.execute("update pictures set blank = 0 where file = ?1", [file])?;
        return Ok(());
    };
    db.prepare_cached(
        "update pictures set width = ?2, height = ?3, bytes = ?4, blank = ?5, missing = 0 where file = ?1",
    )?
    .execute((file, seen.width, seen.height, seen.bytes, seen.blank))?;
    Ok(())
}

/// All rows, newest first.
pub(crate) fn all(db: &Connection) -> Stored<Vec<Kept>> {
    let mut statement =
        db.prepare("select file, missing, width = 0 or blank is null from pictures order by number desc")?;
    let rows = statement
        .query_map([], |row| Ok(Kept { file: row.get(0)?, missing: row.get(1)?, unseen: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes that files are gone, or here again.
pub(crate) fn set_missing(db: &mut Connection, files: &[String], missing: bool) -> Stored<()> {
    db.execute(
        "update pictures set missing = ?2 where file in (select value from json_each(?1))",
        (serde_json::to_string(files)?, missing),
    )?;
    Ok(())
}

/// A run's files, in order.
pub(crate) fn of(db: &Connection, run: &str) -> Stored<Vec<String>> {
    let mut statement = db.prepare_cached(
        "select file from pictures where run = (select number from runs where id = ?1) order by place",
    )?;
    let rows = statement.query_map([run], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many pictures the history shows, and how many of them are gone.
pub(crate) fn count(db: &Connection) -> Stored<(u32, u32)> {
    let sql = format!("select count(*), coalesce(sum(p.missing), 0) from pictures p where {SHOWN}");
    Ok(db.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
