// What a repeated run showed, in words: was the seed honoured?
import type { Repeated } from "../../bindings";

/** One sentence. */
export function judged({ sameness, seeded }: Repeated): string {
  const same = sameness === "same" || sameness === "same_pixels";
  if (sameness === "unknown") return "Whether the picture is the same cannot be told: a file is gone.";
  if (same && seeded) return "The same seed gave the same picture.";
  if (same) return "The same picture came though no seed was sent: it may come from a cache.";
  return seeded
    ? "The same seed gave another picture: this provider does not honour seeds."
    : "Another picture came, as it does without a seed.";
}
