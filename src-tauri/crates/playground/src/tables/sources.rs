//! What a table is made of: a folder, files, texts, a CSV or JSONL file. Blocks: call it off the async threads.

use std::{
    cmp::Ordering,
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use limerick_tasks::{Error, Media, Result};
use serde_json::{Map, Value};

use super::{Columns, MOST_ROWS, TableSource, lines, refuse};
use crate::{media, store::files::Files};

/// Bytes of a CSV or JSONL file.
const LARGEST_FILE: u64 = 200_000_000;
/// Lines that are shown before a table is made.
const SAMPLE: usize = 3;

/// What a table is made of, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) title: String,
    pub(crate) pictures: bool,
    /// Where the paths of its pictures begin; none for pictures that were picked one by one.
    pub(crate) folder: Option<String>,
    /// What the column of its texts or pictures is called.
    pub(crate) heading: String,
    /// Names of the other columns.
    pub(crate) fields: Vec<String>,
    pub(crate) left_out: u32,
    pub(crate) rows: Vec<NewRow>,
}

/// One row to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NewRow {
    /// The text, the picture's path, or its `media:` address.
    pub(crate) item: String,
    /// What the picture is called, where `item` does not tell.
    pub(crate) name: Option<String>,
    /// Values of the other columns, as many as its line had.
    pub(crate) fields: Vec<String>,
}

/// Reads a source whole, all but its pictures.
pub(super) fn read(source: TableSource, files: &Files) -> Result<Origin> {
    let origin = match source {
        TableSource::Texts { texts } => of_texts(texts),
        TableSource::File { path, column, pictures } => of_lines(Path::new(&path), &column, pictures)?,
        TableSource::Pictures { paths, names } => match &*paths {
            [only] if Path::new(only).is_dir() => of_folder(Path::new(only))?,
            _ => of_pictures(&paths, &names, files),
        },
    };
    match origin.rows.len() {
        0 if origin.pictures => Err(refuse("No picture is in there. Pick another folder or other files.")),
        0 => Err(refuse("No text is in there. Pick something else, or another column.")),
        1..=MOST_ROWS => Ok(origin),
        _ => Err(too_many()),
    }
}

fn too_many() -> Error {
    refuse("A table takes 100,000 rows at most, and there are more. Divide them among several tables.")
}

fn of_texts(texts: Vec<String>) -> Origin {
    let all = texts.len();
    let filled = texts.into_iter().filter(|text| !text.trim().is_empty());
    let rows: Vec<NewRow> = filled.map(|item| NewRow { item, ..NewRow::default() }).collect();
    let title = rows.first().map_or_else(String::new, |row| first_words(&row.item));
    let left_out = count(all - rows.len());
    Origin { title, heading: "text".into(), left_out, rows, ..Origin::default() }
}

fn first_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    words.join(" ").chars().take(60).collect()
}

/// A folder's pictures in natural order: hidden files, links out of the folder, devices, folders and what is no
/// picture by its first bytes are left out.
fn of_folder(folder: &Path) -> Result<Origin> {
    let unreadable = |cause: io::Error| {
        refuse("This folder cannot be read. Check that it is there and yours.").with_detail(cause)
    };
    let real = folder.canonicalize().map_err(unreadable)?;
    let (mut names, mut left_out) = (Vec::new(), 0);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        match entry.file_name().to_str() {
            Some(name) if !name.starts_with('.') && is_picture(&entry.path(), &real) => {
                names.push(name.to_owned());
            }
            _ => left_out += 1,
        }
        if names.len() > MOST_ROWS {
            return Err(too_many());
        }
    }
    names.sort_by(|one, other| natural(one, other));
    let rows = names.into_iter().map(|item| NewRow { item, ..NewRow::default() }).collect();
    Ok(Origin { left_out, rows, ..pictures(name_of(folder), Some(folder)) })
}

fn pictures(title: String, folder: Option<&Path>) -> Origin {
    let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
    Origin { title, pictures: true, folder, heading: "file_name".into(), ..Origin::default() }
}

/// Whether this is a picture by its first bytes, and lies in the folder itself.
fn is_picture(path: &Path, folder: &Path) -> bool {
    path.canonicalize().is_ok_and(|real| real.starts_with(folder)) && begins_as_picture(path)
}

fn begins_as_picture(path: &Path) -> bool {
    let mut start = Vec::new();
    let is_file = fs::metadata(path).is_ok_and(|about| about.is_file());
    let came = is_file && File::open(path).is_ok_and(|file| file.take(32).read_to_end(&mut start).is_ok());
    came && Media::kind_of(&start).is_some_and(|kind| kind.starts_with("image/"))
}

/// Pictures that were picked or dropped one by one, in the order in which they were.
fn of_pictures(paths: &[String], names: &[String], files: &Files) -> Origin {
    let mut names = names.iter();
    let (mut rows, mut left_out) = (Vec::new(), 0);
    for path in paths {
        let row = if let Ok(file) = media::name_in(path) {
            files.has(&file).then(|| NewRow {
                item: path.clone(),
                name: Some(names.next().cloned().unwrap_or(file)),
                fields: Vec::new(),
            })
        } else {
            begins_as_picture(Path::new(path)).then(|| NewRow {
                item: path.clone(),
                name: Some(name_of(Path::new(path))),
                fields: Vec::new(),
            })
        };
        left_out += u32::from(row.is_none());
        rows.extend(row);
    }
    let title = match &*rows {
        [only] => called(only),
        [first, ..] => format!("{} and {} more", called(first), rows.len() - 1),
        [] => String::new(),
    };
    Origin { left_out, rows, ..pictures(title, None) }
}

fn called(row: &NewRow) -> String {
    row.name.clone().unwrap_or_default()
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// One row a line of a CSV or JSONL file; lines without something in this column are left out.
fn of_lines(path: &Path, column: &str, are_pictures: bool) -> Result<Origin> {
    let mut all = Vec::new();
    let mut columns = lines::read(open(path)?, &mut |values| {
        all.push(values);
        if all.len() > MOST_ROWS { Err(too_many()) } else { Ok(()) }
    })?;
    let at = columns.iter().position(|name| name == column);
    let at =
        at.ok_or_else(|| refuse(format!("There is no column {column} in this file. Pick another one.")))?;
    let (read, heading) = (all.len(), columns.remove(at));
    let rows: Vec<NewRow> = all.into_iter().filter_map(|values| row_of(values, at)).collect();
    let folder = path.parent().filter(|_| are_pictures).map(|folder| folder.to_string_lossy().into_owned());
    Ok(Origin {
        title: name_of(path),
        pictures: are_pictures,
        folder,
        heading,
        fields: columns,
        left_out: count(read - rows.len()),
        rows,
    })
}

fn row_of(mut fields: Vec<String>, at: usize) -> Option<NewRow> {
    let filled = fields.get(at).is_some_and(|item| !item.trim().is_empty());
    filled.then(|| NewRow { item: fields.remove(at), name: None, fields })
}

fn open(path: &Path) -> Result<BufReader<File>> {
    let unreadable = |cause: io::Error| {
        refuse("This file cannot be read. Check that it is there and yours.").with_detail(cause)
    };
    let about = fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(refuse("This is no file. Pick a CSV or a JSONL file."));
    }
    if about.len() > LARGEST_FILE {
        let words =
            format!("This file is larger than {} MB. Divide it into several.", LARGEST_FILE / 1_000_000);
        return Err(refuse(words));
    }
    File::open(path).map(BufReader::new).map_err(unreadable)
}

/// Looks into a CSV or JSONL file.
pub(super) fn columns(path: &Path) -> Result<Columns> {
    let (mut rows, mut first) = (0, Vec::new());
    let columns = lines::read(open(path)?, &mut |values| {
        rows += 1;
        if first.len() < SAMPLE {
            first.push(values);
        }
        Ok(())
    })?;
    if columns.is_empty() {
        return Err(refuse("This file is empty. Pick another one."));
    }
    let sample = first.into_iter().map(|values| record(&columns, values)).collect();
    Ok(Columns { columns, rows, sample })
}

/// Values under the names of their columns; what a line does not have is empty.
pub(crate) fn record(columns: &[String], values: Vec<String>) -> Map<String, Value> {
    let values = values.into_iter().map(Some).chain(std::iter::repeat(None));
    let named = columns.iter().cloned().zip(values);
    named.map(|(name, value)| (name, Value::String(value.unwrap_or_default()))).collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// As people sort: 2 before 10, and A beside a.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one.chars().peekable(), other.chars().peekable());
    loop {
        let (Some(a), Some(b)) = (left.peek().copied(), right.peek().copied()) else {
            let rest = left.peek().is_some().cmp(&right.peek().is_some());
            return rest.then_with(|| one.cmp(other));
        };
        let order = if a.is_ascii_digit() && b.is_ascii_digit() {
            let (a, b) = (digits(&mut left), digits(&mut right));
            a.len().cmp(&b.len()).then_with(|| a.cmp(&b))
        } else {
            left.next();
            right.next();
            a.to_lowercase().cmp(b.to_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// A number of any length, without the zeros in front.
fn digits(from: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let all: String = std::iter::from_fn(|| from.next_if(char::is_ascii_digit)).collect();
    all.trim_start_matches('0').to_owned()
}

/// Where a row's picture lies.
///
/// # Errors
/// `input` for a path that leads to another machine: naming it would already knock there.
pub(super) fn place_of(folder: Option<&str>, item: &str) -> Result<PathBuf> {
    if item.starts_with("\\\\") || item.starts_with("//") || item.contains('\0') {
        return Err(refuse("This picture is not on this machine. Copy it here first."));
    }
    let path = Path::new(item);
    Ok(folder.map_or_else(|| path.to_owned(), |folder| Path::new(folder).join(path)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    fn items(origin: &Origin) -> Vec<&str> {
        origin.rows.iter().map(|row| row.item.as_str()).collect()
    }

    #[test]
    fn two_comes_before_ten_and_case_does_not_part() {
        let mut names =
            ["b10.png", "B2.png", "a.png", "b02.png", "b2.png", "b", "ä1", "b2x", "99999999999999999999999"];
        names.sort_by(|one, other| natural(one, other));
        let wanted =
            ["99999999999999999999999", "a.png", "b", "B2.png", "b02.png", "b2.png", "b2x", "b10.png", "ä1"];
        assert_eq!(names, wanted);
    }

    #[cfg(unix)]
    #[test]
    fn of_a_folder_only_its_own_pictures_are_taken() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |name: &str| folder.path().join(name);
        for name in ["10.png", "2.PNG", "no ending", ".hidden.png"] {
            fs::write(at(name), PNG).unwrap();
        }
        fs::write(at("words.png"), "not a picture").unwrap();
        fs::write(at("empty.png"), "").unwrap();
        fs::write(outside.path().join("far.png"), PNG).unwrap();
        std::os::unix::fs::symlink(outside.path().join("far.png"), at("far.png")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("device.png")).unwrap();
        std::os::unix::fs::symlink("2.PNG", at("near.png")).unwrap();
        std::os::unix::fs::symlink("loop.png", at("loop.png")).unwrap();
        fs::create_dir(at("below")).unwrap();
        fs::write(at("below/deep.png"), PNG).unwrap();
        let origin = of_folder(folder.path()).unwrap();
        assert_eq!(items(&origin), ["2.PNG", "10.png", "near.png", "no ending"]);
        assert_eq!(origin.left_out, 6, "hidden, words, empty, far, device, loop");
    }

    #[test]
    fn other_columns_stay_with_their_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reviews.csv");
        fs::write(&file, "id,text,stars\n1,good,5\n2,,1\n3,bad\n").unwrap();
        let source =
            TableSource::File { path: file.display().to_string(), column: "text".into(), pictures: false };
        let origin = read(source, &Files::of(folder.path())).unwrap();
        assert_eq!((origin.title.as_str(), origin.heading.as_str()), ("reviews.csv", "text"));
        assert_eq!(
            (origin.fields.join("|"), origin.left_out, items(&origin)),
            ("id|stars".into(), 1, vec!["good", "bad"])
        );
        assert_eq!(
            (&origin.rows[0].fields.join("|"), &origin.rows[1].fields.join("|")),
            (&"1|5".into(), &"3".into())
        );
        let looked = columns(&file).unwrap();
        assert_eq!((looked.columns.len(), looked.rows, looked.sample[2]["stars"].as_str()), (3, 3, Some("")));
        let source =
            TableSource::File { path: file.display().to_string(), column: "no".into(), pictures: false };
        assert!(read(source, &Files::of(folder.path())).unwrap_err().message.contains("no column no"));
    }

    #[test]
    fn texts_and_files_that_hold_nothing_make_no_table() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::of(folder.path());
        let texts =
            |texts: &[&str]| TableSource::Texts { texts: texts.iter().map(|text| (*text).into()).collect() };
        assert!(read(texts(&["", " \n"]), &files).is_err());
        let origin = read(texts(&["one two", "", "three"]), &files).unwrap();
        assert_eq!(
            (items(&origin), origin.left_out, origin.title.as_str()),
            (vec!["one two", "three"], 1, "one two")
        );
        let pictures =
            |path: &Path| TableSource::Pictures { paths: vec![path.display().to_string()], names: vec![] };
        assert!(read(pictures(folder.path()), &files).unwrap_err().message.contains("No picture"));
        assert!(read(pictures(&folder.path().join("gone")), &files).is_err());
    }

    #[test]
    fn a_file_that_claims_a_gigabyte_and_one_too_many_rows_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("huge.csv");
        File::create(&file).unwrap().set_len(1_000_000_000).unwrap();
        assert!(columns(&file).unwrap_err().message.contains("larger than 200 MB"));
        let texts = vec!["a".to_owned(); MOST_ROWS + 1];
        let refused = read(TableSource::Texts { texts }, &Files::of(folder.path())).unwrap_err();
        assert!(refused.message.contains("100,000 rows at most"), "{refused}");
    }

    #[test]
    fn a_picture_on_another_machine_is_not_knocked_at() {
        for item in ["\\\\evil\\share\\a.png", "//evil/share/a.png", "a\0.png"] {
            assert!(place_of(Some("/tmp"), item).is_err(), "{item}");
        }
        assert_eq!(place_of(Some("/tmp"), "a.png").unwrap(), Path::new("/tmp/a.png"));
    }
}
