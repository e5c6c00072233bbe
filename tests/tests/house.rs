//! The rules of the house that no lint can hold, each a statement of absence over the files of the clone.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the person who ordered the project fixed, plus licence and lock files. Dot files may stand beside them.
const TOP: [&str; 8] =
    ["Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "icons", "src-tauri", "tests", "ui"];

/// Longest files, in lines: smoke alarms for a second subject.
const LONGEST: [(&str, usize); 4] = [("rs", 400), ("svelte", 250), ("ts", 250), ("css", 250)];

/// The one file that knows the window's side of the page.
const WAY_OUT: &str = "ui/src/host/tauri.ts";

/// Where the client puts a large file that it fetches, resumably: the one place where it touches the disk.
const DOWNLOADS: &str = "src-tauri/crates/inference/src/client/download.rs";

/// Where the type is set, with its ligatures turned off.
const TYPE: &str = "ui/src/frame/base.css";

/// What the renderer is measured against: the usual way, which sets HTML. No part of the page.
const OLD_WAY: &str = "ui/src/shared/markdown/bench.svelte.ts";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every file of the project, as paths from the root: what git keeps, and what it would.
fn files() -> Vec<String> {
    let listing = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(listing.status.success(), "git must be able to list the clone's files");
    let text = String::from_utf8(listing.stdout).unwrap();
    let files: Vec<String> =
        text.split('\0').filter(|path| root().join(path).is_file()).map(String::from).collect();
    assert!(files.len() > 20, "git lists no files here");
    files
}

/// The files with one of these endings that people write: what is generated is left out.
fn written(endings: &[&str]) -> Vec<(String, String)> {
    let is_ours = |path: &String| {
        !path.starts_with("ui/src/bindings/")
            && endings.contains(&path.rsplit('.').next().unwrap_or_default())
    };
    files().into_iter().filter(is_ours).filter_map(|path| Some((path.clone(), read(&path)?))).collect()
}

/// A file as text; nothing where it is not text.
fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

/// Fails with every offence in one list.
#[track_caller]
fn none(offences: &[String]) {
    assert!(offences.is_empty(), "\n  {}\n", offences.join("\n  "));
}

/// The lines of these files that hold one of these words, as `file:line: text`.
fn lines_with(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

/// The names under every `[…dependencies]` table of a crate, each with its whole line.
fn dependencies(manifest: &str) -> Vec<(String, String)> {
    let (mut found, mut inside) = (Vec::new(), false);
    for line in read(manifest).unwrap_or_else(|| panic!("{manifest} is missing")).lines() {
        if line.starts_with('[') {
            inside = line.trim_end().ends_with("dependencies]");
        } else if inside && !line.starts_with('#') {
            let name: String = line.chars().take_while(|letter| !". =".contains(*letter)).collect();
            if !name.is_empty() {
                found.push((name, line.to_owned()));
            }
        }
    }
    found
}

fn manifests() -> Vec<String> {
    files().into_iter().filter(|path| path.ends_with("/Cargo.toml")).collect()
}

#[test]
fn the_top_level_holds_what_was_ordered_and_nothing_else() {
    let mut top: Vec<String> =
        files().iter().map(|path| path.split('/').next().unwrap().to_owned()).collect();
    top.sort();
    top.dedup();
    none(
        &top.iter()
            .filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str()))
            .cloned()
            .collect::<Vec<_>>(),
    );
    none(
        &TOP.iter()
            .filter(|name| !top.iter().any(|there| there == *name))
            .map(|name| format!("{name} is missing"))
            .collect::<Vec<_>>(),
    );
}

/// What the rooms do without that do one thing, and know neither the network nor the app.
const APART: &[&str] = &[
    "tauri",
    "reqwest",
    "tokio",
    "rusqlite",
    "limerick-inference",
    "limerick-engine",
    "limerick-playground",
];

#[test]
fn no_crate_names_what_it_must_not_know() {
    let never: [(&str, &[&str]); 15] = [
        ("tasks", &["tauri", "reqwest", "tokio", "rusqlite", "limerick-"]),
        ("templates", APART),
        ("pictures", APART),
        ("sound", APART),
        ("sound", &["rodio"]),
        ("player", APART),
        (
            "voice",
            &["tauri", "reqwest", "rusqlite", "limerick-inference", "limerick-engine", "limerick-playground"],
        ),
        (
            "onnx",
            &["tauri", "reqwest", "rusqlite", "limerick-inference", "limerick-engine", "limerick-playground"],
        ),
        (
            "labels",
            &["tauri", "reqwest", "rusqlite", "limerick-inference", "limerick-engine", "limerick-playground"],
        ),
        (
            "painter",
            &["tauri", "reqwest", "rusqlite", "limerick-inference", "limerick-engine", "limerick-playground"],
        ),
        (
            "inference",
            &["tauri", "keyring", "rusqlite", "directories", "limerick-engine", "limerick-playground"],
        ),
        ("engine", &["tauri", "reqwest", "limerick-inference", "limerick-playground"]),
        ("playground", &["tauri", "keyring", "reqwest"]),
        ("cli", &["tauri", "reqwest"]),
        ("../xtask", &["tauri", "limerick-"]),
    ];
    let mut offences = Vec::new();
    for (name, forbidden) in never {
        for (dependency, _) in dependencies(&format!("src-tauri/crates/{name}/Cargo.toml")) {
            if forbidden.iter().any(|start| dependency.starts_with(start)) {
                offences.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    none(&offences);
}

#[test]
fn versions_stand_in_the_workspace_table_only() {
    let own = |manifest: &String| {
        let lines = dependencies(manifest).into_iter().filter(|(_, line)| !line.contains("workspace = true"));
        lines.map(|(_, line)| format!("{manifest}: {line}")).collect::<Vec<_>>()
    };
    none(&manifests().iter().flat_map(own).collect::<Vec<_>>());
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    let without = |path: &&String| !read(path).unwrap().contains("[lints]\nworkspace = true");
    none(&manifests().iter().filter(without).cloned().collect::<Vec<_>>());
}

#[test]
fn the_inference_client_reads_no_environment_and_touches_the_disk_for_downloads_alone() {
    let mut sources = written(&["rs"]);
    sources.retain(|(path, _)| path.starts_with("src-tauri/crates/inference/src/"));
    none(&lines_with(&sources, &["std::env", "env::var"]));
    sources.retain(|(path, _)| path != DOWNLOADS);
    none(&lines_with(&sources, &["std::fs", "tokio::fs"]));
}

#[test]
fn the_engine_opens_no_connection() {
    let mut sources = written(&["rs"]);
    sources.retain(|(path, _)| path.starts_with("src-tauri/crates/engine/src/"));
    none(&lines_with(&sources, &["std::net", "tokio::net", "reqwest"]));
}

#[test]
fn no_code_asks_which_provider_it_is_outside_the_table() {
    let mut sources = written(&["rs", "ts", "svelte"]);
    sources.retain(|(path, _)| {
        path.starts_with("src-tauri/src/")
            || path.starts_with("src-tauri/crates/playground/src/")
            || path.starts_with("ui/src/")
    });
    sources.retain(|(path, _)| !path.contains("test"));
    none(&lines_with(&sources, &["provider == \"", "provider === \"", "provider() == \""]));
}

#[test]
fn one_file_alone_knows_the_window_from_inside_the_page() {
    let mut sources = written(&["ts", "svelte"]);
    sources.retain(|(path, _)| path.starts_with("ui/src/") && path != WAY_OUT);
    none(&lines_with(&sources, &["@tauri-apps/"]));
}

#[test]
fn no_file_of_the_page_sets_html() {
    let mut sources = written(&["ts", "svelte"]);
    sources.retain(|(path, _)| path.starts_with("ui/src/") && !path.ends_with(".test.ts") && path != OLD_WAY);
    let ways =
        ["{@html", "innerHTML =", "outerHTML =", "insertAdjacentHTML", "setHTMLUnsafe", "document.write("];
    none(&lines_with(&sources, &ways));
}

#[test]
fn no_type_brings_its_ligatures_back() {
    let mut sources = written(&["svelte", "css"]);
    sources.retain(|(path, _)| path != TYPE);
    none(&lines_with(&sources, &["font: var(", "font-variant-ligatures"]));
}

#[test]
fn no_file_is_long_enough_to_hold_two_subjects() {
    let mut offences = Vec::new();
    for (ending, most) in LONGEST {
        for (path, text) in written(&[ending]) {
            let count = text.lines().count();
            if count > most {
                offences.push(format!("{path}: {count} lines, {most} at most"));
            }
        }
    }
    none(&offences);
}

#[test]
fn every_file_opens_by_saying_what_it_is_for() {
    let opens = |path: &str, text: &str| {
        let mut lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("#!/"));
        let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        match path.rsplit('.').next() {
            Some("rs") => first.starts_with("//"),
            Some("svelte") => {
                first.starts_with("<!--")
                    || (first.starts_with("<script")
                        && (second.starts_with("//") || second.starts_with("/*")))
            }
            Some("py") => first.starts_with('#') || first.starts_with("\"\"\""),
            _ => first.starts_with("//") || first.starts_with("/*"),
        }
    };
    let silent = written(&["rs", "ts", "mjs", "svelte", "css", "py"])
        .into_iter()
        .filter(|(path, text)| !opens(path, text));
    none(&silent.map(|(path, _)| path).collect::<Vec<_>>());
}

#[test]
fn no_room_has_a_name_that_says_nothing() {
    let empty = [
        "util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services", "misc",
    ];
    let says_nothing = |path: &String| {
        path.split('/').any(|part| empty.contains(&part.split('.').next().unwrap().to_lowercase().as_str()))
    };
    none(&files().into_iter().filter(says_nothing).collect::<Vec<_>>());
}

#[test]
fn no_test_is_ignored() {
    let rust = [concat!("#[", "ignore")];
    let script = [".skip(\"", ".only(\"", ".todo(\"", ".skip('", ".only('", "skip: true", "only: true"];
    none(&lines_with(&written(&["rs"]), &rust));
    none(&lines_with(&written(&["ts", "mjs"]), &script));
}

#[test]
fn every_file_of_tests_is_part_of_a_program() {
    let left_out = |path: &String| {
        let place =
            path.strip_prefix("tests/tests/").and_then(|rest| rest.strip_suffix(".rs")?.split_once('/'));
        let Some((room, name)) = place else { return false };
        let program = read(&format!("tests/tests/{room}/main.rs")).unwrap_or_default();
        name != "main" && !program.lines().any(|line| line == format!("mod {name};"))
    };
    none(&files().into_iter().filter(left_out).collect::<Vec<_>>());
}

#[test]
fn every_picture_of_the_readme_is_there() {
    let readme = read("README.md").unwrap();
    let shown = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let missing = shown.filter(|target| target.starts_with("tests/tour/") && !root().join(target).is_file());
    none(&missing.map(String::from).collect::<Vec<_>>());
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let places =
        [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/fa", "rm/"), concat!("/tmp/", "research")];
    // A path of one of our own folders or of a web address may hold such a word further in.
    let is_a_path = |line: &str, place: &str| {
        line.match_indices(place).any(|(at, _)| {
            !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-}~*".contains(before))
        })
    };
    let mut offences = Vec::new();
    for path in files()
        .into_iter()
        .filter(|path| !path.ends_with("Cargo.lock") && !path.ends_with("package-lock.json"))
    {
        for (number, line) in read(&path).unwrap_or_default().lines().enumerate() {
            if places.iter().any(|place| is_a_path(line, place)) {
                offences.push(format!("{path}:{}", number + 1));
            }
        }
    }
    none(&offences);
}
