//! How voices are run by the ONNX Runtime.

use limerick_onnx::Recipe;

/// What people know the library by.
pub(crate) const LIBRARY: &str = "The speech library";

/// How a voice is run with this many threads.
///
/// The last level of optimisation is 1.3 times as quick and must not be used: with it a sentence among forty had
/// samples that are not finite (Kokoro in half precision), and it costs 190 MB (616 instead of 428 at the peak).
pub(crate) fn recipe(threads: usize) -> Recipe {
    Recipe {
        threads,
        last_level: false,
        // Sentences differ in length: a plan of the memory for one does not fit the next.
        same_shapes: false,
        packed: true,
        unusable: "The voice's file cannot be used; fetch it again or take another.",
        doing: "speak this sentence",
    }
}
