//! How many tokens a model counts for a picture, as far as its name tells its family. An estimate: servers shrink
//! pictures further, and some count otherwise.

/// Tokens of the list of labels that stands for a picture where the model has no eyes.
const LABELS: u32 = 60;

/// A family: words of a model's id that tell it, the first row that fits, and what it counts.
type Family = (&'static [&'static str], fn(u32, u32) -> u32);

/// By the processors of transformers and what TGI (`router/src/validation.rs`) and llama.cpp (`mtmd`) make of them.
const FAMILIES: &[Family] = &[
    // 64 for the picture and two around them, for the whole and for its four quarters.
    (&["idefics2"], |_, _| 5 * 66),
    (&["idefics3"], |width, height| tiles_with_rows(width, height, 364, 1456, 169)),
    (&["smolvlm-256", "smolvlm-500", "smolvlm2-256", "smolvlm2-500"], |width, height| {
        tiles_with_rows(width, height, 512, 2048, 64)
    }),
    (&["smolvlm"], |width, height| tiles_with_rows(width, height, 384, 1536, 81)),
    (&["llava-v1.6", "llava-1.6", "llava-next", "llava-onevision"], llava_next),
    // CLIP at 336 pixels in patches of 14.
    (&["llava", "bakllava"], |_, _| 24 * 24),
    (&["qwen3-vl", "qwen3.5", "qwen3vl"], |width, height| patches(width, height, 32, 16_384)),
    (&["qwen"], |width, height| patches(width, height, 28, 16_384)),
    (&["gemma"], |_, _| 256),
    (&["llama-4", "llama4"], llama_4),
    // It looks at the picture from the side: one token in the prompt.
    (&["llama-3.2", "llama3.2"], |_, _| 1),
    (&["pixtral"], |width, height| rows_of_patches(width, height, 16, 1024)),
    (&["mistral", "magistral", "ministral"], |width, height| rows_of_patches(width, height, 28, 1540)),
    (&["gpt-", "chatgpt", "/o1", "/o3", "/o4"], open_ai),
];

/// Tokens that `model` is likely to count for a picture of this size. An unknown model counts patches of 28 pixels,
/// as most do now.
pub(crate) fn picture_tokens(model: &str, width: u32, height: u32) -> u32 {
    let (name, width, height) = (model.to_lowercase(), width.max(1), height.max(1));
    match name.as_str() {
        "labels" => return LABELS,
        "smolvlm" => return built_in(width, height),
        _ => {}
    }
    let known = FAMILIES.iter().find(|(words, _)| words.iter().any(|word| name.contains(word)));
    known.map_or_else(|| patches(width, height, 28, 4096), |(_, count)| count(width, height))
}

/// Qwen2-VL's `smart_resize`: sides in whole patches, the whole within bounds, a token before and one behind.
fn patches(width: u32, height: u32, side: u32, most: u32) -> u32 {
    let whole = |pixels: u32| (pixels.saturating_add(side / 2) / side).max(1);
    whole(width).saturating_mul(whole(height)).clamp(4, most) + 2
}

/// Pixtral: a token a patch, and one that ends each row; a longer side than `longest` is shrunk.
fn rows_of_patches(width: u32, height: u32, side: u32, longest: u32) -> u32 {
    let (width, height) = within(width, height, longest, false);
    (width.div_ceil(side) + 1) * height.div_ceil(side)
}

/// Idefics3: the longest side becomes `longest`, also of a small picture; cut into tiles of `side` pixels with two
/// tokens before each and a line end behind each row, and then the whole once more in one tile.
fn tiles_with_rows(width: u32, height: u32, side: u32, longest: u32, tile: u32) -> u32 {
    let (width, height) = within(width, height, longest, true);
    let (columns, rows) = (width.div_ceil(side), height.div_ceil(side));
    columns * rows * (tile + 2) + rows + tile + 3
}

/// The built-in `SmolVLM` (llama.cpp's `mtmd`): tiles of 512 pixels with 64 tokens each, in an area of 1024 × 1024 at
/// most, two tokens before each tile, a line end between rows, and then the whole once more in one tile.
fn built_in(width: u32, height: u32) -> u32 {
    let (wide, high) = within(width, height, 2048, true);
    let up = |side: u32| side.div_ceil(512);
    let (columns, rows) = if up(wide) * up(high) <= 4 {
        (up(wide), up(high))
    } else {
        let scale = (f64::from(width) * f64::from(height)).sqrt() / 1024.0;
        let tiles =
            |side: u32| [2, 3, 4].into_iter().rev().find(|n| f64::from(side) / scale >= f64::from(512 * n));
        (tiles(width).unwrap_or(1), tiles(height).unwrap_or(1))
    };
    let tiles = columns * rows;
    64 * (tiles + 1) + 4 + 2 * tiles + (rows - 1)
}

/// Llava-Next: the whole in 24 × 24, and the picture in the one of five grids that keeps most of it, without the
/// rows and columns that would only pad it, a token behind each row.
fn llava_next(width: u32, height: u32) -> u32 {
    const GRIDS: [(u32, u32); 5] = [(1, 2), (2, 1), (2, 2), (3, 1), (1, 3)];
    let fit = |(columns, rows): &(u32, u32)| {
        let (wide, high) = (columns * 336, rows * 336);
        let (width, height) = (u64::from(width), u64::from(height));
        // The longer of both scales is left out: the picture is to fit in wholly.
        let (w, h) = if u64::from(wide) * height < u64::from(high) * width {
            (u64::from(wide), height * u64::from(wide) / width)
        } else {
            (width * u64::from(high) / height, u64::from(high))
        };
        let kept = (w * h).min(width * height);
        (kept, std::cmp::Reverse(u64::from(wide) * u64::from(high)))
    };
    let (columns, rows) = GRIDS.iter().copied().max_by_key(fit).unwrap_or((1, 1));
    let (wide, high) = (columns * 24, rows * 24);
    let (wide, high) = if u64::from(width) * u64::from(high) > u64::from(height) * u64::from(wide) {
        (wide, narrowed(height, wide, width))
    } else {
        (narrowed(width, high, height), high)
    };
    wide * high + high + 576
}

/// `part` of a whole, in a grid that is `grid` long.
fn narrowed(part: u32, grid: u32, whole: u32) -> u32 {
    u32::try_from(u64::from(part) * u64::from(grid) / u64::from(whole)).unwrap_or(grid).max(1)
}

/// Llama 4: tiles of 336 pixels with 144 tokens each, at most 16, and where there are several the whole once more;
/// a token behind each tile and three around them.
fn llama_4(width: u32, height: u32) -> u32 {
    let tiles = width.div_ceil(336).saturating_mul(height.div_ceil(336)).min(16);
    if tiles == 1 { 144 + 3 } else { tiles * 145 + 144 + 3 }
}

/// `OpenAI`'s guide to images, "high" detail: within 2048 pixels, the shorter side at most 768, 170 tokens a tile of
/// 512 and 85 for the whole.
fn open_ai(width: u32, height: u32) -> u32 {
    let (width, height) = within(width, height, 2048, false);
    let shorter = width.min(height);
    let scaled = |side: u32| if shorter > 768 { narrowed(side, 768, shorter) } else { side };
    scaled(width).div_ceil(512) * scaled(height).div_ceil(512) * 170 + 85
}

/// The size whose longest side is `longest`: of a larger picture, or of every one.
fn within(width: u32, height: u32, longest: u32, always: bool) -> (u32, u32) {
    let most = width.max(height);
    if most <= longest && !always {
        return (width, height);
    }
    (narrowed(width, longest, most), narrowed(height, longest, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_counts_as_its_processor_does() {
        for (model, size, tokens) in [
            ("HuggingFaceM4/idefics2-8b-chatty", (980, 653), 330),
            ("HuggingFaceM4/Idefics3-8B-Llama3", (1024, 1024), 16 * 171 + 4 + 172),
            ("HuggingFaceTB/SmolVLM-Instruct", (1024, 768), 4 * 3 * 83 + 3 + 84),
            ("HuggingFaceTB/SmolVLM-256M-Instruct", (1024, 1024), 16 * 66 + 4 + 67),
            // As llama.cpp counts them.
            ("smolvlm", (1024, 1024), 333),
            ("smolvlm", (1024, 768), 200),
            ("smolvlm", (576, 1024), 201),
            ("llava-hf/llava-1.5-7b-hf", (1024, 768), 576),
            // TGI's own test: 2,880 at most.
            ("llava-hf/llava-v1.6-mistral-7b-hf", (672, 672), 48 * 48 + 48 + 576),
            ("Qwen/Qwen2.5-VL-7B-Instruct", (1036, 672), 37 * 24 + 2),
            ("Qwen/Qwen3-VL-8B-Instruct:fastest", (1024, 1024), 32 * 32 + 2),
            ("google/gemma-3-27b-it", (1024, 1024), 256),
            ("meta-llama/Llama-4-Scout-17B-16E-Instruct", (336, 336), 147),
            ("meta-llama/Llama-4-Scout-17B-16E-Instruct", (672, 672), 4 * 145 + 147),
            ("meta-llama/Llama-3.2-11B-Vision-Instruct", (1024, 1024), 1),
            ("mistralai/Pixtral-12B-2409", (1024, 1024), 65 * 64),
            // OpenAI's own two examples.
            ("openai/gpt-4o", (1024, 1024), 765),
            ("openai/gpt-4o", (2048, 4096), 1105),
            ("labels", (1024, 1024), 60),
            ("acme/unheard-of", (1024, 1024), 37 * 37 + 2),
            ("", (280, 280), 102),
        ] {
            assert_eq!(picture_tokens(model, size.0, size.1), tokens, "{model} {size:?}");
        }
    }

    #[test]
    fn no_size_is_too_odd() {
        for (words, _) in FAMILIES {
            for size in [(0, 0), (1, 8192), (8192, 1), (8192, 8192), (u32::MAX, 1)] {
                assert!(picture_tokens(words[0], size.0, size.1) > 0);
            }
        }
    }
}
