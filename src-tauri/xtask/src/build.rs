//! Builds: the UI's packages, the page, the programs, the generated files and the package.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::house::{House, files_below};
use crate::say::Style;
use crate::stamp::Stamp;
use crate::{Outcome, models, process, say};

/// One selection for building, linting and testing, so that all of them share one set of features
/// and no crate is compiled twice. xtask is left out, because it is the program that runs now.
pub(crate) const SELECTION: [&str; 3] = ["--workspace", "--exclude", "xtask"];

/// `npm ci` in a folder; skipped while its lock file is the one that was installed.
pub(crate) fn npm_ci(folder: &Path) -> Outcome {
    let lock = folder.join("package-lock.json");
    let stamp =
        Stamp::of(folder.join("node_modules/.limerick-installed"), &[folder.join("package.json"), lock])?;
    if stamp.is_fresh() {
        say::note("The packages are there.");
        return Ok(());
    }
    process::run(process::npm(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    stamp.set()
}

/// `vite build`; skipped while the page's sources are the ones that were built.
pub(crate) fn page(house: &House) -> Outcome {
    let ui = house.ui();
    let top = ["index.html", "package-lock.json", "svelte.config.js", "tsconfig.json", "vite.config.ts"];
    let mut inputs: Vec<PathBuf> =
        top.iter().map(|name| ui.join(name)).filter(|file| file.exists()).collect();
    for folder in ["src", "public"] {
        inputs.extend(files_below(&ui.join(folder)));
    }
    let stamp = Stamp::of(ui.join("node_modules/.limerick-built"), &inputs)?;
    if stamp.is_fresh() && house.root.join("dist/index.html").exists() {
        say::note("The page is built.");
        return Ok(());
    }
    process::run(process::npm(&ui).args(["run", "--silent", "build"]))?;
    stamp.set()
}

/// Both programs, in the profile that running and testing share.
pub(crate) fn programs(house: &House) -> Outcome {
    process::run(house.cargo().arg("build").args(SELECTION))
}

/// Writes `ui/src/bindings` anew from the Rust types.
pub(crate) fn bindings(house: &House) -> Outcome {
    say::heading("Bindings");
    process::run(
        house.cargo().env("UPDATE_BINDINGS", "1").args(["test", "--lib", "bindings"]).args(SELECTION),
    )
}

/// Draws every icon size from the one drawing, and keeps those that a desktop needs.
pub(crate) fn icons(house: &House) -> Outcome {
    say::heading("Icons");
    npm_ci(&house.ui())?;
    let icons = house.root.join("icons");
    process::run(tauri(house).arg("icon").arg(icons.join("limerick.svg")).arg("--output").arg(&icons))?;
    for folder in ["android", "ios"] {
        let _ = std::fs::remove_dir_all(icons.join(folder));
    }
    let desktop =
        ["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.ico", "icon.icns", "limerick.svg"];
    for file in files_below(&icons) {
        if !file.file_name().is_some_and(|name| desktop.iter().any(|kept| name == *kept)) {
            std::fs::remove_file(&file).map_err(|error| format!("{}: {error}.", file.display()))?;
        }
    }
    Ok(())
}

/// The release build and what this system installs from it.
pub(crate) fn package(house: &House) -> Outcome {
    crate::system::ensure(false)?;
    release(house)?;
    bundle(house)?;
    for (name, bytes) in sizes(house) {
        say::note(&format!("{name}: {}", say::size(bytes)));
    }
    Ok(())
}

/// The page and the programs as people get them.
pub(crate) fn release(house: &House) -> Outcome {
    say::heading("Page");
    npm_ci(&house.ui())?;
    page(house)?;
    say::heading("Release build");
    process::run(house.cargo().args(["build", "--release"]).args(SELECTION))
}

/// An example of the tests, with the programs' released profile.
pub(crate) fn example(house: &House, name: &str) -> Outcome {
    process::run(house.cargo().args(["build", "--release", "--example", name]).args(SELECTION))
}

/// Packs the released programs.
pub(crate) fn bundle(house: &House) -> Outcome {
    say::heading("Package");
    let beside = serde_json::json!({ "bundle": { "resources": resources(house)? } });
    process::run(tauri(house).args(["bundle", "--bundles", package_kind(), "--config", &beside.to_string()]))
}

/// What lies beside the program: ONNX Runtime with its licence, and the models of this project, which label pictures and
/// paint. The former come from the cache, so that the package alone needs them and no build does.
fn resources(house: &House) -> Outcome<BTreeMap<PathBuf, String>> {
    let files = [models::library(house, Style::of_this_terminal())?, models::of_project(house)?].concat();
    Ok(files.into_iter().collect())
}

/// What this system installs: a file ending and a folder name of the bundler.
fn package_kind() -> &'static str {
    match std::env::consts::OS {
        "macos" => "dmg",
        "windows" => "nsis",
        _ => "deb",
    }
}

/// Names and bytes of the released programs and packages that are there.
pub(crate) fn sizes(house: &House) -> Vec<(String, u64)> {
    let mut files = vec![house.program("release", "limerick-desktop"), house.program("release", "limerick")];
    let packed = files_below(&house.target.join("release/bundle").join(package_kind()));
    let whole = |file: &PathBuf| {
        file.extension().is_some_and(|end| ["deb", "dmg", "exe"].iter().any(|kind| end == *kind))
    };
    files.extend(packed.into_iter().filter(whole));
    let row = |file: &PathBuf| {
        Some((file.file_name()?.to_string_lossy().into_owned(), file.metadata().ok()?.len()))
    };
    files.iter().filter_map(row).collect()
}

/// The Tauri command line that the UI's packages bring, started in the shell's folder.
fn tauri(house: &House) -> std::process::Command {
    let mut command = std::process::Command::new("node");
    house.dress(&mut command);
    command
        .current_dir(house.root.join("src-tauri"))
        .arg(house.ui().join("node_modules/@tauri-apps/cli/tauri.js"));
    command
}
