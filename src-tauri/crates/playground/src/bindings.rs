//! TypeScript's side of the contract: writes `ui/src/bindings/index.ts` from the Rust types and the rows of
//! `commands`, and fails when that file is out of date. `cargo xtask bindings` writes it anew.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
    path::Path,
};

use ts_rs::{Config, TS, TypeVisitor};

use crate::{commands::*, *};

const HEADER: &str = "// Generated from the Rust types; run `cargo xtask bindings`, never edit.\n";

/// The declarations met so far, by name.
struct Types {
    config: Config,
    found: BTreeMap<String, String>,
    seen: HashSet<TypeId>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<&T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(&self.config));
            self.found.insert(T::ident(&self.config), text);
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
    }
}

macro_rules! write_rows {
    ($answer:literal $types:ident $out:ident { $($(#[doc = $about:literal])+ $name:ident($args:ty) -> $reply:ty;)+ }) => {
        $(
            $types.visit::<$args>();
            $types.visit::<$reply>();
            write_row(&mut $out, &[$($about),+], stringify!($name), &<$args as TS>::name(&$types.config),
                $answer, &<$reply as TS>::name(&$types.config));
        )+
    };
}

fn write_row(out: &mut String, about: &[&str], name: &str, args: &str, answer: &str, reply: &str) {
    let about = about.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    writeln!(out, "  /** {about} */\n  {name}: {{ args: {args}; {answer}: {reply} }};").unwrap();
}

fn generate() -> String {
    let mut types = Types { config: Config::new(), found: BTreeMap::new(), seen: HashSet::new() };
    let mut commands = "/** Commands that answer once. */\nexport interface Commands {\n".to_owned();
    let mut streams = "/** Commands that answer with events. */\nexport interface Streams {\n".to_owned();
    macro_rules! commands {
        ($($rows:tt)+) => { write_rows! { "reply" types commands { $($rows)+ } } };
    }
    macro_rules! streams {
        ($($rows:tt)+) => { write_rows! { "event" types streams { $($rows)+ } } };
    }
    for_each_command!(commands);
    for_each_stream!(streams);
    // The window's own commands, which have no row here.
    types.visit::<limerick_sound::SoundOrder>();
    types.visit::<limerick_sound::Playing>();
    types.visit::<limerick_sound::SoundDevice>();
    let types = types.found.into_values().collect::<Vec<_>>().join("\n");
    let whole = format!("{HEADER}\n{types}\n{commands}}}\n\n{streams}}}");
    whole.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[test]
fn the_bindings_are_those_of_the_rust_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/bindings/index.ts");
    let wanted = generate();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == wanted, "ui/src/bindings/index.ts is out of date: run `cargo xtask bindings`");
}
