//! cargo-deny and cargo-machete: installed once, beside the models, in the background of a test run.

use std::path::PathBuf;

use crate::house::House;
use crate::{Outcome, process};

/// Name and version. Built without optimisation: 40 s instead of minutes, and they run for a second.
const TOOLS: [(&str, &str); 2] = [("cargo-deny", "0.20.2"), ("cargo-machete", "0.9.2")];

/// Installs what is missing. Quiet, and yielding to the build beside it.
pub(crate) fn ensure(house: &House) -> Outcome {
    for (name, version) in TOOLS {
        let root = house.cache.join("tools").join(format!("{name}-{version}"));
        if path(house, name).exists() {
            continue;
        }
        let mut install = process::gently("cargo".as_ref());
        install
            .args(["install", "--locked", "--debug", "--quiet", "--version", version, name, "--root"])
            .arg(root);
        process::quietly(
            install.current_dir(&house.cache).env("CARGO_TARGET_DIR", house.cache.join("tools/target")),
        )?;
    }
    let _ = std::fs::remove_dir_all(house.cache.join("tools/target"));
    Ok(())
}

/// Where a tool lies.
pub(crate) fn path(house: &House, tool: &str) -> PathBuf {
    let version = TOOLS.iter().find(|(name, _)| *name == tool).map_or("", |(_, version)| version);
    let program = format!("{tool}{}", std::env::consts::EXE_SUFFIX);
    house.cache.join("tools").join(format!("{tool}-{version}")).join("bin").join(program)
}
