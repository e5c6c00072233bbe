//! How voices are run by the ONNX Runtime.

use limerick_onnx::Recipe;

/// What people know the library by.
pub(crate) const LIBRARY: &str = "The speech library";

/// How a voice is run with this many threads.
///
/// The last level of optimisation is left out: it costs 190 MB (616 instead of 428 at the peak) for a fiftieth of the
/// time (ONNX Runtime 1.28).
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
