//! Lets Tauri read its configuration, its capabilities and its icons at build time.
fn main() {
    tauri_build::build();
}
