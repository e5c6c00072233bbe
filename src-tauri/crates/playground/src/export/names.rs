//! Names for exported files that a person can read and every system can hold: when, what, with which seed.

use std::collections::HashSet;

use crate::{account::date, made_with::seed, store::records::Record};

/// Characters of the words in a name.
const WORDS: usize = 60;
/// Bytes of them: file systems count those, up to 255 for the whole name.
const BYTES: usize = 150;

/// The names that are taken, in lower case: some systems do not tell cases apart.
pub(super) struct Names(HashSet<String>);

impl Names {
    pub(super) fn taken<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(str::to_lowercase).collect())
    }

    /// For what a run made.
    pub(super) fn for_output(&mut self, run: &Record, place: usize, file: &str) -> String {
        let seed = seed(&run.input).or_else(|| run.output["seed"].as_u64());
        let seed = seed.map_or_else(String::new, |seed| format!("_seed-{seed}"));
        let place = if place == 0 { String::new() } else { format!("_{}", place + 1) };
        self.free(&format!("{}{seed}{place}", stem(run)), file)
    }

    /// For what a run was given.
    pub(super) fn for_input(&mut self, run: &Record, file: &str) -> String {
        self.free(&format!("{}_input", stem(run)), file)
    }

    fn free(&mut self, stem: &str, file: &str) -> String {
        let extension = file.rsplit('.').next().filter(|end| is_plain(end)).unwrap_or("bin");
        let mut name = format!("{stem}.{extension}");
        let mut number = 2_u32;
        while !self.0.insert(name.to_lowercase()) {
            name = format!("{stem} ({number}).{extension}");
            number += 1;
        }
        name
    }
}

fn is_plain(extension: &str) -> bool {
    (1..=8).contains(&extension.len()) && extension.bytes().all(|c| c.is_ascii_alphanumeric())
}

/// `2026-11-21_12-05-33_a-lighthouse-at-dawn`, in UTC. It begins with a figure, so no name means something else to
/// a system (`CON`, `..`, `-rf`).
fn stem(run: &Record) -> String {
    let seconds = u64::try_from(run.created_at / 1000).unwrap_or_default();
    let of_day = seconds % 86_400;
    let clock = format!("{:02}-{:02}-{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
    let asked = ["prompt", "text", "question"].iter().find_map(|name| run.input[name].as_str());
    let words = slug(asked.unwrap_or(&run.task));
    let words = if words.is_empty() { run.task.replace('_', "-") } else { words };
    format!("{}_{clock}_{words}", date(seconds))
}

/// Letters and figures of any script; everything else is a dash.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if slug.chars().count() >= WORDS || slug.len() + c.len_utf8() > BYTES {
            break;
        }
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_kind_make_a_name_that_every_system_takes() {
        assert_eq!(slug("A lighthouse, at dawn!"), "a-lighthouse-at-dawn");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("C:\\Windows\\con<>:\"|?*\0\n"), "c-windows-con");
        assert_eq!(slug("\u{202e}gnp.exe"), "gnp-exe");
        assert_eq!(slug("北京 晚上"), "北京-晚上");
        assert_eq!(slug("…"), "");
        let long = slug(&"𠀀".repeat(200));
        assert!(long.chars().count() <= WORDS && long.len() <= BYTES, "{long}");
        assert_eq!(slug(&"a".repeat(200)).len(), WORDS);
    }

    #[test]
    fn no_name_is_given_twice_whatever_its_case() {
        let mut names = Names::taken(["runs.jsonl"]);
        assert_eq!(names.free("runs", "x.jsonl"), "runs (2).jsonl");
        assert_eq!(names.free("RUNS", "x.JSONL"), "RUNS (3).JSONL");
        assert_eq!(names.free("a", "x.p/n"), "a.bin");
    }
}
