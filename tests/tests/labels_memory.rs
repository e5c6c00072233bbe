//! The built-in labels give their memory back; in a process of its own, since it is measured.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use limerick_tasks::Ending;
use limerick_tests::labels::{labeller, photo_model, picture, text_files};
use tokio_util::sync::CancellationToken;

/// Whether the weights of the text model are mapped into this process: they are as long as it is loaded.
fn is_loaded() -> bool {
    std::fs::read_to_string("/proc/self/maps").unwrap().contains("minilm/model.safetensors")
}

/// Memory of this process that is in use, in MB, files that are mapped in left out.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1000
}

#[tokio::test]
async fn memory_is_given_back_when_nobody_asks_for_a_while() {
    let (labeller, cancel) = (labeller(Some(1), Duration::from_millis(500)), CancellationToken::new());
    let use_both = async || {
        let texts = vec!["a text of some words ".repeat(20); 16];
        let Ending::Done(_) = labeller.embed(text_files(), texts, &cancel).await.unwrap() else {
            unreachable!()
        };
        labeller.photo(photo_model(), picture("cat.png"), &cancel).await.unwrap();
        (is_loaded(), memory())
    };
    assert!(!is_loaded());
    let (loaded, first) = use_both().await;
    assert!(loaded && first > 30, "{first}");
    for _ in 0..3 {
        let started = Instant::now();
        while is_loaded() {
            assert!(started.elapsed() < Duration::from_secs(20), "{}", memory());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // The system's allocator keeps some of what was freed; that it serves again shows in that nothing grows.
        let (loaded, again) = use_both().await;
        assert!(loaded && again < first + 40, "{first} {again}");
    }
    labeller.unload().await;
    assert!(!is_loaded());
}
